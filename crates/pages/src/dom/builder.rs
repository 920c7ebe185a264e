//! Builds the tree of a page: well nested and of bounded depth, whatever the page holds.
//!
//! The elements are those of the HTML standard's tree for pages that nest their markup well, but for what
//! [`dom`](super) tells of. For others the rules are
//! those of [`nesting`](crate::nesting), which need one look at the open elements a tag: nothing is moved or copied
//! afterwards, as the standard has it for formatting elements and for what stands between the cells of a table.

use ego_tree::NodeId;
use html5ever::interface::{ElementFlags, NodeOrText, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

use crate::cut::{Attributes, Tag, Texts, Token, Tokens, is_void};
use crate::nesting::{kept_at_end, kept_at_start};
use crate::text::{decode, decode_attribute, lower};

/// Deepest nesting. Real pages stay below 60; deeper ones are cut into pieces.
const MAX_DEPTH: usize = 150;

/// Most start tags. The largest pages known have 50,000; what follows is left out.
const MAX_TAGS: usize = 400_000;

/// Most bytes of markup and text that become part of the tree; what follows is left out. Saved pages have half a megabyte
/// at most.
const MAX_BYTES: usize = 4 << 20;

/// Most bytes of one text or one attribute: a longer text is cut off, a longer attribute left out.
const MAX_PIECE: usize = 1 << 20;

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 40;

/// Most attributes of a page, each of which costs the tree fifty bytes. Saved pages have up to 4,000.
const MAX_ATTRIBUTES_OF_PAGE: usize = 1_000_000;

/// Most bytes of JSON-LD of a page: a thousand vehicles need about half of it. As a tree, JSON takes up to a hundred
/// times its size.
const MAX_JSON_LD: usize = 2 << 20;

/// Elements of which only the content is kept.
const TRANSPARENT: [&str; 11] = [
    "form",
    "select",
    "option",
    "optgroup",
    "svg",
    "math",
    "frame",
    "frameset",
    "plaintext",
    "colgroup",
    "col",
];

/// What is made of a page.
pub(super) struct Built {
    /// The tree.
    pub html: Html,
    /// Contents of the scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
    /// Addresses of the `<iframe>` elements.
    pub frames: Vec<String>,
}

/// Builds one tree.
struct Builder {
    sink: HtmlTreeSink,
    html: NodeId,
    head: NodeId,
    body: NodeId,
    /// Whether anything of the body was there.
    in_body: bool,
    /// Elements that are open, outermost first; the three above apart.
    open: Vec<Open>,
    json_ld: Vec<String>,
    frames: Vec<String>,
    titled: bool,
    /// How many drawings and formulas are open: an element there may have no end tag, and a slash in its place.
    foreign: usize,
    tags: usize,
    attributes: usize,
    bytes: usize,
    json_ld_bytes: usize,
}

struct Open {
    name: LocalName,
    node: NodeId,
}

impl AsRef<str> for Open {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl Built {
    /// Reads a page once, from start to end.
    pub fn of(source: &str) -> Self {
        let mut builder = Builder::new();
        let mut at = 0;
        let mut tokens = Tokens::new(source);
        let mut templates: usize = 0;
        while let Some(token) = tokens.next_anywhere() {
            if templates == 0 {
                builder.text(source.get(at..token.start()).unwrap_or_default());
            }
            at = tokens.position();
            match token {
                Token::Open(tag) if tag.is("template") => templates += 1,
                Token::Close { name, .. } if name.eq_ignore_ascii_case("template") => {
                    templates = templates.saturating_sub(1);
                }
                // What stands inside is no part of the page.
                _ if templates > 0 => {}
                Token::Open(tag) => builder.start(&tag),
                Token::Close { name, .. } => builder.end(&lower(name)),
                Token::Raw(tag, text) => builder.raw(&tag, text),
            }
            if builder.tags > MAX_TAGS || builder.bytes > MAX_BYTES {
                return builder.finish();
            }
        }
        if templates == 0 {
            builder.text(source.get(at..).unwrap_or_default());
        }
        builder.finish()
    }
}

impl Builder {
    fn new() -> Self {
        let sink = HtmlTreeSink::new(Html::new_document());
        let html = append_element(&sink, sink.get_document(), local_name!("html"), Vec::new());
        let head = append_element(&sink, html, local_name!("head"), Vec::new());
        let body = append_element(&sink, html, local_name!("body"), Vec::new());
        Self {
            sink,
            html,
            head,
            body,
            in_body: false,
            open: Vec::new(),
            json_ld: Vec::new(),
            frames: Vec::new(),
            titled: false,
            foreign: 0,
            tags: 0,
            attributes: 0,
            bytes: 0,
            json_ld_bytes: 0,
        }
    }

    fn finish(self) -> Built {
        Built { html: self.sink.finish(), json_ld: self.json_ld, frames: self.frames }
    }

    /// The element that what comes next stands in.
    fn place(&mut self, is_of_head: bool) -> NodeId {
        match self.open.last() {
            Some(open) => open.node,
            None if is_of_head && !self.in_body => self.head,
            None => {
                self.in_body = true;
                self.body
            }
        }
    }

    /// Adds what stands between two tokens.
    fn text(&mut self, gap: &str) {
        for text in Texts(start_of(gap)) {
            // White space before the body is none of its text.
            let is_before = !self.in_body && self.open.is_empty();
            if !is_before || text.bytes().any(|byte| !byte.is_ascii_whitespace()) {
                let place = self.place(false);
                self.append_text(place, text);
            }
        }
    }

    fn append_text(&mut self, place: NodeId, text: &str) {
        self.bytes += text.len();
        let text = StrTendril::from(&*decode(text));
        self.sink.append(&place, NodeOrText::AppendText(text));
    }

    fn raw(&mut self, tag: &Tag<'_>, text: &str) {
        if tag.is("script") {
            let json_ld = tag.value("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
            if json_ld && self.json_ld_bytes + text.len() <= MAX_JSON_LD {
                self.json_ld_bytes += text.len();
                self.json_ld.push(text.to_owned());
            }
        } else if tag.is("iframe") {
            self.frames.extend(["data-src", "data-lazy-src", "src"].iter().find_map(|key| tag.value(key)));
        } else if tag.is("title") && !self.titled {
            self.titled = true;
            let place = self.place(true);
            let title = append_element(&self.sink, place, local_name!("title"), Vec::new());
            self.append_text(title, start_of(text));
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let name = lower(tag.name);
        let odd = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b':' | b'_');
        let is_foreign = is_foreign(&name);
        let is_closed =
            (is_foreign || self.foreign > 0) && Attributes::new(tag.attributes).are_self_closing();
        self.foreign += usize::from(is_foreign && !is_closed);
        if TRANSPARENT.contains(&&*name) || name.bytes().any(odd) {
            if name == "form" {
                self.close_before(&name);
            }
            return;
        }
        self.tags += 1;
        let attributes = self.attributes(tag);
        let whole = match &*name {
            "html" => Some(self.html),
            "head" => Some(self.head),
            "body" => Some(self.body),
            _ => None,
        };
        if let Some(whole) = whole {
            self.in_body |= whole == self.body;
            return self.sink.add_attrs_if_missing(&whole, attributes);
        }
        self.close_before(&name);
        if self.open.len() >= MAX_DEPTH {
            self.open.truncate(MAX_DEPTH / 2);
        }
        let place = self.place(OF_HEAD.contains(&&*name));
        let is_void = is_void(&name) || is_closed;
        let name = LocalName::from(name);
        let node = append_element(&self.sink, place, name.clone(), attributes);
        if !is_void {
            self.open.push(Open { name, node });
        }
    }

    /// The attributes of a tag: of several of a name the first, as in a browser.
    fn attributes(&mut self, tag: &Tag<'_>) -> Vec<Attribute> {
        self.bytes += tag.name.len() + tag.attributes.len();
        let most = MAX_ATTRIBUTES.min(MAX_ATTRIBUTES_OF_PAGE.saturating_sub(self.attributes));
        let mut attributes: Vec<Attribute> = Vec::new();
        for (key, value) in Attributes::new(tag.attributes).take(most) {
            self.attributes += 1;
            let odd = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b':' | b'.');
            if value.len() > MAX_PIECE || key.bytes().any(odd) {
                continue;
            }
            let name = QualName::new(None, ns!(), LocalName::from(lower(key)));
            if attributes.iter().all(|known| known.name != name) {
                let value = StrTendril::from(&*decode_attribute(value));
                attributes.push(Attribute { name, value });
            }
        }
        attributes
    }

    /// Closes what the start of an element ends.
    fn close_before(&mut self, name: &str) {
        if let Some(depth) = kept_at_start(&self.open, name) {
            self.open.truncate(depth);
        }
    }

    /// Closes the innermost open element of this name, if that may be.
    fn end(&mut self, name: &str) {
        self.foreign = self.foreign.saturating_sub(usize::from(is_foreign(name)));
        if let Some(depth) = kept_at_end(&self.open, name) {
            self.open.truncate(depth);
        }
    }
}

/// Whether an element holds what is no HTML.
fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// Elements that stand in the head of a page, where its body has not begun.
const OF_HEAD: [&str; 3] = ["base", "link", "meta"];

/// Adds an element behind what its parent has.
fn append_element(
    sink: &HtmlTreeSink,
    parent: NodeId,
    name: LocalName,
    attributes: Vec<Attribute>,
) -> NodeId {
    let node = sink.create_element(QualName::new(None, ns!(html), name), attributes, ElementFlags::default());
    sink.append(&parent, NodeOrText::AppendNode(node));
    node
}

/// As much of a text as is read.
fn start_of(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_PIECE)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod standard_tests;

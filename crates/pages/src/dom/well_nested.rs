//! Writes a page anew as well-nested markup of bounded depth.

use crate::cut::{Attributes, Tag, Texts, Token, Tokens, is_void};
use crate::nesting::{kept_at_end, kept_at_start};

/// Deepest nesting. Real pages stay below 60; deeper ones are cut into pieces.
const MAX_DEPTH: usize = 150;

/// Most start tags. The largest pages known have 50,000; what follows is left out.
const MAX_TAGS: usize = 400_000;

/// Most bytes that are handed to the tree builder; what follows is left out. Saved pages have half a megabyte at most.
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

/// Elements of which only the content is kept: the tree builder treats what stands in them specially.
const TRANSPARENT: [&str; 12] = [
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
    "template",
];

/// The page as written anew.
#[derive(Default)]
pub(super) struct WellNested {
    /// The markup.
    pub html: String,
    /// Contents of the scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
    /// Addresses of the `<iframe>` elements.
    pub frames: Vec<String>,
}

/// Writes one page.
#[derive(Default)]
struct Writer {
    page: WellNested,
    open: Vec<String>,
    tags: usize,
    attributes: usize,
    json_ld: usize,
    titled: bool,
}

impl WellNested {
    /// Reads a page once, from start to end.
    pub fn of(source: &str) -> Self {
        let mut writer = Writer::default();
        let mut at = 0;
        let mut tokens = Tokens::new(source);
        while let Some(token) = tokens.next() {
            writer.text(source.get(at..token.start()).unwrap_or_default());
            at = tokens.position();
            match token {
                Token::Open(tag) => writer.start(&tag),
                Token::Close { name, .. } => writer.end(&name.to_ascii_lowercase()),
                Token::Raw(tag, text) => writer.raw(&tag, text),
            }
            if writer.tags > MAX_TAGS || writer.page.html.len() > MAX_BYTES {
                return writer.page;
            }
        }
        writer.text(source.get(at..).unwrap_or_default());
        writer.page
    }
}

impl Writer {
    /// Writes what stands between two tokens.
    fn text(&mut self, gap: &str) {
        for text in Texts(start_of(gap)) {
            self.page.html.push_str(if text == "<" { "&lt;" } else { text });
        }
    }

    fn raw(&mut self, tag: &Tag<'_>, text: &str) {
        if tag.is("script") {
            let json_ld = tag.value("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
            if json_ld && self.json_ld + text.len() <= MAX_JSON_LD {
                self.json_ld += text.len();
                self.page.json_ld.push(text.to_owned());
            }
        } else if tag.is("iframe") {
            self.page
                .frames
                .extend(["data-src", "data-lazy-src", "src"].iter().find_map(|key| tag.value(key)));
        } else if tag.is("title") && !self.titled {
            self.titled = true;
            self.page.html.push_str("<title>");
            self.page.html.push_str(&start_of(text).replace('<', "&lt;"));
            self.page.html.push_str("</title>");
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        let odd = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b':' | b'_');
        if TRANSPARENT.contains(&name.as_str()) || name.bytes().any(odd) {
            return;
        }
        self.tags += 1;
        if matches!(name.as_str(), "html" | "head" | "body") {
            self.write_start(&name, tag);
            return;
        }
        if let Some(depth) = kept_at_start(&self.open, &name) {
            self.close_down_to(depth);
        }
        if self.open.len() >= MAX_DEPTH {
            self.close_down_to(MAX_DEPTH / 2);
        }
        self.write_start(&name, tag);
        if !is_void(&name) {
            self.open.push(name);
        }
    }

    fn write_start(&mut self, name: &str, tag: &Tag<'_>) {
        let html = &mut self.page.html;
        html.push('<');
        html.push_str(name);
        let most = MAX_ATTRIBUTES.min(MAX_ATTRIBUTES_OF_PAGE.saturating_sub(self.attributes));
        for (key, value) in Attributes::new(tag.attributes).take(most) {
            self.attributes += 1;
            if value.len() > MAX_PIECE {
                continue;
            }
            if !key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.'))
            {
                continue;
            }
            html.push(' ');
            html.push_str(key);
            html.push_str("=\"");
            html.push_str(&value.replace('"', "&quot;"));
            html.push('"');
        }
        html.push('>');
    }

    /// Closes the innermost open element of this name, if that may be.
    fn end(&mut self, name: &str) {
        if let Some(depth) = kept_at_end(&self.open, name) {
            self.close_down_to(depth);
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.page.html.push_str("</");
                self.page.html.push_str(&name);
                self.page.html.push('>');
            }
        }
    }
}

/// As much of a text as is read.
fn start_of(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_PIECE)).unwrap_or_default()
}

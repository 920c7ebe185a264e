//! Writes a page anew as well-nested markup of bounded depth.

use crate::cut::{Attributes, Tag, Token, Tokens, is_void};

use super::is_inline;

/// Deepest nesting. Real pages stay below 60; deeper ones are cut into pieces.
const MAX_DEPTH: usize = 150;

/// Most start tags. The largest pages known have 50,000; what follows is left out.
const MAX_TAGS: usize = 400_000;

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 40;

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

/// Elements that stop the search for an open cell's or paragraph's start.
const CELLS: [&str; 4] = ["td", "th", "caption", "table"];

/// The page as written anew.
#[derive(Default)]
pub(super) struct WellNested {
    /// The markup.
    pub html: String,
    /// Contents of the scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
}

/// Writes one page.
#[derive(Default)]
struct Writer {
    page: WellNested,
    open: Vec<String>,
    tags: usize,
    titled: bool,
}

impl WellNested {
    /// Reads a page once, from start to end.
    pub fn of(source: &str) -> Self {
        let mut writer = Writer::default();
        let mut at = 0;
        for token in Tokens::new(source) {
            let (start, end) = extent(source, &token);
            writer.text(source.get(at..start).unwrap_or_default());
            at = end;
            match token {
                Token::Open(tag) => writer.start(&tag),
                Token::Close { name, .. } => writer.end(&name.to_ascii_lowercase()),
                Token::Raw(tag, text) => writer.raw(&tag, text),
            }
            if writer.tags > MAX_TAGS {
                return writer.page;
            }
        }
        writer.text(source.get(at..).unwrap_or_default());
        writer.page
    }
}

/// Offsets of a token's first byte and behind its last.
fn extent(source: &str, token: &Token<'_>) -> (usize, usize) {
    // `<`, the name, the attributes, `>`.
    let behind = |tag: &Tag<'_>| tag.start + 2 + tag.name.len() + tag.attributes.len();
    match token {
        Token::Open(tag) => (tag.start, behind(tag)),
        Token::Close { start, end, .. } => (*start, *end),
        Token::Raw(tag, text) => {
            let closing = behind(tag) + text.len();
            let rest = source.get(closing..).unwrap_or_default();
            (tag.start, rest.find('>').map_or(source.len(), |length| closing + length + 1))
        }
    }
}

impl Writer {
    /// Writes what stands between two tokens: text, without comments and declarations.
    fn text(&mut self, mut gap: &str) {
        while let Some(bracket) = gap.find('<') {
            let (text, markup) = gap.split_at(bracket);
            self.page.html.push_str(text);
            let next = markup.as_bytes().get(1).copied().unwrap_or_default();
            // The tokens leave templates out: from a tag in a gap on, the gap is a template's content.
            if next.is_ascii_alphabetic() {
                return;
            }
            let length = match next {
                b'!' if markup.starts_with("<!--") => comment_length(markup),
                b'!' | b'?' | b'/' => markup.find('>').map(|end| end + 1),
                _ => {
                    self.page.html.push_str("&lt;");
                    Some(1)
                }
            };
            let Some(length) = length else { return };
            gap = markup.get(length..).unwrap_or_default();
        }
        self.page.html.push_str(gap);
    }

    fn raw(&mut self, tag: &Tag<'_>, text: &str) {
        if tag.is("script") {
            let json_ld = tag.value("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
            if json_ld {
                self.page.json_ld.push(text.to_owned());
            }
        } else if tag.is("title") && !self.titled {
            self.titled = true;
            self.page.html.push_str("<title>");
            self.page.html.push_str(&text.replace('<', "&lt;"));
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
        self.close_implied(&name);
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
        for (key, value) in Attributes::new(tag.attributes).take(MAX_ATTRIBUTES) {
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

    /// Closes what the start of an element ends without saying so.
    fn close_implied(&mut self, name: &str) {
        let (ends, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot", "tr"], &["table"]),
            "a" | "button" | "nobr" => (&[name], &CELLS),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (&["h1", "h2", "h3", "h4", "h5", "h6", "p"], &["div"]),
            _ if is_inline(name) || is_void(name) => return,
            _ => (&["p"], &["td", "th", "caption", "table", "button", "div"]),
        };
        let found = self.open.iter().enumerate().rev().find_map(|(index, open)| {
            let open = open.as_str();
            if ends.contains(&open) { Some(Some(index)) } else { stops.contains(&open).then_some(None) }
        });
        if let Some(Some(index)) = found {
            self.close_down_to(index);
        }
    }

    /// Closes the innermost open element of this name, unless that would end what it stands in.
    fn end(&mut self, name: &str) {
        let table = matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption");
        for index in (0..self.open.len()).rev() {
            let open = self.open[index].as_str();
            if open == name {
                self.close_down_to(index);
                return;
            }
            let barrier = if table {
                open == "table"
            } else if is_inline(name) {
                !is_inline(open)
            } else {
                CELLS.contains(&open)
            };
            if barrier {
                return;
            }
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

/// Length of the comment that `markup` starts with; `None` if it never ends.
fn comment_length(markup: &str) -> Option<usize> {
    if markup.starts_with("<!-->") {
        return Some(5);
    }
    if markup.starts_with("<!--->") {
        return Some(6);
    }
    markup.get(4..)?.find("-->").map(|end| 4 + end + 3)
}

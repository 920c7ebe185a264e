//! Cuts the parts worth parsing out of a large page.
//!
//! Building a tree of a whole listing page costs many times more than reading the few parts that matter. The
//! scanner here knows just enough HTML to find those parts without mistaking text for markup: tags with
//! quoted attributes, comments, and the elements whose content is text (scripts repeat whole blocks of the
//! page as escaped HTML). It never goes back, so that its time is linear in the page whatever the page holds.

use memchr::{memchr, memmem};

mod attributes;
mod gap;

pub(crate) use attributes::Attributes;
pub(crate) use gap::Texts;

/// A start tag.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tag<'a> {
    /// Name as written: compare without regard to case.
    pub name: &'a str,
    /// What stands between the name and `>`.
    pub attributes: &'a str,
    /// Offset of `<`.
    pub start: usize,
    /// Value of `id` as written; empty if there is none.
    pub id: &'a str,
    /// Value of `class` as written; empty if there is none.
    pub class: &'a str,
    /// Whether it has any attribute `data-…`.
    pub data: bool,
}

impl<'a> Tag<'a> {
    /// Whether the tag has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Value of an attribute as written, entities not decoded. The first of a name counts, as in a browser.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        Attributes::new(self.attributes)
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Value of an attribute, entities decoded.
    pub fn value(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| crate::text::decode_attribute(value).into_owned())
    }
}

/// A piece of a page that means something to a caller. Text, comments and declarations mean nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token<'a> {
    /// Start tag.
    Open(Tag<'a>),
    /// End tag.
    Close {
        /// Name as written.
        name: &'a str,
        /// Offset of `<`.
        start: usize,
        /// Offset behind `>`.
        end: usize,
    },
    /// An element whose content is text, with that content.
    Raw(Tag<'a>, &'a str),
}

impl Token<'_> {
    /// Offset of the token's `<`.
    pub fn start(&self) -> usize {
        match self {
            Self::Open(tag) | Self::Raw(tag, _) => tag.start,
            Self::Close { start, .. } => *start,
        }
    }
}

/// The tokens of a page. What stands inside `<template>` is no part of the page and is left out.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    templates: usize,
}

impl<'a> Tokens<'a> {
    /// Scans a page or a part of one.
    pub fn new(html: &'a str) -> Self {
        Self { html, at: 0, templates: 0 }
    }

    /// Offset behind the last token.
    pub fn position(&self) -> usize {
        self.at
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.html.get(start..end).unwrap_or_default()
    }

    /// Offset behind the `<!…>`, `<?…>` or `</…>` at `start`.
    fn skip_declaration(&self, start: usize) -> usize {
        start + gap::declaration_length(self.slice(start, self.html.len()))
    }

    /// Content of a raw-text element that starts at `from`, and the offset behind its end tag.
    fn raw_text(&self, name: &str, from: usize) -> (&'a str, usize) {
        let bytes = self.html.as_bytes();
        for found in memmem::find_iter(bytes.get(from..).unwrap_or_default(), "</") {
            let start = from + found;
            let after = start + 2 + name.len();
            let same = bytes
                .get(start + 2..after)
                .is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes()));
            if same && bytes.get(after).is_none_or(|byte| ends_name(*byte)) {
                let end = memchr(b'>', bytes.get(after..).unwrap_or_default());
                return (self.slice(from, start), end.map_or(bytes.len(), |end| after + end + 1));
            }
        }
        (self.slice(from, self.html.len()), self.html.len())
    }

    /// Reads the tag that starts at `start`, where a letter follows `<` or `</`.
    fn tag(&mut self, start: usize, closing: bool) -> Option<Token<'a>> {
        let bytes = self.html.as_bytes();
        let name_start = start + if closing { 2 } else { 1 };
        let name_end = bytes[name_start..]
            .iter()
            .position(|byte| ends_name(*byte))
            .map_or(bytes.len(), |length| name_start + length);
        let attributes::Extent { end: close, id, class, data } = attributes::extent(self.html, name_end)?;
        let name = self.slice(name_start, name_end);
        self.at = close + 1;
        if closing {
            return Some(Token::Close { name, start, end: self.at });
        }
        let tag = Tag {
            name,
            attributes: self.slice(name_end, close),
            start,
            id: id.unwrap_or_default(),
            class: class.unwrap_or_default(),
            data,
        };
        if is_raw_text(name) {
            let (text, end) = self.raw_text(name, self.at);
            self.at = end;
            return Some(Token::Raw(tag, text));
        }
        if tag.is("plaintext") {
            self.at = self.html.len();
        }
        Some(Token::Open(tag))
    }

    /// The next token, those inside templates included.
    pub fn next_anywhere(&mut self) -> Option<Token<'a>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at + memchr(b'<', bytes.get(self.at..)?)?;
            match (bytes.get(start + 1)?, bytes.get(start + 2)) {
                (b'/', Some(letter)) if letter.is_ascii_alphabetic() => return self.tag(start, true),
                (b'!' | b'?' | b'/', _) => self.at = self.skip_declaration(start),
                (letter, _) if letter.is_ascii_alphabetic() => return self.tag(start, false),
                _ => self.at = start + 1,
            }
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let token = self.next_anywhere();
            match &token {
                Some(Token::Open(tag)) if tag.is("template") => self.templates += 1,
                Some(Token::Close { name, .. }) if name.eq_ignore_ascii_case("template") => {
                    self.templates = self.templates.saturating_sub(1);
                }
                Some(_) if self.templates > 0 => {}
                _ => return token,
            }
        }
    }
}

/// Elements whose content is text up to their own end tag.
fn is_raw_text(name: &str) -> bool {
    // Asked of each tag of a page: the first letter turns nearly all away.
    let names: &[&str] = match name.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'i') => &["iframe"],
        Some(b'n') => &["noscript", "noembed", "noframes"],
        Some(b's') => &["script", "style"],
        Some(b't') => &["title", "textarea"],
        Some(b'x') => &["xmp"],
        _ => return false,
    };
    names.iter().any(|raw| name.eq_ignore_ascii_case(raw))
}

/// Whether a byte ends the name of a tag.
fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/' || byte == b'>'
}

/// Elements that have no content and no end tag.
pub(crate) fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    ];
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        Tokens::new(html)
            .map(|token| match token {
                Token::Open(tag) => tag.name.to_owned(),
                Token::Close { name, .. } => format!("/{name}"),
                Token::Raw(tag, text) => format!("{}={text}", tag.name),
            })
            .collect()
    }

    #[test]
    fn markup_in_scripts_comments_attributes_and_templates_is_text() {
        assert_eq!(
            names(
                "<script nonce='a'>\"<div id=x>\"<\\/b></script><!-- <i> --><p title='<b>'><template><u></u><template>\
                 </template></template></p><textarea><s></textarea>"
            ),
            ["script=\"<div id=x>\"<\\/b>", "p", "/p", "textarea=<s>"]
        );
    }

    #[test]
    fn end_tags_of_raw_text_need_their_whole_name() {
        assert_eq!(names("<script>a</scripts></SCRIPT ><b>"), ["script=a</scripts>", "b"]);
        assert_eq!(names("<title>open"), ["title=open"]);
    }

    #[test]
    fn odd_declarations_and_stray_brackets() {
        assert_eq!(
            names("<!--><a><!---><b><!doctype x><?php ?></ x><i> < 5 <3 <!-- --!><u><"),
            ["a", "b", "i", "u"]
        );
        assert_eq!(names("<!-- open <a>"), Vec::<String>::new());
        assert_eq!(names("<a title='open <b>"), Vec::<String>::new());
    }

    #[test]
    fn attributes_with_and_without_quotes() {
        let html = "<a href=/x?a=1&amp;b CLASS='one  two' checked data-x=\"&quot;y&quot;\" class=three>";
        let tag = Tokens::new(html).find_map(|token| match token {
            Token::Open(tag) => Some(tag),
            _ => None,
        });
        let tag = tag.expect("a tag");
        assert_eq!(tag.value("href").as_deref(), Some("/x?a=1&b"));
        assert_eq!(tag.raw("class"), Some("one  two"));
        assert_eq!(tag.raw("checked"), Some(""));
        assert_eq!(tag.value("data-x").as_deref(), Some("\"y\""));
        assert_eq!(tag.raw("title"), None);
    }
}

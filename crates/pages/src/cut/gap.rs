//! What stands between two tags: text, comments, declarations.

use memchr::{memchr, memchr_iter};

/// Length of the `<!…>`, `<?…>` or `</…>` that `markup` starts with; all of it, if that never ends.
pub(super) fn declaration_length(markup: &str) -> usize {
    if !markup.starts_with("<!--") {
        memchr(b'>', markup.as_bytes()).map_or(markup.len(), |end| end + 1)
    } else if markup.starts_with("<!-->") {
        5
    } else if markup.starts_with("<!--->") {
        6
    } else {
        comment_length(markup)
    }
}

/// Length of a comment up to its `-->` or `--!>`.
fn comment_length(markup: &str) -> usize {
    let bytes = markup.as_bytes();
    let body = bytes.get(4..).unwrap_or_default();
    let ends = |end: &usize| {
        let before = body.get(..*end).unwrap_or_default();
        before.ends_with(b"--") || before.ends_with(b"--!")
    };
    memchr_iter(b'>', body).find(ends).map_or(bytes.len(), |end| 4 + end + 1)
}

/// The pieces of text between two tokens, entities not decoded; a bracket that starts no markup is one of them.
/// What follows the start of a tag is left out: that tag never ends.
pub(crate) struct Texts<'a>(pub &'a str);

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while !self.0.is_empty() {
            let length = match memchr(b'<', self.0.as_bytes()) {
                Some(0) => match self.0.as_bytes().get(1) {
                    Some(b'!' | b'?' | b'/') => {
                        self.0 = self.0.get(declaration_length(self.0)..).unwrap_or_default();
                        continue;
                    }
                    Some(letter) if letter.is_ascii_alphabetic() => self.0.len(),
                    _ => 1,
                },
                Some(length) => length,
                None => self.0.len(),
            };
            let (text, rest) = self.0.split_at(length);
            self.0 = rest;
            if !text.starts_with('<') || length == 1 {
                return Some(text);
            }
        }
        None
    }
}

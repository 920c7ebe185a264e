//! Attributes of a start tag.

use memchr::memchr;

/// One attribute, or the end of the tag.
enum Step {
    /// Name and value as ranges, and the offset behind them.
    Attribute((usize, usize), (usize, usize), usize),
    /// Offset of `>`.
    End(usize),
    /// The text ended inside the tag.
    Unfinished,
}

/// Reads one attribute at `at`, or the end of the tag.
fn step(bytes: &[u8], mut at: usize) -> Step {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
        at += 1;
    }
    match bytes.get(at) {
        None => return Step::Unfinished,
        Some(b'>') => return Step::End(at),
        Some(_) => {}
    }
    let name_start = at;
    // A leading `=` belongs to the name: the HTML standard says so, and it keeps the loop moving.
    at += 1;
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'/' | b'>' | b'=') && !byte.is_ascii_whitespace())
    {
        at += 1;
    }
    let name = (name_start, at);
    let mut value_at = skip_space(bytes, at);
    if bytes.get(value_at) != Some(&b'=') {
        return Step::Attribute(name, (at, at), at);
    }
    value_at = skip_space(bytes, value_at + 1);
    match bytes.get(value_at) {
        Some(quote @ (b'"' | b'\'')) => {
            let rest = bytes.get(value_at + 1..).unwrap_or_default();
            match memchr(*quote, rest) {
                Some(length) => {
                    let end = value_at + 1 + length;
                    Step::Attribute(name, (value_at + 1, end), end + 1)
                }
                None => Step::Unfinished,
            }
        }
        _ => {
            let mut end = value_at;
            while bytes.get(end).is_some_and(|byte| *byte != b'>' && !byte.is_ascii_whitespace()) {
                end += 1;
            }
            Step::Attribute(name, (value_at, end), end)
        }
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// Offset of the `>` that ends a tag whose name ends at `from`; `None` if the page ends first.
pub(super) fn tag_end(html: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match step(html.as_bytes(), at) {
            Step::Attribute(_, _, next) => at = next,
            Step::End(end) => return Some(end),
            Step::Unfinished => return None,
        }
    }
}

/// Names and values of the attributes of one tag, as written.
pub(crate) struct Attributes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Attributes<'a> {
    /// Takes what stands between a tag's name and its `>`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        match step(self.text.as_bytes(), self.at) {
            Step::Attribute((name, name_end), (value, value_end), next) => {
                self.at = next;
                Some((self.text.get(name..name_end)?, self.text.get(value..value_end)?))
            }
            Step::End(_) | Step::Unfinished => None,
        }
    }
}

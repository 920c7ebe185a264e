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
fn step(bytes: &[u8], at: usize) -> Step {
    let at = until(bytes, at, |byte| !byte.is_ascii_whitespace() && byte != b'/');
    match bytes.get(at) {
        None => return Step::Unfinished,
        Some(b'>') => return Step::End(at),
        Some(_) => {}
    }
    // A leading `=` belongs to the name: the HTML standard says so, and it keeps the loop moving.
    let name_end =
        until(bytes, at + 1, |byte| matches!(byte, b'/' | b'>' | b'=') || byte.is_ascii_whitespace());
    let name = (at, name_end);
    let equals = until(bytes, name_end, |byte| !byte.is_ascii_whitespace());
    if bytes.get(equals) != Some(&b'=') {
        return Step::Attribute(name, (name_end, name_end), name_end);
    }
    let value = until(bytes, equals + 1, |byte| !byte.is_ascii_whitespace());
    match bytes.get(value) {
        Some(quote @ (b'"' | b'\'')) => {
            let value = value + 1;
            match memchr(*quote, bytes.get(value..).unwrap_or_default()) {
                Some(length) => Step::Attribute(name, (value, value + length), value + length + 1),
                None => Step::Unfinished,
            }
        }
        _ => {
            let end = until(bytes, value, |byte| byte == b'>' || byte.is_ascii_whitespace());
            Step::Attribute(name, (value, end), end)
        }
    }
}

/// Offset of the first byte at or after `at` that is so; that of the end if there is none.
#[inline]
fn until(bytes: &[u8], at: usize, is_so: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| is_so(*byte)).unwrap_or(rest.len())
}

/// Where a tag ends, and what nearly every reader asks of it, met on the way there.
#[derive(Default)]
pub(super) struct Extent<'a> {
    /// Offset of `>`.
    pub end: usize,
    /// Value of `id`.
    pub id: Option<&'a str>,
    /// Value of `class`.
    pub class: Option<&'a str>,
    /// Whether there is any `data-…`.
    pub data: bool,
}

/// Reads the attributes of a tag whose name ends at `from`; `None` if the page ends first.
pub(super) fn extent(html: &str, from: usize) -> Option<Extent<'_>> {
    let bytes = html.as_bytes();
    if bytes.get(from) == Some(&b'>') {
        return Some(Extent { end: from, ..Extent::default() });
    }
    let mut extent = Extent::default();
    let mut at = from;
    loop {
        match step(bytes, at) {
            Step::Attribute((start, end), (value, value_end), next) => {
                at = next;
                let name = bytes.get(start..end).unwrap_or_default();
                if name.eq_ignore_ascii_case(b"class") {
                    extent.class = extent.class.or_else(|| html.get(value..value_end));
                } else if name.eq_ignore_ascii_case(b"id") {
                    extent.id = extent.id.or_else(|| html.get(value..value_end));
                } else {
                    extent.data |= name.starts_with(b"data-");
                }
            }
            Step::End(end) => return Some(Extent { end, ..extent }),
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

impl Attributes<'_> {
    /// Whether the tag ends with a slash that belongs to no value.
    pub fn are_self_closing(mut self) -> bool {
        self.text.ends_with('/') && {
            self.by_ref().for_each(drop);
            self.at < self.text.len()
        }
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

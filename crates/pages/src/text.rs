//! Plain text of markup.

use std::borrow::Cow;

/// Collapses every run of white space (no-break spaces included) to one space and trims both ends: the
/// site prints trailing spaces and line breaks everywhere.
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A name in small letters.
pub(crate) fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// Decodes the character references of a text once, as the HTML standard has it: also those without a semicolon
/// (`&nbsp`), and numbers of Windows-1252 (`&#150;`).
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    htmlize::unescape(text)
}

/// The same for an attribute or a URL, where `&copy=` is the name of a parameter.
pub(crate) fn decode_attribute(value: &str) -> Cow<'_, str> {
    htmlize::unescape_attribute(value)
}

/// Decodes entities that are left in text which was decoded before. The site escapes some strings twice
/// (`4&amp;#215;4`); text without a leftover entity is returned unchanged.
pub(crate) fn decode_again(text: String) -> String {
    let leftover = memchr::memchr(b'&', text.as_bytes())
        .is_some_and(|at| memchr::memchr(b';', &text.as_bytes()[at..]).is_some());
    if leftover { decode(&text).into_owned() } else { text }
}

/// `Some` of the collapsed text, `None` if nothing is left of it.
pub(crate) fn non_empty(text: &str) -> Option<String> {
    let text = collapse(text);
    (!text.is_empty()).then_some(text)
}

/// The first and the last part of a page's title: the other is the site's name.
pub(crate) fn title_parts(title: &str) -> Vec<String> {
    let parts: Vec<&str> = title.split(['|', '\u{2013}', '\u{2014}', '\u{b7}', '\u{ab}', '\u{bb}']).collect();
    let parts: Vec<&str> = parts.into_iter().flat_map(|part| part.split(" - ")).collect();
    let ends = parts.first().into_iter().chain(parts.last().filter(|_| parts.len() > 1));
    ends.filter_map(|part| non_empty(part)).collect()
}

/// The rest of `text` after `prefix`, compared without regard to ASCII case.
pub(crate) fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collapses_every_kind_of_white_space() {
        assert_eq!(collapse(" a\n\t b\u{a0}c "), "a b c");
        assert_eq!(non_empty(" \u{a0}\n"), None);
    }

    #[test]
    fn decodes_references_as_browsers_do() {
        assert_eq!(
            decode("1965&#150;1970 &copy BaT&nbsp;&amp;c &bogus; & <"),
            "1965–1970 © BaT\u{a0}&c &bogus; & <"
        );
        assert_eq!(decode_attribute("/?a=1&copy=2&amp;b=&#x41;"), "/?a=1&copy=2&b=A");
        assert_eq!(decode("&#0;"), "\u{fffd}", "PostgreSQL's text cannot hold a NUL");
    }

    #[test]
    fn decodes_what_was_escaped_twice() {
        assert_eq!(decode_again(decode("4&amp;#215;4").into_owned()), "4×4");
        assert_eq!(decode_again("Tom & Jerry".to_owned()), "Tom & Jerry");
    }

    #[test]
    fn prefixes_at_no_character_boundary_do_not_panic() {
        assert_eq!(strip_prefix_ignore_case("é", "x"), None);
        assert_eq!(strip_prefix_ignore_case("NO RESERVE: x", "No Reserve:"), Some(" x"));
    }
}

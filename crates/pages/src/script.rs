//! What the scripts of a page assign.

use crate::cut::{Token, Tokens};

/// Contents of the scripts of a page, in its order; data blocks and templates are none.
pub(crate) fn scripts(html: &str) -> impl Iterator<Item = &str> {
    Tokens::new(html).filter_map(|token| match token {
        Token::Raw(tag, text) if tag.is("script") && runs(tag.raw("type").unwrap_or_default()) => Some(text),
        _ => None,
    })
}

/// Whether a script of this type is run.
pub(crate) fn runs(kind: &str) -> bool {
    matches!(kind, "" | "text/javascript" | "application/javascript")
}

/// What follows `var NAME = ` at the start of a line of a script. The same words inside a string of the
/// script, such as a comment that quotes them, do not start a line.
pub(crate) fn assigned<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    let needle = format!("var {name}");
    memchr::memmem::find_iter(script.as_bytes(), needle.as_bytes())
        .find(|at| {
            let before = script.get(..*at).unwrap_or_default();
            before.trim_end_matches([' ', '\t']).ends_with(['\n', ';', '/']) || before.trim_end().is_empty()
        })
        .and_then(|at| script.get(at + needle.len()..))
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .map(str::trim_start)
}

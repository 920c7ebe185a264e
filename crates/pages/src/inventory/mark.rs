//! Marks that say that something is sold, or promised to someone.

use super::item::Status;
use crate::text::{collapse, strip_prefix_ignore_case};

/// What marks say.
const MARKS: [(&str, Status); 11] = [
    ("sold", Status::Sold),
    ("sold out", Status::Sold),
    ("out of stock", Status::Sold),
    ("pending", Status::Pending),
    ("sale pending", Status::Pending),
    ("sale-pending", Status::Pending),
    ("pending sale", Status::Pending),
    ("deposit taken", Status::Pending),
    ("on deposit", Status::Pending),
    ("on hold", Status::Pending),
    ("reserved", Status::Pending),
];

/// Signs that part a mark from a title, besides brackets.
const PARTING: [char; 11] = ['-', '\u{2013}', '\u{2014}', '*', ':', '|', ',', '/', '\u{b7}', '\u{2022}', '!'];

/// A text that is a mark and nothing else.
pub(super) fn mark(text: &str) -> Option<Status> {
    let text = collapse(text.trim_matches(|c: char| !c.is_alphanumeric()));
    MARKS.iter().find(|(mark, _)| text.eq_ignore_ascii_case(mark)).map(|(_, status)| *status)
}

/// A status in the place for it.
pub(super) fn status(text: &str) -> Option<Status> {
    match mark(text) {
        None => match text.trim().to_lowercase().as_str() {
            "inventory" | "in stock" | "available" | "for sale" | "active" => Some(Status::InStock),
            _ => None,
        },
        marked => marked,
    }
}

/// What stands behind the mark that a text begins with: `SOLD - 1967 AC Cobra`, `SOLD 1967 AC Cobra`.
pub(super) fn behind(text: &str) -> Option<(&str, Status)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let found = MARKS.iter().filter_map(|(mark, status)| {
        let after = strip_prefix_ignore_case(text, mark)?;
        let rest = after.trim_start_matches(|c: char| is_between(c) || matches!(c, ')' | ']' | '}'));
        let (mark, between) = (&text[..mark.len()], &after[..after.len() - rest.len()]);
        (is_parting(between) || !between.is_empty() && is_capital(mark)).then_some((rest, *status))
    });
    found.min_by_key(|(rest, _)| rest.len())
}

/// What stands before the mark that a text ends with: `1967 AC Cobra (Sold)`, `1967 AC Cobra SOLD`.
pub(super) fn before(text: &str) -> Option<(&str, Status)> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let found = MARKS.iter().filter_map(|(mark, status)| {
        let start = text.len().checked_sub(mark.len())?;
        let (before, printed) = text.split_at_checked(start)?;
        let rest = before.trim_end_matches(|c: char| is_between(c) || matches!(c, '(' | '[' | '{'));
        let between = &before[rest.len()..];
        let stands_out = !between.is_empty() && is_capital(printed) && ends_a_name(rest);
        let is_mark = printed.eq_ignore_ascii_case(mark) && (is_parting(between) || stands_out);
        (is_mark && !rest.is_empty()).then_some((rest, *status))
    });
    found.min_by_key(|(rest, _)| rest.len())
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || PARTING.contains(&c)
}

/// Whether what stands between a mark and a title parts them. A hyphen without spaces joins: `never-sold`.
fn is_parting(between: &str) -> bool {
    between.contains(|c: char| !c.is_whitespace() && !matches!(c, '-' | '/'))
        || between.contains(char::is_whitespace) && between.contains(['-', '/'])
}

fn is_capital(mark: &str) -> bool {
    !mark.contains(char::is_lowercase)
}

/// Whether a text ends as a name does, so that a mark in capitals behind it stands out: of "MUST BE SOLD" and "never SOLD"
/// it is a part.
fn ends_a_name(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_capitalised = word.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    is_capitalised && word.contains(|c: char| c.is_lowercase() || c.is_ascii_digit())
}

//! The number of listings that a member page states.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use super::scan::Scan;
use super::zone::Zone;
use crate::number;
use crate::text::collapse;

/// How many elements around a label may hold its number.
const CLIMB: usize = 4;

/// Longest text of a counter, and most nodes that hold it.
const LONGEST: usize = 60;

/// What a counter counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    Current,
    Past,
}

/// The stated number of listings: of all, else of current and past ones together. Counters of bids, comments
/// and wins are others.
pub(super) fn listing_count(scan: &Scan<'_>) -> Option<i32> {
    let counters: Vec<(Kind, i32)> = scan
        .texts
        .iter()
        .filter(|(_, zone)| *zone != Some(Zone::Foreign))
        .filter(|(node, _)| {
            node.value().as_text().is_some_and(|text| text.to_lowercase().contains("listings"))
        })
        .filter_map(|(node, _)| around(*node))
        .collect();
    let first = |wanted| counters.iter().find(|(kind, _)| *kind == wanted).map(|(_, count)| *count);
    let (current, past) = (first(Kind::Current), first(Kind::Past));
    first(Kind::All).or_else(|| match (current, past) {
        (Some(current), Some(past)) => current.checked_add(past),
        (current, past) => past.or(current),
    })
}

/// The counter that a text is the label of: in the smallest element around it that holds a number, or beside it.
fn around(label: NodeRef<'_, Node>) -> Option<(Kind, i32)> {
    for element in label.ancestors().filter_map(ElementRef::wrap).take(CLIMB) {
        let text = short_text(element)?;
        if let Some(counter) = counter(&text) {
            return Some(counter);
        }
        // Something else stands here, too: the number, if any, is not the label's alone.
        let kind = kind(&text)?;
        if matches!(element.value().name(), "dt" | "th") {
            let beside = element.next_siblings().find_map(ElementRef::wrap)?;
            return Some((kind, number(&short_text(beside)?)?));
        }
    }
    None
}

/// Text of an element, if that is short.
fn short_text(element: ElementRef<'_>) -> Option<String> {
    let mut out = String::new();
    for (index, node) in element.descendants().enumerate() {
        if let Some(text) = node.value().as_text() {
            // Not copied first: a long text is in the way of each label beside it.
            if out.len() + text.len() >= LONGEST * 4 {
                return None;
            }
            out.push(' ');
            out.push_str(text);
        }
        if index > LONGEST {
            return None;
        }
    }
    let text = collapse(&out);
    (text.chars().count() <= LONGEST).then_some(text)
}

/// "1,959 Listings", "Listings 1,959", "Past Listings (25)".
fn counter(text: &str) -> Option<(Kind, i32)> {
    let bare: String = text.chars().map(|c| if matches!(c, '(' | ')' | ':') { ' ' } else { c }).collect();
    let bare = collapse(&bare);
    let (first, rest) = bare.split_once(' ')?;
    if let (Some(count), Some(kind)) = (number(first), kind(rest)) {
        return Some((kind, count));
    }
    let (rest, last) = bare.rsplit_once(' ')?;
    Some((kind(rest)?, number(last)?))
}

/// What a label counts, if it counts listings.
fn kind(label: &str) -> Option<Kind> {
    let label = label.to_lowercase();
    match label.trim_end_matches([':', ' ']) {
        "listings" | "total listings" | "all listings" | "bat listings" => Some(Kind::All),
        "current listings" | "active listings" | "live listings" => Some(Kind::Current),
        "past listings" | "completed listings" | "closed listings" => Some(Kind::Past),
        _ => None,
    }
}

/// A whole number with or without thousands separators.
fn number(text: &str) -> Option<i32> {
    let text = text.trim_matches(|c: char| matches!(c, '(' | ')') || c.is_whitespace());
    number::of_groups(text.split(',')).and_then(|number| i32::try_from(number).ok())
}

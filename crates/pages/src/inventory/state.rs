//! What a page says of itself: that it lists what was sold, that there is nothing.

use scraper::ElementRef;

use super::names::{self, words};
use super::scope::short_text;
use super::{Page, title};
use crate::dom::{Attributes, lines_outside};
use crate::text::title_parts;

/// Whether the page is the dealer's list of what was sold, by its address, its query, or its only main heading or title.
pub(super) fn is_sold_list(page: &Page<'_>) -> bool {
    let by_address = page.url.as_ref().is_some_and(|url| {
        names::asks_for_sold(url) || names::segments(url).iter().any(|part| names::is_sold(&words(part)))
    });
    let headings = page.document.all("h1");
    let heading = headings.first().filter(|_| headings.len() == 1).copied().and_then(short_text);
    by_address || heading.into_iter().chain(page_title_parts(page)).any(|text| heads_sold_list(&text))
}

/// Words of headings over what was sold. One more, and it may say something else: "Classic cars bought and sold".
const SOLD_HEADINGS: [&str; 27] = [
    "all",
    "archive",
    "archives",
    "automobiles",
    "cars",
    "classic",
    "classics",
    "collector",
    "gallery",
    "inventory",
    "just",
    "list",
    "listings",
    "motorcars",
    "motorcycles",
    "of",
    "our",
    "past",
    "previous",
    "previously",
    "recent",
    "recently",
    "sales",
    "sold",
    "the",
    "vehicle",
    "vehicles",
];

/// Whether a heading is one over what was sold.
pub(super) fn heads_sold_list(text: &str) -> bool {
    let words = words(text);
    title::year_led(text).is_none()
        && names::is_sold(&words)
        && words.iter().all(|word| SOLD_HEADINGS.contains(&word.as_str()))
}

fn page_title_parts(page: &Page<'_>) -> Vec<String> {
    title_parts(&page.document.first("title").and_then(short_text).unwrap_or_default())
}

/// What a list is of, in sentences that say that it has none.
const NOUNS: [&str; 11] = [
    "vehicles",
    "cars",
    "automobiles",
    "motorcycles",
    "inventory",
    "listings",
    "results",
    "matches",
    "matching vehicles",
    "products",
    "items",
];

/// What stands behind "no vehicles".
const MISSING: [&str; 12] = [
    "found",
    "were found",
    "match",
    "available",
    "to display",
    "to show",
    "in stock",
    "at this time",
    "at the moment",
    "currently",
    "for sale",
    "in this",
];

/// What stands before it.
const NONE: [&str; 4] = ["are no ", "currently no ", "have no ", "are 0 "];

/// Units behind the number of what a list has.
const COUNTED: [&str; 7] = ["matches", "results", "vehicles", "cars", "listings", "products", "motorcycles"];

/// Longest line that says so.
const LONGEST: usize = 160;

/// Whether the page says in the list's place that there is nothing: `No vehicles found`, `0 matches`, and, where it calls
/// itself a list, `Check back soon`.
pub(super) fn says_empty(page: &Page<'_>) -> bool {
    let told = lines_outside(page.document.html.root_element(), is_framed_or_hidden);
    let told: Vec<String> =
        told.iter().filter(|line| line.len() <= LONGEST).map(|line| line.to_lowercase()).collect();
    let nothing = told.iter().any(|line| is_none_told(line));
    nothing
        || (is_called_list(page)
            && told.iter().any(|line| line.contains("check back soon") || line.contains("check back later")))
}

/// A page may have hundreds of thousands of lines: what has neither word is told first.
fn is_none_told(line: &str) -> bool {
    line.contains('0') && is_zero_told(line)
        || (line.contains("no ") || line.contains("are 0 "))
            && NOUNS.iter().any(|noun| is_missing(line, noun))
}

fn is_zero_told(line: &str) -> bool {
    let zero = words(line).windows(2).any(|pair| {
        let [number, unit] = pair else { return false };
        number == "0" && COUNTED.contains(&unit.as_str())
    });
    // "10.0 results", "1,0 cars": the zero stands alone.
    let alone = line.split_whitespace().any(|word| word.trim_matches(['(', '[', ':']) == "0");
    zero && alone
}

fn is_missing(line: &str, noun: &str) -> bool {
    line.match_indices(noun).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + noun.len()..]);
        let is_announced = before.ends_with("no ")
            && behind
                .strip_prefix(' ')
                .is_some_and(|rest| MISSING.iter().any(|missing| rest.starts_with(missing)));
        is_announced || NONE.iter().any(|none| before.ends_with(none))
    })
}

/// Whether an element is the frame of every page, or is hidden.
fn is_framed_or_hidden(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "nav" | "footer" | "header" | "title") || is_hidden(element)
}

/// Whether an element is shown only once a script says so.
pub(super) fn is_hidden(element: ElementRef<'_>) -> bool {
    let hidden = |style: &str| style.replace(' ', "").to_ascii_lowercase().contains("display:none");
    let hiding = ["hidden", "hide", "d-none", "visually-hidden", "sr-only"];
    element.attribute("hidden").is_some()
        || element.attribute("aria-hidden") == Some("true")
        || element.attribute("style").is_some_and(hidden)
        || element.attribute("type").is_some_and(|kind| kind.contains("template"))
        || element
            .attribute("class")
            .is_some_and(|class| class.split_whitespace().any(|name| hiding.contains(&name)))
}

/// Whether the page's address or heading calls it a list of what is for sale.
fn is_called_list(page: &Page<'_>) -> bool {
    let by_address = page.url.as_ref().and_then(|url| names::segments(url).pop());
    let headings = page.document.all("h1, h2").into_iter().filter_map(short_text);
    by_address.into_iter().chain(headings).any(|name| names::sureness(&words(&name)) > 0)
}

/// Whether the page's address or its only main heading is the name of a list of what is for sale.
pub(super) fn is_named_list(page: &Page<'_>) -> bool {
    let by_address = page.url.as_ref().and_then(|url| names::segments(url).pop());
    let headings = page.document.all("h1");
    let heading = headings.first().filter(|_| headings.len() == 1).copied().and_then(short_text);
    by_address.into_iter().chain(heading).any(|name| names::is_list(&words(&name)))
}

//! Whose listings a part of a member page holds.

use crate::dom::Attributes;
use scraper::ElementRef;

/// What a part of the page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// The member's own listings.
    Own,
    /// Other people's auctions: won, bid or commented on, or advertised.
    Foreign,
    /// The site's own frame: header, navigation, sidebar, footer.
    Frame,
}

/// Words that mark other people's auctions.
const FOREIGN: [&str; 24] = [
    "bids",
    "bought",
    "comment",
    "commented",
    "comments",
    "featured",
    "following",
    "popular",
    "purchased",
    "purchases",
    "recommended",
    "related",
    "similar",
    "stories",
    "story",
    "suggested",
    "trending",
    "watched",
    "watching",
    "watchlist",
    "widget",
    "wins",
    "winning",
    "won",
];

/// Words that mark the member's own listings.
const OWN: [&str; 2] = ["listings", "auctions"];

/// Words that mark the site's frame.
const FRAME: [&str; 6] = ["breadcrumbs", "footer", "masthead", "menu", "navigation", "sidebar"];

/// What an element says of its content by its kind and names. Elements around the page's main heading say
/// nothing: they hold the whole page, whatever they are called.
pub(super) fn of_element(element: ElementRef<'_>) -> Option<Zone> {
    let value = element.value();
    match value.name() {
        "html" | "body" | "main" | "a" | "img" => return None,
        "header" | "footer" | "nav" | "aside" => return Some(Zone::Frame),
        _ => {}
    }
    let names: Vec<String> = ["class", "id", "data-item-type"]
        .iter()
        .filter_map(|key| element.attribute(key))
        .flat_map(str::split_whitespace)
        .map(str::to_ascii_lowercase)
        .collect();
    // A name tells more than all names together: "listing-card past-listings no-bids" is not about bids.
    let own = names.iter().any(|name| of_words(name) == Some(Zone::Own));
    let foreign = names.iter().any(|name| of_words(name) == Some(Zone::Foreign));
    let frame = names.iter().any(|name| words(name).any(|word| FRAME.contains(&word)) && !qualified(name));
    match (own, foreign, frame) {
        (_, _, true) => Some(Zone::Frame),
        (false, true, _) => Some(Zone::Foreign),
        (true, false, _) => Some(Zone::Own),
        _ => None,
    }
}

/// What a heading says of what follows it.
pub(super) fn of_heading(text: &str) -> Option<Zone> {
    let text = text.to_lowercase();
    let stories = text.contains("success stor");
    if stories { Some(Zone::Foreign) } else { of_words(&text) }
}

/// What words say: "section-won-listings", "Past Listings (25)".
fn of_words(text: &str) -> Option<Zone> {
    let mut own = false;
    for word in words(text) {
        if FOREIGN.contains(&word) {
            return Some(Zone::Foreign);
        }
        own |= OWN.contains(&word);
    }
    own.then_some(Zone::Own)
}

/// "has-sidebar" is the name of what stands beside a sidebar.
fn qualified(name: &str) -> bool {
    words(name).any(|word| matches!(word, "has" | "no" | "with" | "without"))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

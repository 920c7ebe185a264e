//! Hand-made pages in each markup of the site's history, and changes to them.

#![allow(dead_code, missing_docs)] // Every test file uses its own share.

use bat_pages::Listing;
use bat_pages::parse_listing;

pub const MODERN: &str = include_str!("modern.html");
pub const BOLD: &str = include_str!("bold_essentials.html");
pub const ONE_LIST: &str = include_str!("one_list.html");

/// The modern page with some of its text replaced. Each replacement must find its text.
pub fn modern(replacements: &[(&str, &str)]) -> Listing {
    parse_listing(&replaced(MODERN, replacements))
}

pub fn replaced(page: &str, replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(page.to_owned(), |page, (from, to)| {
        assert!(page.contains(from), "{from}");
        page.replace(from, to)
    })
}

pub const SOLD_HEADER: &str = "Sold for <strong>USD $21,250</strong>";
pub const SOLD_RECORD: &str = "Sold on 4\\/20\\/26 for USD $21,250.00 to Buyer_One";
pub const SOLD_TITLE: &str = "sold for $21,250 on April 20, 2026";
pub const BUYER_LINK: &str = "<span data-listing-high-bidder-link=\"112000001\">by <a href=\"https://bringatrailer.com/member/Buyer_One/\" target=\"_blank\">Buyer_One</a></span>";

/// The modern page as it would be with the reserve not met.
pub const RESERVE_NOT_MET: [(&str, &str); 5] = [
    (SOLD_HEADER, "Bid to <strong>USD $21,250</strong>"),
    (SOLD_RECORD, "Reserve not met on 4\\/20\\/26 at USD $21,250"),
    (SOLD_TITLE, "closed on April 20, 2026"),
    (">Winning Bid<", ">High Bid<"),
    (BUYER_LINK, "(Reserve Not Met)"),
];

/// The modern page as it would be while live.
pub const LIVE: [(&str, &str); 6] = [
    (
        "Sold for <strong>USD $21,250</strong> <span class=\"date date-localize\" data-timestamp=\"1776716700\" data-format=\"L\">on 4/20/26</span>",
        "Current Bid: <strong>USD $21,250</strong> Ends in <span data-until=\"1776716700\"></span>",
    ),
    (SOLD_TITLE, "ending April 20"),
    ("class=\"listing-closed\"", "class=\"\""),
    ("class=\"listing-stats ended\"", "class=\"listing-stats \""),
    (">Winning Bid<", ">Current Bid<"),
    ("\"type\":\"bat-bid-reserve\"", "\"type\":\"comment\""),
];

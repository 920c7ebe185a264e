//! Other people's auctions as cards: what contaminates every page.

use crate::model::listing::Listing;
use crate::text::{escape, texturize};
use crate::time;

/// A card of the sidebar's "Current BaT Auctions".
pub(crate) fn sidebar_card(listing: &Listing) -> String {
    let id = listing.post_id;
    format!(
        "        <div class=\"current-auction current-auction-featured  \" data-pusher=\"post;list;{id}\">\n\
         \x20           <a class=\"current-auction-link\" href=\"{url}\">\n\
         \x20               <img width=\"470\" height=\"318\" src=\"{image}?resize=470%2C318\" class=\"current-auction-image wp-post-image\" alt=\"{title}\" decoding=\"async\" loading=\"lazy\" />\n\
         \x20               <div class=\"current-auction-data-holder\"><div class=\"current-auction-data-outer\"><div class=\"current-auction-data\"><div class=\"current-auction-data-inner\">\n\
         \x20                               Current Bid:\n                                <br />\n\
         \x20                               <span data-listing-current=\"{id}\">{bid}</span>\n\
         \x20                               <div class=\"current-auction-data-time\">\n\
         \x20                                   Ends in:                                    <br />\n\
         \x20                                   <span data-auction-ends-id=\"{id}\" data-auction-ends=\"{ends}\" data-layout=\"{{hn}} {{hl}}, {{mn}} {{ml}}\"></span>\n\
         \x20                               </div>\n                </div></div></div></div>\n            </a>\n        </div>\n",
        url = listing.url(),
        image = listing.main_image(),
        title = escape(&listing.full_title()),
        bid = listing.currency.full(listing.high_bid()),
        ends = time::auction_ends(listing.ends_at),
    )
}

/// A server-rendered card of a list: search results, member pages.
pub(crate) fn list_card(listing: &Listing) -> String {
    let id = listing.post_id;
    let ends = listing.ends_at;
    format!(
        "<div class=\"listing-card listing-card-separate\" data-listing_id=\"{id}\" data-timestamp_end=\"{ends}\" data-pusher=\"post;list;{id}\">\n\
         \t<div class=\"thumbnail\"><a href=\"{url}\"><img src=\"{image}?resize=470%2C318\" alt=\"{alt}\" /></a></div>\n\
         \t<div class=\"content\"><h3><a href=\"{url}\">{title}</a></h3>\n\
         \t<div class=\"item-results\">{result}</div><div class=\"item-tag item-tag-noreserve\"{hidden}><span>No Reserve</span></div></div>\n</div>\n",
        url = listing.url(),
        image = listing.main_image(),
        alt = escape(&listing.full_title()),
        title = texturize(&listing.title),
        result = sold_text(listing).unwrap_or_default(),
        hidden = if listing.no_reserve { "" } else { " style=\"display: none;\"" },
    )
}

/// `Sold for USD $7,500 <span> on 4/20/2026 </span>`; none while live. The year had two digits until April 2026.
pub(crate) fn sold_text(listing: &Listing) -> Option<String> {
    use crate::model::listing::State;
    let end = listing.ends_at;
    let day = if end < time::midnight(2026, 4, 10) { time::short(end) } else { time::short_long_year(end) };
    let amount = listing.currency.full(listing.result());
    match listing.state {
        State::Live => None,
        State::Sold | State::SoldAfter => Some(format!("Sold for {amount} <span> on {day} </span>")),
        State::ReserveNotMet => Some(format!("Bid to {amount} <span> on {day} </span>")),
        State::Withdrawn => Some(format!("Withdrawn on {day}")),
        State::NoBids => Some(format!("Ended <span> on {day} </span>")),
    }
}

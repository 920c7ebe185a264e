//! The bid box: current, winning or high bid, end, number of bids.

use std::borrow::Cow;

use super::Status;
use super::outcome::Stated;
use super::thread::member_slug;
use crate::number;
use crate::tree::{Element, Tree};
use crate::value::date;
use crate::value::money::money;

/// What `#listing-bid` says.
#[derive(Debug, Default)]
pub(super) struct BidTable {
    /// The class `ended`.
    pub ended: bool,
    /// The row of the bid.
    pub stated: Option<Stated>,
    /// Account named beside the bid.
    pub bidder: Option<String>,
    /// Number of bids.
    pub bids: Option<i32>,
    /// End, ISO 8601 UTC.
    pub ends_at: Option<String>,
    /// Currency of the bid form.
    pub currency: Option<String>,
}

/// Reads `#listing-bid`.
pub(super) fn bid_table(html: Option<&str>) -> BidTable {
    let Some(html) = html else { return BidTable::default() };
    let tree = Tree::of(html);
    let mut table = BidTable {
        ended: tree.find(|tag| tag.id() == "listing-bid").is_some_and(|table| table.has_class("ended")),
        bids: tree.by_class("number-bids-value").and_then(count),
        ends_at: ends_at(&tree),
        currency: tree
            .elements()
            .find_map(|tag| tag.attr("data-listing-currency"))
            .filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
            .map(Cow::into_owned),
        ..BidTable::default()
    };
    for row in tree.elements().filter(|tag| tag.is("tr")) {
        read_row(&mut table, row);
    }
    table
}

fn read_row(table: &mut BidTable, row: Element<'_>) {
    let (Some(label), Some(value)) =
        (row.by_class("listing-stats-label"), row.by_class("listing-stats-value"))
    else {
        return;
    };
    let text = value.text();
    let lower = text.to_ascii_lowercase();
    let status = match label.text().trim_end_matches(':').to_ascii_lowercase().as_str() {
        "winning bid" | "sold for" => Status::Sold,
        "high bid" if lower.contains("reserve not met") => Status::ReserveNotMet,
        // "None": nobody bid.
        "high bid" if money(&text).is_none() => Status::Ended,
        "high bid" | "bid to" => Status::ReserveNotMet,
        "current bid" => Status::Live,
        "bids" => {
            table.bids = table.bids.or_else(|| count(value));
            return;
        }
        _ => return,
    };
    if table.stated.is_none() {
        table.stated = Some(Stated { status, money: money(&text) });
        table.bidder = value.below().find_map(|link| member_slug(&link.attr("href")?));
    }
}

fn count(element: Element<'_>) -> Option<i32> {
    number::first(&element.text()).and_then(|number| i32::try_from(number).ok())
}

/// The end in Unix seconds; its printed forms are in the site's zone, some without a year. Only where there are
/// no seconds, the un-padded UTC form.
fn ends_at(tree: &Tree<'_>) -> Option<String> {
    let seconds =
        |name: &str| tree.elements().find_map(|tag| date::from_unix(tag.attr(name)?.trim().parse().ok()?));
    seconds("data-ends")
        .or_else(|| seconds("data-timestamp"))
        .or_else(|| tree.elements().find_map(|tag| date::unpadded(&tag.attr("data-auction-ends")?)))
}

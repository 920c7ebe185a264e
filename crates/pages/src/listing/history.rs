//! "BaT History": the auctions of the same vehicle.

use super::HistoryEntry;
use crate::listing_url::listing_url;
use crate::tree::{Element, Tree};
use crate::value::date;
use crate::value::money::money;

/// Reads `.history`, in the page's order.
pub(super) fn history(html: Option<&str>) -> Vec<HistoryEntry> {
    let Some(html) = html else { return Vec::new() };
    let tree = Tree::of(html);
    tree.elements().filter(|tag| tag.is("a") && tag.has_class("item")).map(entry).collect()
}

/// `Sold by X to Y for USD $42,000.00`, `Listed by X, bid to USD $53,000.00`, `Listed by X`, then the date.
fn entry(item: Element<'_>) -> HistoryEntry {
    let result = item.find(|tag| tag.is("em")).map(Element::text).unwrap_or_default();
    let lower = result.to_ascii_lowercase();
    let sold = if lower.starts_with("sold ") {
        Some(true)
    } else if lower.contains("bid to ") || lower.contains("reserve not met") || lower.contains("withdrawn") {
        Some(false)
    } else {
        // "Listed by X": live, or the page does not say.
        None
    };
    // The amount is behind the names, which may look like one.
    let amount = [" for ", "bid to "].iter().find_map(|word| money(lower_tail(&result, word)?));
    HistoryEntry {
        url: item.attr("href").and_then(|href| listing_url(&href)),
        date: entry_date(item),
        amount: amount.as_ref().map(|money| money.amount),
        currency: amount.and_then(|money| money.currency),
        sold,
    }
}

/// What follows the last `word`.
fn lower_tail<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.rsplit_once(word).map(|(_, tail)| tail)
}

/// The printed date, which is the site's; else that of the time stamp, which is UTC's.
fn entry_date(item: Element<'_>) -> Option<String> {
    let printed = item.texts().find_map(|text| date::printed_date(text.trim().trim_start_matches("on ")));
    printed.or_else(|| {
        let stamp = item.below().find_map(|tag| tag.attr("data-timestamp")?.trim().parse().ok())?;
        date::from_unix(stamp)?.get(..10).map(str::to_owned)
    })
}

//! The catalogue: the feed `…/data/listings-filter`, the results page, the live board, pages of models, searches.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::listing::Status;
use crate::script::{assigned, scripts};

mod cards;
mod feed;

use feed::Feed;

/// Most items that are read of one page. The feed gives up to 95, the live board about 1,000.
const MAX_ITEMS: usize = 10_000;

/// Names under which pages embed what the feed would give.
pub(crate) const EMBEDDED: [&str; 2] = ["auctionsCompletedInitialData", "auctionsCurrentInitialData"];

/// What a page of the catalogue says. Unknown is `None`, never a guess.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Number of this page, from 1.
    pub page: Option<i64>,
    /// Number of pages that the site states. It gives no items beyond the 10,000th of a query: those pages are
    /// empty.
    pub pages_total: Option<i64>,
    /// Number of items of all pages.
    pub items_total: Option<i64>,
    /// Items in the page's order, each listing once.
    pub items: Vec<CatalogueItem>,
}

/// One auction as a list shows it. Lists print "0 Views", "0 Watchers" and "0" comments in place of the numbers:
/// these are not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogueItem {
    /// WordPress post id of the auction; not the lot number.
    pub listing_id: Option<i64>,
    /// Canonical URL, `https://bringatrailer.com/listing/<slug>/`.
    pub url: String,
    /// Title with entities decoded, without the prefix "No Reserve: ".
    pub title: Option<String>,
    /// State of the auction.
    pub status: Option<Status>,
    /// ISO 4217 code of the amount.
    pub currency: Option<String>,
    /// Price if sold, else the highest bid; whole units.
    pub amount: Option<i64>,
    /// End of the auction, ISO 8601 UTC.
    pub ends_at: Option<String>,
    /// Date printed with the result, ISO 8601. The site prints dates in its own zone, Pacific Time. No key of the JSON:
    /// it says less than `ends_at`, and is of another zone.
    #[serde(skip)]
    pub ended_on: Option<String>,
    /// Offered without a reserve price.
    pub no_reserve: Option<bool>,
    /// Offered as a premium listing.
    pub premium: Option<bool>,
    /// Sold on BaT before.
    pub alumni: Option<bool>,
    /// ISO 3166-1 alpha-2 code of the country that the list shows.
    pub country: Option<String>,
}

/// Reads a page of the catalogue: the feed's JSON, or HTML that embeds it or shows listings as cards.
///
/// Of a page that holds both, each listing is read from the JSON if it is there: cards tell less.
pub fn parse_catalogue(body: &str) -> Catalogue {
    let mut collector = Collector::default();
    let trimmed = body.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.starts_with(['{', '[']) {
        if let Some(feed) = feed::read(trimmed) {
            collector.add_feed(feed);
        }
        return collector.catalogue;
    }
    for script in scripts(body) {
        for feed in EMBEDDED.iter().filter_map(|name| feed::read(assigned(script, name)?)) {
            collector.add_feed(feed);
        }
    }
    for item in cards::cards(body) {
        collector.add(item);
    }
    collector.catalogue
}

/// Puts a catalogue together.
#[derive(Default)]
struct Collector {
    catalogue: Catalogue,
    seen: HashSet<String>,
}

impl Collector {
    /// Adds a feed's items. The first feed that counts pages is the one whose page this is.
    fn add_feed(&mut self, feed: Feed<'_>) {
        if self.catalogue.pages_total.is_none() {
            self.catalogue.page = feed.page;
            self.catalogue.pages_total = feed.pages_total;
            self.catalogue.items_total = feed.items_total;
        }
        for item in feed.items {
            self.add(feed::item(item));
        }
    }

    /// Adds an item, once: pages repeat lots in carousels. What has no listing's URL is no listing.
    fn add(&mut self, item: Option<CatalogueItem>) {
        let Some(item) = item else { return };
        if self.catalogue.items.len() < MAX_ITEMS && self.seen.insert(item.url.clone()) {
            self.catalogue.items.push(item);
        }
    }
}

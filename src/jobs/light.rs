//! Light rows: what is kept of a listing whose seller is no partner, so that its page is read once only.

use bat_pages::{Listing, parse_listing, parse_thread};

use super::context::Context;
use super::listing::{ReadListing, Reading, is_settled};
use super::rows;
use super::site;
use super::visit::{Page, Visit};
use crate::error::Result;
use crate::settings;
use crate::store::catalogue::StoredRow;
use crate::store::upsert::Outcome;

impl Context {
    /// Writes the light row of a listing.
    pub fn store_light(&self, listing: &Listing, reading: &Reading) -> Result<Outcome> {
        let Reading { source, seen_at, policy } = reading;
        let row = rows::light_listing(listing);
        Ok(self.store.save_listing(source.url, &row, seen_at, *policy, source)?.outcome)
    }

    /// A listing's page out of the archive, if it is there and can be no other by now: for one whose seller has become a
    /// partner.
    pub fn archived_listing(&self, url: &str) -> Result<Option<Visit<ReadListing>>> {
        let Some((page, text)) = self.store.archived_page(url)? else { return Ok(None) };
        let listing = parse_listing(&text);
        let status = listing.status.map(|status| status.word());
        let stored = self.store.stored_listing_rows(&[url.to_owned()])?;
        // What the catalogue has told since then, the archived page does not know.
        let is_as_read = |row: &StoredRow| {
            row.status() == status && !(row.is_full() && row.is_later_than(&page.fetched_at))
        };
        let is_current = is_settled(status) && stored.iter().any(is_as_read);
        if !is_current {
            return Ok(None);
        }
        let thread = settings::keep_threads().then(|| parse_thread(&text));
        Ok(Some(Visit::Page(Page {
            url: site::parse(url)?,
            status: 200,
            etag: None,
            last_modified: None,
            content: ReadListing::archived(listing, thread, page),
        })))
    }
}

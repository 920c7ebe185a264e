//! What a page of the catalogue tells of listings, and what is done about it.

use std::collections::HashMap;

use bat_pages::CatalogueItem;
use bat_pages::listing::Status;

use super::super::calls::add;
use super::super::context::Context;
use super::super::rows;
use super::super::tasks;
use super::feed::Feed;
use crate::error::Result;
use crate::store::catalogue::StoredRow;
use crate::store::merge::{Policy, Source};
use crate::store::runs::Counts;
use crate::store::tasks::NewTask;
use crate::store::upsert::Outcome;

/// What came of a page's items.
pub struct Told {
    pub counts: Counts,
    /// Whether a listing was not stored yet, or is in another state than what is stored.
    pub is_news: bool,
}

/// What is to be done about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is not stored: its row is made, and its page read.
    Make,
    /// Nothing but what the catalogue tells is stored of it, or its seller is no partner: its row is brought up to date.
    Update,
    /// It is stored whole, in another state: its page is read again.
    ReadAgain,
    /// Its page was not read yet.
    Wait,
    Nothing,
}

impl Context {
    /// Stores what a feed tells of listings, and enqueues those whose page is to be read.
    pub(super) fn store_told(&self, items: &[CatalogueItem], feed: &Feed, page_url: &str) -> Result<Told> {
        let urls: Vec<String> = items.iter().map(|item| item.url.clone()).collect();
        let stored: HashMap<String, StoredRow> = self
            .store
            .stored_listing_rows(&urls)?
            .into_iter()
            .map(|row| (row.url().to_owned(), row))
            .collect();
        let time = self.time();
        let source = Source { url: page_url, time: &time };
        let mut told = Told { counts: Counts::default(), is_news: false };
        let mut wanted: Vec<NewTask> = Vec::new();
        // In the order of their keys: two sessions at two pages cannot wait for one another.
        let mut items: Vec<&CatalogueItem> = items.iter().collect();
        items.sort_by(|one, other| one.url.cmp(&other.url));
        for item in items {
            let step = step_of(item, stored.get(&item.url));
            told.is_news |= matches!(step, Step::Make | Step::Update | Step::ReadAgain);
            let outcome = match step {
                Step::Make | Step::Update => self.store_item(item, step, stored.get(&item.url), &source)?,
                Step::ReadAgain | Step::Wait | Step::Nothing => Outcome::Unchanged,
            };
            if matches!(step, Step::Make | Step::ReadAgain | Step::Wait) {
                wanted.push(tasks::told_listing(&item.url, matches!(feed, Feed::History(_)))?);
            }
            add(&mut told.counts, outcome);
        }
        self.store.enqueue_told(&wanted)?;
        Ok(told)
    }

    fn store_item(
        &self,
        item: &CatalogueItem,
        step: Step,
        stored: Option<&StoredRow>,
        source: &Source,
    ) -> Result<Outcome> {
        let fields = match step {
            Step::Make => rows::catalogue_item(item),
            _ => rows::catalogue_result(item),
        };
        if stored.is_some_and(|row| !row.would_change(&fields, source)) {
            return Ok(Outcome::Unchanged);
        }
        Ok(self.store.save_listing(&item.url, &fields, source.time, Policy::Mirror, source)?.outcome)
    }
}

/// What is to be done about an item.
///
/// The page is the authority on a listing that is stored whole: the catalogue only tells when to look at it again. Of the
/// others, the catalogue itself tells how they ended.
fn step_of(item: &CatalogueItem, stored: Option<&StoredRow>) -> Step {
    let Some(row) = stored else { return Step::Make };
    let is_other = is_other_state(item.status, row.status());
    match (row.is_read(), row.is_full()) {
        (false, _) => Step::Wait,
        (true, true) if is_other => Step::ReadAgain,
        (true, false) if is_other => Step::Update,
        _ => Step::Nothing,
    }
}

/// Whether the catalogue knows of another state than the stored one. Of an auction that has ended it may know less than
/// the page: only that it was sold after all, or is live again, is news.
fn is_other_state(told: Option<Status>, stored: Option<&str>) -> bool {
    match (told, stored) {
        (None, _) => false,
        (Some(Status::Live), stored) => stored != Some("live"),
        (Some(_), Some("live") | None) => true,
        (Some(Status::Sold), stored) => stored != Some("sold"),
        (Some(_), Some(_)) => false,
    }
}

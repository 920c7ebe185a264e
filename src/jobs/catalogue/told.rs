//! What a page of the catalogue tells of listings, and what is done about it.

use std::collections::{HashMap, HashSet};

use bat_pages::CatalogueItem;
use bat_pages::listing::Status;
use serde_json::json;

use super::super::calls::add;
use super::super::context::Context;
use super::super::rows;
use super::super::tasks;
use super::feed::Feed;
use crate::error::{Error, Result};
use crate::store::catalogue::StoredRow;
use crate::store::merge::{Fields, Policy, Source};
use crate::store::renamed::aside;
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
    /// Its auction goes on, and its seller is no partner: bids and end are brought up to date.
    Refresh,
    /// It is stored whole, in another state: its page is read again.
    ReadAgain,
    /// The same, but its page is gone: the catalogue's word is taken.
    Take,
    /// It is stored whole, but its page does not tell when the auction ends, which the catalogue does.
    Date,
    /// Its page was not read yet. How it stands is brought up to date meanwhile.
    Wait,
    Nothing,
}

impl Context {
    /// Stores what a feed tells of listings, and enqueues those whose page is to be read.
    pub(super) fn store_told(&self, items: &[CatalogueItem], feed: &Feed, page_url: &str) -> Result<Told> {
        let mut stored = self.stored_of(items)?;
        if self.put_aside(items, &stored) {
            stored = self.stored_of(items)?;
        }
        let renamed = self.rename_told(items, &stored)?;
        if !renamed.is_empty() {
            stored = self.stored_of(items)?;
        }
        let time = self.time();
        let source = Source { url: page_url, time: &time };
        let mut told = Told { counts: Counts::default(), is_news: false };
        let mut wanted: Vec<NewTask> = Vec::new();
        // In the order of their keys: two sessions at two pages cannot wait for one another.
        let mut items: Vec<&CatalogueItem> = items.iter().collect();
        items.sort_by(|one, other| one.url.cmp(&other.url));
        let gone = self.gone_among(&items, &stored)?;
        for item in items {
            let row = stored.get(&item.url);
            let step = match renamed.contains(&item.url) && row.is_some_and(StoredRow::is_read) {
                // Its page is the authority on what was moved here.
                true => Step::ReadAgain,
                false => step_of(item, row, gone.contains(&item.url)),
            };
            told.is_news |= is_news(item, row);
            let outcome = match self.attempt(|| self.take_step(step, item, row, &source)) {
                Ok(outcome) => Some(outcome),
                // What the tables refuse of one listing keeps nobody from the others.
                Err(error @ (Error::Postgres { .. } | Error::LeftOut { .. })) if !error.is_conflict() => {
                    error.about(&item.url).warn();
                    None
                }
                Err(error) => return Err(error),
            };
            if matches!(step, Step::Make | Step::ReadAgain | Step::Wait) {
                wanted.push(tasks::told_listing(&item.url, matches!(feed, Feed::History(_)))?);
            }
            match outcome {
                Some(outcome) => add(&mut told.counts, outcome),
                None => told.counts.failed += 1,
            }
        }
        self.store.enqueue_told(&wanted)?;
        Ok(told)
    }

    /// Does what is to be done about an item, but for its page.
    fn take_step(
        &self,
        step: Step,
        item: &CatalogueItem,
        row: Option<&StoredRow>,
        source: &Source,
    ) -> Result<Outcome> {
        match (step, row) {
            (Step::Make | Step::Update | Step::Refresh | Step::Wait, _) => self.store_item(item, row, source),
            (Step::Take, Some(row)) => self.store_told_result(item, row.fields()),
            (Step::Date, Some(row)) => self.store_told_end(item, row, source),
            (Step::Take | Step::Date | Step::ReadAgain | Step::Nothing, _) => Ok(Outcome::Unchanged),
        }
    }

    /// What is stored of listings, by their URLs.
    fn stored_of(&self, items: &[CatalogueItem]) -> Result<HashMap<String, StoredRow>> {
        let urls: Vec<String> = items.iter().map(|item| item.url.clone()).collect();
        let rows = self.store.stored_listing_rows(&urls)?;
        Ok(rows.into_iter().map(|row| (row.url().to_owned(), row)).collect())
    }

    /// Puts aside what is stored of other posts under the URLs of items. Returns whether there was any.
    fn put_aside(&self, items: &[CatalogueItem], stored: &HashMap<String, StoredRow>) -> bool {
        let mut is_any = false;
        for item in items {
            if let Some(other) = stored.get(&item.url).and_then(|row| row.other_post(item.listing_id)) {
                self.rename_listing(&item.url, &aside(&item.url, other), other);
                is_any = true;
            }
        }
        is_any
    }

    /// Moves what is stored of posts whose URL the site has changed since: an item that is not stored, of a post that is.
    /// Returns their new URLs.
    fn rename_told(
        &self,
        items: &[CatalogueItem],
        stored: &HashMap<String, StoredRow>,
    ) -> Result<HashSet<String>> {
        let new: HashMap<i64, &str> = items
            .iter()
            .filter(|item| !stored.contains_key(&item.url))
            .filter_map(|item| Some((item.listing_id?, item.url.as_str())))
            .collect();
        let ids: Vec<i64> = new.keys().copied().collect();
        let mut renamed = HashSet::new();
        if ids.is_empty() {
            return Ok(renamed);
        }
        for (id, old) in self.store.urls_of_posts(&ids)? {
            // The feed shows both: two listings of one number are not one.
            let is_shown = |item: &CatalogueItem| item.url == old && item.listing_id == Some(id);
            if let Some(url) = new.get(&id).filter(|_| !items.iter().any(is_shown)) {
                self.rename_listing(&old, url, id);
                renamed.insert((*url).to_owned());
            }
        }
        Ok(renamed)
    }

    /// Those listings whose page is gone, of those where that makes a difference.
    fn gone_among(
        &self,
        items: &[&CatalogueItem],
        stored: &HashMap<String, StoredRow>,
    ) -> Result<HashSet<String>> {
        let depends = |item: &&&CatalogueItem| {
            let row = stored.get(&item.url);
            step_of(item, row, false) != step_of(item, row, true)
        };
        let wanted: Vec<String> = items.iter().filter(depends).map(|item| item.url.clone()).collect();
        match wanted.is_empty() {
            true => Ok(HashSet::new()),
            false => Ok(self.store.gone_listings(&wanted)?.into_iter().collect()),
        }
    }

    /// Dates an auction whose page does not tell its end, unless a person has emptied it.
    fn store_told_end(&self, item: &CatalogueItem, row: &StoredRow, source: &Source) -> Result<Outcome> {
        let end = Fields::from_iter([("ends_at".to_owned(), json!(item.ends_at))]);
        match row.would_change(&end, source) {
            true => self.store_told_date(item, row.fields()),
            false => Ok(Outcome::Unchanged),
        }
    }

    fn store_item(
        &self,
        item: &CatalogueItem,
        stored: Option<&StoredRow>,
        source: &Source,
    ) -> Result<Outcome> {
        let fields = match stored {
            None => rows::catalogue_item(item),
            Some(row) => rows::catalogue_change(item, row.status()),
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
fn step_of(item: &CatalogueItem, stored: Option<&StoredRow>, is_gone: bool) -> Step {
    let Some(row) = stored else { return Step::Make };
    let is_other = is_other_state(item.status, row.status());
    let is_live = item.status == Some(Status::Live);
    // That it was withdrawn is what its missing page was taken for.
    let is_ended = item.status == Some(Status::ReserveNotMet) && row.status() == Some("withdrawn");
    match (row.is_read(), row.is_full()) {
        (false, _) => Step::Wait,
        (true, true) if is_gone && (is_ended || is_other && !is_live) => Step::Take,
        (true, true) if is_other => Step::ReadAgain,
        (true, true) if item.ends_at.is_some() && !row.has_end() => Step::Date,
        (true, false) if is_other => Step::Update,
        (true, false) if is_live => Step::Refresh,
        _ => Step::Nothing,
    }
}

/// Whether a listing is not stored yet, or is in another state than what is stored.
fn is_news(item: &CatalogueItem, stored: Option<&StoredRow>) -> bool {
    stored.is_none_or(|row| is_other_state(item.status, row.status()))
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

//! `bat_sync_inventory()`: one dealer's own inventory, page by page, in the caller's transaction.

use serde_json::json;

use super::super::calls::{Report, not_negative, run_job};
use super::super::context::Context;
use super::super::summary::Summary;
use super::super::words::{Telling, counted};
use super::item_page::OwnPage;
use super::{InventoryOptions, ItemOptions, RunMode};
use crate::error::{Error, Result};
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;
use crate::store::{memory, subtransaction};

/// Arguments of `bat_sync_inventory()`.
pub struct SyncOptions {
    pub max_pages: i32,
    pub dry_run: bool,
    pub run_mode: RunMode,
    pub accept: bool,
}

/// `bat_sync_inventory()`
pub fn sync_inventory(id: &str, options: &SyncOptions) -> Result<Summary> {
    not_negative("max_pages", Some(options.max_pages))?;
    let arguments = json!({
        "org_id": id,
        "max_pages": options.max_pages,
        "dry_run": options.dry_run,
        "run_mode": options.run_mode.word(),
        "accept": options.accept,
    });
    run_job("bat_sync_inventory", &arguments, options.dry_run, |context| {
        let business = context.business(id)?;
        let name = business.business_name.unwrap_or_else(|| id.to_owned());
        let mut sync = Sync {
            context,
            dealer: id,
            counts: Counts::default(),
            items: Vec::new(),
            are_unlisted: false,
            messages: Vec::new(),
            is_left: false,
            telling: Telling::new(),
        };
        sync.read_lists(options)?;
        sync.read_items(options.accept)?;
        let message = format!("{name}: {}", sync.messages.join("; "));
        Ok(Report { counts: sync.counts, is_left: sync.is_left, message })
    })
}

/// A walk over one dealer's lists and items.
struct Sync<'a> {
    context: &'a Context,
    dealer: &'a str,
    counts: Counts,
    /// Items' own pages that are to be read.
    items: Vec<OwnPage>,
    /// Whether no list shows these.
    are_unlisted: bool,
    messages: Vec<String>,
    is_left: bool,
    telling: Telling,
}

impl Sync<'_> {
    fn read_lists(&mut self, options: &SyncOptions) -> Result<()> {
        let mut next = Some(InventoryOptions {
            run_mode: options.run_mode,
            max_pages: options.max_pages,
            accept: options.accept,
            ..InventoryOptions::default()
        });
        let mut is_begun = false;
        while let Some(page) = next.take().filter(|page| page.max_pages > 0) {
            let read = || {
                let fetched = self.context.fetch_list(self.dealer, &page)?;
                subtransaction::run(|| self.context.store_list(&fetched, &page))
            };
            let stored = match memory::in_own_context(read) {
                Ok(stored) => stored,
                // What the pages before have brought stays.
                Err(error) if is_begun && !error.ends_call() => return self.end_crawl(&page, &error),
                Err(error) => return Err(error),
            };
            is_begun = true;
            self.counts.add(&stored.counts);
            self.items.extend(stored.items);
            self.are_unlisted |= stored.are_unlisted;
            self.messages.extend(stored.message);
            self.is_left |= stored.is_incomplete;
            next = stored.next;
            self.tell_progress(page.page);
        }
        Ok(())
    }

    /// Ends a crawl whose page could not be had or stored.
    fn end_crawl(&mut self, page: &InventoryOptions, error: &Error) -> Result<()> {
        error.warn();
        self.context.note_failed_crawl(self.dealer, page, error)?;
        self.counts.failed += 1;
        self.counts.refused += i32::from(error.is_refusal_of_site());
        self.messages.push(format!("incomplete: {error}"));
        self.is_left = true;
        Ok(())
    }

    /// Reads the items' own pages, each in a subtransaction; stops where the site refuses.
    fn read_items(&mut self, accept: bool) -> Result<()> {
        let is_unlisted = self.are_unlisted;
        let items = std::mem::take(&mut self.items);
        // Pages of the list are larger than those of items: they say nothing of how fast these go.
        self.telling = Telling::new();
        for (place, OwnPage { url, is_priced }) in items.iter().enumerate() {
            let options = ItemOptions { accept, is_unlisted, is_priced: *is_priced };
            let read = || {
                let fetched = self.context.fetch_item(self.dealer, url)?;
                subtransaction::run(|| self.context.store_item_page(&fetched, options))
            };
            match memory::in_own_context(read) {
                Ok(outcome) => self.counts.inserted += i32::from(outcome == Outcome::Inserted),
                Err(error) if error.ends_call() => return Err(error),
                Err(error) => {
                    let error = error.about(url);
                    error.warn();
                    self.counts.failed += 1;
                    if error.ends_requests() {
                        self.counts.refused += 1;
                        self.is_left |= place + 1 < items.len();
                        break;
                    }
                }
            }
            if let Some(pace) = self.telling.one_done(items.len() - place - 1) {
                let pages = counted(items.len(), "item's own page", "items' own pages");
                pgrx::notice!("bat_sync_inventory: {} of {pages}, {pace}", place + 1);
            }
        }
        if !items.is_empty() {
            self.messages
                .push(format!("{} read", counted(items.len(), "item's own page", "items' own pages")));
        }
        Ok(())
    }

    fn tell_progress(&mut self, page: i32) {
        // How many pages the list has is not known before its last one.
        if self.telling.is_due() {
            pgrx::notice!(
                "bat_sync_inventory: {} of the list, {} ({} new, {} changed)",
                counted(page, "page", "pages"),
                counted(self.counts.found(), "item", "items"),
                self.counts.inserted,
                self.counts.updated
            );
        }
    }
}

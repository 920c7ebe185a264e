//! What a task of each kind does: fetch outside of any subtransaction, store inside of one.

use bat_pages::kind::PageKind;
use url::Url;

use super::archive::Parsed;
use super::calls::add;
use super::catalogue::CatalogueOptions;
use super::context::Context;
use super::directory::{StoredDirectory, Unstored};
use super::enrich::{Profile, is_fresh, pages_of};
use super::ingest::{self, IngestOptions};
use super::inventory::{FetchedItem, FetchedList, InventoryOptions, ItemOptions};
use super::listing::{Begun, ReadListing};
use super::member::Collected;
use super::site::{self, DIRECTORY_URL, member_url};
use super::tasks::{self, Kind, ListingOptions, MemberOptions};
use super::visit::{Page, Visit};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::runs::Counts;
use crate::store::tasks::{NewTask, Task};
use crate::store::upsert::Outcome;

/// What a task's requests brought.
pub enum Fetched {
    Directory(Page),
    Enrich(Business, Profile),
    Images(Business, Profile),
    Catalogue(Page, CatalogueOptions),
    /// The page; `None` where robots.txt forbids it.
    Member(Option<Page>, MemberOptions),
    Listing(Visit<ReadListing>, ListingOptions),
    Inventory(Box<FetchedList>, InventoryOptions),
    InventoryItem(Box<FetchedItem>, ItemOptions),
}

/// What came of storing it.
pub struct Stored {
    pub counts: Counts,
    /// What of the page could not be stored: the task is not done.
    pub unstored: Option<Unstored>,
}

impl Fetched {
    /// Whether what is written of it may be written together with the end of its task.
    pub fn may_wait(&self) -> bool {
        matches!(self, Fetched::Listing(Visit::Page(page), _) if page.content.may_wait())
    }
}

impl Context {
    /// Makes a task's requests, or goes on with one that is under way.
    pub fn fetch_task(&self, kind: Kind, task: &Task, begun: Option<Begun>) -> Result<Fetched> {
        Ok(match kind {
            Kind::Directory => Fetched::Directory(self.visit_directory()?),
            Kind::Enrich => {
                let business = self.business(&task.key)?;
                let profile = self.visit_website(&business)?;
                Fetched::Enrich(business, profile)
            }
            Kind::Images => {
                let business = self.business(&task.key)?;
                let profile = self.visit_pictures(&business)?;
                Fetched::Images(business, profile)
            }
            Kind::Member => {
                let options: MemberOptions = serde_json::from_value(task.options.clone())?;
                let url = tasks::member_page(&task.key, &options)?;
                match self.visit_member(&url) {
                    Ok(page) => Fetched::Member(Some(page), options),
                    // The catalogue tells of them.
                    Err(Error::Robots { .. }) if self.knows_results()? => Fetched::Member(None, options),
                    Err(error) => return Err(error),
                }
            }
            Kind::Catalogue => {
                let options: CatalogueOptions = serde_json::from_value(task.options.clone())?;
                Fetched::Catalogue(self.visit_catalogue(&task.key, &options)?, options)
            }
            Kind::Listing => {
                let options = tasks::listing_options(task)?;
                let archived = if options.archived { self.archived_listing(&task.key)? } else { None };
                let visit = match (archived, begun) {
                    (Some(visit), None) => visit,
                    (_, Some(begun)) => self.end_listing(begun)?,
                    (None, None) => self.visit_listing(&task.key)?,
                };
                Fetched::Listing(visit, options)
            }
            Kind::Inventory => {
                let options: InventoryOptions = serde_json::from_value(task.options.clone())?;
                let list = self.fetch_list(tasks::dealer_of(&task.key), &options)?;
                Fetched::Inventory(Box::new(list), options)
            }
            Kind::InventoryItem => {
                let options: ItemOptions = serde_json::from_value(task.options.clone())?;
                let (dealer, url) = tasks::dealer_and_item(&task.key)?;
                Fetched::InventoryItem(Box::new(self.fetch_item(dealer, url)?), options)
            }
        })
    }

    /// Stores what a task's requests brought, and enqueues what follows from it.
    pub fn store_task(&self, task: &Task, fetched: &Fetched) -> Result<Stored> {
        let counts = match fetched {
            Fetched::Directory(page) => return self.store_directory_task(task, page),
            Fetched::Enrich(business, profile) => Ok(one(self.store_website(business, profile)?)),
            Fetched::Images(business, profile) => Ok(one(self.store_pictures(business, profile)?)),
            Fetched::Catalogue(page, options) => self.store_catalogue_task(task, page, options),
            Fetched::Member(page, options) => self.store_member_task(task, page.as_ref(), options),
            Fetched::Listing(visit, options) => Ok(one(self.store_listing(&task.key, visit, *options)?)),
            Fetched::Inventory(list, options) => self.store_inventory_task(task, list, options),
            Fetched::InventoryItem(item, options) => Ok(one(self.store_item_page(item, *options)?)),
        };
        Ok(Stored { counts: counts?, unstored: None })
    }

    /// Keeps the body of a page that was not what it should be, for whoever looks into it.
    pub fn keep_unexpected(&self, task: &Task, fetched: &Fetched) -> Result<()> {
        match fetched {
            Fetched::Directory(page) => {
                self.archive_text(DIRECTORY_URL, PageKind::Directory, page, Parsed::No)
            }
            Fetched::Listing(Visit::Page(page), _) => self.archive_listing(&task.key, page, Parsed::No),
            Fetched::Catalogue(page, _) => {
                self.archive_text(page.url.as_str(), PageKind::Catalogue, page, Parsed::No)
            }
            Fetched::Member(Some(page), _) => {
                let url = member_url(tasks::username_of(&task.key));
                self.archive_text(&url, PageKind::Member, page, Parsed::No)
            }
            _ => Ok(()),
        }
    }

    /// Stores a page of a dealer's inventory; enqueues its next page, and the items' own pages that are to be read.
    fn store_inventory_task(
        &self,
        task: &Task,
        list: &FetchedList,
        options: &InventoryOptions,
    ) -> Result<Counts> {
        let dealer = tasks::dealer_of(&task.key);
        let stored = self.store_list(list, options)?;
        let mut follow_up: Vec<NewTask> = Vec::new();
        if let Some(next) = &stored.next {
            let url = match &next.url {
                Some(url) => site::parse(url)?,
                None => list.home()?,
            };
            follow_up.push(tasks::inventory(dealer, &url, next)?);
        }
        for page in &stored.items {
            let Ok(url) = Url::parse(&page.url) else { continue };
            let (accept, is_unlisted, is_priced) = (options.accept, stored.are_unlisted, page.is_priced);
            let options = ItemOptions { accept, is_unlisted, is_priced };
            follow_up.push(tasks::inventory_item(dealer, &url, options)?);
        }
        self.store.enqueue(&follow_up)?;
        Ok(stored.counts)
    }

    fn store_directory_task(&self, task: &Task, page: &Page) -> Result<Stored> {
        let options = ingest::options_of(&task.options)?;
        let max_partners = options.as_ref().and_then(|options| options.max_partners);
        let StoredDirectory { counts, ids, unstored } = self.store_directory(page, max_partners)?;
        if let Some(options) = options {
            self.enqueue_partners(&options, max_partners.map(|_| &ids[..]))?;
        }
        Ok(Stored { counts, unstored })
    }

    /// Enqueues what `bat_ingest` does for each partner, or for those of these ids. Returns how many tasks are new or due
    /// earlier.
    pub fn enqueue_partners(&self, options: &IngestOptions, ids: Option<&[String]>) -> Result<usize> {
        let partners = match ids {
            Some(ids) => self.store.partners_of(ids)?,
            None => self.store.partners(options.max_partners)?,
        };
        let mut tasks: Vec<NewTask> = Vec::new();
        for partner in &partners {
            if !options.skip_enrich && !is_fresh(partner) {
                // A partner without a site has nothing to enrich from, which is no failure.
                let url = pages_of(partner).ok().and_then(|urls| urls.into_iter().next());
                tasks.extend(url.map(|url: Url| tasks::enrich(&partner.id, &url)));
            }
            let username = partner.bat_username.as_deref().filter(|_| !options.skip_import);
            if let Some(Ok(username)) = username.map(tasks::username) {
                let options = MemberOptions {
                    max_pages: options.max_pages,
                    listing_limit: options.listing_limit,
                    spare_awaited: options.spare_awaited,
                    ..MemberOptions::default()
                };
                let task = tasks::member(&username, &options)?;
                // Partners that share a member share its pages.
                if !tasks.iter().any(|known| known.kind == task.kind && known.key == task.key) {
                    tasks.push(task);
                }
            }
        }
        self.store.enqueue(&tasks)
    }

    /// Enqueues a member's listings: those that its page shows, those that the catalogue told of, and the next page.
    fn store_member_task(&self, task: &Task, page: Option<&Page>, options: &MemberOptions) -> Result<Counts> {
        let username = tasks::username_of(&task.key);
        let mut collected = match page {
            Some(page) => self.collect_member(page, true)?,
            None => Collected::default(),
        };
        if options.spare_awaited {
            self.spare_awaited(&mut collected)?;
        }
        let unimported = self.unimported(username, &collected.wanted)?;
        let limit =
            options.listing_limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or_default());
        let shown = collected.wanted.iter().map(|url| tasks::listing(url));
        let told = unimported.iter().map(|url| tasks::unimported_listing(url));
        let wanted: Vec<NewTask> = shown.chain(told).take(limit).collect::<Result<_>>()?;
        self.store.enqueue(&wanted)?;
        let left = limit.saturating_sub(wanted.len());
        if let Some(next) = &collected.next
            && options.page < options.max_pages
            && left > 0
        {
            let next = MemberOptions {
                url: Some(next.to_string()),
                page: options.page + 1,
                max_pages: options.max_pages,
                spare_awaited: options.spare_awaited,
                listing_limit: options.listing_limit.map(|_| i32::try_from(left).unwrap_or(i32::MAX)),
            };
            self.store.enqueue(&[tasks::member(username, &next)?])?;
        }
        Ok(Counts {
            skipped: i32::try_from(collected.skipped).unwrap_or(i32::MAX),
            refused: i32::from(page.is_none() && !self.knows_history()?),
            ..Counts::default()
        })
    }
}

fn one(outcome: Outcome) -> Counts {
    let mut counts = Counts::default();
    add(&mut counts, outcome);
    counts
}

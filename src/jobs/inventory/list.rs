//! One page of a dealer's list: fetched, stored, and what is to be read after it.

use url::Url;

use super::super::context::Context;
use super::super::site;
use super::item_page::{ASK_AGAIN, OwnPage};
use super::items::StoredItems;
use super::onward::{Onward, onward};
use super::search::{ReadPage, Search};
use super::signs::is_further_page;
use super::{Cause, InventoryOptions, RunMode};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::crawls::{Crawl, PageOfCrawl, Trusted};
use crate::store::runs::Counts;

/// What the requests for a page of a list brought.
pub struct FetchedList {
    business: Business,
    /// Before the first request, ISO 8601.
    started_at: String,
    found: Found,
}

enum Found {
    Page {
        page: Box<ReadPage>,
        sold_list_url: Option<String>,
    },
    Items(Vec<String>),
    Forbidden,
    Down,
    /// No list, but a page at a customary place that a script is to fill.
    Unfilled(Url),
    /// The list is not where it was lately; the error, if its page could not be had.
    Away(Option<Error>),
    Nothing,
    /// What a later page of the list leads to is no page of it.
    Elsewhere,
    /// Another organization has the same site, and its inventory.
    HeldBy(Business),
    /// The crawl was ended meanwhile.
    Over,
}

/// What became of a page of a list.
#[derive(Default)]
pub struct StoredList {
    pub counts: Counts,
    /// The page to read next.
    pub next: Option<InventoryOptions>,
    /// Pages of single items to read.
    pub items: Vec<OwnPage>,
    /// Whether no list shows these.
    pub are_unlisted: bool,
    /// What there is to say, once the crawl has ended.
    pub message: Option<String>,
    /// Whether it ended without having read the whole list.
    pub is_incomplete: bool,
}

impl FetchedList {
    /// The dealer's home page.
    pub fn home(&self) -> Result<Url> {
        home_of(&self.business)
    }
}

/// The home page of a dealer.
pub fn home_of(business: &Business) -> Result<Url> {
    let website = business.website.as_deref();
    site::website(website.ok_or_else(|| Error::NoWebsite(business.id.clone()))?)
}

impl Context {
    /// Fetches a page of a dealer's list; the first one is looked for.
    pub fn fetch_list(&self, dealer: &str, options: &InventoryOptions) -> Result<FetchedList> {
        let started_at = self.time();
        let business = self.business(dealer)?;
        let found = match (options.crawl, &options.url) {
            (Some(crawl), Some(url)) => self.fetch_later_page(&business, crawl, url, options)?,
            _ => self.fetch_first_page(&business, options)?,
        };
        Ok(FetchedList { business, started_at, found })
    }

    fn fetch_first_page(&self, business: &Business, options: &InventoryOptions) -> Result<Found> {
        let home = home_of(business)?;
        let website = business.website.as_deref().unwrap_or_default();
        if let Some(holder) = self.other_holder(business)? {
            return Ok(Found::HeldBy(holder));
        }
        let known = self.store.known_lists(&business.id, website, Trusted::Believed)?;
        Ok(match self.search_list(&home, &known, options)? {
            Search::Found { first, sold_list_url } => {
                self.require_end(&first, &home)?;
                Found::Page { page: first, sold_list_url }
            }
            Search::Items(urls) => Found::Items(urls),
            Search::Forbidden => Found::Forbidden,
            Search::Down => Found::Down,
            Search::Unfilled(url) => Found::Unfilled(url),
            Search::Away(error) => Found::Away(error),
            Search::Nothing => Found::Nothing,
        })
    }

    fn fetch_later_page(
        &self,
        business: &Business,
        crawl: i64,
        url: &str,
        options: &InventoryOptions,
    ) -> Result<Found> {
        if !self.store.is_crawling(crawl)? {
            return Ok(Found::Over);
        }
        let asked = self.own_page(business, url)?;
        match self.read_inventory_page(&asked) {
            Ok(page) if !is_further_page(&asked, &page.url) => Ok(Found::Elsewhere),
            Ok(page) if page.inventory.is_down => Ok(Found::Down),
            Ok(page) => {
                if !options.unclosed {
                    self.require_end(&page, &home_of(business)?)?;
                }
                Ok(Found::Page { page: Box::new(page), sold_list_url: None })
            }
            Err(Error::Robots { .. }) => Ok(Found::Forbidden),
            Err(error) => Err(error),
        }
    }

    /// Stores a page of a dealer's list.
    pub fn store_list(&self, fetched: &FetchedList, options: &InventoryOptions) -> Result<StoredList> {
        let FetchedList { business, started_at, found } = fetched;
        match found {
            Found::Over => return Ok(StoredList::default()),
            Found::HeldBy(holder) => {
                return Ok(StoredList { message: Some(held_by(business, holder)), ..StoredList::default() });
            }
            _ => {}
        }
        let crawl = match options.crawl {
            Some(crawl) => self.store.crawl(crawl)?.filter(|crawl| crawl.state == "running"),
            None => {
                let (mode, website) = (options.run_mode.word(), business.website.as_deref());
                let crawl = self.store.begin_crawl(&business.id, mode, website, started_at)?;
                self.settle_holder(business)?;
                Some(crawl)
            }
        };
        let Some(crawl) = crawl else { return Ok(StoredList::default()) };
        match found {
            Found::Page { page, sold_list_url } => {
                self.store_page(business, crawl, page, sold_list_url.as_deref(), options)
            }
            Found::Items(urls) => {
                let named = PageOfCrawl {
                    items: i32::try_from(urls.len()).unwrap_or(i32::MAX),
                    ..PageOfCrawl::default()
                };
                let crawl = self.store.add_to_crawl(crawl.id, &named)?;
                let items = self.store.unread_items(&business.id, urls, ASK_AGAIN.as_secs_f64())?;
                let stored = self.end_crawl(business, &crawl, Some(Cause::Sitemap), options)?;
                let items = items.into_iter().map(OwnPage::unpriced).collect();
                Ok(StoredList { items, are_unlisted: true, ..stored })
            }
            Found::Forbidden => {
                let mut stored = self.end_crawl(business, &crawl, Some(Cause::Robots), options)?;
                stored.counts.refused = 1;
                Ok(stored)
            }
            Found::Down => self.end_crawl(business, &crawl, Some(Cause::Down), options),
            Found::Elsewhere => self.end_crawl(business, &crawl, Some(Cause::Paging), options),
            Found::Away(error) => self.end_while_away(business, &crawl, error.as_ref(), options),
            Found::Unfilled(url) => self.end_without_list(business, &crawl, Some(url), options),
            Found::Nothing | Found::HeldBy(_) | Found::Over => {
                self.end_without_list(business, &crawl, None, options)
            }
        }
    }

    fn store_page(
        &self,
        business: &Business,
        crawl: Crawl,
        page: &ReadPage,
        sold_list_url: Option<&str>,
        options: &InventoryOptions,
    ) -> Result<StoredList> {
        let inventory = &page.inventory;
        self.observe("inventory", page.url.as_str(), &inventory.items);
        let StoredItems { counts, first_time, wanted } = self.store_items(business, &crawl, page, options)?;
        let is_first = options.page <= 1;
        let of_list = |url: &str| if is_first { Some(url.to_owned()) } else { None };
        let (list_url, own_sold_url) = match options.is_of_sold() {
            true => (None, of_list(page.list_url())),
            false => (of_list(page.list_url()), sold_list_url.map(str::to_owned)),
        };
        let crawl = self.store.add_to_crawl(
            crawl.id,
            &PageOfCrawl {
                items: first_time,
                inserted: counts.inserted,
                updated: counts.updated,
                items_total: inventory.items_total,
                platform: inventory.platform.as_deref(),
                list_url: list_url.as_deref(),
                sold_list_url: own_sold_url.as_deref(),
            },
        )?;
        let is_whole = crawl.items_total.is_some_and(|total| i64::from(crawl.items) >= total);
        let cause = match onward(inventory, first_time, is_whole, options) {
            Onward::End(cause) => cause,
            Onward::Page { url, barren } => {
                let next = InventoryOptions { crawl: Some(crawl.id), barren, ..behind(page, url, options) };
                return Ok(StoredList { counts, next: Some(next), items: wanted, ..StoredList::default() });
            }
        };
        let ended = self.end_crawl(business, &crawl, cause, options)?;
        let mut items = wanted;
        items.extend(ended.items);
        let mut counts = counts;
        counts.add(&ended.counts);
        Ok(StoredList { counts, items, ..ended })
    }
}

/// What to read behind a page of a list.
fn behind(page: &ReadPage, url: String, options: &InventoryOptions) -> InventoryOptions {
    InventoryOptions {
        url: Some(url),
        page: options.page + 1,
        promised: page.promises_next,
        unclosed: options.unclosed || page.is_unclosed,
        ..options.clone()
    }
}

/// The crawl to begin when one has ended: that of the sold list, where both are asked for.
pub(super) fn after(options: &InventoryOptions) -> Option<InventoryOptions> {
    (options.run_mode == RunMode::Both).then(|| InventoryOptions {
        run_mode: RunMode::Sold,
        max_pages: options.max_pages,
        accept: options.accept,
        ..InventoryOptions::default()
    })
}

fn held_by(business: &Business, holder: &Business) -> String {
    let name = |business: &Business| business.business_name.clone().unwrap_or_else(|| business.id.clone());
    format!(
        "{}: its web site is also that of {} ({}), under which its inventory is kept",
        name(business),
        name(holder),
        holder.id
    )
}

//! A dealer's own inventory: finds its list, pages through it, and keeps what it says.
//!
//! A walk over the list is a *crawl*. In the queue each page is a task of its own, which enqueues the next; `bat_sync_inventory`
//! reads them one after the other. Only a crawl that read every page may say that something is no longer there, and even
//! then two of them must, a day apart, before the item's own page is asked.

use serde::{Deserialize, Serialize};

mod due;
mod end;
mod holder;
mod item_page;
mod items;
mod list;
mod matching;
mod onward;
mod price;
mod reused;
mod search;
mod seen;
mod signs;
mod sitemaps;
pub mod sync;
mod telling;
mod tried;
mod vehicle;

pub use due::{all_dealers, dealers_due, one_dealer};
pub use item_page::{FetchedItem, ItemOptions};
pub use list::FetchedList;

use crate::error::{Error, Result};

/// Pages of a list that a task of the queue reads at most, if it is not told another number.
pub const MOST_PAGES: i32 = 200;

/// Which of a dealer's lists to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunMode {
    /// What is for sale.
    #[default]
    Current,
    /// What was sold.
    Sold,
    /// Both, one after the other.
    Both,
}

impl RunMode {
    /// The mode of a word.
    pub fn of(word: &str) -> Result<RunMode> {
        match word.trim() {
            "current" => Ok(RunMode::Current),
            "sold" => Ok(RunMode::Sold),
            "both" => Ok(RunMode::Both),
            other => {
                Err(Error::Argument(format!("\"{other}\" is no run mode: there are current, sold, both")))
            }
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            RunMode::Current => "current",
            RunMode::Sold => "sold",
            RunMode::Both => "both",
        }
    }
}

/// What to read of a dealer's inventory: the beginning of a crawl, or a later page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InventoryOptions {
    pub run_mode: RunMode,
    /// Last page to read.
    pub max_pages: i32,
    /// Whether what the guards would hold back is believed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accept: bool,
    /// The crawl that a later page belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crawl: Option<i64>,
    /// Where a later page is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Number of the page, from 1.
    pub page: i32,
    /// How many pages right before it showed nothing.
    #[serde(skip_serializing_if = "is_zero")]
    pub barren: i32,
    /// Whether the page before it says that there is this one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub promised: bool,
    /// Whether the site's pages do not end as HTML does: then nothing follows from that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unclosed: bool,
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

impl Default for InventoryOptions {
    fn default() -> Self {
        InventoryOptions {
            run_mode: RunMode::Current,
            max_pages: MOST_PAGES,
            accept: false,
            crawl: None,
            url: None,
            page: 1,
            barren: 0,
            promised: false,
            unclosed: false,
        }
    }
}

impl InventoryOptions {
    /// Whether it is the list of what was sold that is read now.
    fn is_of_sold(&self) -> bool {
        self.run_mode == RunMode::Sold
    }
}

/// Why a crawl is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// robots.txt forbids a page of the list.
    Robots,
    /// As many pages were read as were asked for.
    Budget,
    /// A page could not be had.
    Error,
    /// A page that the list goes on with showed nothing, or nothing new.
    Paging,
    /// The site says that there is more than it showed.
    Total,
    /// Nothing but a sitemap tells of the items.
    Sitemap,
    /// The site is down for maintenance.
    Down,
    /// Nothing where something was.
    NothingFound,
    /// Less than half of what was there.
    UnderHalf,
    /// Most of what was there is not, and most of what is there is new.
    OtherItems,
}

impl Cause {
    /// The word for it in `bat_crawls`.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Robots => "robots",
            Cause::Budget => "budget",
            Cause::Error => "error",
            Cause::Paging => "paging",
            Cause::Total => "total",
            Cause::Sitemap => "sitemap",
            Cause::Down => "down",
            Cause::NothingFound => "nothing_found",
            Cause::UnderHalf => "under_half",
            Cause::OtherItems => "other_items",
        }
    }
}

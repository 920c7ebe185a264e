//! The kinds of tasks: their keys, options, order, and the host that they ask.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::catalogue::CatalogueOptions;
use super::catalogue::feed::Feed;
use super::inventory::{InventoryOptions, ItemOptions, RunMode};
use super::site::{DIRECTORY_URL, base_host, fetch_url, host_key, member_url, on_site, parse};
use crate::error::{Error, Result};
use crate::store::tasks::{NewTask, Task};

/// Kind of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The partner directory. Key: its canonical URL.
    Directory,
    /// A page of a feed of the catalogue. Key: the feed; with `#2` and so on for later pages.
    Catalogue,
    /// An organization's own site. Key: the organization's id.
    Enrich,
    /// The pictures of an organization, where one is missing. Key: the organization's id.
    Images,
    /// A page of a member. Key: the username; `username#2` and so on for later pages.
    Member,
    /// A listing. Key: its canonical URL.
    Listing,
    /// A page of a dealer's own inventory. Key: the organization's id, with `#sold` for the list of what was sold; for later
    /// pages with the crawl and the page's number, such as `#7#2`: a page of a crawl that is over takes no other's place.
    Inventory,
    /// The page of a single item of it. Key: the organization's id and the item's URL.
    InventoryItem,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 8] = [
        Kind::Directory,
        Kind::Catalogue,
        Kind::Enrich,
        Kind::Images,
        Kind::Member,
        Kind::Listing,
        Kind::Inventory,
        Kind::InventoryItem,
    ];

    /// The word for it in `bat_tasks`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Directory => "directory",
            Kind::Catalogue => "catalogue",
            Kind::Enrich => "enrich",
            Kind::Images => "images",
            Kind::Member => "member",
            Kind::Listing => "listing",
            Kind::Inventory => "inventory",
            Kind::InventoryItem => "inventory_item",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Result<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
            let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
            Error::Argument(format!("\"{word}\" is no kind of task: there are {}", words.join(", ")))
        })
    }

    /// Order among the tasks of one host; smaller goes first.
    fn priority(self) -> i16 {
        match self {
            Kind::Directory => 10,
            Kind::Catalogue => 15,
            Kind::Enrich => 30,
            Kind::Member => 20,
            Kind::Listing => 40,
            Kind::Inventory => 32,
            Kind::Images => 34,
            Kind::InventoryItem => 42,
        }
    }
}

/// Options of a member task.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberOptions {
    /// Where a later page is.
    pub url: Option<String>,
    /// Number of the page, from 1.
    pub page: i32,
    /// Last page to read.
    pub max_pages: i32,
    /// How many listings may still be enqueued.
    pub listing_limit: Option<i32>,
    /// Whether live listings whose next visit is scheduled are left to that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spare_awaited: bool,
}

/// Options of a listing task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListingOptions {
    /// Whether only a light row is kept if its seller is no partner.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub light: bool,
    /// Whether the archive may have its page already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// The years of history may wait until all else is done, and its listings until it has been walked over.
const HISTORY_PRIORITY: i16 = 45;
const HISTORY_LISTING_PRIORITY: i16 = 50;

impl Default for MemberOptions {
    fn default() -> Self {
        MemberOptions { url: None, page: 1, max_pages: 10, listing_limit: None, spare_awaited: false }
    }
}

fn task(kind: Kind, key: String, host: String, options: Value) -> NewTask {
    NewTask { kind: kind.word(), key, host, options, priority: kind.priority() }
}

/// The task to read the directory.
pub fn directory() -> Result<NewTask> {
    Ok(task(Kind::Directory, DIRECTORY_URL.to_owned(), base_host()?, Value::Object(Default::default())))
}

/// The task to read a page of a feed of the catalogue.
pub fn catalogue(feed: &Feed, options: &CatalogueOptions) -> Result<NewTask> {
    let key = feed.key(options.page(), options.order);
    let mut task = task(Kind::Catalogue, key, base_host()?, serde_json::to_value(options)?);
    if matches!(feed, Feed::History(_)) {
        task.priority = HISTORY_PRIORITY;
    }
    Ok(task)
}

/// The task to read an organization's site.
pub fn enrich(id: &str, url: &Url) -> NewTask {
    task(Kind::Enrich, id.to_owned(), host_key(url), Value::Object(Default::default()))
}

/// The task to look for an organization's pictures.
pub fn images(id: &str, url: &Url) -> NewTask {
    task(Kind::Images, id.to_owned(), host_key(url), Value::Object(Default::default()))
}

/// The task to read a page of a dealer's own inventory, which is at `url`.
pub fn inventory(dealer: &str, url: &Url, options: &InventoryOptions) -> Result<NewTask> {
    let mut key = dealer.to_owned();
    if options.run_mode == RunMode::Sold {
        key += "#sold";
    }
    if let Some(crawl) = options.crawl {
        key += &format!("#{crawl}#{}", options.page);
    }
    Ok(task(Kind::Inventory, key, host_key(url), serde_json::to_value(options)?))
}

/// The task to read the page of a single item of a dealer's own inventory.
pub fn inventory_item(dealer: &str, url: &Url, options: ItemOptions) -> Result<NewTask> {
    Ok(task(Kind::InventoryItem, format!("{dealer} {url}"), host_key(url), serde_json::to_value(options)?))
}

/// The organization, and the item's URL, of the key of an item's task.
pub fn dealer_and_item(key: &str) -> Result<(&str, &str)> {
    key.split_once(' ').ok_or_else(|| Error::Argument(format!("\"{key}\" is no id and URL of an item")))
}

/// The organization of the key of a task for an inventory.
pub fn dealer_of(key: &str) -> &str {
    key.split('#').next().unwrap_or(key)
}

/// The task to read a page of a member.
pub fn member(username: &str, options: &MemberOptions) -> Result<NewTask> {
    let key = if options.page > 1 { format!("{username}#{}", options.page) } else { username.to_owned() };
    Ok(task(Kind::Member, key, base_host()?, serde_json::to_value(options)?))
}

/// The task to read a listing.
pub fn listing(url: &str) -> Result<NewTask> {
    Ok(task(Kind::Listing, url.to_owned(), base_host()?, Value::Object(Default::default())))
}

/// The options of a listing task.
pub fn listing_options(task: &Task) -> Result<ListingOptions> {
    Ok(serde_json::from_value(task.options.clone())?)
}

/// The task to read a listing that the catalogue told of.
pub fn told_listing(url: &str, is_of_history: bool) -> Result<NewTask> {
    let options = ListingOptions { light: true, archived: false };
    let mut task = NewTask { options: serde_json::to_value(options)?, ..listing(url)? };
    if is_of_history {
        task.priority = HISTORY_LISTING_PRIORITY;
    }
    Ok(task)
}

/// The task to import a listing of a partner that was read, maybe, before its seller was one.
pub fn unimported_listing(url: &str) -> Result<NewTask> {
    let options = ListingOptions { light: false, archived: true };
    Ok(NewTask { options: serde_json::to_value(options)?, ..listing(url)? })
}

/// The username of a member task's key.
pub fn username_of(key: &str) -> &str {
    key.split('#').next().unwrap_or(key)
}

/// Where a member task's page is.
pub fn member_page(key: &str, options: &MemberOptions) -> Result<Url> {
    match &options.url {
        Some(url) => on_site(parse(url)?),
        None => fetch_url(&member_url(&username(username_of(key))?)),
    }
}

/// A username as it stands in a member URL; refuses what cannot be one.
pub fn username(text: &str) -> Result<String> {
    let username = text.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_slug = !username.is_empty()
        && username.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%'));
    if is_slug { Ok(username) } else { Err(Error::Argument(format!("\"{text}\" is no BaT username"))) }
}

/// An organization's id as PostgreSQL prints it; refuses what is none.
pub fn uuid(text: &str) -> Result<String> {
    let parsed = Uuid::try_parse(text).map_err(|_| Error::Argument(format!("\"{text}\" is no uuid")))?;
    Ok(parsed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_two_crawls_are_two_tasks() {
        let url = Url::parse("https://dealer.example/inventory?page=2").unwrap();
        let key = |run_mode: RunMode, crawl: Option<i64>, page: i32| {
            let options = InventoryOptions { run_mode, crawl, page, ..InventoryOptions::default() };
            inventory("an-id", &url, &options).unwrap().key
        };
        assert_eq!(key(RunMode::Current, None, 1), "an-id");
        assert_eq!(key(RunMode::Current, Some(7), 2), "an-id#7#2");
        assert_eq!(key(RunMode::Current, Some(8), 2), "an-id#8#2");
        assert_eq!(key(RunMode::Sold, Some(9), 2), "an-id#sold#9#2");
        assert_eq!(dealer_of("an-id#sold#9#2"), "an-id");
    }
}

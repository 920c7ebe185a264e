//! A page of a dealer's own web site: what it offers for sale.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use url::Url;

mod aan;
mod address;
mod auto_manager;
mod auto_revo;
mod blocks;
mod carsforsale;
mod dealer_accelerate;
mod dealer_center;
mod entire;
mod entrance;
mod generic;
mod item;
mod joined;
mod labels;
mod make;
mod mark;
mod motorcar_marketing;
mod names;
mod offer;
mod others;
mod paging;
mod picture;
mod platform;
mod price;
mod prices;
mod scope;
mod shopify;
mod sold_parts;
mod squarespace;
mod state;
mod structured;
mod tenant;
mod title;
mod wordpress;

use crate::dom::Document;
use crate::down::is_down;
use crate::site;

pub use crate::site::are_of_one_site;
pub use entire::is_unclosed;
pub use entrance::{
    Entrances, MOST_ENTRANCES, SEEDS, SitemapEntrances, entrances_of_sitemap, inventory_entrances,
};
pub use item::{Item, Mileage, Status};
pub use tenant::{is_anothers, is_front_page, is_tenant, seeds_of_tenant};

/// What one page of a dealer's site offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// What the site is built with, as recognised from this page.
    pub platform: Option<String>,
    /// Whether the page is about one item, and no list.
    pub is_item_page: bool,
    /// The items that the page tells of, in its order, each once.
    pub items: Vec<Item>,
    /// The list's next page, absolute URL.
    pub next_url: Option<String>,
    /// Pages of single items, absolute URLs, that tell more of an item than the list does: those of the items
    /// without a chassis number, a price or a title.
    pub item_urls: Vec<String>,
    /// How many items the page says the whole list has.
    pub items_total: Option<i64>,
    /// Whether the page is the dealer's list of what was sold.
    pub is_sold_list: bool,
    /// Whether the page itself says that there is nothing, in the list's place: `No vehicles found`. A page without
    /// items that does not say so may be one that could not be read.
    pub says_empty: bool,
    /// Whether the page stands in for a site that is not there: repairs, a parked domain, a web server without a site.
    pub is_down: bool,
}

/// What a page of a dealer's site offers, and what it tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InventoryPage {
    /// What it offers.
    pub inventory: Inventory,
    /// Whether it says that there is a next page, and does not merely link one.
    pub promises_next: bool,
    /// Whether it begins as HTML and does not end so.
    pub is_unclosed: bool,
    /// Whether it shows nothing at all, and a script is to fill it.
    pub is_shell: bool,
}

/// The page as its readers see it.
struct Page<'a> {
    /// The page as fetched.
    html: &'a str,
    document: Document,
    /// The page's own address.
    url: Option<Url>,
    /// What relative links resolve against.
    base: Option<Url>,
}

/// Reads a page of a dealer's own web site. `url` is where it was fetched: relative links resolve against it.
///
/// The platform is recognised from the page, and read by its own reader where its markup is known; every other
/// page is read by what it publishes for machines, then by repeated blocks with a title that begins with a year,
/// and by label and value.
pub fn parse_inventory(html: &str, url: &str) -> Inventory {
    read(&Page::of(html, url))
}

/// The same with what the page tells of itself. It is parsed once.
pub fn parse_inventory_page(html: &str, url: &str) -> InventoryPage {
    let page = Page::of(html, url);
    let inventory = read(&page);
    InventoryPage {
        promises_next: inventory.next_url.is_some() && paging::promises_next(&page),
        is_unclosed: is_unclosed(html),
        is_shell: inventory.items.is_empty() && entire::is_shell(&page),
        inventory,
    }
}

fn read(page: &Page<'_>) -> Inventory {
    let mut inventory = match platform::of(page) {
        Some(platform) => {
            let read = platform.read(page);
            Inventory { platform: Some(platform.name().to_owned()), ..read }
        }
        None => generic::read(page),
    };
    inventory.finish(page);
    inventory
}

impl<'a> Page<'a> {
    fn of(html: &'a str, url: &str) -> Self {
        let document = Document::parse(html);
        let address = Url::parse(url.trim()).ok();
        let base = site::base(&document, address.as_ref());
        Page { html, document, url: address, base }
    }

    /// An absolute web URL of a link or picture of the page.
    fn resolve(&self, href: &str) -> Option<Url> {
        if href.trim().len() > LONGEST_URL {
            return None;
        }
        site::resolve(href, self.base.as_ref()).filter(|url| url.as_str().len() <= LONGEST_URL)
    }

    /// Address of an item's page that a link leads to, if it is one of this site.
    fn item_url(&self, href: &str) -> Option<String> {
        let url = self.resolve(href)?;
        (self.is_here(&url) && !self.is_self(&url)).then(|| canonical(url))
    }

    /// Whether a URL is of the page's own host. Every one is, where that is not known.
    fn is_here(&self, url: &Url) -> bool {
        let own = self.url.as_ref().or(self.base.as_ref()).filter(|own| own.has_host());
        own.is_none_or(|own| site::are_of_one_host(own, url))
    }

    /// Whether a URL is the page itself.
    fn is_self(&self, url: &Url) -> bool {
        self.url.as_ref().is_some_and(|own| canonical(own.clone()) == canonical(url.clone()))
    }

    /// Whether an address is the page's own, however spelt.
    fn is_own(&self, address: &str) -> bool {
        self.own_item_url().is_some_and(|own| address_key(&own) == address_key(address))
    }

    /// Address of the item that the page is about.
    fn own_item_url(&self) -> Option<String> {
        self.url.clone().map(canonical)
    }

    /// Path of the page's own address, without its last slash.
    fn path(&self) -> &str {
        self.url.as_ref().map(Url::path).unwrap_or_default().trim_end_matches('/')
    }
}

/// Longest address, in bytes: many are kept of a page.
const LONGEST_URL: usize = 1_000;

/// Names of query parameters that tell where a visitor came from, besides those that begin with `utm_`.
const TRACKING: [&str; 12] = [
    "_ga", "_gl", "dclid", "fbclid", "gbraid", "gclid", "gclsrc", "igshid", "mc_cid", "mc_eid", "msclkid",
    "wbraid",
];

/// A URL without fragment and tracking.
fn canonical(mut url: Url) -> String {
    url.set_fragment(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
                !name.is_empty() && !name.starts_with("utm_") && !TRACKING.contains(&name.as_str())
            })
            .collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
    url.into()
}

/// What tells one address from another: neither the protocol, nor `www.`, nor a last slash does.
fn address_key(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    site::without_www(rest).trim_end_matches('/')
}

impl Inventory {
    /// A page about one item.
    fn of_item(item: Item) -> Self {
        Self { is_item_page: true, items: vec![item], ..Self::default() }
    }

    /// A page that lists items.
    fn of_list(items: Vec<Item>) -> Self {
        Self { items, ..Self::default() }
    }

    /// Each item once, and the links to those of which the list tells too little.
    fn finish(&mut self, page: &Page<'_>) {
        let mut seen = HashSet::new();
        self.items.retain_mut(|item| {
            item.tidy();
            let address = item.url.as_deref().map(address_key);
            let key = address.or(item.vin.as_deref()).or(item.item_id.as_deref());
            item.is_known() && key.is_none_or(|key| seen.insert(key.to_owned()))
        });
        self.is_item_page &= !self.items.is_empty();
        if self.is_item_page {
            self.next_url = None;
            self.item_urls.clear();
            return;
        }
        self.next_url = self.next_url.take().or_else(|| paging::next_url(page));
        self.items_total = self.items_total.or_else(|| paging::total(page));
        self.link_items();
        self.tell_state(page);
    }

    /// Keeps the links to items of which the list tells too little, and to those that it does not tell of.
    fn link_items(&mut self) {
        let told: HashSet<&str> =
            self.items.iter().filter_map(|item| item.url.as_deref().map(address_key)).collect();
        let others =
            std::mem::take(&mut self.item_urls).into_iter().filter(|url| !told.contains(address_key(url)));
        let poor =
            self.items.iter().filter(|item| item.lacks_something()).filter_map(|item| item.url.clone());
        let mut urls: Vec<String> = poor.chain(others).collect();
        let mut seen = HashSet::new();
        urls.retain(|url| seen.insert(address_key(url).to_owned()));
        self.item_urls = urls;
    }

    /// What the page says of itself.
    fn tell_state(&mut self, page: &Page<'_>) {
        self.is_sold_list = state::is_sold_list(page);
        if self.is_sold_list {
            for item in &mut self.items {
                item.status.get_or_insert(Status::Sold);
            }
        }
        if self.items.is_empty() && self.item_urls.is_empty() {
            self.is_down = is_down(&page.document, page.html, |href| page.item_url(href).is_some());
            let empty = self.says_empty || self.items_total == Some(0) || state::says_empty(page);
            self.says_empty = empty && !self.is_down;
        }
    }
}

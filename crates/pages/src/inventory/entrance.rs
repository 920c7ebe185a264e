//! Where a dealer's site has its lists, as its pages, its sitemaps and its platform tell.

use std::collections::HashSet;

use scraper::ElementRef;
use serde::{Deserialize, Serialize};
use url::Url;

use super::names::{self, Name};
use super::scope::short_text;
use super::{LONGEST_URL, Page, address, address_key, canonical, platform};
use crate::dom::{Attributes, within};
use crate::site::are_of_one_site;
use crate::text::non_empty;

/// Where a page's site may have its lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrances {
    /// What the site is built with, as recognised from this page.
    pub platform: Option<String>,
    /// Lists of what is for sale: absolute URLs of the page's own site, the likeliest first, each once. Those that the
    /// platform has by custom are among them, whether the page links them or not.
    pub current: Vec<String>,
    /// Lists of what was sold.
    pub sold: Vec<String>,
}

/// What the URLs of a sitemap may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitemapEntrances {
    /// Lists of what is for sale, the likeliest first.
    pub lists: Vec<String>,
    /// Lists of what was sold.
    pub sold_lists: Vec<String>,
    /// Pages about one vehicle, in the sitemap's order: not only of what is still for sale.
    pub items: Vec<String>,
    /// Further sitemaps worth reading, those called after vehicles first.
    pub sitemaps: Vec<String>,
}

/// Most lists of a kind, and most further sitemaps, that are named.
pub const MOST_ENTRANCES: usize = 8;

/// Paths under which many sites have their list: the last resort, where nothing names one.
pub const SEEDS: [&str; 10] = [
    "/inventory",
    "/inventory/",
    "/vehicles",
    "/cars-for-sale",
    "/for-sale",
    "/current-inventory",
    "/collections/all",
    "/listings",
    "/showroom",
    "/available",
];

/// How sure a list is by the platform's custom: surer than a link with one vague word, less than one with text and address
/// that say so.
const BY_PLATFORM: u32 = 45;

/// How sure a list is that tells of everything in one form: before all others.
const FOR_MACHINES: u32 = 1_000;

/// Finds the lists that a page of a dealer's site leads to. `url` is where it was fetched. Links count that stay on the
/// site: on its host, with or without `www.`, or on another one of the same registrable domain.
pub fn inventory_entrances(html: &str, url: &str) -> Entrances {
    let page = Page::of(html, url);
    let mut found = Found::default();
    for link in page.document.all("a[href], area[href]") {
        let Some(target) = link.attribute("href").and_then(|href| page.resolve(href)) else { continue };
        if is_of_site(&page, &target) && !is_home(&page, &target) {
            found.add(names::of_link(&name(link), &target), target);
        }
    }
    let platform = platform::of(&page);
    let paths = platform.map(|platform| platform.lists()).unwrap_or_default();
    for path in paths {
        if let Some(list) = page.url.as_ref().and_then(|own| own.join(path).ok()).filter(Url::has_host) {
            let sure = if path.starts_with("/products.json") { FOR_MACHINES } else { BY_PLATFORM };
            found.add(Some(Name::Current(sure)), list);
        }
    }
    let (current, sold) = found.likeliest();
    Entrances { platform: platform.map(|platform| platform.name().to_owned()), current, sold }
}

/// Sorts the URLs of a sitemap, pages and further sitemaps alike, by what their addresses say.
pub fn entrances_of_sitemap(urls: &[String]) -> SitemapEntrances {
    let mut found = Found::default();
    let mut items = Vec::new();
    let mut sitemaps = Vec::new();
    let mut seen = HashSet::new();
    for url in urls.iter().filter_map(|url| Url::parse(url).ok()) {
        if !matches!(url.scheme(), "http" | "https") || !seen.insert(key(&url)) {
            continue;
        }
        if is_sitemap(&url) {
            sitemaps.extend(rank(&url).map(|rank| (rank, String::from(url))));
        } else if address::is_item(&url) {
            items.push(canonical(url));
        } else {
            found.add(names::of_link("", &url), url);
        }
    }
    let (lists, sold_lists) = found.likeliest();
    sitemaps.sort_by_key(|(rank, _)| *rank);
    sitemaps.truncate(MOST_ENTRANCES);
    let sitemaps = sitemaps.into_iter().map(|(_, url)| url).collect();
    SitemapEntrances { lists, sold_lists, items, sitemaps }
}

/// Lists found so far.
#[derive(Default)]
struct Found {
    /// How sure each is, and how it is told from others.
    current: Vec<(u32, String, Url)>,
    sold: Vec<(u32, String, Url)>,
}

impl Found {
    fn add(&mut self, name: Option<Name>, url: Url) {
        match name {
            Some(Name::Current(sure)) => self.current.push((sure, key(&url), url)),
            Some(Name::Sold) => self.sold.push((0, key(&url), url)),
            None => {}
        }
    }

    /// Lists of what is for sale, and of what was sold.
    fn likeliest(self) -> (Vec<String>, Vec<String>) {
        (likeliest(self.current), likeliest(self.sold))
    }
}

/// The surest URLs, each once.
fn likeliest(mut found: Vec<(u32, String, Url)>) -> Vec<String> {
    // A stable sort: of equals, the page's first comes first.
    found.sort_by_key(|(sure, _, _)| std::cmp::Reverse(*sure));
    let mut seen = HashSet::new();
    found.retain(|(_, key, _)| seen.insert(key.clone()));
    found.truncate(MOST_ENTRANCES);
    let urls = found.into_iter().map(|(_, _, url)| canonical(url));
    urls.filter(|url| url.len() <= LONGEST_URL).collect()
}

/// What tells one list from another: of two that differ but in the letters' case, one is enough.
fn key(url: &Url) -> String {
    address_key(&canonical(url.clone())).to_lowercase()
}

/// What a link is called: its text, else what it is described by, else the text of its picture.
fn name(link: ElementRef<'_>) -> String {
    let attributes = |element: ElementRef<'_>| {
        ["aria-label", "title", "alt"].iter().find_map(|name| element.attribute(name).and_then(non_empty))
    };
    let picture = || within(link, "img[alt]").into_iter().find_map(attributes);
    short_text(link).or_else(|| attributes(link)).or_else(picture).unwrap_or_default()
}

/// Whether a URL belongs to the page's site: its host or another one of its registrable domain.
fn is_of_site(page: &Page<'_>, url: &Url) -> bool {
    page.url.as_ref().is_some_and(|own| page.is_here(url) || are_of_one_site(own, url))
}

/// Whether a URL is the front page of the page's own host.
fn is_home(page: &Page<'_>, url: &Url) -> bool {
    url.path() == "/" && url.query().is_none() && page.is_here(url)
}

fn is_sitemap(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    path.ends_with(".xml") || path.ends_with(".xml.gz")
}

/// How much a sitemap's name promises, the least number the most; `None` if it holds no vehicles.
fn rank(url: &Url) -> Option<u8> {
    let name = names::segments(url).pop()?.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if has(&[
            "tag", "category", "author", "taxonom", "user", "image", "video", "news", "blog", "_cat", "make",
        ]) =>
        {
            None
        }
        () if has(&["inventory", "vehicle", "listing", "product", "cars", "car-", "stock", "for-sale"]) => {
            Some(0)
        }
        () if has(&["page", "collection"]) => Some(1),
        () if has(&["post"]) => Some(3),
        () => Some(2),
    }
}

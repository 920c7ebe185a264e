//! Where a dealer's list is: where it was last time; else where the home page, the platform or a sitemap say.

use std::collections::BTreeMap;

use bat_pages::inventory::{SEEDS, are_of_one_site};
use bat_pages::kind::PageKind;
use bat_pages::{
    Entrances, Inventory, entrances_of_sitemap, inventory_entrances, parse_inventory, parse_sitemap,
};
use url::Url;

use super::super::context::Context;
use super::super::site;
use super::super::visit::{Page, Visit, Wanted};
use super::signs::{Signs, is_same_place};
use crate::error::{Error, Result};
use crate::store::crawls::KnownLists;

/// Pages that are looked at for a list, the home page and sitemaps apart.
const MOST_CANDIDATES: usize = 10;

/// Sitemaps that are read of one site.
const MOST_SITEMAPS: usize = 4;

/// Addresses of items out of a sitemap that are looked into.
const MOST_ITEMS: usize = 2_000;

/// A page of a dealer's site, read.
pub struct ReadPage {
    pub url: Url,
    pub inventory: Inventory,
    /// Where its list begins, if pages without any item come before this one.
    pub list_begins: Option<Url>,
}

impl ReadPage {
    /// Where to look for its list the next time.
    pub fn list_url(&self) -> &str {
        self.list_begins.as_ref().unwrap_or(&self.url).as_str()
    }
}

/// What a search for a dealer's list ended with.
pub enum Search {
    /// Its first page, and where the list of what was sold begins, if the site links one.
    Found { first: Box<ReadPage>, sold_list_url: Option<String> },
    /// No list; a sitemap tells of pages that may be of single items.
    Items(Vec<String>),
    /// The pages that may hold it may not be asked for.
    Forbidden,
    /// A page in place of the site: maintenance.
    Down,
    /// The site offers nothing.
    Nothing,
}

/// What came of the pages that were looked at.
#[derive(Default)]
struct Tried {
    urls: Vec<String>,
    is_forbidden: bool,
    /// Whether a page said that the site is down.
    is_down: bool,
    /// The first failure that may pass.
    failure: Option<Error>,
}

impl Context {
    /// A page of a dealer's site.
    pub(super) fn read_inventory_page(&self, url: &Url) -> Result<ReadPage> {
        let page = self.visit_site(url)?;
        let inventory = parse_inventory(&page.content, page.url.as_str());
        Ok(ReadPage { url: page.url, inventory, list_begins: None })
    }

    pub(super) fn visit_site(&self, url: &Url) -> Result<Page> {
        match self.visit(&Wanted::text(url, PageKind::Website), None)? {
            Visit::Page(page) => Ok(page),
            Visit::Unchanged => Err(Error::UnexpectedStatus { url: url.to_string(), status: 304 }),
        }
    }

    /// Finds a dealer's list. `wants_sold`: that of what was sold.
    pub(super) fn search_list(&self, home: &Url, known: &KnownLists, wants_sold: bool) -> Result<Search> {
        let mut tried = Tried::default();
        let (asked, other) = match wants_sold {
            true => (&known.sold_list_url, &known.list_url),
            false => (&known.list_url, &known.sold_list_url),
        };
        if let Some(first) =
            self.try_all(asked.iter().cloned(), Signs { wants_sold, is_known: true }, &mut tried)?
        {
            let sold_list_url = if wants_sold { asked.clone() } else { other.clone() };
            return Ok(Search::Found { first: Box::new(first), sold_list_url });
        }
        // Of a list that cannot be had now, no other page takes the place, unless that lasts.
        if known.are_recent && (tried.failure.is_some() || tried.is_down) {
            return tried.end(Search::Nothing);
        }
        let signs = Signs { wants_sold, is_known: false };
        let page = self.visit_site(home)?;
        let entrances = inventory_entrances(&page.content, page.url.as_str());
        let at_home = parse_inventory(&page.content, page.url.as_str());
        if at_home.is_down {
            return Ok(Search::Down);
        }
        let candidates = if wants_sold { entrances.sold.clone() } else { entrances.current.clone() };
        if let Some(first) = self.try_all(candidates.into_iter(), signs, &mut tried)? {
            return Ok(found(first, &entrances, wants_sold));
        }
        if wants_sold {
            return tried.end(Search::Nothing);
        }
        let of_sitemap = self.search_sitemaps(&page.url, &mut tried)?;
        let lists = of_sitemap.0.into_iter();
        let seeds = SEEDS.iter().filter_map(|path| page.url.join(path).ok()).map(String::from);
        if let Some(first) = self.try_all(lists.chain(seeds), signs, &mut tried)? {
            return Ok(found(first, &entrances, false));
        }
        if !at_home.items.is_empty() {
            let first = ReadPage { url: page.url, inventory: at_home, list_begins: None };
            return Ok(found(first, &entrances, false));
        }
        if !of_sitemap.1.is_empty() {
            return Ok(Search::Items(of_sitemap.1));
        }
        tried.end(Search::Nothing)
    }

    /// The first of these pages that is a list.
    fn try_all(
        &self,
        urls: impl Iterator<Item = String>,
        signs: Signs,
        tried: &mut Tried,
    ) -> Result<Option<ReadPage>> {
        for text in urls {
            let mut next = Some(text);
            let mut begins: Option<Url> = None;
            while let Some(text) = next.take() {
                if tried.urls.len() >= MOST_CANDIDATES || tried.urls.contains(&text) {
                    break;
                }
                let Ok(url) = site::parse(&text) else { break };
                tried.urls.push(text);
                match self.read_inventory_page(&url) {
                    Ok(page) if signs.are_of_list(&page.inventory, begins.is_some()) => {
                        return Ok(Some(ReadPage { list_begins: begins, ..page }));
                    }
                    Ok(page) if page.inventory.is_down => tried.is_down = true,
                    // Some pages load their list from elsewhere; a shop's first pages may offer other things.
                    Ok(page) if page.inventory.items.is_empty() => {
                        next = page.inventory.next_url;
                        let goes_on = next.as_deref().is_some_and(|next| is_same_place(&page.url, next));
                        begins = if goes_on { begins.or(Some(page.url)) } else { None };
                    }
                    Ok(_) => {}
                    Err(error) => tried.note(error)?,
                }
            }
        }
        Ok(None)
    }

    /// What the sitemaps that robots.txt names say: lists, and pages of single items.
    fn search_sitemaps(&self, home: &Url, tried: &mut Tried) -> Result<(Vec<String>, Vec<String>)> {
        let mut queue = self.sitemaps_of(home)?;
        let (mut lists, mut items, mut read) = (Vec::new(), Vec::new(), 0);
        while let Some(text) = queue.pop() {
            let Ok(url) = site::parse(&text) else { continue };
            if read >= MOST_SITEMAPS {
                break;
            }
            read += 1;
            let page = match self.visit_site(&url) {
                Ok(page) => page,
                Err(error) => {
                    tried.note(error)?;
                    continue;
                }
            };
            let sitemap = parse_sitemap(&page.content);
            let entrances = entrances_of_sitemap(&[sitemap.sitemaps, sitemap.urls].concat());
            // The likeliest is read next.
            queue.extend(entrances.sitemaps.into_iter().rev());
            lists.extend(entrances.lists);
            items.extend(entrances.items);
        }
        lists.retain(|url| is_of_site(home, url));
        items.retain(|url| is_of_site(home, url));
        items.truncate(MOST_ITEMS);
        lists.extend(folder_of(&items));
        Ok((lists, items))
    }
}

/// Whether an address out of a sitemap is of the dealer's site: groups of dealers may pool theirs in one.
fn is_of_site(home: &Url, url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| are_of_one_site(home, &url))
}

/// The folder in which most of these pages are: their list, on many sites.
fn folder_of(items: &[String]) -> Option<String> {
    let mut folders: BTreeMap<Url, usize> = BTreeMap::new();
    for folder in items.iter().filter_map(|item| Url::parse(item).ok()?.join(parent(item)).ok()) {
        *folders.entry(folder).or_default() += 1;
    }
    let (folder, count) = folders.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 > items.len() && folder.path() != "/").then(|| folder.into())
}

/// What leads from a page to the folder that it is in.
fn parent(item: &str) -> &'static str {
    if item.ends_with('/') { ".." } else { "." }
}

fn found(first: ReadPage, entrances: &Entrances, wants_sold: bool) -> Search {
    let sold_list_url = match wants_sold {
        true => Some(first.list_url().to_owned()),
        false => entrances.sold.first().cloned(),
    };
    Search::Found { first: Box::new(first), sold_list_url }
}

impl Tried {
    /// Notes what a page failed with; what refuses all pages is the search's own failure.
    fn note(&mut self, error: Error) -> Result<()> {
        match error {
            Error::Robots { .. } => self.is_forbidden = true,
            Error::Gone { .. } | Error::NotText { .. } | Error::Refused { .. } | Error::Redirects { .. } => {}
            Error::UnexpectedStatus { .. } | Error::TooLarge { .. } => {}
            Error::Connection { .. } | Error::ServerTrouble { .. } => {
                self.failure.get_or_insert(error);
            }
            error => return Err(error),
        }
        Ok(())
    }

    /// The end of a search that found nothing: only if every page could be looked at is there nothing.
    fn end(self, nothing: Search) -> Result<Search> {
        match self.failure {
            Some(error) => Err(error),
            None if self.is_down => Ok(Search::Down),
            None if self.is_forbidden => Ok(Search::Forbidden),
            None => Ok(nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_most_pages_may_be_their_list() {
        let folder =
            |items: &[&str]| folder_of(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<String>>());
        let cars = ["https://d.example/listings/1-a/", "https://d.example/listings/2-b/"];
        assert_eq!(folder(&cars).as_deref(), Some("https://d.example/listings/"));
        assert_eq!(folder(&["https://d.example/cars/1.html"]).as_deref(), Some("https://d.example/cars/"));
        assert_eq!(folder(&["https://d.example/1967-jaguar"]), None);
        assert_eq!(folder(&["https://d.example/a/1", "https://d.example/b/2"]), None);
        assert_eq!(folder(&[]), None);
    }

    #[test]
    fn what_a_sitemap_names_of_other_sites_is_not_the_dealer_s() {
        let home = Url::parse("https://www.dealer.com/").unwrap();
        assert!(is_of_site(&home, "https://dealer.com/inventory/"));
        assert!(is_of_site(&home, "https://cars.dealer.com/inventory/"));
        assert!(!is_of_site(&home, "https://group.example.com/inventory/"));
        assert!(!is_of_site(&home, "no address"));
    }
}

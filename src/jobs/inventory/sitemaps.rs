//! What the sitemaps of a dealer's site tell of his list.

use std::collections::BTreeMap;

use bat_pages::inventory::are_of_one_site;
use bat_pages::{entrances_of_sitemap, parse_sitemap};
use url::Url;

use super::super::context::Context;
use super::super::site;
use super::tried::Tried;
use crate::error::Result;

/// Sitemaps that are read of one site.
const MOST_SITEMAPS: usize = 4;

/// Addresses of items out of a sitemap that are looked into.
const MOST_ITEMS: usize = 2_000;

impl Context {
    /// What the sitemaps that robots.txt names say: lists, and pages of single items.
    pub(super) fn search_sitemaps(
        &self,
        home: &Url,
        tried: &mut Tried,
    ) -> Result<(Vec<String>, Vec<String>)> {
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
                    tried.note(text, error)?;
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

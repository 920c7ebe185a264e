//! Where a dealer's list is: where it was last time; else where the home page, the platform or a sitemap say.

use bat_pages::inventory::{
    SEEDS, are_of_one_site, is_anothers, is_front_page, is_tenant, is_unclosed, seeds_of_tenant,
};
use bat_pages::kind::PageKind;
use bat_pages::{Entrances, Inventory, InventoryPage, inventory_entrances, parse_inventory_page};
use url::Url;

use super::super::context::Context;
use super::super::site;
use super::super::visit::{Page, Visit, Wanted};
use super::InventoryOptions;
use super::signs::{Signs, is_one_place, is_same_place, leads_home};
use super::tried::Tried;
use crate::error::{Error, Result};
use crate::store::crawls::KnownLists;

/// Pages that are looked at for a list, the home page and sitemaps apart.
const MOST_CANDIDATES: usize = 10;

/// Pages that are looked at besides a home page that was the list lately.
const MOST_BESIDES_HOME: usize = 3;

/// A page of a dealer's site, read.
pub struct ReadPage {
    pub url: Url,
    pub inventory: Inventory,
    /// Where its list begins, if pages without any item come before this one.
    pub list_begins: Option<Url>,
    /// Whether it says that there is a next page, and does not merely link one.
    pub promises_next: bool,
    /// Whether it begins as HTML and does not end so.
    pub is_unclosed: bool,
    /// Whether it shows nothing at all, and a script is to fill it.
    pub is_shell: bool,
}

impl ReadPage {
    fn of(page: Page) -> ReadPage {
        let InventoryPage { inventory, promises_next, is_unclosed, is_shell } =
            parse_inventory_page(&page.content, page.url.as_str());
        ReadPage { url: page.url, inventory, list_begins: None, promises_next, is_unclosed, is_shell }
    }

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
    /// No list, but a page at a customary place that a script is to fill.
    Unfilled(Url),
    /// The list is not where it was lately; the error, if its page could not be had.
    Away(Option<Error>),
    /// The site offers nothing.
    Nothing,
}

impl Context {
    /// A page of a dealer's site.
    pub(super) fn read_inventory_page(&self, url: &Url) -> Result<ReadPage> {
        Ok(ReadPage::of(self.visit_site(url)?))
    }

    /// Refuses a page of a list that ends in its middle, where the home page shows that the site ends its pages.
    pub(super) fn require_end(&self, page: &ReadPage, home: &Url) -> Result<()> {
        if !page.is_unclosed {
            return Ok(());
        }
        match self.visit_site(home) {
            Ok(home) if !is_unclosed(&home.content) => {
                let reason = "the page is cut off".to_owned();
                Err(Error::Connection { url: page.url.to_string(), reason, timed_out: false })
            }
            Ok(_) | Err(Error::Gone { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn visit_site(&self, url: &Url) -> Result<Page> {
        match self.visit(&Wanted::text(url, PageKind::Website), None)? {
            Visit::Page(page) => Ok(page),
            Visit::Unchanged => Err(Error::UnexpectedStatus { url: url.to_string(), status: 304 }),
        }
    }

    /// Finds a dealer's list, or that of what was sold.
    pub(super) fn search_list(
        &self,
        home: &Url,
        known: &KnownLists,
        options: &InventoryOptions,
    ) -> Result<Search> {
        let wants_sold = options.is_of_sold();
        let mut tried = Tried::default();
        let (asked, other) = match wants_sold {
            true => (&known.sold_list_url, &known.list_url),
            false => (&known.list_url, &known.sold_list_url),
        };
        let signs = Signs { wants_sold, is_known: true };
        // The home page is read below: it may lead to the list by now, for which some of its cars were taken once.
        let at_home = asked.as_deref().filter(|list| !wants_sold && is_home(home, list));
        let elsewhere = asked.iter().filter(|_| at_home.is_none()).cloned();
        if let Some(first) = self.try_all(home, elsewhere, signs, &mut tried)? {
            let sold_list_url = if wants_sold { asked.clone() } else { other.clone() };
            return Ok(Search::Found { first: Box::new(first), sold_list_url });
        }
        let error = tried.lost.take();
        // Of a list that cannot be had now, no other page takes the place, unless that lasts.
        if known.are_recent && (tried.failure.is_some() || tried.is_down) {
            return tried.end(Search::Nothing);
        }
        let page = self.visit_site(home)?;
        let is_tenant = is_tenant(&page.url) && (is_tenant(home) || !are_of_one_site(home, &page.url));
        let entrances = own_entrances(&page);
        let home = ReadPage::of(page);
        if home.inventory.is_down {
            return Ok(Search::Down);
        }
        let candidates = if wants_sold { entrances.sold.clone() } else { entrances.current.clone() };
        if at_home.is_some() && signs.are_of_list(&home.inventory, false) {
            return self.search_besides_home(home, &entrances, &mut tried);
        }
        let signs = Signs { wants_sold, is_known: false };
        let is_guarded = known.are_recent && !wants_sold && !options.accept;
        let away = asked.as_deref().filter(|_| is_guarded);
        // A list that was read lately has moved only if the home page leads to another one in its place.
        let is_linked_still = away.is_some_and(|list| candidates.iter().any(|url| is_one_place(list, url)));
        if !is_linked_still
            && let Some(first) = self.try_all(&home.url, candidates.into_iter(), signs, &mut tried)?
        {
            return Ok(found(first, &entrances, wants_sold));
        }
        match away {
            Some(_) => tried.end(Search::Away(error)),
            None if wants_sold => tried.end(Search::Nothing),
            None => self.search_unlinked(home, is_tenant, &entrances, tried),
        }
    }

    /// The list of a dealer whose home page was his list lately: another one that it links, if that shows no less.
    fn search_besides_home(
        &self,
        home: ReadPage,
        entrances: &Entrances,
        tried: &mut Tried,
    ) -> Result<Search> {
        let signs = Signs { wants_sold: false, is_known: false };
        let others = entrances.current.iter().filter(|url| !is_home(&home.url, url));
        let likeliest = others.take(MOST_BESIDES_HOME).cloned();
        let linked = self.try_all(&home.url, likeliest, signs, tried)?;
        let shows_no_less = |list: &ReadPage| {
            list.inventory.items.len() >= home.inventory.items.len() || list.inventory.next_url.is_some()
        };
        Ok(found(linked.filter(shows_no_less).unwrap_or(home), entrances, false))
    }

    /// Finds a list that the home page does not link; it may be the list itself. `is_tenant`: the root of the host is somebody
    /// else's.
    fn search_unlinked(
        &self,
        home: ReadPage,
        is_tenant: bool,
        entrances: &Entrances,
        mut tried: Tried,
    ) -> Result<Search> {
        let signs = Signs { wants_sold: false, is_known: false };
        let of_sitemap = match is_tenant {
            true => Default::default(),
            false => self.search_sitemaps(&home.url, &mut tried)?,
        };
        let lists = of_sitemap.0.into_iter();
        let seeds = match is_tenant {
            true => seeds_of_tenant(&home.url),
            false => SEEDS.iter().filter_map(|path| home.url.join(path).ok()).collect(),
        };
        let seeds = seeds.into_iter().map(String::from);
        if let Some(first) = self.try_all(&home.url, lists.chain(seeds), signs, &mut tried)? {
            return Ok(found(first, entrances, false));
        }
        if !home.inventory.items.is_empty() {
            // Where the list that it links cannot be had for now, its own cars are only some of those.
            let is_away = entrances.current.iter().any(|list| tried.is_unavailable(list));
            return if is_away { tried.end(Search::Nothing) } else { Ok(found(home, entrances, false)) };
        }
        if !of_sitemap.1.is_empty() {
            return Ok(Search::Items(of_sitemap.1));
        }
        let shell = tried.shell.take();
        tried.end(shell.map_or(Search::Nothing, Search::Unfilled))
    }

    /// The first of these pages that is a list.
    fn try_all(
        &self,
        home: &Url,
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
                tried.urls.push(text.clone());
                match self.read_inventory_page(&url) {
                    // It is there no longer, or not for now.
                    Ok(page) if leads_home(home, &url, &page.url) => {}
                    Ok(page) if signs.are_of_list(&page.inventory, begins.is_some()) => {
                        return Ok(Some(ReadPage { list_begins: begins, ..page }));
                    }
                    Ok(page) if page.inventory.is_down => tried.note_down(text),
                    Ok(page) if page.is_shell => {
                        tried.shell.get_or_insert(page.url);
                    }
                    // Some pages load their list from elsewhere; a shop's first pages may offer other things.
                    Ok(page) if page.inventory.items.is_empty() => {
                        next = page.inventory.next_url;
                        let goes_on = next.as_deref().is_some_and(|next| is_same_place(&page.url, next));
                        begins = if goes_on { begins.or(Some(page.url)) } else { None };
                    }
                    Ok(_) => {}
                    Err(error) => tried.note(text, error)?,
                }
            }
        }
        Ok(None)
    }
}

fn found(first: ReadPage, entrances: &Entrances, wants_sold: bool) -> Search {
    let sold_list_url = match wants_sold {
        true => Some(first.list_url().to_owned()),
        false => entrances.sold.first().cloned(),
    };
    Search::Found { first: Box::new(first), sold_list_url }
}

/// Where a dealer's home page leads; not to what is others' on a host on which everybody has a page.
fn own_entrances(page: &Page) -> Entrances {
    let mut entrances = inventory_entrances(&page.content, page.url.as_str());
    let is_own = |url: &String| Url::parse(url).is_ok_and(|url| !is_anothers(&page.url, &url));
    entrances.current.retain(is_own);
    entrances.sold.retain(is_own);
    entrances
}

/// Whether an address is the home page, which a site may call by several names.
fn is_home(home: &Url, url: &str) -> bool {
    Url::parse(url)
        .is_ok_and(|url| site::is_same_site(home, &url) && is_front_page(home) && is_front_page(&url))
}

//! The whole site: what is on it, its switches, and the pages made from it.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::config::{Config, Robots, SiteBase};
use crate::dealers::Dealers;
use crate::model::auctions::{self, Ground};
use crate::model::directory::{self, Row};
use crate::model::listing::Listing;
use crate::model::members::{self, Member};
use crate::model::thread::{self, Post};
use crate::page::Page;
use crate::pages::listing::View;
use crate::pages::parts::Part;
use crate::pages::shell::Shell;
use crate::pages::{listing as listing_page, site::Site};
use crate::saved::Saved;

mod life;
mod stock;

use stock::Stock;

/// Last record of a query that the real feed gives.
const FEED_CAP: usize = 10_000;

/// Switches that the admin interface can change while the replica runs.
#[derive(Debug, Clone)]
pub(crate) struct Switches {
    pub robots: Robots,
    pub rel_next: bool,
    pub directory: Directory,
    /// How many places the feed's order shifts by with each page, as when new lots push the others on.
    pub feed_shift: usize,
    /// The feed gives no records beyond this one, whatever `pages_total` says.
    pub feed_cap: usize,
    pub gzip: bool,
    /// Parts that listing pages are served without.
    pub dropped: Vec<Part>,
    /// Raised whenever those change: all listing pages are other ones then.
    pub layout: u32,
    /// Number of the crawl, from 1, that the dealers' inventories are shown for.
    pub crawl: u32,
}

/// How much of the directory is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directory {
    Full,
    /// The first half of the rows.
    Half,
    /// The page without a row.
    Empty,
}

/// The site.
#[derive(Debug)]
pub(crate) struct World {
    pub seed: u64,
    pub now: i64,
    pub rows: Vec<Row>,
    pub members: Vec<Member>,
    pub sellers: usize,
    pub sites: Vec<Site>,
    pub saved: Saved,
    pub shell: Shell,
    /// What follows `http://` in the partner sites' URLs, by number.
    pub site_urls: Vec<String>,
    /// Whether each partner's site has a host of its own.
    pub own_hosts: bool,
    pub dealers: Dealers,
    switches: RwLock<Switches>,
    stock: RwLock<Stock>,
}

impl World {
    /// The site of these settings, as reached at this port.
    pub fn new(config: &Config, port: u16) -> std::io::Result<Self> {
        let saved = Saved::read(config.pages.as_deref())?;
        let mut rows = directory::rows(config.seed, config.partners);
        saved.enter(&mut rows);
        let (members, sellers) = members::members(config.seed, &rows);
        let ground = Ground { seed: config.seed, now: config.now, rows: &rows, members: &members, sellers };
        let mut listings = auctions::listings(&ground, config.listings);
        saved.spare(&members, &mut listings);
        let listings: Vec<Arc<Listing>> = listings.into_iter().map(Arc::new).collect();
        let sites: Vec<Site> = Site::all(config.seed, &rows);
        let site_urls = sites.iter().enumerate().map(|(n, site)| site_url(config, port, n, site)).collect();
        let current: Vec<Arc<Listing>> = listings.iter().rev().take(48).rev().cloned().collect();
        Ok(Self {
            seed: config.seed,
            now: config.now,
            shell: Shell::new(config.seed, &current),
            switches: RwLock::new(Switches {
                robots: config.robots.clone(),
                rel_next: config.rel_next,
                directory: Directory::Full,
                feed_shift: 0,
                feed_cap: FEED_CAP,
                gzip: config.gzip,
                dropped: Vec::new(),
                layout: 0,
                crawl: 1,
            }),
            own_hosts: config.site_base != SiteBase::Path,
            dealers: Dealers::new(config.seed, sites.len(), &listings, &members),
            stock: RwLock::new(Stock::new(listings, members.len())),
            rows,
            members,
            sellers,
            sites,
            saved,
            site_urls,
        })
    }

    /// The switches now.
    pub fn switches(&self) -> Switches {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.switches.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn stock(&self) -> RwLockReadGuard<'_, Stock> {
        self.stock.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn stock_mut(&self) -> RwLockWriteGuard<'_, Stock> {
        self.stock.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// All listings in the order in which they were made: the oldest end first, then those that were offered again.
    pub fn listings(&self) -> Vec<Arc<Listing>> {
        self.stock().all().to_vec()
    }

    /// The listing of a slug.
    pub fn find(&self, slug: &str) -> Option<Arc<Listing>> {
        self.stock().find(slug)
    }

    /// A member's listings, the newest first.
    pub fn listings_of(&self, member: usize) -> Vec<Arc<Listing>> {
        self.stock().of(member)
    }

    /// All listings of the vehicle of a listing, newest first.
    pub fn history(&self, listing: &Listing) -> Vec<Arc<Listing>> {
        self.stock().all().iter().rev().filter(|other| other.chain == listing.chain).cloned().collect()
    }

    /// The thread of a listing.
    pub fn thread(&self, listing: &Listing) -> Vec<Post> {
        thread::thread(self.seed, self.now, &self.members, self.sellers, listing)
    }

    /// The page of a listing, rendered at the first request for it.
    pub fn listing_page(&self, listing: &Listing) -> Page {
        let slot = self.stock().page(listing.index);
        slot.get_or_init(|| self.render(listing)).clone()
    }

    fn render(&self, listing: &Listing) -> Page {
        let (thread, history) = (self.thread(listing), self.history(listing));
        let dropped = self.switches().dropped;
        let view = View {
            listing,
            members: &self.members,
            thread: &thread,
            history: &history,
            nonce: &self.shell.nonce,
            seed: self.seed,
            dropped: &dropped,
        };
        listing_page::render(&view, &self.shell)
    }

    /// Serves listing pages without these parts from now on.
    pub fn drop_parts(&self, parts: Vec<Part>) {
        self.switch(|switches| {
            switches.dropped = parts;
            switches.layout += 1;
        });
        self.stock_mut().forget_pages();
    }

    /// The number of the member with a slug, in any case.
    pub fn member(&self, slug: &str) -> Option<usize> {
        let slug = slug.to_lowercase();
        self.members.iter().position(|member| member.username == slug)
    }

    /// The rows of the directory that are served now.
    pub fn served_rows(&self) -> &[Row] {
        match self.switches().directory {
            Directory::Full => &self.rows,
            Directory::Half => &self.rows[..self.rows.len() / 2],
            Directory::Empty => &[],
        }
    }
}

fn site_url(config: &Config, port: u16, number: usize, site: &Site) -> String {
    match &config.site_base {
        SiteBase::Path => format!("http://{}:{port}/site/{}", config.host, site.slug),
        SiteBase::Hosts => format!("http://127.0.1.{}:{port}", number + 1),
        SiteBase::Template(template) => template
            .replace("{slug}", &site.slug)
            .replace("{n}", &(number + 1).to_string())
            .replace("{port}", &port.to_string()),
    }
}

//! The dealers' own inventories: what each has for sale on his site, and what becomes of it from crawl to crawl.
//!
//! Everything here is a function of the seed, the site's number and the crawl's: the pages, and what is true of them.

mod car;
mod habit;
mod kinds;
mod life;
mod links;
mod lot;
mod markup;
mod number;
mod serve;
mod truth;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use links::Links;
use lot::Lot;

use crate::model::listing::Listing;
use crate::model::members::Member;
use crate::world::World;

pub(crate) use serve::{missing, of_home, portions_site, respond};
pub(crate) use truth::{all, site};

/// The last crawl whose inventories can be asked for: cars are told from the first crawl on.
pub(crate) const LAST_CRAWL: u32 = 500;

/// How many lots are kept.
const KEPT: usize = 160;

/// The dealers' lots, as far as they were asked for.
#[derive(Debug)]
pub(crate) struct Dealers {
    seed: u64,
    links: Links,
    lots: Mutex<HashMap<(usize, u32), Arc<Lot>>>,
}

impl Dealers {
    /// The dealers of so many sites, some of whose cars are those of these listings.
    pub fn new(seed: u64, sites: usize, listings: &[Arc<Listing>], members: &[Member]) -> Self {
        Self { seed, links: Links::new(sites, listings, members), lots: Mutex::default() }
    }

    /// What a site has at a crawl, from 1.
    pub fn lot(&self, site: usize, crawl: u32) -> Arc<Lot> {
        let crawl = crawl.clamp(1, LAST_CRAWL);
        let mut lots = self.lots.lock().unwrap_or_else(PoisonError::into_inner);
        if lots.len() >= KEPT && !lots.contains_key(&(site, crawl)) {
            lots.clear();
        }
        let make = || Arc::new(Lot::new(self.seed, site, crawl, |car| self.links.of(site, car)));
        Arc::clone(lots.entry((site, crawl)).or_insert_with(make))
    }
}

impl World {
    /// What a site has now.
    fn lot(&self, site: usize) -> Arc<Lot> {
        self.dealers.lot(site, self.switches().crawl)
    }
}

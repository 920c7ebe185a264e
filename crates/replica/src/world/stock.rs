//! The listings, and what is kept beside them: their slugs, who sells them, their pages.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::model::listing::Listing;
use crate::page::Page;

/// All listings of the site.
#[derive(Debug)]
pub(super) struct Stock {
    listings: Vec<Arc<Listing>>,
    slugs: HashMap<String, usize>,
    by_seller: Vec<Vec<usize>>,
    pages: Vec<Arc<OnceLock<Page>>>,
}

impl Stock {
    /// These listings, which are numbered in their order; `members` is the number of accounts.
    pub fn new(listings: Vec<Arc<Listing>>, members: usize) -> Self {
        let mut stock = Self {
            listings: Vec::with_capacity(listings.len()),
            slugs: HashMap::new(),
            by_seller: vec![Vec::new(); members],
            pages: Vec::with_capacity(listings.len()),
        };
        listings.into_iter().for_each(|listing| stock.add(listing));
        stock
    }

    /// All listings, by their numbers.
    pub fn all(&self) -> &[Arc<Listing>] {
        &self.listings
    }

    /// The listing of a slug.
    pub fn find(&self, slug: &str) -> Option<Arc<Listing>> {
        self.slugs.get(slug).map(|&index| Arc::clone(&self.listings[index]))
    }

    /// A member's listings, the newest first.
    pub fn of(&self, member: usize) -> Vec<Arc<Listing>> {
        self.by_seller[member].iter().rev().map(|&index| Arc::clone(&self.listings[index])).collect()
    }

    /// Where the page of a listing is kept.
    pub fn page(&self, index: usize) -> Arc<OnceLock<Page>> {
        Arc::clone(&self.pages[index])
    }

    /// Adds a listing, whose number is the next one.
    pub fn add(&mut self, listing: Arc<Listing>) {
        self.slugs.insert(listing.slug.clone(), listing.index);
        self.by_seller[listing.seller].push(listing.index);
        self.pages.push(Arc::default());
        self.listings.push(listing);
    }

    /// Changes a listing. False if there is none of this slug.
    pub fn change(&mut self, slug: &str, change: impl FnOnce(&mut Listing)) -> bool {
        let Some(&index) = self.slugs.get(slug) else { return false };
        let mut changed = (*self.listings[index]).clone();
        change(&mut changed);
        let chain = changed.chain;
        self.listings[index] = Arc::new(changed);
        self.renew(chain);
        true
    }

    /// All pages are made anew.
    pub fn forget_pages(&mut self) {
        self.pages.fill_with(Arc::default);
    }

    /// The pages of a vehicle's listings are made anew, with another `ETag`: each shows the history of all.
    pub fn renew(&mut self, chain: usize) {
        for listing in self.listings.iter_mut().filter(|listing| listing.chain == chain) {
            let revision = listing.revision + 1;
            *listing = Arc::new(Listing { revision, ..(**listing).clone() });
            self.pages[listing.index] = Arc::default();
        }
    }
}

//! Which cars of the dealers stand on BaT, too.

use std::collections::HashSet;
use std::sync::Arc;

use super::car::Link;
use crate::model::listing::Listing;
use crate::model::members::Member;

/// One car in so many is that of a listing.
const ONE_IN: usize = 10;
/// Which of them.
const PLACE: usize = 3;
/// Most such cars of a site.
const MOST: usize = 200;

/// The listings whose vehicles the dealers have: those of partners with a VIN, one for each vehicle.
#[derive(Debug)]
pub(super) struct Links {
    listings: Vec<(Arc<Listing>, String)>,
    /// Of each site: its own listings first, then those of others.
    by_site: Vec<Vec<usize>>,
}

impl Links {
    /// The links of so many sites to these listings.
    pub fn new(sites: usize, listings: &[Arc<Listing>], members: &[Member]) -> Self {
        let mut seen = HashSet::new();
        let mut linked: Vec<(Arc<Listing>, String)> = Vec::new();
        let mut sellers = Vec::new();
        // The newest listing of a vehicle is the one that counts.
        for listing in listings.iter().rev() {
            let seller = members.get(listing.seller).and_then(|member| member.site);
            if let (Some(site), Some(vin)) = (seller, &listing.vehicle.chassis.vin)
                && !crate::server::gone(listing)
                && seen.insert(vin.clone())
            {
                linked.push((Arc::clone(listing), vin.clone()));
                sellers.push(site);
            }
        }
        let by_site = (0..sites).map(|site| of_site(site, &sellers)).collect();
        Self { listings: linked, by_site }
    }

    /// The listing whose vehicle a car of a site is, by the car's place.
    pub fn of(&self, site: usize, car: usize) -> Option<Link<'_>> {
        if car % ONE_IN != PLACE {
            return None;
        }
        let (listing, vin) = self.listings.get(*self.by_site.get(site)?.get(car / ONE_IN)?)?;
        Some(Link { vehicle: &listing.vehicle, vin, url: listing.url() })
    }
}

/// Places of the listings for a site: its own, then those of others, each site beginning with another one.
fn of_site(site: usize, sellers: &[usize]) -> Vec<usize> {
    let own = (0..sellers.len()).filter(|&place| sellers[place] == site);
    let start = if sellers.is_empty() { 0 } else { site * 17 % sellers.len() };
    let others = (start..sellers.len()).chain(0..start).filter(|&place| sellers[place] != site);
    own.chain(others).take(MOST).collect()
}

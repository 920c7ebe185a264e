//! The life of a listing while the replica runs: bids, its end, what is agreed after that, and the next auction of the
//! same vehicle.

use std::sync::Arc;

use super::World;
use crate::model::listing::{Listing, Markup, State};

/// How long an auction lasts.
const COURSE: i64 = 7 * 86_400;

/// Steps between the numbers of two listings.
const NEXT_POST: i64 = 71_003;
const NEXT_LOT: i64 = 160;

impl World {
    /// Changes a listing; its page and those of the same vehicle are made anew. False if there is none.
    pub fn change(&self, slug: &str, change: impl FnOnce(&mut Listing)) -> bool {
        self.stock_mut().change(slug, change)
    }

    /// Moves a listing to another state, or to another end, or both. Without an end of its own, a live one that ends
    /// does so now, and one that goes live ends in a week.
    pub fn advance(&self, slug: &str, state: Option<State>, ends_at: Option<i64>) -> bool {
        let now = self.now;
        self.change(slug, |listing| {
            let state = state.unwrap_or(listing.state);
            listing.ends_at = ends_at.unwrap_or(match (listing.state, state) {
                (State::Live, State::Live) => listing.ends_at,
                (State::Live, _) => now - 60,
                (_, State::Live) => now + COURSE,
                _ => listing.ends_at,
            });
            listing.state = state;
            if matches!(state, State::ReserveNotMet | State::SoldAfter) {
                listing.no_reserve = false;
            }
        })
    }

    /// A bid; for what is sold after the auction, the price that was agreed, which no bid was.
    pub fn price(&self, slug: &str, price: i64, state: Option<State>) -> bool {
        self.change(slug, |listing| match state {
            Some(State::SoldAfter) => listing.agreed = price,
            _ => listing.later_bids.push(price),
        })
    }

    /// Offers the vehicle of a listing again, by the same seller or by another account: a new listing that is live, with
    /// a URL and numbers of its own. `None` if there is no such listing.
    pub fn relist(&self, slug: &str, seller: Option<usize>, ends_at: Option<i64>) -> Option<Arc<Listing>> {
        let mut stock = self.stock_mut();
        let before = stock.find(slug)?;
        let last = Arc::clone(stock.all().last()?);
        let slug = (2..).map(|count| format!("{slug}-{count}")).find(|slug| stock.find(slug).is_none())?;
        let ends_at = ends_at.unwrap_or(self.now + COURSE);
        let listing = Arc::new(Listing {
            index: last.index + 1,
            post_id: last.post_id + NEXT_POST,
            lot: last.lot + NEXT_LOT,
            slug: slug.clone(),
            no_reserve: false,
            state: State::Live,
            later_bids: Vec::new(),
            thread_changes: Vec::new(),
            seller: seller.unwrap_or(before.seller),
            ends_at,
            opened_at: ends_at - COURSE,
            markup: Markup::Current,
            revision: 0,
            ..(*before).clone()
        });
        stock.add(listing);
        // The earlier listings' pages show it from now on.
        stock.renew(before.chain);
        stock.find(&slug)
    }
}

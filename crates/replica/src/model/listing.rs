//! What an auction is.

use std::sync::Arc;

use super::details::Vehicle;
use super::thread::Change;
use crate::text;
use crate::time;

/// State of an auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Live,
    Sold,
    /// Ended below the reserve, then sold by agreement.
    SoldAfter,
    ReserveNotMet,
    Withdrawn,
    NoBids,
}

impl State {
    /// Whether the lot found a buyer.
    pub fn is_sold(self) -> bool {
        matches!(self, Self::Sold | Self::SoldAfter)
    }

    /// By the name that the admin interface and the truth use.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "live" => Self::Live,
            "sold" => Self::Sold,
            "sold_after_auction" => Self::SoldAfter,
            "reserve_not_met" => Self::ReserveNotMet,
            "withdrawn" => Self::Withdrawn,
            "no_bids" => Self::NoBids,
            _ => return None,
        })
    }
}

/// Which generation of markup a page is served in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Today's.
    Current,
    /// Today's shell, essentials as written from 2014 to 2021.
    OldEssentials,
    /// The page as it was before 2022.
    Ancient,
    /// Group titles as buttons, as in 2023 and 2024.
    ButtonGroups,
}

/// A currency: ISO code and sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Currency(pub &'static str, pub &'static str);

impl Currency {
    /// `$42,000`.
    pub fn amount(self, amount: i64) -> String {
        format!("{}{}", self.1, text::thousands(amount))
    }

    /// `USD $42,000`.
    pub fn full(self, amount: i64) -> String {
        format!("{} {}", self.0, self.amount(amount))
    }
}

/// An auction.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub index: usize,
    /// Number of the site's post, which is not the lot's.
    pub post_id: i64,
    pub lot: i64,
    pub slug: String,
    /// Without "No Reserve: ".
    pub title: String,
    pub no_reserve: bool,
    pub premium: bool,
    pub state: State,
    pub currency: Currency,
    /// Highest bid of the auction's own course.
    pub base_bid: i64,
    /// Bids placed while the replica runs.
    pub later_bids: Vec<i64>,
    /// What happened to its thread while the replica runs.
    pub thread_changes: Vec<Change>,
    /// Price of a sale after the auction.
    pub agreed: i64,
    pub seller: usize,
    pub ends_at: i64,
    /// When it was opened for bids; a later end does not change it.
    pub opened_at: i64,
    pub markup: Markup,
    /// As printed, typing errors and trailing spaces included.
    pub location: String,
    pub country: &'static str,
    pub vehicle: Arc<Vehicle>,
    /// Index of the first listing of the same vehicle.
    pub chain: usize,
    pub photos: usize,
    pub videos: usize,
    pub views: i64,
    pub watchers: i64,
    pub charges: Option<String>,
    /// Raised by each change while the replica runs.
    pub revision: u32,
}

impl Listing {
    /// Highest bid.
    pub fn high_bid(&self) -> i64 {
        self.later_bids.last().copied().unwrap_or(self.base_bid)
    }

    /// What the header of the page names: price, highest bid, or standing bid.
    pub fn result(&self) -> i64 {
        if self.state == State::SoldAfter { self.agreed } else { self.high_bid() }
    }

    /// Title as most places of the page print it.
    pub fn full_title(&self) -> String {
        if self.no_reserve { format!("No Reserve: {}", self.title) } else { self.title.clone() }
    }

    /// Whether the vehicle was offered before.
    pub fn is_alumni(&self) -> bool {
        self.chain != self.index
    }

    /// URL on the real site.
    pub fn url(&self) -> String {
        text::listing_url(&self.slug)
    }

    /// Folder of the uploads.
    pub fn folder(&self) -> String {
        format!("https://bringatrailer.com/wp-content/uploads/{}", time::folder(self.opened_at - 1_195_200))
    }

    /// Main picture.
    pub fn main_image(&self) -> String {
        format!(
            "{}/{}-main-{}.jpg",
            self.folder(),
            text::slug(&self.title).replace('-', "_"),
            self.post_id % 100_000
        )
    }
}

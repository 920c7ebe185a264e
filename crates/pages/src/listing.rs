//! A listing page, `/listing/<slug>/`: one auction.

use serde::{Deserialize, Serialize};

use crate::script::assigned;
use crate::value::mileage::Mileage;

mod article;
mod assemble;
mod bid_table;
mod essentials;
mod gallery;
mod history;
mod intro;
mod outcome;
mod parts;
mod taxonomy;
mod thread;

pub(crate) use intro::tags;
pub(crate) use outcome::stated;
pub(crate) use taxonomy::NOT_A_MAKE;
pub(crate) use thread::{has_seller_mark, is_withdrawal, member_slug};

/// What a listing page says. Unknown is `None`, never a guess.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Canonical URL, `https://bringatrailer.com/listing/<slug>/`.
    pub url: Option<String>,
    /// WordPress post id of the auction; not the lot number.
    pub listing_id: Option<i64>,
    /// Public lot number; not the post id.
    pub lot_number: Option<i64>,
    /// Title with entities decoded, without the prefix "No Reserve: ".
    pub title: Option<String>,
    /// State of the auction.
    pub status: Option<Status>,
    /// ISO 4217 code of all amounts of this listing.
    pub currency: Option<String>,
    /// Bid standing now; only while live.
    pub current_bid: Option<i64>,
    /// Highest bid of an auction that ended without a sale.
    pub high_bid: Option<i64>,
    /// Price; only if sold.
    pub sale_price: Option<i64>,
    /// Whether it was sold by a deal after the auction had ended below the reserve. `None` for a sale of which the
    /// page does not tell.
    pub sold_after_auction: Option<bool>,
    /// Offered without a reserve price.
    pub no_reserve: Option<bool>,
    /// Offered as a premium listing.
    pub premium: Option<bool>,
    /// Sold on BaT before.
    pub alumni: Option<bool>,
    /// Seller's account: the lower-cased slug of the member URL.
    pub seller_username: Option<String>,
    /// Seller's name as displayed.
    pub seller_name: Option<String>,
    /// What the page calls the seller.
    pub seller_type: Option<SellerType>,
    /// "Additional charges from this dealer", as printed.
    pub dealer_charges: Option<String>,
    /// Buyer's account, lower-cased slug; only if sold.
    pub buyer_username: Option<String>,
    /// Account of the highest bidder, lower-cased slug. Of an unsold listing: author of the last bid of the thread.
    pub high_bidder_username: Option<String>,
    /// End of the auction, ISO 8601 UTC, such as `2026-04-24T18:55:42Z`.
    pub ends_at: Option<String>,
    /// Place as printed, trimmed.
    pub location: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country the lot is in.
    pub country: Option<String>,
    /// From BaT's own taxonomy links.
    pub make: Option<String>,
    /// From BaT's own taxonomy links, without the leading make.
    pub model: Option<String>,
    /// From BaT's own taxonomy links, such as "2000s".
    pub era: Option<String>,
    /// From BaT's own taxonomy links, such as "German".
    pub origin: Option<String>,
    /// From BaT's own taxonomy links; "Parts and Automobilia" is one of these, not a make.
    pub categories: Vec<String>,
    /// Model year, from the title.
    pub year: Option<i32>,
    /// Chassis number as printed, without notes.
    pub chassis: Option<String>,
    /// The chassis number if it is a VIN: 17 characters of the VIN alphabet.
    pub vin: Option<String>,
    /// Mileage bullet.
    pub mileage: Option<Mileage>,
    /// Engine bullet, as printed.
    pub engine: Option<String>,
    /// Transmission bullet, as printed.
    pub transmission: Option<String>,
    /// Drivetrain bullet, as printed.
    pub drivetrain: Option<String>,
    /// Paint bullet without "Paint" or "Repainted".
    pub exterior_color: Option<String>,
    /// Upholstery bullet without "Upholstery".
    pub interior_color: Option<String>,
    /// All bullets of "Listing Details", as printed, trimmed.
    pub details: Vec<String>,
    /// The article, paragraphs separated by a blank line.
    pub description: Option<String>,
    /// Main picture, original size, without query.
    pub primary_image_url: Option<String>,
    /// Pictures of the gallery in its order, original size, without query.
    pub image_urls: Vec<String>,
    /// Number of pictures in the gallery.
    pub image_count: Option<i32>,
    /// Number of videos in the gallery.
    pub video_count: Option<i32>,
    /// Number of bids.
    pub bid_count: Option<i32>,
    /// Number of comments.
    pub comment_count: Option<i32>,
    /// Number of views.
    pub view_count: Option<i32>,
    /// Number of watchers.
    pub watcher_count: Option<i32>,
    /// Other auctions of the same vehicle, and this one, in the page's order.
    pub history: Vec<HistoryEntry>,
}

/// State of an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Open for bids.
    Live,
    /// Sold.
    Sold,
    /// Ended below the reserve.
    ReserveNotMet,
    /// Taken back before its end.
    Withdrawn,
    /// Ended, and the page does not say how (or without any bid).
    Ended,
}

impl Status {
    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Live => "live",
            Status::Sold => "sold",
            Status::ReserveNotMet => "reserve_not_met",
            Status::Withdrawn => "withdrawn",
            Status::Ended => "ended",
        }
    }
}

/// What the page calls the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellerType {
    /// "Dealer".
    Dealer,
    /// "Private Party".
    PrivateParty,
}

/// One entry of "BaT History".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Canonical listing URL.
    pub url: Option<String>,
    /// Date, ISO 8601.
    pub date: Option<String>,
    /// Sale price or highest bid.
    pub amount: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Whether it was sold.
    pub sold: Option<bool>,
}

/// Reads a listing page. Every field comes from the part of the page that is about this listing: what the
/// page says of other auctions, in pop-ups or in copies of itself inside scripts never gets in.
pub fn parse_listing(html: &str) -> Listing {
    assemble::listing(&parts::parts(html))
}

/// Whether a page carries the marks of a listing page: its body's class, its script's page kind, its bid box or
/// its essentials.
pub(crate) fn is_listing_page(html: &str) -> bool {
    let parts = parts::parts(html);
    parts.body_class.split_ascii_whitespace().any(|class| class == "single-bat-listing")
        || parts.bid_table.is_some()
        || parts.essentials.is_some()
        || parts.scripts.iter().any(|script| assigned(script, "BAT_CTX").is_some_and(names_listing_group))
}

/// Whether the object that the page's script assigns says `"contentGroup":"listing-detail-page-…"`.
fn names_listing_group(json: &str) -> bool {
    #[derive(Deserialize)]
    struct Context {
        #[serde(rename = "contentGroup")]
        content_group: String,
    }
    let mut decoder = serde_json::Deserializer::from_str(json);
    Context::deserialize(&mut decoder)
        .is_ok_and(|context| context.content_group.starts_with("listing-detail-page"))
}

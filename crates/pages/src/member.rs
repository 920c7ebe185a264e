//! A member page, `/member/<username>/`.

use serde::{Deserialize, Serialize};

use crate::dom::Document;

mod counter;
mod listings;
mod profile;
mod scan;
mod zone;

use scan::Scan;

/// What a member page says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Lower-cased slug of the account.
    pub username: Option<String>,
    /// Name as displayed.
    pub display_name: Option<String>,
    /// Number of listings that the page states; it may show fewer.
    pub listing_count: Option<i32>,
    /// The member's own listings that the page shows, without duplicates, in page order.
    pub listings: Vec<MemberListing>,
    /// Next page, if the page links one.
    pub next_url: Option<String>,
    /// "Member since", as printed, such as "July 2015".
    pub member_since: Option<String>,
    /// Place as printed.
    pub location: Option<String>,
    /// The member's own web site.
    pub website: Option<String>,
}

/// A listing linked from its seller's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberListing {
    /// Canonical listing URL.
    pub url: String,
    /// Title as linked, without "No Reserve: ".
    pub title: Option<String>,
}

/// Reads a member page.
///
/// Listings count only where the page puts the member's own: auctions that the member won, bid or commented
/// on, and those that the site advertises around, are other people's.
pub fn parse_member(html: &str) -> Member {
    let document = Document::parse(html);
    let scan = Scan::of(&document);
    Member {
        username: profile::username(&document),
        display_name: profile::display_name(&document),
        listing_count: counter::listing_count(&scan),
        listings: listings::listings(&scan),
        next_url: profile::next_url(&document, &scan),
        member_since: profile::member_since(&scan),
        location: profile::location(&scan),
        website: profile::website(&scan),
    }
}

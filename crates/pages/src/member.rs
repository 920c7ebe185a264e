//! A member page, `/member/<username>/`.

use serde::{Deserialize, Serialize};

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
pub fn parse_member(html: &str) -> Member {
    todo!()
}

//! The directory of local partners, `/local-partners/`.

use serde::{Deserialize, Serialize};

/// One row of the directory: a place of business. Several rows may name the same member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Name of the business, entities decoded.
    pub name: Option<String>,
    /// City as printed.
    pub city: Option<String>,
    /// State or province: the two-letter code where the page prints one.
    pub state: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Origin of the partner's own web site, such as `https://example.com`.
    pub website: Option<String>,
    /// Link to the partner's web site as the page gives it.
    pub referral_url: Option<String>,
    /// Member account: the lower-cased slug of the member URL.
    pub bat_username: Option<String>,
    /// Canonical member URL, `https://bringatrailer.com/member/<slug>/`.
    pub bat_profile_url: Option<String>,
    /// Identity of the row: see [`crate::key::geographic_key`].
    pub geographic_key: Option<String>,
}

/// Reads the directory: its rows in page order; empty if the page holds none.
pub fn parse_partners(html: &str) -> Vec<Partner> {
    todo!()
}

//! The directory of local partners, `/local-partners/`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::dom::Document;
use crate::key::geographic_key;

mod location;
mod name;
mod page;
mod region;
mod rows;

use page::Page;
use rows::Row;

/// One row of the directory: a place of business. Several rows may name the same member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
///
/// A row is what surrounds the words "BaT username"; its country may come from the headings before it. Rows
/// that agree in key and member are one.
pub fn parse_partners(html: &str) -> Vec<Partner> {
    let page = Page::of(&Document::parse(html));
    let mut seen = HashSet::new();
    let partners = rows::rows(&page);
    partners.iter().filter_map(partner).filter(|partner| seen.insert(identity(partner))).collect()
}

/// What rows that are the same have in common: key and member, or everything where there is no key.
fn identity(partner: &Partner) -> (Option<String>, Option<String>, Option<Partner>) {
    let keyless = partner.geographic_key.is_none();
    (partner.geographic_key.clone(), partner.bat_username.clone(), keyless.then(|| partner.clone()))
}

/// Reads one row; `None` if it only mentions user names and names neither a member nor a web site.
fn partner(row: &Row<'_>) -> Option<Partner> {
    let (bat_username, bat_profile_url) = row.member().and_then(|link| link.member.clone()).unzip();
    let referral = row.external().first().and_then(|link| Some((link.href.trim(), link.external.as_ref()?)));
    if bat_username.is_none() && referral.is_none() {
        return None;
    }
    let place = location::of_row(row);
    let name = name::of_row(row);
    let geographic_key = name.as_deref().and_then(|name| {
        geographic_key(name, place.city.as_deref(), place.state.as_deref(), place.country.as_deref())
    });
    Some(Partner {
        name,
        city: place.city,
        state: place.state,
        country: place.country,
        website: referral.as_ref().map(|(_, url)| url.origin().ascii_serialization()),
        referral_url: referral.map(|(href, url)| as_given(href, url)),
        bat_username,
        bat_profile_url,
        geographic_key,
    })
}

/// The link as the page has it, if that is a complete URL; else the URL that it means.
fn as_given(href: &str, url: &Url) -> String {
    let complete = !href.starts_with("//") && !href.contains(char::is_whitespace);
    if complete { href.to_owned() } else { url.to_string() }
}

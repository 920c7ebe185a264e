//! A page of a partner's own web site: who they are and how to reach them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) mod social;

/// What a business's own page says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Website {
    /// Name of the business.
    pub name: Option<String>,
    /// Description, plain text.
    pub description: Option<String>,
    /// Phone number, E.164.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province, as published.
    pub state: Option<String>,
    /// Postal code.
    pub zip_code: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Logo, absolute URL.
    pub logo_url: Option<String>,
    /// Icon from the page's own icon links, absolute URL.
    pub favicon_url: Option<String>,
    /// Wide picture of the business, absolute URL.
    pub banner_url: Option<String>,
    /// Picture that the page names as its image, absolute URL.
    pub primary_image_url: Option<String>,
    /// Profiles on social networks: network → absolute URL.
    pub social_links: BTreeMap<String, String>,
    /// Where each field came from: field → `json-ld`, `microdata`, `meta`, `link`, `tel`, `mailto`, `text`.
    pub sources: BTreeMap<String, String>,
}

/// Reads a page of a partner's web site. `url` is where it was fetched: relative links resolve against it.
pub fn parse_website(html: &str, url: &str) -> Website {
    todo!()
}

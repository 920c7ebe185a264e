//! What an object of structured data says of whose it is.

use serde_json::{Map, Value};
use url::Url;

use super::super::social::{network, squeeze};
use super::strings;
use crate::schema_org::string_within;
use crate::site::are_of_one_site;

/// Longest name that is compared, in bytes.
const LONGEST_NAME: usize = 200;

/// Where an object says that its business is at home.
#[derive(PartialEq)]
pub(super) enum Site {
    /// On the site of the page.
    Own,
    Other,
    Unknown,
}

impl Site {
    pub fn of(object: &Map<String, Value>, page: &Url) -> Site {
        let urls = |key: &str| -> Vec<Url> {
            let texts = object.get(key).map(strings).unwrap_or_default();
            texts.iter().filter_map(|text| Url::parse(text.trim()).ok()).filter(is_of_a_site).collect()
        };
        let (url, id) = (urls("url"), urls("@id"));
        if url.iter().chain(&id).any(|url| are_of_one_site(page, url)) {
            Site::Own
        } else if url.is_empty() {
            Site::Unknown
        } else {
            Site::Other
        }
    }
}

/// Whether a URL is of a web site, and not a profile on a network.
fn is_of_a_site(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| network(host).is_none())
}

/// Whether an object is a page or a site.
pub(super) fn is_page(object: &Map<String, Value>) -> bool {
    let types = object.get("@type").map(strings).unwrap_or_default();
    types.iter().any(|name| {
        let name = name.trim().to_ascii_lowercase();
        name.ends_with("website") || name.ends_with("page")
    })
}

pub(super) fn id(object: &Map<String, Value>) -> Option<&str> {
    object.get("@id")?.as_str().filter(|id| !id.is_empty())
}

/// The name of an object's business as it is compared.
pub(super) fn name(object: &Map<String, Value>) -> Option<String> {
    let name = squeeze(&string_within(object.get("name")?, LONGEST_NAME)?);
    (!name.is_empty()).then_some(name)
}

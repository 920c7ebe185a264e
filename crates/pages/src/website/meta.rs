//! What a page's meta tags say.

use std::collections::HashMap;

use super::address::Address;
use super::business::position;
use crate::dom::{Attributes, Document};
use crate::text::{decode_again, non_empty};

/// Shortest description that says something.
const SHORTEST: usize = 40;

/// Meta tags by `property`, `name` or `itemprop`, lower case, in the page's order.
pub(super) struct Meta {
    tags: HashMap<String, Vec<String>>,
    ordered: Vec<(String, String)>,
}

impl Meta {
    /// Collects the meta tags of a page.
    pub fn of(document: &Document) -> Self {
        let mut meta = Self { tags: HashMap::new(), ordered: Vec::new() };
        for tag in document.all("meta[content]") {
            let key = ["property", "name", "itemprop"].iter().find_map(|name| tag.attribute(name));
            let value = tag.attribute("content").and_then(non_empty).map(decode_again);
            if let (Some(key), Some(value)) = (key, value) {
                let key = key.trim().to_ascii_lowercase();
                meta.ordered.push((key.clone(), value.clone()));
                meta.tags.entry(key).or_default().push(value);
            }
        }
        meta
    }

    /// First value of the first of these keys that the page has.
    pub fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.tags.get(*key)?.first()).map(String::as_str)
    }

    /// Name of the site.
    pub fn site_name(&self) -> Option<String> {
        self.first(&["og:site_name", "application-name", "apple-mobile-web-app-title"]).map(str::to_owned)
    }

    /// Description of the page, if it describes anything.
    pub fn description(&self) -> Option<String> {
        const KEYS: [&str; 4] = ["description", "og:description", "twitter:description", "dc.description"];
        let values = KEYS.iter().filter_map(|key| self.tags.get(*key)).flatten();
        values.into_iter().find(|text| describes(text)).cloned()
    }

    /// Address in OpenGraph's `business:contact_data`, or its older form.
    pub fn address(&self) -> Option<Address> {
        let part = |name: &str, old: &str| {
            let key = format!("business:contact_data:{name}");
            self.first(&[&key, old]).map(str::to_owned)
        };
        Address {
            street: part("street_address", "og:street-address"),
            city: part("locality", "og:locality"),
            state: part("region", "og:region"),
            zip_code: part("postal_code", "og:postal-code"),
            country: part("country_name", "og:country-name"),
        }
        .known()
    }

    /// Latitude and longitude.
    pub fn position(&self) -> Option<(f64, f64)> {
        let pair = self.first(&["geo.position", "icbm"]).and_then(|pair| pair.split_once([';', ',']));
        let places = ["place:location", "og"].iter().find_map(|prefix| {
            let latitude = self.first(&[&format!("{prefix}:latitude")])?;
            Some((latitude, self.first(&[&format!("{prefix}:longitude")])?))
        });
        pair.or(places).and_then(|(latitude, longitude)| position(latitude, longitude))
    }

    /// The page's pictures in OpenGraph's order, each with its stated width and height.
    pub fn pictures(&self) -> Vec<Stated<'_>> {
        let mut pictures: Vec<Stated<'_>> = Vec::new();
        for (key, value) in &self.ordered {
            match (key.as_str(), pictures.last_mut()) {
                ("og:image" | "og:image:url", _) => {
                    pictures.push(Stated { url: value, width: None, height: None })
                }
                ("og:image:secure_url", Some(picture)) if value.starts_with("https:") => picture.url = value,
                ("og:image:secure_url", None) => {
                    pictures.push(Stated { url: value, width: None, height: None })
                }
                ("og:image:width", Some(picture)) => picture.width = value.parse().ok(),
                ("og:image:height", Some(picture)) => picture.height = value.parse().ok(),
                _ => {}
            }
        }
        if pictures.is_empty()
            && let Some(url) = self.first(&["twitter:image", "twitter:image:src"])
        {
            pictures.push(Stated { url, width: None, height: None });
        }
        pictures
    }
}

/// A picture that the page names.
#[derive(Clone, Copy)]
pub(super) struct Stated<'a> {
    /// Address as written.
    pub url: &'a str,
    /// Pixels, if stated.
    pub width: Option<u32>,
    /// Pixels, if stated.
    pub height: Option<u32>,
}

/// Whether a description is one: neither a word nor a platform's default nor a list of keywords.
fn describes(text: &str) -> bool {
    let parts: Vec<&str> = text.split(',').collect();
    let words = text.split_whitespace().count();
    let keywords = parts.len() > 5 && !text.contains(". ") && words < parts.len() * 4;
    // A builder that knows no description writes "Check out http://…".
    let own =
        text.split_whitespace().filter(|word| !word.contains("://")).map(|word| word.chars().count() + 1);
    own.sum::<usize>() > SHORTEST && !text.starts_with("Just another WordPress site") && !keywords
}

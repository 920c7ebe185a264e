//! A page of a partner's own web site: who they are and how to reach them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

mod address;
mod business;
mod email;
mod icon;
mod image;
pub(crate) mod json;
mod meta;
pub(crate) mod microdata;
mod phone;
pub(crate) mod social;

use crate::dom::Document;
use business::Business;
use meta::Meta;

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
    /// Where each field came from: field → `json-ld`, `microdata`, `meta`, `link`, `img`, `tel`, `mailto`, `text`.
    pub sources: BTreeMap<String, String>,
}

/// The page as its readers see it.
struct Page<'a> {
    document: &'a Document,
    meta: Meta,
    /// What relative links resolve against; `None` if the page's URL is no URL.
    base: Option<Url>,
    /// Businesses in JSON-LD, the most telling type first; then those in microdata.
    businesses: [(&'static str, Business); 2],
}

/// Reads a page of a partner's web site. `url` is where it was fetched: relative links resolve against it.
///
/// Each field comes from the first source that has it: JSON-LD, microdata, meta tags, links, and text only
/// where it is unmistakable. Where a source contradicts itself, it counts as not having the field.
pub fn parse_website(html: &str, url: &str) -> Website {
    let document = Document::parse(html);
    let address = Url::parse(url.trim()).ok();
    let page = Page {
        meta: Meta::of(&document),
        base: base(&document, address),
        businesses: [
            ("json-ld", Business::of(&json::blocks(&document.json_ld))),
            ("microdata", Business::of(&microdata::items(&document))),
        ],
        document: &document,
    };
    let mut website = Website::default();
    website.read_identity(&page);
    website.read_place(&page);
    website.read_contacts(&page);
    website.read_pictures(&page);
    website
}

/// What the page's links resolve against: its `<base>`, else its own address.
fn base(document: &Document, address: Option<Url>) -> Option<Url> {
    let href = document.first("base[href]").and_then(|element| element.attr("href"));
    match (href, address) {
        (Some(href), Some(address)) => address.join(href.trim()).ok().or(Some(address)),
        (Some(href), None) => Url::parse(href.trim()).ok(),
        (None, address) => address,
    }
}

impl Page<'_> {
    /// An absolute web URL of a link or picture of the page.
    fn resolve(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        if href.is_empty() {
            return None;
        }
        let url = match &self.base {
            Some(base) => base.join(href).ok()?,
            None => Url::parse(href).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }
}

/// Fills a field that is still empty, and notes where its value came from.
fn put<T>(
    slot: &mut Option<T>,
    sources: &mut BTreeMap<String, String>,
    field: &str,
    found: Option<(T, &str)>,
) {
    if slot.is_none()
        && let Some((value, source)) = found
    {
        *slot = Some(value);
        sources.insert(field.to_owned(), source.to_owned());
    }
}

impl Website {
    fn read_identity(&mut self, page: &Page<'_>) {
        let sources = &mut self.sources;
        for (source, business) in &page.businesses {
            put(&mut self.name, sources, "name", business.name.clone().map(|name| (name, *source)));
            let description = business.description.clone().map(|text| (text, *source));
            put(&mut self.description, sources, "description", description);
        }
        put(&mut self.name, sources, "name", page.meta.site_name().map(|name| (name, "meta")));
        put(
            &mut self.description,
            sources,
            "description",
            page.meta.description().map(|text| (text, "meta")),
        );
    }

    fn read_place(&mut self, page: &Page<'_>) {
        let structured = page.businesses.iter().map(|(source, business)| (business.address.clone(), *source));
        let other = [(page.meta.address(), "meta"), (address::in_text(page.document), "text")];
        // The parts of an address belong together: all come from one source.
        let found = structured.chain(other).find_map(|(address, source)| Some((address?, source)));
        if let Some((address, source)) = found {
            let country = address.country();
            let parts = [
                ("address", &mut self.address, address.street),
                ("city", &mut self.city, address.city),
                ("state", &mut self.state, address.state),
                ("zip_code", &mut self.zip_code, address.zip_code),
                ("country", &mut self.country, country),
            ];
            for (field, slot, value) in parts {
                put(slot, &mut self.sources, field, value.map(|value| (value, source)));
            }
        }
        let structured = page.businesses.iter().map(|(source, business)| (business.position, *source));
        let position =
            structured.chain([(page.meta.position(), "meta")]).find_map(|(at, source)| Some((at?, source)));
        if let Some(((latitude, longitude), source)) = position {
            put(&mut self.latitude, &mut self.sources, "latitude", Some((latitude, source)));
            put(&mut self.longitude, &mut self.sources, "longitude", Some((longitude, source)));
        }
    }

    fn read_contacts(&mut self, page: &Page<'_>) {
        let region = self.country.clone().or_else(|| phone::region_of_host(page.base.as_ref()?));
        let region = region.as_deref().unwrap_or("US");
        put(&mut self.phone, &mut self.sources, "phone", phone::find(page, region));
        put(&mut self.email, &mut self.sources, "email", email::find(page));
        let links: Vec<Url> = page
            .document
            .all("a[href], area[href]")
            .iter()
            .filter_map(|link| page.resolve(link.attr("href")?))
            .collect();
        for (source, business) in &page.businesses {
            let urls: Vec<Url> = business.same_as.iter().filter_map(|url| Url::parse(url).ok()).collect();
            self.add_profiles(social::profiles(urls.iter()), source);
        }
        self.add_profiles(social::profiles(links.iter()), "link");
    }

    fn add_profiles(&mut self, profiles: BTreeMap<String, String>, source: &str) {
        for (network, url) in profiles {
            self.social_links.entry(network).or_insert(url);
        }
        if !self.social_links.is_empty() {
            self.sources.entry("social_links".to_owned()).or_insert_with(|| source.to_owned());
        }
    }

    fn read_pictures(&mut self, page: &Page<'_>) {
        put(&mut self.logo_url, &mut self.sources, "logo_url", image::logo(page));
        put(&mut self.favicon_url, &mut self.sources, "favicon_url", icon::favicon(page));
        let primary = image::primary(page);
        let marks = [self.logo_url.as_deref(), self.favicon_url.as_deref()];
        let banner = image::banner(page).filter(|(url, _)| !marks.contains(&Some(url.as_str())));
        put(&mut self.primary_image_url, &mut self.sources, "primary_image_url", primary);
        put(&mut self.banner_url, &mut self.sources, "banner_url", banner);
    }
}

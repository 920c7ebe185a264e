//! A page of a partner's own web site: who they are and how to reach them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

mod address;
mod assemble;
mod block;
mod business;
mod email;
mod hours;
mod icon;
mod image;
pub(crate) mod json;
mod logo;
mod map;
mod meta;
pub(crate) mod microdata;
mod name;
mod naming;
mod phone;
mod picture;
mod repair;
pub(crate) mod social;
mod visit;

use crate::dom::Document;
use crate::down::is_down;
use crate::site;
use business::Business;
use meta::Meta;
pub use naming::{is_blank, names_business};
pub use picture::Picture;

/// What a business's own page says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Website {
    /// Name of the business.
    pub name: Option<String>,
    /// Description, plain text.
    pub description: Option<String>,
    /// Phone number, E.164.
    pub phone: Option<String>,
    /// The same number as the page prints it; `None` if it stands in a link only.
    pub phone_text: Option<String>,
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
    /// Opening hours as the page tells them, its lines joined by `; `.
    pub opening_hours: Option<String>,
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
    /// Pictures that may be the logo, the likeliest first: to be checked by a request. The first is `logo_url`,
    /// unless nothing but an icon or a background shows the logo.
    pub logo_candidates: Vec<Picture>,
    /// The page's own icons, the best first; the first is `favicon_url`.
    pub favicon_candidates: Vec<Picture>,
    /// Pictures that may be the banner, the likeliest first; `banner_url` is the first that the page's data names.
    pub banner_candidates: Vec<Picture>,
    /// Pictures that the page names as its image, the best first; the first is `primary_image_url`.
    pub primary_image_candidates: Vec<Picture>,
    /// Pages of the same site that say how to reach the business, the likeliest first, three at most.
    pub contact_urls: Vec<String>,
    /// Pages of the same site that say who the business is, the likeliest first, three at most.
    pub about_urls: Vec<String>,
    /// Where each field came from: field → `json-ld`, `microdata`, `meta`, `link`, `img`, `tel`, `mailto`, `map`,
    /// `text`, or `title` for a name that the page's title and its logo's text give alike.
    pub sources: BTreeMap<String, String>,
    /// What else says the same: phone and e-mail → the other methods that tell this value. The more, the surer.
    pub confirmed_by: BTreeMap<String, Vec<String>>,
    /// Whether the page stands in for a site that is not there: repairs, a parked domain, a web server without a site. Then
    /// nothing else is told: what such a page names is its host's, or a broker's.
    #[serde(default)]
    pub is_down: bool,
}

/// The page as its readers see it.
struct Page<'a> {
    document: &'a Document,
    meta: Meta,
    /// Where the page was fetched; `None` if that is no URL.
    address: Option<Url>,
    /// What relative links resolve against.
    base: Option<Url>,
    /// The page's own business in JSON-LD; then in microdata.
    businesses: [(&'static str, Business); 2],
    /// Lines of the contact blocks.
    contacts: Vec<Vec<String>>,
    /// Lines around an address in running text.
    beside_address: Vec<String>,
    /// Domains of those who made the site.
    makers: Vec<String>,
}

/// Reads a page of a partner's web site. `url` is where it was fetched: relative links resolve against it.
///
/// Each field comes from the first source that has it: JSON-LD, microdata, meta tags, links, and text only
/// where it is unmistakable. Where a source contradicts itself, it counts as not having the field.
pub fn parse_website(html: &str, url: &str) -> Website {
    let document = Document::parse(html);
    let address = Url::parse(url.trim()).ok();
    let mut page = Page {
        meta: Meta::of(&document),
        base: site::base(&document, address.as_ref()),
        businesses: [
            ("json-ld", Business::of(&json::blocks(&document.json_ld), address.as_ref())),
            ("microdata", Business::of(&microdata::items(&document), address.as_ref())),
        ],
        address,
        contacts: block::contact_blocks(&document),
        beside_address: Vec::new(),
        makers: Vec::new(),
        document: &document,
    };
    if is_down(&document, html, |href| page.leads_on(href)) {
        return Website { is_down: true, ..Website::default() };
    }
    page.makers = block::makers(&page);
    assemble::website(page)
}

/// Whether an address is one of a social network, which is nobody's own site.
pub fn is_network(url: &Url) -> bool {
    url.host_str().is_some_and(|host| social::network(host).is_some())
}

impl Page<'_> {
    /// An absolute web URL of a link or picture of the page.
    fn resolve(&self, href: &str) -> Option<Url> {
        site::resolve(href, self.base.as_ref())
    }

    /// Whether a link leads to another page of the same site.
    fn leads_on(&self, href: &str) -> bool {
        self.resolve(href).is_some_and(|mut url| {
            url.set_fragment(None);
            let own = self.address.as_ref().map(|own| &own[..Position::AfterQuery]);
            self.is_here(&url) && own != Some(url.as_str())
        })
    }

    /// Whether a URL is of the page's own host. None is, where that is not known.
    fn is_here(&self, url: &Url) -> bool {
        self.address.as_ref().is_some_and(|own| site::are_of_one_host(own, url))
    }

    /// The part of the site's host that names its owner: `mesa-motors` of `www.mesa-motors.com`.
    fn host_label(&self) -> Option<String> {
        let host = site::without_www(self.address.as_ref()?.domain()?);
        host.split('.').next().map(str::to_owned)
    }
}

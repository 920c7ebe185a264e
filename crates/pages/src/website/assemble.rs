//! What the readers of a page find, put together.

use std::collections::BTreeMap;

use url::Url;

use super::social::squeeze;
use super::{Page, Picture, Website};
use super::{address, email, hours, icon, image, logo, map, name, phone, social, visit};

/// Reads all fields of a page.
pub(super) fn website(mut page: Page<'_>) -> Website {
    let mut website = Website::default();
    website.read_identity(&page);
    website.read_place(&mut page);
    website.read_contacts(&page);
    website.read_profiles(&page);
    website.read_pictures(&page);
    website.contact_urls = visit::contact(&page);
    website.about_urls = visit::about(&page);
    website
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
        put(&mut self.name, sources, "name", name::in_meta(page).map(|name| (name, "meta")));
        put(&mut self.name, sources, "name", name::agreed(page).map(|name| (name, "title")));
        put(
            &mut self.description,
            sources,
            "description",
            page.meta.description().map(|text| (text, "meta")),
        );
    }

    fn read_place(&mut self, page: &mut Page<'_>) {
        let host = page.address.as_ref().and_then(phone::region_of_host);
        let printed = address::in_text(page.document, &page.contacts, host.as_deref());
        page.beside_address = printed.beside;
        let structured = page.businesses.iter().map(|(source, business)| (business.address.clone(), *source));
        let other = [(page.meta.address(), "meta"), (printed.address, "text")];
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
        let other = [(page.meta.position(), "meta"), (map::find(page), "map")];
        let position = structured.chain(other).find_map(|(at, source)| Some((at?, source)));
        if let Some(((latitude, longitude), source)) = position {
            put(&mut self.latitude, &mut self.sources, "latitude", Some((latitude, source)));
            put(&mut self.longitude, &mut self.sources, "longitude", Some((longitude, source)));
        }
        put(&mut self.opening_hours, &mut self.sources, "opening_hours", hours::find(page));
    }

    fn read_contacts(&mut self, page: &Page<'_>) {
        let region = self.country.clone().or_else(|| phone::region_of_host(page.address.as_ref()?));
        let phones = phone::find(page, region.as_deref().unwrap_or("US"));
        if let Some((phone, source)) = phones.first().cloned() {
            let same = |(other, _): &&(phone::Phone, &str)| other.e164 == phone.e164;
            self.confirm("phone", phones.iter().skip(1).filter(same).map(|(_, source)| *source));
            let printed = phone.printed.map(|text| (text, source));
            put(&mut self.phone_text, &mut self.sources, "phone_text", printed);
            put(&mut self.phone, &mut self.sources, "phone", Some((phone.e164, source)));
        }
        let emails = email::find(page);
        if let Some((email, source)) = emails.first().cloned() {
            let same = |(other, _): &&(String, &str)| other.eq_ignore_ascii_case(&email);
            self.confirm("email", emails.iter().skip(1).filter(same).map(|(_, source)| *source));
            put(&mut self.email, &mut self.sources, "email", Some((email, source)));
        }
    }

    fn confirm<'a>(&mut self, field: &str, methods: impl Iterator<Item = &'a str>) {
        let methods: Vec<String> = methods.map(str::to_owned).collect();
        if !methods.is_empty() {
            self.confirmed_by.insert(field.to_owned(), methods);
        }
    }

    fn read_profiles(&mut self, page: &Page<'_>) {
        let own: Vec<String> =
            [page.host_label(), self.name.clone()].into_iter().flatten().map(|own| squeeze(&own)).collect();
        for (source, business) in &page.businesses {
            let urls = business.same_as.iter().filter_map(|url| Url::parse(url).ok());
            let links: Vec<social::Link> = urls.map(|url| social::Link { url, framed: false }).collect();
            self.add_profiles(social::profiles(&links, &own, &page.makers), source);
        }
        let links = social::links(page);
        self.add_profiles(social::profiles(&links, &own, &page.makers), "link");
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
        self.logo_candidates = logo::logos(page);
        self.favicon_candidates = icon::favicons(page);
        self.primary_image_candidates = image::primaries(page);
        let sources = &mut self.sources;
        put(
            &mut self.logo_url,
            sources,
            "logo_url",
            first(&self.logo_candidates, |method| method != "style" && method != logo::TOUCH_ICON),
        );
        put(&mut self.favicon_url, sources, "favicon_url", first(&self.favicon_candidates, |_| true));
        put(
            &mut self.primary_image_url,
            sources,
            "primary_image_url",
            first(&self.primary_image_candidates, |_| true),
        );
        let marks = [self.logo_url.as_deref(), self.favicon_url.as_deref()];
        self.banner_candidates = image::banners(page);
        self.banner_candidates.retain(|picture| !marks.contains(&Some(picture.url.as_str())));
        put(
            &mut self.banner_url,
            sources,
            "banner_url",
            first(&self.banner_candidates, |method| method != "hero"),
        );
    }
}

/// The first candidate whose method is trusted without a look at the picture.
fn first(candidates: &[Picture], trusted: impl Fn(&str) -> bool) -> Option<(String, &str)> {
    let picture = candidates.iter().find(|picture| trusted(&picture.method))?;
    Some((picture.url.clone(), &picture.method))
}

//! Fields of a page of a partner's own site. Each site has other ones; it is their share that is steady.

use super::{Rule, Watched, always, only, some};
use crate::website::Website;

impl Watched for Website {
    // Not its sources, which only tell where the others came from, not the candidates for its pictures, and not whether it is
    // there at all.
    const RULES: &'static [Rule<Website>] = &[
        always("name", |website| website.name.is_some()),
        always("description", |website| website.description.is_some()),
        always("phone", |website| website.phone.is_some()),
        only(|website| website.phone.is_some(), "phone_text", |website| website.phone_text.is_some()),
        always("email", |website| website.email.is_some()),
        always("address", |website| website.address.is_some()),
        always("city", |website| website.city.is_some()),
        always("state", |website| website.state.is_some()),
        always("zip_code", |website| website.zip_code.is_some()),
        always("country", |website| website.country.is_some()),
        always("latitude", |website| website.latitude.is_some()),
        always("longitude", |website| website.longitude.is_some()),
        some(|_| true, "opening_hours", |website| website.opening_hours.is_some()),
        always("logo_url", |website| website.logo_url.is_some()),
        always("favicon_url", |website| website.favicon_url.is_some()),
        always("banner_url", |website| website.banner_url.is_some()),
        always("primary_image_url", |website| website.primary_image_url.is_some()),
        always("social_links", |website| !website.social_links.is_empty()),
        some(|_| true, "contact_urls", |website| !website.contact_urls.is_empty()),
        some(|_| true, "about_urls", |website| !website.about_urls.is_empty()),
    ];
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    #[test]
    fn every_key_of_a_website_has_a_rule() {
        let of_others = ["sources", "confirmed_by", "is_down"];
        let candidates =
            ["logo_candidates", "favicon_candidates", "banner_candidates", "primary_image_candidates"];
        every_key_has_a_rule::<Website>(&[of_others.as_slice(), &candidates].concat(), &[]);
    }

    #[test]
    fn an_empty_map_is_not_found() {
        let mut website = Website::default();
        assert_eq!(finds(&website, "social_links"), Some(false));
        website.social_links.insert("facebook".to_owned(), "https://facebook.com/x".to_owned());
        assert_eq!(finds(&website, "social_links"), Some(true));
    }
}

//! Dealers whose web site is a page on somebody else's host: a network's, a marketplace's, a group's.

use url::Url;

use super::entrance::SEEDS;
use super::names::{REFUSED, has, segments, sureness, words};
use crate::site::{are_of_one_host, without_www};

/// Hosts on which everybody has a page: also what such a page links on them is mostly the host's or others'.
const SHARED: [&str; 32] = [
    "autotrader.com",
    "bringatrailer.com",
    "carandclassic.com",
    "cargurus.com",
    "cars.com",
    "carsandbids.com",
    "carsforsale.com",
    "classic.com",
    "classiccars.com",
    "classicdriver.com",
    "craigslist.org",
    "dupontregistry.com",
    "ebay.ca",
    "ebay.co.uk",
    "ebay.com",
    "ebay.de",
    "elferspot.com",
    "facebook.com",
    "fb.com",
    "google.com",
    "hemmings.com",
    "instagram.com",
    "jamesedition.com",
    "linkedin.com",
    "linktr.ee",
    "mobile.de",
    "pinterest.com",
    "tiktok.com",
    "twitter.com",
    "x.com",
    "yelp.com",
    "youtube.com",
];

/// Names of pages that sites lead their visitors to.
const LANDING: [&str; 12] =
    ["app", "default", "home", "homepage", "index", "main", "pages", "site", "start", "web", "welcome", "wp"];

/// Words that stand beside those of lists.
const BESIDE: [&str; 14] = [
    "all",
    "classic",
    "classics",
    "collections",
    "for",
    "list",
    "new",
    "our",
    "owned",
    "pre",
    "results",
    "search",
    "used",
    "view",
];

/// Whether a dealer's web site is a page on somebody else's host, as its path tells: more than a landing page, a language
/// or a list. What stands at the root of such a host is not the dealer's.
pub fn is_tenant(site: &Url) -> bool {
    let parts = segments(site);
    !parts.is_empty() && (is_shared(site) || !parts.iter().all(|part| is_common(part)))
}

/// Whether an address is not the dealer's whose site is a page on a host on which everybody has one: only what is below that is.
pub fn is_anothers(site: &Url, url: &Url) -> bool {
    let own = folder(site);
    let is_below = || url.path().starts_with(&own) || url.path() == own.trim_end_matches('/');
    is_shared(site) && is_tenant(site) && are_of_one_host(site, url) && !is_below()
}

/// Where such a dealer may have a list: below his own page, if that is no host's on which everybody has one.
pub fn seeds_of_tenant(site: &Url) -> Vec<Url> {
    let own = folder(site);
    if is_shared(site) || own == "/" {
        return Vec::new();
    }
    SEEDS.iter().filter_map(|seed| site.join(&format!("{}{seed}", own.trim_end_matches('/'))).ok()).collect()
}

/// Whether an address is the front page of a site, by its path: the root, a landing page, a language.
pub fn is_front_page(url: &Url) -> bool {
    url.query().is_none() && segments(url).iter().all(|part| is_landing(part))
}

fn is_shared(site: &Url) -> bool {
    let host = without_www(site.host_str().unwrap_or_default());
    SHARED.contains(&host.strip_prefix("m.").unwrap_or(host))
}

fn is_common(part: &str) -> bool {
    let words = words(part);
    let is_of_list =
        |word: &String| sureness(std::slice::from_ref(word)) > 0 || BESIDE.contains(&word.as_str());
    is_landing(part) || has(&words, &REFUSED) || words.iter().all(is_of_list)
}

/// `index.html`, `home`, `en`, `de-CH`
fn is_landing(part: &str) -> bool {
    let name = part.split('.').next().unwrap_or_default().to_lowercase();
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    LANDING.contains(&name.as_str()) || name.split(['-', '_']).all(is_code)
}

/// The path below which a site's pages are, with a slash at its end.
fn folder(site: &Url) -> String {
    let path = site.path().trim_end_matches('/');
    match path.rsplit_once('/') {
        Some((before, file)) if file.contains('.') && !is_shared(site) => format!("{before}/"),
        _ => format!("{path}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_path_that_is_more_than_a_landing_page_is_on_somebody_else_s_host() {
        for site in [
            "https://www.facebook.com/dealer",
            "https://m.facebook.com/profile.php?id=7",
            "https://www.ebay.com/str/dealer",
            "https://www.classic.com/cars",
            "https://group.example/phoenix/",
            "https://group.example/dealers/mesa-motors",
            "https://mall.example/vintage-motorcars",
        ] {
            assert!(is_tenant(&url(site)), "{site}");
        }
        for site in [
            "https://dealer.com",
            "https://dealer.com/index.html",
            "https://dealer.com/home",
            "https://dealer.com/en/",
            "https://dealer.com/de-CH/home.aspx",
            "https://dealer.com/inventory",
            "https://dealer.com/cars-for-sale/",
            "https://dealer.com/collections/all",
            "https://dealer.com/en/our-inventory?page=1",
            "https://dealer.com/about-us",
            "https://dealer.com/pages/contact",
            "https://www.facebook.com/",
            "https://dealer.carsforsale.com/inventory",
        ] {
            assert!(!is_tenant(&url(site)), "{site}");
        }
    }

    #[test]
    fn on_a_host_where_everybody_has_a_page_only_what_is_below_it_is_the_dealer_s() {
        let (shop, group) = (url("https://www.ebay.com/str/dealer"), url("https://group.example/phoenix"));
        let anothers = |path: &str| is_anothers(&shop, &shop.join(path).unwrap());
        assert!(anothers("/b/cars-trucks") && anothers("/str/dealers") && anothers("/"));
        assert!(!anothers("/str/dealer") && !anothers("/str/dealer/cars?page=2"));
        assert!(!is_anothers(&shop, &url("https://dealer.com/inventory")));
        assert!(!is_anothers(&group, &url("https://group.example/inventory")));
    }

    #[test]
    fn a_list_may_be_below_the_dealer_s_own_page() {
        let first = |site: &str| seeds_of_tenant(&url(site)).first().map(|seed| seed.path().to_owned());
        assert_eq!(first("https://group.example/phoenix").as_deref(), Some("/phoenix/inventory"));
        assert_eq!(first("https://group.example/az/phoenix.html").as_deref(), Some("/az/inventory"));
        assert_eq!(first("https://group.example/phoenix.html"), None);
        assert_eq!(first("https://www.facebook.com/dealer"), None);
    }

    #[test]
    fn a_front_page_is_a_root_a_landing_page_or_a_language() {
        for (site, is_front) in [
            ("https://dealer.com", true),
            ("https://dealer.com/en/index.html", true),
            ("https://dealer.com/?page_id=5", false),
            ("https://dealer.com/inventory", false),
        ] {
            assert_eq!(is_front_page(&url(site)), is_front, "{site}");
        }
    }
}

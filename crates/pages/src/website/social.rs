//! Profiles on social networks.

use std::collections::BTreeMap;

use scraper::ElementRef;
use url::Url;

use super::Page;
use crate::dom::Attributes;

/// Networks by registrable domain.
const NETWORKS: [(&str, &str); 13] = [
    ("facebook.com", "facebook"),
    ("fb.com", "facebook"),
    ("instagram.com", "instagram"),
    ("youtube.com", "youtube"),
    ("youtu.be", "youtube"),
    ("twitter.com", "x"),
    ("x.com", "x"),
    ("linkedin.com", "linkedin"),
    ("tiktok.com", "tiktok"),
    ("pinterest.com", "pinterest"),
    ("threads.net", "threads"),
    ("threads.com", "threads"),
    ("vimeo.com", "vimeo"),
];

/// First parts of paths that share or play something, or belong to the network itself: no profiles.
const NO_PROFILE: [&str; 33] = [
    "about",
    "badges",
    "business",
    "dialog",
    "embed",
    "explore",
    "events",
    "groups",
    "hashtag",
    "help",
    "home",
    "intent",
    "legal",
    "login",
    "p",
    "photo",
    "photo.php",
    "pin",
    "playlist",
    "plugins",
    "policies",
    "policy",
    "privacy",
    "reel",
    "results",
    "search",
    "share",
    "share.php",
    "sharearticle",
    "sharer",
    "sharer.php",
    "tr",
    "watch",
];

/// Accounts of the makers of web sites, which their templates link, and of portals.
const VENDORS: [&str; 15] = [
    "allautonetwork",
    "autorevo",
    "bringatrailer",
    "carsforsale",
    "dealercenter",
    "dealercom",
    "godaddy",
    "shopify",
    "speeddigital",
    "squarespace",
    "webflow",
    "weebly",
    "wix",
    "wordpress",
    "wordpressdotcom",
];

/// Most profiles of one network that are looked at.
const MOST: usize = 50;

/// Shortest name that tells two profiles apart.
const ALIKE: usize = 4;

/// The network that a host belongs to.
pub(crate) fn network(host: &str) -> Option<&'static str> {
    let host = host.trim_end_matches('.');
    NETWORKS.iter().find_map(|(domain, name)| {
        let rest = host.strip_suffix(domain)?;
        (rest.is_empty() || rest.ends_with('.')).then_some(*name)
    })
}

/// A link to a profile, and whether it stands in the page's head or foot.
pub(super) struct Link {
    /// Where it leads.
    pub url: Url,
    /// Whether the page's frame has it, not its content.
    pub framed: bool,
}

/// The page's links that may lead to profiles.
pub(super) fn links(page: &Page<'_>) -> Vec<Link> {
    let links = page.document.all("a[href], area[href]").into_iter();
    let found = links.filter_map(|link| {
        let url = page.resolve(link.attribute("href")?)?;
        network(url.host_str()?)?;
        let framed = link
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|element| matches!(element.value().name(), "header" | "footer" | "nav"));
        Some(Link { url, framed })
    });
    found.collect()
}

/// The business's profile of each network among links: network → URL. Where they lead to several of a network,
/// it is the one called like `own`, the names of the business, else the only one in the page's frame; else none.
pub(super) fn profiles(links: &[Link], own: &[String], makers: &[String]) -> BTreeMap<String, String> {
    let mut by_network: BTreeMap<&str, Vec<(String, &Link)>> = BTreeMap::new();
    for link in links {
        let handle = handle(&link.url);
        let made = makers.iter().any(|maker| squeeze(maker.split('.').next().unwrap_or_default()) == handle);
        if let Some(network) = profile(&link.url).filter(|_| !made) {
            let known = by_network.entry(network).or_default();
            if known.len() < MOST {
                known.push((handle, link));
            }
        }
    }
    let chosen = by_network.into_iter().filter_map(|(network, known)| {
        let named = || known.iter().filter(|(handle, _)| own.iter().any(|own| alike(own, handle)));
        let framed = || known.iter().filter(|(_, link)| link.framed);
        let link = match named().next() {
            Some(_) => only(named()),
            None => only(known.iter()).or_else(|| only(framed())),
        };
        Some((network.to_owned(), canonical(&link?.url)))
    });
    chosen.collect()
}

/// The first of these links, if all lead to the same profile.
fn only<'a>(mut links: impl Iterator<Item = &'a (String, &'a Link)>) -> Option<&'a Link> {
    let (handle, first) = links.next()?;
    links.all(|(other, _)| other == handle).then_some(*first)
}

/// Letters and digits of a text, small.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a profile is called like the business.
pub(super) fn alike(own: &str, handle: &str) -> bool {
    let short = own.len().min(handle.len());
    short >= ALIKE && (own.contains(handle) || handle.contains(own))
}

/// What tells two profiles of a network apart.
fn handle(url: &Url) -> String {
    let id = url.query_pairs().find(|(key, _)| key == "id").map(|(_, value)| value.into_owned());
    let mut parts = url.path().split('/').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    match (first.to_ascii_lowercase().as_str(), id) {
        ("profile.php", Some(id)) => id,
        (
            "pages" | "channel" | "c" | "user" | "pg" | "people" | "company" | "in" | "school" | "showcase",
            _,
        ) => squeeze(parts.next().unwrap_or_default()),
        _ => squeeze(first),
    }
}

/// The address of a profile without what counts its visits.
fn canonical(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    if !url.path().ends_with("/profile.php") {
        url.set_query(None);
    }
    url.into()
}

/// The network of a URL that is a profile there.
fn profile(url: &Url) -> Option<&'static str> {
    let host = url.host_str()?;
    let name = network(host)?;
    let segments: Vec<String> =
        url.path().split('/').filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect();
    let first = segments.first()?.as_str();
    let numbered =
        first == "profile.php" && url.query_pairs().any(|(key, value)| key == "id" && !value.is_empty());
    let video =
        host.ends_with("youtu.be") || (name == "vimeo" && first.bytes().all(|byte| byte.is_ascii_digit()));
    let status = name == "x" && segments.get(1).is_some_and(|part| part == "status");
    let post =
        segments.iter().skip(1).any(|part| matches!(part.as_str(), "posts" | "videos" | "video" | "photos"));
    let linkedin = name != "linkedin"
        || (matches!(first, "company" | "in" | "school" | "showcase") && segments.len() > 1);
    let prefix_only =
        matches!(first, "pages" | "channel" | "c" | "user" | "pg" | "people") && segments.len() == 1;
    let someone = numbered
        || !(NO_PROFILE.contains(&first)
            || first == "profile.php"
            || VENDORS.contains(&handle(url).as_str()));
    let profile =
        someone && linkedin && !(video || status || post || prefix_only || first == "i" || first == "shorts");
    profile.then_some(name)
}

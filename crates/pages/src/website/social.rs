//! Profiles on social networks.

use std::collections::BTreeMap;

use url::Url;

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

/// Accounts of the makers of web sites, which their templates link.
const VENDORS: [&str; 7] = ["godaddy", "shopify", "squarespace", "webflow", "weebly", "wix", "wordpress"];

/// The network that a host belongs to.
pub(crate) fn network(host: &str) -> Option<&'static str> {
    let host = host.trim_end_matches('.');
    NETWORKS.iter().find_map(|(domain, name)| {
        let rest = host.strip_suffix(domain)?;
        (rest.is_empty() || rest.ends_with('.')).then_some(*name)
    })
}

/// The first profile of each network among links, in their order: network → URL.
pub(super) fn profiles<'a>(links: impl Iterator<Item = &'a Url>) -> BTreeMap<String, String> {
    let mut profiles = BTreeMap::new();
    for url in links {
        if let Some(name) = profile(url) {
            profiles.entry(name.to_owned()).or_insert_with(|| url.to_string());
        }
    }
    profiles
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
    let someone =
        numbered || !(NO_PROFILE.contains(&first) || first == "profile.php" || VENDORS.contains(&first));
    let profile =
        someone && linkedin && !(video || status || post || prefix_only || first == "i" || first == "shorts");
    profile.then_some(name)
}

//! The page's icon.

use url::Url;

use super::Page;
use super::picture::{Picture, distinct};
use crate::dom::Attributes;

/// Hosts and paths that draw icons and logos of other sites.
const SERVICES: [&str; 9] = [
    "google.com/s2/favicons",
    "gstatic.com/favicon",
    "icons.duckduckgo.com",
    "favicon.yandex",
    "favicongrabber.com",
    "icon.horse",
    "logo.clearbit.com",
    "img.logo.dev",
    "unavatar.io",
];

/// Smallest icon worth more than any of unknown size, in pixels.
const SMALLEST: u32 = 32;

/// The page's own icons, the best first: a scalable one, then by size, then the touch icon, then any. A mask
/// icon is a silhouette, no icon.
pub(super) fn favicons(page: &Page<'_>) -> Vec<Picture> {
    let mut icons: Vec<(u32, Url)> = Vec::new();
    for link in page.document.all("link[rel][href]") {
        let (Some(rel), Some(href)) = (link.attribute("rel"), link.attribute("href")) else { continue };
        let rel = rel.to_ascii_lowercase();
        let touch = rel.split_whitespace().any(|token| token.starts_with("apple-touch-icon"));
        if !touch && !rel.split_whitespace().any(|token| token == "icon") {
            continue;
        }
        if let Some(url) = page.resolve(href).filter(is_own) {
            icons.push((rank(&url, link.attribute("sizes"), link.attribute("type"), touch), url));
        }
    }
    // Stable: of equals, the first on the page.
    icons.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let links = icons.into_iter().map(|(_, url)| Picture::new(url, "link"));
    let tile = page.meta.first(&["msapplication-tileimage", "msapplication-square150x150logo"]);
    let tile = tile.and_then(|tile| page.resolve(tile)).filter(is_own).map(|url| Picture::new(url, "meta"));
    distinct(links.chain(tile))
}

/// The page's touch icon, which shows the logo where nothing else does.
pub(super) fn touch_icon(page: &Page<'_>) -> Option<Url> {
    let link = page
        .document
        .first("link[rel~=apple-touch-icon i][href], link[rel~=apple-touch-icon-precomposed i][href]");
    page.resolve(link?.attribute("href")?).filter(is_own)
}

/// Whether a picture is not one that a service draws for other sites.
pub(super) fn is_own(url: &Url) -> bool {
    !SERVICES.iter().any(|service| url.as_str().contains(service))
}

/// How good an icon is.
fn rank(url: &Url, sizes: Option<&str>, kind: Option<&str>, touch: bool) -> u32 {
    const SCALABLE: u32 = 1_000_000;
    const TOUCH: u32 = 31;
    const UNKNOWN: u32 = 30;
    let scalable = url.path().ends_with(".svg") || kind.is_some_and(|kind| kind.contains("svg"));
    let sizes = sizes.unwrap_or_default().to_ascii_lowercase();
    if scalable || sizes.split_whitespace().any(|size| size == "any") && !url.path().ends_with(".ico") {
        return SCALABLE;
    }
    let largest = sizes.split_whitespace().filter_map(square).max();
    match largest {
        Some(size) if touch => size.min(SCALABLE / 2),
        Some(size) if size >= SMALLEST => size.min(SCALABLE / 2),
        Some(size) => size.min(UNKNOWN - 1),
        None if touch => TOUCH,
        None => UNKNOWN,
    }
}

/// Side of a square size such as `32x32`, in pixels.
fn square(size: &str) -> Option<u32> {
    let (width, height) = size.split_once(['x', '×'])?;
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    (width == height).then_some(width)
}

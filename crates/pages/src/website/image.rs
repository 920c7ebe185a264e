//! Banner and primary image, and what is common to pictures.

use scraper::ElementRef;

use super::Page;
use super::block::offers;
use super::icon::is_own;
use super::meta::Stated;
use super::picture::{Picture, distinct};
use crate::dom::Attributes;

/// Words in the address or text of pictures that belong to others: vendors, payment, portals, networks.
const OTHERS: [&str; 41] = [
    "amex",
    "app-store",
    "appstore",
    "applepay",
    "autocheck",
    "autotrader",
    "award",
    "badge",
    "bbb",
    "bringatrailer",
    "captcha",
    "carfax",
    "cargurus",
    "carsforsale",
    "dealerrater",
    "discover",
    "ebay",
    "facebook",
    "flag",
    "google",
    "hagerty",
    "hemmings",
    "instagram",
    "linkedin",
    "loader",
    "mastercard",
    "motorious",
    "payment",
    "paypal",
    "pixel",
    "pinterest",
    "placeholder",
    "powered",
    "spacer",
    "spinner",
    "sprite",
    "tiktok",
    "trustpilot",
    "twitter",
    "visa",
    "yelp",
];

/// Words in the address of pictures that a platform puts where none was chosen, or that are marks.
const DEFAULTS: [&str; 7] =
    ["favicon", "cropped-", "social-share", "default-share", "logo", "placeholder", "templatethumbnail"];

/// Narrowest banner, in pixels.
const NARROWEST: u32 = 400;

/// Narrowest picture at the head of a page that may be its banner, in pixels.
const WIDE: u32 = 600;

/// Most pictures at the head of a page that may be its banner.
const HEROES: usize = 3;

/// Address of a picture, also of one that is loaded later, or that comes in several sizes: then the largest.
pub(super) fn source(image: ElementRef<'_>) -> Option<String> {
    const LAZY: [&str; 5] = ["data-src", "data-lazy-src", "data-original", "data-lazy", "data-image"];
    let sets = ["srcset", "data-srcset"].iter().filter_map(|key| largest(image.attribute(key)?));
    let lazy = LAZY.iter().filter_map(|key| image.attribute(key));
    let src =
        image.attribute("src").map(str::trim).filter(|src| !src.is_empty() && !src.starts_with("data:"));
    lazy.chain(src)
        .chain(sets.map(|(url, _)| url))
        .map(str::trim)
        .find(|src| !src.is_empty())
        .map(str::to_owned)
}

/// The widest picture of a `srcset`, and its width, if stated.
fn largest(set: &str) -> Option<(&str, u32)> {
    let pictures = set.split(", ").filter_map(|picture| {
        let mut words = picture.split_whitespace();
        let url = words.next()?.trim_end_matches(',');
        let width = words.next().and_then(|size| size.strip_suffix('w')?.parse().ok()).unwrap_or(0);
        (!url.starts_with("data:")).then_some((url, width))
    });
    pictures.max_by_key(|(_, width)| *width)
}

/// Address of the picture in an element's own style.
pub(super) fn background(element: ElementRef<'_>) -> Option<String> {
    let (_, rest) = element.attribute("style")?.split_once("url(")?;
    let (url, _) = rest.split_once(')')?;
    let url = url.trim().trim_matches(['"', '\'']).trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// Whether a text names somebody else than the business.
pub(super) fn is_others(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    OTHERS.iter().any(|other| {
        text.match_indices(other).any(|(at, _)| {
            let beside = |text: Option<&str>, next: fn(&str) -> Option<char>| {
                text.and_then(next).is_none_or(|c| !c.is_ascii_alphanumeric())
            };
            beside(text.get(..at), |text| text.chars().next_back())
                && beside(text.get(at + other.len()..), |text| text.chars().next())
        })
    })
}

/// The pictures that the page names as its image, the best first: one whose size is stated, then in the page's
/// order; then the image of its business.
pub(super) fn primaries(page: &Page<'_>) -> Vec<Picture> {
    let link = page.document.first("link[rel~=image_src i][href]");
    let linked =
        link.and_then(|link| usable(page, link.attribute("href")?)).map(|url| Picture::new(url, "link"));
    let named = stated(page).into_iter().filter(|picture| !is_template(picture.url));
    let named = named.filter_map(|picture| usable(page, picture.url)).map(|url| Picture::new(url, "meta"));
    distinct(named.chain(of_business(page)).chain(linked))
}

/// Wide pictures of the business, the likeliest first: the page's image, unless it is that of an article or of
/// something for sale, a mark, or a platform's default; the image of the business; pictures at the page's head.
pub(super) fn banners(page: &Page<'_>) -> Vec<Picture> {
    let kind = page.meta.first(&["og:type"]).unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("product") || kind.starts_with("article") || kind.contains("vehicle") {
        return Vec::new();
    }
    let wide = |picture: &Stated<'_>| match (picture.width, picture.height) {
        (Some(width), Some(height)) => width >= NARROWEST && width > height,
        _ => true,
    };
    let named = stated(page).into_iter().filter(wide).filter_map(|picture| usable(page, picture.url));
    let named = named.map(|url| Picture::new(url, "meta"));
    distinct(named.chain(of_business(page)).chain(heroes(page)).filter(|picture| {
        let url = picture.url.to_ascii_lowercase();
        !DEFAULTS.iter().any(|word| url.contains(word))
    }))
}

/// Pictures of the slider or hero at the head of a page, of those whose width is stated only wide ones.
fn heroes(page: &Page<'_>) -> Vec<Picture> {
    const CALLED: [&str; 6] = ["hero", "slider", "slide", "slideshow", "carousel", "banner"];
    let called = |element: ElementRef<'_>| {
        let names =
            ["class", "id"].into_iter().filter_map(|key| element.attribute(key)).map(str::to_ascii_lowercase);
        let mut names = names.collect::<Vec<_>>().into_iter();
        names.any(|name| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| CALLED.contains(&word)))
    };
    let wide = |image: &ElementRef<'_>| {
        let stated =
            image.attribute("width").and_then(|width| width.trim_end_matches("px").parse::<u32>().ok());
        let set =
            image.attribute("srcset").and_then(largest).map(|(_, width)| width).filter(|width| *width > 0);
        stated.max(set).is_none_or(|width| width >= WIDE)
    };
    let elements = page.document.all("img, [style*=url i]").into_iter().filter(|element| {
        let near = element.ancestors().filter_map(ElementRef::wrap).take(5);
        wide(element) && !offers(*element) && std::iter::once(*element).chain(near).any(called)
    });
    let urls = elements.filter_map(|element| match element.value().name() {
        "img" => usable(page, &source(element)?),
        _ => usable(page, &background(element)?),
    });
    urls.take(HEROES).map(|url| Picture::new(url, "hero")).collect()
}

/// The page's pictures, those whose width is stated first.
fn stated<'a>(page: &'a Page<'_>) -> Vec<Stated<'a>> {
    let mut pictures = page.meta.pictures();
    pictures.sort_by_key(|picture| picture.width.is_none());
    pictures
}

fn of_business(page: &Page<'_>) -> impl Iterator<Item = Picture> {
    page.businesses.iter().filter_map(|(source, business)| {
        Some(Picture::new(usable(page, business.image.as_deref()?)?, source))
    })
}

fn is_template(url: &str) -> bool {
    url.to_ascii_lowercase().contains("templatethumbnail")
}

/// Address of a picture that is the business's own. One that a script has still to fill in is none.
pub(super) fn usable(page: &Page<'_>, href: &str) -> Option<String> {
    let whole = !href.contains(['{', '}']);
    let own = |url: &url::Url| whole && !is_others(url.as_str()) && is_own(url);
    page.resolve(href).filter(own).map(String::from)
}

//! Pictures of what is for sale.

use std::collections::HashSet;

use scraper::ElementRef;

use super::Page;
use super::scope::Scope;
use crate::dom::Attributes;

/// Words in the address of pictures that are buttons, marks of others, or stand for a missing picture.
const NO_PHOTOS: [&str; 19] = [
    "ina_f.jpg",
    "autocheck",
    "badge",
    "banner",
    "button",
    "carfax",
    "coming-soon",
    "facebook",
    "favicon",
    "icon",
    "instagram",
    "logo",
    "noimage",
    "no-image",
    "notavailable",
    "placeholder",
    "spacer",
    "twitter",
    "youtube",
];

/// Attributes that hold the address of a picture, those of pictures that are loaded later first.
const ATTRIBUTES: [&str; 7] =
    ["data-src", "data-lazy-src", "data-original", "data-background-image", "data-bg", "data-image", "src"];

/// Pictures in a part of a page: those that smaller ones link to, if there are any, else those shown.
pub(super) fn photos(page: &Page<'_>, scope: &Scope<'_>) -> Vec<String> {
    let linked = scope.elements.iter().filter(|element| element.value().name() == "a").filter_map(|link| {
        let shows = || link.child_elements().any(|child| child.value().name() == "img");
        link.attribute("href").filter(|href| is_file(href) && shows())
    });
    let linked = urls(page, linked.map(str::to_owned));
    if !linked.is_empty() {
        return linked;
    }
    let shown =
        scope.elements.iter().filter_map(|element| source(*element)).filter(|source| is_photo(source));
    urls(page, shown)
}

/// Address of the picture that an element shows, by itself or as its background.
pub(super) fn source(element: ElementRef<'_>) -> Option<String> {
    let image = element.value().name() == "img";
    let of_attribute = ATTRIBUTES.iter().find_map(|key| {
        let usable = image || key.starts_with("data-b");
        element
            .attribute(key)
            .filter(|source| usable && !source.trim_start().starts_with("data:") && !source.contains('{'))
    });
    of_attribute.map(str::to_owned).or_else(|| {
        let style = element.attribute("style")?;
        let (_, rest) = style.split_once("background-image")?;
        let (_, rest) = rest.split_once("url(")?;
        let (url, _) = rest.split_once(')')?;
        Some(url.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).to_owned())
    })
}

/// Absolute addresses, each once, without those that are no photos.
pub(super) fn urls(page: &Page<'_>, sources: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    sources
        .filter_map(|source| page.resolve(&source))
        .map(String::from)
        .filter(|url| {
            let lower = url.to_lowercase();
            !NO_PHOTOS.iter().any(|word| lower.contains(word)) && seen.insert(url.clone())
        })
        .collect()
}

/// Whether an address is that of a picture.
fn is_file(href: &str) -> bool {
    ends_with(href, &["jpg", "jpeg", "png", "webp", "avif"])
}

/// Whether a picture shown is a photo: buttons and marks are of other kinds.
fn is_photo(source: &str) -> bool {
    ends_with(source, &["jpg", "jpeg", "webp", "avif"])
}

fn ends_with(source: &str, kinds: &[&str]) -> bool {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(_, kind)| kinds.iter().any(|known| kind.eq_ignore_ascii_case(known)))
}

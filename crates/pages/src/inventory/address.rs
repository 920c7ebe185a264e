//! Addresses of pages about one vehicle.

use url::Url;

use super::make;
use super::names::{CHOICES, REFUSED, has, is_later_page, is_sold, segments, sureness, words};
use crate::value::{chassis, title};

/// Parts of addresses behind which the pages of vehicles are.
const PARENTS: [&str; 21] = [
    "inventory",
    "view-inventory",
    "vehicle",
    "vehicles",
    "vehicle-details",
    "vdp",
    "detail",
    "details",
    "listing",
    "listings",
    "used",
    "used-cars",
    "car",
    "cars",
    "cars-for-sale",
    "for-sale",
    "automobiles",
    "stock",
    "product",
    "products",
    "product-page",
];

/// Whether an address is that of a page about one vehicle: by its year, its VIN, or its number behind a word such as
/// `inventory`.
pub(super) fn is_item(url: &Url) -> bool {
    let parts = segments(url);
    let Some((slug, before)) = parts.split_last() else { return false };
    let refused = before.iter().any(|part| has(&words(part), &REFUSED) || title::year(part).is_some());
    if refused || is_file(slug) {
        return false;
    }
    let parent = before.iter().rposition(|part| PARENTS.contains(&part.to_lowercase().as_str()));
    let below = parent.and_then(|parent| before.get(parent + 1..)).unwrap_or_default();
    let parent = parent.and_then(|parent| before.get(parent)).map(String::as_str);
    if year_led(slug) || is_numbered(slug) || ends_with_vin(slug) || asks_for_one(slug, url) {
        return true;
    }
    let slug_words = words(slug);
    if parent.is_none() || has(&slug_words, &REFUSED) || has(&slug_words, &CHOICES) {
        return false;
    }
    if slug_words.iter().any(|word| word.len() == 4 && title::year(word).is_some()) {
        return true;
    }
    // A shop's products may be anything.
    let is_shop = parent.is_some_and(|parent| parent.to_lowercase().starts_with("product"));
    let is_list = sureness(&slug_words) > 0 || is_sold(&slug_words) || is_later_page(url);
    if is_shop || is_list {
        return false;
    }
    let has_number = below.is_empty()
        && slug_words.first().is_some_and(|word| is_number(word) && word.len() > 1)
        || below.iter().chain([slug]).any(|part| is_number(part) && part.len() >= 4)
        || below.first().is_some_and(|part| is_number(part));
    has_number || below.len() >= 2 || (below.is_empty() && slug_words.len() > 1 && !is_make(slug))
}

/// `1967-ac-cobra`, `2011_TOYOTA_FJ`.
fn year_led(slug: &str) -> bool {
    slug.split_once(['-', '_', ' ']).is_some_and(|(year, rest)| {
        let list = sureness(&words(rest)) > 0;
        title::year(year).is_some() && rest.starts_with(|c: char| c.is_alphanumeric()) && !list
    })
}

/// `1965-ford-mustang-c-963`
fn is_numbered(slug: &str) -> bool {
    slug.rsplit_once("-c-").is_some_and(|(_, id)| is_number(id))
}

fn ends_with_vin(slug: &str) -> bool {
    slug.rsplit(['-', '_']).next().is_some_and(|word| chassis::vin(word).is_some())
}

/// `detail.aspx?id=17`
fn asks_for_one(slug: &str, url: &Url) -> bool {
    let about_one = ["detail", "details", "vdp", "vehicle"].contains(&slug.to_lowercase().as_str());
    let is_id = |id: &str| id.len() <= 20 && id.bytes().any(|byte| byte.is_ascii_digit());
    about_one && url.query_pairs().any(|(_, id)| is_id(&id))
}

fn is_make(slug: &str) -> bool {
    let spaced = slug.replace(['-', '_'], " ");
    [slug, &spaced].iter().any(|name| make::at_start(name).is_some_and(|(_, rest)| rest.trim().is_empty()))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_file(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, kind)| {
        ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "pdf", "mp4", "xml", "gz", "json", "js", "css"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    })
}

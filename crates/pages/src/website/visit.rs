//! Links to the pages of the same site that tell more of the business.

use url::Url;

use super::Page;
use crate::dom::{Attributes, text};

/// Most links of one kind.
const MOST: usize = 3;

/// Most words in the last part of the path or in the text of a link to such a page: longer ones are titles of
/// articles.
const WORDS: usize = 4;

/// How the page is called that says how to reach the business, words joined.
const CONTACT: [&str; 9] = [
    "contact",
    "contacts",
    "contactus",
    "getintouch",
    "findus",
    "kontakt",
    "directions",
    "locations",
    "location",
];

/// How the page is called that says who the business is, words joined.
const ABOUT: [&str; 9] = [
    "about",
    "aboutus",
    "ourstory",
    "whoweare",
    "ourcompany",
    "ourhistory",
    "ourbusiness",
    "ueberuns",
    "company",
];

/// Pages that say how to reach the business, the likeliest first.
pub(super) fn contact(page: &Page<'_>) -> Vec<String> {
    named(page, &CONTACT, "contact")
}

/// Pages that say who the business is, the likeliest first.
pub(super) fn about(page: &Page<'_>) -> Vec<String> {
    named(page, &ABOUT, "about")
}

/// Pages of the same site whose path and text, or one of them, bear one of these names or start with `word`.
/// Those with both come first, then those that lie higher.
fn named(page: &Page<'_>, names: &[&str], word: &str) -> Vec<String> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for link in page.document.all("a[href], area[href]") {
        let Some(mut url) = link.attribute("href").and_then(|href| page.resolve(href)) else { continue };
        url.set_fragment(None);
        let here = page
            .address
            .as_ref()
            .is_some_and(|address| address[..url::Position::AfterQuery] == *url.as_str());
        if !page.is_here(&url) || here || is_file(&url) {
            continue;
        }
        let depth = url.path_segments().map_or(0, |parts| parts.filter(|part| !part.is_empty()).count());
        let last = url
            .path_segments()
            .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
            .unwrap_or_default();
        let stem = last.split_once('.').map_or(last, |(stem, _)| stem);
        // A link without a path of its own tells by its text alone, and every car's page has one like that.
        let by_path = is_named(stem, names, word);
        let by_text = is_named(&text(link), names, word);
        let deep = depth > 2 || (depth == 0 && url.query().is_none());
        if (by_path || by_text) && !deep {
            found.push((usize::from(!(by_path && by_text)), depth, url.into()));
        }
    }
    found.sort_by_key(|(missing, depth, _)| (*missing, *depth));
    let mut urls: Vec<String> = Vec::new();
    for (_, _, url) in found {
        if urls.len() < MOST && !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls
}

/// Whether a path's part or a link's text is one of the names, or starts with the word: `contact-mesa-motors`.
fn is_named(text: &str, names: &[&str], word: &str) -> bool {
    let text = text.replace("ü", "ue").to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // "Contact seller" and "About this car" are of a car.
    let of_car = words.iter().any(|word| matches!(*word, "seller" | "this" | "vehicle" | "car" | "dealer"));
    (1..=WORDS).contains(&words.len())
        && !of_car
        && (words.first() == Some(&word) || names.contains(&words.concat().as_str()))
}

fn is_file(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".xml", ".vcf"]
        .iter()
        .any(|end| path.ends_with(end))
}

//! The name of the business, where the page's data does not tell it.

use super::Page;
use super::logo::is_leading_logo;
use super::social::squeeze;
use crate::dom::{Attributes, text};
use crate::text::non_empty;

/// How many of a page's pictures may be its logo.
const FIRST: usize = 200;

/// Longest name, in bytes.
const LONGEST: usize = 80;

/// Shortest domain that is written as one word where a builder fills it in for a name.
const SHOUTED: usize = 12;

/// The site's name in its meta tags. A builder's stand-in for one, the domain in capitals, is none.
pub(super) fn in_meta(page: &Page<'_>) -> Option<String> {
    page.meta.site_name().filter(|name| {
        let one_case =
            name.chars().all(|c| c.is_ascii_uppercase()) || name.chars().all(|c| c.is_ascii_lowercase());
        !(one_case
            && name.len() >= SHOUTED
            && page.host_label().is_some_and(|label| label == name.to_lowercase()))
    })
}

/// The name that two places of the page give alike: a part of its title, and the alternative text of the logo in
/// its head. One alone may be anything; a heading that says the same is that of what the page is about.
pub(super) fn agreed(page: &Page<'_>) -> Option<String> {
    let title = page.document.first("title").map(text)?;
    let parts: Vec<String> = title
        .split(['|', '–', '—', ':', '»', '•'])
        .flat_map(|part| part.split(" - "))
        .filter_map(non_empty)
        .collect();
    let images = page.document.all("img[alt]");
    let logos = images.into_iter().take(FIRST).filter(|image| is_leading_logo(page, *image));
    let mut shown = logos.filter_map(|image| non_empty(without_logo(image.attribute("alt")?)));
    shown.find(|name| {
        name.len() <= LONGEST
            && !is_general(name)
            && parts.iter().any(|part| squeeze(part) == squeeze(name) && !squeeze(part).is_empty())
    })
}

/// An alternative text without the word that only says what the picture is.
fn without_logo(alt: &str) -> &str {
    let alt = alt.trim();
    let end = alt.len().checked_sub(5).filter(|at| alt.is_char_boundary(*at));
    match end.map(|at| alt.split_at(at)) {
        Some((name, last)) if last.eq_ignore_ascii_case(" logo") => name,
        _ => alt,
    }
}

/// Whether a text is the heading of a page, not a name.
fn is_general(name: &str) -> bool {
    const GENERAL: [&str; 12] = [
        "home",
        "homepage",
        "welcome",
        "logo",
        "about",
        "aboutus",
        "contact",
        "contactus",
        "inventory",
        "services",
        "forsale",
        "menu",
    ];
    GENERAL.contains(&squeeze(name).as_str())
}

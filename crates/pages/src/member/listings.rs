//! The member's own listings.

use std::collections::HashMap;

use scraper::ElementRef;

use super::MemberListing;
use super::scan::Scan;
use super::zone::Zone;
use crate::dom::{Attributes, text, within};
use crate::listing_url::listing_url;
use crate::text::{non_empty, strip_prefix_ignore_case};

/// How good a title is; a better one replaces a worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    None,
    /// Text of a picture.
    Picture,
    /// Text of the link.
    Link,
    /// Text of a heading.
    Heading,
}

/// Listings linked in the member's own sections, each once, in page order.
pub(super) fn listings(scan: &Scan<'_>) -> Vec<MemberListing> {
    let mut listings: Vec<(MemberListing, Quality)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (link, zone, _) in &scan.links {
        let Some(href) = link.attribute("href").filter(|href| *zone == Some(Zone::Own) && !is_comment(href))
        else {
            continue;
        };
        let Some(url) = listing_url(href) else { continue };
        let (title, quality) = title(*link);
        let index = *known.entry(url.clone()).or_insert_with(|| {
            listings.push((MemberListing { url, title: None }, Quality::None));
            listings.len() - 1
        });
        if let Some((listing, best)) = listings.get_mut(index)
            && quality > *best
        {
            listing.title = title;
            *best = quality;
        }
    }
    listings.into_iter().map(|(listing, _)| listing).collect()
}

/// Links to a comment lead to what somebody said, whose listing it is.
fn is_comment(href: &str) -> bool {
    href.split_once('#').is_some_and(|(_, fragment)| fragment.to_ascii_lowercase().starts_with("comment"))
}

/// Title of the listing that a link names.
fn title(link: ElementRef<'_>) -> (Option<String>, Quality) {
    const HEADINGS: &str = "h1, h2, h3, h4, h5, h6";
    let inside = within(link, HEADINGS).into_iter().next();
    let around = link
        .parent()
        .and_then(ElementRef::wrap)
        .filter(|parent| matches!(parent.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
    if let Some(title) = inside.or(around.and(Some(link))).and_then(|heading| clean(&text(heading))) {
        return (Some(title), Quality::Heading);
    }
    if let Some(title) = clean(&text(link)) {
        return (Some(title), Quality::Link);
    }
    let picture =
        within(link, "img[alt]").into_iter().find_map(|image| image.attribute("alt").and_then(clean));
    match picture.or_else(|| link.attribute("title").and_then(clean)) {
        Some(title) => (Some(title), Quality::Picture),
        None => (None, Quality::None),
    }
}

/// A title without "No Reserve: "; `None` if nothing is left of it.
fn clean(title: &str) -> Option<String> {
    let title = non_empty(title)?;
    let rest = strip_prefix_ignore_case(&title, "No Reserve:").unwrap_or(&title);
    non_empty(rest)
}

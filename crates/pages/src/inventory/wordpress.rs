//! WordPress. Each theme and plugin for vehicles has markup of its own, little of which is known: pages are read as any
//! page is, and where a theme numbers its listings by their posts, those numbers are taken.

use std::collections::HashMap;

use scraper::ElementRef;

use super::platform::{Platform, has_any};
use super::{Inventory, Page, generic};
use crate::dom::{Attributes, within};

pub(super) struct WordPress;

impl Platform for WordPress {
    fn name(&self) -> &'static str {
        "WordPress"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &["/wp-content/", "/wp-includes/"])
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        let mut read = generic::read(page);
        let posts: HashMap<String, String> = page
            .document
            .all(".listing[id^=listing-]")
            .into_iter()
            .flat_map(|listing| numbered(page, listing))
            .collect();
        for item in &mut read.items {
            if item.item_id.is_none() {
                item.item_id = item.url.as_ref().and_then(|url| posts.get(url)).cloned();
            }
        }
        read
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/inventory/", "/listings/", "/cars/", "/vehicles/"]
    }
}

/// The links in a listing with the number of its post: `<div class="listing" id="listing-123">`.
fn numbered(page: &Page<'_>, listing: ElementRef<'_>) -> Vec<(String, String)> {
    let id = listing.attribute("id").and_then(|id| id.strip_prefix("listing-")).unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let links = within(listing, "a[href]").into_iter();
    links.filter_map(|link| Some((page.item_url(link.attribute("href")?)?, id.to_owned()))).collect()
}

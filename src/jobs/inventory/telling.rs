//! What a crawl tells when it ends.

use super::super::words::counted;
use super::Cause;
use crate::store::crawls::Crawl;

/// What a crawl that has ended is told as.
pub(super) fn told(crawl: &Crawl, cause: Option<Cause>, missing: usize) -> String {
    let mut text =
        format!("{} on {}", counted(crawl.items, "item", "items"), counted(crawl.pages, "page", "pages"));
    if let Some(total) = crawl.items_total {
        text += &format!(" of {total} that the site states");
    }
    if missing > 0 {
        text += &format!(", {missing} missing by now");
    }
    match cause {
        None => text,
        Some(cause) => format!("{text}; incomplete: {}", reason(cause)),
    }
}

/// Why a crawl is incomplete, in words.
pub(super) fn reason(cause: Cause) -> &'static str {
    match cause {
        Cause::Robots => "robots.txt forbids the rest of the list",
        Cause::Budget => "max_pages was reached",
        Cause::Error => "a page could not be had",
        Cause::Paging => "a page showed nothing new although the list goes on",
        Cause::Total => "the site says that there are more",
        Cause::Sitemap => "only a sitemap tells of the items",
        Cause::Down => "the site is down for maintenance",
        Cause::NothingFound => "nothing was found where something was; what was there is kept as it was",
        Cause::UnderHalf => "less than half of what was there was found; the rest is kept as it was",
        Cause::OtherItems => {
            "most of what was there is not, and most of what is there is new; the rest is kept as it was"
        }
    }
}

//! Whether a site is to be read, and whether what was read is the organization's own.

use bat_pages::inventory::are_of_one_site;
use bat_pages::website::{is_blank, is_network, names_business};
use url::Url;

use super::super::site;
use super::SitePage;
use crate::error::{Error, Result};
use crate::fetch::address;
use crate::store::businesses::Business;

/// An organization whose site was read within this time is not read again by `bat_ingest`.
const FRESH_SECONDS: f64 = 30.0 * 86_400.0;

/// The time of reading is noted once a day: reading an unchanged site again touches no row.
const NOTED_SECONDS: f64 = 86_400.0;

/// Whether an organization's site was read not long ago.
pub fn is_fresh(business: &Business) -> bool {
    was_read_within(business, FRESH_SECONDS)
}

/// Whether the site that the organization's row names now was read so many seconds ago at most. Of what was read before it was
/// noted which site that was, it is taken to be this one.
fn was_read_within(business: &Business, most: f64) -> bool {
    let named = business.website.as_deref().unwrap_or_default();
    let is_this = business.enriched_website.as_deref().is_none_or(|read| read == named);
    is_this && business.enriched_seconds_ago.is_some_and(|seconds| seconds < most)
}

/// Whether it was read in the last day.
pub(super) fn was_read_today(business: &Business) -> bool {
    was_read_within(business, NOTED_SECONDS)
}

/// A page that was asked for at `asked`, if it is the organization's: of a site that is there, and no other one than it was
/// asked of, unless it names the organization. Domains lapse, and lead to whoever has bought them.
pub(super) fn believable(business: &Business, asked: &Url, page: SitePage) -> Result<SitePage> {
    let at = &page.page.url;
    let refused = |reason: String| Err(Error::UnexpectedPage { url: asked.to_string(), reason });
    if is_blank(&page.page.content) {
        return refused("it is empty".to_owned());
    }
    if page.website.is_down {
        return refused("it stands in for a site that is not there: repairs, or a parked domain".to_owned());
    }
    let is_own = |known: &Url| are_of_one_site(known, at);
    if is_network(at) && !is_own(asked) {
        return refused(
            "it leads to a profile on a social network, which is not the organization's site".to_owned(),
        );
    }
    let named = business.website.as_deref().and_then(|website| site::website(website).ok());
    let name = business.business_name.as_deref().unwrap_or_default();
    if is_own(asked) || named.as_ref().is_some_and(is_own) || names_business(&page.page.content, name) {
        return Ok(page);
    }
    let at = address::printable(at);
    refused(format!("it leads to another site, {at}, which does not name the organization"))
}

//! One member page: which listings the member has.

use bat_pages::kind::PageKind;
use bat_pages::{Member, parse_member};
use serde_json::json;
use url::Url;

use super::attribution;
use super::context::Context;
use super::listing::is_settled;
use super::site::member_url;
use super::visit::{Page, Visit, Wanted};
use crate::error::{Error, Result};
use crate::store::listings::GivenListing;
use crate::store::merge::Fields;

/// What a member page holds for the importer.
#[derive(Default)]
pub struct Collected {
    /// Canonical URLs of the listings to read.
    pub wanted: Vec<String>,
    /// How many listings are stored as final already.
    pub skipped: usize,
    /// How many listings the page shows.
    pub shown: usize,
    /// How many the member has in all, as the page states.
    pub stated: Option<i32>,
    /// The next page.
    pub next: Option<Url>,
}

impl Context {
    /// Fetches a page of a member.
    pub fn visit_member(&self, url: &Url) -> Result<Page> {
        match self.visit(&Wanted::text(url, PageKind::Member), None)? {
            Visit::Page(page) => Ok(page),
            Visit::Unchanged => Err(Error::UnexpectedStatus { url: url.to_string(), status: 304 }),
        }
    }

    /// Sorts a member page's listings into those to read and those to skip.
    pub fn collect_member(&self, page: &Page, skip_existing: bool) -> Result<Collected> {
        let member = parse_member(&page.content);
        guard(&member, page.url.as_str())?;
        let url = member.username.as_deref().map_or_else(|| page.url.to_string(), member_url);
        self.observe(PageKind::Member.word(), &url, [&member]);
        self.note_stated(&member)?;
        let urls: Vec<String> = member.listings.iter().map(|listing| listing.url.clone()).collect();
        let stored = if skip_existing { self.store.stored_listings(&urls)? } else { Vec::new() };
        let is_stored = |url: &String| {
            stored.iter().any(|listing| {
                listing.url == *url && listing.is_attributed && is_settled(listing.status.as_deref())
            })
        };
        let shown = urls.len();
        let wanted: Vec<String> = urls.into_iter().filter(|url| !is_stored(url)).collect();
        Ok(Collected {
            skipped: shown - wanted.len(),
            wanted,
            shown,
            stated: member.listing_count,
            next: next_page(&member, page),
        })
    }

    /// Keeps how many listings the page states with the member's partners: the views tell how many of them are stored.
    fn note_stated(&self, member: &Member) -> Result<()> {
        let (Some(username), Some(count)) = (&member.username, member.listing_count) else { return Ok(()) };
        let facts = Fields::from_iter([("stated_listings".to_owned(), json!(count))]);
        for business in self.store.businesses_of_member(username)? {
            self.store.note_on_business(&business.id, &facts)?;
        }
        Ok(())
    }

    /// Leaves live listings to their own next visits, where those are scheduled.
    pub fn spare_awaited(&self, collected: &mut Collected) -> Result<()> {
        let awaited = self.store.awaited_listings(&collected.wanted)?;
        collected.wanted.retain(|url| !awaited.contains(url));
        collected.skipped += awaited.len();
        Ok(())
    }

    /// Listings of a seller that the catalogue told of and that are not imported yet, and those that are another of its
    /// partners' by now, apart from some.
    pub fn unimported(&self, username: &str, but: &[String]) -> Result<Vec<String>> {
        let mut urls = self.store.unimported_listings(username)?;
        urls.extend(self.given_to_another(username)?);
        urls.retain(|url| !but.contains(url));
        Ok(urls)
    }

    /// Listings of a seller whose location fits another of its partners better than the one that has them: that one came
    /// to the directory later.
    fn given_to_another(&self, username: &str) -> Result<Vec<String>> {
        let partners = self.store.businesses_of_member(username)?;
        if partners.len() < 2 {
            return Ok(Vec::new());
        }
        let is_anothers = |listing: &GivenListing| {
            let held = listing.organization_id.as_str();
            let chosen = attribution::choose(&partners, listing.location.as_deref(), Some(held));
            partners.iter().any(|partner| partner.id == held)
                && chosen.is_some_and(|chosen| chosen.id != held)
        };
        let given = self.store.given_listings(username)?;
        Ok(given.into_iter().filter(is_anothers).map(|listing| listing.url).collect())
    }
}

/// The next page, on the host that served this one: the crawled site may be configured to be elsewhere.
fn next_page(member: &Member, page: &Page) -> Option<Url> {
    let next = page.url.join(member.next_url.as_deref()?).ok()?;
    let mut here = page.url.clone();
    here.set_path(next.path());
    here.set_query(next.query());
    (here != page.url).then_some(here)
}

/// A page that states listings and shows none, or that is no member page at all, is taken for broken.
pub fn guard(member: &Member, url: &str) -> Result<()> {
    let states_some = member.listing_count.is_some_and(|count| count > 0);
    let reason = match (&member.username, member.listings.is_empty()) {
        (Some(_), true) if states_some => "it states listings and shows none",
        (None, true) => "it is no member page",
        _ => return Ok(()),
    };
    Err(Error::UnexpectedPage { url: url.to_owned(), reason: reason.to_owned() })
}

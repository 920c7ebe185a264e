//! One organization's own web site: fills what is missing in its row.

use bat_pages::kind::PageKind;
use bat_pages::{Website, parse_website};
use serde_json::json;
use url::Url;

use super::archive::Parsed;
use super::context::Context;
use super::rows;
use super::site;
use super::tasks::uuid;
use super::visit::{Page, Visit, Wanted};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::merge::{Fields, Source};
use crate::store::upsert::Outcome;

/// An organization whose site was read within this time is not read again by `bat_ingest`.
pub const FRESH_SECONDS: f64 = 30.0 * 86_400.0;

/// The time of reading is noted once a day: reading an unchanged site again touches no row.
const NOTED_SECONDS: f64 = 86_400.0;

/// Whether an organization's site was read not long ago.
pub fn is_fresh(business: &Business) -> bool {
    business.enriched_seconds_ago.is_some_and(|seconds| seconds < FRESH_SECONDS)
}

/// The pages to read for an organization: its home page, then the page that the directory links.
pub fn pages_of(business: &Business) -> Result<Vec<Url>> {
    let links = [business.website.as_deref(), business.referral_url.as_deref()];
    let mut urls: Vec<Url> = Vec::new();
    for link in links.into_iter().flatten() {
        let url = site::parse(link)?;
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    if urls.is_empty() { Err(Error::NoWebsite(business.id.clone())) } else { Ok(urls) }
}

impl Context {
    /// An organization that must exist.
    pub fn business(&self, id: &str) -> Result<Business> {
        self.store.business(&uuid(id)?)?.ok_or_else(|| Error::NoSuchOrganization(id.to_owned()))
    }

    /// Fetches an organization's pages. One that cannot be had is no failure as long as another can.
    pub fn visit_website(&self, business: &Business) -> Result<Vec<Page>> {
        let mut pages = Vec::new();
        let mut first_error = None;
        for url in pages_of(business)? {
            match self.visit(&Wanted::text(&url, PageKind::Website), None) {
                Ok(Visit::Page(page)) => pages.push(page),
                Ok(Visit::Unchanged) => {}
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if pages.is_empty() => Err(error),
            _ => Ok(pages),
        }
    }

    /// Fills an organization's missing fields from its pages, the first page that says something wins.
    pub fn store_website(&self, business: &Business, pages: &[Page]) -> Result<Outcome> {
        let time = self.time();
        let mut outcome = Outcome::Unchanged;
        let mut sources = Fields::new();
        for page in pages {
            let url = page.url.to_string();
            let website = parse_website(&page.content, &url);
            self.observe("website", &url, [&website]);
            let source = Source { url: &url, time: &time };
            let saved = self.store.fill_business(&business.id, &rows::website(&website), &source)?;
            if saved.outcome == Outcome::Updated {
                outcome = Outcome::Updated;
            }
            note_sources(&mut sources, &website);
            self.archive_text(&url, "website", page, Parsed::Yes)?;
        }
        let noted_today = business.enriched_seconds_ago.is_some_and(|seconds| seconds < NOTED_SECONDS);
        if outcome == Outcome::Updated || !noted_today {
            let facts = Fields::from_iter([
                ("enriched_at".to_owned(), json!(time)),
                ("enriched_by".to_owned(), json!(sources)),
            ]);
            self.store.note_on_business(&business.id, &facts)?;
        }
        Ok(outcome)
    }
}

/// Adds by which method a page told each field, where no earlier page did.
fn note_sources(sources: &mut Fields, website: &Website) {
    for (field, method) in &website.sources {
        if !sources.contains_key(field) {
            sources.insert(field.clone(), json!(method));
        }
    }
}

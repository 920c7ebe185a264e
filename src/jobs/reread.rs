//! One batch of archived pages, read again by the parser of today.

mod reading;

use std::collections::HashMap;

use bat_pages::kind::PageKind;
use bat_pages::{Listing, PARSER_VERSION, Thread, parse_member};

use self::reading::{Content, Reread, read_all};
use super::archive::UNPARSED;
use super::calls::add;
use super::context::Context;
use super::enrich::{Place, Profile, SitePage};
use super::gone::with_stored_outcome;
use super::listing::Reading;
use super::visit::Page;
use super::{member, rows};
use crate::error::{Error, Result};
use crate::store::archive::{Archived, Stale};
use crate::store::businesses::Business;
use crate::store::merge::{Policy, Source};
use crate::store::runs::Counts;
use crate::store::stored::StoredRows;
use crate::store::taken_back::held_by;
use crate::store::upsert::Outcome;

/// What became of a batch.
#[derive(Default)]
pub struct Done {
    pub counts: Counts,
    /// What went wrong with the pages that are counted as failed.
    pub failures: Vec<Error>,
    /// The page that is to be tried again with the next batch, and all after it.
    pub stopped_at: Option<String>,
}

impl Context {
    /// Reads the claimed pages again, and stores what they say.
    pub fn reread(&self, stale: &Stale, claimed: &[String]) -> Result<Done> {
        let found = self.store.stale_pages(stale, claimed)?;
        let packed = found
            .into_iter()
            .filter_map(|(page, body)| {
                let text = self.store.packed_text(&page, body?);
                Some((page, text))
            })
            .collect();
        let pages = read_all(packed, stale.threads);
        let stored = self.store.stored_rows(&pages.iter().flat_map(listing_urls).collect::<Vec<_>>())?;
        let mut done = Done::default();
        let (mut parsed, mut listings, mut unparsed) = (Vec::new(), Vec::new(), Vec::new());
        let mut threads = Vec::new();
        for reread in &pages {
            match self.store_reread(reread, &stored) {
                Ok((counts, has_thread)) => {
                    done.counts.add(&counts);
                    threads.extend(has_thread.then(|| (reread.page.url.clone(), reread.page.sha256.clone())));
                    parsed.push(&reread.page);
                    listings.push(listing_url(reread, &stored));
                }
                Err(error) if error.is_conflict() => {
                    // Its rows are another session's right now, which may wait for those of this batch.
                    done.stopped_at = Some(reread.page.url.clone());
                    break;
                }
                Err(error) => {
                    if matches!(error, Error::UnexpectedPage { .. }) {
                        unparsed.push(&reread.page);
                    }
                    done.counts.failed += 1;
                    done.failures.push(error.about(&reread.page.url));
                }
            }
            done.counts.tasks += 1;
        }
        self.store.mark_listings_parsed(&listings, PARSER_VERSION)?;
        self.store.mark_parsed(&parsed, PARSER_VERSION)?;
        self.store.mark_parsed(&unparsed, UNPARSED)?;
        if !threads.is_empty() {
            let (urls, hashes) = threads.into_iter().unzip();
            self.store.mark_threads_read(urls, hashes)?;
        }
        Ok(done)
    }

    /// With whether its thread is stored now.
    fn store_reread(&self, reread: &Reread, stored: &HashMap<String, StoredRows>) -> Result<(Counts, bool)> {
        let page = &reread.page;
        match reread.content.as_ref().map_err(Error::clone)? {
            Content::Listing(listing, thread) => {
                let mut counts = Counts::default();
                let url = listing_url(reread, stored);
                let mut has_thread = false;
                match self.store_reread_listing(page, &url, listing, thread.as_ref(), stored.get(&url))? {
                    Some((outcome, is_whole)) => {
                        has_thread = is_whole && thread.is_some();
                        self.observe(PageKind::Listing.word(), &url, [&**listing]);
                        add(&mut counts, outcome);
                    }
                    // It was fetched again meanwhile, and read by the same parser.
                    None => counts.skipped = 1,
                }
                Ok((counts, has_thread))
            }
            Content::Text(text) => Ok((self.attempt(|| self.store_text(page, text))?, false)),
        }
    }

    /// With whether it has more than a light row. `None` if the archive has another text by now.
    fn store_reread_listing(
        &self,
        page: &Archived,
        url: &str,
        listing: &Listing,
        thread: Option<&Thread>,
        stored: Option<&StoredRows>,
    ) -> Result<Option<(Outcome, bool)>> {
        let time = self.time();
        // Something newer than the page may have told what the rows say.
        let is_outdated = stored.is_some_and(|stored| stored.is_later_than(&page.fetched_at));
        let policy = if is_outdated { Policy::FillMissing } else { Policy::Mirror };
        let later = stored.filter(|_| is_outdated);
        let later = later.map(|stored| with_stored_outcome(listing, stored.listing())).transpose()?;
        let listing = later.as_ref().unwrap_or(listing);
        let listing = &*rows::with_known_end(listing, stored.and_then(StoredRows::ends_at));
        let source = Source { url, time: &time };
        let seller = listing.seller_username.as_deref();
        let held = stored.and_then(|stored| held_by(stored.listing(), seller));
        let candidates = self.store.businesses_of_member(seller.unwrap_or_default())?;
        let partner = self.partner_of(listing, &candidates, held)?;
        let is_light = partner.is_none() && stored.is_some_and(StoredRows::is_light);
        let thread = thread.filter(|_| !is_light);
        let is_said = stored.is_some_and(|stored| {
            let mut new = rows::of_listing(listing, url, partner.as_ref());
            new.listing.remove("parser_version");
            stored.say(&new, policy, &source)
        });
        if is_said && thread.is_none() {
            return Ok(Some((Outcome::Unchanged, !is_light)));
        }
        let reading = Reading { source, seen_at: &page.fetched_at, policy };
        let outcome = self.attempt(|| {
            let mut outcome = match (is_said, is_light) {
                (true, _) => Outcome::Unchanged,
                (false, true) => self.store_light(listing, &reading)?,
                (false, false) => self.store_rows(listing, &reading, false)?.0,
            };
            if let Some(thread) = thread {
                outcome = self.store_thread(thread, &reading, outcome)?;
            }
            // Its rows are locked now: who fetched it meanwhile has come first, or comes after this.
            match self.store.is_still(page)? {
                true => Ok(outcome),
                false => Err(Error::Superseded(format!("the archived page of {}", page.url))),
            }
        });
        match outcome {
            Err(Error::Superseded(_)) => Ok(None),
            outcome => outcome.map(|outcome| Some((outcome, !is_light))),
        }
    }

    /// A page of another kind.
    fn store_text(&self, page: &Archived, text: &str) -> Result<Counts> {
        let mut counts = Counts::default();
        match PageKind::of_word(&page.kind) {
            // Who has left the directory was marked when it was fetched.
            Some(PageKind::Directory) => {
                return Ok(self.store_partners(text, &page.url, None, false)?.counts);
            }
            Some(PageKind::Website) => add(&mut counts, self.fill_from(page, text.to_owned())?),
            // Its listings are found when it is fetched; the archive has it only because it could not be read.
            _ => {
                let member = parse_member(text);
                member::guard(&member, &page.url)?;
                self.observe(PageKind::Member.word(), &page.url, [&member]);
                counts.unchanged = 1;
            }
        }
        Ok(counts)
    }

    /// Fills what is missing in the rows that a page is about, pictures apart: those are looked at by a request.
    fn fill_from(&self, page: &Archived, text: String) -> Result<Outcome> {
        let time = self.time();
        let url = super::site::parse(&page.url)?;
        let (etag, last_modified) = (None, None);
        let read =
            SitePage::archived(Page { url, status: 200, etag, last_modified, content: text }, Place::Front);
        let businesses = self.store.businesses_of_page(&page.url)?;
        if businesses.iter().any(|business| is_front(business, &page.url)) {
            self.observe(PageKind::Website.word(), &page.url, [&read.website]);
        }
        let mut profile = Profile::of_archive(read);
        let mut outcome = Outcome::Unchanged;
        for business in businesses {
            if self.fill_from_archive(&business, &mut profile, &time)? != Outcome::Unchanged {
                outcome = Outcome::Updated;
            }
        }
        Ok(outcome)
    }
}

/// Whether a page is one that an organization's row names.
fn is_front(business: &Business, url: &str) -> bool {
    let links = [business.website.as_deref(), business.referral_url.as_deref()];
    links.into_iter().flatten().any(|link| link.trim_end_matches('/') == url.trim_end_matches('/'))
}

/// Under which URLs the listing of a page may be stored: where the page is kept, and what it tells itself.
fn listing_urls(reread: &Reread) -> Vec<String> {
    let told = match &reread.content {
        Ok(Content::Listing(listing, _)) => listing.url.clone(),
        _ => None,
    };
    [Some(reread.page.url.clone()), told].into_iter().flatten().collect()
}

/// The URL of the listing that a page is about: that under which the page is kept, if the listing is stored there. The text of one
/// that was renamed since tells its old URL.
fn listing_url(reread: &Reread, stored: &HashMap<String, StoredRows>) -> String {
    let urls = listing_urls(reread);
    let told = urls.last().cloned().unwrap_or_default();
    urls.into_iter().find(|url| stored.contains_key(url)).unwrap_or(told)
}

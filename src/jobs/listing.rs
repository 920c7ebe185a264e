//! One listing: its auction, its vehicle, and the partner who sells it.

mod writing;

use std::collections::HashMap;

use bat_pages::kind::PageKind;
use bat_pages::{Listing, PARSER_VERSION, Thread, listing_url, parse_listing, parse_thread};

use super::archive::Parsed;
use super::attribution;
use super::context::Context;
use super::site;
use super::tasks::ListingOptions;
use super::visit::{Asked, Page, Reader, Visit, Wanted};
use crate::error::{Error, Result};
use crate::fetch::Conditions;
use crate::settings;
use crate::store::archive::Archived;
use crate::store::businesses::Business;
use crate::store::merge::{Policy, Source};
use crate::store::packing::{Packed, Packer, hexadecimal};
use crate::store::pages::Known;
use crate::store::upsert::Outcome;

pub use writing::Reading;

/// States of a listing that a walk over a partner's listings does not read again. A reserve that was not met may
/// still become a deal: that is what [`next_visit`](super::freshness::next_visit) is for.
const SETTLED: [&str; 4] = ["sold", "reserve_not_met", "withdrawn", "ended"];

/// Whether a listing stored in this state need not be read again.
pub fn is_settled(status: Option<&str>) -> bool {
    status.is_some_and(|status| SETTLED.contains(&status))
}

/// What is made of a listing's page.
pub struct ReadListing {
    listing: Box<Listing>,
    /// Its text, if bodies are kept.
    packed: Option<Result<Packed>>,
    /// Its bids and comments, if they are kept.
    thread: Option<Thread>,
    /// What the archive has; `None`: it was fetched just now.
    archived: Option<Archived>,
}

impl ReadListing {
    /// A listing whose page the archive has.
    pub fn archived(listing: Listing, thread: Option<Thread>, page: Archived) -> ReadListing {
        ReadListing { listing: Box::new(listing), packed: None, thread, archived: Some(page) }
    }

    /// Whether its rows may be written later than all else that is stored of it: a thread is stored after them.
    pub fn may_wait(&self) -> bool {
        self.thread.is_none()
    }

    /// Hash of the page's text, as the archive has it; `None` if bodies are not kept.
    fn text_hash(&self) -> Option<String> {
        let packed = self.packed.as_ref().and_then(|packed| packed.as_ref().ok());
        let fetched = packed.map(|packed| hexadecimal(&packed.sha256));
        fetched.or_else(|| self.archived.as_ref().map(|page| page.sha256.clone()))
    }
}

/// Reads a listing's page.
#[derive(Clone)]
pub struct ListingReader {
    /// Packs its text, if bodies are kept.
    packer: Option<Packer>,
    threads_are_kept: bool,
}

impl Reader for ListingReader {
    type Content = ReadListing;

    fn read(&self, html: String) -> ReadListing {
        ReadListing {
            listing: Box::new(parse_listing(&html)),
            packed: self.packer.as_ref().map(|packer| packer.pack(&html)),
            thread: self.threads_are_kept.then(|| parse_thread(&html)),
            archived: None,
        }
    }
}

/// A request for a listing that is under way.
pub struct Begun {
    wanted: Wanted<ListingReader>,
    asked: Asked<ReadListing>,
}

impl Begun {
    /// Whether its page is there and read, or the answer that it has not changed. Only for the first that is under way.
    pub fn is_served(&mut self) -> bool {
        self.asked.is_served()
    }
}

impl Context {
    /// Fetches a listing.
    pub fn visit_listing(&self, url: &str) -> Result<Visit<ReadListing>> {
        let known = self.store.known_page(url, PageKind::Listing.word(), PARSER_VERSION)?;
        self.visit(&self.wanted_listing(url, known)?, None)
    }

    /// Starts to fetch a listing, or queues it behind another one, if its host permits that at once. `known`: what is
    /// known of its page.
    pub fn begin_listing(&self, url: &str, known: Known, behind: Option<&Begun>) -> Result<Option<Begun>> {
        let wanted = self.wanted_listing(url, known)?;
        let Some(pass) = self.pass_at_once(&wanted.url)? else { return Ok(None) };
        let asked = self.ask_ahead(&wanted, pass, behind.map(|begun| &begun.asked))?;
        Ok(asked.map(|asked| Begun { wanted, asked }))
    }

    /// Goes on with what [`begin_listing`](Self::begin_listing) started.
    pub fn end_listing(&self, begun: Begun) -> Result<Visit<ReadListing>> {
        self.visit(&begun.wanted, Some(begun.asked))
    }

    /// What is known of listings' pages, by their URLs.
    pub fn known_listings(&self, urls: &[String]) -> Result<HashMap<String, Known>> {
        self.store.known_pages(urls, PageKind::Listing.word(), PARSER_VERSION)
    }

    /// A listing's page; only if it has changed, where its rows are complete.
    fn wanted_listing(&self, url: &str, known: Known) -> Result<Wanted<ListingReader>> {
        let packer = match settings::archive_pages() {
            true => Some(self.store.packer(PageKind::Listing.word(), &known)?),
            false => None,
        };
        let conditions = match known.is_complete {
            true => {
                Conditions { etag: known.etag, last_modified: known.last_modified, ..Conditions::default() }
            }
            false => Conditions::default(),
        };
        let reader = ListingReader { packer, threads_are_kept: settings::keep_threads() };
        Ok(Wanted { url: site::fetch_url(&canonical(url)?)?, kind: PageKind::Listing, conditions, reader })
    }

    /// Stores what a visit to a listing brought.
    pub fn store_listing(
        &self,
        url: &str,
        visit: &Visit<ReadListing>,
        options: ListingOptions,
    ) -> Result<Outcome> {
        let Visit::Page(page) = visit else {
            self.schedule_visit_of_unchanged(url)?;
            return self.store_archived_thread(url);
        };
        let listing = &page.content.listing;
        guard(listing, page.url.as_str())?;
        let asked = url;
        // A renamed listing tells its new URL itself; its text in the archive tells its old one.
        let told = listing.url.clone().filter(|_| page.content.archived.is_none());
        let url = told.unwrap_or_else(|| asked.to_owned());
        if let Some(listing_id) = listing.listing_id.filter(|_| url != asked) {
            self.rename_listing(asked, &url, listing_id);
        }
        let time = self.time();
        let source = Source { url: &url, time: &time };
        let seen_at = page.content.archived.as_ref().map_or(time.as_str(), |page| &page.fetched_at);
        let reading = Reading { source, seen_at, policy: Policy::Mirror };
        let (mut outcome, is_light) = self.store_rows(listing, &reading, options.light)?;
        let thread = page.content.thread.as_ref().filter(|_| !is_light);
        if let Some(thread) = thread {
            outcome = self.store_thread(thread, &reading, outcome)?;
        }
        self.archive_listing(&url, page, Parsed::Yes)?;
        if thread.is_some()
            && let Some(hash) = page.content.text_hash()
        {
            self.store.mark_thread_read(&url, &hash)?;
        }
        // A page out of the archive was counted when it was fetched.
        if page.content.archived.is_none() {
            self.observe(PageKind::Listing.word(), &url, [&**listing]);
        }
        if !is_light {
            self.schedule_next_visit(&url, listing.status, listing.ends_at.as_deref())?;
        }
        Ok(outcome)
    }

    /// Keeps the body of a listing's page, if bodies are kept.
    pub fn archive_listing(&self, url: &str, page: &Page<ReadListing>, parsed: Parsed) -> Result<()> {
        match &page.content.packed {
            Some(Ok(packed)) => self.archive(url, PageKind::Listing, page, packed, parsed),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// The partner who sells a listing, of those whose account its seller is. `held`: the one that has it by what its
    /// page said before, if the seller is the same; an account that nobody has any more was renamed.
    pub fn partner_of(
        &self,
        listing: &Listing,
        candidates: &[Business],
        held: Option<&str>,
    ) -> Result<Option<Business>> {
        match attribution::choose(candidates, listing.location.as_deref(), held) {
            Some(chosen) => Ok(Some(chosen.clone())),
            None => held.map_or(Ok(None), |id| self.store.business(id)),
        }
    }
}

/// A listing without title or seller is none, whatever its status says.
pub fn guard(listing: &Listing, url: &str) -> Result<()> {
    let missing = match (&listing.title, &listing.seller_username) {
        (Some(_), Some(_)) => return Ok(()),
        (None, Some(_)) => "it has no title",
        (Some(_), None) => "it has no seller",
        (None, None) => "it has neither title nor seller",
    };
    Err(Error::UnexpectedPage { url: url.to_owned(), reason: missing.to_owned() })
}

/// The canonical URL of what a user or a page calls a listing.
pub fn canonical(text: &str) -> Result<String> {
    listing_url(text).ok_or_else(|| Error::NotAListing(site::shown(text)))
}

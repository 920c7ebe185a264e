//! One listing: its auction, its vehicle, and the partner who sells it.

use bat_pages::kind::PageKind;
use bat_pages::{Listing, PARSER_VERSION, listing_url, parse_listing};
use serde_json::{Value, json};

use super::archive::Parsed;
use super::attribution;
use super::context::Context;
use super::rows;
use super::site;
use super::tasks::ListingOptions;
use super::visit::{Asked, Page, Reader, Visit, Wanted};
use crate::error::{Error, Result};
use crate::fetch::Conditions;
use crate::settings;
use crate::store::businesses::Business;
use crate::store::merge::{Fields, Policy, Source};
use crate::store::packing::{Packed, Packer};
use crate::store::upsert::Outcome;
use crate::store::vehicles::Auction;

/// Kind of its page in the archive.
const LISTING: &str = "listing";

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
    /// When it was fetched, ISO 8601; `None`: just now.
    fetched_at: Option<String>,
}

impl ReadListing {
    /// A listing whose page the archive has.
    pub fn archived(listing: Listing, fetched_at: String) -> ReadListing {
        ReadListing { listing: Box::new(listing), packed: None, fetched_at: Some(fetched_at) }
    }
}

/// How what a listing's page says goes into the rows.
pub struct Reading<'a> {
    /// Canonical URL of the listing, and now.
    pub source: Source<'a>,
    /// When the page was fetched, ISO 8601.
    pub seen_at: &'a str,
    /// [`Policy::FillMissing`] for a page that is older than what the rows say; else [`Policy::Mirror`].
    pub policy: Policy,
}

/// Reads a listing's page.
#[derive(Clone)]
pub struct ListingReader {
    /// Packs its text, if bodies are kept.
    packer: Option<Packer>,
}

impl Reader for ListingReader {
    type Content = ReadListing;

    fn read(&self, html: String) -> ReadListing {
        ReadListing {
            listing: Box::new(parse_listing(&html)),
            packed: self.packer.as_ref().map(|packer| packer.pack(&html)),
            fetched_at: None,
        }
    }
}

/// A request for a listing that is under way.
pub struct Begun {
    wanted: Wanted<ListingReader>,
    asked: Asked<ReadListing>,
}

impl Context {
    /// Fetches a listing.
    pub fn visit_listing(&self, url: &str) -> Result<Visit<ReadListing>> {
        self.visit(&self.wanted_listing(url)?, None)
    }

    /// Starts to fetch a listing, if its host permits that at once.
    pub fn begin_listing(&self, url: &str) -> Result<Option<Begun>> {
        let Some(pass) = self.pass_at_once(&site::fetch_url(url)?)? else { return Ok(None) };
        let wanted = self.wanted_listing(url)?;
        let asked = self.ask(&wanted, pass)?;
        Ok(Some(Begun { wanted, asked }))
    }

    /// Goes on with what [`begin_listing`](Self::begin_listing) started.
    pub fn end_listing(&self, begun: Begun) -> Result<Visit<ReadListing>> {
        self.visit(&begun.wanted, Some(begun.asked))
    }

    /// A listing's page; only if it has changed, where its rows are complete.
    fn wanted_listing(&self, url: &str) -> Result<Wanted<ListingReader>> {
        let known = self.store.known_page(url, LISTING, PARSER_VERSION)?;
        let packer = match settings::archive_pages() {
            true => Some(self.store.packer(LISTING, &known)?),
            false => None,
        };
        let conditions = match known.is_complete {
            true => Conditions { etag: known.etag, last_modified: known.last_modified },
            false => Conditions::default(),
        };
        let reader = ListingReader { packer };
        Ok(Wanted { url: site::fetch_url(url)?, kind: PageKind::Listing, conditions, reader })
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
            return Ok(Outcome::Unchanged);
        };
        let listing = &page.content.listing;
        guard(listing, page.url.as_str())?;
        // A renamed listing tells its new URL itself.
        let url = listing.url.clone().unwrap_or_else(|| url.to_owned());
        let time = self.time();
        let source = Source { url: &url, time: &time };
        let seen_at = page.content.fetched_at.as_deref().unwrap_or(&time);
        let reading = Reading { source, seen_at, policy: Policy::Mirror };
        let is_light = options.light && self.may_be_light(listing, &url)?;
        let outcome = match is_light {
            true => self.store_light(listing, &reading)?,
            false => self.store_rows(listing, &reading)?,
        };
        self.archive_listing(&url, page, Parsed::Yes)?;
        if !is_light {
            self.schedule_next_visit(&url, listing.status, listing.ends_at.as_deref())?;
        }
        Ok(outcome)
    }

    /// Keeps the body of a listing's page, if bodies are kept.
    pub fn archive_listing(&self, url: &str, page: &Page<ReadListing>, parsed: Parsed) -> Result<()> {
        match &page.content.packed {
            Some(Ok(packed)) => self.archive(url, LISTING, page, packed, parsed),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// Writes the rows of a listing.
    pub fn store_rows(&self, listing: &Listing, reading: &Reading) -> Result<Outcome> {
        let source = &reading.source;
        let url = source.url;
        let (vehicle, policy) = self.store.save_vehicle(
            url,
            rows::identifying_vin(listing),
            &Auction { ends_at: listing.ends_at.as_deref(), listing_id: listing.listing_id },
            &rows::vehicle(listing, url),
            reading.policy,
            source,
        )?;
        let vehicle_id = vehicle.id()?;
        let partner = self.partner_of(listing)?;
        let mut row = self.listing_row(listing, partner.as_ref());
        row.insert("vehicle_id".to_owned(), json!(vehicle_id));
        let saved = self.store.save_listing(url, &row, reading.seen_at, reading.policy, source)?;
        let mut outcomes = vec![vehicle.outcome];
        if let Some(partner) = partner {
            let link =
                self.store.save_link(&partner.id, &vehicle_id, &rows::link(listing), policy, source)?;
            outcomes.push(link.outcome);
        }
        let others_changed = outcomes.iter().any(|outcome| *outcome != Outcome::Unchanged);
        Ok(match saved.outcome {
            Outcome::Unchanged if others_changed => Outcome::Updated,
            outcome => outcome,
        })
    }

    /// The partner who sells a listing.
    pub fn partner_of(&self, listing: &Listing) -> Result<Option<Business>> {
        let seller = listing.seller_username.as_deref().unwrap_or_default();
        let candidates = self.store.businesses_of_member(seller)?;
        Ok(attribution::choose(&candidates, listing.location.as_deref()).cloned())
    }

    /// Fields of a listing's row, all but its vehicle.
    pub fn listing_row(&self, listing: &Listing, partner: Option<&Business>) -> Fields {
        let mut row = rows::listing(listing);
        row.insert("organization_id".to_owned(), partner.map_or(Value::Null, |partner| json!(partner.id)));
        row
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
    listing_url(text).ok_or_else(|| Error::NotAListing(text.to_owned()))
}

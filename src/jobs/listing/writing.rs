//! Writes what a listing's page says into its rows.

use bat_pages::Listing;
use serde_json::{Value, json};

use super::super::context::Context;
use super::super::rows;
use super::super::tasks;
use crate::error::Result;
use crate::store::look::Looked;
use crate::store::merge::{Fields, Policy, Source};
use crate::store::renamed::aside;
use crate::store::stored::NewRows;
use crate::store::taken_back::held_by;
use crate::store::tasks::NewTask;
use crate::store::upsert::Outcome;
use crate::store::vehicles::Auction;

/// How what a listing's page says goes into the rows.
pub struct Reading<'a> {
    /// Canonical URL of the listing, and now.
    pub source: Source<'a>,
    /// When the page was fetched, ISO 8601.
    pub seen_at: &'a str,
    /// [`Policy::FillMissing`] for a page that is older than what the rows say; else [`Policy::Mirror`].
    pub policy: Policy,
}

impl Reading<'_> {
    /// Whether the page was fetched just now.
    fn is_of_now(&self) -> bool {
        self.seen_at == self.source.time
    }
}

impl Context {
    /// Moves what is stored of a listing that the site has renamed. What stands in the way, such as a foreign key of the user's,
    /// is told, and the new row stands beside the old one.
    pub(in crate::jobs) fn rename_listing(&self, old: &str, new: &str, listing_id: i64) {
        let renamed = self.attempt(|| self.store.rename_listing(old, new, listing_id));
        if let Err(error) = renamed {
            error.about(&format!("{old}, which is {new} now")).warn();
        }
    }

    /// What is stored of a listing, where it stands now: another post that had its URL is put aside, what is stored under an
    /// earlier URL is moved, and a listing whose page was corrected leaves another car's vehicle.
    fn look(&self, listing: &Listing, reading: &Reading) -> Result<Looked> {
        let source = &reading.source;
        let identity = rows::identity(listing, source.url);
        let auction = Auction { ends_at: listing.ends_at.as_deref(), listing_id: listing.listing_id };
        let seller = listing.seller_username.as_deref().unwrap_or_default();
        let look = || self.store.look(source.url, seller, &identity, &auction);
        let mut looked = look()?;
        if !reading.is_of_now() {
            return Ok(looked);
        }
        if let Some(other) = looked.other_post(listing.listing_id) {
            self.rename_listing(source.url, &aside(source.url, other), other);
            looked = look()?;
        }
        if let (Some(old), Some(listing_id)) = (looked.earlier_url(), listing.listing_id) {
            self.rename_listing(old, source.url, listing_id);
            looked = look()?;
        }
        let others = self.store.leave_vehicle(&looked, identity.vin, source)?;
        if others.is_empty() {
            return Ok(looked);
        }
        let tasks: Result<Vec<NewTask>> = others.iter().map(|url| tasks::unimported_listing(url)).collect();
        for url in &others {
            self.store.forget_version(url)?;
        }
        self.store.enqueue_told(&tasks?)?;
        look()
    }

    /// Writes the rows of a listing. `may_be_light`: whether a light row will do, if its seller is no partner and it was
    /// not imported whole before. Returns also whether only that is there.
    pub fn store_rows(
        &self,
        listing: &Listing,
        reading: &Reading,
        may_be_light: bool,
    ) -> Result<(Outcome, bool)> {
        let Reading { source, seen_at, policy } = reading;
        let looked = self.look(listing, reading)?;
        let listing = &*rows::with_known_end(listing, looked.ends_at());
        let seller = listing.seller_username.as_deref();
        let held = looked.listing().and_then(|row| held_by(row, seller));
        let partner = self.partner_of(listing, &looked.partners, held)?;
        if may_be_light && partner.is_none() && !looked.is_full() {
            return Ok((self.store_light(listing, reading)?, true));
        }
        let new = || rows::of_listing(listing, source.url, partner.as_ref());
        if looked.is_new() {
            let mut batch = self.batch.borrow_mut();
            if self.store.insert_listing(source.url, new(), seen_at, source, batch.as_mut())? {
                return Ok((Outcome::Inserted, false));
            }
        }
        let new = new();
        let outcome = match looked.rows() {
            Some(stored) if stored.say(&new, *policy, source) => Outcome::Unchanged,
            _ => self.change_rows(&new, &looked, reading)?,
        };
        Ok((outcome, false))
    }

    /// Writes the rows of a listing of which something is stored, one by one and locked.
    fn change_rows(&self, new: &NewRows, looked: &Looked, reading: &Reading) -> Result<Outcome> {
        let Reading { source, seen_at, policy } = reading;
        let vehicle = self.store.save_vehicle(source.url, looked, &new.vehicle, *policy, source)?;
        let vehicle_id = vehicle.id()?;
        let mut row = new.listing.clone();
        row.insert("vehicle_id".to_owned(), json!(vehicle_id));
        let saved = self.store.save_listing(source.url, &row, seen_at, *policy, source)?;
        let mut has_changed = vehicle.outcome != Outcome::Unchanged;
        if *policy == Policy::Mirror {
            has_changed |= self.store.take_back(looked, new, source)?;
        }
        has_changed |=
            self.store.settle_links(&looked.doubted_links(source.url), new.link.as_ref(), source)?;
        // An older page's word on who sold it is not taken for the partner's that a newer one named.
        let is_told_by_row = |link: &&Fields| {
            let held = looked.organization().filter(|_| *policy == Policy::FillMissing);
            held.is_none_or(|held| link.get("organization_id").and_then(Value::as_str) == Some(held))
        };
        if let Some(link) = new.link.as_ref().filter(is_told_by_row) {
            let policy = looked.later().of_link(link).policy(*policy, &new.vehicle);
            let link = self.store.save_link(&vehicle_id, link, policy, source)?;
            has_changed |= link.outcome != Outcome::Unchanged;
        }
        Ok(match saved.outcome {
            Outcome::Unchanged if has_changed => Outcome::Updated,
            outcome => outcome,
        })
    }
}

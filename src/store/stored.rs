//! Whether the rows of listings say already what their pages say: looked up for many at once, and without locks.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::distributed;
use super::links::{SOLD_BY, is_offer_of, rows_of};
use super::look::later;
use super::merge::{Fields, Policy, Source, doubted_auction, merge};
use super::sql::Store;
use super::tables::{LISTINGS, ORGANIZATION_VEHICLES, VEHICLES};
use super::vehicles::Later;
use crate::error::Result;

/// The rows of a listing as they are.
#[derive(Debug, Deserialize)]
pub struct StoredRows {
    pub(super) listing: Fields,
    pub(super) vehicle: Option<Fields>,
    /// Which auctions of the vehicle are later than this one.
    pub(super) later: Later,
    /// What organizations have to do with its vehicle.
    pub(super) links: Vec<Fields>,
}

/// The rows that a page makes.
pub struct NewRows {
    pub listing: Fields,
    pub vehicle: Fields,
    /// `None` for a seller who is no partner.
    pub link: Option<Fields>,
}

impl Store {
    /// The rows of these listings, by URL; those that are not stored are missing.
    pub fn stored_rows(&self, urls: &[String]) -> Result<HashMap<String, StoredRows>> {
        if distributed::are_tables() {
            return self.stored_rows_apart(urls);
        }
        let rows: Vec<StoredRows> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'listing', @row.bat_listings(l),
                     'vehicle', CASE WHEN v.id IS NOT NULL THEN @row.vehicles(v) END,
                     'later', ({later}),
                     'links', COALESCE(
                         (
                             SELECT pg_catalog.jsonb_agg(@row.organization_vehicles(o))
                             FROM @.organization_vehicles AS o
                             WHERE o.vehicle_id OPERATOR(pg_catalog.=) l.vehicle_id
                         ),
                         '[]'
                     )
                 )
                 FROM @.bat_listings AS l
                 LEFT JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) l.vehicle_id
                 WHERE l.url OPERATOR(pg_catalog.=) ANY ($1)",
                later = later("l.vehicle_id", "l.url", "l.ends_at", "l.listing_id"),
            ),
            &[urls.to_vec().into()],
        )?;
        let url_of = |row: &StoredRows| row.listing.get("url").and_then(Value::as_str).map(str::to_owned);
        Ok(rows.into_iter().filter_map(|row| Some((url_of(&row)?, row))).collect())
    }

    /// Notes which version of the parser has read these listings; touches nothing that a person has set.
    pub fn mark_listings_parsed(&self, urls: &[String], version: i32) -> Result<()> {
        self.execute(
            "UPDATE @.bat_listings AS l
             SET parser_version = $2,
                 metadata = pg_catalog.jsonb_set(
                     l.metadata, '{bat_partners,parser_version,value}', pg_catalog.to_jsonb($2)
                 ),
                 updated_at = pg_catalog.now()
             WHERE l.url OPERATOR(pg_catalog.=) ANY ($1)
                 AND l.parser_version OPERATOR(pg_catalog.<>) $2
                 -- As text: to_jsonb of a column is no immutable function, which Citus demands.
                 AND l.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,parser_version,value}'
                     OPERATOR(pg_catalog.=) l.parser_version::pg_catalog.text",
            &[urls.to_vec().into(), version.into()],
        )?;
        Ok(())
    }
}

impl StoredRows {
    /// Whether only a light row is kept of it: its seller was no partner.
    pub fn is_light(&self) -> bool {
        self.vehicle.is_none()
    }

    /// The row of the listing itself.
    pub fn listing(&self) -> &Fields {
        &self.listing
    }

    /// The end of the auction.
    pub fn ends_at(&self) -> Option<&str> {
        self.listing.get("ends_at")?.as_str()
    }

    /// Whether the listing was seen in a later state than that of a page fetched at this time.
    pub fn is_later_than(&self, fetched_at: &str) -> bool {
        is_later_than(&self.listing, fetched_at)
    }

    /// Whether writing the new rows would change nothing.
    pub fn say(&self, new: &NewRows, policy: Policy, source: &Source) -> bool {
        let Some(vehicle) = &self.vehicle else { return false };
        let others = self.later.policy(policy, &new.vehicle);
        let mut listing = new.listing.clone();
        listing.insert("vehicle_id".to_owned(), vehicle.get("id").cloned().unwrap_or_default());
        let is_doubted = self.links.iter().any(|link| doubted_auction(link) == Some(source.url));
        !is_doubted
            && merge(&LISTINGS, Some(&self.listing), &listing, policy, source).is_none()
            && merge(&VEHICLES, Some(vehicle), &new.vehicle, others, source).is_none()
            && new.link.as_ref().is_none_or(|link| {
                let policy = self.later.of_link(link).policy(policy, &new.vehicle);
                self.has_link(link, policy, source)
            })
    }

    fn has_link(&self, new: &Fields, policy: Policy, source: &Source) -> bool {
        let is_sale = relation(new) == Some(SOLD_BY);
        let is_newest = !policy.only_fills();
        let is_of = |row: &&Fields, word: &str| relation(row) == Some(word);
        let organization = new.get("organization_id");
        let links = || self.links.iter().filter(|row| row.get("organization_id") == organization);
        let mut kinds = rows_of(is_sale, is_newest).iter();
        let row = kinds.find_map(|kind| links().find(|row| is_of(row, kind)));
        let has_open_offer = links().any(|row| is_offer_of(row, source.url));
        let is_same =
            row.is_some_and(|row| merge(&ORGANIZATION_VEHICLES, Some(row), new, policy, source).is_none());
        is_same && !(is_sale && is_newest && has_open_offer)
    }
}

/// Whether a listing's row was seen in a later state than that of a page fetched at this time.
pub(super) fn is_later_than(listing: &Fields, fetched_at: &str) -> bool {
    let seen = listing.get("last_seen_at").and_then(Value::as_str);
    let instant = |text: &str| text.parse::<Timestamp>().ok();
    seen.and_then(instant).zip(instant(fetched_at)).is_some_and(|(seen, fetched)| seen > fetched)
}

fn relation(link: &Fields) -> Option<&str> {
    link.get("relationship_type").and_then(Value::as_str)
}

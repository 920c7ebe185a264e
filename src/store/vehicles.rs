//! Vehicles: found by URL, else by VIN, never by title.

use serde_json::Value;

use super::merge::{Fields, Policy, Source};
use super::sql::{Store, jsonb};
use super::tables::VEHICLES;
use super::upsert::Saved;
use crate::error::Result;

/// What orders the auctions of a vehicle.
pub struct Auction<'a> {
    /// End, ISO 8601.
    pub ends_at: Option<&'a str>,
    /// The site's number of the post.
    pub listing_id: Option<i64>,
}

impl Store {
    /// Saves the vehicle of a listing. `vin` merges only where the listing is of a whole vehicle.
    /// An older auction of a vehicle adds what is missing, and leaves
    /// what a newer one said, and so does any with [`Policy::FillMissing`]. Returns the vehicle, and by which policy this auction was written.
    pub fn save_vehicle(
        &self,
        url: &str,
        vin: Option<&str>,
        auction: &Auction,
        fields: &Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<(Saved, Policy)> {
        if let Some(vin) = vin {
            // Two sessions that meet the same new vehicle in two listings: the second one waits, and finds it.
            self.execute(
                "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('bat_partners vin ' || $1, 0))",
                &[vin.into()],
            )?;
        }
        let find = || self.find_vehicle(url, vin);
        let existing = find()?;
        let policy = match &existing {
            _ if policy == Policy::FillMissing => Policy::FillMissing,
            Some(row) if !self.is_newest(url, row, auction)? => Policy::FillMissing,
            _ => Policy::Keep,
        };
        let saved = self.save_found(&VEHICLES, existing, find, |_| fields.clone(), policy, source)?;
        Ok((saved, policy))
    }

    /// The vehicle whose auction this URL is, or the one with this VIN, as a whole row, locked.
    fn find_vehicle(&self, url: &str, vin: Option<&str>) -> Result<Option<Fields>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(v)
             FROM @.vehicles AS v
             WHERE v.id OPERATOR(pg_catalog.=) (
                 SELECT c.id
                 FROM (
                     SELECT l.vehicle_id AS id, 0 AS rank, NULL::timestamptz AS created_at
                     FROM @.bat_listings AS l
                     WHERE l.url OPERATOR(pg_catalog.=) $1 AND l.vehicle_id IS NOT NULL
                     UNION ALL
                     SELECT u.id, 1, u.created_at FROM @.vehicles AS u WHERE u.bat_auction_url OPERATOR(pg_catalog.=) $1
                     UNION ALL
                     SELECT u.id, 2, u.created_at FROM @.vehicles AS u WHERE u.discovery_url OPERATOR(pg_catalog.=) $1
                     UNION ALL
                     SELECT u.id, 3, u.created_at FROM @.vehicles AS u WHERE u.listing_url OPERATOR(pg_catalog.=) $1
                     UNION ALL
                     SELECT u.id, 4, u.created_at FROM @.vehicles AS u WHERE u.vin OPERATOR(pg_catalog.=) $2
                 ) AS c
                 ORDER BY c.rank, c.created_at, c.id
                 LIMIT 1
             )
             FOR UPDATE",
            &[url.into(), vin.into()],
        )
    }

    /// Whether no other stored auction of the vehicle is later: by their ends, or, where a page does not tell one, by
    /// the site's own numbers, which grow.
    fn is_newest(&self, url: &str, vehicle: &Fields, auction: &Auction) -> Result<bool> {
        let id = vehicle.get("id").cloned().unwrap_or(Value::Null);
        let newer: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.bat_listings AS l
                 WHERE l.vehicle_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'id')::uuid
                     AND l.url OPERATOR(pg_catalog.<>) $2
                     AND COALESCE(
                         l.ends_at OPERATOR(pg_catalog.>) $3::pg_catalog.timestamptz,
                         l.listing_id OPERATOR(pg_catalog.>) $4,
                         false
                     )
             ))",
            &[
                jsonb(serde_json::json!({ "id": id })),
                url.into(),
                auction.ends_at.into(),
                auction.listing_id.into(),
            ],
        )?;
        Ok(!newer.unwrap_or_default())
    }
}

//! Vehicles: found by URL, else by VIN, else by chassis number and the site's own history; never by title.

use pgrx::datum::DatumWithOid;
use serde::Deserialize;

use super::merge::{Fields, Policy, Source};
use super::sql::Store;
use super::tables::VEHICLES;
use super::upsert::Saved;
use crate::error::Result;
use crate::session_lock::{Key, hash_of};

/// What orders the auctions of a vehicle.
pub struct Auction<'a> {
    /// End, ISO 8601.
    pub ends_at: Option<&'a str>,
    /// The site's number of the post.
    pub listing_id: Option<i64>,
}

/// What tells that the vehicle of a listing is one that is stored. Empty for lots that are no whole vehicle, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// A valid VIN. It alone is enough.
    pub vin: Option<&'a str>,
    /// A chassis number, of which several vehicles may have the same.
    pub chassis: Option<&'a str>,
    /// Listings that the site itself says are of the same vehicle.
    pub relatives: Vec<String>,
}

impl Identity<'_> {
    /// Keeps others from storing a vehicle of this identity until the transaction ends.
    pub fn lock(&self) {
        // The same order in every session. Without relatives a chassis number identifies nothing.
        let chassis = self.chassis.filter(|_| !self.relatives.is_empty());
        for name in [chassis, self.vin].into_iter().flatten() {
            Key::Vehicle(hash_of(name)).lock_in_transaction();
        }
    }
}

/// The vehicle of a listing: the one that it was stored with, the one whose auction the URL is, the one with this VIN, or
/// the one with this chassis number that a related listing was stored with. Arguments: `$1` its URL, `$2` its VIN, `$3` its
/// chassis number, `$4` its relatives.
pub(super) const CANDIDATE: &str = "(
    SELECT k.id
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
        UNION ALL
        SELECT u.id, 5, u.created_at
        FROM pg_catalog.unnest($4) AS n (url)
        -- One by one, by their keys: no other plan, however small the tables were when it was made.
        CROSS JOIN LATERAL (
            SELECT l.vehicle_id FROM @.bat_listings AS l WHERE l.url OPERATOR(pg_catalog.=) n.url LIMIT 1
        ) AS r
        CROSS JOIN LATERAL (
            SELECT v.* FROM @.vehicles AS v WHERE v.id OPERATOR(pg_catalog.=) r.vehicle_id LIMIT 1
        ) AS u
        WHERE pg_catalog.upper(u.chassis_number) OPERATOR(pg_catalog.=) pg_catalog.upper($3)
            -- Two VINs are two vehicles.
            AND (u.vin IS NULL OR $2 IS NULL OR u.vin OPERATOR(pg_catalog.=) $2)
    ) AS k
    ORDER BY k.rank, k.created_at, k.id
    LIMIT 1
)";

/// Whether another stored auction of the vehicle `v` is later than this one: by their ends, or, where a page does not tell
/// one, by the site's own numbers, which grow. Arguments: `$1` its URL, `$5` its end, `$6` its number.
pub(super) const HAS_NEWER: &str = "EXISTS (
    SELECT
    FROM @.bat_listings AS n
    WHERE n.vehicle_id OPERATOR(pg_catalog.=) v.id
        AND n.url OPERATOR(pg_catalog.<>) $1
        AND COALESCE(
            n.ends_at OPERATOR(pg_catalog.>) $5::pg_catalog.timestamptz,
            n.listing_id OPERATOR(pg_catalog.>) $6,
            false
        )
)";

/// The arguments of both.
pub(super) fn arguments<'a>(
    url: &'a str,
    identity: &Identity<'a>,
    auction: &Auction<'a>,
) -> Vec<DatumWithOid<'a>> {
    vec![
        url.into(),
        identity.vin.into(),
        identity.chassis.into(),
        identity.relatives.clone().into(),
        auction.ends_at.into(),
        auction.listing_id.into(),
    ]
}

/// A vehicle that was found.
#[derive(Deserialize)]
struct Found {
    vehicle: Fields,
    /// Whether another stored auction of it is later.
    has_newer: bool,
}

impl Store {
    /// Saves the vehicle of a listing, whose identity is locked. An older auction of a vehicle adds what is missing, and
    /// leaves what a newer one said, and so does any with [`Policy::FillMissing`]. Returns the vehicle, and by which policy
    /// this auction was written.
    pub fn save_vehicle(
        &self,
        url: &str,
        identity: &Identity,
        auction: &Auction,
        fields: &Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<(Saved, Policy)> {
        let find = || self.find_vehicle(url, identity, auction);
        let existing = find()?;
        let policy = match &existing {
            _ if policy == Policy::FillMissing => Policy::FillMissing,
            Some(found) if found.has_newer => Policy::FillMissing,
            _ => Policy::Keep,
        };
        let row = |found: Option<Found>| found.map(|found| found.vehicle);
        let find = || find().map(row);
        let saved = self.save_found(&VEHICLES, row(existing), find, |_| fields.clone(), policy, source)?;
        Ok((saved, policy))
    }

    /// The vehicle of a listing, locked.
    fn find_vehicle(&self, url: &str, identity: &Identity, auction: &Auction) -> Result<Option<Found>> {
        self.row(
            &format!(
                "SELECT pg_catalog.jsonb_build_object('vehicle', pg_catalog.to_jsonb(v), 'has_newer', {HAS_NEWER})
                 FROM @.vehicles AS v
                 WHERE v.id OPERATOR(pg_catalog.=) {CANDIDATE}
                 FOR UPDATE"
            ),
            &arguments(url, identity, auction),
        )
    }
}

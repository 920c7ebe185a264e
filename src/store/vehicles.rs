//! Vehicles: found by URL, else by VIN, else by chassis number and the site's own history; never by title.

use serde::Deserialize;
use serde_json::Value;

use super::look::Looked;
use super::merge::{Fields, Policy, Source, tells_sale};
use super::sql::Store;
use super::tables::VEHICLES;
use super::upsert::Saved;
use crate::error::Result;
use crate::locks::{hash_of, lock_vehicle};

/// What orders the auctions of a vehicle.
pub struct Auction<'a> {
    /// End, ISO 8601.
    pub ends_at: Option<&'a str>,
    /// The site's number of the post.
    pub listing_id: Option<i64>,
}

/// Which auctions of a vehicle are stored that are later than one of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Later {
    /// Any.
    auction: bool,
    /// One with a price.
    sale: bool,
    /// The organizations of these auctions.
    #[serde(default)]
    offered_by: Vec<String>,
    /// The organizations of those with a price.
    #[serde(default)]
    sold_by: Vec<String>,
}

impl Later {
    /// Of these auctions, those of an organization: they say what its link says.
    pub fn of_link(&self, link: &Fields) -> Later {
        let organization = link.get("organization_id").and_then(Value::as_str);
        let is_among = |all: &[String]| all.iter().any(|id| Some(id.as_str()) == organization);
        Later { auction: is_among(&self.offered_by), sale: is_among(&self.sold_by), ..Later::default() }
    }

    /// The policy by which an auction is written to its vehicle, or to its organization's link: an older one adds what is missing
    /// and leaves what a newer one said; the last sale is that of the auction which was sold last. `fields`: what the auction says.
    pub fn policy(&self, of_page: Policy, fields: &Fields) -> Policy {
        match of_page {
            Policy::FillMissing => Policy::FillMissing,
            _ if !self.auction => Policy::Keep,
            _ if !self.sale && tells_sale(fields) => Policy::FillMissingButSale,
            _ => Policy::FillMissing,
        }
    }
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
            lock_vehicle(hash_of(name));
        }
    }
}

impl Store {
    /// Saves the vehicle of a listing, whose identity is locked, as [`Later::policy`] decides.
    pub fn save_vehicle(
        &self,
        url: &str,
        looked: &Looked,
        fields: &Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        let policy = looked.later().policy(policy, fields);
        let fields = &self.without_anothers_url(looked, fields)?;
        let lost = looked.lost_vehicle();
        let find = || {
            self.row(
                "SELECT @row.vehicles(v)
                 FROM @.vehicles AS v
                 WHERE v.id OPERATOR(pg_catalog.=) COALESCE(
                     $1::pg_catalog.uuid,
                     -- Another session was faster.
                     (SELECT u.id FROM @.vehicles AS u WHERE u.bat_auction_url OPERATOR(pg_catalog.=) $2),
                     $3::pg_catalog.uuid
                 )
                 FOR UPDATE",
                &[looked.vehicle_id().into(), url.into(), lost.into()],
            )
        };
        // Under the id that its other listings, and links, have too.
        self.save_under(lost, &VEHICLES, find, |_| fields.clone(), policy, source)
    }

    /// What is to be written to a vehicle, without the URL of its auction if another vehicle has that: a person has given the
    /// auction to this one, and the other still stands.
    fn without_anothers_url(&self, looked: &Looked, fields: &Fields) -> Result<Fields> {
        const URL: &str = "bat_auction_url";
        let mut fields = fields.clone();
        let held = looked.vehicle.as_ref().map(|vehicle| vehicle.get(URL));
        if let (Some(held), Some(url)) = (held, fields.get(URL).and_then(Value::as_str))
            && held.and_then(Value::as_str) != Some(url)
            && self.is_anothers_url(url, looked.vehicle_id())?
        {
            fields.remove(URL);
        }
        Ok(fields)
    }

    /// Whether a vehicle other than this one is that of an auction's URL.
    pub(super) fn is_anothers_url(&self, url: &str, vehicle: Option<&str>) -> Result<bool> {
        let is_held: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.vehicles AS v
                 WHERE v.bat_auction_url OPERATOR(pg_catalog.=) $1 AND v.id IS DISTINCT FROM $2::pg_catalog.uuid
             ))",
            &[url.into(), vehicle.into()],
        )?;
        Ok(is_held.unwrap_or_default())
    }
}

//! A listing that leaves a vehicle which it was stored with: its page was corrected, and tells another VIN than the page of
//! another auction of that vehicle.

use serde_json::Value;

use super::distributed;
use super::look::Looked;
use super::merge::{Fields, Policy, Source, is_imported, source_url};
use super::renamed::URLS;
use super::sql::Store;
use super::tables::{LISTINGS, VEHICLES};
use super::taken_back::Reread;
use crate::error::Result;

/// What a vehicle keeps, whichever auction told it: what it is known by, and where it was found.
const KEPT: [&str; 3] = ["vin", "chassis_number", "discovery_source"];

impl Store {
    /// Takes a listing out of its vehicle if its page tells this VIN, and another auction of the vehicle the one that the vehicle
    /// has. What only this listing's page said is taken back, from the vehicle and its links. Returns the URLs of the other
    /// auctions, whose pages are to be read again: they may tell what is missing now. None where the listing stays.
    pub fn leave_vehicle(&self, looked: &Looked, vin: Option<&str>, source: &Source) -> Result<Vec<String>> {
        let (Some(row), Some(vehicle), Some(id), Some(vin)) =
            (&looked.listing, &looked.vehicle, looked.vehicle_id(), vin)
        else {
            return Ok(Vec::new());
        };
        let held = vehicle.get("vin").and_then(Value::as_str);
        let Some(held) = held.filter(|held| *held != vin && !distributed::are_tables()) else {
            return Ok(Vec::new());
        };
        let is_ours = is_imported(&VEHICLES, vehicle, "vin") && is_imported(&LISTINGS, row, "vehicle_id");
        if !is_ours || !self.is_told_by_another(id, source.url, held)? {
            return Ok(Vec::new());
        }
        let reread = Reread::of_another_vehicle(row, id, source, self.other_auctions(id, source.url)?);
        let Some(latest) = reread.others.first() else { return Ok(Vec::new()) };
        self.take_back_sale(&reread)?;
        for link in &looked.links {
            self.take_back_link(&reread, link, &looked.links)?;
        }
        let is_anothers = self.is_anothers_url(&latest.url, Some(id))?;
        let left = |vehicle: Option<&Fields>| {
            let mut left = vehicle.map(|vehicle| latest.as_vehicle(vehicle, source.url)).unwrap_or_default();
            if let Some(url) = left.get_mut("bat_auction_url").filter(|_| is_anothers) {
                *url = Value::Null;
            }
            left
        };
        let by = Source { url: &latest.url, time: source.time };
        self.save(&VEHICLES, || self.vehicle_of_id(id), left, Policy::Mirror, &by)?;
        let alone = Fields::from_iter([("vehicle_id".to_owned(), Value::Null)]);
        self.save_listing(source.url, &alone, source.time, Policy::Mirror, source)?;
        Ok(reread.others.into_iter().map(|other| other.url).collect())
    }

    /// Whether the page of another auction of a vehicle tells this VIN.
    fn is_told_by_another(&self, vehicle: &str, url: &str, vin: &str) -> Result<bool> {
        let is_told: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.bat_listings AS l
                 WHERE l.vehicle_id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                     AND l.url OPERATOR(pg_catalog.<>) $2
                     AND pg_catalog.strpos(pg_catalog.upper(l.details::pg_catalog.text), pg_catalog.upper($3))
                         OPERATOR(pg_catalog.>) 0
             ))",
            &[vehicle.into(), url.into(), vin.into()],
        )?;
        Ok(is_told.unwrap_or_default())
    }
}

impl super::taken_back::Other {
    /// What a vehicle says without what only the page of `left` said.
    fn as_vehicle(&self, vehicle: &Fields, left: &str) -> Fields {
        let is_of_page = |name: &str| source_url(vehicle, name) == Some(left);
        let names = VEHICLES.data_columns().map(|column| column.name);
        let value = |name: &str| match name {
            "auction_outcome" => self.status.clone().map(Value::from).unwrap_or_default(),
            name if URLS.contains(&name) => Value::from(self.url.as_str()),
            _ => Value::Null,
        };
        names
            .filter(|name| !KEPT.contains(name) && is_of_page(name))
            .map(|name| (name.to_owned(), value(name)))
            .collect()
    }
}

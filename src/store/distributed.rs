//! The same look-ups where citus has distributed the tables: each statement is about one table that is distributed, and by
//! its URLs where it can be. Citus refuses most of what asks several of them at once.

use std::cell::Cell;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::look::{Looked, candidate, later};
use super::merge::Fields;
use super::pages::{COMPLETE, DICTIONARY, Known, NEWEST_DICTIONARY, PAGE};
use super::sql::Store;
use super::stored::StoredRows;
use super::vehicles::{Auction, Identity, Later};
use crate::error::{Error, Result};

thread_local! {
    static DISTRIBUTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the tables were distributed when a job of this session last began.
pub fn are_tables() -> bool {
    DISTRIBUTED.get()
}

/// What the vehicles' own tables know.
#[derive(Deserialize)]
struct Vehicle {
    vehicle: Option<Fields>,
    links: Vec<Fields>,
}

/// What organizations have to do with the vehicle `v`.
const LINKS: &str = "
    COALESCE(
        (
            SELECT pg_catalog.jsonb_agg(@row.organization_vehicles(o))
            FROM @.organization_vehicles AS o
            WHERE o.vehicle_id OPERATOR(pg_catalog.=) v.id
        ),
        '[]'
    )";

impl Store {
    /// Looks whether the tables are distributed.
    pub(super) fn look_at_distribution(&self) -> Result<()> {
        let is_there = self.row::<bool>(
            "SELECT pg_catalog.to_jsonb(pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL)",
            &[],
        )?;
        let is_distributed = match is_there {
            Some(true) => self.row(
                "SELECT pg_catalog.to_jsonb(EXISTS (
                     SELECT
                     FROM pg_catalog.pg_dist_partition AS p
                     WHERE p.logicalrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('@.bat_listings')
                 ))",
                &[],
            )?,
            _ => None,
        };
        DISTRIBUTED.set(is_distributed.unwrap_or_default());
        Ok(())
    }

    /// [`Store::look`], table by table.
    pub(super) fn look_apart(
        &self,
        url: &str,
        seller: &str,
        identity: &Identity,
        relatives: &[String],
        auction: &Auction,
    ) -> Result<Looked> {
        let partners = self.businesses_of_member(seller)?;
        let listing = self.listing_apart(url)?;
        let relatives = self.vehicles_of(relatives)?;
        let own = listing.as_ref().and_then(|listing| listing.get("vehicle_id")?.as_str());
        let found: Option<Vehicle> = self.row(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'vehicle', CASE WHEN v.id IS NOT NULL THEN @row.vehicles(v) END,
                     'links', {LINKS}
                 )
                 FROM (SELECT {candidate} AS id) AS c
                 LEFT JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) c.id",
                candidate =
                    candidate(identity, "$5::pg_catalog.uuid", "pg_catalog.unnest($4::pg_catalog.uuid[])"),
            ),
            &[url.into(), identity.vin.into(), identity.chassis.into(), relatives.into(), own.into()],
        )?;
        let nothing = || Error::Internal("nothing was looked up".to_owned());
        let Vehicle { vehicle, links } = found.ok_or_else(nothing)?;
        let later = self.later_apart(vehicle.as_ref(), url, auction)?;
        // Rows of these cannot move to another URL.
        Ok(Looked { partners, listing, other_url: None, vehicle, later, links })
    }

    /// The vehicles with which these listings are stored, one by one.
    fn vehicles_of(&self, urls: &[String]) -> Result<Vec<String>> {
        let mut vehicles = Vec::new();
        for url in urls {
            let id: Option<String> = self.row(
                "SELECT pg_catalog.to_jsonb(l.vehicle_id)
                 FROM @.bat_listings AS l
                 WHERE l.url OPERATOR(pg_catalog.=) $1 AND l.vehicle_id IS NOT NULL",
                &[url.as_str().into()],
            )?;
            vehicles.extend(id);
        }
        Ok(vehicles)
    }

    /// [`Store::stored_rows`], listing by listing.
    pub(super) fn stored_rows_apart(&self, urls: &[String]) -> Result<HashMap<String, StoredRows>> {
        let mut all = HashMap::new();
        for url in urls {
            let Some(listing) = self.listing_apart(url)? else { continue };
            let text = |name: &str| listing.get(name).and_then(Value::as_str);
            let number = listing.get("listing_id").and_then(Value::as_i64);
            let auction = Auction { ends_at: text("ends_at"), listing_id: number };
            let found: Option<Vehicle> = self.row(
                &format!(
                    "SELECT pg_catalog.jsonb_build_object(
                         'vehicle', CASE WHEN v.id IS NOT NULL THEN @row.vehicles(v) END,
                         'links', {LINKS}
                     )
                     FROM @.vehicles AS v
                     WHERE v.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid"
                ),
                &[text("vehicle_id").into()],
            )?;
            let (vehicle, links) = found.map(|found| (found.vehicle, found.links)).unwrap_or_default();
            let later = self.later_apart(vehicle.as_ref(), url, &auction)?;
            all.insert(url.clone(), StoredRows { listing, vehicle, later, links });
        }
        Ok(all)
    }

    /// [`Store::known_pages`], page by page and table by table.
    pub(super) fn known_pages_apart(
        &self,
        urls: &[String],
        kind: &str,
        parser_version: i32,
    ) -> Result<HashMap<String, Known>> {
        let dictionary: Option<Value> =
            self.row(&format!("SELECT {DICTIONARY} FROM {NEWEST_DICTIONARY}"), &[kind.into()])?;
        let mut all = HashMap::new();
        for url in urls {
            let page: Option<Value> = self.row(
                &format!(
                    "SELECT {PAGE}
                     FROM @.bat_pages AS p
                     WHERE p.url OPERATOR(pg_catalog.=) $1
                         AND p.status OPERATOR(pg_catalog.=) 200
                         AND p.parser_version OPERATOR(pg_catalog.=) $2"
                ),
                &[url.as_str().into(), parser_version.into()],
            )?;
            let is_complete = match page {
                Some(_) => self.row(
                    &format!(
                        "SELECT pg_catalog.to_jsonb(true) {COMPLETE} WHERE l.url OPERATOR(pg_catalog.=) $1"
                    ),
                    &[url.as_str().into()],
                )?,
                None => None,
            };
            let mut known = serde_json::json!({ "url": url, "is_complete": is_complete.unwrap_or(false) });
            if let Value::Object(known) = &mut known {
                for part in [&page, &dictionary].into_iter().flatten().filter_map(Value::as_object) {
                    known.extend(part.clone());
                }
            }
            all.insert(url.clone(), serde_json::from_value(known)?);
        }
        Ok(all)
    }

    fn listing_apart(&self, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.bat_listings(l) FROM @.bat_listings AS l WHERE l.url OPERATOR(pg_catalog.=) $1",
            &[url.into()],
        )
    }

    fn later_apart(&self, vehicle: Option<&Fields>, url: &str, auction: &Auction) -> Result<Later> {
        let Some(id) = vehicle.and_then(|vehicle| vehicle.get("id")?.as_str()) else {
            return Ok(Later::default());
        };
        let later = self.row(
            &later("$1::pg_catalog.uuid", "$2", "$3", "$4"),
            &[id.into(), url.into(), auction.ends_at.into(), auction.listing_id.into()],
        )?;
        Ok(later.unwrap_or_default())
    }
}

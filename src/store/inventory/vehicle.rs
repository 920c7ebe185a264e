//! The vehicles of items, and which dealer has which.

use std::collections::HashSet;

use serde_json::Value;

use super::super::merge::{Fields, Policy, Source, is_untouched};
use super::super::sql::{Store, jsonb};
use super::super::tables::{ORGANIZATION_VEHICLES, VEHICLES};
use super::super::upsert::Saved;
use crate::error::Result;

/// Relation of an organization that offers, or offered, a vehicle on its own site.
pub const INVENTORY: &str = "inventory";

/// How vehicles are marked in `discovery_source` that a dealer's own site told of.
pub const DISCOVERED_BY_INVENTORY: &str = "dealer_inventory";

impl Store {
    /// The vehicle of an item: the one that it was stored with, unless it turned out to be another; the one with its VIN; or
    /// the one that its page told of first. Whole and locked.
    pub fn vehicle_of_item(&self, own: Option<&str>, vin: Option<&str>, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.vehicles(v)
             FROM @.vehicles AS v
             WHERE v.vin OPERATOR(pg_catalog.=) $2
                 OR (
                     (v.id OPERATOR(pg_catalog.=) $1::uuid OR v.discovery_url OPERATOR(pg_catalog.=) $3)
                     -- Two VINs are two vehicles.
                     AND (v.vin IS NULL OR $2 IS NULL OR v.vin OPERATOR(pg_catalog.=) $2)
                 )
             ORDER BY
                 (v.vin IS NOT NULL AND v.vin OPERATOR(pg_catalog.=) $2) DESC NULLS LAST,
                 (v.id OPERATOR(pg_catalog.=) $1::uuid) DESC NULLS LAST,
                 v.created_at,
                 v.id
             LIMIT 1
             FOR UPDATE",
            &[own.into(), vin.into(), url.into()],
        )
    }

    /// A vehicle by its id, whole and locked.
    pub fn vehicle_of_id(&self, id: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.vehicles(v)
             FROM @.vehicles AS v
             WHERE v.id OPERATOR(pg_catalog.=) $1::uuid
             FOR UPDATE",
            &[id.into()],
        )
    }

    /// Which of the vehicles of these items there are.
    pub fn vehicles_there(&self, items: &[Fields]) -> Result<HashSet<String>> {
        let id = |item: &Fields| item.get("vehicle_id").and_then(Value::as_str).map(str::to_owned);
        let ids: Vec<String> = items.iter().filter_map(id).collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let there: Vec<String> = self.rows(
            "SELECT pg_catalog.to_jsonb(v.id)
             FROM @.vehicles AS v
             WHERE v.id OPERATOR(pg_catalog.=) ANY ($1::uuid[])",
            &[ids.into()],
        )?;
        Ok(there.into_iter().collect())
    }

    /// Whether another dealer's item at this address is a vehicle, and still offered.
    pub fn is_offered_by_another_dealer(&self, vehicle: &str, url: &str, dealer: &str) -> Result<bool> {
        let is_offered: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(true)
             FROM @.dealer_inventory AS d
             WHERE d.vehicle_id OPERATOR(pg_catalog.=) $1::uuid
                 AND d.listing_url OPERATOR(pg_catalog.=) $2
                 AND d.dealer_id OPERATOR(pg_catalog.<>) $3::uuid
                 AND d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending}'::text[])
             LIMIT 1",
            &[vehicle.into(), url.into(), dealer.into()],
        )?;
        Ok(is_offered.unwrap_or_default())
    }

    /// Saves the vehicle of an item.
    pub fn save_vehicle_of_item(
        &self,
        existing: Option<&Fields>,
        fields: &Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        self.save(&VEHICLES, || Ok(existing.cloned()), |_| fields.clone(), policy, source)
    }

    /// Saves what an organization's own site says of a vehicle.
    pub fn save_inventory_link(&self, fields: &Fields, source: &Source) -> Result<Saved> {
        let find = || {
            self.row(
                "SELECT @row.organization_vehicles(o)
                 FROM @.organization_vehicles AS o
                 WHERE o.organization_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'organization_id')::uuid
                     AND o.vehicle_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'vehicle_id')::uuid
                     AND o.relationship_type OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'relationship_type')
                 FOR UPDATE",
                &[jsonb(Value::Object(fields.clone()))],
            )
        };
        self.save(&ORGANIZATION_VEHICLES, find, |_| fields.clone(), Policy::Mirror, source)
    }

    /// Forgets that an item of a dealer was a vehicle, which turned out to be another one: his link to it goes, and the vehicle
    /// if nothing else is known of it; both only if nobody has written to them.
    pub fn forget_vehicle_of_item(&self, vehicle: &str, dealer: &str) -> Result<()> {
        self.forget_inventory_link(vehicle, dealer)?;
        let row: Option<Fields> = self.row(
            "SELECT @row.vehicles(v)
             FROM @.vehicles AS v
             WHERE v.id OPERATOR(pg_catalog.=) $1::uuid
                 AND v.discovery_source OPERATOR(pg_catalog.=) $2
                 AND NOT EXISTS (
                     SELECT FROM @.bat_listings AS l WHERE l.vehicle_id OPERATOR(pg_catalog.=) v.id
                 )
                 AND NOT EXISTS (
                     SELECT FROM @.dealer_inventory AS d WHERE d.vehicle_id OPERATOR(pg_catalog.=) v.id
                 )
                 AND NOT EXISTS (
                     SELECT FROM @.vehicle_images AS i WHERE i.vehicle_id OPERATOR(pg_catalog.=) v.id
                 )
                 AND NOT EXISTS (
                     SELECT
                     FROM @.organization_vehicles AS o
                     WHERE o.vehicle_id OPERATOR(pg_catalog.=) v.id
                 )
             FOR UPDATE",
            &[vehicle.into(), DISCOVERED_BY_INVENTORY.into()],
        )?;
        if !row.is_some_and(|row| is_untouched(&VEHICLES, &row)) {
            return Ok(());
        }
        self.execute(
            "DELETE FROM @.vehicles AS v WHERE v.id OPERATOR(pg_catalog.=) $1::uuid",
            &[vehicle.into()],
        )?;
        Ok(())
    }

    /// What a dealer's own site said of a vehicle that no item of his is any more, whole and locked.
    pub(super) fn left_inventory_link(&self, vehicle: &str, dealer: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.organization_vehicles(o)
             FROM @.organization_vehicles AS o
             WHERE o.vehicle_id OPERATOR(pg_catalog.=) $1::uuid
                 AND o.organization_id OPERATOR(pg_catalog.=) $2::uuid
                 AND o.relationship_type OPERATOR(pg_catalog.=) $3
                 AND NOT EXISTS (
                     SELECT
                     FROM @.dealer_inventory AS d
                     WHERE d.vehicle_id OPERATOR(pg_catalog.=) o.vehicle_id
                         AND d.dealer_id OPERATOR(pg_catalog.=) o.organization_id
                 )
             FOR UPDATE",
            &[vehicle.into(), dealer.into(), INVENTORY.into()],
        )
    }

    /// Removes what a dealer's own site said of a vehicle, unless another item of his is that, or somebody has written to it.
    pub(super) fn forget_inventory_link(&self, vehicle: &str, dealer: &str) -> Result<()> {
        let link = self.left_inventory_link(vehicle, dealer)?;
        let Some(link) = link.filter(|link| is_untouched(&ORGANIZATION_VEHICLES, link)) else {
            return Ok(());
        };
        self.execute(
            "DELETE FROM @.organization_vehicles AS o WHERE o.id OPERATOR(pg_catalog.=) $1::uuid",
            &[link.get("id").and_then(Value::as_str).into()],
        )?;
        Ok(())
    }
}

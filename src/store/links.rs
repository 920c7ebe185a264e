//! Which organization offered or sold which vehicle.

use serde_json::Value;

use super::merge::{Fields, Policy, Source, source_url};
use super::sql::{Store, jsonb};
use super::tables::ORGANIZATION_VEHICLES;
use super::upsert::Saved;
use crate::error::Result;

/// Relation of an organization that sold a vehicle.
pub const SOLD_BY: &str = "sold_by";
/// Relation of an organization that offered it and has not sold it.
pub const CONSIGNER: &str = "consigner";

/// The kinds of rows that an auction may stand in, the best first. A sale takes over the row of its offer; what an
/// older auction says never touches the row of a newer one, and an older offer that led to a sale has no row left.
pub(super) fn rows_of(is_sale: bool, is_newest: bool) -> &'static [&'static str] {
    match (is_sale, is_newest) {
        (true, true) => &[SOLD_BY, CONSIGNER],
        (true, false) => &[SOLD_BY],
        (false, true) => &[CONSIGNER],
        (false, false) => &[CONSIGNER, SOLD_BY],
    }
}

/// Whether a link is the offer of a vehicle in an auction that was sold since: one that is open, or that the auction's own page
/// had said did not sell.
pub(super) fn is_offer_of(link: &Fields, auction: &str) -> bool {
    let text = |name: &str| link.get(name).and_then(Value::as_str);
    let is_unsold = || text("listing_status") != Some("sold");
    text("relationship_type") == Some(CONSIGNER)
        && (text("status") == Some("active")
            || is_unsold() && source_url(link, "listing_status") == Some(auction))
}

impl Store {
    /// Saves the relation of the organization that `fields` names. An organization that offered a vehicle and then sold it
    /// has one row, which changes; a sale of the past stays when the same organization offers the vehicle again.
    pub fn save_link(
        &self,
        vehicle: &str,
        fields: &Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let organization = text("organization_id");
        let is_sale = text("relationship_type") == SOLD_BY;
        let relations = rows_of(is_sale, !policy.only_fills());
        let find = || {
            self.row(
                "SELECT @row.organization_vehicles(o)
                 FROM @.organization_vehicles AS o
                 WHERE o.organization_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'organization')::uuid
                     AND o.vehicle_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'vehicle')::uuid
                     AND o.relationship_type OPERATOR(pg_catalog.=) ANY (
                         ARRAY(SELECT pg_catalog.jsonb_array_elements_text($1 OPERATOR(pg_catalog.->) 'relations'))
                     )
                 ORDER BY (o.relationship_type OPERATOR(pg_catalog.=)
                     ($1 OPERATOR(pg_catalog.->) 'relations' OPERATOR(pg_catalog.->>) 0)) DESC
                 LIMIT 1
                 FOR UPDATE",
                &[jsonb(serde_json::json!({
                    "organization": organization, "vehicle": vehicle, "relations": relations
                }))],
            )
        };
        let new = |_: Option<&Fields>| {
            let mut fields = fields.clone();
            fields.insert("vehicle_id".to_owned(), Value::from(vehicle));
            fields
        };
        let saved = self.save(&ORGANIZATION_VEHICLES, find, new, policy, source)?;
        if is_sale && !policy.only_fills() {
            self.close_offer(organization, vehicle, fields, source)?;
        }
        Ok(saved)
    }

    /// Ends the offer of a vehicle that its organization has sold: it had sold the same vehicle before, so that the offer had a
    /// row of its own.
    fn close_offer(&self, organization: &str, vehicle: &str, sale: &Fields, source: &Source) -> Result<()> {
        let find = || {
            self.row(
                "SELECT @row.organization_vehicles(o)
                 FROM @.organization_vehicles AS o
                 WHERE o.organization_id OPERATOR(pg_catalog.=) $1::uuid
                     AND o.vehicle_id OPERATOR(pg_catalog.=) $2::uuid
                     AND o.relationship_type OPERATOR(pg_catalog.=) 'consigner'
                 FOR UPDATE",
                &[organization.into(), vehicle.into()],
            )
        };
        if find()?.is_some_and(|offer: Fields| is_offer_of(&offer, source.url)) {
            let ended = ["status", "listing_status"];
            let new = |_: Option<&Fields>| {
                sale.iter()
                    .filter(|(name, _)| ended.contains(&name.as_str()))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            };
            self.save(&ORGANIZATION_VEHICLES, find, new, Policy::Keep, source)?;
        }
        Ok(())
    }
}

//! Links that an earlier pipeline made, settled by the page of their auction.

use serde_json::{Value, json};

use super::merge::{Fields, MEMORY, Policy, Source};
use super::sql::{Store, jsonb};
use super::subtransaction;
use super::tables::ORGANIZATION_VEHICLES;
use crate::error::Result;

impl Store {
    /// Settles the links that an earlier pipeline made for an auction whose page was read: the one of the partner who sells it
    /// says what the page says, the others go, and are noted with the vehicle. Returns whether there were any.
    pub fn settle_links(&self, doubted: &[&Fields], new: Option<&Fields>, source: &Source) -> Result<bool> {
        let is_of_seller = |link: &&&Fields| {
            new.is_some_and(|new| new.get("organization_id") == link.get("organization_id"))
        };
        let is_same_relation = |link: &&&Fields| {
            new.is_some_and(|new| new.get("relationship_type") == link.get("relationship_type"))
        };
        let of_seller = || doubted.iter().filter(is_of_seller);
        let kept = of_seller().find(is_same_relation).or_else(|| of_seller().next());
        let id_of = |link: &Fields| link.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        for link in doubted.iter().filter(|link| kept.is_none_or(|kept| id_of(kept) != id_of(link))) {
            self.remove_link(&id_of(link))?;
        }
        if let (Some(kept), Some(new)) = (kept, new) {
            self.correct_link(&id_of(kept), new, Policy::Keep, source)?;
        }
        Ok(!doubted.is_empty())
    }

    /// Lets a link say what the page says; it goes if the organization has another one that says it.
    pub(super) fn correct_link(&self, id: &str, new: &Fields, policy: Policy, source: &Source) -> Result<()> {
        let other: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(true)
             FROM @.organization_vehicles AS o
             JOIN @.organization_vehicles AS n
                 ON n.organization_id OPERATOR(pg_catalog.=) o.organization_id
                 AND n.vehicle_id OPERATOR(pg_catalog.=) o.vehicle_id
             WHERE o.id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid
                 AND n.id OPERATOR(pg_catalog.<>) o.id
                 AND n.relationship_type OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'relation')",
            &[jsonb(json!({ "id": id, "relation": new.get("relationship_type") }))],
        )?;
        if other == Some(true) {
            return self.remove_link(id);
        }
        let find = || {
            self.row(
                "SELECT @row.organization_vehicles(o)
                 FROM @.organization_vehicles AS o
                 WHERE o.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                 FOR UPDATE",
                &[id.into()],
            )
        };
        self.save(&ORGANIZATION_VEHICLES, find, |_| new.clone(), policy, source)?;
        Ok(())
    }

    /// Removes a link, and notes it with its vehicle. One that something else points at stays, and is doubted no more.
    pub(super) fn remove_link(&self, id: &str) -> Result<()> {
        let removed = subtransaction::run(|| {
            self.execute(
                &format!(
                    "WITH gone AS (
                         DELETE FROM @.organization_vehicles AS o
                         WHERE o.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                         RETURNING o.vehicle_id, pg_catalog.to_jsonb(o.*) AS content
                     )
                     UPDATE @.vehicles AS v
                     SET metadata = pg_catalog.jsonb_set(
                             v.metadata,
                             '{{{MEMORY},merged}}',
                             COALESCE(v.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},merged}}', '[]')
                                 OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                                     'table', 'organization_vehicles', 'row', g.content, 'time', pg_catalog.now()
                                 )
                         )
                     FROM gone AS g
                     WHERE v.id OPERATOR(pg_catalog.=) g.vehicle_id"
                ),
                &[id.into()],
            )
        });
        let Err(error) = removed else { return Ok(()) };
        error.about(&format!("the link {id} of organization_vehicles")).warn();
        self.execute(
            &format!(
                "UPDATE @.organization_vehicles AS o
                 SET metadata = o.metadata OPERATOR(pg_catalog.#-) '{{{MEMORY},relationship_type}}'
                 WHERE o.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                     AND o.metadata OPERATOR(pg_catalog.#>>) '{{{MEMORY},relationship_type,is_doubted}}'
                         OPERATOR(pg_catalog.=) 'true'"
            ),
            &[id.into()],
        )?;
        Ok(())
    }
}

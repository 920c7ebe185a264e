//! The inventory of a site whose holder has changed: the rows of those who held it before.

use serde_json::json;

use super::super::merge::{Fields, Policy, Source};
use super::super::site::{host_of, site_of};
use super::super::sql::Store;
use super::super::tables::ORGANIZATION_VEHICLES;
use super::vehicle::INVENTORY;
use crate::error::Result;

impl Store {
    /// The items of a site that others than its holder have in their rows, whole and locked: what their crawls of it saw last,
    /// and what no crawl is known of, if it is on the site's host.
    pub fn items_held_by_others(&self, holder: &str, website: &str) -> Result<Vec<Fields>> {
        self.rows(
            &format!(
                "SELECT @row.dealer_inventory(d)
                 FROM @.dealer_inventory AS d
                 LEFT JOIN @.bat_crawls AS c
                     ON c.id OPERATOR(pg_catalog.=) d.last_crawl_id
                     AND c.dealer_id OPERATOR(pg_catalog.=) d.dealer_id
                 WHERE d.dealer_id IN (
                         SELECT w.dealer_id
                         FROM @.bat_crawls AS w
                         WHERE {of_crawl} OPERATOR(pg_catalog.=) {asked}
                             AND w.dealer_id OPERATOR(pg_catalog.<>) $1::uuid
                         UNION
                         SELECT b.id
                         FROM @.businesses AS b
                         WHERE {of_business} OPERATOR(pg_catalog.=) {asked}
                             AND b.id OPERATOR(pg_catalog.<>) $1::uuid
                     )
                     AND CASE
                         WHEN c.id IS NULL THEN {host} OPERATOR(pg_catalog.=) {asked_host}
                         ELSE {of_last} OPERATOR(pg_catalog.=) {asked}
                     END
                 ORDER BY d.first_seen_at, d.id
                 FOR UPDATE OF d",
                of_crawl = site_of("w.website"),
                of_business = site_of("b.website"),
                of_last = site_of("c.website"),
                asked = site_of("$2"),
                host = host_of("d.listing_url"),
                asked_host = host_of("$2"),
            ),
            &[holder.into(), website.into()],
        )
    }

    /// Gives the crawls of a site to its holder: where its list is, and what was believed of it. One of another's that is under
    /// way is over, and so are their later pages.
    pub fn take_over_crawls(&self, holder: &str, website: &str) -> Result<()> {
        self.execute(
            &format!(
                "WITH taken AS (
                     UPDATE @.bat_crawls AS c
                     SET dealer_id = $1::uuid,
                         finished_at = COALESCE(c.finished_at, pg_catalog.clock_timestamp()),
                         cause = CASE WHEN c.state OPERATOR(pg_catalog.=) 'running' THEN 'superseded' ELSE c.cause END,
                         state = CASE WHEN c.state OPERATOR(pg_catalog.=) 'running' THEN 'incomplete' ELSE c.state END
                     WHERE c.dealer_id OPERATOR(pg_catalog.<>) $1::uuid
                         AND {own} OPERATOR(pg_catalog.=) {asked}
                     RETURNING c.id
                 )
                 DELETE FROM @.bat_tasks AS t
                 USING taken
                 WHERE t.kind OPERATOR(pg_catalog.=) 'inventory'
                     AND t.state OPERATOR(pg_catalog.<>) 'running'
                     AND (t.options OPERATOR(pg_catalog.->>) 'crawl') OPERATOR(pg_catalog.=) taken.id::text",
                own = site_of("c.website"),
                asked = site_of("$2"),
            ),
            &[holder.into(), website.into()],
        )?;
        Ok(())
    }

    /// Gives what one dealer's own site said of a vehicle to another; not if that has something of his own on it, or another item
    /// of the first is the vehicle.
    pub fn move_inventory_link(&self, vehicle: &str, from: &str, to: &str, source: &Source) -> Result<()> {
        let link: Option<Fields> = self.row(
            "SELECT @row.organization_vehicles(o)
             FROM @.organization_vehicles AS o
             WHERE o.vehicle_id OPERATOR(pg_catalog.=) $1::uuid
                 AND o.organization_id OPERATOR(pg_catalog.=) $2::uuid
                 AND o.relationship_type OPERATOR(pg_catalog.=) $4
                 AND NOT EXISTS (
                     SELECT
                     FROM @.organization_vehicles AS n
                     WHERE n.vehicle_id OPERATOR(pg_catalog.=) o.vehicle_id
                         AND n.organization_id OPERATOR(pg_catalog.=) $3::uuid
                         AND n.relationship_type OPERATOR(pg_catalog.=) o.relationship_type
                 )
                 AND NOT EXISTS (
                     SELECT
                     FROM @.dealer_inventory AS d
                     WHERE d.vehicle_id OPERATOR(pg_catalog.=) o.vehicle_id
                         AND d.dealer_id OPERATOR(pg_catalog.=) o.organization_id
                 )
             FOR UPDATE",
            &[vehicle.into(), from.into(), to.into(), INVENTORY.into()],
        )?;
        if let Some(link) = link {
            let find = || Ok(Some(link.clone()));
            let fields = |_: Option<&Fields>| Fields::from_iter([("organization_id".to_owned(), json!(to))]);
            self.save(&ORGANIZATION_VEHICLES, find, fields, Policy::Mirror, source)?;
        }
        Ok(())
    }

    /// Ends what a dealer's own site said of a vehicle that is another's by now, unless another item of his is it: it goes, or
    /// is past, if somebody has written to it.
    pub fn end_inventory_link(&self, vehicle: &str, dealer: &str, source: &Source) -> Result<()> {
        self.forget_inventory_link(vehicle, dealer)?;
        if let Some(link) = self.left_inventory_link(vehicle, dealer)? {
            let fields = |_: Option<&Fields>| {
                let past = [("status", "past"), ("listing_status", "gone")];
                past.map(|(name, value)| (name.to_owned(), json!(value))).into_iter().collect()
            };
            self.save(&ORGANIZATION_VEHICLES, || Ok(Some(link.clone())), fields, Policy::Mirror, source)?;
        }
        Ok(())
    }
}

//! What dealers offer on their own sites: rows found by their identity within the dealer, and how they come and go.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::merge::{Fields, Policy, Source, is_untouched};
use super::sql::{Store, jsonb};
use super::tables::{DEALER_INVENTORY, ORGANIZATION_VEHICLES, VEHICLES};
use super::upsert::Saved;
use crate::error::Result;

/// Relation of an organization that offers, or offered, a vehicle on its own site.
pub const INVENTORY: &str = "inventory";

/// How vehicles are marked in `discovery_source` that a dealer's own site told of.
pub const DISCOVERED_BY_INVENTORY: &str = "dealer_inventory";

/// By what a page's items may be found again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sought {
    pub urls: Vec<String>,
    pub vins: Vec<String>,
    pub item_ids: Vec<String>,
    pub chassis: Vec<String>,
}

/// A sighting of an item on a list or on its own page.
#[derive(Clone, Debug, Serialize)]
pub struct Sighting {
    pub id: String,
    /// Whether the page told its price, or that it is told on request.
    pub is_priced: bool,
    pub price: Option<i64>,
    pub currency: Option<String>,
    /// A price that jumped, and is not believed yet.
    pub doubted_price: Option<i64>,
}

/// How much of what a dealer had was seen again by a crawl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Overlap {
    /// Items that were offered before the crawl.
    pub before: i64,
    /// Those of them that were seen since it began.
    pub again: i64,
}

impl Store {
    /// The rows of a dealer that items of a page may be, whole and locked.
    pub fn stock(&self, dealer: &str, sought: &Sought) -> Result<Vec<Fields>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(d)
             FROM @.dealer_inventory AS d
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND (
                     d.listing_url OPERATOR(pg_catalog.=) ANY ($2)
                     OR d.vin OPERATOR(pg_catalog.=) ANY ($3)
                     OR d.item_id OPERATOR(pg_catalog.=) ANY ($4)
                     OR d.chassis_number OPERATOR(pg_catalog.=) ANY ($5)
                 )
             ORDER BY d.first_seen_at, d.id
             FOR UPDATE",
            &[
                dealer.into(),
                sought.urls.clone().into(),
                sought.vins.clone().into(),
                sought.item_ids.clone().into(),
                sought.chassis.clone().into(),
            ],
        )
    }

    /// Saves an item: the row of `existing`, or a new one.
    pub fn save_item(&self, existing: Option<&Fields>, fields: &Fields, source: &Source) -> Result<Saved> {
        let find = || match existing {
            Some(row) => Ok(Some(row.clone())),
            // Another session may be faster with a new one.
            None => self.row(
                "SELECT pg_catalog.to_jsonb(d)
                 FROM @.dealer_inventory AS d
                 WHERE d.dealer_id OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'dealer_id')::uuid
                     AND d.listing_url OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'listing_url')
                 FOR UPDATE",
                &[jsonb(
                    json!({ "dealer_id": fields.get("dealer_id"), "listing_url": fields.get("listing_url") }),
                )],
            ),
        };
        self.save(&DEALER_INVENTORY, find, |_| fields.clone(), Policy::Mirror, source)
    }

    /// An item by its address, whole and locked.
    pub fn item(&self, dealer: &str, url: &str) -> Result<Option<Fields>> {
        let sought = Sought { urls: vec![url.to_owned()], ..Sought::default() };
        Ok(self.stock(dealer, &sought)?.into_iter().next())
    }

    /// Notes that these items were seen at a time: when, how often, at what price. In one crawl each counts once.
    pub fn note_sightings(&self, sightings: &[Sighting], crawl: Option<i64>, seen_at: &str) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET first_seen_at = COALESCE(d.first_seen_at, $3::timestamptz),
                 last_seen_at = GREATEST(d.last_seen_at, $3::timestamptz),
                 seen_count = COALESCE(d.seen_count, 0) OPERATOR(pg_catalog.+)
                     (d.last_crawl_id IS DISTINCT FROM COALESCE($2, d.last_crawl_id) OR d.seen_count IS NULL)::integer,
                 last_crawl_id = COALESCE($2, d.last_crawl_id),
                 missing_since = NULL,
                 missing_count = 0,
                 last_available_at = CASE
                     WHEN d.status OPERATOR(pg_catalog.=) 'sold' THEN d.last_available_at
                     ELSE $3::timestamptz
                 END,
                 sold_seen_at = CASE
                     WHEN d.status OPERATOR(pg_catalog.=) 'sold' THEN COALESCE(d.sold_seen_at, $3::timestamptz)
                 END,
                 doubted_price = s.doubted_price,
                 price_history = CASE
                     WHEN s.is_priced
                         AND s.doubted_price IS NULL
                         AND (
                             d.price_history IS NULL
                             OR (d.price_history OPERATOR(pg_catalog.->) (-1) OPERATOR(pg_catalog.->>) 'price')
                                 IS DISTINCT FROM s.price::text
                         )
                     THEN COALESCE(d.price_history, '[]') OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_array(
                         pg_catalog.jsonb_build_object('time', $3, 'price', s.price, 'currency', s.currency)
                     )
                     ELSE d.price_history
                 END
             FROM pg_catalog.jsonb_to_recordset($1)
                 AS s (id uuid, is_priced boolean, price numeric, currency text, doubted_price numeric)
             WHERE d.id OPERATOR(pg_catalog.=) s.id",
            &[jsonb(serde_json::to_value(sightings)?), crawl.into(), seen_at.into()],
        )?;
        Ok(())
    }

    /// Notes that these addresses are on a list that tells no more of them. Returns those that have no row, in their order,
    /// and how many were seen for the first time in this crawl.
    pub fn note_links(
        &self,
        dealer: &str,
        urls: &[String],
        crawl: i64,
        seen_at: &str,
    ) -> Result<(Vec<String>, i32)> {
        #[derive(Deserialize)]
        struct Known {
            id: String,
            listing_url: String,
            is_new_here: bool,
        }
        let known: Vec<Known> = self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'id', d.id, 'listing_url', d.listing_url, 'is_new_here', d.last_crawl_id IS DISTINCT FROM $3
             )
             FROM @.dealer_inventory AS d
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid AND d.listing_url OPERATOR(pg_catalog.=) ANY ($2)
             ORDER BY d.id
             FOR UPDATE",
            &[dealer.into(), urls.to_vec().into(), crawl.into()],
        )?;
        let sightings: Vec<Sighting> = known
            .iter()
            .map(|row| Sighting {
                id: row.id.clone(),
                is_priced: false,
                price: None,
                currency: None,
                doubted_price: None,
            })
            .collect();
        self.note_sightings(&sightings, Some(crawl), seen_at)?;
        let unknown: Vec<String> =
            urls.iter().filter(|url| !known.iter().any(|row| row.listing_url == **url)).cloned().collect();
        let first_time = known.iter().filter(|row| row.is_new_here).count() + unknown.len();
        Ok((unknown, i32::try_from(first_time).unwrap_or(i32::MAX)))
    }

    /// Which items are to be asked themselves, where nothing but a sitemap names them: those that have no row, or whose page
    /// was not read within so many seconds; and those that it names no longer.
    pub fn unread_items(&self, dealer: &str, urls: &[String], fresh_seconds: f64) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(COALESCE(u.url, d.listing_url))
             FROM pg_catalog.unnest($2::text[]) WITH ORDINALITY AS u (url, place)
             FULL JOIN (
                 SELECT o.listing_url, o.status, o.page_read_at
                 FROM @.dealer_inventory AS o
                 WHERE o.dealer_id OPERATOR(pg_catalog.=) $1::uuid
             ) AS d ON d.listing_url OPERATOR(pg_catalog.=) u.url
             WHERE CASE
                 WHEN d.listing_url IS NULL OR d.page_read_at IS NULL THEN true
                 WHEN u.url IS NULL THEN d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending,missing}'::text[])
                 ELSE d.page_read_at OPERATOR(pg_catalog.<=)
                     (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => $3))
             END
             ORDER BY u.place, d.listing_url",
            &[dealer.into(), urls.to_vec().into(), fresh_seconds.into()],
        )
    }

    /// Counts a miss of an item that no list shows.
    pub fn note_miss(&self, id: &str) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET missing_count = COALESCE(d.missing_count, 0) OPERATOR(pg_catalog.+) 1,
                 missing_since = COALESCE(d.missing_since, pg_catalog.clock_timestamp())
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(())
    }

    /// Whether an item has been missing for a day.
    pub fn is_long_missing(&self, id: &str) -> Result<bool> {
        let is_long: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(
                 d.missing_since OPERATOR(pg_catalog.<=)
                     (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '1 day')
             )
             FROM @.dealer_inventory AS d
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(is_long.unwrap_or_default())
    }

    /// Notes that an item's own page was read.
    pub fn note_item_page(&self, id: &str) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET page_read_at = pg_catalog.clock_timestamp()
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(())
    }

    /// How much of what a dealer offered before a time was seen since.
    pub fn overlap(&self, dealer: &str, since: &str) -> Result<Overlap> {
        let overlap = self.row(
            "SELECT pg_catalog.jsonb_build_object(
                 'before', pg_catalog.count(*),
                 'again', pg_catalog.count(*) FILTER (WHERE d.last_seen_at OPERATOR(pg_catalog.>=) $2::timestamptz)
             )
             FROM @.dealer_inventory AS d
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND d.first_seen_at OPERATOR(pg_catalog.<) $2::timestamptz
                 AND (
                     d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending}'::text[])
                     -- Seen as sold, or so, for the first time.
                     OR d.sold_seen_at OPERATOR(pg_catalog.>=) $2::timestamptz
                 )",
            &[dealer.into(), since.into()],
        )?;
        Ok(overlap.unwrap_or_default())
    }

    /// After a complete crawl that began at a time: counts one more miss for what it did not see. Returns what is missing now:
    /// missed twice or more, at least a day apart.
    pub fn count_misses(&self, dealer: &str, since: &str) -> Result<Vec<Fields>> {
        self.rows(
            "UPDATE @.dealer_inventory AS d
             SET missing_count = COALESCE(d.missing_count, 0) OPERATOR(pg_catalog.+) 1,
                 missing_since = COALESCE(d.missing_since, $2::timestamptz)
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending,missing}'::text[])
                 AND d.last_seen_at OPERATOR(pg_catalog.<) $2::timestamptz
             RETURNING CASE
                 WHEN d.missing_count OPERATOR(pg_catalog.>=) 2
                     AND d.missing_since OPERATOR(pg_catalog.<=)
                         ($2::timestamptz OPERATOR(pg_catalog.-) interval '1 day')
                 THEN pg_catalog.to_jsonb(d)
             END",
            &[dealer.into(), since.into()],
        )
    }

    /// The vehicle of an item: the one that it was stored with, unless it turned out to be another; the one with its VIN; or
    /// the one that its page told of first. Whole and locked.
    pub fn vehicle_of_item(&self, own: Option<&str>, vin: Option<&str>, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(v)
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
                "SELECT pg_catalog.to_jsonb(o)
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
}

impl Store {
    /// An item by its row's id, whole and locked.
    pub fn item_of_id(&self, id: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(d)
             FROM @.dealer_inventory AS d
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid
             FOR UPDATE",
            &[id.into()],
        )
    }

    /// Removes the vehicle that was made of an item which turned out to be another one: only if nothing else is known of it,
    /// and nobody has written to it.
    pub fn forget_vehicle_of_item(&self, vehicle: &str, dealer: &str) -> Result<()> {
        let row: Option<Fields> = self.row(
            "SELECT pg_catalog.to_jsonb(v)
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
                         AND (
                             o.organization_id OPERATOR(pg_catalog.<>) $3::uuid
                             OR o.relationship_type OPERATOR(pg_catalog.<>) $4
                         )
                 )
             FOR UPDATE",
            &[vehicle.into(), DISCOVERED_BY_INVENTORY.into(), dealer.into(), INVENTORY.into()],
        )?;
        if !row.is_some_and(|row| is_untouched(&VEHICLES, &row)) {
            return Ok(());
        }
        self.execute(
            "DELETE FROM @.organization_vehicles AS o
             WHERE o.vehicle_id OPERATOR(pg_catalog.=) $1::uuid
                 AND o.organization_id OPERATOR(pg_catalog.=) $2::uuid
                 AND o.relationship_type OPERATOR(pg_catalog.=) $3",
            &[vehicle.into(), dealer.into(), INVENTORY.into()],
        )?;
        self.execute(
            "DELETE FROM @.vehicles AS v WHERE v.id OPERATOR(pg_catalog.=) $1::uuid",
            &[vehicle.into()],
        )?;
        Ok(())
    }
}

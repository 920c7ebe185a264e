//! What dealers offer on their own sites: rows found by their identity within the dealer, and their sightings.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::merge::{Fields, Policy, Source};
use super::sql::{Store, jsonb};
use super::tables::DEALER_INVENTORY;
use super::upsert::Saved;
use crate::error::Result;

mod absence;
mod holder;
mod moved;
mod site;
mod vehicle;

pub use absence::Overlap;
pub use moved::OtherAddress;
pub use vehicle::{DISCOVERED_BY_INVENTORY, INVENTORY};

/// By what a page's items may be found again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sought {
    pub urls: Vec<String>,
    pub vins: Vec<String>,
    pub item_ids: Vec<String>,
    pub chassis: Vec<String>,
    /// Addresses without scheme and host: a site may move.
    pub paths: Vec<String>,
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

impl Sighting {
    /// Of an item of which a page shows no more than that it is there.
    pub fn unpriced(id: &str) -> Sighting {
        Sighting { id: id.to_owned(), is_priced: false, price: None, currency: None, doubted_price: None }
    }
}

impl Store {
    /// The rows of a dealer that items of a page may be, whole and locked.
    pub fn stock(&self, dealer: &str, sought: &Sought) -> Result<Vec<Fields>> {
        self.rows(
            "SELECT @row.dealer_inventory(d)
             FROM @.dealer_inventory AS d
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND (
                     d.listing_url OPERATOR(pg_catalog.=) ANY ($2)
                     OR d.vin OPERATOR(pg_catalog.=) ANY ($3)
                     OR d.item_id OPERATOR(pg_catalog.=) ANY ($4)
                     OR d.chassis_number OPERATOR(pg_catalog.=) ANY ($5)
                     OR pg_catalog.regexp_replace(d.listing_url, '^[a-z]+://[^/]*', '') OPERATOR(pg_catalog.=) ANY ($6)
                 )
             ORDER BY d.first_seen_at, d.id
             FOR UPDATE",
            &[
                dealer.into(),
                sought.urls.clone().into(),
                sought.vins.clone().into(),
                sought.item_ids.clone().into(),
                sought.chassis.clone().into(),
                sought.paths.clone().into(),
            ],
        )
    }

    /// Saves an item: the row of `existing`, or a new one.
    pub fn save_item(&self, existing: Option<&Fields>, fields: &Fields, source: &Source) -> Result<Saved> {
        let find = || match existing {
            Some(row) => Ok(Some(row.clone())),
            // Another session may be faster with a new one.
            None => self.row(
                "SELECT @row.dealer_inventory(d)
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

    /// Gives up the addresses of items where other cars are now: each keeps its own with its VIN behind it, by which nobody else
    /// finds it. An address that a person wrote stays.
    pub fn set_aside(&self, ids: &[String]) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET listing_url = pg_catalog.concat(d.listing_url, '#', d.vin),
                 metadata = pg_catalog.jsonb_set(
                     d.metadata,
                     '{bat_partners,listing_url,value}',
                     pg_catalog.to_jsonb(pg_catalog.concat(d.listing_url, '#', d.vin))
                 ),
                 updated_at = pg_catalog.now()
             WHERE d.id::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1)
                 AND d.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,listing_url,value}'
                     OPERATOR(pg_catalog.=) d.listing_url",
            &[ids.to_vec().into()],
        )?;
        Ok(())
    }

    /// An item by its address, whole and locked.
    pub fn item(&self, dealer: &str, url: &str) -> Result<Option<Fields>> {
        let sought = Sought { urls: vec![url.to_owned()], ..Sought::default() };
        Ok(self.stock(dealer, &sought)?.into_iter().next())
    }

    /// Notes that these items, whose rows are written, were seen at a time: when, how often, at what price. In one crawl each
    /// counts once; without one it is their own pages that were seen. A price that a list makes doubtful is a question to the
    /// item's own page, which then counts as not read yet; a page that tells no price leaves it open.
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
                 doubted_price = CASE
                     WHEN s.is_priced OR d.status OPERATOR(pg_catalog.=) 'sold' THEN s.doubted_price
                     ELSE COALESCE(s.doubted_price, d.doubted_price)
                 END,
                 page_read_at = CASE
                     WHEN $2 IS NULL THEN $3::timestamptz
                     WHEN s.doubted_price OPERATOR(pg_catalog.<>) COALESCE(d.doubted_price, 0) THEN NULL
                     ELSE d.page_read_at
                 END,
                 price_history = CASE
                     WHEN NOT s.is_priced OR s.doubted_price IS NOT NULL THEN d.price_history
                     WHEN pg_catalog.jsonb_typeof(d.price_history) IS DISTINCT FROM 'array'
                         OR (d.price_history OPERATOR(pg_catalog.->) (-1) OPERATOR(pg_catalog.->>) 'price')
                             IS DISTINCT FROM s.price::text
                         OR (d.price_history OPERATOR(pg_catalog.->) (-1) OPERATOR(pg_catalog.->>) 'currency')
                             OPERATOR(pg_catalog.<>) COALESCE(s.currency, d.currency)
                     THEN COALESCE(d.price_history, '[]') OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_array(
                         pg_catalog.jsonb_build_object(
                             'time', $3, 'price', s.price, 'currency', COALESCE(s.currency, d.currency)
                         )
                     )
                     -- A list often tells no currency, the item's own page does.
                     ELSE pg_catalog.jsonb_set(
                         d.price_history,
                         '{-1,currency}',
                         COALESCE(pg_catalog.to_jsonb(COALESCE(s.currency, d.currency)), 'null')
                     )
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
        let sightings: Vec<Sighting> = known.iter().map(|row| Sighting::unpriced(&row.id)).collect();
        self.note_sightings(&sightings, Some(crawl), seen_at)?;
        let unknown: Vec<String> =
            urls.iter().filter(|url| !known.iter().any(|row| row.listing_url == **url)).cloned().collect();
        let first_time = known.iter().filter(|row| row.is_new_here).count() + unknown.len();
        Ok((unknown, i32::try_from(first_time).unwrap_or(i32::MAX)))
    }

    /// Notes that an item's own page was read. Where it is to tell whether a price is true, only a page that tells of the item
    /// answers that: the sighting notes it.
    pub fn note_item_page(&self, id: &str) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET page_read_at = pg_catalog.clock_timestamp()
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid
                 AND (d.doubted_price IS NULL OR d.page_read_at IS NOT NULL OR d.missing_count OPERATOR(pg_catalog.>) 0)",
            &[id.into()],
        )?;
        Ok(())
    }

    /// An item by its row's id, whole and locked.
    pub fn item_of_id(&self, id: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.dealer_inventory(d)
             FROM @.dealer_inventory AS d
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid
             FOR UPDATE",
            &[id.into()],
        )
    }
}

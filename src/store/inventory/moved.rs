//! Items that a dealer's list shows at another address, and that only their own page tells to be the same.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::merge::{Fields, MEMORY, Source, is_untouched_but, source_url};
use super::super::sql::{Store, jsonb};
use super::super::tables::DEALER_INVENTORY;
use super::Sighting;
use crate::error::Result;

/// What a list tells of an item.
const TOLD: [&str; 13] = [
    "status",
    "title",
    "asking_price",
    "currency",
    "price_on_request",
    "item_id",
    "chassis_number",
    "year",
    "make",
    "model",
    "mileage",
    "mileage_unit",
    "image_urls",
];

/// What sightings write, which is nobody's word.
const COUNTED: [&str; 11] = [
    "first_seen_at",
    "last_seen_at",
    "seen_count",
    "last_available_at",
    "sold_seen_at",
    "missing_since",
    "missing_count",
    "price_history",
    "doubted_price",
    "page_read_at",
    "last_crawl_id",
];

/// The other address of an item, which its list shows, or showed, too.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OtherAddress<'a> {
    pub url: &'a str,
    /// The last crawl that saw the item at both, or moved it from there.
    pub crawl: i64,
    /// Whether the item was moved from there, and not shown there since.
    pub is_former: bool,
}

impl<'a> OtherAddress<'a> {
    /// That of a row, if one is known.
    pub fn of(row: &'a Fields) -> Option<OtherAddress<'a>> {
        let other = row.get("metadata")?.get(MEMORY)?.get("listing_url")?.get("other")?;
        Some(OtherAddress {
            url: other.get("url")?.as_str()?,
            crawl: other.get("crawl")?.as_i64()?,
            is_former: other.get("is_former")?.as_bool()?,
        })
    }
}

impl Store {
    /// Notes the other address of an item, beside what is remembered of its own.
    pub fn note_other_address(&self, id: &str, other: &OtherAddress) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET metadata = pg_catalog.jsonb_set(d.metadata, ARRAY[$3, 'listing_url', 'other'], $2)
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into(), jsonb(serde_json::to_value(other)?), MEMORY.into()],
        )?;
        Ok(())
    }

    /// The dealer's items of a VIN, whole and locked, those first that no list of his shows any more.
    pub fn items_of_vin(&self, dealer: &str, vin: &str) -> Result<Vec<Fields>> {
        self.rows(
            "SELECT @row.dealer_inventory(d)
             FROM @.dealer_inventory AS d
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND d.vin OPERATOR(pg_catalog.=) $2
             ORDER BY
                 (d.status OPERATOR(pg_catalog.=) ANY (ARRAY['missing', 'gone'])
                     OR d.missing_count OPERATOR(pg_catalog.>) 0) DESC NULLS LAST,
                 d.last_seen_at DESC NULLS LAST,
                 d.id
             FOR UPDATE",
            &[dealer.into(), vin.into()],
        )
    }

    /// Lets an item that had gone be the one at a new address, and stand as the row that was made for that (`row`), which goes.
    /// False if a person has written to that row: then there are two.
    pub fn take_place(
        &self,
        gone: &Fields,
        url: &str,
        row: Option<&Fields>,
        source: &Source,
    ) -> Result<bool> {
        let mut fields = Fields::from_iter([
            ("listing_url".to_owned(), json!(url)),
            ("status".to_owned(), json!("in_stock")),
        ]);
        let text = |row: &Fields, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut told_by = url.to_owned();
        if let Some(row) = row {
            if !is_untouched_but(&DEALER_INVENTORY, row, &COUNTED) {
                return Ok(false);
            }
            let told = TOLD.iter().filter_map(|name| Some(((*name).to_owned(), row.get(*name)?.clone())));
            fields.extend(told.filter(|(_, value)| !value.is_null()));
            told_by = source_url(row, "listing_url").unwrap_or(url).to_owned();
            self.execute(
                "DELETE FROM @.dealer_inventory AS d WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
                &[text(row, "id").into()],
            )?;
        }
        let saved = self.save_item(Some(gone), &fields, &Source { url: &told_by, time: source.time })?;
        let sighting = Sighting {
            id: saved.id()?,
            is_priced: fields.contains_key("asking_price"),
            price: fields.get("asking_price").and_then(Value::as_f64).map(|price| price as i64),
            currency: text(&fields, "currency"),
            doubted_price: None,
        };
        let crawl = row.and_then(|row| row.get("last_crawl_id")?.as_i64());
        self.note_sightings(&[sighting], crawl, source.time)?;
        Ok(true)
    }

    /// Whether a dealer offers a vehicle by another item than this one.
    pub fn is_offered_by_another_item(&self, dealer: &str, vehicle: &str, item: &str) -> Result<bool> {
        let is_offered: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.dealer_inventory AS d
                 WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                     AND d.vehicle_id OPERATOR(pg_catalog.=) $2::uuid
                     AND d.id OPERATOR(pg_catalog.<>) $3::uuid
                     AND d.status OPERATOR(pg_catalog.=) ANY (ARRAY['in_stock', 'pending'])
             ))",
            &[dealer.into(), vehicle.into(), item.into()],
        )?;
        Ok(is_offered.unwrap_or_default())
    }
}

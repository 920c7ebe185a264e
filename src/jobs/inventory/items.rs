//! The items of a page: which rows they are, and what is written to them.

use std::collections::{HashMap, HashSet};

use bat_pages::inventory::{Item, Status};
use serde_json::{Value, json};

use super::super::calls::add;
use super::super::context::Context;
use super::InventoryOptions;
use super::price::is_doubtful;
use super::search::ReadPage;
use crate::error::Result;
use crate::store::businesses::Business;
use crate::store::crawls::Crawl;
use crate::store::inventory::{Sighting, Sought};
use crate::store::merge::{Fields, MEMORY, Source};
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;

/// What became of a page's items.
#[derive(Default)]
pub(super) struct StoredItems {
    pub counts: Counts,
    /// How many were seen for the first time in this crawl.
    pub first_time: i32,
    /// Items' own pages that are to be read.
    pub wanted: Vec<String>,
}

/// A text of a row.
pub(super) fn text<'a>(row: &'a Fields, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// A whole number of a row.
pub(super) fn number(row: &Fields, name: &str) -> Option<i64> {
    row.get(name).and_then(|value| value.as_i64().or_else(|| Some(value.as_f64()? as i64)))
}

/// Whether a status says that an item can be had.
pub(super) fn is_offered(row: &Fields) -> bool {
    matches!(text(row, "status"), Some("in_stock" | "pending"))
}

/// Whether a field of a row was last written by the item's own page.
pub(super) fn is_told_by_item(row: &Fields, name: &str) -> bool {
    let memory = row.get("metadata").and_then(|metadata| metadata.get(MEMORY)?.get(name)?.get("source_url"));
    memory.is_some() && memory == row.get("listing_url")
}

/// An item of a page, where it is, and what its status means there.
pub(super) struct Seen<'a> {
    pub item: &'a Item,
    /// Its own page; of one that has none, its list's with what tells it from the others.
    pub url: String,
    pub status: &'static str,
    /// Whether this is the item's own page.
    pub is_own_page: bool,
}

impl<'a> Seen<'a> {
    pub fn of(item: &'a Item, page_url: &str, is_of_sold_list: bool) -> Seen<'a> {
        let url = item.url.clone().unwrap_or_else(|| {
            let mark = item.vin.as_deref().or(item.chassis.as_deref()).or(item.item_id.as_deref());
            let mark = mark.or(item.title.as_deref()).unwrap_or_default();
            let mark: String = url::form_urlencoded::byte_serialize(mark.as_bytes()).collect();
            format!("{page_url}#{mark}")
        });
        let status = match item.status {
            Some(Status::Sold) => "sold",
            _ if is_of_sold_list => "sold",
            Some(Status::Pending) => "pending",
            Some(Status::InStock) | None => "in_stock",
        };
        Seen { item, url, status, is_own_page: false }
    }

    /// Whether its page told what it costs, or that this is told on request.
    fn is_priced(&self) -> bool {
        self.item.asking_price.is_some() || self.item.price_on_request
    }

    /// A new price that is not to be believed, beside the row of the item.
    pub fn doubted_price(&self, row: Option<&Fields>) -> Option<i64> {
        let before = number(row?, "asking_price")?;
        self.item.asking_price.filter(|now| is_doubtful(before, *now))
    }

    /// The columns to write. What the page does not say is left out, so that it stays; and so is what the other kind of page
    /// has said: what a list tells, an item's own page does not change, or the two would take turns. Of pictures the item's
    /// own page has more.
    pub fn fields(&self, dealer: &str, row: Option<&Fields>, doubted: Option<i64>) -> Fields {
        let mut fields = self.all_fields(dealer, row, doubted);
        if let Some(row) = row {
            fields.retain(|name, _| match name.as_str() {
                "dealer_id" | "listing_url" | "status" | "sale_price" => true,
                "asking_price" | "price_on_request" | "currency" => true,
                "image_urls" => self.is_own_page || !is_told_by_item(row, name),
                _ => {
                    !self.is_own_page
                        || row.get(name).is_none_or(Value::is_null)
                        || is_told_by_item(row, name)
                }
            });
        }
        fields
    }

    fn all_fields(&self, dealer: &str, row: Option<&Fields>, doubted: Option<i64>) -> Fields {
        let item = self.item;
        let mut fields = Fields::from_iter([
            ("dealer_id".to_owned(), json!(dealer)),
            ("listing_url".to_owned(), json!(self.url)),
            ("status".to_owned(), json!(self.status)),
        ]);
        let mileage = item.mileage.as_ref();
        let told = [
            ("title", json!(item.title)),
            ("item_id", json!(item.item_id)),
            ("vin", json!(item.vin)),
            ("chassis_number", json!(item.chassis)),
            ("year", json!(item.year)),
            ("make", json!(item.make)),
            ("model", json!(item.model)),
            ("mileage", json!(mileage.and_then(|mileage| mileage.value))),
            ("mileage_unit", json!(mileage.and_then(|mileage| mileage.unit.clone()))),
            ("sale_price", json!(item.sold_price.filter(|_| self.status == "sold"))),
        ];
        fields.extend(told.into_iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.to_owned(), v)));
        let told = mileage.and_then(|mileage| mileage.value).map(i64::from);
        if told.is_some() && row.is_some_and(|row| number(row, "mileage") != told) {
            // The unit of another number is not this one's.
            let unit = mileage.and_then(|mileage| mileage.unit.clone());
            fields.insert("mileage_unit".to_owned(), json!(unit));
        }
        if !item.image_urls.is_empty() {
            fields.insert("image_urls".to_owned(), json!(item.image_urls));
        }
        if self.is_priced() && doubted.is_none() {
            fields.insert("asking_price".to_owned(), json!(item.asking_price));
            fields.insert("price_on_request".to_owned(), json!(item.price_on_request));
            if let Some(currency) = &item.currency {
                fields.insert("currency".to_owned(), json!(currency));
            }
        }
        if self.status != "sold" && row.is_some_and(|row| text(row, "status") == Some("sold")) {
            // It is back.
            fields.insert("sale_price".to_owned(), Value::Null);
        }
        fields
    }

    pub fn sighting(&self, id: String, doubted: Option<i64>) -> Sighting {
        Sighting {
            id,
            is_priced: self.is_priced(),
            price: self.item.asking_price,
            currency: self.item.currency.clone(),
            doubted_price: doubted,
        }
    }
}

/// Which row each item is: by its address, its VIN, the dealer's own number, or its chassis number. Two items are never
/// one row, and a row whose own address is on the page is no other item's.
fn matched<'r>(seen: &[Seen], rows: &'r [Fields]) -> Vec<Option<&'r Fields>> {
    let by_url: HashMap<&str, &Fields> =
        rows.iter().filter_map(|row| Some((text(row, "listing_url")?, row))).collect();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut found: Vec<Option<&Fields>> =
        seen.iter().map(|seen| by_url.get(seen.url.as_str()).copied()).collect();
    taken.extend(found.iter().flatten().filter_map(|row| text(row, "id")));
    for (seen, found) in seen.iter().zip(&mut found) {
        if found.is_some() {
            continue;
        }
        let free = || rows.iter().filter(|row| text(row, "id").is_some_and(|id| !taken.contains(id)));
        let row = [same_vin, same_number, same_chassis]
            .iter()
            .find_map(|same| free().find(|row| same(seen.item, row)));
        if let Some(row) = row {
            taken.extend(text(row, "id"));
            *found = Some(row);
        }
    }
    found
}

fn same_vin(item: &Item, row: &Fields) -> bool {
    item.vin.is_some() && item.vin.as_deref() == text(row, "vin")
}

/// The dealer's number is used again, and two of his sites may number from the start: the year must be the same too, and
/// two VINs are two cars.
fn same_number(item: &Item, row: &Fields) -> bool {
    let is_other = item.vin.as_deref().zip(text(row, "vin")).is_some_and(|(one, other)| one != other);
    item.item_id.is_some()
        && item.item_id.as_deref() == text(row, "item_id")
        && same_year(item, row)
        && !is_other
}

fn same_chassis(item: &Item, row: &Fields) -> bool {
    let chassis = item.chassis.as_deref().filter(|chassis| chassis.len() >= 4);
    chassis.is_some() && chassis == text(row, "chassis_number") && same_year(item, row)
}

fn same_year(item: &Item, row: &Fields) -> bool {
    item.year.is_some() && item.year.map(i64::from) == number(row, "year")
}

fn sought(seen: &[Seen]) -> Sought {
    let all = |pick: fn(&Item) -> Option<&String>| {
        seen.iter().filter_map(|seen| pick(seen.item).cloned()).collect::<Vec<String>>()
    };
    Sought {
        urls: seen.iter().map(|seen| seen.url.clone()).collect(),
        vins: all(|item| item.vin.as_ref()),
        item_ids: all(|item| item.item_id.as_ref()),
        chassis: all(|item| item.chassis.as_ref()),
    }
}

impl Context {
    /// Stores the items of a page of a crawl.
    pub(super) fn store_items(
        &self,
        business: &Business,
        crawl: &Crawl,
        page: &ReadPage,
        options: &InventoryOptions,
    ) -> Result<StoredItems> {
        let is_of_sold = options.is_of_sold();
        let url = page.url.as_str();
        let seen: Vec<Seen> =
            page.inventory.items.iter().map(|item| Seen::of(item, url, is_of_sold)).collect();
        let rows = self.store.stock(&business.id, &sought(&seen))?;
        let time = self.time();
        let source = Source { url, time: &time };
        let wanted: HashSet<&str> = page.inventory.item_urls.iter().map(String::as_str).collect();
        let mut stored = StoredItems::default();
        let mut sightings = Vec::new();
        let mut known_urls: HashSet<&str> = HashSet::new();
        for (seen, row) in seen.iter().zip(matched(&seen, &rows)) {
            known_urls.insert(&seen.url);
            let seen_before = row.is_some_and(|row| number(row, "last_crawl_id") == Some(crawl.id));
            stored.first_time += i32::from(!seen_before);
            if row.is_some_and(|row| is_offered_elsewhere(row, seen, is_of_sold, seen_before)) {
                stored.counts.unchanged += 1;
                continue;
            }
            let doubted = if options.accept { None } else { seen.doubted_price(row) };
            let saved = self.store.save_item(row, &seen.fields(&business.id, row, doubted), &source)?;
            if !seen_before {
                add(&mut stored.counts, saved.outcome);
            }
            sightings.push(seen.sighting(saved.id()?, doubted));
            let is_read = row.is_some_and(|row| row.get("page_read_at").is_some_and(|at| !at.is_null()));
            let is_new_doubt =
                doubted.is_some() && row.and_then(|row| number(row, "doubted_price")) != doubted;
            let wants_page = seen.item.url.is_some()
                && (is_new_doubt
                    || wanted.contains(seen.url.as_str())
                        && (!is_read || saved.outcome != Outcome::Unchanged));
            if wants_page {
                stored.wanted.push(seen.url.clone());
            }
            // What its own page says comes before it is made a vehicle.
            let is_linked = row.is_some_and(|row| text(row, "vehicle_id").is_some());
            if is_linked && saved.outcome == Outcome::Unchanged || wants_page && !is_linked {
                continue;
            }
            self.link_item(business, &saved.id()?, seen, row, &source)?;
        }
        self.store.note_sightings(&sightings, Some(crawl.id), &time)?;
        let others: Vec<String> = page
            .inventory
            .item_urls
            .iter()
            .filter(|url| !known_urls.contains(url.as_str()))
            .cloned()
            .collect();
        if !others.is_empty() {
            let (unknown, first_time) = self.store.note_links(&business.id, &others, crawl.id, &time)?;
            stored.first_time += first_time;
            stored.wanted.extend(unknown);
        }
        Ok(stored)
    }
}

/// Whether a list says of something that is for sale that it was sold: lists keep old rows of what is for sale again, so
/// that what the newest list of the others says counts.
fn is_offered_elsewhere(row: &Fields, seen: &Seen, is_of_sold: bool, seen_before: bool) -> bool {
    let is_there = number(row, "missing_count").unwrap_or_default() == 0;
    seen.status == "sold" && is_offered(row) && (seen_before || is_of_sold && is_there)
}

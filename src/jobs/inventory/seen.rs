//! An item as a page tells of it: what it means beside its row, and what is written to that.

use std::collections::HashMap;

use bat_pages::inventory::{Item, Status};
use serde_json::{Value, json};

use super::price::is_doubtful;
use crate::store::inventory::Sighting;
use crate::store::merge::{Fields, is_imported, source_url};
use crate::store::tables::DEALER_INVENTORY;

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
    source_url(row, name).is_some_and(|url| text(row, "listing_url") == Some(url))
}

/// Whether an item's own page has told that it was sold.
pub(super) fn is_sold_by_own_page(row: &Fields) -> bool {
    text(row, "status") == Some("sold") && is_told_by_item(row, "status")
}

/// An item of a page, where it is, and what its status means there.
#[derive(Clone)]
pub(super) struct Seen<'a> {
    pub item: &'a Item,
    /// Its own page; of one that has none, its list's with what tells it from the others.
    pub url: String,
    pub status: &'a str,
    /// Whether this is the item's own page.
    pub is_own_page: bool,
    /// Whether what it costs is left to its list.
    pub leaves_price: bool,
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
        Seen { item, url, status, is_own_page: false, leaves_price: false }
    }

    /// The same where the item's own page has said that it was sold, and this list says neither that nor the contrary.
    pub fn heeding(self, row: Option<&Fields>) -> Seen<'a> {
        let is_sold = self.item.status.is_none() && row.is_some_and(is_sold_by_own_page);
        Seen { status: if is_sold { "sold" } else { self.status }, ..self }
    }

    /// The items of a list. Those that have nothing but the same title are several all the same.
    pub fn all(items: &'a [Item], page_url: &str, is_of_sold_list: bool) -> Vec<Seen<'a>> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut seen: Vec<Seen> =
            items.iter().map(|item| Seen::of(item, page_url, is_of_sold_list)).collect();
        for seen in seen.iter_mut().filter(|seen| seen.item.url.is_none()) {
            let count = counts.entry(seen.url.clone()).or_default();
            *count += 1;
            if *count > 1 {
                seen.url += &format!("-{count}");
            }
        }
        seen
    }

    /// Whether its page told what it costs, or that this is told on request, and is believed.
    pub fn is_priced(&self) -> bool {
        !self.leaves_price && (self.item.asking_price.is_some() || self.item.price_on_request)
    }

    /// A new price that is not to be believed, beside the row of the item. What a person wrote is no measure of it; and where
    /// the item's own page told the price before, there is nobody else to tell whether its new one is true.
    pub fn doubted_price(&self, row: Option<&Fields>) -> Option<i64> {
        let row = row?;
        let is_measure = is_imported(&DEALER_INVENTORY, row, "asking_price")
            && !(self.is_own_page && is_told_by_item(row, "asking_price"));
        let before = number(row, "asking_price").filter(|_| is_measure && !self.leaves_price)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_have_nothing_but_the_same_title_are_several() {
        let item = |url: Option<&str>| Item {
            title: Some("1967 AC Cobra".to_owned()),
            url: url.map(str::to_owned),
            ..Item::default()
        };
        let items = [item(None), item(Some("https://dealer.example/1")), item(None)];
        let seen = Seen::all(&items, "https://dealer.example/cars", false);
        let urls: Vec<&str> = seen.iter().map(|seen| seen.url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://dealer.example/cars#1967+AC+Cobra",
                "https://dealer.example/1",
                "https://dealer.example/cars#1967+AC+Cobra-2"
            ]
        );
    }
}

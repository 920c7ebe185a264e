//! An item becomes a vehicle: by its VIN, which other listings of the same vehicle have too, or by the dealer's own number.

use serde_json::{Value, json};

use super::super::context::Context;
use super::seen::{Seen, number, text};
use crate::error::Result;
use crate::store::businesses::Business;
use crate::store::inventory::{DISCOVERED_BY_INVENTORY, INVENTORY};
use crate::store::merge::{Fields, Policy, Source};
use crate::store::vehicles::Identity;

impl Context {
    /// Makes the vehicle of an item, or finds it, and notes that the dealer has it. `row`: the item as it was before.
    pub(super) fn link_item(
        &self,
        business: &Business,
        id: &str,
        seen: &Seen,
        row: Option<&Fields>,
        source: &Source,
    ) -> Result<()> {
        let of_row = |name: &str| row.and_then(|row| text(row, name)).map(str::to_owned);
        let vin = seen.item.vin.clone().or_else(|| of_row("vin"));
        let number = seen.item.item_id.clone().or_else(|| of_row("item_id"));
        let own = of_row("vehicle_id");
        if vin.is_none() && number.is_none() && own.is_none() {
            return Ok(());
        }
        Identity { vin: vin.as_deref(), ..Identity::default() }.lock();
        let vehicle = self.store.vehicle_of_item(own.as_deref(), vin.as_deref(), &seen.url)?;
        let is_ours = vehicle
            .as_ref()
            .is_none_or(|vehicle| text(vehicle, "discovery_source") == Some(DISCOVERED_BY_INVENTORY));
        let policy = if is_ours { Policy::Keep } else { Policy::FillMissing };
        let fields = vehicle_fields(seen, vin.as_deref(), is_ours);
        let saved = self.store.save_vehicle_of_item(vehicle.as_ref(), &fields, policy, source)?;
        let vehicle_id = saved.id()?;
        if own.as_deref() != Some(vehicle_id.as_str()) {
            let item = self.store.item_of_id(id)?;
            let link = Fields::from_iter([("vehicle_id".to_owned(), json!(vehicle_id))]);
            self.store.save_item(item.as_ref(), &link, source)?;
            if let Some(own) = &own {
                self.store.forget_vehicle_of_item(own, &business.id)?;
            }
        }
        self.store.save_inventory_link(&link_fields(&business.id, &vehicle_id, seen, row), source)?;
        Ok(())
    }

    /// Says of the dealer's vehicle what became of the item that it was.
    pub(super) fn relink(&self, row: &Fields, status: &str, source: &Source) -> Result<()> {
        let (Some(id), Some(dealer), Some(vehicle)) =
            (text(row, "id"), text(row, "dealer_id"), text(row, "vehicle_id"))
        else {
            return Ok(());
        };
        if self.store.is_offered_by_another_item(dealer, vehicle, id)? {
            return Ok(());
        }
        let mut fields = key_of_link(dealer, vehicle);
        fields.extend(standing(status));
        self.store.save_inventory_link(&fields, source)?;
        Ok(())
    }
}

fn key_of_link(dealer: &str, vehicle: &str) -> Fields {
    Fields::from_iter([
        ("organization_id".to_owned(), json!(dealer)),
        ("vehicle_id".to_owned(), json!(vehicle)),
        ("relationship_type".to_owned(), json!(INVENTORY)),
    ])
}

fn standing(status: &str) -> [(String, Value); 2] {
    let standing = if matches!(status, "in_stock" | "pending" | "missing") { "active" } else { "past" };
    [("status".to_owned(), json!(standing)), ("listing_status".to_owned(), json!(status))]
}

/// What the item tells, with the price of its row where it tells none that is believed.
fn link_fields(dealer: &str, vehicle: &str, seen: &Seen, row: Option<&Fields>) -> Fields {
    let mut fields = key_of_link(dealer, vehicle);
    fields.extend(standing(seen.status));
    fields.insert("auto_tagged".to_owned(), json!(true));
    let held = || row.and_then(|row| number(row, "asking_price"));
    let price = if seen.is_priced() { seen.item.asking_price } else { held() };
    if seen.is_priced() || price.is_some() {
        fields.insert("asking_price".to_owned(), json!(price));
    }
    let sold_for = seen.item.sold_price.filter(|_| seen.status == "sold");
    fields.insert("sale_price".to_owned(), json!(sold_for));
    fields
}

/// What an item says of its vehicle. What a dealer asks is no sale price.
fn vehicle_fields(seen: &Seen, vin: Option<&str>, is_ours: bool) -> Fields {
    let item = seen.item;
    let mileage = item.mileage.as_ref();
    let mut fields = vec![
        ("vin", json!(vin)),
        ("chassis_number", json!(item.chassis.as_deref().or(vin))),
        ("year", json!(item.year)),
        ("make", json!(item.make)),
        ("model", json!(item.model)),
        ("trim", json!(item.trim)),
        ("title", json!(item.title)),
        ("mileage", json!(mileage.and_then(|mileage| mileage.value))),
        ("mileage_unit", json!(mileage.and_then(|mileage| mileage.unit.clone()))),
        ("engine", json!(item.engine)),
        ("transmission", json!(item.transmission)),
        ("exterior_color", json!(item.exterior_color)),
        ("interior_color", json!(item.interior_color)),
        ("description", json!(item.description)),
        ("primary_image_url", json!(item.image_urls.first())),
    ];
    if is_ours {
        fields.push(("discovery_url", json!(seen.url)));
        fields.push(("listing_url", json!(seen.url)));
        fields.push(("discovery_source", json!(DISCOVERED_BY_INVENTORY)));
        fields.push(("image_count", json!(Some(item.image_urls.len()).filter(|count| *count > 0))));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

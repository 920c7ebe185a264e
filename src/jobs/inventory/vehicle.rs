//! An item becomes a vehicle: by its VIN, which other listings of the same vehicle have too, or by the dealer's own number.

use serde_json::{Value, json};

use super::super::context::Context;
use super::seen::{Seen, text};
use crate::error::Result;
use crate::store::businesses::Business;
use crate::store::inventory::{DISCOVERED_BY_INVENTORY, INVENTORY};
use crate::store::merge::{Fields, Policy, Source, is_imported, remembered_text};
use crate::store::tables::DEALER_INVENTORY;
use crate::store::vehicles::Identity;

/// Columns of an item that say which vehicle it is, and how it stands with the dealer.
const OF_LINK: [&str; 5] = ["vin", "vehicle_id", "status", "asking_price", "sale_price"];

/// Whether a person wrote what an item's vehicle and link are made of.
pub(super) fn is_linked_by_person(row: &Fields) -> bool {
    let is_told = |name: &str| row.get(name).is_some_and(|value| !value.is_null());
    OF_LINK.iter().any(|name| is_told(name) && !is_imported(&DEALER_INVENTORY, row, name))
}

impl Context {
    /// Makes the vehicle of an item, or finds it, and notes that the dealer has it. `row`: the item as it is saved, with what its
    /// list, its own page and a person say of it; `seen`: what the page at hand tells besides.
    pub(super) fn link_item(
        &self,
        business: &Business,
        id: &str,
        seen: &Seen,
        row: Option<&Fields>,
        source: &Source,
    ) -> Result<()> {
        let Some(row) = row else { return Ok(()) };
        let (vin, own) = (text(row, "vin"), text(row, "vehicle_id"));
        if vin.is_none() && text(row, "item_id").is_none() && own.is_none() {
            return Ok(());
        }
        Identity { vin, ..Identity::default() }.lock();
        let chosen = self.chosen_vehicle(business, row)?;
        let is_chosen = chosen.is_some();
        let vehicle = match chosen {
            Some(vehicle) => Some(vehicle),
            None => self.store.vehicle_of_item(own, vin, &seen.url)?,
        };
        let is_ours = match &vehicle {
            Some(vehicle) => !is_chosen && self.is_of_dealer(business, vehicle)?,
            None => true,
        };
        let policy = if is_ours { Policy::Keep } else { Policy::FillMissing };
        let mut fields = vehicle_fields(seen, row, is_ours);
        if is_chosen {
            // Which one it is, the person knows better than the site.
            fields.retain(|name, _| !matches!(name.as_str(), "vin" | "chassis_number"));
        }
        let saved = self.store.save_vehicle_of_item(vehicle.as_ref(), &fields, policy, source)?;
        let vehicle_id = saved.id()?;
        if own != Some(vehicle_id.as_str()) {
            let item = self.store.item_of_id(id)?;
            let link = Fields::from_iter([("vehicle_id".to_owned(), json!(vehicle_id))]);
            self.store.save_item(item.as_ref(), &link, source)?;
            if let Some(own) = own {
                self.store.forget_vehicle_of_item(own, &business.id)?;
            }
        }
        self.store.save_inventory_link(&link_fields(&business.id, &vehicle_id, row), source)?;
        Ok(())
    }

    /// The vehicle that a person has chosen for an item, if it exists. The one that was found for it is that no longer.
    fn chosen_vehicle(&self, business: &Business, row: &Fields) -> Result<Option<Fields>> {
        let Some(chosen) = text(row, "vehicle_id") else { return Ok(None) };
        if is_imported(&DEALER_INVENTORY, row, "vehicle_id") {
            return Ok(None);
        }
        let vehicle = self.store.vehicle_of_id(chosen)?;
        if let Some(found) = remembered_text(row, "vehicle_id").filter(|_| vehicle.is_some()) {
            self.store.forget_vehicle_of_item(found, &business.id)?;
        }
        Ok(vehicle)
    }

    /// Whether what a vehicle says is this dealer's to say: an inventory told of it first, and not that of another dealer who
    /// still offers it. Or they would take turns.
    fn is_of_dealer(&self, business: &Business, vehicle: &Fields) -> Result<bool> {
        if text(vehicle, "discovery_source") != Some(DISCOVERED_BY_INVENTORY) {
            return Ok(false);
        }
        let told = text(vehicle, "id").zip(text(vehicle, "discovery_url"));
        Ok(match told {
            Some((id, url)) => !self.store.is_offered_by_another_dealer(id, url, &business.id)?,
            None => true,
        })
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
    // What a person calls it by a word of his own, he still has.
    let standing = if matches!(status, "sold" | "gone") { "past" } else { "active" };
    [("status".to_owned(), json!(standing)), ("listing_status".to_owned(), json!(status))]
}

/// What the item is offered or was sold for, by its row.
pub(super) fn link_fields(dealer: &str, vehicle: &str, row: &Fields) -> Fields {
    let status = text(row, "status").unwrap_or_default();
    let of_row = |name: &str| row.get(name).cloned().unwrap_or_default();
    let mut fields = key_of_link(dealer, vehicle);
    fields.extend(standing(status));
    fields.insert("auto_tagged".to_owned(), json!(true));
    fields.insert("asking_price".to_owned(), of_row("asking_price"));
    let sold_for = if status == "sold" { of_row("sale_price") } else { Value::Null };
    fields.insert("sale_price".to_owned(), sold_for);
    fields
}

/// What an item says of its vehicle: its row, and of what that has no column for the page at hand. What a dealer asks is no
/// sale price.
fn vehicle_fields(seen: &Seen, row: &Fields, is_ours: bool) -> Fields {
    let item = seen.item;
    let of_row = |name: &str| row.get(name).cloned().unwrap_or_default();
    let images = row.get("image_urls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let chassis = text(row, "chassis_number").or(text(row, "vin"));
    let mut fields = vec![
        ("chassis_number", json!(chassis)),
        ("trim", json!(item.trim)),
        ("engine", json!(item.engine)),
        ("transmission", json!(item.transmission)),
        ("exterior_color", json!(item.exterior_color)),
        ("interior_color", json!(item.interior_color)),
        ("description", json!(item.description)),
        ("primary_image_url", json!(images.first())),
    ];
    fields.extend(
        ["vin", "year", "make", "model", "title", "mileage", "mileage_unit"].map(|name| (name, of_row(name))),
    );
    if is_ours {
        fields.push(("discovery_url", json!(seen.url)));
        fields.push(("listing_url", json!(seen.url)));
        fields.push(("discovery_source", json!(DISCOVERED_BY_INVENTORY)));
        fields.push(("image_count", json!(Some(images.len()).filter(|count| *count > 0))));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

//! Addresses that lead to another car than before: a dealer's site uses them again, or leads from a car that is gone to another.

use bat_pages::inventory::Item;
use url::Url;

use super::seen::{number, text};
use crate::store::merge::{Fields, is_imported};
use crate::store::tables::DEALER_INVENTORY;

/// Characters by which a VIN may differ from the one before and be a correction of it.
const MOST_SLIPS: usize = 2;

/// Whether an item is another car than the one that its address showed before: two VINs are two cars, unless one is a
/// correction of the other, which differs little or keeps the dealer's own number.
pub(super) fn is_other_car(item: &Item, row: &Fields) -> bool {
    let (Some(now), Some(before)) = (item.vin.as_deref(), text(row, "vin")) else { return false };
    let slips = now.chars().zip(before.chars()).filter(|(one, other)| one != other).count();
    let has_same_number = item.item_id.is_some() && item.item_id.as_deref() == text(row, "item_id");
    // What a person wrote is no car that the site has shown.
    slips > MOST_SLIPS && !has_same_number && is_imported(&DEALER_INVENTORY, row, "vin")
}

/// Whether the page to which the address of a row led is that of another car: by its VIN, by the dealer's own number, by its
/// year.
pub(super) fn is_page_of_another(item: &Item, row: &Fields) -> bool {
    let differ = |one: Option<&str>, name: &str| {
        one.zip(text(row, name)).map(|(one, other)| !one.eq_ignore_ascii_case(other))
    };
    let year = || item.year.map(i64::from).zip(number(row, "year")).map(|(one, other)| one != other);
    let told = differ(item.vin.as_deref(), "vin").or_else(|| differ(item.item_id.as_deref(), "item_id"));
    told.or_else(year).unwrap_or_default()
}

/// Whether a request for one address ended at another, and not only in a form of it that the server likes better.
pub(super) fn is_led_away(asked: &str, at: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_ascii_lowercase();
    !Url::parse(asked).is_ok_and(|asked| path(&asked) == path(at))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(vin: Option<&str>, number: Option<&str>) -> Item {
        Item { vin: vin.map(str::to_owned), item_id: number.map(str::to_owned), ..Item::default() }
    }

    #[test]
    fn another_vin_at_an_address_is_another_car_unless_it_is_a_correction() {
        const BEFORE: &str = "WP0ZZZ99ZKS197103";
        let row = json!({
            "vin": BEFORE, "item_id": "A1", "metadata": { "bat_partners": { "vin": { "value": BEFORE } } },
        });
        let mut row: Fields = row.as_object().unwrap().clone();
        let other = "ZFFYT53A010124655";
        assert!(is_other_car(&item(Some(other), None), &row));
        assert!(is_other_car(&item(Some(other), Some("A2")), &row));
        for (vin, number) in [
            (None, None),
            (Some(BEFORE), Some("A2")),
            (Some("WP0ZZZ99ZKS197130"), None),
            (Some(other), Some("A1")),
        ] {
            assert!(!is_other_car(&item(vin, number), &row), "{vin:?} {number:?}");
        }
        row.insert("metadata".to_owned(), json!({}));
        assert!(!is_other_car(&item(Some(other), None), &row), "a person wrote it");
    }

    #[test]
    fn a_server_that_prefers_another_form_of_an_address_leads_nowhere_else() {
        let at = Url::parse("https://www.dealer.example/Cars/1/").unwrap();
        assert!(!is_led_away("http://dealer.example/cars/1", &at));
        assert!(is_led_away("http://dealer.example/cars/2", &at));
    }
}

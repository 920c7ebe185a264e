//! Which rows a page's items are.

use std::collections::{HashMap, HashSet};

use bat_pages::inventory::Item;

use super::reused::is_other_car;
use super::seen::{Seen, number, text};
use crate::store::inventory::Sought;
use crate::store::merge::Fields;

/// Which row each item is: by its address, where that does not show another car by now, its VIN, the dealer's own number, or its
/// chassis number. Two items are never one row, and a row whose own address is on the page is no other item's.
pub(super) fn matched<'r>(seen: &[Seen], rows: &'r [Fields]) -> Vec<Option<&'r Fields>> {
    let by_url: HashMap<&str, &Fields> =
        rows.iter().filter_map(|row| Some((text(row, "listing_url")?, row))).collect();
    let mut taken: HashSet<&str> = HashSet::new();
    let at_its_address = |seen: &Seen| by_url.get(seen.url.as_str()).copied();
    let is_it = |seen: &Seen, row: &&Fields| !is_other_car(seen.item, row);
    let mut found: Vec<Option<&Fields>> =
        seen.iter().map(|seen| at_its_address(seen).filter(|row| is_it(seen, row))).collect();
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

/// The rows at whose address one of these items is, which is another car.
pub(super) fn displaced(seen: &[Seen], rows: &[Fields]) -> Vec<String> {
    let is_displaced = |row: &&Fields| {
        let at = seen.iter().find(|seen| text(row, "listing_url") == Some(&seen.url));
        at.is_some_and(|seen| is_other_car(seen.item, row))
    };
    rows.iter().filter(is_displaced).filter_map(|row| text(row, "id").map(str::to_owned)).collect()
}

/// By what the rows of these items may be found.
pub(super) fn sought(seen: &[Seen]) -> Sought {
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

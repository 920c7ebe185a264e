//! Which rows a page's items are.

use std::collections::{HashMap, HashSet};

use bat_pages::inventory::{Item, are_of_one_site};
use url::Url;

use super::super::site;
use super::reused::is_other_car;
use super::seen::{Seen, number, text};
use crate::store::inventory::Sought;
use crate::store::merge::Fields;

/// Which row each item is: by its address, where that does not show another car by now, its VIN, the dealer's own number, its
/// chassis number, or its address on a site that has moved. Two items are never one row, and a row whose own address is on the page is no other item's.
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
            .find_map(|same| free().find(|row| same(seen.item, row)))
            .or_else(|| free().find(|row| same_path(seen, row)));
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

/// The same address but for its scheme and `www.`; or the same page of another site, called alike: the dealer's site has moved.
fn same_path(seen: &Seen, row: &Fields) -> bool {
    let Some(held) = text(row, "listing_url").and_then(|url| Url::parse(url).ok()) else { return false };
    let Ok(url) = Url::parse(&seen.url) else { return false };
    let is_other = seen.item.vin.as_deref().zip(text(row, "vin")).is_some_and(|(one, other)| one != other);
    if path_of(&seen.url) != path_of(held.as_str()) || path_of(&seen.url).len() < 2 || is_other {
        return false;
    }
    let is_alike = || {
        let title = seen.item.title.as_deref();
        title.is_some()
            && title == text(row, "title")
            && seen.item.year.map(i64::from) == number(row, "year")
            && !are_of_one_site(&url, &held)
    };
    site::is_same_site(&url, &held) || is_alike()
}

/// What remains of an address without scheme and host.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
}

fn same_year(item: &Item, row: &Fields) -> bool {
    item.year.is_some() && item.year.map(i64::from) == number(row, "year")
}

/// Each car once: of two items with one VIN and year, the one at whose address a row is, else the first. Where both have one, they
/// are two.
pub(super) fn once_each<'a>(seen: Vec<Seen<'a>>, rows: &[Fields]) -> Vec<Seen<'a>> {
    let has_row = |seen: &Seen| rows.iter().any(|row| text(row, "listing_url") == Some(&seen.url));
    let key = |seen: &Seen<'a>| Some((seen.item.vin.as_deref()?, seen.item.year));
    let mut known: HashSet<(&str, Option<i32>)> =
        seen.iter().filter(|seen| has_row(seen)).filter_map(key).collect();
    let mut is_first = |seen: &Seen<'a>| has_row(seen) || key(seen).is_none_or(|key| known.insert(key));
    let is_first: Vec<bool> = seen.iter().map(&mut is_first).collect();
    seen.into_iter().zip(is_first).filter(|(_, is_first)| *is_first).map(|(seen, _)| seen).collect()
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
        paths: seen.iter().map(|seen| path_of(&seen.url).to_owned()).filter(|path| path.len() > 1).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VIN: &str = "WP0ZZZ99ZKS197103";

    fn row(url: &str) -> Fields {
        let row = json!({ "id": url, "listing_url": url, "title": "1989 Porsche 911", "year": 1989 });
        row.as_object().unwrap().clone()
    }

    fn item(url: &str, year: i32, vin: Option<&str>) -> Item {
        Item {
            url: Some(url.to_owned()),
            title: Some("1989 Porsche 911".to_owned()),
            year: Some(year),
            vin: vin.map(str::to_owned),
            ..Item::default()
        }
    }

    /// The addresses of the items that are left.
    fn once(items: &[Item], rows: &[Fields]) -> Vec<String> {
        let seen = Seen::all(items, "https://d.example/cars", false);
        once_each(seen, rows).into_iter().map(|seen| seen.url).collect()
    }

    #[test]
    fn a_car_is_once_on_a_page_at_the_address_that_it_has() {
        let items = ["a", "b", "c"].map(|slug| item(&format!("https://d.example/{slug}"), 1989, Some(VIN)));
        assert_eq!(once(&items, &[]), ["https://d.example/a"]);
        assert_eq!(once(&items, &[row("https://d.example/b")]), ["https://d.example/b"]);
        let both = [row("https://d.example/b"), row("https://d.example/c")];
        assert_eq!(once(&items, &both), ["https://d.example/b", "https://d.example/c"]);
        // A VIN that was copied with the rest of a page is no car.
        let years = [1989, 1990].map(|year| item(&format!("https://d.example/{year}"), year, Some(VIN)));
        assert_eq!(once(&years, &[]).len(), 2);
    }

    #[test]
    fn a_page_of_a_site_that_has_moved_is_the_same_if_it_is_called_alike() {
        let is_same = |url: &str, year: i32, held: &str| {
            let (items, rows) = ([item(url, year, None)], [row(held)]);
            let seen = Seen::all(&items, "https://d.example/cars", false);
            matched(&seen, &rows)[0].is_some()
        };
        assert!(is_same("https://new.example/cars/7", 1989, "https://old.example/cars/7"));
        assert!(is_same("https://www.old.example/cars/7", 1990, "http://old.example/cars/7"));
        assert!(!is_same("https://new.example/cars/7", 1990, "https://old.example/cars/7"));
        assert!(!is_same("https://new.example/cars/8", 1989, "https://old.example/cars/7"));
        assert!(!is_same("https://cars.old.example/cars/7", 1989, "https://old.example/cars/7"));
        assert!(!is_same("https://new.example/", 1989, "https://old.example/"));
    }
}

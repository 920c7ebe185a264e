//! The list that older sites of AAN give as JSON, at `/api/cars`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::item::{Item, Status, value};
use super::super::labels::Field;
use super::super::{Page, picture, price};
use crate::website::json;

/// Most cars of a list.
const MOST: usize = 5_000;

/// The rows of a list; `None` if the page is none.
pub fn rows(page: &Page<'_>) -> Option<Vec<Value>> {
    let body = page.html.trim_start_matches('\u{feff}').trim();
    if !body.starts_with('[') || !(body.contains("\"stockno\"") || body.contains("\"url_link\"")) {
        return None;
    }
    let Value::Array(rows) = json::without_nuls(serde_json::from_str(body).ok()?) else { return None };
    let is_car = |row: &Value| row.get("make").is_some() && row.get("vin").is_some();
    rows.first().is_some_and(is_car).then_some(rows)
}

/// The cars of a list. It keeps the row of an earlier sale of a car that is back: that row goes.
pub fn cars(page: &Page<'_>, rows: &[Value]) -> Vec<Item> {
    let rows = rows.iter().take(MOST).filter_map(Value::as_object);
    let mut cars: Vec<Item> = rows.filter_map(|row| car(page, row)).collect();
    let back: HashSet<String> = cars
        .iter()
        .filter(|car| car.status != Some(Status::Sold))
        .filter_map(|car| car.chassis.clone())
        .collect();
    cars.retain(|car| {
        car.status != Some(Status::Sold) || car.chassis.as_ref().is_none_or(|number| !back.contains(number))
    });
    cars
}

fn car(page: &Page<'_>, row: &Map<String, Value>) -> Option<Item> {
    let mut item = Item { url: page.item_url(&text(row, "url_link")?), ..Item::default() };
    for (key, field) in [
        ("vin", Field::Number),
        ("stockno", Field::ItemId),
        ("year", Field::Year),
        ("make", Field::Make),
        ("model", Field::Model),
        ("trim", Field::Trim),
        ("mileage", Field::Mileage(None)),
        ("ext_color", Field::Exterior),
        ("int_color", Field::Interior),
    ] {
        if let Some(text) = text(row, key) {
            item.read_field(field, &text);
        }
    }
    item.cut_trim();
    let year = item.year.map(|year| year.to_string());
    let parts = [year.as_ref(), item.make.as_ref(), item.model.as_ref(), item.trim.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    item.title = value(&parts.join(" "));
    match text(row, "price").and_then(|price| price::number(price.trim_start_matches('$'))) {
        Some(0) => item.price_on_request = true,
        Some(amount) if amount > 1 => item.asking_price = Some(amount),
        _ => {}
    }
    item.status = status(row);
    item.image_urls = picture::urls(page, text(row, "image_link").into_iter());
    Some(item)
}

/// Whether a car can be bought; what is still to come cannot yet.
fn status(row: &Map<String, Value>) -> Option<Status> {
    let is_set = |key: &str| text(row, key).is_some_and(|text| matches!(text.as_str(), "1" | "true" | "Yes"));
    let sold = text(row, "sold").unwrap_or_default();
    match () {
        () if sold.eq_ignore_ascii_case("sold") || is_set("sold") => Some(Status::Sold),
        () if is_set("pending_sale") => Some(Status::Pending),
        () if is_set("coming_soon") || !row.contains_key("sold") => None,
        () => Some(Status::InStock),
    }
}

/// A field's text, whether it is written as a string, number or truth value.
fn text(row: &Map<String, Value>, key: &str) -> Option<String> {
    match row.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(set) => Some(set.to_string()),
        _ => None,
    }
}

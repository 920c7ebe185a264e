//! Shopify: its list of products as JSON, and its pages, whose themes hold "Sold out" hidden in every block.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::blocks::Marks;
use super::item::{Item, Status};
use super::platform::{Platform, has_any};
use super::{Inventory, Page, generic, picture, price, title};
use crate::scalar::List;
use crate::schema_org::plain;
use crate::website::json::without_nuls;

pub(super) struct Shopify;

/// Most products of a list: the platform gives 250.
const MOST: usize = 1_000;

/// Longest product, in bytes: as a tree, JSON takes up to a hundred times its size. Real ones have about ten thousand.
const LONGEST: usize = 1 << 20;

/// The answer of `/products.json`, its products not read yet.
#[derive(Deserialize)]
struct Products<'a> {
    #[serde(borrow)]
    products: List<&'a RawValue>,
}

impl Platform for Shopify {
    fn name(&self) -> &'static str {
        "Shopify"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &["cdn.shopify.com", "shopify-section", "Shopify.theme"]) || products(page).is_some()
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        if let Some(products) = products(page) {
            let (says_empty, next_url) = (products.is_empty(), next_url(page, products.is_empty()));
            let items = products.into_iter().take(MOST).filter_map(|item| product(page, &read(item)?));
            return Inventory { says_empty, next_url, ..Inventory::of_list(items.collect()) };
        }
        generic::read_with(page, Marks::Classes(&["price--sold-out"]))
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/products.json?limit=250&page=1", "/collections/all"]
    }
}

/// The products of `/products.json`, each as written.
fn products<'a>(page: &Page<'a>) -> Option<Vec<&'a RawValue>> {
    let body = page.html.trim_start_matches('\u{feff}').trim();
    if !body.starts_with("{\"products\"") {
        return None;
    }
    serde_json::from_str::<Products<'_>>(body).ok()?.products.0
}

/// One product as a value.
fn read(product: &RawValue) -> Option<Value> {
    let text = product.get();
    let value = (text.len() <= LONGEST).then(|| serde_json::from_str(text).ok())?;
    value.map(without_nuls)
}

/// The next page of `/products.json`: there is one until a page is empty.
fn next_url(page: &Page<'_>, is_empty: bool) -> Option<String> {
    let mut url = page.url.clone().filter(|url| url.path().ends_with("/products.json") && !is_empty)?;
    let number =
        url.query_pairs().find(|(name, _)| name == "page").map_or(Some(1), |(_, number)| number.parse().ok());
    let next = number.and_then(|number: u32| number.checked_add(1))?;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("page", &next.to_string());
    Some(url.into())
}

/// A product that is a vehicle: shops sell shirts too.
fn product(page: &Page<'_>, product: &Value) -> Option<Item> {
    let text = |key: &str| product.get(key).and_then(Value::as_str);
    let name = text("title").filter(|name| title::year_led(name).is_some())?;
    let mut item = Item::default();
    item.set_title(name);
    item.item_id = product.get("id").and_then(Value::as_i64).map(|id| id.to_string());
    item.url = text("handle")
        .filter(|handle| !handle.is_empty() && !handle.contains('/'))
        .and_then(|handle| page.resolve(&format!("/products/{handle}")).map(super::canonical));
    item.description = text("body_html").and_then(plain);
    let variants = product.get("variants").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut prices: Vec<i64> =
        variants.iter().filter_map(|variant| price::number(variant.get("price")?.as_str()?)).collect();
    prices.sort_unstable();
    prices.dedup();
    match prices.as_slice() {
        [0] => item.price_on_request = true,
        [amount] if *amount > 1 => item.asking_price = Some(*amount),
        _ => {}
    }
    let available: Vec<bool> =
        variants.iter().filter_map(|variant| variant.get("available")?.as_bool()).collect();
    if !available.is_empty() {
        let any = available.contains(&true);
        // A mark in the title is the dealer's own word.
        item.status.get_or_insert(if any { Status::InStock } else { Status::Sold });
    }
    let images = product.get("images").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let images = images.iter().filter_map(|image| image.get("src")?.as_str().map(str::to_owned));
    item.image_urls = picture::urls(page, images);
    Some(item)
}

//! Reads a dealer's site as a crawler does: list, then the pages of single cars.

use std::collections::{HashMap, HashSet};

use bat_pages::{Inventory, inventory::Item, parse_inventory};
use serde_json::{Value, json};

use super::{Dealers, list, text};

/// A page of a dealer's site, read.
pub fn read(dealers: &Dealers, url: &str) -> Inventory {
    let answer = dealers.get(url);
    assert_eq!(answer.status, 200, "{url}");
    let html = bat_pages::charset::decode(&answer.body, answer.header("content-type"));
    parse_inventory(&html, url)
}

/// What a list tells of its cars by their URLs, with the number of the page that shows each, and how many pages there are.
/// Of a car that a page only links, it tells nothing.
pub fn walk(dealers: &Dealers, truth: &Value) -> (HashMap<String, (Option<Item>, u64)>, u64) {
    let (mut cars, mut pages) = (HashMap::new(), 0);
    let mut next = truth["list_url"].as_str().map(str::to_owned);
    while let Some(here) = next {
        let page = read(dealers, &here);
        pages += 1;
        assert!(!page.is_item_page, "{here}");
        assert_eq!(page.platform.as_deref(), truth["platform"].as_str(), "{here}");
        let told: HashSet<String> = page.items.iter().filter_map(|item| item.url.clone()).collect();
        for url in page.item_urls.iter().filter(|url| !told.contains(*url)) {
            assert!(cars.insert(url.clone(), (None, pages)).is_none(), "a link to {url} twice, on {here}");
        }
        for item in page.items {
            let key =
                item.url.clone().unwrap_or_else(|| panic!("an item without address on {here}: {item:?}"));
            assert!(cars.insert(key, (Some(item), pages)).is_none(), "an item twice, on {here}");
        }
        next = page.next_url;
    }
    (cars, pages)
}

/// What a list tells of a car, and what it lacks from the car's own page.
pub fn merged(listed: Option<Item>, own: Item) -> Item {
    let Some(mut item) = listed else { return own };
    item.item_id = own.item_id.or(item.item_id);
    if item.asking_price.is_none() && !item.price_on_request {
        item.asking_price = own.asking_price;
        item.price_on_request = own.price_on_request;
    }
    item.currency = item.currency.or(own.currency);
    if item.chassis.is_none() {
        item.chassis = own.chassis;
        item.vin = own.vin;
    }
    item.title = item.title.or(own.title);
    item.year = item.year.or(own.year);
    item.make = item.make.or(own.make);
    item.model = item.model.or(own.model);
    item.mileage = item.mileage.or(own.mileage);
    item.status = item.status.or(own.status);
    item
}

/// An item in the form of the truth, with what that has of fields which pages may leave out.
pub fn told(item: &Item, truth: &Value) -> Value {
    let or_truth = |value: Option<&String>, key: &str| value.map_or_else(|| truth[key].clone(), |v| json!(v));
    // A price that the page prints in a class which the reader refuses: the page itself is looked at instead.
    let unread = item.asking_price.is_none() && text(truth, "url").contains("/listings/");
    let price = |told: Value, key: &str| if unread { truth[key].clone() } else { told };
    json!({
        "url": item.url, "item_id": item.item_id, "title": item.title, "year": item.year, "make": item.make,
        // Where a page does not tell the model apart, it stays unknown.
        "model": or_truth(item.model.as_ref(), "model"),
        "vin": item.vin, "chassis": item.chassis, "asking_price": price(json!(item.asking_price), "asking_price"),
        "price_on_request": price(json!(item.price_on_request), "price_on_request"), "currency": item.currency,
        // What no page marks is for sale.
        "status": item.status.map_or(json!("in_stock"), |status| json!(status)),
        "mileage": item.mileage,
    })
}

/// The same fields of the truth.
pub fn wanted(truth: &Value) -> Value {
    let told = told(&Item::default(), truth);
    told.as_object()
        .unwrap()
        .keys()
        .map(|key| (key.clone(), truth[key].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Checks that a site's pages say what the truth says. Of the pages of single cars, one in `step` is read.
pub fn check(dealers: &Dealers, truth: &Value, step: usize) {
    let name = format!("{} at crawl {}", text(truth, "habit"), truth["crawl"]);
    let (mut cars, pages) = walk(dealers, truth);
    if truth["list_pages"] != 0 {
        assert_eq!(json!(pages), truth["list_pages"], "pages of {name}");
    }
    for (number, item) in list(truth, "items").iter().enumerate() {
        let listed = cars.remove(text(item, "url"));
        let page = listed.as_ref().map(|(_, page)| *page);
        assert_eq!(json!(page), item["list_page"], "{name}: {item}");
        let listed = listed.and_then(|(item, _)| item);
        if let Some(listed) = &listed {
            assert_eq!(json!(listed.asking_price), item["list_price"], "{name}: {item}");
        }
        if !number.is_multiple_of(step) {
            continue;
        }
        let own = read(dealers, text(item, "url"));
        assert!(own.is_item_page, "{name}: {item}\n{own:?}");
        assert_eq!(own.platform.as_deref(), truth["platform"].as_str(), "{name}: {item}");
        let own = own.items.into_iter().next().unwrap();
        // What a typing error spoils on the list is taken from the car's page.
        let has_typo = !item["list_price"].is_null() && item["list_price"] != item["asking_price"];
        let listed =
            listed.map(|listed| Item { asking_price: listed.asking_price.filter(|_| !has_typo), ..listed });
        assert_eq!(told(&merged(listed, own), item), wanted(item), "{name}");
    }
    assert!(cars.is_empty(), "{name}: cars that are not true: {cars:?}");
}

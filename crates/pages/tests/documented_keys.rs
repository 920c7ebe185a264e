//! docs/parsers.md names every key that the parsers return, and no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bat_pages::listing::HistoryEntry;
use bat_pages::member::MemberListing;
use bat_pages::thread::{Bid, Comment};
use bat_pages::website::Picture;
use bat_pages::{Catalogue, CatalogueItem, Inventory, Listing, Member, Partner, Website, inventory, value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The keys below a heading, with what each is.
fn documented(heading: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parsers.md");
    let text = fs::read_to_string(path).unwrap();
    let section = text.split("\n#").find(|section| section.lines().next().unwrap().ends_with(heading));
    let lines = section.unwrap_or_else(|| panic!("there is no heading {heading}")).lines();
    let rows = lines.filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    rows.map(|(key, rest)| (key.to_owned(), rest.split(" | ").next().unwrap().to_owned())).collect()
}

fn keys(value: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(value).unwrap().as_object().unwrap().keys().cloned().collect()
}

fn keys_of<T: Serialize + Default>(heading: &str) {
    let documented: BTreeSet<String> = documented(heading).into_iter().map(|(key, _)| key).collect();
    assert_eq!(documented, keys(&T::default()), "{heading}");
}

/// The same of what has no empty value: one is made of what is documented.
fn keys_of_one<T: Serialize + DeserializeOwned>(heading: &str) {
    let example = |is: &str| match is {
        "text" => json!("x"),
        "integer" => json!(1),
        "boolean" => json!(true),
        other => panic!("{heading}: {other}"),
    };
    let one: Map<String, Value> =
        documented(heading).into_iter().map(|(key, is)| (key, example(&is))).collect();
    let documented: BTreeSet<String> = one.keys().cloned().collect();
    let value: T = serde_json::from_value(Value::Object(one)).unwrap();
    assert_eq!(documented, keys(&value), "{heading}");
}

#[test]
fn every_key_that_a_parser_returns_is_documented() {
    keys_of::<Listing>("`bat_parse_listing(html)`");
    keys_of_one::<value::mileage::Mileage>("Mileage of a listing");
    keys_of_one::<HistoryEntry>("An entry of the history");
    keys_of_one::<Bid>("A bid");
    keys_of_one::<Comment>("A comment");
    keys_of::<Catalogue>("`bat_parse_catalogue(body)`");
    keys_of::<CatalogueItem>("An item of the catalogue");
    keys_of::<Partner>("`bat_parse_partners(html)`");
    keys_of::<Member>("`bat_parse_member(html)`");
    keys_of_one::<MemberListing>("A listing of a member");
    keys_of::<Website>("`bat_parse_website(html, url)`");
    keys_of::<Picture>("A picture");
    keys_of::<Inventory>("`bat_parse_inventory(html, url)`");
    keys_of::<inventory::Item>("An item of an inventory");
}

//! All parsers by name, for whatever has to hold for each of them: properties, limits, fuzzing.
//!
//! A new parser is one line of [`PARSERS`].

#![allow(dead_code, clippy::expect_used, reason = "a part of tests and benchmarks; each needs some of it")]

use std::hint::black_box;

use bat_pages::kind::{PageKind, impostor};
use bat_pages::value::{chassis, color, date, mileage, money, powertrain, title};
use bat_pages::{charset, place};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Where pages of partners' own sites were fetched.
const SITE: &str = "https://www.mesa-motors.com/inventory/";
/// The same of a page about one car.
const CAR: &str = "https://www.mesa-motors.com/vehicles/7/1967-ac-cobra";

/// A parser.
pub struct Parser {
    /// Name.
    pub name: &'static str,
    /// Reads a page, and forgets what it read.
    pub run: fn(&[u8]),
    /// Reads a page, and fails unless what it read is well formed.
    pub check: fn(&[u8]),
}

macro_rules! parsers {
    ($($name:literal => $parse:expr, $check:expr;)+) => {
        /// All parsers.
        pub const PARSERS: &[Parser] = &[$(Parser {
            name: $name,
            run: |page| drop(black_box($parse(black_box(page)))),
            check: |page| $check(page, $parse(page)),
        }),+];
    };
}

parsers! {
    "directory" => |page: &[u8]| bat_pages::parse_partners(&text(page)), typed;
    "member" => |page: &[u8]| bat_pages::parse_member(&text(page)), typed;
    "listing" => |page: &[u8]| bat_pages::parse_listing(&text(page)), typed;
    "thread" => |page: &[u8]| bat_pages::parse_thread(&text(page)), typed;
    "catalogue" => |page: &[u8]| bat_pages::parse_catalogue(&text(page)), typed;
    "website" => |page: &[u8]| bat_pages::parse_website(&text(page), SITE), typed;
    "names_business" => |page: &[u8]| names(&text(page)), plain;
    "inventory" => |page: &[u8]| bat_pages::parse_inventory(&text(page), SITE), typed;
    "inventory_page" => |page: &[u8]| bat_pages::parse_inventory_page(&text(page), SITE), typed;
    "inventory_links" => |page: &[u8]| bat_pages::inventory_entrances(&text(page), SITE), typed;
    "inventory_item" => |page: &[u8]| bat_pages::parse_inventory(&text(page), CAR), typed;
    "kind_directory" => |page: &[u8]| kind(PageKind::Directory, page), plain;
    "kind_member" => |page: &[u8]| kind(PageKind::Member, page), plain;
    "kind_listing" => |page: &[u8]| kind(PageKind::Listing, page), plain;
    "kind_catalogue" => |page: &[u8]| kind(PageKind::Catalogue, page), plain;
    "kind_website" => |page: &[u8]| kind(PageKind::Website, page), plain;
    "charset" => |page: &[u8]| charset::decode(page, None), plain;
    "charset_header" => |page: &[u8]| charset_header(page), plain;
    "address" => |page: &[u8]| bat_pages::parse_website("<a href=/contact>Contact</a>", &text(page)), typed;
    "listing_url" => |page: &[u8]| bat_pages::listing_url(&text(page)), listing_url;
    "geographic_key" => |page: &[u8]| geographic_keys(&text(page)), plain;
    "country" => |page: &[u8]| place::country_code(&text(page)), plain;
    "country_of" => |page: &[u8]| place::country_of_location(&text(page)), plain;
    "region_of" => |page: &[u8]| place::region_of_location(&text(page)), plain;
    "chassis" => |page: &[u8]| chassis_numbers(&text(page)), plain;
    "color" => |page: &[u8]| colors(&text(page)), plain;
    "date" => |page: &[u8]| dates(&text(page)), plain;
    "mileage" => |page: &[u8]| mileage::mileage(&text(page)), plain;
    "money" => |page: &[u8]| amount(&text(page)), plain;
    "powertrain" => |page: &[u8]| powertrains(&text(page)), plain;
    "title" => |page: &[u8]| titles(&text(page)), plain;
}

/// Most bytes of JSON that come of one byte of a page, and of none. An item's keys and `null`s are 400 bytes, for the
/// 16 of `<h1>1967 a</h1>`; a name of six bytes has 80 keys that an earlier pipeline may have given it.
const PER_BYTE: usize = 60;
const OF_NOTHING: usize = 60_000;

/// The page as a parser gets it.
fn text(page: &[u8]) -> String {
    String::from_utf8_lossy(page).replace('\0', "")
}

fn kind(kind: PageKind, page: &[u8]) -> String {
    format!("{:?}", impostor(kind, &text(page)))
}

/// The first line is the header, the rest the body.
fn charset_header(page: &[u8]) -> String {
    let at = page.iter().position(|byte| *byte == b'\n').unwrap_or(page.len());
    let (header, body) = page.split_at(at);
    charset::decode(body, Some(&text(header)))
}

fn names(page: &str) -> Value {
    json!(bat_pages::website::names_business(page, "Mesa Motors"))
}

/// Each line is one part.
fn geographic_keys(page: &str) -> Value {
    let mut parts = page.splitn(4, '\n');
    let name = parts.next().unwrap_or_default();
    let [city, state, country] = [parts.next(), parts.next(), parts.next()];
    let key = bat_pages::geographic_key(name, city, state, country);
    let legacy = bat_pages::legacy_geographic_keys(name, city, state, country);
    if let Some(key) = &key {
        assert_eq!(key.matches('|').count(), 3, "{key}");
        assert!(!legacy.contains(key));
    }
    json!([key, legacy])
}

fn chassis_numbers(text: &str) -> Value {
    // A bullet is never empty.
    let bullets: Vec<String> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    json!([chassis::chassis(text), chassis::vin(text), chassis::are_several(&bullets)])
}

fn colors(text: &str) -> Value {
    json!([color::exterior(text), color::interior(text)])
}

fn dates(text: &str) -> Value {
    json!([
        date::from_unix(text.len() as i64),
        date::from_unix(text.trim().parse().unwrap_or(i64::MAX)),
        date::printed_date(text),
        date::unpadded(text),
    ])
}

fn amount(text: &str) -> Value {
    json!(money::money(text).map(|money| (money.currency, money.amount)))
}

fn powertrains(text: &str) -> Value {
    json!([powertrain::is_engine(text), powertrain::is_transmission(text), powertrain::is_drivetrain(text)])
}

fn titles(text: &str) -> Value {
    json!([title::without_no_reserve(text), title::from_head_title(text), title::year(text)])
}

/// What was read is bounded by the page, holds nothing that PostgreSQL's text cannot hold, and is the same when it
/// has been written as JSON and read again.
fn typed<T: Serialize + DeserializeOwned>(page: &[u8], read: T) {
    let json = serde_json::to_string(&read).expect("JSON");
    let again: T = serde_json::from_str(&json).expect("the same type");
    assert_eq!(serde_json::to_string(&again).expect("JSON"), json);
    plain(page, read);
}

fn plain(page: &[u8], read: impl Serialize) {
    let json = serde_json::to_string(&read).expect("JSON");
    let value = serde_json::to_value(read).expect("JSON");
    assert!(!has_nul(&value), "{json}");
    assert!(json.len() <= OF_NOTHING + PER_BYTE * page.len(), "{} bytes out of {}", json.len(), page.len());
}

/// Whether a string in a value holds a NUL.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, field)| key.contains('\0') || has_nul(field)),
        _ => false,
    }
}

/// The canonical form of a canonical form is the same.
fn listing_url(page: &[u8], url: Option<String>) {
    if let Some(url) = &url {
        assert_eq!(bat_pages::listing_url(url).as_deref(), Some(url.as_str()));
    }
    plain(page, url);
}

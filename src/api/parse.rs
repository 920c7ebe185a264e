//! The parsers and keys: pure functions, open to everybody.

use pgrx::JsonB;
use pgrx::prelude::*;
use serde::Serialize;

use crate::error::Error;

fn json(value: &impl Serialize) -> JsonB {
    let value = serde_json::to_value(value).map_err(Error::from);
    JsonB(value.unwrap_or_else(|error| error.raise()))
}

/// The rows of the partner directory.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_partners(html: &str) -> JsonB {
    json(&bat_pages::parse_partners(html))
}

/// What a member page says.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_member(html: &str) -> JsonB {
    json(&bat_pages::parse_member(html))
}

/// What a listing page says.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_listing(html: &str) -> JsonB {
    json(&bat_pages::parse_listing(html))
}

/// What a page of a business's own web site says of it.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_website(html: &str, url: &str) -> JsonB {
    json(&bat_pages::parse_website(html, url))
}

/// Identity of a place of business; NULL without a name.
#[pg_extern(immutable, parallel_safe)]
fn bat_geographic_key(
    name: Option<&str>,
    city: Option<&str>,
    state: Option<&str>,
    country: Option<&str>,
) -> Option<String> {
    bat_pages::geographic_key(name?, city, state, country)
}

/// Canonical URL of a listing; NULL if the text is no listing's URL.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_listing_url(url: &str) -> Option<String> {
    bat_pages::listing_url(url)
}

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

/// The thread of a listing page: its bids and comments.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_thread(html: &str) -> JsonB {
    json(&bat_pages::parse_thread(html))
}

/// The listings of a page of the catalogue: the feed's JSON, or HTML that embeds it or shows cards.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_catalogue(body: &str) -> JsonB {
    json(&bat_pages::parse_catalogue(body))
}

/// What a page of a business's own web site says of it.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_website(html: &str, url: &str) -> JsonB {
    json(&bat_pages::parse_website(html, url))
}

/// What a page of a dealer's own web site offers for sale.
#[pg_extern(immutable, strict, parallel_safe)]
fn bat_parse_inventory(html: &str, url: &str) -> JsonB {
    json(&bat_pages::parse_inventory(html, url))
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

extension_sql!(
    r"
COMMENT ON FUNCTION bat_parse_partners(text) IS 'The rows of the partner directory.';
COMMENT ON FUNCTION bat_parse_member(text) IS
    'What a member page says: the account, its listings, and the URL of the next page.';
COMMENT ON FUNCTION bat_parse_listing(text) IS 'What a listing page says. What it does not say is null.';
COMMENT ON FUNCTION bat_parse_thread(text) IS
    'The thread of a listing page: its bids, canceled ones included, and its comments, in the order of the page.';
COMMENT ON FUNCTION bat_parse_catalogue(text) IS
    'The listings of a page of the catalogue: the feed''s JSON, or HTML that embeds it or shows listings as cards.';
COMMENT ON FUNCTION bat_parse_website(text, text) IS 'What a page of a business''s own web site says of it.';
COMMENT ON FUNCTION bat_parse_inventory(text, text) IS
    'What a page of a dealer''s own web site offers for sale, and where its next page and the items'' own pages are.';
COMMENT ON FUNCTION bat_geographic_key(text, text, text, text) IS
    'Identity of a place of business: name, city, state and country; NULL without a name.';
COMMENT ON FUNCTION bat_listing_url(text) IS 'The canonical URL of a listing; NULL if the text is no listing''s URL.';
",
    name = "parse_comments",
    requires = [
        bat_parse_partners,
        bat_parse_member,
        bat_parse_listing,
        bat_parse_thread,
        bat_parse_catalogue,
        bat_parse_website,
        bat_parse_inventory,
        bat_geographic_key,
        bat_listing_url
    ]
);

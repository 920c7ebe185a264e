//! From parsed pages to the fields of rows.

use std::borrow::Cow;

use bat_pages::listing::Status;
use bat_pages::value::chassis;
use bat_pages::{CatalogueItem, Listing, PARSER_VERSION, Partner, Website};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use super::site::DIRECTORY_URL;
use crate::store::businesses::{Business, DIRECTORY};
use crate::store::links::{CONSIGNER, SOLD_BY};
use crate::store::merge::Fields;
use crate::store::stored::NewRows;
use crate::store::vehicles::Identity;

/// The zone in which the site dates its auctions.
const SITE_ZONE: &str = "America/Los_Angeles";

/// BaT's category of lots that are not whole vehicles.
const PARTS: &str = "Parts and Automobilia";

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

/// All that a parser's struct says.
fn said_of(parsed: &impl Serialize) -> Fields {
    fields(serde_json::to_value(parsed).unwrap_or_default())
}

/// Of what a parser's struct says, the fields whose names are columns too, and are written as they are.
fn picked(mut said: Fields, names: &[&str]) -> Fields {
    names.iter().filter_map(|name| said.remove_entry(*name)).collect()
}

/// Columns of `bat_listings` that are written as the page says them.
const LISTING: [&str; 25] = [
    "listing_id",
    "lot_number",
    "title",
    "status",
    "seller_username",
    "seller_type",
    "buyer_username",
    "currency",
    "current_bid",
    "high_bid",
    "sale_price",
    "sold_after_auction",
    "no_reserve",
    "premium",
    "alumni",
    "dealer_charges",
    "bid_count",
    "comment_count",
    "view_count",
    "watcher_count",
    "ends_at",
    "location",
    "country",
    "details",
    "image_urls",
];

/// Columns of `vehicles` that are written as the page says them.
const VEHICLE: [&str; 17] = [
    "vin",
    "year",
    "make",
    "model",
    "title",
    "engine",
    "transmission",
    "drivetrain",
    "exterior_color",
    "interior_color",
    "era",
    "origin",
    "description",
    "location",
    "country",
    "primary_image_url",
    "image_count",
];

/// Fields of `bat_listings`, without the links to other rows.
fn listing(said: Fields) -> Fields {
    let mut row = picked(said, &LISTING);
    row.insert("parser_version".to_owned(), json!(PARSER_VERSION));
    row
}

/// What a page says, with the end of the auction as it is stored where the page tells none: the catalogue may have told it.
pub fn with_known_end<'a>(listing: &'a Listing, stored: Option<&str>) -> Cow<'a, Listing> {
    match (&listing.ends_at, stored) {
        (None, Some(end)) => Cow::Owned(Listing { ends_at: Some(end.to_owned()), ..listing.clone() }),
        _ => Cow::Borrowed(listing),
    }
}

/// What is not kept of a listing whose seller is no partner: all but whose it is, and how it ended.
const OF_PARTNERS_ONLY: [&str; 7] =
    ["dealer_charges", "bid_count", "comment_count", "view_count", "watcher_count", "details", "image_urls"];

/// Fields of `bat_listings` for a listing whose seller is no partner.
pub fn light_listing(listing: &Listing) -> Fields {
    let mut row = self::listing(said_of(listing));
    row.retain(|name, _| !OF_PARTNERS_ONLY.contains(&name.as_str()));
    row
}

/// Fields of `bat_listings` that the catalogue tells of a listing that is not stored yet.
pub fn catalogue_item(item: &CatalogueItem) -> Fields {
    let mut row = picked(
        said_of(item),
        &["listing_id", "title", "ends_at", "no_reserve", "premium", "alumni", "country"],
    );
    row.retain(|_, value| !value.is_null());
    row.extend(catalogue_result(item));
    row
}

/// Fields of `bat_listings` in which the catalogue tells how an auction stands: late bids move its end.
pub fn catalogue_result(item: &CatalogueItem) -> Fields {
    let amount = |is_of: bool| item.amount.filter(|_| is_of);
    let is_live = item.status == Some(Status::Live);
    let is_sold = item.status == Some(Status::Sold);
    let mut row = fields(json!({
        "status": item.status,
        "current_bid": amount(is_live),
        "high_bid": amount(!is_live && !is_sold),
        "sale_price": amount(is_sold),
    }));
    if item.amount.is_some() {
        row.insert("currency".to_owned(), json!(item.currency));
    }
    if item.ends_at.is_some() {
        row.insert("ends_at".to_owned(), json!(item.ends_at));
    }
    row
}

/// Fields of `bat_listings` in which the catalogue tells that a stored auction stands otherwise: what is sold now and was not,
/// although its reserve was not met, was sold after the auction; of another sale the catalogue does not tell.
pub fn catalogue_change(item: &CatalogueItem, before: Option<&str>) -> Fields {
    let mut row = catalogue_result(item);
    if item.status == Some(Status::Sold) && before != Some("sold") {
        let is_deal = before == Some(Status::ReserveNotMet.word());
        row.insert("sold_after_auction".to_owned(), json!(is_deal.then_some(true)));
    }
    row
}

/// Fields of `vehicles`, of all that the page says.
fn vehicle(listing: &Listing, url: &str, said: &Fields) -> Fields {
    let mut row: Fields =
        VEHICLE.iter().filter_map(|name| Some(((*name).to_owned(), said.get(*name)?.clone()))).collect();
    let mileage = listing.mileage.as_ref();
    row.extend(fields(json!({
        "chassis_number": listing.chassis,
        "mileage": mileage.and_then(|mileage| mileage.value),
        "mileage_unit": mileage.and_then(|mileage| mileage.unit.clone()),
        "mileage_text": mileage.map(|mileage| mileage.text.clone()),
        "category": listing.categories.first(),
        "bat_auction_url": url,
        "discovery_url": url,
        "listing_url": url,
        "discovery_source": "bat",
        "sale_price": listing.sale_price,
        "sale_currency": listing.sale_price.and(listing.currency.clone()),
        "sale_date": sale_date(listing),
        "auction_outcome": listing.status,
    })));
    row
}

/// All rows that a listing's page makes, for the partner who sells it, if one does.
pub fn of_listing(listing: &Listing, url: &str, partner: Option<&Business>) -> NewRows {
    let organization = partner.map(|partner| json!(partner.id));
    let said = said_of(listing);
    let vehicle = vehicle(listing, url, &said);
    let mut row = self::listing(said);
    row.insert("organization_id".to_owned(), organization.clone().unwrap_or_default());
    let link = organization.map(|organization| {
        let mut link = link(listing);
        link.insert("organization_id".to_owned(), organization);
        link
    });
    NewRows { listing: row, vehicle, link }
}

/// By what the vehicle may be the one of another listing. Parts of a car are not the car, and two cars are not one.
pub fn identity<'a>(listing: &'a Listing, url: &str) -> Identity<'a> {
    let is_parts = listing.categories.iter().any(|category| category == PARTS);
    if is_parts || chassis::are_several(&listing.details) {
        return Identity::default();
    }
    let relatives = listing.history.iter().filter_map(|entry| entry.url.clone());
    Identity {
        vin: listing.vin.as_deref(),
        chassis: listing.chassis.as_deref(),
        relatives: relatives.filter(|relative| relative != url).collect(),
    }
}

/// Fields of `organization_vehicles`, without its keys.
fn link(listing: &Listing) -> Fields {
    let sold = listing.status == Some(Status::Sold);
    let live = listing.status == Some(Status::Live);
    fields(json!({
        "relationship_type": if sold { SOLD_BY } else { CONSIGNER },
        "status": if live { "active" } else { "past" },
        "listing_status": listing.status,
        "sale_price": listing.sale_price,
        "sale_date": sale_date(listing),
        "auto_tagged": true,
    }))
}

/// The day on which the auction ended for the site, if the lot was sold.
fn sale_date(listing: &Listing) -> Option<String> {
    listing.sale_price?;
    let end: Timestamp = listing.ends_at.as_deref()?.parse().ok()?;
    let zone = TimeZone::get(SITE_ZONE).ok()?;
    Some(end.to_zoned(zone).date().to_string())
}

/// Fields of `businesses` from the directory.
pub fn partner(partner: &Partner) -> Fields {
    let mut row = picked(
        said_of(partner),
        &["city", "state", "country", "website", "bat_username", "bat_profile_url", "geographic_key"],
    );
    row.extend(fields(json!({
        "business_name": partner.name,
        "source_url": DIRECTORY_URL,
        "discovered_via": DIRECTORY,
        "status": "active",
        "is_public": true,
    })));
    row
}

/// What the directory says of a partner that has no column: kept in the row's metadata.
pub fn partner_facts(partner: &Partner, position: usize) -> Fields {
    fields(json!({ "directory_position": position, "referral_url": partner.referral_url }))
}

/// Fields of `businesses` from the partner's own site, without the pictures: those are looked at first.
pub fn website(website: &Website) -> Fields {
    let mut row = picked(
        said_of(website),
        &[
            "description",
            "phone",
            "email",
            "address",
            "city",
            "state",
            "zip_code",
            "country",
            "latitude",
            "longitude",
        ],
    );
    row.insert("business_name".to_owned(), json!(website.name));
    if !website.social_links.is_empty() {
        row.insert("social_links".to_owned(), json!(website.social_links));
    }
    row
}

//! The address of an organization is that of one place, however many pages tell one, and whenever they are read.

use serde_json::{Value, json};

use crate::profiles::{enrich, home, organization, row, serve, start_apart};
use crate::server::Session;

/// A home page of a dealer with this address, and more.
fn dealer(address: &Value, more: &Value) -> String {
    let mut data = json!({ "@context": "https://schema.org", "@type": "AutoDealer", "name": "Somebody", "address": address });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!(
        "<html><head><script type=\"application/ld+json\">{data}</script></head><body>Somebody</body></html>"
    )
}

/// An address in Arizona.
fn arizona(street: Option<&str>, city: &str, zip: Option<&str>) -> Value {
    json!({ "streetAddress": street, "addressLocality": city, "addressRegion": "AZ", "postalCode": zip, "addressCountry": "US" })
}

/// Has the columns of a row hold this.
fn set(client: &mut Session, id: &str, columns: &str) {
    client.batch_execute(&format!("UPDATE businesses SET {columns} WHERE id = '{id}'")).unwrap();
}

/// What a row says of its place.
fn place(client: &mut Session, id: &str) -> String {
    client.text(&format!(
        "SELECT concat_ws(' | ', address, city, state, zip_code, country) || COALESCE(' | ' || latitude, '')
         FROM businesses WHERE id = '{id}'"
    ))
}

/// Reads a site of which nobody knows that it is what it was.
fn read_anew(client: &mut Session, id: &str) {
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    enrich(client, id);
}

#[test]
fn a_street_that_a_person_wrote_gets_no_zip_code_of_another_one() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let id = organization(&mut client, &bare);
    let other = arizona(Some("99 Other Road"), "Scottsdale", Some("85260"));
    let position = json!({ "geo": { "latitude": 33.6, "longitude": -111.9 } });
    serve(&site, &bare, &dealer(&other, &position));
    set(&mut client, &id, "address = '1 My Street', city = 'Phoenix', state = 'AZ'");
    enrich(&mut client, &id);
    assert_eq!(place(&mut client, &id), "1 My Street | Phoenix | AZ");
    // The same town, and another street.
    site.heal();
    serve(&site, &bare, &dealer(&arizona(Some("99 Other Road"), "Phoenix", Some("85001")), &position));
    read_anew(&mut client, &id);
    assert_eq!(place(&mut client, &id), "1 My Street | Phoenix | AZ");
    site.heal();
    serve(&site, &bare, &dealer(&arizona(Some("1 my street."), "PHOENIX", Some("85001")), &position));
    read_anew(&mut client, &id);
    assert_eq!(place(&mut client, &id), "1 My Street | Phoenix | AZ | 85001 | US | 33.6");
}

#[test]
fn what_a_later_page_tells_of_another_place_is_not_added() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let munich = json!({ "streetAddress": "Hauptstr. 1", "addressLocality": "München", "postalCode": "80331", "addressCountry": "DE" });
    let position = json!({ "geo": { "latitude": 33.6, "longitude": -111.9 } });
    for (first, expected, later) in [
        (json!({ "addressLocality": "Phoenix", "addressRegion": "AZ" }), "Phoenix | AZ", munich),
        (
            arizona(Some("12 Mill Lane"), "Phoenix", None),
            "12 Mill Lane | Phoenix | AZ",
            arizona(Some("99 Other Road"), "Scottsdale", Some("85260")),
        ),
    ] {
        site.heal();
        let id = organization(&mut client, &bare);
        serve(&site, &bare, &dealer(&first, &json!({})));
        read_anew(&mut client, &id);
        let before = place(&mut client, &id);
        assert!(before.starts_with(expected), "{before}");
        site.heal();
        serve(&site, &bare, &dealer(&later, &position));
        read_anew(&mut client, &id);
        assert_eq!(place(&mut client, &id), before);
        client.batch_execute("DELETE FROM businesses; DELETE FROM bat_pages").unwrap();
    }
}

#[test]
fn a_country_is_the_same_however_it_is_written() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    serve(&site, &bare, &dealer(&arizona(Some("12 Mill Lane"), "Phoenix", Some("85001")), &json!({})));
    for country in ["USA", "United States", "us"] {
        let id = organization(&mut client, &bare);
        set(&mut client, &id, &format!("city = 'Phoenix', state = 'Arizona', country = '{country}'"));
        enrich(&mut client, &id);
        assert_eq!(place(&mut client, &id), format!("12 Mill Lane | Phoenix | Arizona | 85001 | {country}"));
        client.batch_execute("DELETE FROM businesses").unwrap();
    }
}

#[test]
fn a_home_page_elsewhere_does_not_hide_the_page_of_the_branch() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let portland = json!({ "streetAddress": "5 Main Street", "addressLocality": "Portland", "addressRegion": "OR", "postalCode": "97201", "addressCountry": "US" });
    let phone = |number: &str| json!({ "telephone": number });
    serve(&site, &bare, &dealer(&portland, &phone("(503) 222-4100")));
    let branch = arizona(Some("99 Other Road"), "Scottsdale", Some("85260"));
    serve(&site, &format!("{bare}az"), &dealer(&branch, &phone("(602) 253-4100")));
    let id = organization(&mut client, &bare);
    set(
        &mut client,
        &id,
        &format!(
            "city = 'Scottsdale', state = 'AZ', metadata = jsonb_build_object('referral_url', '{bare}az')"
        ),
    );
    enrich(&mut client, &id);
    assert_eq!(place(&mut client, &id), "99 Other Road | Scottsdale | AZ | 85260 | US");
    assert_eq!(row(&mut client, &id)["phone"], "+16022534100");
}

/// A page of another town of the same state, with opening hours: of several organizations with one site it is not known
/// whose they are.
fn of_another_town() -> String {
    dealer(
        &arizona(Some("12 Mill Lane"), "Phoenix", Some("85001")),
        &json!({ "openingHours": "Mo-Fr 09:00-17:00" }),
    )
}

/// The opening hours that are noted of a row, and its address.
fn hours(client: &mut Session, id: &str) -> (Value, Value) {
    let row = row(client, id);
    (row["metadata"]["bat_profile"]["opening_hours"].clone(), row["address"].clone())
}

#[test]
fn organizations_share_a_site_whatever_page_of_it_they_name() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    serve(&site, &bare, &of_another_town());
    let id = organization(&mut client, &bare);
    set(&mut client, &id, "city = 'Mesa', state = 'AZ'");
    let other = organization(&mut client, &format!("{bare}phoenix"));
    set(&mut client, &other, "city = 'Phoenix', state = 'AZ'");
    enrich(&mut client, &id);
    assert_eq!(hours(&mut client, &id), (Value::Null, Value::Null));
    // Its own alone.
    client.batch_execute(&format!("DELETE FROM businesses WHERE id = '{other}'")).unwrap();
    enrich(&mut client, &id);
    assert!(hours(&mut client, &id).0.is_string());
}

#[test]
fn organizations_share_a_site_that_an_old_address_leads_to() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (old, _) = home(&site, "Bare");
    let (new, _) = home(&site, "JsonLd");
    site.fault("^/$", json!({ "kind": "redirect", "to": format!("{new}here") }), None);
    serve(&site, &format!("{new}here"), &of_another_town());
    let id = organization(&mut client, &old);
    set(&mut client, &id, "city = 'Mesa', state = 'AZ'");
    organization(&mut client, &new);
    enrich(&mut client, &id);
    assert_eq!(hours(&mut client, &id), (Value::Null, Value::Null));
}

#[test]
fn reading_a_page_again_believes_no_more_than_the_visit_did() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    serve(&site, &bare, "<html><body>Somebody</body></html>");
    serve(&site, &format!("{bare}az"), &of_another_town());
    let id = organization(&mut client, &bare);
    set(
        &mut client,
        &id,
        &format!("city = 'Mesa', state = 'AZ', metadata = jsonb_build_object('referral_url', '{bare}az')"),
    );
    organization(&mut client, &bare);
    enrich(&mut client, &id);
    assert_eq!(hours(&mut client, &id), (Value::Null, Value::Null));
    client.batch_execute("UPDATE bat_pages SET parser_version = -1").unwrap();
    client.batch_execute("CALL bat_reparse('website')").unwrap();
    assert_eq!(hours(&mut client, &id), (Value::Null, Value::Null));
}

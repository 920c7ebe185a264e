//! Which listings are of one vehicle, and which are not.

use std::collections::{BTreeMap, BTreeSet};

use bat_replica::Config;
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// A VIN of no listing of the replica.
const OTHER_VIN: &str = "WP0ZZZ99ZKS197103";

fn text<'a>(listing: &'a Value, key: &str) -> Option<&'a str> {
    listing[key].as_str()
}

fn vehicle(client: &mut Session, url: &str) -> String {
    client.text(&format!("SELECT vehicle_id::text FROM bat_listings WHERE url = '{url}'"))
}

/// A site, its server with the partners indexed, and the partners' listings with today's markup and their place in no
/// other listing's history.
fn large() -> (Site, Server, Vec<Value>) {
    let site = Site::start(Config { partners: 83, listings: 600, ..Config::default() });
    let server = site.server();
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    let is_alone = |listing: &Value| listing["history"].as_array().is_some_and(|history| history.len() == 1);
    let listings = site.partner_listings();
    let modern = listings.into_iter().filter(|listing| listing["replica"]["markup"] == "Current");
    let alone: Vec<Value> = modern.filter(is_alone).collect();
    (site, server, alone)
}

/// Serves a listing's page with this chassis bullet in place of its own, or as the first bullet, and imports it.
fn import_as(site: &Site, client: &mut Session, url: &str, bullet: &str, history: Option<&str>) -> String {
    let page = site.page(url);
    let (before, bullets) = page.split_once("<strong>Listing Details</strong><ul>").expect("bullets");
    let (bullets, after) = bullets.split_once("</ul>").unwrap();
    let others: String =
        bullets.split_inclusive("</li>").filter(|item| !item.starts_with("<li>Chassis")).collect();
    let mut page =
        format!("{before}<strong>Listing Details</strong><ul><li>{bullet}</li>{others}</ul>{after}");
    if let Some(relative) = history {
        let item = format!("<a href=\"{relative}\" class=\"item\"><em>Listed by <strong>X</strong></em></a>");
        let (before, after) = page.split_once("<a href=\"").map_or((page.as_str(), ""), |_| {
            page.split_once("class=\"item current\"").expect("a history of its own")
        });
        let start = before.rfind("<a ").unwrap();
        page = format!("{}{item}{}class=\"item current\"{after}", &before[..start], &before[start..]);
    }
    site.fault(path(url), json!({ "kind": "body", "body": page }), None);
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    vehicle(client, url)
}

#[test]
fn a_vehicle_that_is_offered_again_is_one_vehicle_and_no_two_vehicles_are_one() {
    let site = Site::start(Config { partners: 83, listings: 900, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let listings = site.partner_listings();
    // In the order of their ends: the later one's page tells of the earlier one.
    for listing in &listings {
        client
            .batch_execute(&format!("SELECT bat_import_listing('{}')", text(listing, "url").unwrap()))
            .unwrap();
    }
    let mut chains: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    for listing in &listings {
        chains.entry(listing["replica"]["chain"].as_i64().unwrap()).or_default().push(listing);
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let (mut by_vin, mut by_chassis) = (0, 0);
    for chain in chains.values() {
        let vehicles: BTreeSet<String> =
            chain.iter().map(|listing| vehicle(&mut client, text(listing, "url").unwrap())).collect();
        let shared: Vec<&String> =
            vehicles.iter().filter(|vehicle| !seen.insert((*vehicle).clone())).collect();
        assert!(shared.is_empty(), "{shared:?} of {chain:?} is another vehicle's too");
        let tells = |listing: &&&Value| {
            text(listing, "vin").is_some()
                || listing["history"].as_array().is_some_and(|history| history.len() > 1)
        };
        if chain.len() > 1 && chain.iter().skip(1).filter(tells).count() == chain.len() - 1 {
            assert_eq!(vehicles.len(), 1, "{chain:?}");
            match text(chain[0], "vin") {
                Some(_) => by_vin += 1,
                None => by_chassis += 1,
            }
        }
    }
    assert!(by_vin > 3 && by_chassis > 0, "{by_vin} by VIN, {by_chassis} by chassis number");
}

/// What is stored of the vehicles of listings, and of their links, but for ids and times.
fn stored(client: &mut Session) -> Vec<String> {
    client.column(
        "SELECT l.url || ' ' || (to_jsonb(v) - '{id,metadata,created_at,updated_at}'::text[])::text || ' ' || COALESCE((
             SELECT string_agg((to_jsonb(o) - '{id,vehicle_id,metadata,created_at,updated_at}'::text[])::text, ' ')
             FROM organization_vehicles AS o WHERE o.vehicle_id = v.id
         ), '')
         FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id ORDER BY l.url",
    )
}

#[test]
fn a_listing_whose_vin_is_corrected_leaves_the_other_car_s_vehicle() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let is_sold = |listing: &&Value| text(listing, "vin").is_some() && listing["sale_price"].is_number();
    let one = listings.iter().find(is_sold).unwrap();
    let is_anothers = |listing: &&Value| listing["seller_username"] != one["seller_username"];
    let other = listings.iter().filter(is_sold).find(is_anothers).unwrap();
    for listing in [one, other] {
        client
            .batch_execute(&format!("SELECT bat_import_listing('{}')", text(listing, "url").unwrap()))
            .unwrap();
    }
    let right = stored(&mut client);
    // A consignor who took the text of another lot, wherever that stands among the two.
    for (mistaken, bystander) in [(one, other), (other, one)] {
        let [mistaken, bystander, vin] = [(mistaken, "url"), (bystander, "url"), (bystander, "vin")]
            .map(|(listing, key)| text(listing, key).unwrap());
        for is_first in [true, false] {
            client
                .batch_execute("TRUNCATE bat_listings, vehicles, organization_vehicles, bat_tasks, bat_pages")
                .unwrap();
            let bullet = format!("Chassis: {vin}");
            if is_first {
                import_as(&site, &mut client, mistaken, &bullet, None);
            }
            client.batch_execute(&format!("SELECT bat_import_listing('{bystander}')")).unwrap();
            if !is_first {
                import_as(&site, &mut client, mistaken, &bullet, None);
            }
            assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
            site.heal();
            client.batch_execute(&format!("SELECT bat_import_listing('{mistaken}')")).unwrap();
            client.batch_execute("CALL bat_work(30)").unwrap();
            assert_eq!(stored(&mut client), right, "{mistaken} first: {is_first}");
        }
    }
}

#[test]
fn a_pair_sale_is_not_one_of_its_vehicles() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let [one, pair, bullets] = [0, 1, 2].map(|place| text(&listings[place], "url").unwrap());
    let first = import_as(&site, &mut client, one, &format!("Chassis: {OTHER_VIN}"), None);
    let vin = "ZFFYT53A010124655";
    let two_in_a_bullet = format!("Chassis: {OTHER_VIN} and {vin}");
    assert_ne!(import_as(&site, &mut client, pair, &two_in_a_bullet, None), first);
    let two_bullets = format!("Chassis: {OTHER_VIN}</li><li>Chassis: {vin}");
    assert_ne!(import_as(&site, &mut client, bullets, &two_bullets, None), first);
}

#[test]
fn parts_of_a_vehicle_are_not_the_vehicle() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let is_parts = |listing: &&Value| {
        let categories = listing["categories"].as_array();
        categories.is_some_and(|all| all.iter().any(|category| category == "Parts and Automobilia"))
    };
    let whole = listings.iter().find(|listing| !is_parts(listing)).unwrap();
    let parts = listings.iter().find(is_parts).expect("a lot of parts");
    let bullet = format!("Chassis: {OTHER_VIN}");
    let vehicle = import_as(&site, &mut client, text(whole, "url").unwrap(), &bullet, None);
    assert_ne!(import_as(&site, &mut client, text(parts, "url").unwrap(), &bullet, None), vehicle);
}

#[test]
fn a_chassis_number_alone_is_not_enough_and_with_the_site_s_history_it_is() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let [first, stranger, relist, other] = [0, 1, 2, 3].map(|place| text(&listings[place], "url").unwrap());
    let one = import_as(&site, &mut client, first, "Chassis: 85576", None);
    assert_ne!(import_as(&site, &mut client, stranger, "Chassis: 85576", None), one);
    assert_eq!(import_as(&site, &mut client, relist, "Chassis: 85576", Some(first)), one);
    // The site's history by itself is not enough either: another number is another vehicle.
    assert_ne!(import_as(&site, &mut client, other, "Chassis: 85577", Some(first)), one);
}

#[test]
fn missing_and_garbage_chassis_numbers_are_no_identity() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let mut vehicles = BTreeSet::new();
    let bullets =
        ["Chassis: N/A", "Chassis: N/A", "Chassis: 00000000000000000", "Chassis: 00000000000000000"];
    let first = text(&listings[0], "url").unwrap();
    for (listing, bullet) in listings.iter().zip(bullets) {
        let history = Some(first).filter(|url| *url != listing["url"]);
        vehicles.insert(import_as(&site, &mut client, text(listing, "url").unwrap(), bullet, history));
    }
    assert_eq!(vehicles.len(), bullets.len());
    assert_eq!(
        client.number("SELECT count(*) FROM vehicles WHERE vin IS NOT NULL OR chassis_number IS NOT NULL"),
        0
    );
}

#[test]
fn auctions_that_a_person_has_given_to_one_vehicle_go_on() {
    let (site, server, listings) = large();
    let mut client = server.client();
    let [first, second] = [0, 1].map(|place| text(&listings[place], "url").unwrap());
    for url in [first, second] {
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    }
    let one = vehicle(&mut client, first);
    client
        .batch_execute(&format!("UPDATE bat_listings SET vehicle_id = '{one}' WHERE url = '{second}'"))
        .unwrap();
    for price in [91_000, 92_000] {
        site.set(json!({ "listing": second, "status": "sold", "price": price, "ends_at": 1_790_000_000 }));
        client.batch_execute(&format!("SELECT bat_import_listing('{second}')")).unwrap();
        assert_eq!(
            client.number(&format!("SELECT sale_price::bigint FROM bat_listings WHERE url = '{second}'")),
            price
        );
        assert_eq!(
            client.number(&format!("SELECT sale_price::bigint FROM vehicles WHERE id = '{one}'")),
            price
        );
    }
    assert_eq!(vehicle(&mut client, second), one);
}

//! One dealer's inventory at a time: requests, vehicles, shared sites, run modes, interruptions.

use serde_json::{Value, json};

use crate::inventory::{crawl, dealer, dealers, ended, let_a_day_pass, work};
use crate::server::Session;
use crate::site::Site;

/// Reads one dealer's inventory; returns status and message.
pub fn sync(client: &mut Session, id: &str, more: &str) -> Value {
    client.json(&format!("SELECT to_jsonb(s) FROM bat_sync_inventory('{id}', 100{more}) AS s"))
}

pub fn count(client: &mut Session, id: &str, condition: &str) -> i64 {
    client.number(&format!("SELECT count(*) FROM dealer_inventory WHERE dealer_id = '{id}' AND {condition}"))
}

/// Requests so far to the host of a dealer's site.
fn requests(site: &Site, truth: &Value) -> usize {
    let host = truth["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    site.requests("/").iter().filter(|entry| entry["host"] == host.as_str()).count()
}

#[test]
fn an_unchanged_dealer_costs_the_pages_of_his_list() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "dealer_accelerate");
    let first = sync(&mut client, &id, "");
    assert_eq!((&first["status"], &first["inserted"]), (&json!("done"), &json!(100)), "{first}");
    let before = requests(&site, &truth);
    let time = client.text("SELECT clock_timestamp()");
    let second = sync(&mut client, &id, "");
    let changed = client.column(&format!(
        "SELECT m.key || ' of ' || d.listing_url || ': ' || m.value
         FROM dealer_inventory AS d, jsonb_each(d.metadata->'bat_partners') AS m
         WHERE (m.value->>'time')::timestamptz > '{time}'"
    ));
    assert!(changed.is_empty(), "{changed:#?}");
    assert_eq!((&second["unchanged"], &second["updated"]), (&json!(100), &json!(0)), "{second}");
    let pages = usize::try_from(truth["list_pages"].as_i64().unwrap()).unwrap();
    let asked = requests(&site, &truth) - before;
    assert!(asked <= pages + 2, "{asked} requests for {pages} pages");
    assert_eq!(count(&mut client, &id, "seen_count = 2"), 100);
}

#[test]
fn an_item_joins_the_listing_of_the_same_vin_whichever_comes_first() {
    for inventory_first in [true, false] {
        let (site, server) = dealers();
        let mut client = server.client();
        let all = site.inventories();
        let (truth, item) = all
            .iter()
            .find_map(|truth| {
                let items = truth["items"].as_array().unwrap();
                let is_it = |item: &&Value| {
                    item["is_of_listing"].is_string() && item["on_list"] == true && item["vin"].is_string()
                };
                Some((truth, items.iter().find(is_it)?))
            })
            .expect("an item whose vehicle was auctioned");
        let (id, _) = dealer(&site, &mut client, truth["habit"].as_str().unwrap());
        let listing = item["is_of_listing"].as_str().unwrap();
        let import = format!("SELECT bat_import_listing('{listing}')");
        if inventory_first {
            sync(&mut client, &id, "");
            client.batch_execute(&import).unwrap();
        } else {
            client.batch_execute(&import).unwrap();
            sync(&mut client, &id, "");
        }
        let vin = item["vin"].as_str().unwrap();
        assert_eq!(client.number(&format!("SELECT count(*) FROM vehicles WHERE vin = '{vin}'")), 1);
        let joined = client.number(&format!(
            "SELECT count(*) FROM dealer_inventory AS d JOIN bat_listings AS l ON l.vehicle_id = d.vehicle_id
             WHERE d.vin = '{vin}' AND l.url = '{listing}'"
        ));
        assert_eq!(joined, 1, "inventory first: {inventory_first}");
        // The price of the auction is no asking price, nor the other way round.
        let row = client.json(&format!(
            "SELECT to_jsonb(o) FROM organization_vehicles AS o JOIN vehicles AS v ON v.id = o.vehicle_id
             WHERE v.vin = '{vin}' AND relationship_type = 'inventory'"
        ));
        assert_eq!(row["asking_price"], item["asking_price"], "{row}");
        assert_eq!((&row["sale_price"], &row["status"]), (&Value::Null, &json!("active")));
    }
}

#[test]
fn every_item_has_one_vehicle_and_one_link() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    sync(&mut client, &id, "");
    let unlinked = count(&mut client, &id, "vehicle_id IS NULL");
    assert_eq!(unlinked, 0);
    assert_eq!(
        client.number(&format!(
            "SELECT count(*) - count(DISTINCT d.vehicle_id) + count(*) - count(o.id)
             FROM dealer_inventory AS d
             LEFT JOIN organization_vehicles AS o ON o.vehicle_id = d.vehicle_id AND o.organization_id = d.dealer_id
                 AND o.relationship_type = 'inventory' AND o.asking_price IS NOT DISTINCT FROM d.asking_price
             WHERE d.dealer_id = '{id}'"
        )),
        0
    );
}

#[test]
fn a_site_without_inventory_is_a_normal_result_and_left_alone_for_long() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "nothing");
    let summary = sync(&mut client, &id, "");
    assert_eq!((&summary["status"], &summary["failed"]), (&json!("nothing_to_do"), &json!(0)), "{summary}");
    assert_eq!(ended(&mut client, &id), "no_inventory");
    for _ in 0..10 {
        let_a_day_pass(&mut client);
    }
    client.batch_execute("SELECT bat_enqueue_due('inventory')").unwrap();
    let queued = "SELECT count(*) FROM bat_tasks WHERE kind = 'inventory' AND key = ";
    assert_eq!(client.number(&format!("{queued}'{id}'")), 0);
    assert!(client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'inventory'") > 5);
    client
        .batch_execute(
            "DELETE FROM bat_tasks; UPDATE bat_crawls SET finished_at = finished_at - interval '90 days'",
        )
        .unwrap();
    client.batch_execute("SELECT bat_enqueue_due('inventory')").unwrap();
    assert_eq!(client.number(&format!("{queued}'{id}'")), 1);
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    let summary = sync(&mut client, &id, ", dry_run => true");
    assert_eq!((&summary["status"], &summary["inserted"]), (&json!("done"), &json!(75)), "{summary}");
    assert_eq!(client.number("SELECT count(*) FROM dealer_inventory"), 0);
    assert_eq!(client.number("SELECT count(*) FROM bat_crawls"), 0);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 0);
}

#[test]
fn a_crawl_that_is_cut_off_goes_on_with_the_next_call() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_accelerate");
    client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}')")).unwrap();
    client.batch_execute("CALL bat_work(60, ARRAY['inventory', 'inventory_item'], max_tasks => 2)").unwrap();
    assert_eq!(ended(&mut client, &id), "running");
    assert_eq!(client.number("SELECT pages FROM bat_crawls"), 2);
    work(&mut client);
    assert_eq!(ended(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "seen_count = 1"), 100);
}

#[test]
fn organizations_that_share_a_site_do_not_share_its_cars() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    let other = client.text(&format!(
        "INSERT INTO businesses (business_name, website, geographic_key)
         SELECT 'Branch', website || '/', 'branch|na|NA|US' FROM businesses WHERE id = '{id}' RETURNING id"
    ));
    let summary = sync(&mut client, &other, "");
    assert_eq!(summary["status"], "nothing_to_do");
    assert!(summary["message"].as_str().unwrap().contains(&id), "{summary}");
    crawl(&mut client);
    assert_eq!(count(&mut client, &other, "true"), 0);
    assert_eq!(count(&mut client, &id, "true"), 75);
}

#[test]
fn run_modes_read_the_list_of_what_is_for_sale_of_what_was_sold_or_both() {
    let (site, server) = dealers();
    let mut client = server.client();
    site.crawl(3);
    let (id, truth) = dealer(&site, &mut client, "dealer_accelerate");
    let sold: Vec<&Value> =
        truth["items"].as_array().unwrap().iter().filter(|item| item["status"] == "sold").collect();
    assert!(!sold.is_empty());
    let summary = sync(&mut client, &id, ", run_mode => 'sold'");
    assert_eq!(summary["inserted"], json!(sold.len()), "{summary}");
    assert_eq!(
        count(&mut client, &id, "status = 'sold' AND sold_seen_at IS NOT NULL AND sale_price IS NULL"),
        sold.len() as i64
    );
    // By the queue: one list after the other, and neither says that what only the other shows is missing.
    client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}', run_mode => 'both')")).unwrap();
    work(&mut client);
    let crawls = client.column(&format!(
        "SELECT run_mode || ' ' || state FROM bat_crawls WHERE dealer_id = '{id}' ORDER BY id"
    ));
    assert_eq!(crawls, ["sold complete", "both complete", "sold complete"]);
    assert_eq!(count(&mut client, &id, "missing_count > 0"), 0);
    for sql in [
        "SELECT bat_enqueue('inventory', NULL, run_mode => 'later')",
        "SELECT bat_enqueue('directory', run_mode => 'sold')",
    ] {
        assert_eq!(client.error(sql).sqlstate, "22023", "{sql}");
    }
}

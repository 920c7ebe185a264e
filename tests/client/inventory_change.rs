//! What a dealer's inventory does over time, and what is believed of it: guards, misses, prices, what a person wrote.

use serde_json::{Value, json};

use crate::inventory::{crawl, dealer, dealers, ended, let_a_day_pass, work};
use crate::server::Session;
use crate::site::Site;

/// Reads one dealer's inventory; returns status and message.
fn sync(client: &mut Session, id: &str, more: &str) -> Value {
    client.json(&format!("SELECT to_jsonb(s) FROM bat_sync_inventory('{id}', 100{more}) AS s"))
}

fn count(client: &mut Session, id: &str, condition: &str) -> i64 {
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
fn an_empty_list_where_cars_were_is_not_believed() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "careless");
    site.crawl(7);
    sync(&mut client, &id, "");
    let before = count(&mut client, &id, "status IN ('in_stock', 'pending')");
    assert!(before > 30, "{before}");
    site.crawl(8);
    for _ in 0..3 {
        let_a_day_pass(&mut client);
        sync(&mut client, &id, "");
        assert_eq!(ended(&mut client, &id), "incomplete nothing_found");
    }
    assert_eq!(count(&mut client, &id, "status IN ('in_stock', 'pending') AND missing_count = 0"), before);
    let problem = client.json("SELECT to_jsonb(p) FROM bat_problems AS p WHERE kind = 'inventory'");
    assert_eq!(
        (&problem["problem"], &problem["example_key"]),
        (&json!("inventories are not believed"), &json!(id))
    );
    // What to do is told, and does it.
    let what_to_do = problem["what_to_do"].as_str().unwrap();
    let statement = what_to_do.split("if it is right: ").nth(1).unwrap();
    client.batch_execute(statement).unwrap();
    assert_eq!(ended(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "status IN ('in_stock', 'pending') AND missing_count = 1"), before);
}

#[test]
fn a_price_that_jumps_is_not_believed_until_the_item_s_own_page_says_so() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "careless");
    site.crawl(5);
    sync(&mut client, &id, "");
    site.crawl(6);
    let (_, truth) = dealer(&site, &mut client, "careless");
    sync(&mut client, &id, "");
    let slips = truth["items"].as_array().unwrap().iter();
    let slips: Vec<&Value> = slips
        .filter(|item| item["list_price"].is_number() && item["list_price"] != item["asking_price"])
        .collect();
    assert_eq!(slips.len(), 1);
    let url = slips[0]["url"].as_str().unwrap();
    let row =
        client.json(&format!("SELECT to_jsonb(d) FROM dealer_inventory AS d WHERE listing_url = '{url}'"));
    assert_eq!(
        (&row["asking_price"], &row["doubted_price"]),
        (&slips[0]["asking_price"], &slips[0]["list_price"]),
        "{row}"
    );
    let problem = client.json("SELECT to_jsonb(p) FROM bat_problems AS p WHERE problem = 'prices jump'");
    assert_eq!(problem["example_url"], url);
    // It is not asked again as long as the list repeats it.
    let path = url.split_once("//").unwrap().1.split_once('/').unwrap().1.to_owned();
    let asked = site.requests(&format!("/{path}")).len();
    sync(&mut client, &id, "");
    assert_eq!(site.requests(&format!("/{path}")).len(), asked);
    // The list is right again: no doubt is left.
    site.crawl(7);
    sync(&mut client, &id, "");
    assert_eq!(count(&mut client, &id, "doubted_price IS NOT NULL"), 0);
}

#[test]
fn what_vanishes_is_missing_after_two_complete_crawls_a_day_apart() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "squarespace");
    sync(&mut client, &id, "");
    // The list without its first car, as the replica serves it then, for as long as this is the crawl.
    let url = client.text(&format!(
        "INSERT INTO dealer_inventory (dealer_id, listing_url, status, title, first_seen_at, last_seen_at, seen_count, metadata)
         SELECT dealer_id, regexp_replace(listing_url, '/[^/]+$', '/1901-never-was'), 'in_stock', 'Never Was',
             first_seen_at, last_seen_at, 1, '{{\"bat_partners\": {{\"status\": {{\"value\": \"in_stock\"}}}}}}'
         FROM dealer_inventory WHERE dealer_id = '{id}' LIMIT 1
         RETURNING listing_url"
    ));
    let state = |client: &mut Session| {
        client.text(&format!(
            "SELECT status || ' ' || missing_count FROM dealer_inventory WHERE listing_url = '{url}'"
        ))
    };
    sync(&mut client, &id, "");
    assert_eq!(state(&mut client), "in_stock 1");
    // The same day: a second miss is not enough.
    sync(&mut client, &id, "");
    assert_eq!(state(&mut client), "in_stock 2");
    // A crawl that is not complete says nothing.
    let_a_day_pass(&mut client);
    client.batch_execute(&format!("SELECT bat_sync_inventory('{id}', max_pages => 1)")).unwrap();
    let end = ended(&mut client, &id);
    if end == "incomplete budget" {
        assert_eq!(state(&mut client), "in_stock 2");
    }
    // A complete one does; the item's own page, which is not there, decides that it is gone.
    sync(&mut client, &id, "");
    assert_eq!(state(&mut client).split(' ').next().unwrap(), "gone");
}

#[test]
fn what_a_person_wrote_about_an_item_stays() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    sync(&mut client, &id, "");
    let url = client.text(&format!(
        "UPDATE dealer_inventory SET asking_price = 1, title = 'mine', status = 'in_stock'
         WHERE id = (SELECT id FROM dealer_inventory WHERE dealer_id = '{id}' AND asking_price > 10 ORDER BY listing_url LIMIT 1)
         RETURNING listing_url"
    ));
    site.crawl(3);
    sync(&mut client, &id, "");
    let row =
        client.json(&format!("SELECT to_jsonb(d) FROM dealer_inventory AS d WHERE listing_url = '{url}'"));
    assert_eq!((&row["asking_price"], &row["title"]), (&json!(1), &json!("mine")), "{row}");
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
fn a_page_that_cannot_be_had_ends_the_crawl_as_incomplete_and_nothing_is_missing() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "dealer_accelerate");
    sync(&mut client, &id, "");
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    let path = truth["list_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    site.fault(&format!("/{path}?page=3"), json!({ "kind": "status", "status": 500 }), None);
    for _ in 0..2 {
        let_a_day_pass(&mut client);
        let summary = sync(&mut client, &id, "");
        assert_eq!((&summary["status"], &summary["failed"]), (&json!("partial"), &json!(1)), "{summary}");
        assert_eq!(ended(&mut client, &id), "incomplete error");
    }
    assert_eq!(count(&mut client, &id, "missing_count > 0"), 0);
    // The same by the queue.
    client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}')")).unwrap();
    work(&mut client);
    assert_eq!(ended(&mut client, &id), "incomplete error");
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
fn a_price_that_only_the_item_s_own_page_tells_is_read_again_after_a_week() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, first) = dealer(&site, &mut client, "careless");
    sync(&mut client, &id, "");
    site.crawl(2);
    let (_, second) = dealer(&site, &mut client, "careless");
    let priced = |truth: &Value, url: &Value| {
        let items = truth["items"].as_array().unwrap();
        items.iter().find(|item| item["url"] == *url).map(|item| item["asking_price"].clone())
    };
    let items = second["items"].as_array().unwrap().iter();
    let changed: Vec<&Value> = items
        .filter(|item| {
            item["list_price"].is_null()
                && item["on_list"] == true
                && item["asking_price"].is_number()
                && priced(&first, &item["url"])
                    .is_some_and(|before| before.is_number() && before != item["asking_price"])
        })
        .collect();
    assert!(!changed.is_empty());
    let url = changed[0]["url"].as_str().unwrap();
    let price = format!("SELECT asking_price::bigint FROM dealer_inventory WHERE listing_url = '{url}'");
    sync(&mut client, &id, "");
    assert_eq!(json!(client.number(&price)), priced(&first, &changed[0]["url"]).unwrap());
    let_a_day_pass(&mut client);
    let summary = sync(&mut client, &id, "");
    for item in &changed {
        let row = client.json(&format!(
            "SELECT to_jsonb(d) FROM dealer_inventory AS d WHERE listing_url = {}",
            item["url"].to_string().replace('"', "'")
        ));
        assert_eq!(row["asking_price"], item["asking_price"], "{summary}\n{row}\n{item}");
    }
    assert_eq!(
        client.number(&format!(
            "SELECT jsonb_array_length(price_history) FROM dealer_inventory WHERE listing_url = '{url}'"
        )),
        2
    );
}

#[test]
fn a_task_made_by_hand_reads_no_page_of_another_site() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    let (_, other) = dealer(&site, &mut client, "shopify");
    let url = other["items"][0]["url"].as_str().unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('inventory_item', '{id} {url}')")).unwrap();
    client
        .batch_execute(&format!(
            "INSERT INTO bat_crawls (dealer_id, run_mode) VALUES ('{id}', 'current');
             INSERT INTO bat_tasks (kind, key, host, priority, options)
             SELECT 'inventory', '{id}#2', split_part('{url}', '/', 3), 1,
                 jsonb_build_object('crawl', max(id), 'url', '{url}', 'page', 2) FROM bat_crawls"
        ))
        .unwrap();
    work(&mut client);
    assert_eq!(client.number("SELECT count(*) FROM dealer_inventory"), 0);
    assert_eq!(
        client.number("SELECT count(*) FROM bat_tasks WHERE state = 'dead' AND last_sqlstate = '42501'"),
        2
    );
    let path = format!("/{}", url.split('/').skip(3).collect::<Vec<_>>().join("/"));
    assert!(site.requests(&path).is_empty());
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

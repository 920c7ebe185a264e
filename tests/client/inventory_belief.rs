//! What is believed of a dealer's inventory: guards, misses, prices, what a person wrote, tasks made by hand.

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers, ended, let_a_day_pass, work};
use crate::inventory_change::{count, sync};
use crate::server::Session;

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
fn what_a_list_asks_stands_against_the_item_s_own_page() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "careless");
    sync(&mut client, &id, "");
    // Priced by the list, which leaves out enough for the item's own page to be read.
    let items = truth["items"].as_array().unwrap();
    let priced = items.iter().filter(|item| item["list_price"].is_number() && item["on_list"] == true);
    let read: Vec<&Value> = priced
        .filter(|item| {
            let url = item["url"].as_str().unwrap();
            client.number(&format!(
                "SELECT count(*) FROM dealer_inventory WHERE listing_url = '{url}' AND page_read_at IS NOT NULL"
            )) == 1
        })
        .collect();
    let item = read.first().expect("an item that its list prices and whose own page was read");
    let (url, price) = (item["url"].as_str().unwrap(), item["list_price"].as_i64().unwrap());
    let at = format!("/{}", url.split_once("//").unwrap().1.split_once('/').unwrap().1);
    let own = format!(
        "<html><title>{title}</title><h1>{title}</h1><p>VIN: {vin}</p><p>Price: ${}</p></html>",
        price + 495,
        title = item["title"].as_str().unwrap(),
        vin = item["vin"].as_str().unwrap_or("1G1YY22G965104378"),
    );
    site.fault(&at, json!({ "kind": "body", "body": own }), None);
    client
        .batch_execute(&format!(
            "DELETE FROM organization_vehicles; DELETE FROM dealer_inventory WHERE listing_url = '{url}'"
        ))
        .unwrap();
    let asked = site.requests(&at).len();
    let of_link = format!(
        "SELECT o.asking_price::bigint FROM organization_vehicles AS o JOIN dealer_inventory AS d USING (vehicle_id)
         WHERE d.listing_url = '{url}'"
    );
    let row = format!(
        "SELECT concat_ws(' ', asking_price::bigint, jsonb_array_length(price_history)) FROM dealer_inventory
         WHERE listing_url = '{url}'"
    );
    for _ in 0..3 {
        sync(&mut client, &id, "");
        assert_eq!(client.text(&row), format!("{price} 1"));
        assert_eq!(site.requests(&at).len(), asked + 1);
        assert_eq!(client.number(&of_link), price);
        let_a_day_pass(&mut client);
    }
}

#[test]
fn an_item_that_the_table_refuses_keeps_no_other_from_being_stored() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "squarespace");
    sync(&mut client, &id, "");
    let all = count(&mut client, &id, "true");
    let url = client.text(&format!(
        "SELECT listing_url FROM dealer_inventory WHERE dealer_id = '{id}' ORDER BY listing_url LIMIT 1"
    ));
    client
        .batch_execute(&format!(
            "TRUNCATE dealer_inventory, bat_crawls;
             ALTER TABLE dealer_inventory ADD CONSTRAINT unwanted CHECK (listing_url <> '{url}')"
        ))
        .unwrap();
    let summary = sync(&mut client, &id, "");
    assert_eq!(summary["failed"], 1, "{summary}");
    assert_eq!(count(&mut client, &id, "true"), all - 1);
    // One that is stored, and whose next state is refused, is on the list all the same.
    client
        .batch_execute(
            "ALTER TABLE dealer_inventory DROP CONSTRAINT unwanted;
             UPDATE dealer_inventory SET title = 'before', metadata = jsonb_set(metadata, '{bat_partners,title,value}', '\"before\"');
             ALTER TABLE dealer_inventory ADD CONSTRAINT unwanted CHECK (title = 'before') NOT VALID",
        )
        .unwrap();
    for _ in 0..3 {
        let_a_day_pass(&mut client);
        let summary = sync(&mut client, &id, "");
        assert_eq!(summary["failed"], json!(all), "{summary}");
    }
    assert_eq!(count(&mut client, &id, "missing_count = 0 AND status <> 'missing'"), all - 1);
}

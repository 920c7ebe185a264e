//! The dealers' own inventories over ten crawls: after each, the rows are what the dealers have.

use std::collections::BTreeMap;

use bat_replica::{Config, SiteBase};
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::Site;

/// Sixteen dealers whose sites have each a habit of its own, on hosts of their own.
pub fn dealers() -> (Site, Server) {
    let site = Site::start(Config {
        seed: 3,
        partners: 24,
        listings: 300,
        site_base: SiteBase::Hosts,
        ..Config::default()
    });
    let server = site.server();
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    (site, server)
}

/// The id of the organization whose site has a habit, and what its site offers now.
pub fn dealer(site: &Site, client: &mut Session, habit: &str) -> (String, Value) {
    let all = site.inventories();
    let truth = all.into_iter().find(|truth| truth["habit"] == habit).expect("a dealer of this habit");
    (id_of(client, &truth), truth)
}

fn id_of(client: &mut Session, truth: &Value) -> String {
    let url = truth["url"].as_str().unwrap().trim_end_matches('/');
    client.text(&format!(
        "SELECT id FROM businesses WHERE rtrim(website, '/') = '{url}' OR starts_with(website, '{url}/')
         ORDER BY (metadata->>'directory_position')::int LIMIT 1"
    ))
}

/// Lets a day pass: all that was noted is a day older; that an item's own page was read a week.
pub fn let_a_day_pass(client: &mut Session) {
    client
        .batch_execute(
            "UPDATE dealer_inventory SET
                 first_seen_at = first_seen_at - interval '1 day', last_seen_at = last_seen_at - interval '1 day',
                 last_available_at = last_available_at - interval '1 day',
                 sold_seen_at = sold_seen_at - interval '1 day', missing_since = missing_since - interval '1 day',
                 page_read_at = page_read_at - interval '8 days';
             UPDATE bat_crawls SET started_at = started_at - interval '1 day', finished_at = finished_at - interval '1 day';
             UPDATE bat_tasks SET run_after = run_after - interval '1 day', updated_at = updated_at - interval '1 day'",
        )
        .unwrap();
}

/// Works until nothing of the inventories is left, also what is to be tried again later.
pub fn work(client: &mut Session) {
    for _ in 0..100 {
        client
            .batch_execute(
                "UPDATE bat_tasks SET run_after = now() WHERE state = 'ready' AND kind LIKE 'inventory%';
                 UPDATE bat_hosts SET resting_until = NULL, slowdown = 1;
                 UPDATE bat_hosts SET robots_fetched_at = NULL WHERE robots_status >= 500",
            )
            .unwrap();
        client.batch_execute("CALL bat_work(120, ARRAY['inventory', 'inventory_item'])").unwrap();
        let left = "SELECT count(*) FROM bat_tasks WHERE state = 'ready' AND kind LIKE 'inventory%'";
        if client.number(left) == 0 {
            return;
        }
    }
    panic!("work is left: {}", client.json("SELECT jsonb_agg(to_jsonb(t)) FROM bat_tasks AS t"));
}

/// Crawls all dealers once.
pub fn crawl(client: &mut Session) {
    client.batch_execute("SELECT bat_enqueue('inventory')").unwrap();
    work(client);
}

/// A dealer's rows, by URL.
fn rows(client: &mut Session, id: &str) -> BTreeMap<String, Value> {
    let rows = client.json(&format!(
        "SELECT COALESCE(jsonb_agg(to_jsonb(d) - 'metadata'), '[]') FROM dealer_inventory AS d WHERE dealer_id = '{id}'"
    ));
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["listing_url"].as_str().unwrap().to_owned(), row.clone())).collect()
}

/// How the last crawl of a dealer ended.
pub fn ended(client: &mut Session, id: &str) -> String {
    client.text(&format!(
        "SELECT concat_ws(' ', state, cause) FROM bat_crawls WHERE dealer_id = '{id}' ORDER BY id DESC LIMIT 1"
    ))
}

/// What a row and an item of the truth have in common.
fn told(value: &Value, is_row: bool) -> Value {
    let (chassis, mileage, unit) = match is_row {
        true => (&value["chassis_number"], &value["mileage"], &value["mileage_unit"]),
        false => (&value["chassis"], &value["mileage"]["value"], &value["mileage"]["unit"]),
    };
    json!({
        "status": value["status"], "price": value["asking_price"], "year": value["year"], "make": value["make"],
        "vin": value["vin"], "chassis": chassis, "mileage": mileage, "unit": unit,
    })
}

/// What is wrong with a dealer's rows after a crawl.
fn differences(rows: &BTreeMap<String, Value>, crawl: &Value, truth: &Value) -> Vec<String> {
    let mut found = Vec::new();
    // Only a sitemap tells of some.
    let place = if truth["list_url"].is_null() { "in_sitemap" } else { "on_list" };
    let is_shown =
        |item: &&Value| item[place] == true && (truth["is_whole"] == true || item["list_page"] == 1);
    let items: Vec<&Value> = truth["items"].as_array().unwrap().iter().filter(is_shown).collect();
    for item in &items {
        let url = item["url"].as_str().unwrap();
        let Some(row) = rows.get(url) else {
            found.push(format!("{url} is not there: {item}"));
            continue;
        };
        let (mut is, should) = (told(row, true), told(item, false));
        if should["status"] == "sold" && should["price"].is_null() {
            // What was asked for it stays.
            is["price"] = Value::Null;
        }
        if should["unit"].is_null() && is["mileage"] == should["mileage"] {
            // An earlier page may have told it.
            is["unit"] = Value::Null;
        }
        if is != should {
            found.push(format!("{url} is {is} and should be {should}"));
        }
    }
    for (url, row) in rows.iter().filter(|(_, row)| row["doubted_price"].is_null()) {
        let last =
            &row["price_history"][row["price_history"].as_array().map_or(0, |all| all.len().max(1) - 1)];
        if (&last["price"], &last["currency"]) != (&row["asking_price"], &row["currency"]) {
            found.push(format!("the price of {url} was {last}, and is {row}"));
        }
    }
    let is_there = |url: &str| items.iter().any(|item| item["url"] == url);
    for (url, row) in rows {
        let is_seen = row["last_crawl_id"] == crawl["id"];
        if is_seen && !is_there(url) {
            found.push(format!("{url} was seen, and is not there: {row}"));
        }
        if matches!(row["status"].as_str(), Some("missing" | "gone")) && is_there(url) {
            found.push(format!("{url} is there, and counts as {}", row["status"]));
        }
    }
    found
}

/// How the last crawl of a dealer is to end.
fn expected_end(truth: &Value, number: u32) -> &'static str {
    match truth["habit"].as_str().unwrap() {
        "nothing" => "no_inventory",
        "walled" => "blocked",
        "auto_revo" => "incomplete robots",
        "word_press" | "wordpress" => "incomplete sitemap",
        "motorcar_marketing" if truth["is_whole"] == false => "incomplete down",
        "careless" if truth["is_whole"] == false => "incomplete nothing_found",
        _ => {
            assert_eq!(truth["is_whole"], true, "crawl {number}: {}", truth["habit"]);
            "complete"
        }
    }
}

/// Crawls ten times, a day apart, and compares each time; with or without requests that fail.
fn crawl_ten_times(failing: bool) {
    let (site, server) = dealers();
    let mut client = server.client();
    if failing {
        client.batch_execute("SET bat_partners.max_attempts = 12").unwrap();
        site.rules(&json!({ "match": "/", "fault": { "kind": "status", "status": 503 }, "share": 0.2 }));
    }
    let (mut found, mut completed) = (Vec::new(), 0);
    for number in 1..=10 {
        site.crawl(number);
        let_a_day_pass(&mut client);
        crawl(&mut client);
        for truth in site.inventories() {
            let id = id_of(&mut client, &truth);
            let habit = &truth["habit"];
            let crawl = client.json(&format!(
                "SELECT to_jsonb(c) FROM bat_crawls AS c WHERE dealer_id = '{id}' ORDER BY id DESC LIMIT 1"
            ));
            let (end, should) = (ended(&mut client, &id), expected_end(&truth, number));
            let mut lines = differences(&rows(&mut client, &id), &crawl, &truth);
            if failing && end == "incomplete error" {
                // It says so. What it did not see is as it was, and nothing that is there is called missing.
                lines.retain(|line| line.contains(" counts as "));
            } else if end != should {
                lines.push(format!("ended as {end}, not {should}: {crawl}"));
            }
            completed += i32::from(end == "complete");
            found.extend(lines.iter().map(|line| format!("crawl {number} of {habit}: {line}")));
        }
    }
    // When it was sold lies between the last time that it was for sale and the first that it was told as sold.
    let unknown = "SELECT count(*) FROM dealer_inventory WHERE status = 'sold' AND sold_seen_at IS NULL";
    assert_eq!(client.number(unknown), 0);
    // Most of them, also where every fifth request fails.
    assert!(completed > 100, "{completed}");
    let dead = client.json("SELECT COALESCE(jsonb_agg(to_jsonb(t) - 'options'), '[]') FROM bat_tasks AS t");
    assert!(found.is_empty(), "{} differences\n{}\nleft: {dead}", found.len(), found.join("\n"));
}

#[test]
fn ten_crawls_of_all_dealers_equal_the_truth() {
    crawl_ten_times(false);
}

#[test]
fn with_every_fifth_request_failing_nothing_is_called_gone_that_is_there() {
    crawl_ten_times(true);
}

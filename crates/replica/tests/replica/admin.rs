//! The admin interface: log, truth, faults, switches.
use crate::client::{get, send};
use bat_replica::{Config, Replica};
use serde_json::{Value, json};

fn replica() -> Replica {
    Replica::start(Config { listings: 120, ..Config::default() }).unwrap()
}

fn set(replica: &Replica, setting: &Value) -> Value {
    send(replica.port(), "POST", "/_replica/set", &[], &setting.to_string()).json()
}

fn path(url: &str) -> String {
    url.replace("https://bringatrailer.com", "")
}

#[test]
fn log_has_each_request_but_no_admin_request() {
    let replica = replica();
    send(replica.port(), "GET", "/robots.txt?x", &[("User-Agent", "test/1"), ("If-None-Match", "\"e\"")], "");
    get(replica.port(), "/_replica/truth/partners");
    let log = get(replica.port(), "/_replica/log").json();
    assert_eq!(log.as_array().unwrap().len(), 1);
    let entry = &log[0];
    assert_eq!((entry["seq"].as_u64(), entry["status"].as_u64()), (Some(1), Some(200)));
    assert_eq!(
        (entry["path"].as_str(), entry["user_agent"].as_str()),
        (Some("/robots.txt?x"), Some("test/1"))
    );
    assert_eq!(entry["if_none_match"], "\"e\"");
    assert!(entry["start"].as_f64() > Some(1.7e9) && entry["bytes"].as_u64() > Some(10));
    send(replica.port(), "POST", "/_replica/log/clear", &[], "");
    assert_eq!(replica.log(), []);
}

#[test]
fn faults_come_and_go() {
    let replica = replica();
    let rule = r#"{"match": "/robots.txt", "fault": {"kind": "status", "status": 500}}"#;
    assert_eq!(send(replica.port(), "POST", "/_replica/faults", &[], rule).json(), json!({"added": 1}));
    assert_eq!(get(replica.port(), "/robots.txt").status, 500);
    assert_eq!(get(replica.port(), "/_replica/faults").json()[0]["struck"], 1);
    send(replica.port(), "DELETE", "/_replica/faults", &[], "");
    assert_eq!(get(replica.port(), "/robots.txt").status, 200);
    assert_eq!(send(replica.port(), "POST", "/_replica/faults", &[], "{").status, 400);
}

#[test]
fn switches_change_robots_directory_and_paging() {
    let replica = replica();
    let port = replica.port();
    set(&replica, &json!({"robots": "real", "directory": "half"}));
    let robots = get(port, "/robots.txt").text();
    assert!(robots.contains("Crawl-delay: 1") && robots.contains("Disallow: /member/"));
    assert_eq!(get(port, "/local-partners/").text().matches("BaT username").count(), 41);
    set(&replica, &json!({"directory": "empty"}));
    assert_eq!(get(port, "/local-partners/").text().matches("BaT username").count(), 0);
    set(&replica, &json!({"robots": "User-agent: *\nDisallow: /\n"}));
    assert!(get(port, "/robots.txt").text().ends_with("Disallow: /\n"));
    assert!(set(&replica, &json!({"directory": "some"}))["error"].is_string());
}

#[test]
fn a_live_listing_advances_and_its_page_follows() {
    let replica = replica();
    let port = replica.port();
    let live = get(port, "/_replica/truth/listings?status=live&limit=1").json()[0].clone();
    let url = live["url"].as_str().unwrap();
    let before = get(port, &path(url));
    assert!(before.text().contains("listing-detail-page-live"));
    let price = live["current_bid"].as_i64().unwrap() + 1_000;
    let raised = set(&replica, &json!({"listing": url, "price": price}));
    assert_eq!(raised["current_bid"], price);
    assert_eq!(raised["bid_count"].as_i64(), live["bid_count"].as_i64().map(|count| count + 1));
    let sold = set(&replica, &json!({"listing": url, "status": "sold"}));
    assert_eq!((&sold["status"], &sold["sale_price"]), (&json!("sold"), &json!(price)));
    let after = get(port, &path(url));
    assert!(after.text().contains("listing-detail-page-closed") && after.text().contains("Winning Bid"));
    assert_ne!(before.header("etag"), after.header("etag"));
    let tag = after.header("etag").unwrap();
    assert_eq!(send(port, "GET", &path(url), &[("If-None-Match", tag)], "").status, 304);
    assert!(set(&replica, &json!({"listing": "nothing", "status": "sold"}))["error"].is_string());
}

#[test]
fn a_thread_changes_and_its_page_follows() {
    let replica = replica();
    let port = replica.port();
    let listing = get(port, "/_replica/truth/listings?status=sold&limit=1").json()[0].clone();
    let url = listing["url"].as_str().unwrap();
    let thread = || get(port, &format!("/_replica/truth/thread?url={url}")).json();
    let before = thread();
    let bids = |thread: &Value| {
        thread["bids"].as_array().unwrap().iter().filter(|bid| bid["canceled"] == false).count()
    };
    assert_eq!(bids(&before), usize::try_from(listing["bid_count"].as_i64().unwrap()).unwrap());
    let bid = before["bids"].as_array().unwrap().iter().find(|bid| bid["canceled"] == false).unwrap();
    let comment = &before["comments"][0];
    for change in [
        json!({"cancel": bid["id"]}),
        json!({"edit": {"id": comment["id"], "text": "another & text"}}),
        json!({"delete_member": bid["username"]}),
        json!({"remove": before["comments"][1]["id"]}),
    ] {
        set(&replica, &json!({"listing": url, "thread": change}));
    }
    let after = thread();
    assert_eq!(bids(&after), bids(&before) - 1);
    let canceled = after["bids"].as_array().unwrap().iter().find(|other| other["id"] == bid["id"]).unwrap();
    assert_eq!((&canceled["canceled"], &canceled["amount"]), (&json!(true), &Value::Null));
    assert_eq!(canceled["username"], Value::Null);
    assert_eq!(after["comments"][0]["body"], "another & text");
    assert_eq!(after["comments"][1], before["comments"][2]);
    let page = get(port, &path(url)).text();
    assert!(page.contains("another &amp; text") && page.contains("bat-bid-canceled"));
    assert!(set(&replica, &json!({"listing": url, "thread": {"nonsense": 1}}))["error"].is_string());
    assert!(get(port, "/_replica/truth/thread?url=nothing").json()["error"].is_string());
}

#[test]
fn parts_of_listing_pages_are_dropped_and_come_back() {
    let replica = replica();
    let port = replica.port();
    let truth = |query: &str| get(port, &format!("/_replica/truth/listings{query}")).json();
    let listing = truth("?status=sold&limit=1")[0].clone();
    let url = listing["url"].as_str().unwrap();
    let whole = get(port, &path(url));
    set(&replica, &json!({"drop": ["essentials.location", "essentials.party"]}));
    let dropped = get(port, &path(url));
    assert!(whole.text().contains("Private Party or Dealer") && whole.text().contains("google.com/maps"));
    assert!(
        !dropped.text().contains("Private Party or Dealer") && !dropped.text().contains("google.com/maps")
    );
    assert_ne!(whole.header("etag"), dropped.header("etag"));
    let known = &truth("?status=sold&limit=1")[0];
    assert!(
        known["location"].is_null() && known["seller_type"].is_null() && known["title"] == listing["title"]
    );
    set(&replica, &json!({"drop": "essentials.details"}));
    assert_eq!(truth("?status=sold&limit=1")[0]["details"], json!([]));
    set(&replica, &json!({"drop": "stats.end"}));
    assert!(
        whole.text().contains("Auction Ended") && !get(port, &path(url)).text().contains("Auction Ended")
    );
    assert!(truth("?status=sold&limit=1")[0]["ends_at"].is_null());
    set(&replica, &json!({"drop": []}));
    assert_eq!(get(port, &path(url)).text(), whole.text());
    assert_eq!(truth("?status=sold&limit=1")[0], listing);
    assert!(set(&replica, &json!({"drop": "essentials.weather"}))["error"].is_string());
}

#[test]
fn a_listing_is_taken_through_its_life_and_all_pages_agree() {
    let replica = Replica::start(Config { seed: 2, listings: 150, ..Config::default() }).unwrap();
    let port = replica.port();
    let live = get(port, "/_replica/truth/listings?status=live").json();
    let is_new =
        |listing: &&Value| listing["history"].as_array().unwrap().len() == 1 && listing["vin"].is_string();
    let live = live.as_array().unwrap().iter().find(is_new).unwrap().clone();
    let url = live["url"].as_str().unwrap();
    let page = |url: &str| get(port, &path(url));
    let feed = || get(port, "/wp-json/bringatrailer/1.0/data/listings-filter?page=1&get_items=1").json();
    let board = || get(port, "/auctions/").text();
    let later = 1_777_500_000;
    let extended = set(&replica, &json!({"listing": url, "ends_at": later}));
    assert_eq!(extended["ends_at"], "2026-04-29T22:00:00Z");
    assert!(
        page(url).text().contains("data-until=\"1777500000\"")
            && board().contains("\"timestamp_end\":1777500000")
    );

    let end = 1_777_300_000;
    let unsold = set(&replica, &json!({"listing": url, "status": "reserve_not_met", "ends_at": end}));
    assert!(!board().contains("\"timestamp_end\":1777500000"));
    let price = unsold["high_bid"].as_i64().unwrap() + 1_250;
    let sold = set(&replica, &json!({"listing": url, "status": "sold_after_auction", "price": price}));
    assert_eq!((&sold["sale_price"], &sold["sold_after_auction"]), (&json!(price), &json!(true)));
    assert_eq!(sold["bid_count"], unsold["bid_count"], "the deal was no bid");
    assert!(page(url).text().contains("\"type\":\"bat-rnm-accepted\""));
    let items = feed()["items"].as_array().unwrap().clone();
    let item = items.iter().find(|item| item["url"] == *url).unwrap();
    assert_eq!(item["current_bid"], unsold["high_bid"]);
    assert_ne!(item["current_bid"].as_i64(), Some(price));

    let before = page(url);
    let new = set(&replica, &json!({"listing": url, "relist": true}));
    let again = new["url"].as_str().unwrap();
    assert_ne!(
        (again, &new["listing_id"], &new["lot_number"]),
        (url, &sold["listing_id"], &sold["lot_number"])
    );
    assert_eq!((&new["status"], &new["vin"], &new["alumni"]), (&json!("live"), &sold["vin"], &json!(true)));
    for (of, other) in [(url, again), (again, url)] {
        let html = page(of).text();
        assert!(
            html.contains("BaT History                <small>(2)</small>")
                && html.contains(&format!("<a href=\"{other}\" class=\"item \""))
        );
    }
    assert_ne!(before.header("etag"), page(url).header("etag"), "its history has changed");
    let member = format!("/member/{}/", new["seller_username"].as_str().unwrap());
    assert!(
        get(port, &member).text().contains(&format!("<a href=\"{again}\">"))
            && board().contains(&again.replace('/', "\\/"))
    );

    let other = get(port, "/_replica/truth/members").json()[5]["username"].as_str().unwrap().to_owned();
    let third = set(&replica, &json!({"listing": again, "relist": true, "seller": other, "ends_at": later}));
    assert_eq!((&third["seller_username"], &third["ends_at"]), (&json!(other), &extended["ends_at"]));
    assert_eq!(third["history"].as_array().unwrap().len(), 3);
}

//! The whole catalogue: complete in spite of the feed's limit, resumable, attributed by seller, cheap when nothing is new.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use bat_replica::{Config, Robots};
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// The feed's own path.
const FEED: &str = "/wp-json/bringatrailer/1.0/data/listings-filter";

/// A site with more results than its feed shows for one query, and its partners indexed.
fn large() -> (Site, Server) {
    let site = Site::start(Config { listings: 900, ..Config::default() });
    site.set(json!({ "feed_cap": 240 }));
    let server = site.server();
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    (site, server)
}

/// URLs of the listings of the catalogue, and of those whose page is gone or not, in the order of their bytes.
fn urls(listings: &[Value]) -> Vec<String> {
    let urls: BTreeSet<String> =
        listings.iter().filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect();
    urls.into_iter().collect()
}

fn stored(client: &mut Session) -> Vec<String> {
    client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\"")
}

/// Every listing of the catalogue is stored once; those of partners in full, the others as light rows; whatever the
/// catalogue and the pages tell of them is what the replica knows.
fn assert_complete(site: &Site, client: &mut Session) {
    assert_eq!(stored(client), urls(&site.listings("")));
    let full = client.column(
        "SELECT l.url FROM bat_listings AS l
         JOIN vehicles AS v ON v.id = l.vehicle_id
         JOIN businesses AS b ON b.id = l.organization_id AND b.bat_username = l.seller_username
         ORDER BY l.url COLLATE \"C\"",
    );
    assert_eq!(full, site.partner_urls());
    assert_eq!(client.number("SELECT count(vehicle_id) FROM bat_listings"), full.len() as i64);
    let mut wrong = Vec::new();
    for listing in site.listings("") {
        if listing["replica"]["gone"] == true {
            continue;
        }
        let url = listing["url"].as_str().unwrap();
        let row = client.json(&format!("SELECT to_jsonb(l) FROM bat_listings AS l WHERE url = '{url}'"));
        for name in ["listing_id", "title", "status", "seller_username", "currency", "sale_price", "high_bid"]
        {
            if row[name] != listing[name] {
                wrong.push(format!("{url} {name}: {} is {}", row[name], listing[name]));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_full_sweep_brings_all_of_a_catalogue_that_is_longer_than_its_feed() {
    let (site, server) = large();
    let mut client = server.client();
    let summary = client.text("CALL bat_sweep(full_history => true)");
    assert_complete(&site, &mut client);
    assert!(summary.contains("the history was read whole"), "{summary}");
    let stated = client.number("SELECT stated FROM bat_catalogue WHERE feed = 'history'");
    assert_eq!(client.number("SELECT shown FROM bat_catalogue WHERE feed = 'history'"), stated);
    // Each window showed as much as the site stated for it, and is short enough.
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_catalogue
             WHERE feed LIKE 'history?%' AND state <> 'divided' AND (shown <> stated OR state <> 'complete')"
        ),
        0
    );
    assert!(client.number("SELECT count(*) FROM bat_catalogue WHERE feed LIKE 'history?%'") > 4);
    assert_eq!(client.number("SELECT count(*) FROM bat_catalogue_shown"), 0);
    // No page was fetched twice.
    let pages: Vec<String> =
        site.requests("/listing/").iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(pages.len(), pages.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn a_sweep_that_was_interrupted_goes_on_where_it_was() {
    let (site, server) = large();
    for (feed_pages, sleep) in [(3, 0), (12, 100)] {
        let session = server.client();
        let pid = {
            let mut session = session;
            let pid = session.text("SELECT pg_backend_pid()::text");
            thread::spawn(move || session.batch_execute("CALL bat_sweep(full_history => true)").unwrap_err());
            pid
        };
        site.await_requests(FEED, feed_pages);
        thread::sleep(Duration::from_millis(sleep));
        let mut client = server.client();
        client.batch_execute(&format!("SELECT pg_terminate_backend({pid}, 10000)")).unwrap();
    }
    let mut client = server.client();
    let before = site.requests(FEED).len();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_complete(&site, &mut client);
    // What was read before the interruptions was not read again, but for the newest results.
    let whole = client.number("SELECT sum(pages) FROM bat_catalogue") as usize;
    assert!(site.requests(FEED).len() - before < whole, "nothing was resumed");
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND (attempts > 0 OR run_after <= now())"
        ),
        0
    );
}

#[test]
fn a_sweep_after_a_full_one_costs_few_requests_and_brings_what_has_changed() {
    let (site, server) = large();
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    let partners = site.partner_urls();
    let live: Vec<String> = urls(&site.listings("?status=live"));
    let of_partner = live.iter().find(|url| partners.contains(url)).expect("a partner's live listing");
    let of_other = live.iter().find(|url| !partners.contains(url)).expect("another live listing");
    for url in [of_partner, of_other] {
        site.set(json!({ "listing": url, "status": "sold", "price": 4_321 }));
    }
    let (before, pages) = (site.requests("/").len(), site.requests("/listing/").len());
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert!(site.requests("/").len() - before < 10, "{} requests", site.requests("/").len() - before);
    // The partner's listing is read again; of the other the catalogue tells how it ended.
    let read: Vec<Value> = site.requests("/listing/").split_off(pages);
    assert_eq!(
        read.iter().map(|entry| entry["path"].as_str().unwrap()).collect::<Vec<_>>(),
        [path(of_partner)]
    );
    for url in [of_partner, of_other] {
        let row = client.text(&format!(
            "SELECT concat_ws(' ', status, sale_price, current_bid) FROM bat_listings WHERE url = '{url}'"
        ));
        assert_eq!(row, "sold 4321", "{url}");
    }
    // Nothing is new any more: no row is touched, and no page but the board and the first results is asked for.
    let before = site.requests("/").len();
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(site.requests("/").len() - before, 2);
}

#[test]
fn results_that_are_pushed_on_while_they_are_read_leave_no_gap() {
    let (site, server) = large();
    site.set(json!({ "feed_shift": 7 }));
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_complete(&site, &mut client);
}

#[test]
fn with_member_pages_forbidden_every_partner_ends_complete() {
    let site = Site::start(Config { listings: 300, robots: Robots::Real, ..Config::default() });
    // As the real site's, but without its delay of a second.
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_complete(&site, &mut client);
    let summary = client.text("CALL bat_ingest(skip_index => true, skip_enrich => true)");
    assert!(summary.contains("nothing_to_do"), "{summary}");
    let member = client.text("SELECT id::text FROM businesses ORDER BY bat_username LIMIT 1");
    let summary = client.text(&format!("SELECT bat_import_partner_vehicles('{member}')"));
    assert!(summary.contains("robots.txt forbids member pages, so 0 listings are shown"), "{summary}");
    assert!(summary.contains("are stored, with all that the catalogue tells"), "{summary}");
    assert_eq!(site.requests("/member/").len(), 0);
    // But for pages that are gone.
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE last_sqlstate <> '02000'"), 0);
}

#[test]
fn a_new_partner_finds_its_past_listings_without_a_request() {
    let site = Site::start(Config { listings: 300, ..Config::default() });
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    let server = site.server();
    let mut client = server.client();
    // No partner is known yet: all are light rows.
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_eq!(client.number("SELECT count(vehicle_id) FROM bat_listings"), 0);
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let before: Vec<String> =
        site.requests("/listing/").iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect();
    // One by hand, the others by the queue.
    let seller = client.text(
        "SELECT b.id::text FROM businesses AS b
         JOIN bat_listings AS l ON l.seller_username = b.bat_username AND l.status = 'sold'
         ORDER BY l.url LIMIT 1",
    );
    let summary = client.text(&format!("SELECT bat_import_partner_vehicles('{seller}')"));
    assert!(summary.contains("0 listings are shown"), "{summary}");
    assert!(client.number("SELECT count(*) FROM organization_vehicles") > 0);
    client.batch_execute("CALL bat_ingest(skip_index => true, skip_enrich => true)").unwrap();
    assert_complete(&site, &mut client);
    // Live ones are read again: the archive has them as they were.
    let after: Vec<Value> = site.requests("/listing/").split_off(before.len());
    let live = urls(&site.listings("?status=live"));
    for entry in &after {
        let asked = entry["path"].as_str().unwrap();
        assert!(live.iter().any(|url| path(url) == asked), "{asked} was asked for again");
    }
}

#[test]
fn a_limit_of_pages_leaves_the_rest_in_the_queue() {
    let (site, server) = large();
    let mut client = server.client();
    let summary = client.text("CALL bat_sweep(max_pages => 4, full_history => true)");
    assert!(summary.contains("partial"), "{summary}");
    assert!(summary.contains("1 page or window of the history is waiting"), "{summary}");
    assert_eq!(site.requests(FEED).len() + site.requests("/auctions/").len(), 4);
    assert!(client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'catalogue'") > 0);
    client.batch_execute("CALL bat_work(600)").unwrap();
    assert_complete(&site, &mut client);
}

#[test]
fn a_board_or_a_feed_that_shows_nothing_is_an_error_and_loses_nothing() {
    let (site, server) = large();
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep()").unwrap();
    let before = stored(&mut client);
    for (at, body) in
        [("/auctions/", "<html>listing-card</html>"), (FEED, "{\"items\":[],\"items_total\":0}")]
    {
        site.fault(at, json!({ "kind": "body", "body": body }), Some(1));
    }
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(
        client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'catalogue' AND last_sqlstate = '22000'"),
        2
    );
    assert_eq!(stored(&mut client), before);
}

#[test]
fn results_that_end_too_early_are_looked_at_again_by_the_next_sweep() {
    let site = Site::start(Config { listings: 300, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep()").unwrap();
    let covered = "SELECT covered_until::text FROM bat_catalogue WHERE feed = 'results'";
    let before = client.text(covered);
    client
        .batch_execute("UPDATE bat_catalogue SET covered_until = covered_until - interval '20 years'")
        .unwrap();
    let total = client.number("SELECT count(*) FROM bat_listings") + 500;
    let empty = format!("{{\"items\":[],\"items_total\":{total},\"pages_total\":99}}");
    let second = format!("^{}.*page=2\\b", FEED.replace('/', "\\/").replace('?', "\\?"));
    site.fault(
        &second,
        json!({ "kind": "body", "body": empty, "content_type": "application/json" }),
        Some(1),
    );
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_ne!(client.text(covered), before);
    assert_eq!(client.text("SELECT state FROM bat_catalogue WHERE feed = 'results'"), "incomplete");
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(client.text(covered), before);
}

#[test]
fn a_history_of_which_a_window_was_given_up_ends_incomplete_and_another_try_completes_it() {
    let (site, server) = large();
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    let stands = "SELECT state FROM bat_catalogue WHERE feed = 'history'";
    // The window that is read last, and the one that is read first.
    for order in ["DESC", ""] {
        assert_eq!(client.text(stands), "complete");
        let window = client.text(&format!(
            "SELECT feed FROM bat_catalogue WHERE feed LIKE 'history?%' AND state = 'complete' ORDER BY updated_at {order} LIMIT 1"
        ));
        let query = window.replace("history?", "");
        site.fault(&format!("^{FEED}.*&{query}$"), json!({ "kind": "status", "status": 410 }), None);
        let summary = client.text("CALL bat_sweep(full_history => true)");
        assert_eq!(
            client.column("SELECT key FROM bat_tasks WHERE state = 'dead' AND kind = 'catalogue'"),
            [window]
        );
        assert_eq!(client.text(stands), "incomplete");
        assert!(summary.contains("the history is incomplete"), "{summary}");
        assert_eq!(
            client.column(
                "SELECT kind FROM bat_problems WHERE problem = 'the catalogue showed less than it states'"
            ),
            ["catalogue"]
        );
        site.heal();
        client.batch_execute("SELECT bat_retry('catalogue')").unwrap();
        client.batch_execute("CALL bat_work(600, '{catalogue}')").unwrap();
    }
    assert_eq!(client.text(stands), "complete");
}

#[test]
fn a_history_in_one_piece_that_was_given_up_half_way_ends_incomplete_and_another_try_completes_it() {
    let site = Site::start(Config { listings: 300, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    let stands = "SELECT state FROM bat_catalogue WHERE feed = 'history'";
    site.fault(&format!("{FEED}?page=3"), json!({ "kind": "status", "status": 410 }), None);
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_eq!(client.text(stands), "incomplete");
    site.heal();
    client.batch_execute("SELECT bat_retry('catalogue')").unwrap();
    client.batch_execute("CALL bat_work(600, '{catalogue}')").unwrap();
    assert_eq!(client.text(stands), "complete");
}

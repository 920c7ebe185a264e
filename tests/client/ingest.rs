//! The main job, end to end.

use std::thread;

use serde_json::json;

use crate::server::Session;
use crate::site::{Site, path};

/// Rows inserted, updated or deleted so far in the user-owned tables.
const WRITES: &str = "
    SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::text || ' ' || sum(n_tup_upd)::text
    FROM pg_stat_user_tables
    WHERE relname = ANY ('{businesses,vehicles,organization_vehicles,bat_listings,bat_pages}')";

/// The counters of a session reach the statistics when it is idle; this makes sure of it.
fn writes(session: &mut Session) -> String {
    session.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    session.text(WRITES)
}

const STORED: &str = "SELECT url FROM bat_listings ORDER BY url COLLATE \"C\"";

#[test]
fn an_ingest_brings_every_partner_and_every_listing_and_a_second_one_changes_nothing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM businesses"), site.partners().len() as i64);
    assert_eq!(client.column(STORED), site.partner_urls());
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND (attempts > 0 OR run_after <= now())"
        ),
        0
    );
    let run =
        client.text("SELECT (found = inserted + updated + unchanged + skipped + failed)::text FROM bat_runs");
    assert_eq!(run, "true");
    // Every listing has its vehicle and its seller's organization.
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_listings AS l
             JOIN vehicles AS v ON v.id = l.vehicle_id
             JOIN businesses AS b ON b.id = l.organization_id AND b.bat_username = l.seller_username"
        ),
        site.partner_urls().len() as i64
    );
    let before = writes(&mut client);
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    assert_eq!(writes(&mut client), before);
}

#[test]
fn a_bare_call_prints_the_summary() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let summary = client.text("CALL bat_ingest(max_partners => 1, listing_limit => 1, skip_enrich => true)");
    assert!(summary.starts_with("(1,done,2,2,0,0,0,0,"), "{summary}");
}

#[test]
fn the_parts_can_be_skipped_and_the_limits_hold() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute("CALL bat_ingest(max_partners => 3, skip_enrich => true, skip_import => true)")
        .unwrap();
    assert_eq!(client.number("SELECT count(*) FROM businesses"), 3);
    assert_eq!(site.requests("/member/").len() + site.requests("/listing/").len(), 0);
    client
        .batch_execute(
            "CALL bat_ingest(max_partners => 1, skip_index => true, skip_enrich => true, listing_limit => 2)",
        )
        .unwrap();
    assert_eq!(site.requests("/local-partners/").len(), 1);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 2);
}

#[test]
fn a_second_ingest_joins_the_first_and_repeats_nothing() {
    let site = Site::small();
    site.fault("/local-partners/", json!({ "kind": "slow", "seconds": 1 }), Some(1));
    let server = site.server();
    server.client().batch_execute("SELECT bat_setup()").unwrap();
    let calls: Vec<_> = (0..2)
        .map(|_| {
            let mut session = server.client();
            thread::spawn(move || {
                session.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap()
            })
        })
        .collect();
    calls.into_iter().for_each(|call| call.join().unwrap());
    let mut client = server.client();
    assert_eq!(client.column(STORED), site.partner_urls());
    assert_eq!(site.requests("/local-partners/").len(), 1);
    let requests = site.requests("/listing/");
    let pages: std::collections::HashSet<&str> =
        requests.iter().filter_map(|entry| entry["path"].as_str()).collect();
    assert_eq!(requests.len(), pages.len());
}

#[test]
fn a_live_listing_is_read_again_and_its_sale_moves_the_link() {
    let site = Site::small();
    let url = site.listing("live");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    let link = format!(
        "SELECT o.relationship_type || ' ' || o.status FROM organization_vehicles AS o
         JOIN bat_listings AS l USING (vehicle_id) WHERE l.url = '{url}'"
    );
    assert_eq!(client.column(&link), ["consigner active"]);
    site.set(json!({ "listing": url, "status": "sold" }));
    assert_eq!(client.text(&format!("SELECT updated FROM bat_import_listing('{url}')")), "1");
    assert_eq!(client.column(&link), ["sold_by past"]);
    assert_eq!(
        client.text(&format!(
            "SELECT (current_bid IS NULL AND sale_price > 0)::text FROM bat_listings WHERE url = '{url}'"
        )),
        "true"
    );
}

#[test]
fn what_a_person_wrote_stays() {
    let site = Site::small();
    let url = site.listing("live");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    client.batch_execute("UPDATE vehicles SET make = 'Mine', trim = 'Also mine'; UPDATE bat_listings SET title = 'My title'").unwrap();
    site.set(json!({ "listing": url, "status": "sold" }));
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    assert_eq!(
        client.text("SELECT concat_ws('|', make, trim, auction_outcome) FROM vehicles"),
        "Mine|Also mine|sold"
    );
    assert_eq!(client.text("SELECT concat_ws('|', title, status) FROM bat_listings"), "My title|sold");
}

#[test]
fn one_bad_page_is_counted_and_the_others_stay() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let seller = site.partners()[0]["bat_username"].as_str().unwrap().to_owned();
    let listings: Vec<_> =
        site.partner_listings().into_iter().filter(|listing| listing["seller_username"] == *seller).collect();
    let bad = listings[0]["url"].as_str().unwrap();
    site.fault(path(bad), json!({ "kind": "empty_shell" }), None);
    let row = client.text(&format!(
        "SELECT concat_ws(' ', s.status, s.inserted, s.failed)
         FROM businesses AS b, bat_import_partner_vehicles(b.id, 100) AS s
         WHERE b.bat_username = '{seller}' LIMIT 1"
    ));
    assert_eq!(row, format!("partial {} 1", listings.len() - 1));
    // The body of the page that could not be read is kept.
    assert_eq!(
        client.number(&format!("SELECT count(*) FROM bat_pages WHERE url = '{bad}' AND parser_version = 0")),
        1
    );
}

#[test]
fn a_dry_run_writes_nothing_and_tells_what_it_would() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let partners = site.partners().len();
    assert_eq!(
        client.text(
            "SELECT concat_ws(' ', status, inserted, run_id IS NULL) FROM bat_index_partners(dry_run => true)"
        ),
        format!("done {partners} t")
    );
    assert_eq!(client.text("SELECT (to_regclass('businesses') IS NULL)::text"), "true");
    assert_eq!(
        client.number("SELECT (SELECT count(*) FROM bat_runs) + (SELECT count(*) FROM bat_fetches)"),
        0
    );
}

#[test]
fn a_member_page_that_robots_forbids_is_not_asked_for() {
    let site = Site::small();
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    let server = site.server();
    let mut client = server.client();
    let summary = client.text("CALL bat_ingest(skip_enrich => true)");
    assert!(summary.contains("partial"), "{summary}");
    assert_eq!(site.requests("/member/").len(), 0);
    assert_eq!(
        client.text("SELECT sqlstate || ' ' || (count > 0)::text FROM bat_problems WHERE kind = 'member'"),
        "38003 true"
    );
}

#[test]
fn relists_of_one_vehicle_do_not_overwrite_each_other() {
    let site = Site::start(bat_replica::Config {
        partners: 83,
        listings: 400,
        rel_next: true,
        ..Default::default()
    });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    assert!(client.number("SELECT count(*) FROM (SELECT FROM bat_listings GROUP BY vehicle_id HAVING count(*) > 1) AS relisted") > 0);
    // The vehicle says what its newest auction says.
    let differing = client.column(
        "SELECT v.bat_auction_url
         FROM vehicles AS v
         JOIN LATERAL (
             SELECT l.url, l.status FROM bat_listings AS l WHERE l.vehicle_id = v.id ORDER BY l.listing_id DESC LIMIT 1
         ) AS newest ON true
         WHERE v.bat_auction_url <> newest.url OR v.auction_outcome <> newest.status",
    );
    assert_eq!(differing, Vec::<String>::new());
    // Whole pages that say nothing new touch no row, in whatever order they come.
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    let before = writes(&mut client);
    for order in ["listing_id", "listing_id DESC"] {
        for url in client.column(&format!("SELECT url FROM bat_listings ORDER BY {order}")) {
            client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
        }
        assert_eq!(writes(&mut client), before);
    }
}

#[test]
fn what_an_adopted_table_fills_in_by_itself_is_left_to_it() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE TABLE vehicles (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                 \"trim\" text NOT NULL DEFAULT 'none',
                 era text DEFAULT 'unknown',
                 mine integer NOT NULL DEFAULT 7
             )",
        )
        .unwrap();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    for listing in site.partner_listings() {
        let url = listing["url"].as_str().unwrap();
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
        let row = client.json(&format!(
            "SELECT to_jsonb(v) FROM vehicles AS v JOIN bat_listings AS l ON l.vehicle_id = v.id WHERE l.url = '{url}'"
        ));
        let era = listing["era"].as_str().unwrap_or("unknown");
        assert_eq!(
            (&row["trim"], &row["era"], &row["mine"]),
            (&json!("none"), &json!(era), &json!(7)),
            "{url}"
        );
    }
}

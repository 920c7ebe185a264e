//! Another session stores the same listing, or its vehicle, while a worker has the page in hand.

use std::thread;

use crate::server::Session;
use crate::site::{Site, path};

/// A worker stores a sold listing, of which another session's open transaction has just made a row by `insert`; `$url` there is
/// the listing's. All rows must be there once, the page asked for once; `check` looks at the rest.
fn stored_while(insert: &str, check: impl FnOnce(&mut Session, &str)) {
    let site = Site::small();
    let server = site.server();
    let url = site.listing("sold");
    let mut other = server.client();
    other
        .batch_execute(&format!("SELECT bat_index_partners(); SELECT bat_enqueue('listing', '{url}')"))
        .unwrap();
    other.batch_execute(&format!("BEGIN; {}", insert.replace("$url", &url))).unwrap();
    let mut worker = server.client();
    let working = thread::spawn(move || worker.batch_execute("CALL bat_work(60, '{listing}')"));
    server.client().wait_until(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%bat_work%')",
    );
    other.batch_execute("COMMIT").unwrap();
    working.join().unwrap().unwrap();
    assert_eq!(site.requests(path(&url)).len(), 1, "the page was asked for once");
    assert_eq!(other.number("SELECT count(*) FROM bat_fetches WHERE url LIKE '%/listing/%'"), 1);
    assert_eq!(other.number("SELECT failed FROM bat_runs WHERE job = 'bat_work'"), 0);
    assert_eq!(other.number("SELECT count(*) FROM bat_tasks WHERE attempts > 0"), 0, "its task is done");
    for table in ["bat_listings", "bat_pages WHERE kind = 'listing'", "vehicles", "organization_vehicles"] {
        assert_eq!(other.number(&format!("SELECT count(*) FROM {table}")), 1, "{table}");
    }
    assert_eq!(
        other.column("SELECT l.status FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id"),
        ["sold"]
    );
    check(&mut other, &url);
}

#[test]
fn a_listing_that_another_session_stored_meanwhile_is_merged_with_its_row() {
    stored_while("INSERT INTO bat_listings (url, title) VALUES ('$url', 'by hand')", |client, _| {
        assert_eq!(client.column("SELECT title FROM bat_listings"), ["by hand"]);
    });
}

#[test]
fn a_vehicle_that_another_session_stored_meanwhile_is_the_listing_s() {
    stored_while("INSERT INTO vehicles (bat_auction_url, make) VALUES ('$url', 'by hand')", |client, url| {
        assert_eq!(
            client.column("SELECT make || ' ' || bat_auction_url FROM vehicles"),
            [format!("by hand {url}")]
        );
    });
}

//! The whole catalogue of a site that is larger than its feed: a full sweep that is interrupted twice, a sweep after it,
//! and all of its pages parsed again from the archive.

use std::thread;
use std::time::{Duration, Instant};

use bat_replica::Config;
use serde_json::json;

use crate::processor;
use crate::report::Report;
use crate::server::{Server, Session};
use crate::site::Site;

/// Auctions of the site: more than the 10,000 results that the feed shows for one query.
const LISTINGS: usize = 12_000;

/// How many listings are stored when the sweep is interrupted.
const INTERRUPTED_AT: [i64; 2] = [3_000, 9_000];

/// Path of the feed.
const FEED: &str = "/wp-json/";

/// Measures it, and checks what it brought.
pub fn measure(report: &mut Report) {
    let site = Site::start(Config { listings: LISTINGS, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    full(report, &site, &server, &mut client);
    incremental(report, &site, &mut client);
    archive(report, &mut client);
    reparse(report, &mut client);
}

fn full(report: &mut Report, site: &Site, server: &Server, client: &mut Session) {
    for rows in INTERRUPTED_AT {
        let mut session = server.client();
        let pid = session.text("SELECT pg_backend_pid()::text");
        let sweep = thread::spawn(move || session.batch_execute("CALL bat_sweep(full_history => true)"));
        while client.number("SELECT count(*) FROM bat_listings") < rows {
            thread::sleep(Duration::from_millis(50));
        }
        client.batch_execute(&format!("SELECT pg_terminate_backend({pid}, 10000)")).unwrap();
        assert!(sweep.join().unwrap().is_err(), "the sweep was not interrupted");
    }
    let (started, before) =
        (Instant::now(), client.number("SELECT count(seller_username) FROM bat_listings"));
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    let pages = client.number("SELECT count(seller_username) FROM bat_listings") - before;
    let rate = pages as f64 / started.elapsed().as_secs_f64();
    let stored = client.number("SELECT count(*) FROM bat_listings");
    assert_eq!(stored, LISTINGS as i64, "listings stored");
    let full = client.number(
        "SELECT count(*) FROM bat_listings AS l
         JOIN businesses AS b ON b.id = l.organization_id AND b.bat_username = l.seller_username
         WHERE l.vehicle_id IS NOT NULL",
    );
    assert_eq!(full, site.partner_urls().len() as i64, "listings of partners");
    let feed = site.requests(FEED).len() + site.requests("/auctions/").len();
    report.target(
        &format!("full sweep of {LISTINGS} listings, interrupted twice"),
        format!(
            "{stored} stored, none twice; {full} of partners ({:.0} %); {:.1} requests of the catalogue per 1,000 \
             new listings, and one of each listing's page; {rate:.0} pages/s",
            full as f64 * 100.0 / stored as f64,
            feed as f64 * 1000.0 / stored as f64
        ),
        "all, each once",
        true,
    );
}

fn incremental(report: &mut Report, site: &Site, client: &mut Session) {
    let live = site.listings("?status=live");
    let url = live[0]["url"].as_str().unwrap();
    site.set(json!({ "listing": url, "status": "sold" }));
    let before = site.requests("/").len();
    client.batch_execute("CALL bat_sweep()").unwrap();
    let requests = site.requests("/").len() - before;
    report.target(
        "a sweep after it, one auction ended since",
        format!("{requests} requests"),
        "under 10",
        requests < 10,
    );
}

fn archive(report: &mut Report, client: &mut Session) {
    let bytes = client
        .text("SELECT round(avg(octet_length(body)) / 1000, 1)::text FROM bat_pages WHERE kind = 'listing'");
    report.figure(&format!("archive: a listing page, mean of {LISTINGS}"), format!("{bytes} kB"));
}

/// All archived pages, as after an update of the parser.
fn reparse(report: &mut Report, client: &mut Session) {
    client.batch_execute("UPDATE bat_pages SET parser_version = 0").unwrap();
    client.batch_execute("VACUUM bat_pages").unwrap();
    let pages = client.number("SELECT count(*) FROM bat_pages WHERE kind = 'listing'");
    // Unpacked, as far as a sample tells.
    let size = client.number(
        "SELECT avg(octet_length(bat_page(url)))::bigint FROM (SELECT url FROM bat_pages WHERE kind = 'listing' LIMIT 200) AS p",
    );
    let pid = client.number("SELECT pg_backend_pid()");
    let (started, before) = (Instant::now(), processor::total(pid));
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    let (seconds, spent) = (started.elapsed().as_secs_f64(), processor::total(pid) - before);
    assert_eq!(
        client.number("SELECT count(*) FROM bat_pages WHERE kind = 'listing' AND parser_version = 0"),
        0
    );
    report.figure(
        &format!("{pages} pages parsed again from the archive, unchanged"),
        format!(
            "{:.0} pages/s, {:.0} MB/s; on one core, by its processor time, {:.0} pages/s, {:.0} MB/s",
            pages as f64 / seconds,
            (pages * size) as f64 / 1e6 / seconds,
            pages as f64 / spent,
            (pages * size) as f64 / 1e6 / spent
        ),
    );
}

//! What a listing costs among many others.

use std::time::Instant;

use crate::ingest;
use crate::processor::Processor;
use crate::report::Report;
use crate::server::Server;
use crate::site::Site;

/// Listings that are stored before the second part.
const STORED: usize = 250_000;

/// By how much a page may cost more then.
const TARGET: f64 = 1.1;

/// Rows as an ingest leaves them, each with keys of its own; without what is remembered of their fields, which no index
/// knows. A vehicle of five has a VIN.
const FILL: &str = "
    INSERT INTO vehicles (vin, year, make, model, title, bat_auction_url, discovery_url, listing_url, discovery_source)
    SELECT CASE WHEN n % 5 = 0 THEN 'WP0ZZZ99Z' || lpad(n::text, 8, '0') END, 1950 + n % 70, 'Make ' || n % 90,
        'Model ' || n % 900, 'Filled ' || n, u, u, u, 'bat'
    FROM generate_series(1, $1) AS n, LATERAL (SELECT 'https://bringatrailer.com/listing/filled-' || n || '/') AS t (u);
    INSERT INTO bat_listings (url, listing_id, title, status, vehicle_id, seller_username, ends_at, parser_version)
    SELECT v.bat_auction_url, 900000000 + row_number() OVER (), v.title, 'sold', v.id, 'filled' || v.year,
        now() - interval '1 year' * random(), 1
    FROM vehicles AS v WHERE v.title LIKE 'Filled %';
    INSERT INTO bat_pages (url, kind, status, sha256, body, fetched_at, parser_version)
    SELECT l.url, 'listing', 200, '\\x00', '\\x00', now(), 1 FROM bat_listings AS l WHERE l.title LIKE 'Filled %';
    VACUUM ANALYZE vehicles, bat_listings, bat_pages;
    CHECKPOINT";

/// Ingests the first half of the listings into empty tables, the second half among many.
pub fn measure(report: &mut Report, site: &Site, urls: &[String]) {
    let server = ingest::server(site, "max_wal_size = '8GB'");
    let (first, second) = urls.split_at(urls.len() / 2);
    // The first thousand warm up what a new session does once.
    let before = cost(&server, first);
    let fill = FILL.replace("$1", &STORED.to_string());
    for statement in fill.split(';') {
        server.client().batch_execute(statement).unwrap();
    }
    let after = cost(&server, second);
    report.target(
        &format!("cost of {} pages among {STORED} listings, beside that of {} among none", second.len(), first.len()),
        format!(
            "{:.2} and {:.2} ms of the backend's processor time for SQL a page, {:.2} times; {:.2} times the whole time",
            after.processor,
            before.processor,
            after.processor / before.processor,
            after.elapsed / before.elapsed
        ),
        &format!("at most {TARGET} times"),
        after.processor / before.processor <= TARGET,
    );
}

/// A page's milliseconds.
struct Cost {
    elapsed: f64,
    processor: f64,
}

fn cost(server: &Server, urls: &[String]) -> Cost {
    ingest::enqueue(server, urls);
    let mut session = server.client();
    let pid = session.number("SELECT pg_backend_pid()");
    let started = Instant::now();
    ingest::work_off(&mut session);
    let per_page = |seconds: f64| seconds * 1000.0 / urls.len() as f64;
    Cost {
        elapsed: per_page(started.elapsed().as_secs_f64()),
        processor: per_page(Processor::of(pid).backend),
    }
}

//! One request at a time per host, with the delay between the starts, over all sessions.

use std::thread;

use serde_json::json;

use crate::politeness;
use crate::server::Server;
use crate::site::{Site, path};

const DELAY_SECONDS: f64 = 0.2;

fn assert_kept(site: &Site, least: usize) {
    let log = site.requests("/");
    assert!(log.len() >= least, "only {} requests", log.len());
    politeness::assert_distances(&log, DELAY_SECONDS);
}

fn paced_server(site: &Site) -> Server {
    let delay = format!("bat_partners.request_delay = '{}ms'", DELAY_SECONDS * 1000.0);
    Server::start(&format!("{}{delay}", site.settings()))
}

#[test]
fn two_sessions_in_two_databases_share_the_delay() {
    let site = Site::small();
    let server = paced_server(&site);
    server.client().batch_execute("CREATE DATABASE other TEMPLATE template0").unwrap();
    server.session("postgres", "other").batch_execute("CREATE EXTENSION bat_partners").unwrap();
    let urls: Vec<String> = site
        .listings("?limit=6")
        .iter()
        .filter_map(|listing| listing["url"].as_str().map(str::to_owned))
        .collect();
    let sessions: Vec<_> = ["postgres", "other"]
        .map(|database| {
            let mut session = server.session("postgres", database);
            let urls = urls.clone();
            thread::spawn(move || {
                for url in urls {
                    session.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
                }
            })
        })
        .into();
    sessions.into_iter().for_each(|session| session.join().unwrap());
    assert_kept(&site, 14);
}

#[test]
fn an_error_does_not_shorten_the_delay() {
    let site = Site::small();
    let server = paced_server(&site);
    let mut client = server.client();
    for _ in 0..4 {
        assert_eq!(client.error("SELECT bat_import_listing('/listing/no-such-listing/')").sqlstate, "02000");
    }
    assert_kept(&site, 8);
}

/// A site may see a request at any time until it answers. Here it answers so late that jitter does not make up for that.
#[test]
fn the_delay_counts_from_the_answer() {
    const ANSWER_SECONDS: f64 = 0.09;
    let site = Site::small();
    let server = paced_server(&site);
    site.fault("/listing/", json!({ "kind": "slow", "seconds": ANSWER_SECONDS }), None);
    let mut client = server.client();
    for url in site.partner_urls().iter().take(4) {
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    }
    let starts: Vec<f64> = site.requests("/listing/").iter().map(politeness::start).collect();
    assert_eq!(starts.len(), 4);
    let least = starts.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let wanted = DELAY_SECONDS + ANSWER_SECONDS / 2.0;
    assert!(
        least > wanted,
        "two requests began {least:.3} s after one another, {wanted} s at least were wanted"
    );
}

#[test]
fn two_workers_share_the_delay_and_repeat_nothing() {
    let site = Site::small();
    let server = paced_server(&site);
    let mut client = server.client();
    for listing in site.listings("?limit=12") {
        let url = listing["url"].as_str().unwrap();
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    }
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let mut session = server.client();
            thread::spawn(move || session.batch_execute("CALL bat_work(60)").unwrap())
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks"), 0);
    assert_eq!(site.requests("/listing/").len(), 12);
    assert_kept(&site, 13);
}

#[test]
fn a_savepoint_that_is_rolled_back_keeps_no_turn() {
    let site = Site::small();
    let slow = site.listing("sold");
    site.fault(path(&slow), json!({ "kind": "slow", "seconds": 20 }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("BEGIN; SAVEPOINT s; SET LOCAL statement_timeout = '1s'").unwrap();
    assert_eq!(client.error(&format!("SELECT bat_import_listing('{slow}')")).sqlstate, "57014");
    assert_eq!(site.requests(path(&slow)).len(), 1);
    client.batch_execute("ROLLBACK TO s").unwrap();
    let turns = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2983";
    assert_eq!(client.number(turns), 0);
    // Another session is served meanwhile; then this one, in the same transaction.
    let mut other = server.client();
    other.batch_execute("SET statement_timeout = '10s'; SELECT bat_index_partners()").unwrap();
    client.batch_execute("SELECT bat_index_partners(); COMMIT").unwrap();
    assert_eq!(client.number(turns), 0);
}

#[test]
fn a_request_that_takes_longer_than_the_delay_keeps_its_turn() {
    let site = Site::small();
    let server = Server::start(&format!("{}bat_partners.request_delay = '10ms'", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls = site.partner_urls();
    for url in &urls[..3] {
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    }
    // The last two are slow: one of them at least is begun while the page before it is stored.
    for url in &urls[1..3] {
        site.fault(path(url), json!({ "kind": "slow", "seconds": 1.5 }), None);
    }
    let worker = {
        let mut worker = server.client();
        thread::spawn(move || worker.batch_execute("CALL bat_work(60)").unwrap())
    };
    site.await_requests(path(&urls[1]), 1);
    for url in &urls[3..7] {
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    }
    worker.join().unwrap();
    let log = site.requests("/listing/");
    let mut times: Vec<_> =
        log.iter().map(|entry| (politeness::start(entry), politeness::end(entry))).collect();
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert_eq!(times.len(), 7, "{log:?}");
    assert!(times.windows(2).all(|pair| pair[1].0 > pair[0].1 - politeness::TOLERANCE_SECONDS), "{log:?}");
}

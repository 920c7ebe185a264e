//! A host's health: rests that grow, the one request that ends them, delays that are stretched while it is in trouble.

use std::thread;

use serde_json::json;

use crate::politeness;
use crate::server::{Server, Session};
use crate::site::{Site, path};

/// What an operator would do who does not wait for the rest to end by itself.
const REST_IS_OVER: &str = "UPDATE bat_hosts SET resting_until = now() WHERE resting_until IS NOT NULL; UPDATE bat_tasks SET run_after = now()";

/// A server with so many listings enqueued; robots.txt has been read.
fn with_listings(site: &Site, settings: &str, count: usize) -> (Server, Session) {
    let server = Server::start(&format!("{}{settings}", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls: Vec<String> = site.partner_urls().into_iter().take(count).collect();
    assert_eq!(urls.len(), count);
    client.client.execute("SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u", &[&urls]).unwrap();
    (server, client)
}

#[test]
fn when_a_rest_is_over_one_request_finds_out_for_all() {
    let site = Site::small();
    let (server, mut client) = with_listings(&site, "", 6);
    site.fault("/listing/", json!({ "kind": "status", "status": 403 }), None);
    client.batch_execute("CALL bat_work(10)").unwrap();
    client.batch_execute(REST_IS_OVER).unwrap();
    let workers = [(); 3].map(|()| {
        let mut worker = server.client();
        thread::spawn(move || worker.batch_execute("CALL bat_work(10)").unwrap())
    });
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    assert_eq!(site.requests("/listing/").len(), 2);
    assert_eq!(
        client.number("SELECT refusals FROM bat_hosts WHERE resting_until > now() + interval '9 minutes'"),
        2
    );

    site.heal();
    client.batch_execute(REST_IS_OVER).unwrap();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 6);
    assert_eq!(client.number("SELECT refusals FROM bat_hosts WHERE resting_until IS NULL"), 0);
}

#[test]
fn the_second_429_in_a_row_means_twice_the_rest() {
    let site = Site::small();
    let (_server, mut client) = with_listings(&site, "", 1);
    site.fault("/listing/", json!({ "kind": "status", "status": 429, "retry_after": "100" }), None);
    let rest = "SELECT round(extract(epoch FROM resting_until - updated_at))::bigint FROM bat_hosts WHERE refusals > 0";
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.number(rest), 100);
    client.batch_execute(REST_IS_OVER).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.number(rest), 200);
}

#[test]
fn errors_stretch_the_delay_and_good_answers_shorten_it_slowly() {
    let site = Site::small();
    let (_server, mut client) = with_listings(&site, "bat_partners.request_delay = '50ms'", 12);
    let slowdown = "SELECT round(max(slowdown)::numeric, 3)::text FROM bat_hosts";
    assert_eq!(client.text(slowdown), "1.000");
    site.fault("/listing/", json!({ "kind": "status", "status": 503 }), Some(3));
    client.batch_execute("CALL bat_work(60, '{listing}', 3)").unwrap();
    assert_eq!(client.text(slowdown), "3.375");

    // A page that is gone comes quickly, and is no sign of health.
    let gone = site.partner_urls()[11].clone();
    site.fault(path(&gone), json!({ "kind": "status", "status": 404 }), None);
    client.batch_execute(&format!("UPDATE bat_tasks SET priority = 0 WHERE key = '{gone}'")).unwrap();
    client.batch_execute("CALL bat_work(60, '{listing}', 1)").unwrap();
    assert_eq!(client.text(slowdown), "3.375");

    let before = site.requests("/listing/").len();
    client.batch_execute("CALL bat_work(60, '{listing}', 3)").unwrap();
    // Three times a tenth off, unless this machine was so busy that an answer itself was slow.
    let after: f64 = client.text(slowdown).parse().unwrap();
    assert!((2.46..3.375).contains(&after), "{after}");
    let requests = site.requests("/listing/");
    let starts: Vec<f64> = requests[before..].iter().map(politeness::start).collect();
    // 50 ms, stretched by 3.0375 and 2.73375.
    for (pair, least) in starts.windows(2).zip([0.150, 0.135]) {
        assert!(pair[1] - pair[0] >= least - politeness::TOLERANCE_SECONDS, "{starts:?}");
    }
}

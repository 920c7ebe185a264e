//! Several hosts, several workers: none waits while there is work that may be done, and none works longer than told.

use std::thread;
use std::time::{Duration, Instant};

use bat_replica::{Config, SiteBase};
use serde_json::{Value, json};

use crate::politeness;
use crate::server::{Server, Session};
use crate::site::{Site, path};

const DELAY_SECONDS: f64 = 0.3;

/// How long a slow page takes, in seconds.
const SLOW_SECONDS: f64 = 2.0;

/// Tasks that are left. What is live is visited again later.
const DUE: &str = "SELECT count(*) FROM bat_tasks WHERE attempts > 0 OR run_after <= now()";

/// A site whose partners' own sites are on hosts of their own; listings and partners are enqueued. Of the partners
/// nothing is missing that would take more than their front pages.
fn two_hosts(delay_seconds: f64, listings: usize, partners: usize) -> (Site, Server) {
    let site =
        Site::start(Config { partners: 8, listings: 60, site_base: SiteBase::Hosts, ..Config::default() });
    let delay = format!("bat_partners.request_delay = '{}ms'", delay_seconds * 1000.0);
    let server = Server::start(&format!("{}{delay}", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client
        .batch_execute(
            "UPDATE businesses
             SET phone = '', email = '', address = '', description = '',
                 favicon_url = '', logo_url = '', banner_url = '', primary_image_url = ''",
        )
        .unwrap();
    let urls: Vec<String> = site.partner_urls().into_iter().take(listings).collect();
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    client.client.execute(sql, &[&urls]).unwrap();
    client
        .batch_execute(&format!(
            "SELECT bat_enqueue('enrich', b.id::text)
             FROM (SELECT id FROM businesses ORDER BY website LIMIT {partners}) AS b"
        ))
        .unwrap();
    (site, server)
}

/// The requests of the workers, of the site itself and of the partners' hosts: all after the directory's.
fn by_host(site: &Site) -> (Vec<Value>, Vec<Value>) {
    let main = site.url().replace("http://", "");
    let all = site.requests("/").into_iter();
    let (own, others): (Vec<Value>, Vec<Value>) = all.partition(|entry| entry["host"] == main.as_str());
    let own =
        own.into_iter().filter(|entry| entry["path"].as_str().unwrap().starts_with("/listing/")).collect();
    (own, others)
}

fn claimed(client: &mut Session, kinds: &str) -> (i64, String, String) {
    let run = client.number(&format!("SELECT bat_begin_work(60, {kinds}, NULL)"));
    let step = client.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
    let (task, token) = step.split_once(',').expect("a task");
    (run, task.to_owned(), token.to_owned())
}

/// How many requests were still under way, or began, after so many seconds since `start`.
fn beyond(site: &Site, start: f64, seconds: i32) -> usize {
    let end = start + f64::from(seconds);
    site.requests("/")
        .iter()
        .filter(|entry| politeness::start(entry) > start && politeness::end(entry) > end)
        .count()
}

#[test]
fn a_worker_that_has_to_keep_its_distance_at_one_host_works_at_another() {
    let (site, server) = two_hosts(DELAY_SECONDS, 6, 3);
    server.client().batch_execute("CALL bat_work(60)").unwrap();
    let (own, others) = by_host(&site);
    assert_eq!((own.len(), server.client().number(DUE)), (6, 0));
    // Between the first and the last listing the partners' hosts are asked too.
    let (first, last) = (politeness::start(&own[0]), politeness::start(&own[5]));
    let between = others.iter().map(politeness::start).filter(|start| (first..last).contains(start)).count();
    assert!(between >= 3, "only {between} of {} requests to the partners' hosts", others.len());
    politeness::assert_distances(&site.requests("/"), DELAY_SECONDS);
}

#[test]
fn two_workers_serve_two_hosts_side_by_side() {
    let (site, server) = two_hosts(DELAY_SECONDS, 10, 1);
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let mut session = server.client();
            thread::spawn(move || session.batch_execute("CALL bat_work(60)").unwrap())
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    assert_eq!(server.client().number(DUE), 0);
    let (own, others) = by_host(&site);
    let last = others.iter().map(politeness::end).fold(0.0, f64::max);
    assert!(others.len() >= 2 && last < politeness::start(&own[9]), "the partner's host came last");
    let gaps = own.windows(2).map(|pair| politeness::start(&pair[1]) - politeness::start(&pair[0]));
    let idle = gaps.fold(0.0, f64::max);
    assert!(idle < 4.0 * DELAY_SECONDS, "{idle:.2} s without a request, at a delay of {DELAY_SECONDS} s");
    // First by the workers' own clock: beside other work on the machine a site may note a request late, and only this tells
    // that from one that was sent too soon.
    let too_soon = server.client().column(&format!(
        "SELECT concat_ws(' ', f.host, f.requested_at, f.gap)
         FROM (
             SELECT host, requested_at, requested_at - lag(requested_at) OVER (PARTITION BY host ORDER BY requested_at) AS gap
             FROM bat_fetches
         ) AS f
         WHERE f.gap < interval '{DELAY_SECONDS} seconds'"
    ));
    assert_eq!(too_soon, [""; 0]);
    politeness::assert_distances(&site.requests("/"), DELAY_SECONDS);
}

#[test]
fn while_one_worker_has_a_host_another_does_what_else_there_is() {
    let (site, server) = two_hosts(0.0, 3, 3);
    let slow = site.partner_urls()[0].clone();
    site.fault(path(&slow), json!({ "kind": "slow", "seconds": SLOW_SECONDS }), Some(1));
    let mut first = server.client();
    let first = thread::spawn(move || first.batch_execute("CALL bat_work(60, '{listing}')").unwrap());
    site.await_requests(path(&slow), 1);
    let mut second = server.client();
    second.batch_execute("CALL bat_work(60)").unwrap();
    first.join().unwrap();
    let (own, others) = by_host(&site);
    let slow = own.iter().find(|entry| entry["fault"] == "slow").unwrap();
    let last = others.iter().map(politeness::end).fold(0.0, f64::max);
    assert!(others.len() >= 3 && last < politeness::end(slow), "it waited for the other worker's page");
}

#[test]
fn a_worker_at_a_slow_host_does_not_keep_others_from_the_host_it_was_at_before() {
    let (site, server) = two_hosts(DELAY_SECONDS, 2, 1);
    let urls = site.partner_urls();
    let mut client = server.client();
    let partner = client.text("SELECT host FROM bat_tasks WHERE kind = 'enrich'");
    client
        .batch_execute(&format!("UPDATE bat_tasks SET run_after = 'tomorrow' WHERE key = '{}'", urls[1]))
        .unwrap();
    let mut first = server.client();
    // robots.txt of the partner's host, which is asked for next, takes long.
    site.fault("/robots.txt", json!({ "kind": "slow", "seconds": 2.0 * SLOW_SECONDS }), None);
    let first = thread::spawn(move || first.batch_execute("CALL bat_work(60)").unwrap());
    let asked =
        |site: &Site| site.requests("/robots.txt").iter().any(|entry| entry["host"] == partner.as_str());
    while !asked(&site) {
        thread::sleep(Duration::from_millis(10));
    }
    client
        .batch_execute(&format!("UPDATE bat_tasks SET run_after = now() WHERE key = '{}'", urls[1]))
        .unwrap();
    let started = Instant::now();
    client.batch_execute("CALL bat_work(60, '{listing}')").unwrap();
    let waited = started.elapsed();
    first.join().unwrap();
    assert!(waited.as_secs_f64() < SLOW_SECONDS, "it took {waited:?} to get the turn at an idle host");
}

#[test]
fn a_worker_whose_host_was_taken_after_its_claim_does_what_else_there_is() {
    let (site, server) = two_hosts(0.0, 2, 3);
    let urls = site.partner_urls();
    site.fault(path(&urls[0]), json!({ "kind": "slow", "seconds": SLOW_SECONDS }), Some(1));
    let mut client = server.client();
    client.batch_execute(&format!("UPDATE bat_tasks SET priority = 0 WHERE key = '{}'", urls[1])).unwrap();
    // A task that was tried before is never claimed ahead of its turn.
    client.batch_execute(&format!("UPDATE bat_tasks SET attempts = 1 WHERE key = '{}'", urls[0])).unwrap();
    let mut late = server.client();
    let (run, task, token) = claimed(&mut late, "'{listing}'");
    let mut other = server.client();
    let other = thread::spawn(move || other.batch_execute("CALL bat_work(60, '{listing}')").unwrap());
    site.await_requests(path(&urls[0]), 1);
    let started = Instant::now();
    late.batch_execute(&format!("SELECT bat_perform({run}, {task}, '{token}')")).unwrap();
    let waited = started.elapsed();
    other.join().unwrap();
    assert!(
        waited < Duration::from_secs_f64(SLOW_SECONDS / 2.0),
        "it waited {waited:?} for another worker's page"
    );
}

#[test]
fn work_ends_with_the_request_during_which_its_time_runs_out() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls: Vec<String> = site.partner_urls().into_iter().take(4).collect();
    client.client.execute("SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u", &[&urls]).unwrap();
    site.fault("/listing/", json!({ "kind": "slow", "seconds": SLOW_SECONDS }), None);
    let (start, started) = (politeness::now(), Instant::now());
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert!(started.elapsed().as_secs_f64() < SLOW_SECONDS + 1.0, "{:?}", started.elapsed());
    assert_eq!(beyond(&site, start, 1), 1);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 1);
}

#[test]
fn a_task_of_several_pages_does_not_overrun_the_time_by_more_than_one() {
    let (site, server) = two_hosts(0.0, 0, 1);
    let mut client = server.client();
    let host = client.text("SELECT host FROM bat_tasks");
    assert!(host.starts_with("127.0.1."), "{host}");
    site.fault("/", json!({ "kind": "slow", "seconds": SLOW_SECONDS }), None);
    let start = politeness::now();
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(beyond(&site, start, 1), 1);
}

#[test]
fn a_worker_serves_all_hosts_in_turn() {
    let (site, server) = two_hosts(0.0, 6, 1);
    let mut client = server.client();
    // Tasks that were tried before are not claimed ahead: each is chosen anew.
    client.batch_execute("UPDATE bat_tasks SET attempts = 1").unwrap();
    client.batch_execute("CALL bat_work(60, NULL, 2)").unwrap();
    let (own, others) = by_host(&site);
    assert_eq!(
        own.iter().filter(|entry| entry["path"].as_str().unwrap().starts_with("/listing/")).count(),
        1
    );
    assert!(!others.is_empty(), "the other host waited until the first had nothing left");
}

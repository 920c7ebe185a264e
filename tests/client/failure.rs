//! What goes wrong with workers, the server and the site, and what must not follow from it.

use std::thread;

use bat_replica::Config;
use serde_json::{Value, json};

use crate::fidelity;
use crate::politeness::{self, Events};
use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::workers;

/// Attempts before a task is dead, in these tests.
const MAX_ATTEMPTS: usize = 3;

/// Delay between two requests, where it matters.
const DELAY_SECONDS: f64 = 2.0;

fn enqueue(client: &mut Session, urls: &[String]) {
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    client.client.execute(sql, &[&urls]).unwrap();
}

/// URLs of so many listings that are there.
fn some_listings(site: &Site, count: usize) -> Vec<String> {
    let listings = site.partner_listings();
    // Live ones are to be visited again: their tasks stay.
    let ended = listings.iter().filter(|listing| listing["status"] != "live");
    let mut urls: Vec<String> =
        ended.filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect();
    urls.sort();
    assert!(urls.len() > count, "the site has enough listings");
    urls.truncate(count);
    urls
}

fn host(site: &Site) -> String {
    site.url().replace("http://", "")
}

#[test]
fn a_late_writer_whose_lease_ran_out_changes_nothing() {
    let site = Site::start(Config { partners: 8, listings: 60, extra_hosts: 1, ..Config::default() });
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 4 }), Some(1));
    let server = site.server();
    let mut client = server.client();
    enqueue(&mut client, std::slice::from_ref(&url));
    let mut late = server.client();
    let late = thread::spawn(move || late.batch_execute("CALL bat_work(60)").unwrap());
    site.await_requests(path(&url), 1);

    // The host's turn is the late writer's; the same site has another address.
    let other = site.url().replace("127.0.0.1", "127.0.0.2");
    client
        .batch_execute(&format!(
            "UPDATE bat_tasks SET lease_until = now() - interval '1 second', host = '{}';
             SET bat_partners.base_url = '{other}'",
            other.replace("http://", "")
        ))
        .unwrap();
    client.batch_execute("CALL bat_work(60)").unwrap();
    let stored = "SELECT to_jsonb(l) FROM bat_listings AS l";
    let before = client.json(stored);
    assert_eq!(client.text("SELECT string_agg(status, ' ' ORDER BY id) FROM bat_runs"), "running done");
    // What the late writer is about to read is not what the other has stored.
    site.set(json!({ "listing": url, "price": 9_876_543 }));
    late.join().unwrap();

    assert_eq!(client.json(stored), before);
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks"), 0);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
    let counts = "SELECT string_agg(concat_ws(' ', status, found, inserted, requests), ', ' ORDER BY id) FROM bat_runs";
    assert_eq!(client.text(counts), "nothing_to_do 0 0 2, done 1 1 2");
}

#[test]
fn a_page_that_kills_its_backend_is_dead_after_its_attempts_and_the_others_are_done() {
    let site = Site::small();
    let urls = some_listings(&site, 6);
    let killer = urls[2].clone();
    site.fault(path(&killer), json!({ "kind": "slow", "seconds": 60 }), None);
    let server = Server::start(&format!("{}bat_partners.max_attempts = {MAX_ATTEMPTS}", site.settings()));
    enqueue(&mut server.client(), &urls);
    let mut client = workers::beside(&server, 2, "CALL bat_work(60)", || {
        for attempt in 1..=MAX_ATTEMPTS {
            site.await_requests(path(&killer), attempt);
            let pid = server.client().text(
                "SELECT r.pid FROM bat_runs AS r JOIN bat_tasks AS t ON t.run_id = r.id WHERE t.state = 'running'",
            );
            server.kill(&pid);
            server.await_restart(attempt);
        }
        let mut client = server.await_client();
        client.wait_until("SELECT count(*) = 0 FROM bat_tasks WHERE state <> 'dead'");
        client
    });
    assert_eq!(
        client.column("SELECT concat_ws(' ', key, state, attempts, last_sqlstate) FROM bat_tasks"),
        [format!("{killer} dead {MAX_ATTEMPTS} 57P01")]
    );
    let done: Vec<&String> = urls.iter().filter(|url| **url != killer).collect();
    let stored = client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\"");
    assert_eq!(stored.iter().collect::<Vec<_>>(), done);
    assert_eq!(site.requests(path(&killer)).len(), MAX_ATTEMPTS);
    assert_eq!(client.number("SELECT count FROM bat_problems WHERE sqlstate = '57P01'"), 1);
}

#[test]
fn after_the_postmaster_was_killed_the_work_goes_on_by_itself() {
    let site = Site::small();
    let urls = some_listings(&site, 20);
    site.fault(path(&urls[10]), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &urls);
    drop(client);
    let mut client = workers::beside(&server, 2, "CALL bat_work(60)", || {
        site.await_requests(path(&urls[10]), 1);
        server.kill_postmaster();
        server.launch();
        let mut client = server.await_client();
        client.wait_until("SELECT count(*) = 0 FROM bat_tasks");
        client
    });
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), urls);
    let (compared, found) = fidelity::compare(&site, &mut client);
    assert_eq!((compared, found), (urls.len(), Vec::new()));
    assert_eq!(client.number("SELECT count(*) - count(DISTINCT bat_auction_url) FROM vehicles"), 0);
    // What was committed before is not asked for again. Each worker may have had two pages in hand: one that it
    // stored, and the next one under way.
    let again = site.requests("/listing/").len() - urls.len();
    assert!((1..=4).contains(&again), "{again} pages were asked for again");
}

#[test]
fn a_crash_does_not_shorten_the_delay() {
    let site = Site::small();
    let urls = some_listings(&site, 3);
    site.fault(path(&urls[0]), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server =
        Server::start(&format!("{}bat_partners.request_delay = '{DELAY_SECONDS}s'", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &urls);
    workers::beside(&server, 2, "CALL bat_work(60)", || {
        site.await_requests(path(&urls[0]), 1);
        let pid = client.text(
            "SELECT r.pid FROM bat_runs AS r JOIN bat_tasks AS t ON t.run_id = r.id WHERE t.state = 'running'",
        );
        server.kill(&pid);
        server.await_restart(1);
        server.await_client().wait_until("SELECT count(*) = 0 FROM bat_tasks");
    });
    politeness::assert_distances(&site.requests("/"), DELAY_SECONDS);
}

/// A worker has claimed a listing when another worker gets this answer to another listing. Returns the first one's task.
fn answered_meanwhile(answer: &Value) -> (Site, Server, String) {
    let site = Site::small();
    let urls = some_listings(&site, 2);
    let server = site.server();
    let mut first = server.client();
    enqueue(&mut first, &urls[1..]);
    // Reads robots.txt, so that the page is the next request.
    first.batch_execute("SELECT bat_index_partners()").unwrap();
    let run = first.number("SELECT bat_begin_work(60, NULL, NULL)");
    let step = first.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
    let (task, token) = step.split_once(',').unwrap();

    site.fault(path(&urls[0]), answer.clone(), Some(1));
    let mut other = server.client();
    enqueue(&mut other, &urls[..1]);
    other.batch_execute("CALL bat_work(60, NULL, 1)").unwrap();
    first.batch_execute(&format!("SELECT bat_perform({run}, {task}, '{token}')")).unwrap();
    assert_eq!(site.requests("/listing/").len(), 1);
    (site, server, task.to_owned())
}

#[test]
fn a_worker_with_a_task_in_hand_sees_that_the_host_refused_meanwhile() {
    let (_site, server, task) = answered_meanwhile(&json!({ "kind": "status", "status": 403 }));
    let state =
        format!("SELECT concat_ws(' ', state, attempts, last_sqlstate) FROM bat_tasks WHERE id = {task}");
    assert_eq!(server.client().text(&state), "ready 0 55000");
}

#[test]
fn a_session_that_waited_for_its_turn_sees_that_the_host_refused_meanwhile() {
    let site = Site::small();
    let urls = some_listings(&site, 2);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let refusal = json!({ "kind": "slow", "seconds": 1, "then": { "kind": "status", "status": 403 } });
    site.fault(path(&urls[0]), refusal, Some(1));
    let mut other = server.client();
    enqueue(&mut other, &urls[..1]);
    let other = thread::spawn(move || other.batch_execute("CALL bat_work(60, NULL, 1)").unwrap());
    site.await_requests(path(&urls[0]), 1);
    let failure = client.error(&format!("SELECT bat_import_listing('{}')", urls[1]));
    other.join().unwrap();
    assert_eq!((failure.sqlstate.as_str(), site.requests("/listing/").len()), ("55000", 1));
}

#[test]
fn a_task_waits_no_longer_than_its_host_rests() {
    let busy = json!({ "kind": "status", "status": 429, "retry_after": "2" });
    let (site, server, task) = answered_meanwhile(&busy);
    let mut client = server.client();
    let wait = format!("SELECT run_after <= now() + interval '2 seconds' FROM bat_tasks WHERE id = {task}");
    assert_eq!(client.text(&wait), "t");
    client.wait_until("SELECT bool_and(run_after <= now()) FROM bat_tasks");
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(site.requests("/listing/").len(), 3);
    politeness::assert_retry_after(&site.requests("/"), &Events::default());
}

#[test]
fn a_refusal_is_minded_though_another_transaction_has_the_host_s_row() {
    let site = Site::small();
    let server = site.server();
    let mut other = server.client();
    other.batch_execute("SELECT bat_setup()").unwrap();
    other.batch_execute("BEGIN; SELECT bat_index_partners()").unwrap();
    let mut client = server.client();
    enqueue(&mut client, &some_listings(&site, 5));
    site.fault("/listing/", json!({ "kind": "status", "status": 403 }), None);
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(site.requests("/listing/").len(), 1);
    assert_eq!(
        client.column("SELECT attempts FROM bat_tasks ORDER BY attempts DESC"),
        ["1", "0", "0", "0", "0"]
    );
    other.batch_execute("COMMIT").unwrap();
}

#[test]
fn a_robots_txt_that_cannot_be_read_costs_no_task_its_life() {
    let site = Site::small();
    site.fault("/robots.txt", json!({ "kind": "status", "status": 500 }), None);
    let urls = some_listings(&site, 8);
    let server = Server::start(&format!("{}bat_partners.max_attempts = 2", site.settings()));
    let mut client = server.client();
    enqueue(&mut client, &urls);
    for _ in 0..4 {
        client.batch_execute("UPDATE bat_tasks SET run_after = now() WHERE state = 'ready'").unwrap();
        client.batch_execute("CALL bat_work(10)").unwrap();
    }
    assert_eq!(client.column("SELECT DISTINCT state FROM bat_tasks"), ["ready"]);
    assert_eq!((site.requests("/robots.txt").len(), site.requests("/listing/").len()), (1, 0));

    site.heal();
    // As after five minutes.
    let later =
        "UPDATE bat_hosts SET robots_fetched_at = now() - interval '6 minutes', resting_until = now();
                 UPDATE bat_tasks SET run_after = now()";
    client.batch_execute(later).unwrap();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), urls);
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "done");
}

#[test]
fn a_cool_down_outlives_a_crash() {
    let site = Site::small();
    let urls = some_listings(&site, 4);
    site.fault(path(&urls[0]), json!({ "kind": "block_page", "status": 200 }), None);
    let server = site.server();
    let mut client = server.client();
    enqueue(&mut client, &urls);
    client.batch_execute("CALL bat_work(60)").unwrap();
    let asked = site.requests("/").len();
    server.stop("immediate");
    server.launch();
    let mut client = server.client();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(site.requests("/").len(), asked);
    // However long the refused page and those behind it were to wait: the end of the rest is theirs.
    client.batch_execute("UPDATE bat_tasks SET run_after = now() + interval '1 hour'").unwrap();
    assert_eq!(client.text(&format!("SELECT bat_resume('{}')", host(&site))), "t");
    site.heal();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), urls);
}

//! How a run ends, and who hears of it.

use std::thread;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// The payloads that a session has heard, after it was told at least `count` of them.
fn heard(listener: &mut Session, count: usize) -> Vec<Value> {
    let mut payloads = Vec::new();
    let mut notifications = listener.client.notifications();
    let mut arriving = notifications.timeout_iter(Duration::from_secs(30));
    while payloads.len() < count {
        let notification = arriving.next().unwrap().expect("a notification");
        assert_eq!(notification.channel(), "bat_partners");
        assert!(notification.payload().len() < 8000);
        payloads.push(serde_json::from_str(notification.payload()).unwrap());
    }
    payloads
}

/// The last run ended in this way, with counts that add up, and a listener heard exactly that.
fn assert_ended(listener: &mut Session, client: &mut Session, status: &str) -> Value {
    let run = client.json("SELECT to_jsonb(r) FROM bat_runs AS r ORDER BY id DESC LIMIT 1");
    assert_eq!(run["status"], status, "{run}");
    assert!(!run["finished_at"].is_null(), "{run}");
    let count = |name: &str| run[name].as_i64().unwrap();
    let parts = ["inserted", "updated", "unchanged", "skipped", "failed"];
    assert_eq!(count("found"), parts.into_iter().map(count).sum::<i64>(), "{run}");
    let payload = heard(listener, 1).remove(0);
    for name in parts.into_iter().chain(["found", "requests", "job", "status", "message"]) {
        assert_eq!(payload[name], run[name], "{name}: {payload} {run}");
    }
    assert_eq!(payload["run_id"], run["id"]);
    run
}

#[test]
fn a_run_ends_in_one_of_five_ways_and_a_listener_hears_each() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let mut listener = server.client();
    listener.batch_execute("LISTEN bat_partners").unwrap();
    client.batch_execute("SELECT bat_setup()").unwrap();

    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_ended(&mut listener, &mut client, "nothing_to_do");

    let url = site.listing("sold");
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let run = assert_ended(&mut listener, &mut client, "done");
    assert_eq!((&run["inserted"], &run["tasks"]), (&json!(1), &json!(1)));

    client.batch_execute("SELECT bat_enqueue('listing', '/listing/never-was/')").unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let run = assert_ended(&mut listener, &mut client, "failed");
    assert_eq!((&run["failed"], &run["tasks"]), (&json!(1), &json!(1)));

    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    client.batch_execute("SELECT bat_enqueue('listing', '/listing/was-never/')").unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let run = assert_ended(&mut listener, &mut client, "partial");
    assert_eq!((&run["failed"], &run["unchanged"]), (&json!(1), &json!(1)));

    site.fault("/listing/", json!({ "kind": "block_page", "status": 403 }), None);
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_ended(&mut listener, &mut client, "blocked");
    // The host rests now: whoever comes next can do nothing, and says why.
    let asked = site.requests("/").len();
    client.batch_execute("UPDATE bat_tasks SET run_after = now() WHERE state = 'ready'").unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let run = assert_ended(&mut listener, &mut client, "blocked");
    assert!(run["message"].as_str().unwrap().contains("left alone"), "{run}");
    assert_eq!(site.requests("/").len(), asked);
    for line in [
        "is left alone: the site blocks this crawler",
        "listing https://bringatrailer.com/listing/never-was/ is dead",
    ] {
        assert!(server.log().contains(line), "{line}");
    }
    let host = client.text("SELECT host FROM bat_hosts WHERE resting_until IS NOT NULL");
    client.batch_execute(&format!("SELECT bat_resume('{host}')")).unwrap();
    assert!(server.log().contains("was ended by hand"));
}

#[test]
fn a_job_in_a_transaction_is_heard_when_it_is_committed_and_a_dry_run_never() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let mut listener = server.client();
    listener.batch_execute("LISTEN bat_partners").unwrap();
    client.batch_execute("SELECT bat_index_partners(dry_run => true)").unwrap();
    client.batch_execute("BEGIN; SELECT bat_index_partners(); ROLLBACK").unwrap();
    client.batch_execute("SELECT bat_index_partners(max_partners => 2)").unwrap();
    let payload = heard(&mut listener, 1).remove(0);
    assert_eq!((&payload["job"], &payload["inserted"]), (&json!("bat_index_partners"), &json!(2)));
}

#[test]
fn a_message_that_is_too_long_for_a_notification_is_cut() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE FUNCTION long() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN NEW.message := repeat(chr(1), 9000); RETURN NEW; END';
             CREATE TRIGGER long BEFORE UPDATE OF message ON bat_runs FOR EACH ROW EXECUTE FUNCTION long();
             LISTEN bat_partners",
        )
        .unwrap();
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(heard(&mut client, 1)[0]["message"].as_str().unwrap().len(), 1000);
    assert_eq!(client.number("SELECT length(message) FROM bat_runs"), 9000);
}

/// A server with an ingest under way, which hangs at a listing.
fn hanging_ingest(site: &Site) -> (Server, String) {
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server = site.server();
    let mut worker = server.client();
    thread::spawn(move || {
        // It is terminated.
        let _ = worker.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)");
    });
    server
        .client()
        .wait_until(&format!("SELECT EXISTS (SELECT FROM bat_progress WHERE page = 'listing {url}')"));
    (server, url)
}

#[test]
fn progress_is_seen_from_other_sessions_and_a_lost_run_is_told() {
    let site = Site::small();
    let (server, url) = hanging_ingest(&site);
    let mut client = server.client();
    let progress = client.json("SELECT to_jsonb(p) FROM bat_progress AS p");
    assert_eq!(progress["job"], "bat_ingest");
    assert_eq!(progress["state"], "at a page");
    assert_eq!(progress["started_by"], "postgres");
    assert_eq!(progress["page"], format!("listing {url}"));
    assert_eq!(progress["waits_for"], "Extension: Extension");
    for name in ["tasks_done", "tasks_left", "tasks_per_second", "found", "requests"] {
        assert!(progress[name].as_f64().unwrap() > 0.0, "{name}: {progress}");
    }
    assert!(client.text("SELECT time_left > interval '0' FROM bat_progress") == "t", "{progress}");
    let left =
        "SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND (attempts > 0 OR run_after <= now())";
    assert_eq!(progress["tasks_left"], client.number(left));
    // One who may see nothing but the view.
    client.batch_execute("CREATE ROLE onlooker LOGIN; GRANT SELECT ON bat_progress TO onlooker").unwrap();
    let mut onlooker = server.session("onlooker", "postgres");
    assert_eq!(onlooker.text("SELECT pid FROM bat_progress"), progress["pid"].to_string());

    client.batch_execute("LISTEN bat_partners; SELECT pg_terminate_backend(pid) FROM bat_progress").unwrap();
    client.wait_until("SELECT state = 'lost' FROM bat_progress");
    site.heal();
    client.batch_execute("CALL bat_work(30, max_tasks => 1)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_progress"), 0);
    let payloads = heard(&mut client, 2);
    assert_eq!((&payloads[0]["job"], &payloads[0]["status"]), (&json!("bat_ingest"), &json!("failed")));
    assert_eq!(payloads[0]["run_id"], progress["run_id"]);
    assert!(payloads[0]["message"].as_str().unwrap().starts_with("interrupted"));
    assert_eq!(payloads[1]["job"], "bat_work");
    assert!(server.log().contains("of bat_ingest was lost"));
}

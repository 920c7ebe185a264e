//! What a person asks of the queue is not taken back by what asks by itself.

use serde_json::json;

use crate::site::{Site, path};

#[test]
fn what_a_person_asks_for_replaces_the_options_of_a_task_that_waits_and_stays() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners(); SELECT bat_enqueue_due('inventory')").unwrap();
    let dealer = client.text("SELECT key FROM bat_tasks WHERE kind = 'inventory' ORDER BY key LIMIT 1");
    client.batch_execute("TRUNCATE bat_tasks").unwrap();
    let options = "SELECT options ->> 'run_mode' FROM bat_tasks WHERE kind = 'inventory'";
    client
        .batch_execute(&format!(
            "SELECT bat_enqueue('inventory', '{dealer}');
             UPDATE bat_tasks SET host = 'moved.test';
             SELECT bat_enqueue('inventory', '{dealer}', now() + interval '1 day', run_mode => 'both')"
        ))
        .unwrap();
    assert_eq!(client.text(options), "both");
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE host = 'moved.test'"), 0);
    // The schedule asks for the same dealer: now, and not for less.
    client.batch_execute("SELECT bat_enqueue_due('inventory')").unwrap();
    assert_eq!(client.column(&format!("{options} AND key = '{dealer}'")), ["both"]);
    assert_eq!(
        client
            .number(&format!("SELECT count(*) FROM bat_tasks WHERE key = '{dealer}' AND run_after <= now()")),
        1
    );
    client
        .batch_execute(&format!("SELECT bat_enqueue('inventory', '{dealer}', run_mode => 'current')"))
        .unwrap();
    assert_eq!(client.column(&format!("{options} AND key = '{dealer}'")), ["current"]);
}

#[test]
fn a_listing_that_a_person_asks_for_is_imported_whole_though_the_catalogue_tells_of_it_too() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    // Nobody is a partner: the catalogue asks for light rows.
    let url = site.listing("sold");
    for by_hand_first in [true, false] {
        client.batch_execute("TRUNCATE bat_tasks").unwrap();
        let by_hand = format!("SELECT bat_enqueue('listing', '{url}')");
        let by_catalogue = format!(
            "INSERT INTO bat_tasks (kind, key, host, priority, options)
             VALUES ('listing', '{url}', '{}', 40, '{{\"light\": true}}')",
            site.url().replace("http://", "")
        );
        if by_hand_first {
            client.batch_execute(&by_hand).unwrap();
            client.batch_execute("CALL bat_sweep()").unwrap();
        } else {
            client.batch_execute(&by_catalogue).unwrap();
            client.batch_execute(&by_hand).unwrap();
            client.batch_execute("CALL bat_work(30)").unwrap();
        }
        assert_eq!(
            client.column(&format!("SELECT vehicle_id IS NOT NULL FROM bat_listings WHERE url = '{url}'")),
            ["t"]
        );
        client.batch_execute("TRUNCATE bat_listings, vehicles, bat_pages").unwrap();
    }
}

#[test]
fn a_pause_by_hand_keeps_its_name_whatever_an_answer_under_way_says() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let host = site.url().replace("http://", "");
    for status in [429, 403] {
        let then = json!({ "kind": "status", "status": status, "retry_after": "600" });
        site.fault(path(&url), json!({ "kind": "slow", "seconds": 2, "then": then }), None);
        let mut client = server.client();
        client
            .batch_execute(&format!("SELECT bat_resume('{host}'), bat_enqueue('listing', '{url}')"))
            .unwrap();
        let asked = site.requests(path(&url)).len();
        let mut worker = server.client();
        let worker = std::thread::spawn(move || worker.batch_execute("CALL bat_work(5)"));
        site.await_requests(path(&url), asked + 1);
        client.batch_execute(&format!("SELECT bat_pause('{host}')")).unwrap();
        worker.join().unwrap().unwrap();
        assert_eq!(
            client.column(
                "SELECT concat_ws(' ', resting_reason, resting_until > now() + interval '50 years') FROM bat_hosts
                 WHERE resting_until IS NOT NULL"
            ),
            ["paused by hand t"],
            "{status}"
        );
        site.heal();
    }
}

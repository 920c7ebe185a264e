//! Tasks: claimed once, settled once, retried, dead, revived.

use serde_json::json;

use crate::site::{Site, path};

#[test]
fn a_task_that_keeps_failing_is_dead_with_its_error_and_can_be_revived() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 500 }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SET bat_partners.max_attempts = 2").unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    for expected in ["ready 1", "dead 2"] {
        client.batch_execute("UPDATE bat_tasks SET run_after = now()").unwrap();
        client.batch_execute("CALL bat_work(10)").unwrap();
        assert_eq!(client.text("SELECT state || ' ' || attempts FROM bat_tasks"), expected);
    }
    assert_eq!(client.text("SELECT last_sqlstate FROM bat_tasks"), "08006");
    assert!(client.text("SELECT last_error FROM bat_tasks").contains("answered 500"));
    assert_eq!(
        client.text("SELECT status || ' ' || failed FROM bat_runs ORDER BY id DESC LIMIT 1"),
        "failed 1"
    );
    site.heal();
    assert_eq!(client.number("SELECT bat_retry('listing')"), 1);
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks"), 0);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 1);
}

#[test]
fn a_worker_whose_lease_was_taken_changes_nothing() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    let run = client.number("SELECT bat_begin_work(60, NULL, NULL)");
    let step = client.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
    let (task, token) = step.split_once(',').unwrap();
    client.batch_execute("UPDATE bat_tasks SET token = gen_random_uuid()").unwrap();
    client.batch_execute(&format!("SELECT bat_perform({run}, {task}, '{token}')")).unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 0);
    assert_eq!(client.text("SELECT state FROM bat_tasks"), "running");
}

#[test]
fn the_site_s_retry_after_is_kept_for_all_its_pages() {
    let site = Site::small();
    let urls: Vec<String> = site
        .listings("?status=sold&limit=2")
        .iter()
        .map(|listing| listing["url"].as_str().unwrap().to_owned())
        .collect();
    site.fault(path(&urls[0]), json!({ "kind": "status", "status": 429, "retry_after": "3600" }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", urls[0])).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", urls[1])).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(site.requests("/listing/").len(), 1);
    assert_eq!(
        client.text("SELECT (resting_until > now() + interval '59 minutes')::text FROM bat_hosts WHERE resting_until IS NOT NULL"),
        "true"
    );
    let host = client.text("SELECT host FROM bat_hosts WHERE resting_until IS NOT NULL");
    assert_eq!(client.text(&format!("SELECT bat_resume('{host}')")), "t");
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 1);
}

#[test]
fn a_refusal_lets_the_host_rest_longer_each_time() {
    let site = Site::small();
    site.fault("/listing/", json!({ "kind": "block_page", "status": 200 }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", site.listing("sold"))).unwrap();
    let mut rests = Vec::new();
    for _ in 0..2 {
        client.batch_execute("UPDATE bat_tasks SET run_after = now()").unwrap();
        client.batch_execute("UPDATE bat_hosts SET resting_until = now()").unwrap();
        client.batch_execute("CALL bat_work(10)").unwrap();
        rests
            .push(client.number("SELECT extract(epoch FROM max(resting_until) - now())::int FROM bat_hosts"));
    }
    assert!((290..=300).contains(&rests[0]) && (590..=600).contains(&rests[1]), "{rests:?}");
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "blocked");
}

#[test]
fn a_page_that_refuses_is_the_last() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let urls: Vec<String> = site.partner_urls().into_iter().take(16).collect();
    site.fault(path(&urls[5]), json!({ "kind": "block_page", "status": 200 }), None);
    for url in &urls {
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    }
    client.batch_execute("CALL bat_work(10, '{listing}')").unwrap();
    assert_eq!(site.requests("/listing/").len(), 6);
}

#[test]
fn a_paused_host_is_left_alone_until_it_is_resumed() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let host = site.url().replace("http://", "");
    client.batch_execute(&format!("SELECT bat_pause('{host}')")).unwrap();
    let failure = client.error("SELECT bat_index_partners()");
    assert_eq!(failure.sqlstate, "55000");
    assert!(failure.hint.contains("bat_resume"), "{failure:?}");
    assert_eq!(site.requests("/").len(), 0);
    assert_eq!(client.text(&format!("SELECT bat_resume('{host}')")), "t");
    assert_eq!(client.text("SELECT status FROM bat_index_partners()"), "done");
}

#[test]
fn work_keeps_to_its_kinds_and_its_number_of_tasks() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    for listing in site.listings("?limit=5") {
        client
            .batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", listing["url"].as_str().unwrap()))
            .unwrap();
    }
    client.batch_execute("SELECT bat_enqueue('directory')").unwrap();
    client.batch_execute("CALL bat_work(60, '{listing}', 2)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 2);
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'directory'"), 1);
    client.batch_execute("CALL bat_work()").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks"), 0);
    assert_eq!(
        client.text(
            "SELECT summary.status FROM (SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1) AS summary"
        ),
        "done"
    );
}

#[test]
fn nonsense_is_refused_by_hand_too() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    for (call, sqlstate) in [
        ("SELECT bat_enqueue('nonsense')", "22023"),
        ("SELECT bat_enqueue('listing')", "22023"),
        ("SELECT bat_enqueue('listing', 'https://example.com/')", "22023"),
        ("SELECT bat_enqueue('member', 'a b')", "22023"),
        ("SELECT bat_enqueue('enrich', 'x')", "22023"),
        ("SELECT bat_enqueue('enrich', gen_random_uuid()::text)", "P0002"),
        ("SELECT bat_retry('nonsense')", "22023"),
        ("CALL bat_work(10, '{nonsense}')", "22023"),
        ("CALL bat_work(-1)", "22023"),
        ("CALL bat_ingest(max_pages => -1)", "22023"),
    ] {
        assert_eq!(client.error(call).sqlstate, sqlstate, "{call}");
    }
}

#[test]
fn a_task_that_is_asked_for_while_it_runs_is_done_once_more() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    let run = client.number("SELECT bat_begin_work(60, NULL, NULL)");
    let step = client.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
    let (task, token) = step.split_once(',').unwrap();
    client
        .batch_execute(&format!("SELECT bat_enqueue('listing', '{url}', now() + interval '1 hour')"))
        .unwrap();
    client.batch_execute(&format!("SELECT bat_perform({run}, {task}, '{token}')")).unwrap();
    assert_eq!(
        client.text(
            "SELECT concat_ws(' ', state, attempts, run_after > now() + interval '59 minutes') FROM bat_tasks"
        ),
        "ready 0 t"
    );
}

#[test]
fn an_ingest_gives_a_waiting_directory_task_its_options() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_enqueue('directory', run_after => now() + interval '1 day')").unwrap();
    client.batch_execute("CALL bat_ingest(skip_enrich => true, listing_limit => 1)").unwrap();
    assert!(client.number("SELECT count(*) FROM bat_listings") > 0);
}

#[test]
fn infinite_times_are_survived() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.error("SELECT bat_enqueue('directory', run_after => 'infinity')").sqlstate, "22023");
    client
        .batch_execute("SELECT bat_enqueue('directory'); UPDATE bat_tasks SET run_after = 'infinity'")
        .unwrap();
    client.batch_execute("CALL bat_work(1)").unwrap();
    let host = site.url().replace("http://", "");
    client
        .batch_execute(&format!("INSERT INTO bat_hosts (host, resting_until) VALUES ('{host}', 'infinity')"))
        .unwrap();
    assert_eq!(client.error("SELECT bat_index_partners()").sqlstate, "55000");
}

#[test]
fn a_pause_by_hand_waits_for_an_open_transaction_and_is_not_passed_over() {
    let site = Site::small();
    let server = site.server();
    let host = site.url().replace("http://", "");
    let mut other = server.client();
    other.batch_execute("BEGIN; SELECT bat_index_partners()").unwrap();
    let mut client = server.client();
    client.batch_execute("SET lock_timeout = '200ms'").unwrap();
    assert_eq!(client.error(&format!("SELECT bat_pause('{host}')")).sqlstate, "55P03");
    other.batch_execute("COMMIT").unwrap();
    client.batch_execute(&format!("SELECT bat_pause('{host}')")).unwrap();
    assert_eq!(client.error("SELECT bat_index_partners()").sqlstate, "55000");
}

#[test]
fn a_task_that_is_asked_for_by_an_open_transaction_is_stored_and_done_once_more() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let (mut client, mut other, mut witness) = (server.client(), server.client(), server.client());
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    let run = client.number("SELECT bat_begin_work(60, NULL, NULL)");
    let step = client.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
    let (task, token) = step.split_once(',').unwrap();
    other.batch_execute(&format!("BEGIN; SELECT bat_enqueue('listing', '{url}')")).unwrap();
    std::thread::scope(|scope| {
        let perform = format!("SELECT bat_perform({run}, {task}, '{token}')");
        let worker = scope.spawn(move || client.batch_execute(&perform).unwrap());
        witness.wait_until(
            "SELECT EXISTS (
                 SELECT FROM pg_stat_activity
                 WHERE query LIKE 'SELECT bat_perform%' AND wait_event_type = 'Lock' AND wait_event = 'transactionid'
             )",
        );
        other.batch_execute("COMMIT").unwrap();
        worker.join().unwrap();
    });
    assert_eq!(witness.text("SELECT concat_ws(' ', state, attempts, last_error) FROM bat_tasks"), "ready 0");
    assert_eq!(witness.number("SELECT count(*) FROM bat_listings"), 1);
    assert_eq!(witness.text("SELECT concat_ws(' ', found, inserted, requests) FROM bat_runs"), "1 1 2");
}

#[test]
fn a_task_that_is_asked_for_while_its_last_attempt_fails_is_done_once_more() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 404 }), None);
    let server = site.server();
    let mut client = server.client();
    let ask_again = format!("SELECT bat_enqueue('listing', '{url}', now() + interval '1 hour')");
    let state = "SELECT concat_ws(' ', state, attempts, run_after > now() + interval '59 minutes', again_at) FROM bat_tasks";
    // It is gone; and: its worker does not come back from the last attempt.
    for is_lost in [false, true] {
        client
            .batch_execute(&format!("DELETE FROM bat_tasks; SELECT bat_enqueue('listing', '{url}')"))
            .unwrap();
        let run = client.number("SELECT bat_begin_work(60, NULL, NULL)");
        let step = client.text(&format!("SELECT task_id || ',' || token FROM bat_next_step({run})"));
        let (task, token) = step.split_once(',').unwrap();
        client.batch_execute(&ask_again).unwrap();
        if is_lost {
            client.batch_execute("UPDATE bat_tasks SET attempts = 5, lease_until = now()").unwrap();
            client.batch_execute("SELECT bat_begin_work(60, NULL, NULL)").unwrap();
        } else {
            client.batch_execute(&format!("SELECT bat_perform({run}, {task}, '{token}')")).unwrap();
        }
        assert_eq!(client.text(state), "ready 0 t");
    }
}

//! `bat_problems`: each cause once, with an example and with what can be done about it.

use serde_json::{Value, json};

use crate::cron::server_with_cron;
use crate::schedule::JOBS;
use crate::server::{Server, Session};
use crate::site::{Site, path};

fn problems(client: &mut Session) -> Vec<Value> {
    let all = client
        .json("SELECT COALESCE(jsonb_agg(p ORDER BY problem, kind, sqlstate), '[]') FROM bat_problems AS p");
    all.as_array().cloned().unwrap()
}

/// Does what the last statement of an advice says.
fn follow(problem: &Value, client: &mut Session) {
    let advice = problem["what_to_do"].as_str().unwrap();
    let statement = advice.rfind("SELECT ").map(|at| &advice[at..]).unwrap_or_else(|| panic!("{problem}"));
    client.batch_execute(statement).unwrap_or_else(|failure| panic!("{statement}: {failure:?}"));
}

#[test]
fn nothing_is_wrong_with_an_empty_database_and_after_a_good_run() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(problems(&mut client), Vec::<Value>::new());
    client.batch_execute("CALL bat_ingest(listing_limit => 1, skip_enrich => true)").unwrap();
    assert_eq!(problems(&mut client), Vec::<Value>::new());
}

#[test]
fn tasks_are_grouped_by_cause_with_one_example_each() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 500 }), None);
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(&format!(
            "SELECT bat_enqueue('listing', '{url}'), bat_enqueue('listing', '/listing/never-was/'),
                 bat_enqueue('listing', '/listing/was-never/')"
        ))
        .unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let found = problems(&mut client);
    let dead: Vec<&Value> = found.iter().filter(|problem| problem["problem"] == "tasks are dead").collect();
    assert_eq!(dead.len(), 1, "{found:?}");
    assert_eq!(
        (&dead[0]["kind"], &dead[0]["sqlstate"], &dead[0]["count"]),
        (&json!("listing"), &json!("02000"), &json!(2))
    );
    assert_eq!(dead[0]["example_key"], dead[0]["example_url"]);
    let key = dead[0]["example_key"].as_str().unwrap();
    assert!(dead[0]["example_error"].as_str().unwrap().contains(path(key)), "{found:?}");

    // One failure may pass by itself, and needs nobody.
    client.batch_execute("UPDATE bat_tasks SET attempts = 1 WHERE state = 'ready'").unwrap();
    assert!(!problems(&mut client).iter().any(|problem| problem["problem"] == "tasks keep failing"));
    client
        .batch_execute("UPDATE bat_tasks SET run_after = now(), attempts = 2 WHERE state = 'ready'")
        .unwrap();
    client.batch_execute("CALL bat_work(10, max_tasks => 1)").unwrap();
    let found = problems(&mut client);
    let failing = found.iter().find(|problem| problem["problem"] == "tasks keep failing").unwrap();
    assert_eq!((&failing["sqlstate"], &failing["example_url"]), (&json!("08006"), &json!(url)));
    assert!(!failing["next_try_at"].is_null());
    let dead = found.iter().find(|problem| problem["problem"] == "tasks are dead").unwrap();
    follow(dead, &mut client);
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE state = 'dead'"), 0);
}

#[test]
fn the_page_of_a_member_and_the_site_of_a_partner_are_named() {
    let site = Site::small();
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(skip_enrich => true)").unwrap();
    let found = problems(&mut client);
    let member = found.iter().find(|problem| problem["kind"] == "member").unwrap();
    assert_eq!(
        member["example_url"],
        format!("https://bringatrailer.com/member/{}/", member["example_key"].as_str().unwrap())
    );
    assert!(member["what_to_do"].as_str().unwrap().contains("robots.txt"), "{member}");
    assert_eq!(
        client.text(
            "SELECT bat_task_url('enrich', id::text) = website FROM businesses WHERE website IS NOT NULL LIMIT 1"
        ),
        "t"
    );
}

#[test]
fn hosts_that_rest_are_told_with_the_statement_that_ends_it() {
    let site = Site::small();
    site.fault("/listing/", json!({ "kind": "block_page", "status": 403 }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_pause('example.com')").unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", site.listing("sold"))).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let found = problems(&mut client);
    let words: Vec<&str> = found.iter().map(|problem| problem["problem"].as_str().unwrap()).collect();
    assert_eq!(
        words,
        ["hosts are left alone for now", "hosts are paused by hand", "the last run ended as blocked"]
    );
    assert_eq!(found[0]["example_key"], site.url().replace("http://", ""));
    assert_eq!(found[1]["example_key"], "example.com");
    for problem in &found[..2] {
        follow(problem, &mut client);
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_hosts WHERE resting_until IS NOT NULL"), 0);
}

#[test]
fn tables_that_cannot_be_adopted_are_told_without_an_error() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CREATE TABLE businesses (id text, geographic_key integer)").unwrap();
    let found = problems(&mut client);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["problem"], "existing tables cannot be adopted");
    assert_eq!(found[0]["count"], client.number("SELECT cardinality(bat_obstacles())"));
    assert!(found[0]["example_error"].as_str().unwrap().starts_with("businesses."), "{found:?}");
    client.batch_execute("DROP TABLE businesses").unwrap();
    follow(&found[0], &mut client);
    assert_eq!(problems(&mut client), Vec::<Value>::new());
}

#[test]
fn tables_that_are_not_adopted_yet_break_no_view() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE TABLE businesses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), business_name text, website text);
             CREATE TABLE dealer_inventory (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), dealer_id uuid,
                 listing_url text, status text);
             INSERT INTO businesses VALUES ('00000000-0000-4000-8000-000000000001', 'Mine')",
        )
        .unwrap();
    let health = "SELECT health FROM bat_status";
    assert_eq!(problems(&mut client), Vec::<Value>::new());
    assert_eq!(client.text(health), "not set up");
    assert_eq!(client.number("SELECT count(*) FROM bat_partner_overview"), 0);
    assert!(client.text("SELECT bat_report()").contains("not set up"));
    client
        .batch_execute("ALTER TABLE dealer_inventory ADD listing_id jsonb, ALTER dealer_id TYPE text")
        .unwrap();
    assert_eq!(problems(&mut client)[0]["problem"], "existing tables cannot be adopted");
    assert_eq!(client.text(health), "standing still");
    client.batch_execute("DROP TABLE dealer_inventory").unwrap();
    client
        .batch_execute(
            "SELECT bat_setup();
             UPDATE businesses SET metadata = '{\"directory_position\": 1}', status = 'a friend'",
        )
        .unwrap();
    // Whatever a person calls its status.
    assert_eq!(
        client.column("SELECT business_name || ' ' || status FROM bat_partner_overview"),
        ["Mine a friend"]
    );
    assert_eq!(client.number("SELECT partners FROM bat_status"), 1);
}

#[test]
fn to_enqueue_is_not_to_work_off_and_what_a_lost_session_held_is_due() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let status = "SELECT concat_ws('; ', health, tasks_ready, tasks_running, doing) FROM bat_status";
    client
        .batch_execute(
            "SELECT bat_enqueue('directory'); UPDATE bat_tasks SET run_after = now() - interval '2 hours';
             INSERT INTO bat_runs (job, status, started_at, finished_at, options)
             VALUES ('bat_enqueue_due', 'done', now(), now(), '{}')",
        )
        .unwrap();
    assert_eq!(client.text(status), "standing still; 1; 0; nothing; tasks that are due: 1");
    client
        .batch_execute(
            "WITH run AS (
                 INSERT INTO bat_runs (job, status, pid, options)
                 VALUES ('bat_work', 'running', 2147483647, '{\"kinds\": [\"directory\"]}') RETURNING id
             )
             UPDATE bat_tasks SET state = 'running', lease_until = now() - interval '1 hour', run_id = run.id FROM run",
        )
        .unwrap();
    assert_eq!(client.text("SELECT state FROM bat_progress"), "lost");
    assert_eq!(client.text(status), "standing still; 1; 0; nothing; tasks that are due: 1");
}

#[test]
fn of_runs_that_overlap_the_last_is_the_one_that_ended_last() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             INSERT INTO bat_runs (job, status, started_at, finished_at, message)
             SELECT 'bat_work', r.status, now() - interval '8 h', now() - r.ago::interval, r.message
             FROM (VALUES ('failed', '5 min', 'a'), ('done', '7 h', 'b')) AS r (status, ago, message)",
        )
        .unwrap();
    assert_eq!(
        client.text("SELECT concat_ws(' ', last_status, last_message, done_at > now() - interval '1 h') FROM bat_status"),
        "failed a t"
    );
    assert_eq!(client.column("SELECT problem FROM bat_problems"), ["the last run ended as failed"]);
}

#[test]
fn a_queue_that_nobody_works_off_is_told() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_enqueue('directory'); UPDATE bat_tasks SET run_after = now() - interval '2 hours'",
        )
        .unwrap();
    let found = problems(&mut client);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["problem"], "nobody works off the queue");
    client.batch_execute("CALL bat_work(1, '{listing}')").unwrap();
    assert_eq!(problems(&mut client), Vec::<Value>::new());
    client.batch_execute("UPDATE bat_runs SET finished_at = now() - interval '2 hours'").unwrap();
    assert_eq!(problems(&mut client).len(), 1);
}

#[test]
fn a_schedule_that_fails_or_stands_still_is_told() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("SELECT bat_schedule(); DELETE FROM bat_tasks").unwrap();
    assert_eq!(problems(&mut client), Vec::<Value>::new());
    client
        .batch_execute(
            "INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message)
             SELECT j.jobid, j.database, j.username, j.command, r.status, 'connection failed'
             FROM bat_scheduled() AS j CROSS JOIN (VALUES (1, 'succeeded'), (2, 'failed')) AS r (place, status)
             ORDER BY r.place",
        )
        .unwrap();
    let found = problems(&mut client);
    assert_eq!((found.len(), &found[0]["count"]), (1, &json!(JOBS + 1)), "{found:?}");
    assert_eq!(found[0]["example_error"], "connection failed");
    assert!(found[0]["what_to_do"].as_str().unwrap().contains("pg_hba.conf"), "{found:?}");
    client.batch_execute("UPDATE cron.job_run_details SET return_message = 'ERROR: no'").unwrap();
    let advice = "SELECT what_to_do ~ 'SET ROLE postgres; (SELECT|CALL) public.*;$' FROM bat_problems";
    assert_eq!(client.column(advice), ["t"]);
    client
        .batch_execute(
            "UPDATE cron.job_run_details SET status = 'succeeded';
             UPDATE bat_runs SET finished_at = now() - interval '20 minutes'",
        )
        .unwrap();
    let found = problems(&mut client);
    assert_eq!((found.len(), &found[0]["problem"]), (1, &json!("the schedule stands still")), "{found:?}");
}

#[test]
fn on_a_standby_the_views_are_read_and_the_schedule_refuses() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(listing_limit => 1, skip_enrich => true)").unwrap();
    client.batch_execute("SELECT bat_begin_work(60, NULL, NULL)").unwrap();
    client.batch_execute("SELECT bat_pause('example.com')").unwrap();
    server.stop("fast");
    std::fs::write(server.data().join("standby.signal"), "").unwrap();
    server.launch();
    let mut client = server.client();
    assert_eq!(client.text("SELECT pg_is_in_recovery()"), "t");
    assert!(client.number("SELECT listings FROM bat_status") > 0);
    assert_eq!(client.column("SELECT state FROM bat_progress"), ["on the primary"]);
    assert_eq!(client.column("SELECT problem FROM bat_problems"), ["hosts are paused by hand"]);
    for call in [
        "bat_schedule()",
        "bat_unschedule()",
        "bat_catch_up()",
        "bat_enqueue_due('member')",
        "bat_clean_up()",
    ] {
        let failure = client.error(&format!("SELECT {call}"));
        assert_eq!(
            (failure.sqlstate.as_str(), failure.hint.as_str()),
            ("25006", "Run it on the primary."),
            "{call}"
        );
    }
    client.batch_execute("SELECT pg_promote()").unwrap();
    assert_eq!(client.column("SELECT state FROM bat_progress"), ["lost"]);
    assert_eq!(client.number("SELECT count(*) FROM bat_schedule()"), JOBS + 1);
}

#[test]
fn the_privileges_of_the_documentation_are_enough_to_watch() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); SELECT bat_schedule(); CREATE ROLE monitor LOGIN").unwrap();
    let documentation = include_str!("../../docs/operations.md");
    let grants = documentation.split("```").find(|block| block.contains("'monitor'")).unwrap();
    client.batch_execute(grants.trim_start_matches("sql")).unwrap();
    let mut monitor = server.session("monitor", "postgres");
    assert_eq!(
        monitor.text("SELECT tasks_ready FROM bat_status"),
        "3",
        "the directory, the board, the results"
    );
    assert_eq!(monitor.number("SELECT count(*) FROM bat_progress"), 0);
    assert_eq!(problems(&mut monitor), Vec::<Value>::new());
    assert_eq!(monitor.error("CALL bat_work(1)").sqlstate, "42501");
    assert_eq!(monitor.error("SELECT bat_resume('x')").sqlstate, "42501");
    client.wait_until(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pg_cron scheduler')",
    );
}

#[test]
fn the_site_of_a_dealer_is_no_problem_once_it_is_not_crawled_any_more() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_index_partners();
             INSERT INTO bat_crawls (dealer_id, run_mode, website, state, finished_at)
             SELECT id, 'current', website, 'gone', now() FROM businesses WHERE website IS NOT NULL ORDER BY id LIMIT 1",
        )
        .unwrap();
    let gone = "SELECT count(*) FROM bat_problems WHERE problem = 'dealers'' sites are gone'";
    assert_eq!(client.number(gone), 1);
    let of_dealer = "WHERE id = (SELECT dealer_id FROM bat_crawls)";
    for change in ["website = NULL", "website = 'https://elsewhere.test/'", "status = 'left_directory'"] {
        client.batch_execute(&format!("BEGIN; UPDATE businesses SET {change} {of_dealer}")).unwrap();
        assert_eq!(client.number(gone), 0, "{change}");
        client.batch_execute("ROLLBACK").unwrap();
    }
    client.batch_execute(&format!("DELETE FROM businesses {of_dealer}")).unwrap();
    assert_eq!(client.number(gone), 0);
}

#[test]
fn a_price_that_jumped_is_no_problem_once_the_item_is_gone() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_index_partners();
             INSERT INTO dealer_inventory (dealer_id, listing_url, status, asking_price, doubted_price, last_seen_at)
             SELECT id, 'https://dealer.test/car', 'in_stock', 10, 1000000, now() FROM businesses LIMIT 1",
        )
        .unwrap();
    let jumps = "SELECT count(*) FROM bat_problems WHERE problem = 'prices jump'";
    assert_eq!(client.number(jumps), 1);
    for status in ["missing", "sold", "gone"] {
        client.batch_execute(&format!("UPDATE dealer_inventory SET status = '{status}'")).unwrap();
        assert_eq!(client.number(jumps), 0, "{status}");
    }
    client.batch_execute("UPDATE dealer_inventory SET status = 'in_stock'").unwrap();
    assert_eq!(client.number(jumps), 1);
    client.batch_execute("UPDATE businesses SET status = 'left_directory'").unwrap();
    assert_eq!(client.number(jumps), 0);
}

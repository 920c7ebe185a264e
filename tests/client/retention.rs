//! What the schedule enqueues, and what is forgotten.

use crate::cron::server_with_cron;
use crate::schedule::JOBS;
use crate::server::Session;
use crate::site::Site;

fn enqueued(client: &mut Session, kind: &str) -> String {
    client.text(&format!("SELECT status || ' ' || inserted FROM bat_enqueue_due('{kind}')"))
}

#[test]
fn what_is_due_is_enqueued_and_nothing_else() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(enqueued(&mut client, "directory"), "done 1");
    assert_eq!(enqueued(&mut client, "directory"), "nothing_to_do 0");
    // The directory's partners follow by themselves.
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), site.partner_urls());

    assert_eq!(enqueued(&mut client, "enrich"), "nothing_to_do 0");
    client
        .batch_execute(
            "UPDATE businesses SET metadata = jsonb_set(metadata, '{enriched_at}', to_jsonb(now() - interval '31 days'))
             WHERE id = (SELECT id FROM businesses WHERE website IS NOT NULL ORDER BY id LIMIT 1)",
        )
        .unwrap();
    assert_eq!(enqueued(&mut client, "enrich"), "done 1");
    let members = client.text("SELECT 'done ' || count(DISTINCT bat_username) FROM businesses");
    assert_eq!(enqueued(&mut client, "member"), members);

    // Each live listing waits for its next visit; what the queue has lost is visited now.
    let live = client.number("SELECT count(*) FROM bat_listings WHERE status = 'live'");
    assert!(live > 1, "{live}");
    assert_eq!(enqueued(&mut client, "listing"), "nothing_to_do 0");
    client.batch_execute("DELETE FROM bat_tasks WHERE kind = 'listing' AND state = 'ready'").unwrap();
    assert_eq!(enqueued(&mut client, "listing"), format!("done {live}"));
    assert_eq!(enqueued(&mut client, "listing"), "nothing_to_do 0");
    client.batch_execute("CALL bat_work(60)").unwrap();
    let waiting =
        "SELECT count(*) FROM bat_tasks WHERE kind = 'listing' AND state = 'ready' AND run_after > now()";
    assert_eq!(client.number(waiting), live);
}

#[test]
fn catching_up_does_each_thing_once_in_its_time() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.number("SELECT count(*) FROM bat_catch_up()"), JOBS);
    assert_eq!(client.number("SELECT count(*) FROM bat_catch_up()"), 0);
    client.batch_execute("UPDATE bat_runs SET started_at = started_at - interval '7 hours'").unwrap();
    assert_eq!(
        client.number("SELECT count(*) FROM bat_catch_up()"),
        4,
        "catalogue, members, live listings and pictures"
    );
    client.batch_execute("UPDATE bat_runs SET started_at = started_at - interval '1 day'").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_catch_up()"), JOBS);
}

const OLD_ROWS: &str = "
    INSERT INTO bat_fetches (requested_at, host, url, outcome)
    SELECT now() - days * interval '1 day', 'example.com', 'https://example.com/', 'ok'
    FROM generate_series(20, 40) AS days;
    INSERT INTO bat_runs (job, status, started_at, finished_at)
    SELECT job, status, now() - days * interval '1 day', now() - days * interval '1 day'
    FROM unnest(ARRAY['bat_work', 'bat_ingest']) AS job, unnest(ARRAY['done', 'nothing_to_do']) AS status,
        generate_series(100, 1, -1) AS days;
    INSERT INTO bat_runs (job, status, started_at, finished_at)
    VALUES ('bat_setup', 'done', now() - interval '1 year', now() - interval '1 year')";

#[test]
fn what_is_old_is_forgotten_but_each_job_s_last_run() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("SELECT bat_schedule()").unwrap();
    client.batch_execute(OLD_ROWS).unwrap();
    client
        .batch_execute(
            "INSERT INTO cron.job_run_details (jobid, database, username, command, status, start_time)
             VALUES (1000, 'postgres', 'postgres', 'SELECT 1', 'succeeded', now() - interval '1 year'),
                 (1001, 'postgres', 'postgres', 'CALL public.bat_work(50)', 'succeeded', now() - interval '1 year');
             INSERT INTO cron.job_run_details (jobid, database, username, command, status, start_time)
             SELECT j.jobid, j.database, j.username, j.command, 'succeeded', now() - days * interval '1 day'
             FROM generate_series(10, 1, -1) AS days, bat_scheduled() AS j",
        )
        .unwrap();
    let summary = client.json("SELECT to_jsonb(s) FROM bat_clean_up() AS s");
    assert_eq!(summary["status"], "done");
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches"), 10);
    assert_eq!(
        client.column(
            "SELECT concat_ws(' ', job, status, count(*)) FROM bat_runs
             WHERE job NOT LIKE 'bat_enqueue%' AND job <> 'bat_clean_up' GROUP BY job, status ORDER BY 1"
        ),
        [
            "bat_ingest done 89",
            "bat_ingest nothing_to_do 6",
            "bat_setup done 1",
            "bat_work done 89",
            "bat_work nothing_to_do 6"
        ]
    );
    assert_eq!(
        client.column("SELECT count(*) || ' ' || (jobid = 1000) FROM cron.job_run_details GROUP BY jobid = 1000 ORDER BY 1"),
        ["1 true".to_owned(), format!("{} false", 6 * (JOBS + 1))]
    );
    assert_eq!(summary["updated"], 11 + 2 * (11 + 94) + 4 * (JOBS + 1) + 1);
    assert_eq!(client.text("SELECT status FROM bat_clean_up()"), "nothing_to_do");
}

#[test]
fn whoever_works_without_a_schedule_cleans_up_by_himself() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(OLD_ROWS).unwrap();
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches"), 10);
    assert_eq!(
        client.number("SELECT count(*) FROM bat_runs WHERE started_at < now() - interval '91 days'"),
        1
    );
}

//! The jobs run with the caller's rights, looked at when they run.

use crate::site::Site;

#[test]
fn a_worker_that_may_not_write_a_table_asks_for_nothing_and_loses_nothing() {
    let site = Site::small();
    let server = site.server();
    let url = site.listing("sold");
    let mut client = server.client();
    client
        .batch_execute(&format!(
            "CREATE ROLE worker LOGIN; SELECT bat_setup(); SELECT bat_enqueue('listing', '{url}');
             SELECT bat_grant('worker', 'operator'); REVOKE INSERT ON vehicles FROM worker"
        ))
        .unwrap();
    let queue = "SELECT to_jsonb(t) FROM bat_tasks AS t";
    let before = client.column(queue);
    let mut worker = server.session("worker", "postgres");
    for call in ["CALL bat_work()", "CALL bat_ingest()", "CALL bat_sweep()", "CALL bat_reparse()"] {
        let failure = worker.error(call);
        assert_eq!(failure.sqlstate, "42501", "{call}: {failure:?}");
        assert!(failure.message.ends_with("may not read and write vehicles"), "{call}: {failure:?}");
        assert!(failure.hint.contains("bat_grant('worker', 'operator')"), "{call}: {failure:?}");
    }
    assert_eq!(client.column(queue), before);
    assert_eq!(site.requests("/").len(), 0);
    client.batch_execute("SELECT bat_grant('worker', 'operator')").unwrap();
    worker.batch_execute("CALL bat_work()").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings"), [url]);
}

#[test]
fn a_privilege_that_is_taken_while_a_worker_is_at_it_leaves_the_task() {
    let site = Site::small();
    let server = site.server();
    let url = site.listing("sold");
    let mut client = server.client();
    client
        .batch_execute(&format!(
            "CREATE ROLE worker LOGIN; SELECT bat_setup(); SELECT bat_enqueue('listing', '{url}');
             SELECT bat_grant('worker', 'operator');
             CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'permission denied for vehicles'; END $$;
             CREATE TRIGGER take BEFORE INSERT ON vehicles EXECUTE FUNCTION take()"
        ))
        .unwrap();
    let mut worker = server.session("worker", "postgres");
    worker.batch_execute("CALL bat_work()").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 0);
    assert_eq!(
        client.column("SELECT concat_ws(' ', key, last_sqlstate, last_error) FROM bat_tasks"),
        [format!("{url} 42501 permission denied for vehicles")]
    );
    client.batch_execute("DROP TRIGGER take ON vehicles; UPDATE bat_tasks SET run_after = now()").unwrap();
    worker.batch_execute("CALL bat_work()").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings"), [url]);
}

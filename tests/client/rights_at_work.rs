//! The jobs run with the caller's rights, looked at when they run.

use crate::server::{Server, Session};
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

/// A schema of its own, whose tables `owner` makes and `worker` fills.
fn server_with_an_owner(site: &Site) -> Server {
    let server = site.server();
    server
        .client()
        .batch_execute(
            "DROP EXTENSION bat_partners; CREATE ROLE \"Owner\" LOGIN; CREATE ROLE worker LOGIN;
             CREATE SCHEMA bat AUTHORIZATION \"Owner\"; CREATE EXTENSION bat_partners SCHEMA bat;
             SELECT bat.bat_grant('Owner', 'operator'); SELECT bat.bat_grant('worker', 'operator')",
        )
        .unwrap();
    server
}

/// Jobs of either kind, and what else looks after the tables.
const JOBS: [&str; 4] = [
    "SELECT bat.bat_setup()",
    "SELECT bat.bat_index_partners()",
    "SELECT bat.bat_enqueue('directory')",
    "CALL bat.bat_work(1)",
];

#[test]
fn a_worker_that_may_not_give_the_tables_what_they_lack_is_told_who_may() {
    let site = Site::small();
    let server = server_with_an_owner(&site);
    let mut owner = server.session("Owner", "postgres");
    let mut worker = server.session("worker", "postgres");
    let hint = "As \"Owner\": SELECT bat.bat_setup();";
    let told = |session: &mut Session, message: &str, hint: &str| {
        for job in JOBS {
            let failure = session.error(job);
            assert_eq!(
                (failure.sqlstate.as_str(), failure.message.as_str(), failure.hint.as_str()),
                ("42501", message, hint),
                "{job}: {failure:?}"
            );
        }
    };
    told(&mut worker, "role worker may make nothing in schema bat", hint);
    owner.batch_execute("SELECT bat.bat_setup()").unwrap();
    for (change, message) in [
        (
            "ALTER TABLE bat.vehicles DROP COLUMN trim; ALTER TABLE bat.businesses DROP COLUMN city",
            "must be owner of businesses, vehicles",
        ),
        ("DROP TABLE bat.vehicle_images", "role worker may make nothing in schema bat"),
        ("DROP INDEX bat.vehicles_bat_auction_url_idx", "must be owner of vehicles"),
    ] {
        owner.batch_execute(change).unwrap();
        told(&mut worker, message, hint);
        let statement = hint.split_once(": ").unwrap().1;
        owner.batch_execute(statement).unwrap();
        for job in JOBS {
            worker.batch_execute(job).unwrap_or_else(|failure| panic!("{change}: {job}: {failure:?}"));
        }
    }
    // An owner who could not make the index is not the one to ask.
    server
        .client()
        .batch_execute(
            "DROP INDEX bat.vehicles_bat_auction_url_idx; ALTER SCHEMA bat OWNER TO postgres;
             GRANT USAGE ON SCHEMA bat TO \"Owner\"",
        )
        .unwrap();
    told(&mut owner, "role \"Owner\" may make nothing in schema bat", "As postgres: SELECT bat.bat_setup();");
}

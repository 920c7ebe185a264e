//! A streaming standby: no job runs there, everything can be read there, and once it is promoted the work goes on.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::fidelity;
use crate::server::{Server, Session};
use crate::site::{Site, path};

/// What the procedures are made of. Nobody else calls them.
const INTERNAL: [&str; 13] = [
    "bat_begin_ingest",
    "bat_begin_reparse",
    "bat_begin_sweep",
    "bat_begin_work",
    "bat_finish_reparse",
    "bat_finish_run",
    "bat_next_step",
    "bat_perform",
    "bat_reparse_batch",
    "bat_wait",
    "bat_work_off",
    "bat_obstacles",
    "bat_pass_on_grants",
];

/// PostgreSQL itself refuses what these do, with the same SQLSTATE.
const REFUSED_ANYWAY: [&str; 2] = ["bat_grant", "bat_revoke"];

/// How long a job may take to fail.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Calls of all functions and procedures of the extension that may change something.
fn jobs(client: &mut Session) -> Vec<String> {
    let names = client.column(
        "SELECT concat_ws(' ', p.proname, p.prokind)
         FROM pg_depend AS d
         JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
         JOIN pg_proc AS p ON p.oid = d.objid
         WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
             AND p.provolatile = 'v'
         ORDER BY p.proname",
    );
    names
        .iter()
        .filter_map(|name| name.split_once(' '))
        .filter(|(name, _)| !INTERNAL.contains(name) && !REFUSED_ANYWAY.contains(name))
        .map(|(name, kind)| {
            let verb = if kind == "p" { "CALL" } else { "SELECT" };
            format!("{verb} {name}({})", arguments(name))
        })
        .collect()
}

/// What a job needs to be called with.
fn arguments(job: &str) -> &'static str {
    match job {
        "bat_import_listing" => "'https://bringatrailer.com/listing/1990-example-car/'",
        "bat_enqueue" | "bat_enqueue_due" => "'directory'",
        "bat_pause" | "bat_resume" => "'localhost'",
        "bat_require_top_level" => "'a job'",
        "bat_enrich_org" | "bat_import_partner_vehicles" | "bat_sync_inventory" => "gen_random_uuid()",
        _ => "",
    }
}

fn assert_jobs_fail(site: &Site, client: &mut Session) {
    let asked = site.requests("/").len();
    let jobs = jobs(client);
    assert!(jobs.len() >= 10, "{jobs:?}");
    for job in jobs {
        let started = Instant::now();
        let failure = client.error(&job);
        assert!(started.elapsed() < AT_ONCE, "{job} took {:?} to fail", started.elapsed());
        assert_eq!(failure.sqlstate, "25006", "{job}: {failure:?}");
        assert!(failure.hint.contains("on the primary"), "{job}: {failure:?}");
    }
    assert_eq!(site.requests("/").len(), asked);
}

/// The rows of all views of the extension.
fn views(client: &mut Session) -> Vec<String> {
    let names = client.column(
        "SELECT c.relname
         FROM pg_depend AS d
         JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
         JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'v'
         WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass
         ORDER BY c.relname",
    );
    assert!(names.len() >= 2, "{names:?}");
    // What changes by the second is only read.
    let columns = "to_jsonb(v) - ARRAY['elapsed', 'state', 'waits_for', 'doing', 'done_at']";
    names.iter().flat_map(|name| client.column(&format!("SELECT {columns} FROM {name} AS v"))).collect()
}

/// A server whose worker hangs at a page, with a part of the work done before.
fn half_done(site: &Site) -> Server {
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls = site.partner_urls();
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    client.client.execute(sql, &[&urls]).unwrap();
    client.batch_execute("CALL bat_work(60, NULL, 15)").unwrap();
    let next = client.text("SELECT key FROM bat_tasks ORDER BY priority, run_after, id LIMIT 1");
    site.fault(path(&next), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let mut worker = server.client();
    // Its connection is lost when the primary is.
    thread::spawn(move || worker.client.batch_execute("CALL bat_work(60)"));
    site.await_requests(path(&next), 1);
    server
}

#[test]
fn a_standby_runs_no_job_and_goes_on_where_the_primary_stopped_once_it_is_promoted() {
    let site = Site::small();
    let primary = half_done(&site);
    let standby = primary.standby();
    let mut before = primary.client();
    before.batch_execute("SELECT bat_enqueue('member', 'somebody', now() + interval '1 day')").unwrap();
    let position = before.text("SELECT pg_current_wal_lsn()");
    let mut reader = standby.client();
    reader.wait_until(&format!("SELECT pg_last_wal_replay_lsn() >= '{position}'"));

    assert_jobs_fail(&site, &mut reader);
    assert_eq!(views(&mut reader), views(&mut before));
    let listings = "SELECT l FROM bat_listings AS l ORDER BY l.url";
    assert_eq!(reader.column(listings), before.column(listings));
    assert_eq!(reader.number("SELECT count(*) FROM bat_listings"), 15);
    assert_eq!(
        reader.text("SELECT bat_listing_url('bringatrailer.com/listing/x')"),
        "https://bringatrailer.com/listing/x/"
    );

    let asked = site.requests("/listing/").len();
    primary.stop("immediate");
    standby.promote();
    // The session that was refused as a reader is a worker now.
    reader.batch_execute("CALL bat_work(60)").unwrap();
    // Apart from what will be visited again.
    assert_eq!(
        reader.column("SELECT key FROM bat_tasks WHERE kind <> 'listing' OR run_after <= now()"),
        ["somebody"]
    );
    assert_eq!(reader.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), site.partner_urls());
    let (compared, found) = fidelity::compare(&site, &mut reader);
    assert_eq!((compared, found), (site.partner_urls().len(), Vec::new()));
    // Nothing that was replicated is asked for again; the page at which the primary stopped is.
    assert_eq!(site.requests("/listing/").len(), asked + site.partner_urls().len() - 15);
    assert_eq!(reader.number("SELECT count(*) FROM bat_runs WHERE status = 'running'"), 0);
}

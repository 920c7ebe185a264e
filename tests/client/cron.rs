//! pg_cron does all of it by itself.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::programs::installed;
use crate::schedule::JOBS;
use crate::server::{Server, Session};
use crate::site::Site;

/// A server with pg_cron in the database `postgres`. None where there is no pg_cron for this PostgreSQL: the test that
/// asked for it is then skipped.
pub fn server_with_cron(site: &Site) -> Option<Server> {
    server_with_cron_and(site, "")
}

#[allow(clippy::explicit_write, reason = "the test runner would keep what eprintln! prints to itself")]
fn server_with_cron_and(site: &Site, settings: &str) -> Option<Server> {
    if !installed("--pkglibdir").join("pg_cron.so").exists() {
        let thread = std::thread::current();
        writeln!(
            std::io::stderr(),
            "skipped, there is no pg_cron here: {}",
            thread.name().unwrap_or_default()
        )
        .unwrap();
        return None;
    }
    let cron = "shared_preload_libraries = 'pg_cron'\ncron.database_name = 'postgres'\n";
    let server = Server::start(&format!("{}{cron}{settings}\n", site.settings()));
    server.client().batch_execute("CREATE EXTENSION pg_cron").unwrap();
    Some(server)
}

/// pg_cron starts its jobs on the full minute: what it does is awaited for longer than other things.
pub fn await_cron(client: &mut Session, condition: &str) {
    let deadline = Instant::now() + Duration::from_secs(150);
    while client.text(condition) != "t" {
        assert!(
            Instant::now() < deadline,
            "still not so: {condition}\n{:?}",
            client.column("SELECT concat_ws(' ', jobid, status, return_message) FROM cron.job_run_details")
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The one test that takes minutes: the schedule, and nothing else, fills an empty database.
#[test]
fn a_schedule_does_everything_by_itself_until_it_is_taken_away() {
    let site = Site::small();
    // Slow enough for a person to be told of progress.
    let Some(server) = server_with_cron_and(&site, "bat_partners.request_delay = 100ms") else { return };
    let mut client = server.client();
    assert_eq!(client.column("SELECT jobname FROM bat_schedule(2)").len() as i64, JOBS + 2);
    assert_eq!(client.text("SELECT scheduled_workers FROM bat_status"), "2");
    assert_eq!(site.requests("/").len(), 0, "scheduling itself makes no request");
    let urls = site.partner_urls();
    await_cron(
        &mut client,
        "SELECT bool_or(status <> 'running' AND inserted > 0) FROM bat_runs WHERE job = 'bat_work'",
    );
    await_cron(
        &mut client,
        &format!("SELECT count(*) = {} FROM bat_listings WHERE vehicle_id IS NOT NULL", urls.len()),
    );
    assert_eq!(
        client.column("SELECT url FROM bat_listings WHERE vehicle_id IS NOT NULL ORDER BY url COLLATE \"C\""),
        urls
    );
    assert!(client.number("SELECT partners_read FROM bat_status") > 0);
    // The minutes after that have nothing to do, and say so.
    await_cron(
        &mut client,
        "SELECT count(*) >= 2 FROM bat_runs WHERE job = 'bat_work' AND status = 'nothing_to_do'",
    );
    await_cron(&mut client, "SELECT count(*) >= 4 FROM cron.job_run_details WHERE status = 'succeeded'");
    assert_eq!(client.number("SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'"), 0);
    assert!(!server.log().contains("NOTICE"), "pg_cron copies notices into the server's log");
    // A second call finds nothing to change and nothing due.
    let before = client.column("SELECT concat_ws(' ', jobid, xmin) FROM cron.job ORDER BY jobid");
    client.batch_execute("SELECT bat_schedule(2)").unwrap();
    assert_eq!(client.column("SELECT concat_ws(' ', jobid, xmin) FROM cron.job ORDER BY jobid"), before);
    // Those of this session: whichever of the jobs the clock has come round to meanwhile ran in one of pg_cron's.
    assert_eq!(
        client
            .number("SELECT count(*) FROM bat_runs WHERE job = 'bat_enqueue_due' AND pid = pg_backend_pid()"),
        JOBS - 1,
        "all but the clean-up"
    );
    assert_eq!(client.column("SELECT jobname FROM bat_unschedule()").len() as i64, JOBS + 2);
    assert_eq!(client.number("SELECT count(*) FROM cron.job"), 0);
    client.wait_until("SELECT NOT EXISTS (SELECT FROM bat_runs WHERE status = 'running')");
    assert_eq!(client.number("SELECT count(*) FROM bat_problems WHERE problem LIKE '%stand%'"), 0);
}

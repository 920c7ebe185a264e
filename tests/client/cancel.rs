//! Cancel, terminate and timeouts act at once, in the middle of a slow page, and hurt nobody else.

use std::thread;

use serde_json::json;

use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::watchdog;

/// How long the page takes, and the server would wait for it.
const SLOW_SECONDS: u64 = 600;

// Longer than a server may run: what waits for the page to its end never ends well.
const _: () = assert!(SLOW_SECONDS > watchdog::LONGEST.as_secs());

/// A site whose sold listing takes that long, a server that would wait for it, and the listing's URL.
fn slow_site() -> (Site, Server, String) {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": SLOW_SECONDS }), None);
    let server =
        Server::start(&format!("{}bat_partners.request_timeout = '{SLOW_SECONDS}s'\n", site.settings()));
    (site, server, url)
}

/// Waits until the page has been asked for, not only robots.txt, and its session waits on its latch.
fn await_request(site: &Site, witness: &mut Session, url: &str) {
    site.await_requests(path(url), 1);
    witness.wait_until(
        "SELECT EXISTS (
             SELECT FROM pg_stat_activity
             WHERE query LIKE '%bat_import_listing%' AND pid <> pg_backend_pid() AND wait_event = 'Extension'
         )::text = 'true' AS waits",
    );
}

/// Runs the import in one session, interrupts it from another, and returns its error.
fn interrupted(site: &Site, server: &Server, url: &str, interrupt: &str) -> (Option<String>, Session) {
    let mut witness = server.client();
    let mut victim = server.client();
    let pid = victim.number("SELECT pg_backend_pid()");
    let sql = format!("SELECT bat_import_listing('{url}')");
    let worker = thread::spawn(move || {
        let error = victim.client.simple_query(&sql).expect_err("it is interrupted");
        error.as_db_error().map(|error| error.code().code().to_owned())
    });
    await_request(site, &mut witness, url);
    assert_eq!(witness.text(&format!("SELECT {interrupt}({pid})")), "t");
    (worker.join().unwrap(), witness)
}

fn assert_well(site: &Site, witness: &mut Session) {
    site.heal();
    // The same session that saw the interruption goes on: the server did not restart.
    assert_eq!(
        witness.text("SELECT status FROM bat_import_listing((SELECT url FROM pg_temp.other))"),
        "done"
    );
    assert_eq!(witness.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

fn remember_other(witness: &mut Session, url: &str) {
    witness.batch_execute(&format!("CREATE TEMP TABLE other AS SELECT '{url}'::text AS url")).unwrap();
}

#[test]
fn a_cancel_ends_the_wait_and_the_server_goes_on() {
    let (site, server, url) = slow_site();
    let (sqlstate, mut witness) = interrupted(&site, &server, &url, "pg_cancel_backend");
    assert_eq!(sqlstate.as_deref(), Some("57014"));
    remember_other(&mut witness, &url);
    assert_well(&site, &mut witness);
}

#[test]
fn a_terminate_ends_the_session_and_the_server_goes_on() {
    let (site, server, url) = slow_site();
    let (sqlstate, mut witness) = interrupted(&site, &server, &url, "pg_terminate_backend");
    // The message may be lost with the connection; the server's log has it.
    assert!(sqlstate.is_none_or(|sqlstate| sqlstate == "57P01"));
    assert!(server.log().contains("terminating connection due to administrator command"));
    remember_other(&mut witness, &url);
    assert_well(&site, &mut witness);
}

#[test]
fn a_statement_timeout_ends_the_wait_and_the_session_goes_on() {
    let (site, server, url) = slow_site();
    let mut client = server.client();
    client.batch_execute("SET statement_timeout = '300ms'").unwrap();
    let failure = client.error(&format!("SELECT bat_import_listing('{url}')"));
    assert_eq!(failure.sqlstate, "57014", "{failure:?}");
    client.batch_execute("SET statement_timeout = 0").unwrap();
    remember_other(&mut client, &url);
    assert_well(&site, &mut client);
}

#[test]
fn a_wait_for_the_turn_at_a_host_can_be_cancelled() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = Server::start(&format!("{}bat_partners.request_delay = '1h'", site.settings()));
    let mut client = server.client();
    // The first request of the session is robots.txt; the page itself would have to wait for an hour.
    client.batch_execute("SET statement_timeout = '500ms'").unwrap();
    assert_eq!(client.error(&format!("SELECT bat_import_listing('{url}')")).sqlstate, "57014");
    client.batch_execute("SET statement_timeout = 0").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
    assert_eq!(site.requests("/listing/").len(), 0);
}

#[test]
fn a_session_that_lives_on_after_a_timeout_keeps_no_lock() {
    let (_site, server, url) = slow_site();
    let mut witness = server.client();
    witness.batch_execute(&format!("SELECT bat_setup(); SELECT bat_enqueue('listing', '{url}')")).unwrap();
    for call in [&format!("SELECT bat_import_listing('{url}')"), "CALL bat_work(60)"] {
        let mut client = server.client();
        client.batch_execute("SET statement_timeout = '1s'").unwrap();
        assert_eq!(client.error(call).sqlstate, "57014", "{call}");
        // Its turn at the host, and its run: others may have both at once.
        witness.wait_until("SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'");
        assert_eq!(client.text("SELECT 1"), "1");
    }
}

#[test]
fn a_cancel_while_a_lost_run_is_closed_leaves_it_to_others() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let lost = client.number("SELECT bat_begin_work(60, NULL, NULL)");
    let mut witness = server.client();
    witness
        .batch_execute(
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
             CREATE TRIGGER slowly BEFORE UPDATE ON bat_runs FOR EACH ROW
                 WHEN (NEW.message LIKE 'interrupted%') EXECUTE FUNCTION slowly()",
        )
        .unwrap();
    client.batch_execute("SET statement_timeout = '500ms'").unwrap();
    assert_eq!(client.error("CALL bat_work(1)").sqlstate, "57014");
    witness.wait_until("SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'");
    witness.batch_execute("DROP TRIGGER slowly ON bat_runs").unwrap();
    witness.batch_execute("CALL bat_work(1)").unwrap();
    assert_ne!(witness.text(&format!("SELECT status FROM bat_runs WHERE id = {lost}")), "running");
}

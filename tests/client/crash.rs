//! A backend that is killed, a server that is stopped: what was committed stays, and the work goes on.

use std::thread;

use serde_json::json;

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// A server with an ingest under way, which hangs at one listing; the number of listings stored before.
fn hanging_ingest() -> (Site, Server, String) {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server = site.server();
    let mut worker = server.client();
    thread::spawn(move || {
        // Its connection is lost, or it is told that the server stops.
        let _ = worker.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)");
    });
    server.client().wait_until(&format!(
        "SELECT to_regclass('bat_tasks') IS NOT NULL
             AND EXISTS (SELECT FROM bat_tasks WHERE state = 'running' AND key = '{url}')"
    ));
    (site, server, url)
}

/// Finishes what is left, after the lease of the lost worker has run out, and checks that nothing is lost or
/// doubled.
fn assert_finishes(site: &Site, client: &mut Session, url: &str) {
    assert_eq!(client.text(&format!("SELECT attempts FROM bat_tasks WHERE key = '{url}'")), "1");
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND (attempts > 0 OR run_after <= now())"
        ),
        0
    );
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), site.partner_urls());
    assert_eq!(client.number("SELECT count(*) - count(DISTINCT bat_auction_url) FROM vehicles"), 0);
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id LIMIT 1"), "failed");
}

#[test]
fn a_backend_that_is_killed_in_the_middle_of_a_page_loses_nothing() {
    let (site, server, url) = hanging_ingest();
    let pid = server.client().text("SELECT pid FROM bat_runs WHERE status = 'running'");
    server.kill(&pid);
    // The postmaster restarts all of its processes.
    server.await_restart(1);
    let mut client = server.await_client();
    assert_finishes(&site, &mut client, &url);
}

#[test]
fn an_immediate_stop_in_the_middle_of_a_page_loses_nothing() {
    let (site, server, url) = hanging_ingest();
    server.stop("immediate");
    server.launch();
    assert_finishes(&site, &mut server.client(), &url);
}

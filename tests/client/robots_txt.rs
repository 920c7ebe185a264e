//! robots.txt: of whose host and scheme, what it asks for, and where it leads.

use serde_json::json;

use crate::politeness;
use crate::site::Site;
use crate::smuggled::Web;

/// Another name of this machine: a host of its own for pacing and rests.
fn other_host(site: &Site) -> String {
    site.url().replace("http://127.0.0.1", "127.0.1.1")
}

#[test]
fn the_delay_that_a_robots_txt_asks_for_holds_for_the_page_after_it() {
    const DELAY_SECONDS: f64 = 1.0;
    let site = Site::small();
    site.set(json!({ "robots": "User-agent: *\nCrawl-delay: 1\n" }));
    let server = site.server();
    server.client().batch_execute(&format!("SELECT bat_import_listing('{}')", site.listing("sold"))).unwrap();
    let log = site.requests("/");
    assert_eq!(log.len(), 2, "{log:?}");
    politeness::assert_distances(&log, DELAY_SECONDS);
}

#[test]
fn a_host_whose_robots_txt_asks_for_patience_rests_for_as_long_as_it_asks() {
    let site = Site::small();
    site.fault("/robots.txt", json!({ "kind": "status", "status": 503, "retry_after": "3600" }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_enqueue('directory')").unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(
        client.text(
            "SELECT resting_until BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour' FROM bat_hosts"
        ),
        "t"
    );
    // A caller who waits is told, and asks once.
    let mut waiting = server.client();
    waiting.batch_execute("DELETE FROM bat_hosts").unwrap();
    let error = waiting.error("SELECT bat_index_partners()");
    assert_eq!(error.sqlstate, "38003", "{error:?}");
    assert_eq!(waiting.error("SELECT bat_index_partners()").sqlstate, "55000");
    assert_eq!(site.requests("/").len(), 2);
}

#[test]
fn the_robots_txt_of_https_says_nothing_of_plain_http() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut client = server.client();
    let mut forbid = |host: &str| {
        client
            .batch_execute(&format!(
                "INSERT INTO bat_hosts (host, robots_status, robots_txt, robots_fetched_at)
                 VALUES ('{host}', 200, E'User-agent: *\\nDisallow: /', now())"
            ))
            .unwrap();
        client.error("SELECT bat_import_listing('/listing/x/')").sqlstate
    };
    assert_eq!(forbid("public.example"), "02000");
    assert_eq!(
        web.asked(),
        ["GET http://public.example/robots.txt HTTP/1.1", "GET http://public.example/listing/x/ HTTP/1.1"]
    );
    assert_eq!(forbid("public.example:80"), "38003");
    assert_eq!(web.asked().len(), 2);
}

#[test]
fn a_robots_txt_that_leads_to_a_paused_host_is_not_followed() {
    let site = Site::small();
    let other = other_host(&site);
    site.fault(
        "/robots.txt",
        json!({ "kind": "redirect", "to": format!("http://{other}/robots.txt") }),
        Some(1),
    );
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_pause('{other}')")).unwrap();
    let error = client.error("SELECT bat_index_partners()");
    assert_eq!(error.sqlstate, "55000", "{error:?}");
    let hosts: Vec<_> = site.requests("/").into_iter().map(|entry| entry["host"].clone()).collect();
    assert_eq!(hosts, [json!(site.url().replace("http://", ""))]);
}

#[test]
fn a_robots_txt_that_cannot_be_kept_is_not_asked_for_again_by_the_session_that_has_it() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let host = site.url().replace("http://", "");
    client.batch_execute("SELECT bat_setup()").unwrap();
    let mut other = server.client();
    // It has noted something of the host, and is still open.
    other.batch_execute(&format!("BEGIN; SELECT bat_pause('{host}')")).unwrap();
    let urls = site.partner_urls();
    for url in &urls[..3] {
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    }
    assert_eq!(site.requests("/robots.txt").len(), 1);
    assert_eq!(site.requests("/listing/").len(), 3);
}

//! Jobs that are asked to wait, or are cut short: what they still ask for, and what they bring in the end.

use bat_replica::{Config, SiteBase};
use serde_json::json;

use crate::profiles::{self, home, organization, path_of};
use crate::server::Server;
use crate::site::{Site, path};

#[test]
fn a_job_stops_at_the_first_page_that_asks_for_patience() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let url = site.listing("sold");
    let listing = site.partner_listings().into_iter().find(|listing| listing["url"] == url.as_str()).unwrap();
    let seller = listing["seller_username"].as_str().unwrap();
    let import = format!(
        "SELECT r.status FROM businesses AS b, bat_import_partner_vehicles(b.id) AS r WHERE b.bat_username = '{seller}' LIMIT 1"
    );
    site.fault("/listing/", json!({ "kind": "status", "status": 429, "retry_after": "3600" }), None);
    assert_eq!(client.text(&import), "blocked");
    assert_eq!(site.requests("/listing/").len(), 1);
    // All sessions leave it alone.
    let asked = site.requests("/").len();
    assert_eq!(client.error("SELECT bat_index_partners()").sqlstate, "55000");
    assert_eq!(server.client().error("SELECT bat_index_partners()").sqlstate, "55000");
    assert_eq!(site.requests("/").len(), asked);
    assert_eq!(
        client.text("SELECT resting_until > now() + interval '59 minutes' FROM bat_hosts WHERE resting_until IS NOT NULL"),
        "t"
    );
}

#[test]
fn a_session_remembers_a_plea_for_patience_that_its_error_undid() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 429, "retry_after": "3600" }), None);
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.error(&format!("SELECT bat_import_listing('{url}')")).sqlstate, "08004");
    assert_eq!(client.error(&format!("SELECT bat_import_listing('{url}')")).sqlstate, "55000");
    assert_eq!(site.requests(path(&url)).len(), 1);
}

/// A page that nobody waits for asks for it, and a picture does.
#[test]
fn a_call_that_reads_a_site_heeds_a_plea_for_patience_of_any_of_its_pages() {
    let patience = json!({ "kind": "status", "status": 429, "retry_after": "3600" });
    for (form, page) in [("Bare", "contact"), ("JsonLd", "assets/")] {
        let (site, server) = profiles::start_apart();
        let mut client = server.client();
        let (home, _) = home(&site, form);
        site.fault(&path_of(&format!("{home}{page}")), patience.clone(), None);
        let id = organization(&mut client, &home);
        client.batch_execute(&format!("SELECT bat_enrich_org('{id}')")).unwrap();
        let log = site.requests("/");
        let asked = log.iter().position(|entry| entry["status"] == 429);
        assert_eq!(asked, Some(log.len() - 1), "{form}: {log:?}");
        // All sessions know of it.
        let again = server.client().error(&format!("SELECT bat_enrich_org('{id}')"));
        assert_eq!(again.sqlstate, "55000", "{form}: {again:?}");
        assert_eq!(
            client.text("SELECT max(resting_until) > now() + interval '59 minutes' FROM bat_hosts"),
            "t",
            "{form}"
        );
    }
}

/// A site takes longer to read than each run may last.
#[test]
fn a_task_that_a_run_s_time_does_not_suffice_for_is_done_by_the_next_one() {
    let site =
        Site::start(Config { partners: 8, listings: 60, site_base: SiteBase::Hosts, ..Config::default() });
    let server = Server::start(&site.settings());
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client
        .batch_execute(
            "SELECT bat_enqueue('enrich', b.id::text) FROM (SELECT id FROM businesses ORDER BY website LIMIT 1) AS b",
        )
        .unwrap();
    let asked = site.requests("/").len();
    site.fault("/", json!({ "kind": "slow", "seconds": 1.2 }), None);
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(
        client.text("SELECT state || ' ' || attempts FROM bat_tasks WHERE kind = 'enrich'"),
        "ready 1",
        "{:?}",
        site.requests("/").split_off(asked)
    );
    assert_eq!(client.number("SELECT count(*) FROM businesses WHERE metadata ? 'enriched_at'"), 0);
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'enrich'"), 0);
}

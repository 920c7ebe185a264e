//! Requests that cannot be made at all, and answers that come late or lead elsewhere.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::profiles::organization;
use crate::programs::private_folder;
use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::smuggled::Web;

/// URLs of the ended listings of partners whose pages are there.
fn ended(site: &Site) -> Vec<String> {
    let listings = site.partner_listings();
    let ended = listings.iter().filter(|listing| listing["status"] != "live");
    ended.filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect()
}

fn enqueue(client: &mut Session, urls: &[String]) {
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    client.client.execute(sql, &[&urls]).unwrap();
}

#[test]
fn a_setting_that_cannot_be_used_ends_the_call_and_costs_no_task_an_attempt() {
    let site = Site::small();
    let folder = private_folder("certificates");
    let file = folder.join("ca.pem");
    let server = Server::start(&format!("{}bat_partners.ca_file = '{}'", site.settings(), file.display()));
    let mut client = server.client();
    let urls = ended(&site);
    enqueue(&mut client, &urls[..3]);
    let robots = format!(
        "INSERT INTO bat_hosts (host, robots_status, robots_txt, robots_fetched_at) VALUES ('{}', 200, '', now())",
        site.url().replace("http://", "")
    );
    // Whether it is robots.txt that would be asked for first, or a page.
    for prepared in ["SELECT", &robots] {
        client.batch_execute(prepared).unwrap();
        for call in ["CALL bat_work(60)", &format!("SELECT bat_import_listing('{}')", urls[0])] {
            let failure = client.error(call);
            assert_eq!(failure.sqlstate, "58000", "{failure:?}");
            assert!(failure.message.contains("bat_partners.ca_file"), "{failure:?}");
        }
        assert_eq!(
            client.column("SELECT DISTINCT concat_ws(' ', state, attempts, last_sqlstate) FROM bat_tasks"),
            ["ready 0"]
        );
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches"), 0);
    assert_eq!(client.number("SELECT count(*) FROM bat_hosts WHERE resting_until IS NOT NULL"), 0);
    assert_eq!(site.requests("/").len(), 0);
    // Mended, the same session goes on.
    std::fs::write(file, "").unwrap();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 3);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_worker_that_was_busy_for_longer_than_its_requests_may_take_goes_on_with_their_answers() {
    let site = Site::small();
    let server = Server::start(&format!("{}bat_partners.request_timeout = '500ms'", site.settings()));
    let mut client = server.client();
    let urls = ended(&site);
    assert!(urls.len() > 12, "{urls:?}");
    client.batch_execute("SELECT bat_setup()").unwrap();
    enqueue(&mut client, &urls);
    let mut other = server.client();
    other.batch_execute("BEGIN; LOCK TABLE bat_listings IN SHARE MODE").unwrap();
    let mut worker = server.client();
    let worker = thread::spawn(move || worker.batch_execute("CALL bat_work(60)").unwrap());
    // One that is to be stored, and those that are begun meanwhile.
    site.await_requests("/listing/", 9);
    // The time of a request, and what the backend waits beyond that.
    thread::sleep(Duration::from_millis(500 + 5000 + 1500));
    other.batch_execute("COMMIT").unwrap();
    worker.join().unwrap();
    assert_eq!(client.column("SELECT concat_ws(' ', state, attempts, last_error) FROM bat_tasks"), [""; 0]);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), urls.len() as i64);
    for url in &urls {
        assert_eq!(site.requests(path(url)).len(), 1, "{url}");
    }
}

#[test]
fn a_redirect_to_a_path_that_is_not_ascii_is_followed() {
    let web = Web::start(|url| {
        let to = "301 Moved Permanently\r\nLocation: /über-uns/";
        url.ends_with("/about").then(|| to.to_owned())
    });
    let server = web.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let id = organization(&mut client, "http://public.example/about");
    assert_eq!(client.error(&format!("SELECT bat_enrich_org('{id}')")).sqlstate, "02000");
    let last = web.asked().pop();
    assert_eq!(last.as_deref(), Some("GET http://public.example/%C3%BCber-uns/ HTTP/1.1"));
}

#[test]
fn a_page_that_stops_halfway_is_noted_as_timed_out() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "drip", "bytes": 1000, "interval_ms": 3000 }), None);
    let server = Server::start(&format!("{}bat_partners.request_timeout = '700ms'", site.settings()));
    let mut client = server.client();
    enqueue(&mut client, std::slice::from_ref(&url));
    client.batch_execute("CALL bat_work(60, max_tasks => 1)").unwrap();
    assert_eq!(client.column("SELECT outcome FROM bat_fetches WHERE url LIKE '%/listing/%'"), ["timeout"]);
}

//! Bot walls that answer with a status of success: 202, or 200 with a challenge. Nothing of it is taken for a page.

use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, path};

/// What the walls answer.
fn walls() -> [Value; 3] {
    [
        json!({ "kind": "status", "status": 202 }),
        json!({ "kind": "block_page", "status": 202 }),
        json!({ "kind": "block_page", "status": 200 }),
    ]
}

fn host(site: &Site) -> String {
    site.url().replace("http://", "")
}

#[test]
fn a_wall_is_logged_as_such_and_makes_its_host_no_quicker() {
    for wall in walls() {
        let site = Site::small();
        let url = site.listing("sold");
        site.fault(path(&url), wall.clone(), None);
        let server = Server::start(&format!("{}bat_partners.request_delay = '100ms'", site.settings()));
        let mut client = server.client();
        client
            .batch_execute(&format!(
                "INSERT INTO bat_hosts (host, slowdown, robots_status, robots_fetched_at)
                 VALUES ('{}', 4, 404, now());
                 SELECT bat_enqueue('listing', '{url}')",
                host(&site)
            ))
            .unwrap();
        client.batch_execute("CALL bat_work(20)").unwrap();
        assert_eq!(
            client.column("SELECT outcome || ' ' || status FROM bat_fetches"),
            [format!("blocked {}", wall["status"])],
            "{wall}"
        );
        assert_eq!(client.text("SELECT slowdown FROM bat_hosts"), "4", "{wall}");
        assert_eq!(client.text("SELECT last_sqlstate FROM bat_tasks"), "08004", "{wall}");
        assert_eq!(client.number("SELECT refusals FROM bat_hosts"), 1, "{wall}");
    }
}

#[test]
fn a_202_is_the_last_request_to_its_host() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let urls: Vec<String> = site.partner_urls().into_iter().take(16).collect();
    site.fault(path(&urls[5]), json!({ "kind": "status", "status": 202 }), None);
    for url in &urls {
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    }
    client.batch_execute("CALL bat_work(10, '{listing}')").unwrap();
    assert_eq!(site.requests("/listing/").len(), 6);
}

#[test]
fn a_wall_in_place_of_robots_txt_permits_nothing() {
    for wall in walls() {
        let site = Site::small();
        site.fault("/robots.txt", wall.clone(), None);
        let server = site.server();
        let mut client = server.client();
        let error = client.error("SELECT bat_index_partners()");
        assert_eq!(error.sqlstate, "38003", "{wall} {error:?}");
        let what = if wall["status"] == 202 { "answered 202" } else { "answered a challenge" };
        assert!(error.message.contains(what) && error.hint.contains("bot wall"), "{wall} {error:?}");
        // A wall does not go away in seconds: this session leaves the host alone.
        assert_eq!(client.error("SELECT bat_index_partners()").sqlstate, "55000", "{wall}");
        assert_eq!(site.requests("/").len(), 1, "{wall}");

        // So does the queue, for all sessions.
        let mut worker = server.client();
        worker.batch_execute("SELECT bat_enqueue('directory')").unwrap();
        worker.batch_execute("CALL bat_work(10)").unwrap();
        assert_eq!(site.requests("/").len(), 2, "{wall}");
        assert_eq!(worker.text("SELECT outcome FROM bat_fetches"), "blocked", "{wall}");
        assert_eq!(
            worker.text("SELECT robots_status >= 500 AND resting_until > now() FROM bat_hosts"),
            "t",
            "{wall}"
        );
        site.heal();
        assert_eq!(worker.text(&format!("SELECT bat_resume('{}')", host(&site))), "t");
        worker.batch_execute("CALL bat_work(10, '{directory}')").unwrap();
        assert_eq!(worker.text("SELECT robots_status FROM bat_hosts"), "200", "{wall}");
        assert!(worker.number("SELECT count(*) FROM businesses") > 0, "{wall}");
    }
}

#[test]
fn a_missing_or_forbidden_robots_txt_still_permits_everything() {
    for status in [401, 403, 404, 410] {
        let site = Site::small();
        site.fault("/robots.txt", json!({ "kind": "status", "status": status }), None);
        let server = site.server();
        let mut client = server.client();
        assert_eq!(client.text("SELECT status FROM bat_index_partners()"), "done", "{status}");
        assert_eq!(client.number("SELECT robots_status FROM bat_hosts"), status);
    }
}

#[test]
fn a_robots_txt_that_asks_for_patience_is_told_with_its_own_status() {
    let site = Site::small();
    site.fault("/robots.txt", json!({ "kind": "status", "status": 429, "retry_after": "3600" }), None);
    let server = site.server();
    let mut client = server.client();
    let error = client.error("SELECT bat_index_partners()");
    assert_eq!(error.sqlstate, "38003", "{error:?}");
    assert!(error.message.contains("429") && !error.message.contains("503"), "{error:?}");
    client.batch_execute("SELECT bat_resume(host) FROM bat_hosts; SELECT bat_enqueue('directory')").unwrap();
    server.client().batch_execute("CALL bat_work(10)").unwrap();
    let reason = client.text("SELECT resting_reason FROM bat_hosts");
    assert!(reason.contains("429") && !reason.contains("503"), "{reason}");
}

#[test]
fn a_robots_txt_that_cannot_be_followed_is_not_told_as_the_owner_s_wish() {
    let site = Site::small();
    let rules = format!("User-agent: *\n{}", "Disallow: /*.pdf$\n".repeat(501));
    site.set(json!({ "robots": rules }));
    let server = site.server();
    let error = server.client().error("SELECT bat_index_partners()");
    assert_eq!(error.sqlstate, "38003", "{error:?}");
    assert!(error.message.contains("cannot be followed") && error.message.contains("500"), "{error:?}");
    assert!(!error.hint.contains("does not want"), "{error:?}");
    // What stands in comments, or beside the rules, is no rule.
    let comments = format!("# {}\nUser-agent: *\nDisallow: /x # {0}\n", "$".repeat(600));
    site.set(json!({ "robots": comments }));
    let mut client = server.client();
    client.batch_execute("DELETE FROM bat_hosts").unwrap();
    assert_eq!(client.text("SELECT status FROM bat_index_partners()"), "done");
}

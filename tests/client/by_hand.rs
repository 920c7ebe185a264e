//! What people say to the queue is understood as it is meant, and what they did by hand need not be done again.

use serde_json::{Value, json};

use crate::site::{Site, path};

#[test]
fn a_host_is_paused_by_its_url_too_and_what_is_none_is_refused() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_pause('{}/')", site.url())).unwrap();
    assert_eq!(client.error("SELECT bat_index_partners()").sqlstate, "55000");
    assert_eq!(client.text(&format!("SELECT bat_resume('{}')", site.url())), "t");
    assert_eq!(client.text("SELECT status FROM bat_index_partners()"), "done");
    for call in ["bat_pause('two words')", "bat_resume('https:///')", "bat_pause('ftp://example.com')"] {
        let failure = client.error(&format!("SELECT {call}"));
        assert_eq!(failure.sqlstate, "22023", "{call}");
        assert!(failure.message.ends_with("is no name of a host"), "{failure:?}");
    }
}

#[test]
fn a_dead_task_is_revived_by_what_enqueued_it() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 404 }), None);
    let server = site.server();
    let mut client = server.client();
    let said = url.trim_start_matches("https://").trim_end_matches('/');
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{said}')")).unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.number("SELECT bat_retry('listing', 'nonsense')"), 0);
    assert_eq!(client.number(&format!("SELECT bat_retry('listing', '{said}')")), 1);
}

#[test]
fn a_page_that_was_stored_by_hand_leaves_no_dead_task() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "status", "status": 404 }), None);
    site.fault("/local-partners/", json!({ "kind": "status", "status": 404 }), None);
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(&format!("SELECT bat_enqueue('directory'), bat_enqueue('listing', '{url}')"))
        .unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    let dead = "SELECT kind FROM bat_tasks WHERE state = 'dead' ORDER BY 1";
    assert_eq!(client.column(dead), ["directory", "listing"]);
    site.heal();
    client.batch_execute("SELECT bat_index_partners(dry_run => true)").unwrap();
    assert_eq!(client.column(dead), ["directory", "listing"]);
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    assert_eq!(client.column(dead), ["listing"]);
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    assert_eq!(client.column(dead), [""; 0]);
}

#[test]
fn a_limited_ingest_takes_nothing_from_a_full_one_that_waits() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let options = "SELECT options FROM bat_tasks WHERE kind = 'directory'";
    let host = site.url().replace("http://", "");
    client.batch_execute(&format!("SELECT bat_enqueue_due('directory'), bat_pause('{host}')")).unwrap();
    let scheduled = client.json(options);
    let limited = "CALL bat_ingest(max_partners => 1, max_pages => 2, skip_enrich => true)";
    client.batch_execute(limited).unwrap();
    let mut joined = scheduled;
    // What the schedule leaves to other visits, the call does not.
    joined.as_object_mut().unwrap().remove("spare_awaited");
    assert_eq!(client.json(options), joined);
    // And a full one is not less for coming later.
    client.batch_execute("DELETE FROM bat_tasks").unwrap();
    client.batch_execute(limited).unwrap();
    assert_eq!(client.json(options)["max_partners"], json!(1));
    client.batch_execute("SELECT bat_enqueue('directory')").unwrap();
    let by_hand = client.json(options);
    assert_eq!((&by_hand["max_partners"], &by_hand["skip_enrich"]), (&Value::Null, &json!(true)));
    client.batch_execute(&format!("SELECT bat_resume('{host}')")).unwrap();
    client.batch_execute("CALL bat_work(10, '{directory}')").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM businesses"), site.partners().len() as i64);
}

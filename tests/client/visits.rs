//! When listings are visited: that the visits go on, that none is made when nothing is due, and that none is lost.

use serde_json::{Value, json};

use crate::life::{DAY, HOUR, assert_next, begin, car, now, url, visit};
use crate::server::Session;
use crate::site::path;

/// Rows of the user-owned tables that were updated so far.
fn updates(client: &mut Session) -> i64 {
    client.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    client.number("SELECT sum(n_tup_upd) FROM pg_stat_user_tables WHERE relname NOT LIKE 'bat_%' OR relname IN ('bat_listings', 'bat_pages')")
}

#[test]
fn pages_that_are_what_they_were_keep_the_visits_going() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    site.set(json!({ "listing": url, "ends_at": now() + 3 * DAY }));
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    visit(&mut client);
    let before = updates(&mut client);
    for visits in 2..5 {
        visit(&mut client);
        let requests = site.requests(path(&url));
        assert_eq!(requests.len(), visits);
        assert_eq!(requests[visits - 1]["status"], 304);
        assert_next(&mut client, &url, now() + 6 * HOUR);
    }
    // A whole page that says nothing new does the same.
    client
        .batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL WHERE kind = 'listing'")
        .unwrap();
    let before = before + 1;
    visit(&mut client);
    assert_eq!(site.requests(path(&url))[4]["status"], 200);
    assert_next(&mut client, &url, now() + 6 * HOUR);
    assert_eq!(updates(&mut client), before);
    // After the end "not modified" is not asked for: the row says what cannot be true any more.
    client.batch_execute("UPDATE bat_listings SET ends_at = now() - interval '1 minute'").unwrap();
    site.set(json!({ "listing": url, "status": "reserve_not_met" }));
    visit(&mut client);
    let last = site.requests(path(&url))[5].clone();
    assert_eq!((&last["status"], &last["if_none_match"]), (&json!(200), &Value::Null));
    // Three days later a 304 is the answer, and the last one.
    visit(&mut client);
    assert_eq!(site.requests(path(&url))[6]["status"], 304);
}

#[test]
fn nothing_is_asked_for_when_nothing_is_due() {
    let (site, server) = begin();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let live = client.number("SELECT count(*) FROM bat_listings WHERE status = 'live'");
    assert!(live > 3, "{live}");
    // Each has its next visit; so have those that may be sold after all.
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_tasks AS t JOIN bat_listings AS l ON l.url = t.key
             WHERE l.status = 'live' AND t.state = 'ready' AND t.run_after > now()"
        ),
        live
    );
    let pages = site.requests("/listing/").len();
    assert_eq!(client.text("SELECT status FROM bat_enqueue_due('listing')"), "nothing_to_do");
    client.batch_execute("CALL bat_work(5)").unwrap();
    // The schedule's walk over the members' pages leaves live listings to their own visits.
    client.batch_execute("SELECT bat_enqueue_due('member'), bat_enqueue_due('directory')").unwrap();
    client.batch_execute("CALL bat_work(30, '{directory,member,listing}')").unwrap();
    assert_eq!(site.requests("/listing/").len(), pages);
    // Who calls bat_ingest wants to know now.
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    assert_eq!(site.requests("/listing/").len() - pages, usize::try_from(live).unwrap());
}

#[test]
fn the_safety_net_catches_what_the_queue_has_lost_and_nothing_else() {
    let (_site, server) = begin();
    let mut client = server.client();
    // Of a seller who is no partner, a light row.
    client.batch_execute("CALL bat_sweep()").unwrap();
    let full = "SELECT count(*) FROM bat_listings WHERE status = 'live' AND vehicle_id IS NOT NULL";
    let (live, full) =
        (client.number("SELECT count(*) FROM bat_listings WHERE status = 'live'"), client.number(full));
    assert!(full > 3 && live > full, "{full} of {live}");
    let mut caught = || client.text("SELECT inserted FROM bat_enqueue_due('listing')");
    assert_eq!(caught(), "0");
    for (loss, count) in [
        ("DELETE FROM bat_tasks WHERE kind = 'listing'", full),
        ("UPDATE bat_tasks SET run_after = now() + interval '2 days'", full),
        (
            "UPDATE bat_tasks SET state = 'dead', last_sqlstate = '08006', updated_at = now() - interval '25 hours'",
            full,
        ),
        (
            "UPDATE bat_tasks SET state = 'dead', last_sqlstate = '08006', updated_at = now() - interval '1 hour'",
            0,
        ),
        ("UPDATE bat_tasks SET last_sqlstate = '02000', updated_at = now() - interval '25 hours'", 0),
    ] {
        server.client().batch_execute(loss).unwrap();
        assert_eq!(caught(), count.to_string(), "{loss}");
        assert_eq!(caught(), "0", "{loss}");
    }
}

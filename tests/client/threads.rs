//! Bids and comments in their tables: what the pages say, written once, and never over what a person wrote.

use std::thread;

use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::Site;

/// A server that keeps threads.
pub fn keeping(site: &Site) -> Server {
    Server::start(&format!("{}bat_partners.keep_threads = on\n", site.settings()))
}

/// A site, a server that keeps threads, and a listing that was imported.
pub fn imported() -> (Site, Server, String) {
    let site = Site::small();
    let server = keeping(&site);
    let url = site.listing("sold");
    import(&mut server.client(), &url);
    (site, server, url)
}

pub fn import(client: &mut Session, url: &str) -> String {
    client.text(&format!(
        "SELECT concat_ws(' ', inserted, updated, unchanged) FROM bat_import_listing('{url}')"
    ))
}

/// The rows of a thread, with the keys of the replica's truth.
fn rows(client: &mut Session, url: &str) -> Value {
    let time =
        |column: &str| format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    client.json(&format!(
        "SELECT jsonb_build_object(
             'bids', (
                 SELECT coalesce(jsonb_agg(
                     to_jsonb(b) - '{{url,metadata,created_at,updated_at}}'::text[] || jsonb_build_object('placed_at', {})
                     ORDER BY id
                 ), '[]')
                 FROM bat_bids AS b WHERE url = '{url}'
             ),
             'comments', (
                 SELECT coalesce(jsonb_agg(
                     to_jsonb(c) - '{{url,metadata,created_at,updated_at}}'::text[] || jsonb_build_object('posted_at', {})
                     ORDER BY id
                 ), '[]')
                 FROM bat_comments AS c WHERE url = '{url}'
             )
         )",
        time("placed_at"),
        time("posted_at")
    ))
}

/// What the page of a listing says of its thread, in the order of the ids.
pub fn truth(site: &Site, url: &str) -> Value {
    let mut truth = site.thread(url);
    for list in ["bids", "comments"] {
        truth[list].as_array_mut().unwrap().sort_by_key(|entry| entry["id"].as_i64());
    }
    truth
}

/// An entry of a thread's truth that is so.
pub fn entry(site: &Site, url: &str, list: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    site.thread(url)[list].as_array().unwrap().iter().find(|entry| is_so(entry)).unwrap().clone()
}

/// Every listing whose thread must be stored has it, row by row, and no other has any.
pub fn assert_threads(site: &Site, client: &mut Session, urls: &[String]) {
    let mut entries = 0;
    for url in urls {
        let truth = truth(site, url);
        entries += truth["bids"].as_array().unwrap().len() + truth["comments"].as_array().unwrap().len();
        assert_eq!(rows(client, url), truth, "{url}");
    }
    let stored =
        client.number("SELECT (SELECT count(*) FROM bat_bids) + (SELECT count(*) FROM bat_comments)");
    assert_eq!(stored, entries as i64);
}

/// Rows written so far, dead rows, and rows that were locked or moved since they were inserted.
pub fn writes(client: &mut Session) -> String {
    client.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    client.text(
        "SELECT concat_ws(' ', sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del), sum(n_dead_tup),
             (SELECT count(*) FROM bat_bids WHERE xmax::text <> '0')
                 + (SELECT count(*) FROM bat_comments WHERE xmax::text <> '0'))
         FROM pg_stat_user_tables WHERE relname IN ('bat_bids', 'bat_comments')",
    )
}

#[test]
fn the_rows_are_what_the_pages_say_and_a_second_import_writes_none() {
    let site = Site::small();
    let server = keeping(&site);
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let urls = site.partner_urls();
    assert_threads(&site, &mut client, &urls);
    // All that is special is there.
    for special in [
        "bat_bids WHERE canceled",
        "bat_comments WHERE username IS NULL AND kind = 'comment'",
        "bat_comments WHERE kind = 'bat-bid-reserve'",
        "bat_comments WHERE is_seller",
    ] {
        assert!(client.number(&format!("SELECT count(*) FROM {special}")) > 0, "{special}");
    }
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_comments AS c, LATERAL (SELECT c.metadata->'bat_partners' AS memory) AS m
             WHERE memory->>'source_url' <> url OR (memory->>'time')::timestamptz > now()
                 OR length(memory->>'hash') <> 32 OR memory - '{hash,source_url,time}'::text[] <> '{}'"
        ),
        0
    );
    let before = writes(&mut client);
    assert_eq!(before.split(' ').skip(1).collect::<Vec<_>>(), ["0", "0", "0", "0"]);
    // First the site says that nothing has changed, then it sends whole pages.
    for etags in ["", "UPDATE bat_pages SET etag = NULL, last_modified = NULL"] {
        client.batch_execute(etags).unwrap();
        for url in &urls {
            assert_eq!(import(&mut client, url), "0 0 1", "{url}");
        }
        assert_eq!(writes(&mut client), before);
    }
    // The settings of a session have nothing to do with whether a row is what was written.
    client
        .batch_execute("SET timezone = 'Asia/Kolkata'; SET datestyle = 'German'; SET extra_float_digits = 0")
        .unwrap();
    site.set(
        json!({ "listing": urls[0], "thread": { "remove": site.thread(&urls[0])["comments"][0]["id"] } }),
    );
    assert_eq!(import(&mut client, &urls[0]), "0 1 0", "the listing has one comment less");
    assert_eq!(writes(&mut client), before);
}

#[test]
fn a_bid_that_is_canceled_later_keeps_its_amount_and_its_bidder() {
    let (site, server, url) = imported();
    let mut client = server.client();
    let bid = entry(&site, &url, "bids", |bid| bid["canceled"] == false);
    site.set(json!({ "listing": url, "thread": { "cancel": bid["id"] } }));
    let told = entry(&site, &url, "bids", |entry| entry["id"] == bid["id"]);
    assert_eq!((&told["canceled"], &told["amount"]), (&json!(true), &Value::Null));
    import(&mut client, &url);
    let mut expected = bid;
    expected["canceled"] = json!(true);
    let stored = rows(&mut client, &url);
    let stored = stored["bids"].as_array().unwrap().iter().find(|entry| entry["id"] == expected["id"]);
    assert_eq!(stored, Some(&expected));
    client.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    let updates =
        "SELECT sum(n_tup_upd) FROM pg_stat_user_tables WHERE relname IN ('bat_bids', 'bat_comments')";
    assert_eq!(client.number(updates), 1, "only that row");
    // It is what the importer wrote: the next page may change it again.
    assert_eq!(import(&mut client, &url), "0 0 1");
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    assert_eq!(import(&mut client, &url), "0 0 1");
    client.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    assert_eq!(client.number(updates), 1);
}

#[test]
fn the_name_of_an_account_that_is_deleted_later_stays() {
    let (site, server, url) = imported();
    let mut client = server.client();
    let before = rows(&mut client, &url);
    let bidder = entry(&site, &url, "bids", |bid| bid["username"].is_string())["username"].clone();
    site.set(json!({ "listing": url, "thread": { "delete_member": bidder } }));
    let told = site.thread(&url);
    assert!(told["bids"].as_array().unwrap().iter().all(|bid| bid["username"] != bidder));
    import(&mut client, &url);
    assert_eq!(rows(&mut client, &url), before);
}

#[test]
fn an_edited_comment_is_updated_and_one_that_vanished_stays() {
    let (site, server, url) = imported();
    let mut client = server.client();
    let mut expected = truth(&site, &url);
    let comments = expected["comments"].as_array_mut().unwrap();
    let edited = comments.iter_mut().find(|comment| comment["kind"] == "comment").unwrap();
    let text = "It's 4×4 & \"more\" <than> before\\";
    edited["body"] = json!(text);
    let edited = edited["id"].clone();
    let vanished = comments.iter().rfind(|comment| comment["kind"] == "comment").unwrap()["id"].clone();
    assert_ne!(edited, vanished);
    site.set(json!({ "listing": url, "thread": { "edit": { "id": edited, "text": text } } }));
    site.set(json!({ "listing": url, "thread": { "remove": vanished } }));
    import(&mut client, &url);
    assert_eq!(rows(&mut client, &url), expected);
    // A text with a backslash is what the importer wrote, too.
    site.set(json!({ "listing": url, "thread": { "edit": { "id": edited, "text": "again" } } }));
    import(&mut client, &url);
    let body = client.text(&format!("SELECT body FROM bat_comments WHERE url = '{url}' AND id = {edited}"));
    assert_eq!(body, "again");
}

#[test]
fn what_a_person_wrote_stays() {
    let (site, server, url) = imported();
    let mut client = server.client();
    let mut ids = site.thread(&url)["bids"]
        .as_array()
        .unwrap()
        .clone()
        .into_iter()
        .filter(|bid| bid["canceled"] == false);
    let (bid, other) = (ids.next().unwrap()["id"].clone(), ids.next().unwrap()["id"].clone());
    let mut ids = site.thread(&url)["comments"]
        .as_array()
        .unwrap()
        .clone()
        .into_iter()
        .filter(|c| c["kind"] == "comment");
    let (comment, noted, own) = (
        ids.next().unwrap()["id"].clone(),
        ids.next().unwrap()["id"].clone(),
        ids.next().unwrap()["id"].clone(),
    );
    client
        .batch_execute(&format!(
            "UPDATE bat_bids SET amount = 1 WHERE id = {bid};
             UPDATE bat_bids SET username = NULL WHERE id = {other};
             UPDATE bat_comments SET body = 'Mine' WHERE id = {comment};
             -- Rows that no import has written.
             UPDATE bat_comments SET metadata = '{{}}', body = 'All mine' WHERE id = {own};
             -- A note beside what the importer wrote changes nothing of it.
             UPDATE bat_comments SET metadata = metadata || '{{\"note\": 1}}' WHERE id = {noted}"
        ))
        .unwrap();
    for change in [
        json!({ "cancel": bid }),
        json!({ "cancel": other }),
        json!({ "edit": { "id": comment, "text": "edited" } }),
        json!({ "edit": { "id": own, "text": "edited" } }),
        json!({ "edit": { "id": noted, "text": "edited" } }),
    ] {
        site.set(json!({ "listing": url, "thread": change }));
    }
    import(&mut client, &url);
    let mut text = |sql: String| client.text(&sql);
    assert_eq!(text(format!("SELECT amount || ' ' || canceled FROM bat_bids WHERE id = {bid}")), "1 false");
    assert_eq!(
        text(format!("SELECT (username IS NULL) || ' ' || canceled FROM bat_bids WHERE id = {other}")),
        "true false"
    );
    assert_eq!(text(format!("SELECT body FROM bat_comments WHERE id = {comment}")), "Mine");
    assert_eq!(text(format!("SELECT body FROM bat_comments WHERE id = {own}")), "All mine");
    assert_eq!(
        text(format!("SELECT concat_ws(' ', body, metadata->'note') FROM bat_comments WHERE id = {noted}")),
        "edited 1"
    );
}

#[test]
fn sessions_that_import_the_same_listings_agree() {
    let site = Site::small();
    let server = keeping(&site);
    server.client().batch_execute("SELECT bat_setup(); SELECT bat_index_partners()").unwrap();
    let urls = site.partner_urls();
    let sessions: Vec<_> = (0..3)
        .map(|number| {
            let mut client = server.client();
            let mut urls = urls.clone();
            if number % 2 == 1 {
                urls.reverse();
            }
            thread::spawn(move || urls.iter().for_each(|url| drop(import(&mut client, url))))
        })
        .collect();
    sessions.into_iter().for_each(|session| session.join().unwrap());
    assert_threads(&site, &mut server.client(), &urls);
}

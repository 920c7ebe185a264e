//! Bids and comments in their tables: what the pages say, written once, and never over what a person wrote.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use bat_replica::Config;
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// A server that keeps threads.
fn keeping(site: &Site) -> Server {
    Server::start(&format!("{}bat_partners.keep_threads = on\n", site.settings()))
}

/// A site, a server that keeps threads, and a listing that was imported.
fn imported() -> (Site, Server, String) {
    let site = Site::small();
    let server = keeping(&site);
    let url = site.listing("sold");
    import(&mut server.client(), &url);
    (site, server, url)
}

fn import(client: &mut Session, url: &str) -> String {
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
fn truth(site: &Site, url: &str) -> Value {
    let mut truth = site.thread(url);
    for list in ["bids", "comments"] {
        truth[list].as_array_mut().unwrap().sort_by_key(|entry| entry["id"].as_i64());
    }
    truth
}

/// An entry of a thread's truth that is so.
fn entry(site: &Site, url: &str, list: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    site.thread(url)[list].as_array().unwrap().iter().find(|entry| is_so(entry)).unwrap().clone()
}

/// Every listing whose thread must be stored has it, row by row, and no other has any.
fn assert_threads(site: &Site, client: &mut Session, urls: &[String]) {
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
fn writes(client: &mut Session) -> String {
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
fn without_the_setting_nothing_is_stored_and_with_it_the_archive_has_what_is_missing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let url = site.listing("sold");
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    import(&mut client, &url);
    assert_threads(&site, &mut client, &[]);
    assert_eq!(client.number("SELECT count(*) FROM bat_pages WHERE metadata <> '{}'"), 0);
    client.batch_execute("SET bat_partners.keep_threads = on").unwrap();
    // The site says that the page is what it was.
    assert_eq!(import(&mut client, &url), "0 1 0");
    assert_eq!(site.requests(path(&url)).last().unwrap()["status"], 304);
    assert_threads(&site, &mut client, std::slice::from_ref(&url));
    assert_eq!(import(&mut client, &url), "0 0 1");
    let before = writes(&mut client);
    client
        .batch_execute(
            "SET bat_partners.keep_threads = off; UPDATE bat_pages SET etag = NULL, last_modified = NULL",
        )
        .unwrap();
    site.set(json!({ "listing": url, "thread": { "cancel": site.thread(&url)["bids"][0]["id"] } }));
    import(&mut client, &url);
    assert_eq!(writes(&mut client), before);
}

#[test]
fn bat_reparse_fills_what_was_imported_before_without_a_request() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let asked = site.requests("/").len();
    let urls = site.partner_urls();
    let summary = |client: &mut Session| {
        client.text("SELECT concat_ws(' ', status, found, updated, unchanged, failed) FROM bat_runs ORDER BY id DESC LIMIT 1")
    };
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(summary(&mut client), "nothing_to_do 0 0 0 0");
    assert_threads(&site, &mut client, &[]);
    client.batch_execute("SET bat_partners.keep_threads = on").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(summary(&mut client), format!("done {0} {0} 0 0", urls.len()));
    assert_threads(&site, &mut client, &urls);
    let before = writes(&mut client);
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(summary(&mut client), "nothing_to_do 0 0 0 0");
    // Pages of an older parser are read again, threads and all; a page that is older than its rows replaces nothing.
    client.batch_execute("UPDATE bat_pages SET parser_version = -1").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(summary(&mut client), format!("done {0} 0 {0} 0", urls.len()));
    assert_eq!(writes(&mut client), before);
    assert_eq!(site.requests("/").len(), asked);
}

#[test]
fn bat_reparse_does_not_bring_back_what_a_later_page_has_changed() {
    let (site, server, url) = imported();
    let mut client = server.client();
    let bid = entry(&site, &url, "bids", |bid| bid["canceled"] == false)["id"].clone();
    site.set(json!({ "listing": url, "thread": { "cancel": bid } }));
    // The later page is not archived.
    client.batch_execute("SET bat_partners.archive_pages = off").unwrap();
    import(&mut client, &url);
    client.batch_execute("UPDATE bat_pages SET parser_version = -1; DELETE FROM bat_comments").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.text(&format!("SELECT canceled FROM bat_bids WHERE id = {bid}")), "t");
    let comments = site.thread(&url)["comments"].as_array().unwrap().len();
    assert_eq!(
        client.number("SELECT count(*) FROM bat_comments"),
        comments as i64,
        "what is missing is filled"
    );
}

#[test]
fn light_rows_have_no_thread_until_their_seller_is_a_partner() {
    let site = Site::start(Config { partners: 8, listings: 120, ..Config::default() });
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    let server = keeping(&site);
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert!(client.number("SELECT count(*) FROM bat_listings WHERE vehicle_id IS NULL") > 0);
    assert_threads(&site, &mut client, &[]);
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "nothing_to_do");
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let before = site.requests("/listing/").len();
    client.batch_execute("CALL bat_ingest(skip_index => true, skip_enrich => true)").unwrap();
    let urls = site.partner_urls();
    let full =
        client.column("SELECT url FROM bat_listings WHERE vehicle_id IS NOT NULL ORDER BY url COLLATE \"C\"");
    assert_eq!(full, urls);
    assert_threads(&site, &mut client, &urls);
    let live = site.partner_listings().iter().filter(|listing| listing["status"] == "live").count();
    assert_eq!(site.requests("/listing/").len() - before, live, "only live ones are asked for again");
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

/// A page as the site serves it.
fn served(site: &Site, url: &str) -> String {
    let address = site.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", path(url)).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").expect("a complete answer").1.to_owned()
}

/// A page with other entries in its thread.
fn with_entries(page: &str, entries: &str) -> String {
    let (before, rest) = page.split_once("\"comments\":[").unwrap();
    let (_, after) = rest.split_once("],\"commentsInitialLoad\"").unwrap();
    format!("{before}\"comments\":[{entries}],\"commentsInitialLoad\"{after}")
}

#[test]
fn a_hostile_thread_is_stored_in_two_statements_and_does_not_fail() {
    let site = Site::small();
    let server = keeping(&site);
    let url = site.listing("sold");
    let mut entries = vec![
        // Numbers that are none, and such as no column holds.
        r#"{"id":99999999999999999999,"type":"comment"}"#.to_owned(),
        r#"{"id":-7,"type":"bat-bid"},{"id":0},{"id":"x"},{"id":1.5e300},{},7,null,"x",[]"#.to_owned(),
        r#"{"id":9223372036854775807,"type":"bat-bid","bidAmount":9223372036854775807,"timestamp":9223372036854775807}"#.to_owned(),
        r#"{"id":9223372036854775806,"type":"comment","likes":99999999999,"commentParent":"9223372036854775807"}"#.to_owned(),
        // NULs, halves of surrogates, and one number twice, in both tables.
        r#"{"id":5,"type":"co\u0000mment","markup":"<p>a\u0000b\\","authorUrl":"\/member\/x\u0000y\/"}"#.to_owned(),
        r#"{"id":6,"type":"comment","markup":"\ud83d"}"#.to_owned(),
        r#"{"id":5,"type":"bat-bid","bidAmount":1},{"id":5,"type":"comment","markup":"second"}"#.to_owned(),
        r#"{"id":8,"type":"bat-bid","bidAmount":"-5","markup":"XXX $999999999999999999999999"}"#.to_owned(),
    ];
    entries.extend((1_000..50_970).map(|id| format!(r#"{{"id":{id},"type":"comment","markup":"x"}}"#)));
    let page = with_entries(&served(&site, &url), &entries.join(","));
    site.fault(path(&url), json!({ "kind": "body", "body": page }), None);
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             CREATE TABLE statements (name text);
             CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN INSERT INTO public.statements VALUES (TG_TABLE_NAME); RETURN NULL; END';
             CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON bat_bids EXECUTE FUNCTION note();
             CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON bat_comments EXECUTE FUNCTION note()",
        )
        .unwrap();
    assert_eq!(import(&mut client, &url), "1 0 0");
    // An upsert counts as an insert and as an update.
    let statements = "SELECT count(*) FILTER (WHERE name = 'bat_bids') || ' ' || count(*) FROM statements";
    assert_eq!(client.text(statements), "2 4");
    assert_eq!(
        client.column("SELECT concat_ws(' ', id, amount, placed_at) FROM bat_bids ORDER BY id"),
        ["8", "9223372036854775807 9223372036854775807"]
    );
    assert_eq!(client.number("SELECT count(*) FROM bat_comments WHERE id BETWEEN 1000 AND 60000"), 49_970);
    assert_eq!(
        client.column("SELECT concat_ws(' ', id, username, kind, body, likes, parent_id) FROM bat_comments WHERE id NOT BETWEEN 1000 AND 60000 ORDER BY id"),
        ["5 xy comment ab\\", "9223372036854775806 comment 9223372036854775807"]
    );
    let before = writes(&mut client);
    assert_eq!(import(&mut client, &url), "0 0 1");
    assert_eq!(writes(&mut client), before);
}

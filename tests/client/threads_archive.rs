//! Threads and the archive: what was imported while they were not kept, and what of it is newer.

use bat_replica::Config;
use serde_json::json;

use crate::server::Session;
use crate::site::{Site, path};
use crate::threads::{assert_threads, entry, import, imported, keeping, writes};

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
fn a_page_that_was_read_for_a_light_row_is_read_again_for_the_thread_once_the_row_is_whole() {
    let site = Site::start(Config { partners: 8, listings: 60, ..Config::default() });
    let server = keeping(&site);
    let mut client = server.client();
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    // Light rows are not looked at for their threads, nor is anything noted of them.
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "nothing_to_do");
    client.batch_execute("SET bat_partners.keep_threads = off").unwrap();
    client
        .batch_execute("CALL bat_ingest(skip_index => true, skip_enrich => true, max_pages => 100)")
        .unwrap();
    assert_threads(&site, &mut client, &[]);
    client.batch_execute("SET bat_partners.keep_threads = on").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    let urls = site.partner_urls();
    assert_threads(&site, &mut client, &urls);
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "nothing_to_do");
}

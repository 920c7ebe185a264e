//! What a page costs does not grow with the tables: rows are found by indexes, also by plans that were made when the tables
//! were empty.

use bat_replica::Config;

use crate::fidelity::skipped;
use crate::server::{Server, Session};
use crate::site::Site;
use crate::statements;

const TABLES: [&str; 5] = ["bat_listings", "bat_pages", "organization_vehicles", "vehicles", "bat_tasks"];

const ENQUEUE: &str = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";

/// The listings of a site whose pages are there.
fn present(site: &Site) -> Vec<String> {
    let listings = site.listings("");
    let present = listings.iter().filter(|listing| listing["replica"]["gone"] != true);
    present.map(|listing| listing["url"].as_str().unwrap().to_owned()).collect()
}

/// Rows that were read by walking over whole tables, so far.
fn read_in_sequence(client: &mut Session) -> Vec<(String, i64)> {
    client.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    TABLES
        .map(|table| {
            let sql = format!(
                "SELECT COALESCE(seq_tup_read, 0) FROM pg_stat_user_tables WHERE relname = '{table}'"
            );
            (table.to_owned(), client.number(&sql))
        })
        .to_vec()
}

#[test]
fn a_page_is_stored_without_walking_over_a_table() {
    let site = Site::start(Config { partners: 20, listings: 260, ..Config::default() });
    // The plans are made for empty tables, and nobody looks at those meanwhile.
    let server = Server::start(&format!("{}autovacuum = off\n", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls = present(&site);
    for round in ["new", "unchanged"] {
        client.client.execute(ENQUEUE, &[&urls]).unwrap();
        let mut session = server.client();
        session.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
        let before = read_in_sequence(&mut client);
        session.batch_execute("CALL bat_work(600, '{listing}')").unwrap();
        session.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
        let after = read_in_sequence(&mut client);
        for ((table, before), (_, after)) in before.into_iter().zip(after) {
            // The queue is short, and known to be, when its plans are made.
            let most = if table == "bat_tasks" { 40 * urls.len() } else { urls.len() };
            assert!(
                after - before < most as i64,
                "{round}: {} rows of {table} for {} pages",
                after - before,
                urls.len()
            );
        }
        // Whole pages again.
        client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    }
}

#[test]
fn a_count_in_the_metadata_is_read_without_a_call_that_is_planned_anew() {
    let server = Server::start("");
    let mut client = server.client();
    let mut is_called = || {
        let explain =
            "EXPLAIN (VERBOSE, COSTS OFF) SELECT bat_noted_count(n) FROM (VALUES ('1'), ('x')) AS v (n)";
        client.column(explain).join("\n").contains("bat_noted_count(")
    };
    assert!(!is_called());
    server.client().batch_execute("ALTER FUNCTION bat_noted_count(text) SET search_path = ''").unwrap();
    assert!(is_called(), "a SET clause would be seen");
}

#[test]
fn a_new_listing_takes_three_statements_or_four() {
    if !statements::are_countable() {
        return skipped::because("this server's installation has no pg_stat_statements");
    }
    // What is done once for each run is little beside it.
    let site = Site::start(Config { partners: 20, listings: 400, ..Config::default() });
    let server = Server::start(&format!("{}{}", site.settings(), statements::COUNTED));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls = present(&site);
    client.client.execute(ENQUEUE, &[&urls]).unwrap();
    let counted = statements::of_work(&mut server.client());
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), urls.len() as i64);
    // On a busy machine what was found out about the host in passing is too old sometimes, and it is asked about again.
    assert!(counted <= 4 * urls.len() as i64, "{counted} statements for {} listings", urls.len());
}

//! Transactions of the caller: several sessions, exceptions that are caught, schemas and paths that are odd.

use std::thread;

use serde_json::json;

use crate::site::{Site, path};

#[test]
fn two_open_transactions_that_want_each_other_s_rows_and_turns_do_not_hang() {
    let site = Site::small();
    let urls = site.partner_urls();
    let server = site.server();
    let mut first = server.client();
    let mut second = server.client();
    first.batch_execute("SELECT bat_setup()").unwrap();
    first.batch_execute(&format!("BEGIN; SELECT bat_import_listing('{}')", urls[0])).unwrap();
    let same = urls[0].clone();
    // It waits for the first one's row with the host's turn in hand.
    let waiting =
        thread::spawn(move || second.batch_execute(&format!("SELECT bat_import_listing('{same}')")));
    let mut witness = server.client();
    witness.wait_until(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%bat_import%')",
    );
    // The first one wants the turn: one of the two is told of the deadlock, the other goes on.
    let outcome = first.batch_execute(&format!("SELECT bat_import_listing('{}')", urls[1]));
    first.batch_execute("COMMIT").unwrap();
    let outcomes = [outcome, waiting.join().unwrap()];
    let failed: Vec<&str> =
        outcomes.iter().filter_map(|outcome| Some(outcome.as_ref().err()?.sqlstate.as_str())).collect();
    assert!(failed.is_empty() || failed == ["40P01"], "{outcomes:?}");
}

#[test]
fn a_cancel_that_is_caught_leaves_the_transaction_in_order() {
    let site = Site::small();
    site.fault("/local-partners/", json!({ "kind": "slow", "seconds": 30 }), None);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SET statement_timeout = '300ms'").unwrap();
    client
        .batch_execute(
            "DO $$ BEGIN
                 BEGIN PERFORM bat_index_partners(dry_run => true);
                 EXCEPTION WHEN query_canceled THEN CREATE TABLE inner_marker (x int);
                 END;
                 CREATE TABLE marker (x int);
             END $$",
        )
        .unwrap();
    client.batch_execute("SET statement_timeout = 0; INSERT INTO marker VALUES (1)").unwrap();
    client.batch_execute("BEGIN; INSERT INTO inner_marker VALUES (1); COMMIT").unwrap();
    assert_eq!(server.client().number("SELECT count(*) FROM marker, inner_marker"), 1);
}

#[test]
fn an_ingest_that_was_cancelled_goes_on_at_once() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SET statement_timeout = '4s'").unwrap();
    assert_eq!(client.error("CALL bat_ingest(max_pages => 100, skip_enrich => true)").sqlstate, "57014");
    client.batch_execute("SET statement_timeout = '60s'").unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), site.partner_urls());
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND (attempts > 0 OR run_after <= now())"
        ),
        0
    );
}

#[test]
fn a_listing_that_came_before_its_partner_is_given_to_it() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE organization_id IS NULL"), 0);
    // Rows that a person deleted are made again, whatever the site says about "not modified".
    client.batch_execute("DELETE FROM bat_listings; DELETE FROM vehicles").unwrap();
    assert_eq!(client.text(&format!("SELECT inserted FROM bat_import_listing('{url}')")), "1");
}

#[test]
fn odd_schemas_and_hostile_search_paths() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "DROP EXTENSION bat_partners;
             CREATE SCHEMA \"Odd Schema\";
             CREATE EXTENSION bat_partners SCHEMA \"Odd Schema\";
             CREATE SCHEMA evil;
             CREATE DOMAIN evil.text AS pg_catalog.text CHECK (false);
             CREATE DOMAIN evil.jsonb AS pg_catalog.jsonb CHECK (false);
             CREATE FUNCTION evil.boom(pg_catalog.text, pg_catalog.text) RETURNS bool LANGUAGE plpgsql
                 AS 'BEGIN RAISE EXCEPTION ''hijacked''; END';
             CREATE OPERATOR evil.= (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, FUNCTION = evil.boom);
             SET search_path = evil, pg_catalog",
        )
        .unwrap();
    client.batch_execute(&format!("SELECT \"Odd Schema\".bat_import_listing('{url}')")).unwrap();
    client.batch_execute("CALL \"Odd Schema\".bat_ingest(listing_limit => 1, skip_enrich => true)").unwrap();
    client.batch_execute("CALL \"Odd Schema\".bat_work(1)").unwrap();
    client.batch_execute("SET search_path = public").unwrap();
    assert!(client.number("SELECT partners FROM \"Odd Schema\".bat_status") > 0);
}

#[test]
fn null_arguments_are_named() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    for call in [
        "SELECT bat_import_partner_vehicles(NULL)",
        "SELECT bat_import_listing(NULL)",
        "SELECT bat_enrich_org(NULL)",
        "SELECT bat_enqueue(NULL)",
        "SELECT bat_enqueue('directory', NULL, NULL)",
        "SELECT bat_pause(NULL)",
        "CALL bat_work(kinds => '{NULL}')",
    ] {
        let failure = client.error(call);
        assert_eq!(failure.sqlstate, "22004", "{call}: {failure:?}");
    }
}

#[test]
fn a_car_that_is_sold_again_by_the_same_partner_leaves_no_open_offer() {
    let site = Site::small();
    let url = site.listing("live");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    // An earlier sale of the same vehicle by the same organization.
    client
        .batch_execute(
            "INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type, status)
             SELECT organization_id, vehicle_id, 'sold_by', 'past' FROM organization_vehicles",
        )
        .unwrap();
    site.set(json!({ "listing": url, "status": "sold" }));
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    assert_eq!(
        client
            .column("SELECT concat_ws(' ', relationship_type, status) FROM organization_vehicles ORDER BY 1"),
        ["consigner past", "sold_by past"]
    );
}

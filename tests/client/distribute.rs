//! `bat_distribute()`. Citus itself is not at hand: what it would be told is checked against a stand-in.

use crate::fidelity;
use crate::server::{Server, Session};
use crate::site::Site;

/// What Citus is told of tables in a schema.
fn statements(schema: &str) -> Vec<String> {
    let reference = [
        "businesses",
        "vehicles",
        "organization_vehicles",
        "bat_page_dictionaries",
        "dealer_inventory",
        "vehicle_images",
    ]
    .map(|table| format!("SELECT pg_catalog.create_reference_table('{schema}.{table}')"));
    let distributed = [("bat_listings", "none"), ("bat_bids", ""), ("bat_comments", ""), ("bat_pages", "")].map(|(table, beside)| {
        let beside = if beside.is_empty() { format!("{schema}.bat_listings") } else { beside.to_owned() };
        format!("SELECT pg_catalog.create_distributed_table('{schema}.{table}', 'url', colocate_with => '{beside}')")
    });
    reference.into_iter().chain(distributed).collect()
}

/// Makes what bat_distribute uses of Citus 10.2 and later: the entry in pg_extension, its table of tables, its functions
/// by their real signatures.
fn pretend_citus(client: &mut Session) {
    client
        .batch_execute(
            "SET allow_system_table_mods = on;
             INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
                 VALUES (1, 'citus', 10, 'pg_catalog'::regnamespace, false, '13.0-1');
             CREATE SCHEMA citus;
             CREATE TYPE citus.distribution_type AS ENUM ('hash', 'range', 'append');
             CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass PRIMARY KEY, told text);
             CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void LANGUAGE sql
                 AS $$ INSERT INTO pg_catalog.pg_dist_partition VALUES ($1, 'reference') $$;
             CREATE FUNCTION pg_catalog.create_distributed_table(
                 table_name regclass,
                 distribution_column text,
                 distribution_type citus.distribution_type DEFAULT 'hash',
                 colocate_with text DEFAULT 'default',
                 shard_count int DEFAULT NULL
             ) RETURNS void LANGUAGE sql
                 AS $$ INSERT INTO pg_catalog.pg_dist_partition VALUES ($1, concat_ws(' ', $2, $3, $4)) $$;
             RESET allow_system_table_mods",
        )
        .unwrap();
}

#[test]
fn without_citus_it_fails_tells_how_to_get_it_and_makes_nothing() {
    let server = Server::start("");
    let mut client = server.client();
    let failure = client.error("SELECT bat_distribute()");
    assert_eq!(failure.sqlstate, "55000");
    assert!(failure.message.contains("citus"), "{failure:?}");
    for part in
        ["postgresql-1", "shared_preload_libraries = 'citus'", "CREATE EXTENSION citus", "citus_add_node"]
    {
        assert!(failure.hint.contains(part), "{failure:?}");
    }
    assert_eq!(client.text("SELECT (to_regclass('businesses') IS NULL)::text"), "true");
    assert_eq!(client.column("SELECT bat_distribute_statements()"), statements("public"));
}

#[test]
fn every_table_is_handed_over_once() {
    let server = Server::start("");
    let mut client = server.client();
    pretend_citus(&mut client);
    // One was distributed by hand.
    client.batch_execute("SELECT bat_setup(); SELECT create_distributed_table('bat_listings', 'url', colocate_with => 'mine')").unwrap();
    let expected: Vec<String> = statements("public")
        .into_iter()
        .filter(|statement| !statement.contains("'public.bat_listings', "))
        .collect();
    assert_eq!(client.column("SELECT bat_distribute()"), expected);
    let told =
        "SELECT concat_ws(' ', logicalrelid, told) FROM pg_dist_partition ORDER BY told, logicalrelid::text";
    let all = client.column(told);
    assert_eq!(
        all,
        [
            "bat_page_dictionaries reference",
            "businesses reference",
            "dealer_inventory reference",
            "organization_vehicles reference",
            "vehicle_images reference",
            "vehicles reference",
            "bat_listings url hash mine",
            "bat_bids url hash public.bat_listings",
            "bat_comments url hash public.bat_listings",
            "bat_pages url hash public.bat_listings",
        ]
    );
    assert_eq!(client.column("SELECT bat_distribute()"), Vec::<String>::new());
    assert_eq!(client.column(told), all);
    // The jobs still find their tables as they should be.
    assert_eq!(client.text("SELECT unchanged FROM bat_setup()"), "10");
}

#[test]
fn the_tables_are_made_first_and_found_in_a_schema_of_any_name() {
    let server = Server::start("");
    server.client().batch_execute("CREATE DATABASE other").unwrap();
    let mut client = server.session("postgres", "other");
    client
        .batch_execute("CREATE SCHEMA \"My tables\"; CREATE EXTENSION bat_partners SCHEMA \"My tables\"")
        .unwrap();
    pretend_citus(&mut client);
    assert_eq!(client.column("SELECT \"My tables\".bat_distribute()"), statements("\"My tables\""));
    assert_eq!(
        client
            .number("SELECT count(*) FROM pg_dist_partition WHERE logicalrelid::text LIKE '\"My tables\".%'"),
        10
    );
}

#[test]
fn what_is_done_table_by_table_makes_the_same_rows() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    pretend_citus(&mut client);
    client.batch_execute("SELECT bat_distribute()").unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    let (compared, found) = fidelity::compare(&site, &mut client);
    assert!(compared > 0 && found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    // Neither pages that come again nor pages of the archive that are read again change a row.
    let rows = "SELECT md5(string_agg(to_jsonb(l)::text, '' ORDER BY url)) || (SELECT md5(string_agg(to_jsonb(v)::text, '' ORDER BY id)) FROM vehicles AS v) FROM bat_listings AS l";
    let before = client.text(rows);
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    for url in client.column("SELECT url FROM bat_listings") {
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    }
    client.batch_execute("UPDATE bat_pages SET parser_version = 0 WHERE kind = 'listing'").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.text(rows), before);
    assert_eq!(
        client.number("SELECT count(*) FROM bat_pages WHERE kind = 'listing' AND parser_version = 0"),
        0
    );
    client.batch_execute("CALL bat_sweep(full_history => true)").unwrap();
    assert_eq!(client.text("SELECT state FROM bat_catalogue WHERE feed = 'history'"), "complete");
}

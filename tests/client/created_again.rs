//! The extension is dropped and created again: the tables with the data stay, are adopted, and nothing is there twice.

use crate::inventory::{dealer, dealers};
use crate::server::Session;
use crate::site::Site;
use crate::whole_rows::{assert_equal, data_tables, rows};

const AGAIN: &str = "DROP EXTENSION bat_partners; CREATE EXTENSION bat_partners";

/// The rows of the data tables that say what the site says: without when they were looked at, and by which crawl.
fn told(client: &mut Session) -> Vec<String> {
    client.column(
        "SELECT to_jsonb(b)::text FROM businesses AS b
         UNION ALL SELECT to_jsonb(v)::text FROM vehicles AS v
         UNION ALL SELECT to_jsonb(o)::text FROM organization_vehicles AS o
         UNION ALL SELECT (to_jsonb(l) - 'last_seen_at' - 'updated_at')::text FROM bat_listings AS l
         UNION ALL SELECT concat_ws(' ', url, kind, sha256, dictionary_id) FROM bat_pages
         UNION ALL SELECT to_jsonb(b)::text FROM bat_bids AS b
         UNION ALL SELECT to_jsonb(c)::text FROM bat_comments AS c
         ORDER BY 1",
    )
}

#[test]
fn a_second_ingest_adopts_the_tables_and_writes_no_row_twice() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SET bat_partners.keep_threads = on").unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    let tables = data_tables(&mut client);
    let before = rows(&mut client, &tables);
    let said = told(&mut client);
    client.batch_execute("DROP EXTENSION bat_partners").unwrap();
    assert_equal(&rows(&mut client, &tables), &before);
    client.batch_execute("CREATE EXTENSION bat_partners").unwrap();
    assert_eq!(client.text("SELECT concat_ws(' ', inserted, updated) FROM bat_setup()"), "0 0");
    assert_equal(&rows(&mut client, &tables), &before);

    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    assert_eq!(client.number("SELECT inserted FROM bat_runs WHERE job = 'bat_ingest'"), 0);
    assert_eq!(told(&mut client), said);
    // The numbers of the extension's own rows begin anew.
    assert_eq!(client.column("SELECT id FROM bat_runs ORDER BY id"), ["1"]);
}

#[test]
fn a_crawl_of_the_new_extension_is_none_of_the_old_ones() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "dealer_center");
    let crawl = format!("SELECT bat_sync_inventory('{id}', 100)");
    let seen = format!(
        "SELECT DISTINCT seen_count FROM dealer_inventory WHERE dealer_id = '{id}' AND missing_since IS NULL"
    );
    let crawls = "SELECT concat_ws(' ', id, state, items) FROM bat_crawls ORDER BY id DESC LIMIT 1";
    client.batch_execute(&crawl).unwrap();
    let first = client.text(crawls);
    assert!(first.starts_with("1 complete"), "{first}");
    assert_eq!(client.column(&seen), ["1"]);
    client.batch_execute(AGAIN).unwrap();
    client.batch_execute(&crawl).unwrap();
    // It has the number that one of the old extension had, and counts its items itself.
    assert_eq!(client.text(crawls), first);
    assert_eq!(client.column(&seen), ["2"]);
}

//! Logical replication: the tables with the data are the same on a subscriber, after inserts, updates and deletes.

use serde_json::json;

use crate::server::{Server, Session};
use crate::site::Site;
use crate::whole_rows::{assert_equal, data_tables, query, rows};

/// Waits until the subscriber's tables are the publisher's, then compares row by row.
fn await_equal(publisher: &mut Session, subscriber: &mut Session) {
    let tables = data_tables(publisher);
    for table in &tables {
        let digest =
            format!("SELECT md5(COALESCE(string_agg(r.row::text, ' '), '')) FROM ({}) AS r", query(table));
        let expected = publisher.text(&digest);
        subscriber.wait_until(&format!("SELECT ({digest}) = '{expected}'"));
    }
    assert_equal(&rows(subscriber, &tables), &rows(publisher, &tables));
}

#[test]
fn every_table_that_is_made_has_a_key_by_which_its_rows_are_replicated() {
    let server = Server::start("");
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let without = client.column(
        "SELECT c.relname FROM pg_class AS c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
             AND (c.relreplident <> 'd' OR NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary))",
    );
    assert_eq!(without, [""; 0]);
}

#[test]
fn a_subscriber_has_the_same_rows_after_inserts_updates_and_deletes() {
    let site = Site::small();
    let publisher =
        Server::start(&format!("{}wal_level = logical\nbat_partners.keep_threads = on\n", site.settings()));
    let subscriber = Server::start("");
    let (mut client, mut reader) = (publisher.client(), subscriber.client());
    client.batch_execute("SELECT bat_setup()").unwrap();
    reader.batch_execute("SELECT bat_setup()").unwrap();
    let tables = data_tables(&mut client);
    client.batch_execute(&format!("CREATE PUBLICATION data FOR TABLE {}", tables.join(", "))).unwrap();

    // What is there already is copied; the rest follows as it is written.
    client.batch_execute("CALL bat_ingest(max_pages => 1, listing_limit => 2)").unwrap();
    let address = publisher.url("postgres", "postgres");
    reader
        .batch_execute(&format!("CREATE SUBSCRIPTION data CONNECTION '{address}' PUBLICATION data"))
        .unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    client.batch_execute("SELECT bat_enqueue('inventory')").unwrap();
    client.batch_execute("CALL bat_work(60, '{inventory,inventory_item}')").unwrap();
    let picture =
        "INSERT INTO vehicle_images (vehicle_id, position, url) SELECT id, 1, 'x' FROM vehicles LIMIT 1";
    client.batch_execute(picture).unwrap();
    for table in &tables {
        assert!(client.number(&format!("SELECT count(*) FROM {table}")) > 0, "{table} is empty");
    }
    await_equal(&mut client, &mut reader);

    // An auction goes on, and a person writes and deletes.
    let live = site.listing("live");
    site.set(json!({ "listing": live, "status": "sold" }));
    client.batch_execute(&format!("SELECT bat_import_listing('{live}')")).unwrap();
    assert_eq!(client.text(&format!("SELECT status FROM bat_listings WHERE url = '{live}'")), "sold");
    for table in &tables {
        let row = format!("ctid = (SELECT min(ctid) FROM {table})");
        let update = format!("UPDATE {table} SET metadata = metadata || '{{\"mine\": true}}' WHERE {row}");
        let delete = format!("DELETE FROM {table} WHERE ctid = (SELECT max(ctid) FROM {table})");
        assert_eq!(client.client.execute(&update, &[]).unwrap(), 1, "{table}");
        assert_eq!(client.client.execute(&delete, &[]).unwrap(), 1, "{table}");
    }
    await_equal(&mut client, &mut reader);
}

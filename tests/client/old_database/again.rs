//! A repair leaves nothing behind that the next one could mend.

use crate::old_database::mended;
use crate::server::{Server, Session};

fn count(client: &mut Session, table: &str) -> i64 {
    client.number(&format!("SELECT count(*) FROM {table}"))
}

#[test]
fn what_one_mending_makes_possible_is_mended_by_the_same_call() {
    let server = Server::start("");
    let mut client = server.client();
    // The deals differ by nothing but which of two rows of one organization they name: the vehicles wait for these.
    client
        .batch_execute(
            "SELECT bat_setup();
             DROP INDEX businesses_geographic_key_idx;
             CREATE TABLE deals (vehicle_id uuid REFERENCES vehicles, place integer, business_id uuid REFERENCES businesses,
                 UNIQUE (vehicle_id, place));
             INSERT INTO businesses (business_name, city, state, country, geographic_key)
             SELECT 'Garage', 'Austin', 'TX', 'US', 'garage|austin|TX|US' FROM generate_series(1, 2);
             INSERT INTO vehicles (discovery_url)
             SELECT 'https://bringatrailer.com/listing/1990-example/' FROM generate_series(1, 2);
             INSERT INTO deals
             SELECT v.id, 1, b.id
             FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM vehicles) AS v
             JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM businesses) AS b USING (n)",
        )
        .unwrap();
    let dry =
        client.column("SELECT concat_ws(' ', what, detail) FROM bat_repair() WHERE action = 'would mend'");
    assert_eq!(mended(&mut client).len(), dry.len());
    for table in ["businesses", "vehicles", "deals"] {
        assert_eq!(count(&mut client, table), 1, "{table}");
    }
    assert_eq!(client.column("SELECT what FROM bat_repair()"), Vec::<String>::new());
}

#[test]
fn keys_of_blanks_are_filled_or_emptied() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE TABLE businesses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), business_name text, city text, state text,
                 country text, discovered_via text, geographic_key text);
             INSERT INTO businesses (business_name, city, state, country, discovered_via, geographic_key) VALUES
                 ('Garage', 'Austin', 'TX', 'US', 'bat_local_partners', '  '),
                 ('Mine', 'Austin', 'TX', 'US', NULL, ''), ('Theirs', NULL, NULL, NULL, NULL, ''), ('Another', NULL, NULL, NULL, NULL, ' ')",
        )
        .unwrap();
    assert!(client.text("SELECT unnest(bat_obstacles())").contains("geographic_key"));
    let told = client.column(
        "SELECT concat_ws(': ', what, detail) FROM bat_repair(dry_run => false) WHERE table_name = 'businesses' ORDER BY 1",
    );
    assert_eq!(
        told[..3],
        vec!["blank geographic_key: it is now NULL: the row does not tell a place of the directory"; 3]
    );
    assert!(told.contains(&"no geographic_key: it is now garage|austin|TX|US".to_owned()), "{told:?}");
    assert_eq!(
        client.column("SELECT concat_ws(' ', business_name, geographic_key) FROM businesses ORDER BY 1"),
        ["Another", "Garage garage|austin|TX|US", "Mine", "Theirs"]
    );
    assert_eq!(client.column("SELECT what FROM bat_repair()"), Vec::<String>::new());
    client.batch_execute("SELECT bat_setup()").unwrap();
}

#[test]
fn copies_of_a_row_are_deleted_and_rows_that_share_an_id_are_told() {
    let server = Server::start("");
    let mut client = server.client();
    let (same, other) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    client
        .batch_execute(&format!(
            "CREATE TABLE vehicles (id uuid DEFAULT gen_random_uuid(), title text, notes json);
             INSERT INTO vehicles (id, title, notes) VALUES ('{same}', 'a', '\"\\u0000\"'), ('{same}', 'a', '\"\\u0000\"'),
                 ('{same}', 'a', '\"\\u0000\"'), ('{other}', 'b', NULL), ('{other}', 'c', NULL)"
        ))
        .unwrap();
    let repair = |client: &mut Session| {
        client.column(
            "SELECT concat_ws(' | ', action, row_id, detail) FROM bat_repair(dry_run => false) WHERE what = 'id stored twice' ORDER BY 1",
        )
    };
    let left = format!("left | {other} | rows that have this id, and differ: 2");
    let gone = format!("mended | {same} | copies that were the same in every column, and are deleted: 2");
    assert_eq!(repair(&mut client), [left.clone(), gone]);
    assert_eq!(repair(&mut client), [left]);
    assert_eq!(client.column("SELECT title FROM vehicles ORDER BY 1"), ["a", "b", "c"]);
    client.batch_execute("UPDATE vehicles SET id = gen_random_uuid() WHERE title = 'c'").unwrap();
    assert_eq!(repair(&mut client), Vec::<String>::new());
    client.batch_execute("SELECT bat_setup()").unwrap();
}

//! Each kind of defect by itself.

use serde_json::json;

use super::mended;
use super::past::{id, insert, make_tables};
use crate::server::{Server, Session};

const AUCTION: &str = "https://bringatrailer.com/listing/1990-porsche-911-12/";

/// A server with the tables of the earlier pipeline.
fn old() -> (Server, Session) {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    (server, client)
}

/// Two rows of one auction; the second is the younger one.
fn two_vehicles(client: &mut Session) -> (String, String) {
    let (older, younger) = (id(1, 1), id(1, 2));
    insert(
        client,
        "vehicles",
        &[
            json!({"id": older, "bat_auction_url": "http://www.bringatrailer.com/listing/1990-Porsche-911-12",
                "discovery_url": null, "make": "Porsche", "model": null, "owner_notes": "", "vin": null,
                "metadata": {"a": 1}, "created_at": "2025-01-01"}),
            json!({"id": younger, "bat_auction_url": null, "discovery_url": format!("{AUCTION}?x=1#y"),
                "make": "porsche", "model": "911", "owner_notes": "note", "vin": "WP0AB2967LS450001",
                "metadata": {"a": 2, "b": 3}, "created_at": "2025-01-02"}),
        ],
    );
    (older, younger)
}

#[test]
fn vehicles_of_one_auction_are_merged_into_the_older_row_and_nothing_is_lost() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    mended(&mut client);
    let row = client.json("SELECT to_jsonb(v) FROM vehicles AS v");
    assert_eq!(row["id"], older);
    assert_eq!(row["bat_auction_url"], AUCTION);
    assert_eq!(row["discovery_url"], AUCTION);
    // Filled, blank ones too; what is there stays.
    assert_eq!((&row["make"], &row["model"]), (&json!("Porsche"), &json!("911")));
    assert_eq!((&row["owner_notes"], &row["vin"]), (&json!("note"), &json!("WP0AB2967LS450001")));
    assert_eq!((&row["metadata"]["a"], &row["metadata"]["b"]), (&json!(1), &json!(3)));
    let merged = &row["metadata"]["bat_partners"]["merged"][0];
    assert_eq!((&merged["table"], &merged["row"]["id"]), (&json!("vehicles"), &json!(younger)));
    assert_eq!((&merged["row"]["make"], &merged["row"]["metadata"]["a"]), (&json!("porsche"), &json!(2)));
}

#[test]
fn vehicles_of_one_auction_with_two_vins_are_left_to_a_person() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    client
        .batch_execute(&format!("UPDATE vehicles SET vin = 'WP0AB2967LS450002' WHERE id = '{older}'"))
        .unwrap();
    let left = client.column("SELECT concat_ws(' ', row_id, hint) FROM bat_repair(dry_run => false) WHERE what = 'vehicle stored twice' AND action = 'left'");
    assert!(left.len() == 1 && left[0].contains(&younger) && left[0].contains("UPDATE"), "{left:?}");
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 2);
}

#[test]
fn vehicles_of_one_auction_with_two_chassis_numbers_are_left_to_a_person() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    client
        .batch_execute(&format!(
            "ALTER TABLE vehicles ADD COLUMN chassis_number text;
             UPDATE vehicles SET chassis_number = 'AR101' WHERE id = '{older}';
             UPDATE vehicles SET chassis_number = 'AR102' WHERE id = '{younger}'"
        ))
        .unwrap();
    let left = "SELECT concat_ws(' ', row_id, detail ~ 'their chassis numbers differ', detail ~ 'VIN')
                FROM bat_repair(dry_run => false) WHERE what = 'vehicle stored twice' AND action = 'left'";
    assert_eq!(client.column(left), [format!("{younger} t f")]);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 2);
    // The statement that makes them one does what it says.
    let hint =
        "SELECT substring(hint FROM 'UPDATE [^;]*') FROM bat_repair() WHERE what = 'vehicle stored twice'";
    let statement = client.text(hint);
    client.batch_execute(&statement).unwrap();
    mended(&mut client);
    assert_eq!(client.column("SELECT chassis_number FROM vehicles"), ["AR101"]);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
}

#[test]
fn one_chassis_number_in_two_spellings_is_one() {
    let (_server, mut client) = old();
    two_vehicles(&mut client);
    client
        .batch_execute(
            "ALTER TABLE vehicles ADD COLUMN chassis_number text;
             UPDATE vehicles SET chassis_number = CASE WHEN vin IS NULL THEN ' ar101' ELSE 'AR101' END",
        )
        .unwrap();
    mended(&mut client);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
}

#[test]
fn vehicles_that_are_left_apart_are_in_nobodys_way() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    client
        .batch_execute(&format!(
            "UPDATE vehicles SET vin = 'WP0AB2967LS450002' WHERE id = '{older}';
             UPDATE vehicles SET bat_auction_url = discovery_url WHERE id = '{younger}'"
        ))
        .unwrap();
    let urls = "SELECT bat_auction_url FROM vehicles ORDER BY id";
    let before = client.column(urls);
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
    // In one form, they would be the same.
    assert_eq!(client.column(urls), before);
    client.batch_execute("SELECT bat_setup()").unwrap();
}

#[test]
fn everything_that_points_at_a_merged_vehicle_points_at_the_kept_one() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    let shop = id(0, 1);
    client
        .batch_execute(&format!(
            "INSERT INTO businesses (id, geographic_key) VALUES ('{shop}', 'k');
             INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type, notes, asking_price, created_at)
             VALUES ('{shop}', '{older}', 'sold_by', 'old', NULL, '2025-01-01'), ('{shop}', '{younger}', 'sold_by', 'new', 5, '2025-01-02'),
                 ('{shop}', '{younger}', 'consigner', NULL, NULL, '2025-01-02');
             INSERT INTO dealer_inventory (dealer_id, vehicle_id, listing_url) VALUES ('{shop}', '{younger}', 'u');
             INSERT INTO vehicle_images VALUES ('{older}', 0, 'a'), ('{younger}', 0, 'b'), ('{younger}', 1, 'a');
             INSERT INTO service_records (vehicle_id, done) VALUES ('{younger}', 'oil');
             INSERT INTO favorites VALUES ('{older}', 'ann', 'red'), ('{younger}', 'ann', 'red'), ('{younger}', 'bob', 'fast')"
        ))
        .unwrap();
    mended(&mut client);
    let pointing = |client: &mut Session, sql: &str| client.column(sql).join(", ");
    for table in
        ["organization_vehicles", "dealer_inventory", "vehicle_images", "service_records", "favorites"]
    {
        let ids = client.column(&format!("SELECT DISTINCT vehicle_id FROM {table}"));
        assert_eq!(ids, [older.as_str()], "{table}");
    }
    assert_eq!(
        pointing(
            &mut client,
            "SELECT concat_ws(' ', relationship_type, notes, asking_price) FROM organization_vehicles ORDER BY 1"
        ),
        "consigner, sold_by old 5"
    );
    assert_eq!(
        client.text("SELECT metadata #>> '{bat_partners,merged,0,row,notes}' FROM organization_vehicles WHERE notes = 'old'"),
        "new"
    );
    assert_eq!(
        pointing(&mut client, "SELECT position || ' ' || url FROM vehicle_images ORDER BY 1"),
        "0 a, 1 b"
    );
    assert_eq!(pointing(&mut client, "SELECT person FROM favorites ORDER BY 1"), "ann, bob");
    assert_eq!(pointing(&mut client, "SELECT done FROM service_records"), "oil");
    // The favorite that said the same is noted too.
    assert_eq!(
        client.number("SELECT count(*) FROM vehicles WHERE metadata #> '{bat_partners,merged}' @> '[{\"table\": \"public.favorites\"}]'"),
        1
    );
}

#[test]
fn rows_of_a_users_table_that_collide_and_differ_keep_the_vehicles_apart() {
    let (_server, mut client) = old();
    let (older, younger) = two_vehicles(&mut client);
    client
        .batch_execute(&format!(
            "INSERT INTO favorites VALUES ('{older}', 'ann', 'red'), ('{younger}', 'ann', 'fast');
             INSERT INTO service_records (vehicle_id, done) VALUES ('{younger}', 'oil')"
        ))
        .unwrap();
    let left = client.column("SELECT detail FROM bat_repair(dry_run => false) WHERE what = 'vehicle stored twice' AND action = 'left'");
    assert!(
        left.len() == 1 && left[0].contains("public.favorites has rows for both that differ"),
        "{left:?}"
    );
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 2);
    assert_eq!(client.text("SELECT vehicle_id FROM service_records"), younger);
    // The URL of the kept one can be looked up all the same; no unique index is in the way later.
    client.batch_execute("SELECT bat_setup()").unwrap();
}

#[test]
fn organizations_of_one_key_are_merged_and_those_of_one_web_site_never() {
    let (_server, mut client) = old();
    let row = |number: usize, name: &str, city: &str, country: &str, key: &str| {
        json!({"id": id(0, number), "business_name": name, "city": city, "country": country, "geographic_key": key,
            "website": "https://werkstatt.example/", "created_at": format!("2025-01-{:02}", number + 1)})
    };
    insert(
        &mut client,
        "businesses",
        &[
            row(0, "Werkstatt", "Göttingen", "GERMANY", "werkstatt|g-ttingen|na|GERMANY"),
            row(1, "Werkstatt", "Göttingen", "DE", "werkstatt|gottingen|na|DE"),
            row(2, "Werkstatt", "Kassel", "DE", "werkstatt|kassel|na|DE"),
            row(3, "Other", "Kassel", "DE", "same"),
            row(4, "Other", "Kassel", "DE", "same"),
        ],
    );
    client
        .batch_execute(&format!(
            "UPDATE businesses SET phone = '+49' WHERE id = '{}';
             INSERT INTO dealer_inventory (id, dealer_id, listing_url, status, title)
             VALUES ('{}', '{}', 'u', 'in_stock', NULL), ('{}', '{}', 'u', 'sold', 'car'), ('{}', '{}', 'v', NULL, NULL);
             INSERT INTO inventory_sync_queue (organization_id, status) VALUES ('{}', 'processing')",
            id(0, 1),
            // Without a time of creation, the order of the ids says which one stays.
            id(3, 0),
            id(0, 0),
            id(3, 1),
            id(0, 1),
            id(3, 2),
            id(0, 1),
            id(0, 1)
        ))
        .unwrap();
    mended(&mut client);
    assert_eq!(client.column("SELECT id FROM businesses ORDER BY id"), [id(0, 0), id(0, 2), id(0, 3)]);
    let row = client.json(&format!("SELECT to_jsonb(b) FROM businesses AS b WHERE id = '{}'", id(0, 0)));
    assert_eq!(
        (&row["phone"], &row["geographic_key"]),
        (&json!("+49"), &json!("werkstatt|g-ttingen|na|GERMANY"))
    );
    assert_eq!(row["metadata"]["bat_partners"]["merged"][0]["row"]["country"], "DE");
    assert_eq!(
        client.column(
            "SELECT concat_ws(' ', dealer_id, listing_url, status, title) FROM dealer_inventory ORDER BY 1"
        ),
        [format!("{} u in_stock car", id(0, 0)), format!("{} v", id(0, 0))]
    );
    // The row of the queue is not lost with its organization.
    assert_eq!(client.text("SELECT organization_id FROM inventory_sync_queue"), id(0, 0));
    client.batch_execute("SELECT bat_setup()").unwrap();
}

#[test]
fn urls_are_written_in_one_form_and_those_of_other_sites_stay() {
    let (_server, mut client) = old();
    insert(
        &mut client,
        "vehicles",
        &[
            json!({"id": id(1, 0), "bat_auction_url": "bringatrailer.com/listing/x", "discovery_url": "https://dealer.example/x",
            "listing_url": "http://bringatrailer.com/listing/y/?z"}),
        ],
    );
    mended(&mut client);
    assert_eq!(
        client.text("SELECT concat_ws(' ', bat_auction_url, discovery_url, listing_url) FROM vehicles"),
        "https://bringatrailer.com/listing/x/ https://dealer.example/x https://bringatrailer.com/listing/y/"
    );
    assert_eq!(mended(&mut client), Vec::<String>::new());
}

#[test]
fn a_partner_without_a_key_gets_the_one_that_the_directory_gives() {
    let (_server, mut client) = old();
    insert(
        &mut client,
        "businesses",
        &[json!({"business_name": "A & B", "city": "Köln", "state": null, "country": "Germany",
            "discovered_via": "bat_local_partners"})],
    );
    mended(&mut client);
    assert_eq!(client.text("SELECT geographic_key FROM businesses"), "a-and-b|koln|na|DE");
}

#[test]
fn queues_are_told_with_what_to_do_and_not_touched() {
    let (_server, mut client) = old();
    client
        .batch_execute(&format!(
            "INSERT INTO businesses (id, website) VALUES ('{0}', 'https://dealer.example/');
             INSERT INTO inventory_sync_queue (organization_id, status) VALUES ('{0}', 'processing'), ('{0}', 'pending');
             INSERT INTO import_queue (listing_url, status) VALUES ('http://bringatrailer.com/listing/x', 'processing'), ('y', 'processing')",
            id(0, 0)
        ))
        .unwrap();
    let tables = "SELECT to_jsonb(q)::text FROM inventory_sync_queue AS q UNION ALL SELECT to_jsonb(q)::text FROM import_queue AS q ORDER BY 1";
    let before = client.column(tables);
    let hints = client.column(
        "SELECT hint FROM bat_repair(dry_run => false) WHERE action = 'left' AND table_name LIKE '%queue' AND detail ~ 'processing'",
    );
    assert_eq!(hints.len(), 2);
    assert_eq!(client.column(tables), before);
    // The statements do what they say, once the tables are adopted.
    client.batch_execute("SELECT bat_setup()").unwrap();
    for hint in hints {
        client.batch_execute(hint.split(';').next().unwrap()).unwrap();
    }
    assert_eq!(
        client.column("SELECT kind || ' ' || (key ~ 'listing/x/') FROM bat_tasks ORDER BY 1"),
        ["inventory false", "listing true"]
    );
}

#[test]
fn a_table_of_another_shape_is_told_and_the_others_are_mended() {
    let (_server, mut client) = old();
    two_vehicles(&mut client);
    client.batch_execute("ALTER TABLE businesses ALTER COLUMN phone TYPE integer USING NULL").unwrap();
    let left = client.column("SELECT detail FROM bat_repair(dry_run => false) WHERE what = 'not adoptable'");
    assert_eq!(left, ["businesses.phone is of type integer, not text"]);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
}

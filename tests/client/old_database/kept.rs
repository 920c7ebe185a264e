//! What a merge of rows may not lose, and what a repair only tells.

use serde_json::{Value, json};

use super::past::{id, insert, make_tables};
use crate::server::{Server, Session};
use crate::site::Site;

const AUCTION: &str = "https://bringatrailer.com/listing/1990-porsche-911-12/";

/// A server with three rows of one auction, the oldest first, made so; all but the first without the auction's URL in its
/// usual column.
fn three(columns: &str, values: [&str; 3]) -> (Server, Session) {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    for (number, values) in values.iter().enumerate() {
        client
            .batch_execute(&format!(
                "INSERT INTO vehicles (id, discovery_url, created_at, {columns})
                 VALUES ('{}', '{AUCTION}', '2025-01-0{}', {values})",
                id(1, number),
                number + 1
            ))
            .unwrap();
    }
    (server, client)
}

fn repair(client: &mut Session) {
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
}

#[test]
fn of_several_values_the_oldest_rows_counts_and_a_blank_one_never() {
    let (_server, mut client) = three("make, model", ["NULL, NULL", "'Porsche', ' '", "'Audi', '911'"]);
    repair(&mut client);
    assert_eq!(client.column("SELECT concat_ws(' ', make, model) FROM vehicles"), ["Porsche 911"]);
}

#[test]
fn what_a_person_emptied_stays_empty() {
    let memory = |value: &str| {
        format!(
            "NULL, '{{\"bat_partners\": {{\"make\": {{\"value\": {value}, \"source_url\": \"{AUCTION}\"}}}}}}'"
        )
    };
    let (_server, mut client) =
        three("make, metadata", [&memory("\"Porsche\""), "'Audi', '{}'", "'Audi', '{}'"]);
    repair(&mut client);
    assert_eq!(client.column("SELECT make IS NULL FROM vehicles"), ["t"]);
    // A page that did not say it is no person.
    let (_server, mut client) = three("make, metadata", [&memory("null"), "'Audi', '{}'", "'Audi', '{}'"]);
    repair(&mut client);
    assert_eq!(client.column("SELECT make FROM vehicles"), ["Audi"]);
}

#[test]
fn metadata_that_a_person_made_a_list_is_kept_in_the_row_that_stays() {
    let list = "'Audi', '[\"my note\"]'";
    let (_server, mut client) = three("make, metadata", [list, "'Audi', '{}'", "'Audi', '{}'"]);
    repair(&mut client);
    let kept = "SELECT concat_ws(' ', metadata -> 'value', jsonb_typeof(metadata #> '{bat_partners,merged}')) FROM vehicles";
    assert_eq!(client.column(kept), ["[\"my note\"] array"]);
}

#[test]
fn a_value_that_moves_into_another_row_keeps_its_source() {
    let of = |make: &str, page: &str, day: u8| {
        format!(
            "'{make}', '{{\"bat_partners\": {{\"*\": {{\"source_url\": \"{page}\", \"time\": \"2026-01-0{day}T00:00:00Z\"}}, \
             \"make\": {{\"value\": \"{make}\"}}}}}}'"
        )
    };
    let kept =
        "NULL, '{\"bat_partners\": {\"*\": {\"source_url\": \"a\", \"time\": \"2026-01-01T00:00:00Z\"}}}'";
    let (_server, mut client) = three("make, metadata", [kept, &of("Porsche", "b", 2), &of("Audi", "c", 3)]);
    repair(&mut client);
    let memory = client.column("SELECT metadata #>> '{bat_partners,make}' FROM vehicles");
    let memory: Value = serde_json::from_str(&memory[0]).unwrap();
    assert_eq!(memory, json!({ "value": "Porsche", "source_url": "b", "time": "2026-01-02T00:00:00Z" }));
    assert_eq!(client.column("SELECT metadata #>> '{bat_partners,*,source_url}' FROM vehicles"), ["a"]);
}

#[test]
fn a_column_of_the_users_whose_domain_allows_no_null_is_kept() {
    let (_server, mut client) = three("make", ["NULL", "'Porsche'", "NULL"]);
    client
        .batch_execute(
            "CREATE DOMAIN mark AS text NOT NULL DEFAULT 'new';
             ALTER TABLE vehicles ADD COLUMN mark mark DEFAULT 'new';
             UPDATE vehicles SET mark = 'seen' WHERE make IS NULL",
        )
        .unwrap();
    repair(&mut client);
    assert_eq!(client.column("SELECT concat_ws(' ', make, mark) FROM vehicles"), ["Porsche seen"]);
}

#[test]
fn pictures_of_one_url_that_say_different_things_stay() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(&format!(
            "ALTER TABLE vehicle_images ADD COLUMN caption text;
             INSERT INTO vehicle_images VALUES ('{0}', 0, 'a', 'left'), ('{1}', 0, 'a', 'right'), ('{1}', 1, 'a', 'left')",
            id(1, 0),
            id(1, 1)
        ))
        .unwrap();
    repair(&mut client);
    let gallery = "SELECT concat_ws(' ', url, caption) FROM vehicle_images ORDER BY position";
    assert_eq!(client.column(gallery), ["a left", "a right"]);
}

#[test]
fn rows_that_others_point_at_are_not_deleted_as_the_same() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(&format!(
            "CREATE TABLE tags (id serial PRIMARY KEY, vehicle_id uuid REFERENCES vehicles, tag text, UNIQUE (vehicle_id, tag));
             CREATE TABLE votes (tag integer REFERENCES tags ON DELETE CASCADE);
             INSERT INTO tags (vehicle_id, tag) VALUES ('{}', 'red'), ('{}', 'red');
             INSERT INTO votes SELECT id FROM tags",
            id(1, 0),
            id(1, 1)
        ))
        .unwrap();
    repair(&mut client);
    assert_eq!(client.number("SELECT count(*) FROM votes"), 2);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 2);
}

#[test]
fn rows_that_no_unique_index_forbids_stay_however_much_they_are_alike() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(&format!(
            "CREATE TABLE visits (vehicle_id uuid REFERENCES vehicles, place text);
             CREATE INDEX ON visits (vehicle_id, place);
             INSERT INTO visits VALUES ('{}', 'Kassel'), ('{}', 'Kassel')",
            id(1, 0),
            id(1, 1)
        ))
        .unwrap();
    repair(&mut client);
    assert_eq!(client.column("SELECT vehicle_id FROM visits"), [id(1, 0), id(1, 0)]);
}

#[test]
fn a_reference_by_more_than_the_id_keeps_the_vehicles_apart() {
    let (_server, mut client) = three("vin", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(&format!(
            "CREATE UNIQUE INDEX pair ON vehicles (id, discovery_url);
             CREATE TABLE deeds (vehicle_id uuid, url text, FOREIGN KEY (vehicle_id, url) REFERENCES vehicles (id, discovery_url));
             INSERT INTO deeds VALUES ('{}', '{AUCTION}')",
            id(1, 1)
        ))
        .unwrap();
    let left =
        "SELECT DISTINCT detail ~ 'deeds points at it by more than its id' FROM bat_repair(dry_run => false)
                WHERE what = 'vehicle stored twice'";
    assert_eq!(client.column(left), ["t"]);
}

/// What is left, and the ids of what was merged, of this kind.
fn left_and_merged(client: &mut Session, what: &str) -> (Vec<String>, Vec<String>) {
    let told = client.column(&format!(
        "SELECT concat_ws(' ', action, row_id, detail) FROM bat_repair(dry_run => false)
         WHERE what IN ('{what}', 'step that failed') ORDER BY row_id"
    ));
    let (mended, left): (Vec<String>, Vec<String>) =
        told.into_iter().partition(|told| told.starts_with("mended"));
    (left, mended.iter().filter_map(|told| told.split(' ').nth(1)).map(str::to_owned).collect())
}

#[test]
fn what_points_at_links_that_collide_keeps_their_vehicles_apart_and_no_others() {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    client
        .batch_execute(&format!(
            "CREATE TABLE link_notes (link_id uuid PRIMARY KEY REFERENCES organization_vehicles, note text);
             INSERT INTO businesses (id) VALUES ('{}')",
            id(0, 0)
        ))
        .unwrap();
    for number in 1..=5 {
        for kind in [1, 3] {
            let (vehicle, link) = (id(kind, number), id(kind + 1, number));
            client
                .batch_execute(&format!(
                    "INSERT INTO vehicles (id, discovery_url, created_at)
                     VALUES ('{vehicle}', 'https://bringatrailer.com/listing/1990-porsche-911-{number}/', '2025-01-0{kind}');
                     INSERT INTO organization_vehicles (id, organization_id, vehicle_id, relationship_type, created_at)
                     VALUES ('{link}', '{}', '{vehicle}', 'sold_by', '2025-01-0{kind}')",
                    id(0, 0)
                ))
                .unwrap();
        }
    }
    client
        .batch_execute(&format!(
            "INSERT INTO link_notes VALUES ('{}', 'one'), ('{}', 'another'), ('{}', 'same'), ('{}', 'same'), ('{}', 'only')",
            id(2, 1),
            id(4, 1),
            id(2, 2),
            id(4, 2),
            id(4, 3)
        ))
        .unwrap();
    let (left, merged) = left_and_merged(&mut client, "vehicle stored twice");
    assert_eq!(merged, [id(3, 2), id(3, 3), id(3, 4), id(3, 5)]);
    assert_eq!(left.len(), 1, "{left:?}");
    let expected = format!("left {} ", id(3, 1));
    assert!(left[0].starts_with(&expected) && left[0].contains("public.link_notes has rows"), "{left:?}");
    let notes = "SELECT link_id || ' ' || note FROM link_notes ORDER BY 1";
    assert_eq!(
        client.column(notes),
        [
            format!("{} one", id(2, 1)),
            format!("{} same", id(2, 2)),
            format!("{} only", id(2, 3)),
            format!("{} another", id(4, 1)),
        ]
    );
    // What said the same is noted with the link that stays.
    let noted = "SELECT id FROM organization_vehicles
                 WHERE metadata #> '{bat_partners,merged}' @> '[{\"table\": \"public.link_notes\"}]'";
    assert_eq!(client.column(noted), [id(2, 2)]);
}

#[test]
fn a_column_of_the_users_in_a_table_of_the_extensions_is_one_of_the_users() {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    client
        .batch_execute(
            "ALTER TABLE vehicles ADD consignor uuid REFERENCES businesses, ADD stock_no integer,
                 ADD UNIQUE (consignor, stock_no);
             ALTER TABLE vehicle_images ADD photographer uuid REFERENCES businesses",
        )
        .unwrap();
    for number in 1..=2 {
        for kind in [0, 5] {
            let business = id(kind, number);
            client
                .batch_execute(&format!(
                    "INSERT INTO businesses (id, geographic_key, created_at) VALUES ('{business}', 'k{number}', '2025-01-0{}');
                     INSERT INTO vehicles (id, consignor, stock_no) VALUES ('{}', '{business}', {});
                     INSERT INTO vehicle_images (vehicle_id, position, photographer) VALUES ('{1}', 0, '{business}')",
                    kind + 1,
                    id(kind + 1, number),
                    // Those of the second organization have numbers of their own.
                    if number == 1 { 1 } else { kind }
                ))
                .unwrap();
        }
    }
    let (left, merged) = left_and_merged(&mut client, "organization stored twice");
    assert_eq!(merged, [id(5, 2)]);
    assert_eq!(left.len(), 1, "{left:?}");
    let expected = format!("left {} ", id(5, 1));
    assert!(left[0].starts_with(&expected) && left[0].contains("public.vehicles has rows"), "{left:?}");
    let pointing = "SELECT concat_ws(' ', v.consignor, i.photographer) FROM vehicles AS v
                    JOIN vehicle_images AS i ON i.vehicle_id = v.id ORDER BY v.id";
    let of = |first: String| format!("{first} {first}");
    assert_eq!(client.column(pointing), [of(id(0, 1)), of(id(0, 2)), of(id(5, 1)), of(id(0, 2))]);
}

#[test]
fn tables_without_a_foreign_key_follow_too() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(&format!(
            "ALTER TABLE dealer_inventory DROP CONSTRAINT dealer_inventory_vehicle_id_fkey;
             ALTER TABLE dealer_inventory DROP CONSTRAINT dealer_inventory_dealer_id_fkey;
             INSERT INTO dealer_inventory (dealer_id, vehicle_id, listing_url) VALUES ('{}', '{}', 'u')",
            id(0, 1),
            id(1, 1)
        ))
        .unwrap();
    repair(&mut client);
    assert_eq!(client.column("SELECT vehicle_id FROM dealer_inventory"), [id(1, 0)]);
}

#[test]
fn what_a_merge_moved_is_the_importers_as_before() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let partners = site.partners();
    let american = |listing: &&Value| {
        partners.iter().any(|partner| {
            partner["bat_username"] == listing["seller_username"] && partner["country"] == "US"
        })
    };
    let listings = site.partner_listings();
    let listing = listings.iter().filter(american).find(|listing| listing["status"] == "sold").unwrap();
    let import = format!("SELECT * FROM bat_import_listing('{}')", listing["url"].as_str().unwrap());
    client.batch_execute(&import).unwrap();
    // The organization and the vehicle once more, as the earlier pipeline stored them.
    client
        .batch_execute(&format!(
            "INSERT INTO businesses
             SELECT (jsonb_populate_record(b, jsonb_build_object(
                 'id', '{}', 'geographic_key', regexp_replace(b.geographic_key, '[|]US$', '|UNITED STATES'),
                 'created_at', '2025-01-01', 'metadata', '{{}}'::jsonb
             ))).*
             FROM businesses AS b JOIN bat_listings AS l ON l.organization_id = b.id;
             INSERT INTO vehicles (id, discovery_url, created_at) SELECT '{}', url, '2025-01-01' FROM bat_listings",
            id(0, 0),
            id(1, 0)
        ))
        .unwrap();
    let failed = "SELECT detail FROM bat_repair(dry_run => false) WHERE what = 'step that failed'";
    assert_eq!(client.column(failed), Vec::<String>::new());
    for (table, columns) in [
        ("bat_listings", "organization_id, vehicle_id"),
        ("organization_vehicles", "organization_id, vehicle_id"),
    ] {
        let held = format!("SELECT concat_ws(' ', {columns}) FROM {table}");
        assert_eq!(client.column(&held), [format!("{} {}", id(0, 0), id(1, 0))], "{table}");
        let remembered = "metadata #>> '{bat_partners,organization_id,value}', metadata #>> '{bat_partners,vehicle_id,value}'";
        let remembered = format!("SELECT concat_ws(' ', {remembered}) FROM {table}");
        assert_eq!(client.column(&remembered), client.column(&held), "{table}");
    }
    // The account is another partner's.
    client
        .batch_execute(
            "UPDATE businesses AS o SET bat_username = b.bat_username FROM businesses AS b, bat_listings AS l
             WHERE b.id = l.organization_id AND o.id = (SELECT id FROM businesses WHERE id <> b.id ORDER BY id LIMIT 1);
             UPDATE businesses SET bat_username = NULL WHERE id = (SELECT organization_id FROM bat_listings);
             UPDATE bat_pages SET etag = NULL, last_modified = NULL",
        )
        .unwrap();
    client.batch_execute(&import).unwrap();
    let links = "SELECT concat_ws(' ', o.relationship_type, o.organization_id = l.organization_id, l.organization_id = $id)
                 FROM organization_vehicles AS o JOIN bat_listings AS l USING (vehicle_id)";
    let links = links.replace("$id", &format!("'{}'", id(0, 0)));
    assert_eq!(client.column(&links), ["sold_by t f"]);
}

#[test]
fn what_only_a_person_can_decide_is_told() {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    let vin = "WP0AB2967LS450001";
    insert(
        &mut client,
        "vehicles",
        &[
            json!({"id": id(1, 0), "bat_auction_url": "https://bringatrailer.com/about/", "vin": vin, "lot_number": 225}),
            json!({"id": id(1, 1), "bat_auction_url": null, "vin": vin.to_lowercase(), "lot_number": null}),
            json!({"id": id(1, 2), "bat_auction_url": null, "vin": "7", "lot_number": null}),
            json!({"id": id(1, 3), "bat_auction_url": null, "vin": "7", "lot_number": null}),
        ],
    );
    assert_eq!(
        client.column("SELECT concat_ws(' ', what, row_id) FROM bat_repair(dry_run => false) WHERE action = 'left' ORDER BY 1"),
        [
            "lot numbers of the earlier importer".to_owned(),
            format!("vehicle whose auction cannot be found {}", id(1, 0)),
            format!("vehicles with one VIN {}, {}", id(1, 0), id(1, 1)),
        ]
    );
}

#[test]
fn values_that_no_page_was_compared_with_are_told_and_not_as_ones_of_unknown_origin() {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    let row = |number: usize, make: &str| {
        json!({"id": id(1, number), "bat_auction_url": format!("https://bringatrailer.com/listing/1990-porsche-911-{number}/"),
            "discovery_source": "bat_local_partners", "year": 1990, "make": make})
    };
    insert(&mut client, "vehicles", &[row(0, "porsche"), row(1, "Audi")]);
    assert_eq!(
        client.column(
            "SELECT concat_ws(' ', what, row_id, substring(detail FROM '^[0-9]+ rows'), substring(detail FROM '{.*}'))
             FROM bat_repair(dry_run => false) WHERE action = 'left' ORDER BY 1"
        ),
        [
            "pages to read again 2 rows".to_owned(),
            // Its year stands in the slug, and is the importer's.
            format!("values of unknown origin {} {{\"make\":\"Audi\"}}", id(1, 1)),
        ]
    );
}

#[test]
fn nobody_writes_to_what_is_being_mended() {
    let (server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client.batch_execute("CREATE TABLE tags (vehicle_id uuid REFERENCES vehicles, tag text)").unwrap();
    // The second time no column is added, which would lock the tables too.
    repair(&mut client);
    client.batch_execute("BEGIN; SELECT * FROM bat_repair(dry_run => false)").unwrap();
    let mut other = server.client();
    other.batch_execute("SET lock_timeout = '100ms'").unwrap();
    for write in [
        "INSERT INTO businesses DEFAULT VALUES",
        "INSERT INTO vehicles DEFAULT VALUES",
        "INSERT INTO tags VALUES (NULL, 'red')",
    ] {
        assert_eq!(other.error(write).sqlstate, "55P03", "{write}");
    }
    client.batch_execute("COMMIT").unwrap();
    other.batch_execute("INSERT INTO tags VALUES (NULL, 'red')").unwrap();
}

#[test]
fn links_that_would_be_the_same_are_merged_below_a_unique_index_too() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client.batch_execute("SELECT bat_setup()").unwrap();
    client
        .batch_execute(&format!(
            "INSERT INTO businesses (id) VALUES ('{0}');
             INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type)
             VALUES ('{0}', '{1}', 'sold_by'), ('{0}', '{2}', 'sold_by')",
            id(0, 0),
            id(1, 0),
            id(1, 1)
        ))
        .unwrap();
    repair(&mut client);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
    assert_eq!(client.column("SELECT vehicle_id FROM organization_vehicles"), [id(1, 0)]);
}

#[test]
fn a_step_that_fails_is_told_and_takes_nothing_else_down() {
    let (_server, mut client) = three("make", ["NULL", "NULL", "NULL"]);
    client
        .batch_execute(
            "INSERT INTO businesses (geographic_key) VALUES ('k'), ('k');
             CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not so'; END $$;
             CREATE TRIGGER refuse BEFORE DELETE ON businesses FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .unwrap();
    let told = "SELECT concat_ws(' ', table_name, detail) FROM bat_repair(dry_run => false) WHERE what = 'step that failed'";
    assert_eq!(client.column(told), ["businesses not so"]);
    assert_eq!(client.number("SELECT count(*) FROM businesses"), 2);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
}

#[test]
fn organizations_of_two_accounts_stay_two_and_a_name_alone_makes_no_key() {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    let row = |number: usize, key: Option<&str>, city: Option<&str>, username: Option<&str>| {
        json!({"id": id(0, number), "business_name": "Werkstatt", "city": city, "country": "DE", "geographic_key": key,
            "bat_username": username, "discovered_via": "bat_local_partners"})
    };
    let key = Some("werkstatt|kassel|na|DE");
    insert(
        &mut client,
        "businesses",
        &[
            row(0, key, Some("Kassel"), Some("ann")),
            row(1, key, Some("Kassel"), Some("bob")),
            row(2, None, None, None),
        ],
    );
    repair(&mut client);
    assert_eq!(
        client.column("SELECT concat_ws(' ', bat_username, geographic_key) FROM businesses ORDER BY id"),
        ["ann werkstatt|kassel|na|DE", "bob werkstatt|kassel|na|DE", ""]
    );
}

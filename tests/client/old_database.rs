//! A database that the earlier pipeline left is mended and adopted, and the next ingest puts its values right.

mod again;
mod kept;
mod notes;
mod past;
mod rows;

use serde_json::{Value, json};

use crate::fidelity::compare;
use crate::server::Session;
use crate::site::Site;

use past::{RAN_AT, TRIGGER, fill, id, insert, make_tables, spelled, vehicle};

const TABLES: [&str; 9] = [
    "businesses",
    "vehicles",
    "organization_vehicles",
    "dealer_inventory",
    "vehicle_images",
    "inventory_sync_queue",
    "import_queue",
    "service_records",
    "favorites",
];

/// Every row of every table.
fn whole(client: &mut Session) -> Vec<String> {
    TABLES
        .iter()
        .flat_map(|table| {
            client.column(&format!("SELECT '{table} ' || to_jsonb(t)::text FROM {table} AS t ORDER BY 1"))
        })
        .collect()
}

/// What a repair says, apart from whether it did it.
fn said(client: &mut Session, call: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT concat_ws(' | ', what, table_name, row_id, action = 'left', detail, hint) FROM {call}"
    ))
}

fn mended(client: &mut Session) -> Vec<String> {
    client.column("SELECT concat_ws(' | ', what, row_id, detail) FROM bat_repair(dry_run => false) WHERE action = 'mended'")
}

/// Vehicles that are stored twice, the younger row with what the older lacks and what a person wrote.
fn double(client: &mut Session, listings: &[Value], count: usize) {
    let doubles: Vec<Value> = (0..count)
        .map(|number| {
            let mut row = vehicle(number, &listings[number]);
            row["id"] = json!(id(3, number));
            row["bat_auction_url"] = Value::Null;
            row["discovery_url"] = json!(spelled(listings[number]["url"].as_str().unwrap(), number + 2));
            row["owner_notes"] = json!(format!("a person's note {number}"));
            row["created_at"] = json!("2025-12-15 03:00:00+00");
            row["updated_at"] = json!("2025-12-16 03:00:00+00");
            row
        })
        .collect();
    insert(client, "vehicles", &doubles);
    for number in 0..count {
        let (older, younger) = (id(1, number), id(3, number));
        client
            .batch_execute(&format!(
                "INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type, notes)
                 SELECT organization_id, '{younger}', relationship_type, 'of the younger'
                 FROM organization_vehicles WHERE vehicle_id = '{older}';
                 INSERT INTO service_records (vehicle_id, done) VALUES ('{younger}', 'oil {number}');
                 INSERT INTO vehicle_images VALUES ('{older}', 0, 'a.jpg'), ('{younger}', 0, 'b.jpg'), ('{younger}', 1, 'a.jpg')"
            ))
            .unwrap();
    }
}

#[test]
fn setup_names_what_is_in_the_way_and_repair_clears_it() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    let listings = fill(&mut client, &site);
    let (first, key) = (vehicle(0, &listings[0])["bat_auction_url"].clone(), "garage|austin|TX|US");
    client
        .batch_execute(&format!(
            "INSERT INTO vehicles (bat_auction_url) VALUES ({});
             INSERT INTO businesses (business_name, city, state, country, geographic_key)
             SELECT 'Garage', 'Austin', 'TX', 'US', '{key}' FROM generate_series(1, 3);
             INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type)
             SELECT organization_id, vehicle_id, relationship_type FROM organization_vehicles LIMIT 2",
            first.to_string().replace('"', "'")
        ))
        .unwrap();
    let refusal = client.error("SELECT bat_setup()");
    assert_eq!(refusal.sqlstate, "55000");
    assert!(refusal.hint.contains("SELECT * FROM bat_repair(dry_run => true)"), "{}", refusal.hint);
    assert!(refusal.hint.contains("bat_repair(dry_run => false)"), "{}", refusal.hint);
    let obstacles = client.column("SELECT unnest(bat_obstacles())").join("\n");
    for expected in [
        &format!("businesses has 1 values of (geographic_key) more than once, in 3 rows: ({key}) 3 times"),
        "vehicles has 1 values of (bat_auction_url) more than once, in 2 rows: (https://bringatrailer.com/listing/",
        "organization_vehicles has 2 values of (organization_id, vehicle_id, relationship_type) more than once, in 4 rows: (",
    ] {
        assert!(obstacles.contains(expected), "{expected} is missing in {obstacles}");
    }
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
    client.batch_execute("SELECT bat_setup()").unwrap();
}

#[test]
fn a_dry_run_changes_nothing_and_says_what_the_real_one_does() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    let listings = fill(&mut client, &site);
    double(&mut client, &listings, 5);
    client
        .batch_execute("INSERT INTO import_queue (listing_url, status) VALUES ('x', 'processing')")
        .unwrap();
    let before = whole(&mut client);
    let dry = said(&mut client, "bat_repair()");
    assert_eq!(whole(&mut client), before);
    assert_eq!(client.column("SELECT DISTINCT action FROM bat_repair() ORDER BY 1"), ["left", "would mend"]);
    // In one transaction, the columns that it adds have one time.
    assert_eq!(said(&mut client, "bat_repair(dry_run => false)"), dry);
    assert_ne!(whole(&mut client), before);
}

#[test]
fn an_ingest_after_the_repair_puts_everything_right_and_a_second_repair_finds_nothing() {
    let site = Site::start(bat_replica::Config {
        partners: 20,
        listings: 150,
        rel_next: true,
        ..bat_replica::Config::default()
    });
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    client.batch_execute(TRIGGER).unwrap();
    let listings = fill(&mut client, &site);
    double(&mut client, &listings, 5);
    assert!(!mended(&mut client).is_empty());
    assert_eq!(mended(&mut client), Vec::<String>::new());
    client.batch_execute("SELECT bat_setup()").unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    assert_eq!(mended(&mut client), Vec::<String>::new());
    let (compared, found) = compare(&site, &mut client);
    assert_eq!(compared, listings.len());
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    // A vehicle for each auction, but for relists, and an organization for each partner.
    assert_eq!(client.number("SELECT count(*) FROM businesses"), site.partners().len() as i64);
    assert_eq!(
        client.number("SELECT count(*) - count(DISTINCT bat_listing_url(bat_auction_url)) FROM vehicles"),
        0
    );
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), listings.len() as i64);
    // What a vehicle says of its sale is what its auction says.
    let wrong = client.column(
        "SELECT concat_ws(' ', l.url, l.status, v.auction_outcome, v.sale_price, v.sale_date)
         FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id
         WHERE v.bat_auction_url = l.url
             AND (v.auction_outcome IS DISTINCT FROM l.status OR v.sale_price IS DISTINCT FROM l.sale_price
                 OR (v.sale_date IS NULL) IS DISTINCT FROM (l.sale_price IS NULL OR l.ends_at IS NULL))",
    );
    assert_eq!(wrong, Vec::<String>::new());
    // One link for each auction, of the partner who sells it; those of a person stay.
    let wrong = client.column(
        "SELECT concat_ws(' ', l.url, l.status, o.relationship_type, o.status, o.sale_price, o.sale_date, o.organization_id = l.organization_id)
         FROM bat_listings AS l JOIN organization_vehicles AS o USING (vehicle_id)
         WHERE o.notes IS NULL
             AND (o.organization_id <> l.organization_id OR o.sale_price IS DISTINCT FROM l.sale_price
                 OR o.relationship_type <> CASE l.status WHEN 'sold' THEN 'sold_by' ELSE 'consigner' END
                 OR o.status <> CASE l.status WHEN 'live' THEN 'active' ELSE 'past' END)",
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_listings AS l
             WHERE NOT EXISTS (SELECT FROM organization_vehicles AS o WHERE o.vehicle_id = l.vehicle_id AND o.organization_id = l.organization_id)"
        ),
        0
    );
    assert_eq!(client.number("SELECT count(*) FROM vehicles WHERE owner_notes LIKE 'a person%'"), 5);
    assert_eq!(
        client.number("SELECT count(*) FROM service_records JOIN vehicles AS v ON v.id = vehicle_id"),
        5
    );
    // Lot numbers are in their own place.
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE lot_number = 225"), 0);
}

#[test]
fn what_a_person_wrote_stays_over_repair_and_ingest() {
    let site = Site::small();
    for has_trigger in [true, false] {
        let server = site.server();
        let mut client = server.client();
        make_tables(&mut client);
        if has_trigger {
            client.batch_execute(TRIGGER).unwrap();
        }
        let listings = fill(&mut client, &site);
        let (edited, own) = (id(1, 0), id(9, 0));
        let url = listings[1]["url"].as_str().unwrap();
        client
            .batch_execute(&format!(
                "UPDATE vehicles SET make = 'Mine', sale_price = 4711, owner_notes = 'n' WHERE id = '{edited}';
                 -- A row that a person made.
                 UPDATE vehicles SET discovery_source = 'by hand', year = 1900, auction_outcome = 'mine'
                 WHERE bat_auction_url = bat_auction_url AND id = '{}';
                 UPDATE organization_vehicles SET notes = 'ours' WHERE vehicle_id = '{}';
                 INSERT INTO businesses (id, business_name) VALUES ('{own}', 'My customer')",
                id(1, 1),
                id(1, 2)
            ))
            .unwrap();
        let links = format!(
            "SELECT count(*) FROM organization_vehicles WHERE vehicle_id = '{}' AND notes = 'ours'",
            id(1, 2)
        );
        let ours = client.number(&links);
        client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
        client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
        assert_eq!(
            client.text(&format!(
                "SELECT concat_ws(' ', make, sale_price, owner_notes) FROM vehicles WHERE id = '{edited}'"
            )),
            "Mine 4711 n",
            "trigger: {has_trigger}"
        );
        assert_eq!(
            client.text(&format!(
                "SELECT concat_ws(' ', year, auction_outcome, bat_auction_url) FROM vehicles WHERE id = '{}'",
                id(1, 1)
            )),
            format!("1900 mine {url}")
        );
        assert_eq!(client.number(&links), ours);
        assert_eq!(
            client.text(&format!("SELECT business_name FROM businesses WHERE id = '{own}'")),
            "My customer"
        );
    }
}

#[test]
fn without_a_trigger_only_marked_values_are_the_importers_and_the_rest_is_told() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    fill(&mut client, &site);
    let noted = |client: &mut Session, field: &str| {
        client.number(&format!(
            "SELECT count(*) FROM vehicles WHERE (metadata #> '{{bat_partners,{field},is_earlier}}')::boolean"
        ))
    };
    let row = client.text(
        "SELECT concat_ws(' ', action, detail ~ 'sale_price', hint ~ 'trust_updated_at')
         FROM bat_repair(dry_run => false) WHERE what = 'values of unknown origin' LIMIT 1",
    );
    assert_eq!(row, "left t t");
    for field in ["year", "make", "model", "auction_outcome", "bat_auction_url"] {
        assert!(noted(&mut client, field) > 20, "{field}");
    }
    assert_eq!(noted(&mut client, "sale_price") + noted(&mut client, "title"), 0);
    // A repair without the trigger sets updated_at of some rows.
    client.batch_execute(&format!("UPDATE vehicles SET updated_at = '{RAN_AT}'")).unwrap();
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false, trust_updated_at => true)").unwrap();
    assert!(noted(&mut client, "sale_price") > 5);
}

#[test]
fn only_the_owner_of_the_tables_may_repair_and_nothing_is_for_public() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    client
        .batch_execute("CREATE ROLE nobody LOGIN; CREATE ROLE other LOGIN; GRANT EXECUTE ON FUNCTION bat_repair TO other")
        .unwrap();
    for role in ["nobody", "other"] {
        let failure = server.session(role, "postgres").error("SELECT * FROM bat_repair()");
        assert_eq!(failure.sqlstate, "42501", "{}", failure.message);
        // Who may call it is told before anything is tried.
        let is_told = failure.message.starts_with("must be owner of businesses, ");
        assert!(role == "nobody" || is_told && failure.hint.contains("postgres"), "{failure:?}");
    }
    client.batch_execute("SELECT bat_grant('nobody', 'operator')").unwrap();
    let may = client.text("SELECT has_function_privilege('nobody', 'bat_setup()', 'EXECUTE')::text || has_function_privilege('nobody', 'bat_repair(boolean, boolean)', 'EXECUTE')::text");
    assert!(may == "truetrue" || may == "falsefalse", "{may}");
}

#[test]
fn twenty_thousand_vehicles_are_mended_in_time_and_a_cancel_acts() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    client
        .batch_execute(
            "INSERT INTO vehicles (bat_auction_url, discovery_source, make, auction_outcome, created_at)
             SELECT 'http://bringatrailer.com/listing/1990-porsche-911-' || n % 16000, 'bat_local_partners', 'porsche',
                 'reserve_not_met', timestamptz '2025-12-14' + n * interval '1 second'
             FROM generate_series(0, 19999) AS n;
             INSERT INTO service_records (vehicle_id, done) SELECT id, 'oil' FROM vehicles;
             ANALYZE",
        )
        .unwrap();
    client.batch_execute("SET statement_timeout = '500ms'").unwrap();
    assert_eq!(client.error("SELECT * FROM bat_repair()").sqlstate, "57014");
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 20_000);
    client.batch_execute("SET statement_timeout = '2min'").unwrap();
    let started = std::time::Instant::now();
    assert_eq!(
        client
            .number("SELECT count(*) FROM bat_repair(dry_run => false) WHERE what = 'vehicle stored twice'"),
        4_000
    );
    eprintln!("20,000 vehicles, 4,000 of them twice: {:?}", started.elapsed());
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 16_000);
    assert_eq!(client.number("SELECT count(*) FROM service_records"), 20_000);
}

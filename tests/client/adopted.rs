//! Tables of the user's own, whose columns have defaults, are written as those that the extension makes.

use serde_json::json;

use crate::site::Site;

#[test]
fn a_column_that_may_not_be_null_is_emptied_to_its_default_and_then_no_row_is_touched() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE TABLE bat_listings (url text PRIMARY KEY, current_bid numeric NOT NULL DEFAULT 0);
             CREATE TABLE vehicles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), image_count integer NOT NULL DEFAULT 0);
             SELECT bat_index_partners()",
        )
        .unwrap();
    let url = site.listing("live");
    let import =
        format!("SELECT concat_ws(' ', status, updated, unchanged) FROM bat_import_listing('{url}')");
    let row = "SELECT concat_ws(' ', status, current_bid, sale_price, xmin) FROM bat_listings";
    client.batch_execute("UPDATE bat_pages SET etag = NULL").unwrap();
    client.batch_execute(&import).unwrap();
    assert!(client.number("SELECT current_bid FROM bat_listings") > 0);
    site.set(json!({ "listing": url, "status": "sold", "price": 4321 }));
    assert_eq!(client.text(&import), "done 1 0");
    let sold = client.text(row);
    assert!(sold.starts_with("sold 0 4321 "), "{sold}");
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL, sha256 = NULL").unwrap();
    assert_eq!(client.text(&import), "done 0 1");
    assert_eq!(client.text(row), sold);
}

#[test]
fn what_a_default_filled_in_is_overwritten_and_what_a_person_wrote_is_not() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE TABLE vehicles (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                 sale_price numeric DEFAULT 0, sale_currency text DEFAULT ''
             );
             SELECT bat_index_partners()",
        )
        .unwrap();
    let url = site.listing("live");
    let import = format!("SELECT bat_import_listing('{url}')");
    client.batch_execute(&import).unwrap();
    let price = "SELECT concat_ws(' ', sale_price, sale_currency) FROM vehicles";
    assert_eq!(client.text(price), "0 ");
    client.batch_execute("UPDATE vehicles SET sale_currency = 'mine'").unwrap();
    site.set(json!({ "listing": url, "status": "sold", "price": 4321 }));
    client.batch_execute(&import).unwrap();
    assert_eq!(client.text(price), "4321 mine");
}

#[test]
fn columns_of_domains_that_allow_no_null_and_of_narrower_types_are_in_nobody_s_way() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE DOMAIN region AS text NOT NULL;
             CREATE TABLE businesses (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(), region region DEFAULT 'EU', latitude double precision
             );
             CREATE TABLE vehicles (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(), region region DEFAULT 'EU',
                 sale_price numeric(12, 2), sale_date date
             );
             CREATE TABLE bat_listings (
                 url text PRIMARY KEY, region region DEFAULT 'EU', sale_price numeric(9, 1), ends_at timestamptz(0)
             )",
        )
        .unwrap();
    let counts = "SELECT concat_ws(' ', status, inserted, updated, failed)";
    let partners = site.partners().len();
    assert_eq!(client.text(&format!("{counts} FROM bat_index_partners()")), format!("done {partners} 0 0"));
    let url = site.listing("live");
    let import = format!("{counts} FROM bat_import_listing('{url}')");
    assert_eq!(client.text(&import), "done 1 0 0");
    site.set(json!({ "listing": url, "status": "sold", "price": 4321 }));
    assert_eq!(client.text(&import), "done 0 1 0");
    assert_eq!(
        client.text(
            "SELECT concat_ws(' ', l.sale_price, l.region, v.sale_price, v.region, v.sale_date IS NOT NULL)
             FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id"
        ),
        "4321.0 EU 4321.00 EU t"
    );
    client.batch_execute("UPDATE businesses SET bat_profile_url = NULL, metadata = '{}'").unwrap();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    assert_eq!(client.column("SELECT DISTINCT region FROM businesses"), ["EU"]);
}

#[test]
fn columns_of_the_users_own_may_have_any_name() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    for (table, column) in
        [("bat_listings", "l"), ("businesses", "b"), ("vehicles", "v"), ("organization_vehicles", "o")]
    {
        client.batch_execute(&format!("ALTER TABLE {table} ADD COLUMN {column} integer DEFAULT 7")).unwrap();
    }
    client.batch_execute("CALL bat_ingest(max_pages => 60, skip_enrich => true)").unwrap();
    let counts = "SELECT concat_ws(' ', (SELECT count(*) FROM bat_listings WHERE l = 7), (SELECT count(*) FROM vehicles WHERE v = 7),
        (SELECT count(*) FROM organization_vehicles WHERE o = 7), (SELECT count(*) FROM bat_tasks WHERE last_sqlstate <> '02000'))";
    let before = client.text(counts);
    assert!(client.number("SELECT count(*) FROM bat_listings WHERE vehicle_id IS NOT NULL") > 5, "{before}");
    assert!(before.ends_with(" 0"), "{before}");
    client.batch_execute("CALL bat_ingest(max_pages => 60, skip_enrich => true)").unwrap();
    client.batch_execute("UPDATE bat_pages SET parser_version = 0").unwrap();
    client.batch_execute("CALL bat_reparse()").unwrap();
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
    assert_eq!(client.text(counts), before);
}

#[test]
fn numbers_that_others_noted_in_metadata_stay_to_the_last_digit() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let url = site.listing("live");
    let noted = r#"{"id": 18446744073709551617, "lat": 12.34567890123456789}"#;
    client
        .batch_execute(&format!(
            "INSERT INTO vehicles (bat_auction_url, metadata) VALUES ('{url}', '{noted}');
             INSERT INTO bat_listings (url, metadata) VALUES ('{url}', '{noted}')"
        ))
        .unwrap();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    for table in ["vehicles", "bat_listings"] {
        let row = format!(
            "SELECT metadata - 'bat_partners' = '{noted}' AND metadata ? 'bat_partners' FROM {table}"
        );
        assert_eq!(client.column(&row), ["t"], "{table}");
    }
}

#[test]
fn a_trigger_that_names_a_table_without_its_schema_is_told_how_to_find_it() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_index_partners();
             CREATE TABLE audit (what text);
             CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO audit VALUES (TG_TABLE_NAME); RETURN NULL; END';
             CREATE TRIGGER audit AFTER INSERT ON vehicles FOR EACH ROW EXECUTE FUNCTION audit()",
        )
        .unwrap();
    let import = format!("SELECT bat_import_listing('{}')", site.listing("live"));
    assert_eq!(client.error(&import).sqlstate, "42P01");
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{}')", site.listing("live"))).unwrap();
    client.batch_execute("CALL bat_work(30)").unwrap();
    let advice = client.text("SELECT what_to_do FROM bat_problems WHERE sqlstate = '42P01'");
    assert!(advice.contains("SET search_path"), "{advice}");
    client.batch_execute("ALTER FUNCTION audit() SET search_path = public").unwrap();
    client.batch_execute(&import).unwrap();
    assert_eq!(client.number("SELECT count(*) FROM audit"), 1);
}

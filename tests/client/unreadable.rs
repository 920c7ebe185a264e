//! Values of a person's that jsonb, or this program, cannot read: in columns of his own, in metadata, and in place of prices.

use serde_json::json;

use crate::inventory::{dealer, dealers};
use crate::server::Session;
use crate::site::Site;

/// A number that no floating point holds, and a list in 130 others.
fn unreadable() -> String {
    format!(r#"{{"big": 1e400, "deep": {}{}}}"#, "[".repeat(130), "]".repeat(130))
}

/// Gives each table columns of the user's own, and each row's metadata, what holds such values. Returns the time.
fn fill(client: &mut Session) -> String {
    let unreadable = unreadable();
    for table in ["businesses", "vehicles", "organization_vehicles", "bat_listings", "dealer_inventory"] {
        client
            .batch_execute(&format!(
                r#"ALTER TABLE {table} ADD COLUMN mine jsonb DEFAULT '{unreadable}', ADD COLUMN raw json DEFAULT '"\u0000"';
                   UPDATE {table} SET metadata = metadata || '{unreadable}'"#
            ))
            .unwrap();
    }
    client.text("SELECT clock_timestamp()")
}

/// The tables in which something of the user's, of rows that were there at a time, is not as he wrote it.
fn changed(client: &mut Session, filled_at: &str) -> Vec<String> {
    ["businesses", "vehicles", "organization_vehicles", "bat_listings", "dealer_inventory"]
        .into_iter()
        .filter(|table| {
            let same = format!(
                "SELECT count(*) FROM {table} WHERE mine = '{mine}' AND raw::text = '\"\\u0000\"'
                     AND metadata - 'bat_partners' @> '{mine}'",
                mine = unreadable()
            );
            let rows = format!("SELECT count(*) FROM {table} WHERE created_at < '{filled_at}'");
            client.number(&same) != client.number(&rows)
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_nobody_can_read_in_a_persons_own_columns_is_in_no_imports_way() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let filled_at = fill(&mut client);
    let url = site.listing("live");
    site.set(json!({ "listing": url, "status": "sold", "price": 4321 }));
    let import = format!("SELECT concat_ws(' ', status, updated, failed) FROM bat_import_listing('{url}')");
    client
        .batch_execute(
            "UPDATE bat_pages SET etag = NULL, last_modified = NULL, sha256 = '', parser_version = 0",
        )
        .unwrap();
    assert_eq!(client.text(&import), "done 1 0");
    assert_eq!(
        client.text(&format!(
            "SELECT concat_ws(' ', l.sale_price, v.sale_price, o.sale_price, o.relationship_type)
             FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id
             JOIN organization_vehicles AS o ON o.vehicle_id = v.id WHERE l.url = '{url}'"
        )),
        "4321 4321 4321 sold_by"
    );
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    client.batch_execute("CALL bat_reparse()").unwrap();
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(
        client.column("SELECT concat_ws(' ', kind, key, last_error) FROM bat_tasks WHERE last_error IS NOT NULL AND last_sqlstate <> '02000'"),
        Vec::<String>::new()
    );
    assert_eq!(
        client.column(
            "SELECT concat_ws(' ', job, message) FROM bat_runs WHERE failed > 0 AND job <> 'bat_ingest' "
        ),
        Vec::<String>::new()
    );
    assert_eq!(changed(&mut client, &filled_at), Vec::<String>::new());
}

#[test]
fn a_dealers_items_are_read_again_whatever_a_person_keeps_beside_them() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "careless");
    let sync = &format!("SELECT concat_ws(' ', status, failed) FROM bat_sync_inventory('{id}', 50)");
    assert_eq!(client.text(sync), "done 0");
    assert!(client.number("SELECT count(*) FROM dealer_inventory") > 5);
    let filled_at = fill(&mut client);
    client
        .batch_execute(
            "UPDATE dealer_inventory SET title = NULL, metadata = metadata || '{\"bat_partners\": {}}'",
        )
        .unwrap();
    assert_eq!(client.text(sync), "done 0");
    assert!(client.number("SELECT count(*) FROM dealer_inventory WHERE title IS NOT NULL") > 5);
    assert_eq!(changed(&mut client, &filled_at), Vec::<String>::new());
}

#[test]
fn what_is_no_number_is_no_price() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let url = site.listing("sold");
    let row = format!("url = '{url}'");
    let figures = "SELECT concat_ws(' ', (SELECT sum(volume) FROM bat_partner_overview), (SELECT sum(volume) FROM bat_market),
        (SELECT sum(amount) FROM bat_vehicle_history))";
    client
        .batch_execute(&format!(
            "UPDATE bat_listings SET sale_price = NULL, high_bid = NULL, current_bid = NULL WHERE {row}"
        ))
        .unwrap();
    let without = client.text(figures);
    // Infinity came with PostgreSQL 14.
    let has_infinity = client.number("SELECT current_setting('server_version_num')::integer") >= 140_000;
    let words: &[&str] =
        if has_infinity { &["NaN", "1e400", "Infinity", "-Infinity"] } else { &["NaN", "1e400"] };
    for word in words {
        client
            .batch_execute(&format!(
                "UPDATE bat_listings SET sale_price = '{word}', high_bid = '{word}', current_bid = '{word}' WHERE {row};
                 UPDATE vehicles SET sale_price = '{word}' WHERE id = (SELECT vehicle_id FROM bat_listings WHERE {row});
                 UPDATE organization_vehicles SET sale_price = '{word}', asking_price = '{word}'
                 WHERE vehicle_id = (SELECT vehicle_id FROM bat_listings WHERE {row});
                 UPDATE bat_pages SET etag = NULL, last_modified = NULL, sha256 = ''"
            ))
            .unwrap();
        assert_eq!(client.text(figures), without, "{word}");
        assert!(client.text("SELECT bat_report()").contains("</html>"), "{word}");
        // What a person wrote in place of what an import had written stays.
        let import = format!("SELECT concat_ws(' ', status, failed) FROM bat_import_listing('{url}')");
        assert_eq!(client.text(&import), "done 0", "{word}");
        let kept = format!("SELECT sale_price = '{word}' FROM bat_listings WHERE {row}");
        assert_eq!(client.text(&kept), "t", "{word}");
    }
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    client.batch_execute("SELECT * FROM bat_repair(dry_run => false)").unwrap();
}

#[test]
fn an_asking_price_that_is_no_number_breaks_no_inventory() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "careless");
    let sync = &format!("SELECT concat_ws(' ', status, failed) FROM bat_sync_inventory('{id}', 50)");
    assert_eq!(client.text(sync), "done 0");
    client
        .batch_execute(
            "UPDATE dealer_inventory SET asking_price = 'NaN', sale_price = 'NaN', doubted_price = 'NaN'",
        )
        .unwrap();
    assert_eq!(client.number("SELECT sum(inventory_priced) FROM bat_partner_overview"), 0);
    assert_eq!(client.text(sync), "done 0");
    assert!(client.text("SELECT bat_report()").contains("</html>"));
}

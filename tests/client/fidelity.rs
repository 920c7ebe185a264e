//! The rows say what the pages say: against the replica's own knowledge, and against real saved pages.

use std::path::PathBuf;

use bat_replica::Config;
use serde_json::Value;

use crate::server::Session;
use crate::site::Site;

#[path = "../../crates/pages/tests/skipped/mod.rs"]
pub mod skipped;

/// Columns of `bat_listings` that must equal the truth of the page.
const LISTING: [&str; 21] = [
    "listing_id",
    "lot_number",
    "title",
    "status",
    "seller_username",
    "seller_type",
    "buyer_username",
    "currency",
    "current_bid",
    "high_bid",
    "sale_price",
    "sold_after_auction",
    "no_reserve",
    "premium",
    "alumni",
    "bid_count",
    "comment_count",
    "view_count",
    "watcher_count",
    "location",
    "country",
];

/// Columns of `vehicles` that must equal the truth of the page, of vehicles with one listing.
const VEHICLE: [&str; 12] = [
    "title",
    "year",
    "make",
    "model",
    "vin",
    "engine",
    "transmission",
    "exterior_color",
    "interior_color",
    "era",
    "origin",
    "image_count",
];

fn differences(url: &str, row: &Value, truth: &Value, columns: &[&str]) -> Vec<String> {
    columns
        .iter()
        .filter(|column| truth.get(**column).is_some() && row[**column] != truth[**column])
        .map(|column| format!("{url} {column}: {} in the row, {} on the page", row[*column], truth[*column]))
        .collect()
}

/// How many of the site's listings are stored, and where their rows and those of their vehicles differ from the pages.
pub fn compare(site: &Site, client: &mut Session) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut compared = 0;
    for truth in site.listings("") {
        let url = truth["url"].as_str().unwrap();
        let rows = client.column(&format!("SELECT to_jsonb(l) FROM bat_listings AS l WHERE l.url = '{url}'"));
        let Some(row) = rows.first() else { continue };
        let row: Value = serde_json::from_str(row).unwrap();
        found.extend(differences(url, &row, &truth, &LISTING));
        let vehicle = client.json(&format!(
            "SELECT to_jsonb(v) || jsonb_build_object('auctions', (SELECT count(*) FROM bat_listings AS l WHERE l.vehicle_id = v.id))
             FROM vehicles AS v WHERE v.id = '{}'",
            row["vehicle_id"].as_str().unwrap()
        ));
        if vehicle["auctions"] == 1 {
            found.extend(differences(url, &vehicle, &truth, &VEHICLE));
        }
        compared += 1;
    }
    (compared, found)
}

#[test]
fn every_row_equals_its_page() {
    let site = Site::start(Config { partners: 83, listings: 300, rel_next: true, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    let (compared, found) = compare(&site, &mut client);
    assert!(compared > 100, "only {compared} listings are of partners");
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    assert_eq!(
        client.column("SELECT key || ': ' || last_error FROM bat_tasks WHERE last_sqlstate <> '02000'"),
        Vec::<String>::new()
    );
}

#[test]
fn every_partner_equals_its_row_of_the_directory() {
    let site = Site::start(Config { partners: 83, listings: 10, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.text("SELECT concat_ws(' ', status, inserted) FROM bat_index_partners()"), "done 83");
    let columns =
        ["city", "state", "country", "website", "bat_username", "bat_profile_url", "geographic_key"];
    let mut found = Vec::new();
    for truth in site.partners() {
        let key = truth["geographic_key"].as_str().unwrap();
        let rows = client
            .column(&format!("SELECT to_jsonb(b) FROM businesses AS b WHERE b.geographic_key = '{key}'"));
        let Some(row) = rows.first() else {
            found.push(format!("{key} is missing"));
            continue;
        };
        let row: Value = serde_json::from_str(row).unwrap();
        found.extend(differences(key, &row, &truth, &columns));
        if row["business_name"] != truth["name"] {
            found.push(format!("{key}: {} in the row, {} on the page", row["business_name"], truth["name"]));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn real_saved_listings_go_the_whole_way() {
    let pages = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/bat/pages");
    if !pages.is_dir() {
        return skipped::because(format_args!("there is no folder {}", pages.display()));
    }
    let site = Site::start(Config { partners: 8, listings: 20, pages: Some(pages), ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    let expected = [
        (
            "2009-porsche-cayman-46",
            "239408|2009 Porsche Cayman 6-Speed|sold|USD|||42000|prescott_collection|duke280|2026-04-24 18:55:42|2026-04-24",
            "2009|Porsche|987 Cayman|WP0AA29829U760958|13000|mi|Arctic Silver Metallic|Black Leather|141",
        ),
        (
            "2026-porsche-911-gt3-6",
            "241153|2026 Porsche 911 GT3 Weissach 6-Speed|live|USD|300000|||motorenn||2026-05-05 19:09:00|",
            "2026|Porsche|992 911 GT3|WP0AC2A94TS287162|61|mi|Lugano Blue|Black Leather and Race-Tex|138",
        ),
        (
            "2001-ferrari-360-spider-89",
            "218674|2001 Ferrari 360 Spider|reserve_not_met|USD||53000||nimat14405||2025-11-07 20:45:12|",
            "2001|Ferrari|360|ZFFYT53A010124655|36000|mi|Giallo Modena|Nero Leather|156",
        ),
    ];
    for (slug, listing, vehicle) in expected {
        let url = format!("https://bringatrailer.com/listing/{slug}/");
        client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
        assert_eq!(
            client.text(&format!(
                "SELECT concat_ws('|', l.lot_number, l.title, l.status, l.currency, coalesce(l.current_bid::text, ''),
                     coalesce(l.high_bid::text, ''), coalesce(l.sale_price::text, ''), l.seller_username,
                     coalesce(l.buyer_username, ''), l.ends_at AT TIME ZONE 'UTC', coalesce(v.sale_date::text, ''))
                 FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id WHERE l.url = '{url}'"
            )),
            listing
        );
        assert_eq!(
            client.text(&format!(
                "SELECT concat_ws('|', v.year, v.make, v.model, v.vin, v.mileage, v.mileage_unit, v.exterior_color,
                     v.interior_color, v.image_count) FROM vehicles AS v WHERE v.bat_auction_url = '{url}'"
            )),
            vehicle
        );
    }
}

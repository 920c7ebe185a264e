//! Tables that a person emptied or renamed, and links that he deleted.

use crate::server::Session;
use crate::site::Site;

const PROBLEM: &str = "listings without their vehicle";

fn told(client: &mut Session) -> i64 {
    client.number(&format!("SELECT COALESCE(sum(count), 0) FROM bat_problems WHERE problem = '{PROBLEM}'"))
}

#[test]
fn vehicles_that_are_gone_with_their_table_are_told_and_come_back_from_the_archive() {
    let site = Site::small();
    for gone in ["TRUNCATE vehicles", "ALTER TABLE vehicles RENAME TO old_vehicles; SELECT bat_setup()"] {
        let server = site.server();
        let mut client = server.client();
        client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
        let vehicles = client.number("SELECT count(*) FROM vehicles");
        let listings = client.number("SELECT count(*) FROM bat_listings WHERE vehicle_id IS NOT NULL");
        assert_eq!(told(&mut client), 0);
        client.batch_execute(gone).unwrap();
        assert_eq!(told(&mut client), listings, "{gone}");
        let advice = client.text(&format!("SELECT what_to_do FROM bat_problems WHERE problem = '{PROBLEM}'"));
        let call = advice.split(": ").nth(1).unwrap().split(';').next().unwrap();
        assert_eq!(call, "CALL public.bat_reparse('listing')");
        client.batch_execute(call).unwrap();
        assert_eq!(told(&mut client), 0);
        assert_eq!(client.number("SELECT count(*) FROM vehicles"), vehicles, "{gone}");
        assert_eq!(
            client.number(
                "SELECT count(*) FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id
                 JOIN organization_vehicles AS o ON o.vehicle_id = v.id AND o.organization_id = l.organization_id"
            ),
            listings
        );
        // Once: what has its vehicle again is not read again.
        assert_eq!(client.text("SELECT found FROM bat_runs ORDER BY id DESC LIMIT 1"), listings.to_string());
        client.batch_execute("CALL bat_reparse('listing')").unwrap();
        assert_eq!(client.text("SELECT found FROM bat_runs ORDER BY id DESC LIMIT 1"), "0");
    }
}

#[test]
fn a_single_vehicle_that_was_deleted_is_no_problem() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    client
        .batch_execute("DELETE FROM vehicles WHERE id IN (SELECT id FROM vehicles ORDER BY id LIMIT 1)")
        .unwrap();
    assert_eq!(told(&mut client), 0);
}

#[test]
fn a_link_that_was_deleted_stays_away_until_its_page_is_read_again() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let import = format!("SELECT bat_import_listing('{}')", site.listing("sold"));
    let links = "SELECT count(*) FROM organization_vehicles";
    client.batch_execute(&import).unwrap();
    for read_again in [
        "UPDATE bat_pages SET etag = NULL, last_modified = NULL, sha256 = ''",
        "UPDATE bat_pages SET parser_version = 0",
    ] {
        client.batch_execute("DELETE FROM organization_vehicles").unwrap();
        client.batch_execute(&import).unwrap();
        client.batch_execute("CALL bat_reparse('listing')").unwrap();
        assert_eq!(client.number(links), 0, "the page has not changed");
        client.batch_execute(read_again).unwrap();
        client.batch_execute("CALL bat_reparse('listing')").unwrap();
        client.batch_execute(&import).unwrap();
        assert_eq!(client.number(links), 1, "{read_again}");
    }
}

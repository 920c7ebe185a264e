//! The directory is read again: partners have left it, and what people wrote to their rows is in the way of nothing.

use serde_json::json;

use crate::server::Session;
use crate::site::Site;

const SUMMARY: &str = "SELECT concat_ws(' ', status, found, inserted, updated, unchanged, skipped, failed) FROM bat_index_partners()";

/// Names of the partners that are marked as gone.
fn left(client: &mut Session) -> Vec<String> {
    client.column("SELECT business_name FROM businesses WHERE status = 'left_directory' ORDER BY 1")
}

#[test]
fn a_partner_that_cannot_be_marked_as_gone_keeps_no_other_from_it() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.text(SUMMARY), "done 8 8 0 0 0 0");
    site.set(json!({ "directory": "half" }));
    client.batch_execute("BEGIN").unwrap();
    assert_eq!(client.text(SUMMARY), "done 4 0 0 4 0 0");
    let gone = left(&mut client);
    client.batch_execute("ROLLBACK").unwrap();
    assert_eq!(gone.len(), 4);
    client
        .batch_execute(&format!(
            "ALTER TABLE businesses ADD CONSTRAINT known_status CHECK (status = 'active' OR business_name <> '{}')",
            gone[0].replace('\'', "''")
        ))
        .unwrap();
    assert_eq!(client.text(SUMMARY), "partial 5 0 0 4 0 1");
    assert_eq!(left(&mut client), gone[1..]);
    // Until it can be.
    assert_eq!(client.text(SUMMARY), "partial 5 0 0 4 0 1");
    client.batch_execute("ALTER TABLE businesses DROP CONSTRAINT known_status").unwrap();
    assert_eq!(client.text(SUMMARY), "done 4 0 0 4 0 0");
    assert_eq!(left(&mut client), gone);
}

#[test]
fn metadata_that_a_person_made_a_list_is_kept_and_then_no_row_is_touched() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(SUMMARY).unwrap();
    client.batch_execute("UPDATE businesses SET metadata = '[\"my note\"]'").unwrap();
    let rows = "SELECT string_agg(to_jsonb(b)::text || b.xmin, ' ' ORDER BY b.id) FROM businesses AS b";
    client.batch_execute(SUMMARY).unwrap();
    assert_eq!(
        client.column("SELECT DISTINCT concat_ws(' ', metadata->'value', metadata ? 'directory_position') FROM businesses"),
        ["[\"my note\"] t"]
    );
    let before = client.text(rows);
    client.batch_execute(SUMMARY).unwrap();
    assert_eq!(client.text(rows), before);
}

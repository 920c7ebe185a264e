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
fn partners_that_the_database_refuses_are_a_problem_until_they_are_stored() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let partners = site.partners();
    let username = partners[0]["bat_username"].as_str().unwrap();
    let refused = partners.iter().filter(|partner| partner["bat_username"] == username).count();
    client
        .batch_execute(&format!(
            "SELECT bat_setup(); ALTER TABLE businesses ADD CONSTRAINT unwanted CHECK (bat_username <> '{username}')"
        ))
        .unwrap();
    let stored = "SELECT count(*) FROM businesses";
    let problems =
        "SELECT concat_ws('|', problem, kind, sqlstate, example_error, what_to_do) FROM bat_problems";
    client.batch_execute("CALL bat_ingest(skip_enrich => true, skip_import => true)").unwrap();
    for again in [false, true] {
        if again {
            client.batch_execute("SELECT bat_enqueue('directory')").unwrap();
            client.batch_execute("CALL bat_work(10)").unwrap();
        }
        let run = client.json("SELECT to_jsonb(r) FROM bat_runs AS r ORDER BY id DESC LIMIT 1");
        assert_eq!((&run["status"], &run["failed"]), (&json!("partial"), &json!(refused)), "{run}");
        assert_eq!((&run["found"], &run["tasks"]), (&json!(partners.len()), &json!(1)), "{run}");
        let told = run["message"].as_str().unwrap();
        assert!(told.contains(" could not be stored, such as ") && told.contains("\"unwanted\""), "{told}");
        assert_eq!(client.number(stored), (partners.len() - refused) as i64);
        let told = client.column(problems);
        assert_eq!(told.len(), 1, "{told:?}");
        for part in ["tasks are dead|directory|23514|", "\"unwanted\"|Mend the cause, then SELECT "] {
            assert!(told[0].contains(part), "{part}: {told:?}");
        }
        assert!(told[0].ends_with("bat_retry('directory');"), "{told:?}");
        assert_eq!(client.text("SELECT health FROM bat_status"), "needs attention");
    }
    let told = client.text("SELECT message FROM bat_index_partners()");
    assert!(told.contains(" could not be stored, such as "), "{told}");
    client
        .batch_execute("ALTER TABLE businesses DROP CONSTRAINT unwanted; SELECT bat_retry('directory')")
        .unwrap();
    client.batch_execute("CALL bat_work(10)").unwrap();
    assert_eq!(client.column(problems), Vec::<String>::new());
    assert_eq!(client.number(stored), partners.len() as i64);
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

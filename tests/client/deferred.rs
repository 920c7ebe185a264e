//! Constraints of the user's that PostgreSQL checks at COMMIT: what they refuse is one page's failure, and nobody else's.

use serde_json::json;

use crate::site::Site;

/// A constraint trigger that refuses at COMMIT what a condition on the new row says.
fn refusing_at_commit(table: &str, condition: &str) -> String {
    format!(
        "CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF {condition} THEN
                 RAISE EXCEPTION 'refused at the end' USING ERRCODE = 'check_violation';
             END IF;
             RETURN NULL;
         END $$;
         CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON {table}
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
    )
}

#[test]
fn a_page_that_commit_would_refuse_is_one_failed_task() {
    let site = Site::small();
    let refused = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    client.batch_execute(&refusing_at_commit("bat_listings", &format!("NEW.url = '{refused}'"))).unwrap();
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let mut expected = site.partner_urls();
    expected.retain(|url| *url != refused);
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), expected);
    assert_eq!(
        client.json(&format!(
            "SELECT jsonb_build_array(state, last_sqlstate, last_error) FROM bat_tasks WHERE key = '{refused}'"
        )),
        json!(["dead", "23514", "refused at the end"])
    );
    assert_eq!(
        client.number(
            "SELECT count(*) FROM vehicles WHERE bat_auction_url NOT IN (SELECT url FROM bat_listings)"
        ),
        0
    );
}

#[test]
fn a_partner_that_commit_would_refuse_keeps_nobody_from_the_others() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let partners = site.partners();
    let name = partners[1]["name"].as_str().unwrap();
    client
        .batch_execute(&refusing_at_commit("businesses", &format!("NEW.business_name = $q${name}$q$")))
        .unwrap();
    client.batch_execute("CALL bat_ingest(skip_enrich => true, skip_import => true)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM businesses"), i64::try_from(partners.len()).unwrap() - 1);
    assert_eq!(client.text("SELECT state FROM bat_tasks WHERE kind = 'directory'"), "dead");
}

#[test]
fn what_a_caller_defers_is_the_callers_own_affair() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             CREATE TABLE regions (name text PRIMARY KEY);
             CREATE TABLE places (name text REFERENCES regions DEFERRABLE INITIALLY DEFERRED)",
        )
        .unwrap();
    client
        .batch_execute(&format!(
            "BEGIN;
             INSERT INTO places VALUES ('Ohio');
             SELECT bat_import_listing('{url}');
             INSERT INTO regions VALUES ('Ohio');
             COMMIT"
        ))
        .unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings, places"), 1);
}

//! What counts as the earlier importer's, and what as a person's: each rule by itself.

use serde_json::{Value, json};

use super::past::{RAN_AT, TRIGGER, id, insert, make_tables};
use crate::server::{Server, Session};
use crate::site::Site;

/// A vehicle of the earlier importer, every value of which bears its mark, but the title.
fn vehicle(number: usize, changes: Value) -> Value {
    let mut row = json!({
        "id": id(1, number), "bat_auction_url": format!("https://bringatrailer.com/listing/1990-porsche-911-{number}/"),
        "discovery_url": null, "discovery_source": "bat_local_partners", "year": 1990, "make": "Porsche", "model": "911",
        "title": "1990 Porsche 911", "auction_outcome": "reserve_not_met", "sale_date": "2025-12-14", "metadata": {},
        "created_at": RAN_AT, "updated_at": RAN_AT,
    });
    for (key, value) in changes.as_object().unwrap() {
        row[key] = value.clone();
    }
    row
}

/// A server with vehicles of the earlier importer, changed like this.
fn vehicles(changes: &[Value]) -> (Server, Session) {
    let server = Server::start("");
    let mut client = server.client();
    make_tables(&mut client);
    let rows: Vec<Value> =
        changes.iter().enumerate().map(|(number, changes)| vehicle(number, changes.clone())).collect();
    insert(&mut client, "vehicles", &rows);
    (server, client)
}

/// A server with links of the earlier importer, each to a vehicle of its own, changed like this.
fn links(changes: &[Value]) -> (Server, Session) {
    let (server, mut client) = vehicles(&vec![json!({}); changes.len()]);
    insert(&mut client, "businesses", &[json!({ "id": id(0, 0), "business_name": "Garage" })]);
    let link = |(number, changes): (usize, &Value)| {
        let mut row = json!({
            "id": id(2, number), "organization_id": id(0, 0), "vehicle_id": id(1, number),
            "relationship_type": "sold_by", "status": "past", "sale_price": null, "sale_date": null,
            "auto_tagged": true, "notes": null, "asking_price": null, "created_at": RAN_AT, "updated_at": RAN_AT,
        });
        for (key, value) in changes.as_object().unwrap() {
            row[key] = value.clone();
        }
        row
    };
    let rows: Vec<Value> = changes.iter().enumerate().map(link).collect();
    insert(&mut client, "organization_vehicles", &rows);
    (server, client)
}

/// The fields of each row that are noted as the earlier importer's after a repair.
fn noted(client: &mut Session, table: &str) -> Vec<String> {
    let failed = "SELECT detail FROM bat_repair(dry_run => false) WHERE what = 'step that failed'";
    assert_eq!(client.column(failed), Vec::<String>::new());
    client.column(&format!(
        "SELECT (
             SELECT string_agg(f.key, ' ' ORDER BY f.key COLLATE \"C\")
             FROM jsonb_each(t.metadata -> 'bat_partners') AS f WHERE f.value ->> 'is_earlier' = 'true'
         )
         FROM {table} AS t ORDER BY t.id"
    ))
}

#[test]
fn only_a_row_that_names_the_site_as_its_source_is_the_importers() {
    let sources = [
        ("bat_local_partners", true),
        ("BaT", true),
        ("import-bat", true),
        ("bring-a-trailer", true),
        ("by hand", false),
        ("battery shop", false),
        ("combat", false),
    ];
    let changes: Vec<Value> = sources.iter().map(|(name, _)| json!({ "discovery_source": name })).collect();
    let (_server, mut client) = vehicles(&changes);
    for ((name, is_importers), noted) in sources.iter().zip(noted(&mut client, "vehicles")) {
        assert_eq!(!noted.is_empty(), *is_importers, "{name}: {noted}");
    }
}

#[test]
fn a_row_that_this_extension_wrote_is_not_the_importers() {
    let memory = json!({ "value": "1990 Porsche 911", "source_url": "https://bringatrailer.com/listing/x/" });
    let (_server, mut client) =
        vehicles(&[json!({}), json!({ "metadata": { "bat_partners": { "title": memory } } })]);
    let noted = noted(&mut client, "vehicles");
    assert!(!noted[0].is_empty());
    assert_eq!(noted[1], "");
}

#[test]
fn each_field_bears_a_mark_of_its_own() {
    let all = "auction_outcome bat_auction_url make model sale_date year";
    let cases = [
        (json!({}), all.to_owned()),
        (json!({ "year": 1991 }), all.replace(" year", "")),
        (json!({ "make": "Mine" }), all.replace(" make", "")),
        (json!({ "model": "Carrera" }), all.replace(" model", "")),
        (json!({ "sale_date": "2025-12-10" }), all.replace(" sale_date", "")),
        // Of that day, an outcome of any kind is the importer's.
        (json!({ "auction_outcome": "sold" }), all.to_owned()),
        (
            json!({ "auction_outcome": "sold", "sale_date": "2025-12-10" }),
            "bat_auction_url make model year".to_owned(),
        ),
        (json!({ "discovery_url": "https://dealer.example/1" }), all.to_owned()),
        (json!({ "title": " " }), all.replace(" year", " title year")),
    ];
    let changes: Vec<Value> = cases.iter().map(|(changes, _)| changes.clone()).collect();
    let (_server, mut client) = vehicles(&changes);
    for ((changes, expected), noted) in cases.iter().zip(noted(&mut client, "vehicles")) {
        assert_eq!(&noted, expected, "{changes}");
    }
}

#[test]
fn a_link_that_a_person_made_or_changed_is_a_persons() {
    let cases = [
        (json!({}), true),
        (json!({ "relationship_type": "consigner" }), true),
        (json!({ "notes": " " }), true),
        (json!({ "notes": "ours" }), false),
        (json!({ "asking_price": 5 }), false),
        (json!({ "auto_tagged": false }), false),
        (json!({ "auto_tagged": null }), false),
        (json!({ "relationship_type": "owner" }), false),
        (json!({ "updated_at": "2025-12-20 03:00:00+00" }), false),
    ];
    let changes: Vec<Value> = cases.iter().map(|(changes, _)| changes.clone()).collect();
    let (_server, mut client) = links(&changes);
    for ((changes, is_importers), noted) in cases.iter().zip(noted(&mut client, "organization_vehicles")) {
        assert_eq!(!noted.is_empty(), *is_importers, "{changes}: {noted}");
    }
}

#[test]
fn a_sale_of_a_link_that_bears_no_mark_is_a_persons_where_no_trigger_keeps_updated_at() {
    let cases = [
        (json!({}), true),
        // The day of the import.
        (json!({ "sale_date": "2025-12-14" }), true),
        (json!({ "sale_date": "2025-12-10" }), false),
        (json!({ "sale_price": 31_000 }), false),
        (json!({ "sale_price": 31_000, "sale_date": "2025-12-14" }), false),
    ];
    let changes: Vec<Value> = cases.iter().map(|(changes, _)| changes.clone()).collect();
    let trigger = TRIGGER.replace("UPDATE ON vehicles", "UPDATE ON organization_vehicles");
    for has_trigger in [false, true] {
        let (_server, mut client) = links(&changes);
        if has_trigger {
            client.batch_execute(&trigger).unwrap();
        }
        let expected: Vec<bool> =
            cases.iter().map(|(_, is_importers)| has_trigger || *is_importers).collect();
        let noted = noted(&mut client, "organization_vehicles");
        let found: Vec<bool> = noted.iter().map(|fields| !fields.is_empty()).collect();
        assert_eq!(found, expected, "trigger: {has_trigger}");
    }
}

#[test]
fn a_link_that_stays_is_told_with_what_hands_it_over() {
    let (_server, mut client) = links(&[json!({}), json!({ "sale_price": 31_000 })]);
    let told = "SELECT concat_ws(' ', row_id, substring(detail FROM '{.*}'), hint ~ 'trust_updated_at => true')
                FROM bat_repair(dry_run => false) WHERE action = 'left' AND table_name = 'organization_vehicles'";
    assert_eq!(client.column(told), [format!("{} {{\"sale_price\":31000}} t", id(2, 1))]);
    let hint = "SELECT substring(hint FROM 'UPDATE [^;]*') FROM bat_repair() WHERE table_name = 'organization_vehicles'";
    let statement = client.text(hint);
    client.batch_execute(&statement).unwrap();
    assert!(noted(&mut client, "organization_vehicles").iter().all(|fields| !fields.is_empty()));
    assert_eq!(client.column(told), Vec::<String>::new());
}

#[test]
fn times_that_came_later_than_their_rows_tell_nothing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    make_tables(&mut client);
    client
        .batch_execute(
            "ALTER TABLE vehicles DROP created_at, DROP updated_at;
             ALTER TABLE organization_vehicles DROP created_at, DROP updated_at",
        )
        .unwrap();
    let url = site.listing("sold");
    let row = |number: usize| {
        json!({ "id": id(1, number), "discovery_source": "bat_local_partners", "title": "mine",
            "bat_auction_url": if number == 0 { url.clone() } else { format!("{}-{number}/", url.trim_end_matches('/')) } })
    };
    insert(&mut client, "vehicles", &[row(0), row(1)]);
    client
        .batch_execute(&format!(
            "INSERT INTO businesses (id, business_name) VALUES ('{0}', 'Garage');
             INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type, auto_tagged, sale_price)
             VALUES ('{0}', '{1}', 'sold_by', true, 31000), ('{0}', '{2}', 'sold_by', true, NULL)",
            id(0, 0),
            id(1, 0),
            id(1, 1)
        ))
        .unwrap();
    // Whoever trusts them: those of this call, and those of the one before.
    for _ in 0..2 {
        client.batch_execute("SELECT * FROM bat_repair(dry_run => false, trust_updated_at => true)").unwrap();
        let links = "SELECT concat_ws(' ', sale_price, metadata #>> '{bat_partners,status,is_earlier}',
                         metadata #>> '{bat_partners,relationship_type,is_earlier}')
                     FROM organization_vehicles ORDER BY vehicle_id";
        assert_eq!(client.column(links), ["31000", "true"]);
        let titles = "SELECT count(*) FROM vehicles WHERE metadata #> '{bat_partners,title}' IS NOT NULL";
        assert_eq!(client.number(titles), 0);
    }
    client.batch_execute(&format!("SELECT * FROM bat_import_listing('{url}')")).unwrap();
    let kept = format!(
        "SELECT sale_price FROM organization_vehicles WHERE organization_id = '{}' AND vehicle_id = '{}'",
        id(0, 0),
        id(1, 0)
    );
    assert_eq!(client.column(&kept), ["31000"]);
}

#[test]
fn only_a_trigger_that_sees_every_change_lets_updated_at_be_trusted() {
    let (_server, mut client) = vehicles(&[json!({})]);
    client.batch_execute(TRIGGER).unwrap();
    client
        .batch_execute(
            "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             DROP TRIGGER touch ON vehicles",
        )
        .unwrap();
    let on = |rest: &str| format!("CREATE TRIGGER touch {rest}");
    let whole = on("BEFORE UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION touch()");
    for (statement, is_trusted) in [
        (whole.clone(), true),
        (on("BEFORE INSERT OR UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION touch()"), true),
        (format!("{whole}; ALTER TABLE vehicles ENABLE ALWAYS TRIGGER touch"), true),
        ("SELECT".to_owned(), false),
        (format!("{whole}; ALTER TABLE vehicles DISABLE TRIGGER touch"), false),
        (format!("{whole}; ALTER TABLE vehicles ENABLE REPLICA TRIGGER touch"), false),
        (on("AFTER UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION touch()"), false),
        (on("BEFORE UPDATE ON vehicles FOR EACH STATEMENT EXECUTE FUNCTION touch()"), false),
        (on("BEFORE INSERT ON vehicles FOR EACH ROW EXECUTE FUNCTION touch()"), false),
        (on("BEFORE UPDATE OF make ON vehicles FOR EACH ROW EXECUTE FUNCTION touch()"), false),
        (
            on("BEFORE UPDATE ON vehicles FOR EACH ROW WHEN (OLD.make <> NEW.make) EXECUTE FUNCTION touch()"),
            false,
        ),
        (on("BEFORE UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION other()"), false),
    ] {
        client.batch_execute(&format!("BEGIN; {statement}")).unwrap();
        // Without trust, a title is nobody's: it bears no mark.
        let told = "SELECT count(*) FROM bat_repair() WHERE what = 'values of the earlier importer' AND detail ~ ' title[,;]'";
        assert_eq!(client.number(told), i64::from(is_trusted), "{statement}");
        client.batch_execute("ROLLBACK").unwrap();
    }
}

#[test]
fn what_is_noted_is_kept_aside_and_what_was_wrong_often_is_doubted() {
    let (_server, mut client) =
        vehicles(&[json!({}), json!({ "metadata": { "bat_partners": { "earlier": { "make": "first" } } } })]);
    noted(&mut client, "vehicles");
    let kept = "SELECT metadata #>> '{bat_partners,earlier,make}' FROM vehicles ORDER BY id";
    assert_eq!(client.column(kept), ["Porsche", "first"]);
    let doubted = "SELECT concat_ws(' ', metadata #> '{bat_partners,make,is_doubted}',
                       metadata #> '{bat_partners,bat_auction_url,is_doubted}') FROM vehicles ORDER BY id";
    assert_eq!(client.column(doubted), ["true", "true"]);
}

#[test]
fn metadata_that_a_person_made_a_list_stays_beside_what_is_noted() {
    let (_server, mut client) = vehicles(&[json!({ "metadata": ["my note"] })]);
    let first = noted(&mut client, "vehicles");
    assert!(first[0].contains("make"), "{first:?}");
    let metadata = client.text("SELECT metadata FROM vehicles");
    assert_eq!(client.text("SELECT metadata -> 'value' FROM vehicles"), "[\"my note\"]");
    assert_eq!(noted(&mut client, "vehicles"), first);
    assert_eq!(client.text("SELECT metadata FROM vehicles"), metadata);
}

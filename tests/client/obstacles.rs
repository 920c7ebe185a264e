//! What may stand in a table's place and cannot be adopted: all of it is told by the one error, and the lines say what helps.

use crate::server::{Server, Session};

/// What is in the way of `bat_setup()`, once the statements have run; nothing of it stays.
fn told(client: &mut Session, sql: &str) -> Vec<String> {
    client.batch_execute("BEGIN").unwrap();
    client.batch_execute(sql).unwrap();
    let told = client.column("SELECT unnest(bat_obstacles())");
    // No error of PostgreSQL's own, in any case.
    match told.as_slice() {
        [] => client.batch_execute("SELECT bat_setup()").unwrap(),
        _ => assert_eq!(client.error("SELECT bat_setup()").sqlstate, "55000", "{sql}"),
    }
    client.batch_execute("ROLLBACK").unwrap();
    told
}

#[test]
fn tables_that_an_import_cannot_write_to_are_told_with_what_helps() {
    const VEHICLES: &str =
        "CREATE TABLE vehicles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text)";
    let server = Server::start("");
    let mut client = server.client();
    let rule = |event: &str| {
        format!("{VEHICLES}; CREATE RULE mine AS ON {event} TO vehicles DO ALSO NOTIFY changed")
    };
    let told_rule = "vehicles has the rule mine, and INSERT … ON CONFLICT allows none: make a trigger of it, and DROP RULE mine ON vehicles";
    for (sql, line) in [
        (
            "CREATE TABLE cars (id uuid DEFAULT gen_random_uuid(), year integer) PARTITION BY LIST (year);
             CREATE TABLE vehicles PARTITION OF cars FOR VALUES IN (1990)"
                .to_owned(),
            "vehicles is a partition of public.cars, and takes only rows of its bounds: ALTER TABLE public.cars DETACH PARTITION vehicles",
        ),
        (
            "CREATE TYPE car AS (id uuid, title text);
             CREATE TABLE vehicles OF car (id DEFAULT gen_random_uuid(), PRIMARY KEY (id))"
                .to_owned(),
            "vehicles is a typed table, to which no column can be added: ALTER TABLE vehicles NOT OF",
        ),
        (rule("INSERT"), told_rule),
        (rule("UPDATE"), told_rule),
        (format!("{}; ALTER TABLE vehicles DISABLE RULE mine", rule("UPDATE")), told_rule),
    ] {
        assert_eq!(told(&mut client, &sql), [line]);
        let before = if line == told_rule { ", and DROP" } else { ": ALTER" };
        let remedy = &line[line.rfind(before).unwrap()..]
            .trim_start_matches([',', ':', ' '])
            .trim_start_matches("and ");
        assert_eq!(told(&mut client, &format!("{sql}; {remedy}")), Vec::<String>::new());
    }
}

#[test]
fn a_partitioned_table_is_adopted_if_its_unique_indexes_can_be_made() {
    let server = Server::start("");
    let mut client = server.client();
    for (key, what) in [("id", "id"), ("lower(title)", "an expression")] {
        let told = told(
            &mut client,
            &format!(
                "CREATE TABLE vehicles (id uuid DEFAULT gen_random_uuid(), title text) PARTITION BY LIST ({key});
                 CREATE TABLE all_vehicles PARTITION OF vehicles DEFAULT"
            ),
        );
        let line = format!(
            "vehicles is partitioned by ({what}), and needs a unique index on (bat_auction_url), which would have to contain that: put a table in its place that is not"
        );
        assert_eq!(told[0], line);
    }
    let listings = "CREATE TABLE bat_listings (url text PRIMARY KEY) PARTITION BY HASH (url);
        CREATE TABLE all_listings PARTITION OF bat_listings FOR VALUES WITH (MODULUS 1, REMAINDER 0)";
    assert_eq!(told(&mut client, listings), Vec::<String>::new());
}

#[test]
fn what_is_no_table_is_told_with_what_it_is_and_breaks_no_view() {
    let server = Server::start("");
    let mut client = server.client();
    for (sql, what, word) in [
        ("CREATE VIEW vehicles AS SELECT 1 AS a", "a view", "VIEW"),
        ("CREATE MATERIALIZED VIEW vehicles AS SELECT 1 AS a", "a materialized view", "MATERIALIZED VIEW"),
        ("CREATE SEQUENCE vehicles", "a sequence", "SEQUENCE"),
        ("CREATE TABLE cars (a integer); CREATE INDEX vehicles ON cars (a)", "an index", "INDEX"),
        ("CREATE TYPE vehicles AS (a integer)", "a type", "TYPE"),
        ("CREATE DOMAIN vehicles AS text", "a type", "TYPE"),
        ("CREATE TYPE vehicles AS ENUM ('car')", "a type", "TYPE"),
        (
            "CREATE FOREIGN DATA WRAPPER mine; CREATE SERVER mine FOREIGN DATA WRAPPER mine;
             CREATE FOREIGN TABLE vehicles (a integer) SERVER mine",
            "a foreign table",
            "FOREIGN TABLE",
        ),
    ] {
        let line = format!("vehicles is no table but {what}: ALTER {word} vehicles RENAME TO another_name");
        assert_eq!(told(&mut client, sql), [line.as_str()]);
        let (_, remedy) = line.split_once(": ").unwrap();
        assert_eq!(told(&mut client, &format!("{sql}; {remedy}")), Vec::<String>::new());
        if word != "FOREIGN TABLE" {
            client.batch_execute(&format!("BEGIN; {sql}")).unwrap();
            assert_eq!(client.text("SELECT health FROM bat_status"), "standing still", "{sql}");
            client.batch_execute("ROLLBACK").unwrap();
        }
    }
    // Of a type that a table brings along, and of an array's, PostgreSQL makes way.
    assert_eq!(told(&mut client, "CREATE TABLE vehicle (a integer)"), Vec::<String>::new());
}

#[test]
fn unique_indexes_that_forbid_what_an_import_stores_are_told() {
    let server = Server::start("");
    let mut client = server.client();
    let line = |columns: &str, remedy: &str| {
        format!(
            "bat_listings has a unique index on ({columns}), but a vehicle may be offered several times, by one seller too: {remedy}"
        )
    };
    for (sql, line) in [
        (
            "CREATE TABLE bat_listings (url text PRIMARY KEY, vehicle_id uuid CONSTRAINT once UNIQUE)",
            line("vehicle_id", "ALTER TABLE bat_listings DROP CONSTRAINT once"),
        ),
        (
            "CREATE TABLE bat_listings (url text PRIMARY KEY, vehicle_id uuid, organization_id uuid);
             CREATE UNIQUE INDEX \"Once\" ON bat_listings (vehicle_id, organization_id)",
            line("organization_id, vehicle_id", "DROP INDEX \"Once\""),
        ),
        (
            "CREATE TABLE organization_vehicles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                 organization_id uuid, vehicle_id uuid CONSTRAINT once UNIQUE DEFERRABLE)",
            "organization_vehicles has a unique index on (vehicle_id), but an organization may have to do with a vehicle in several ways: ALTER TABLE organization_vehicles DROP CONSTRAINT once".to_owned(),
        ),
    ] {
        assert_eq!(told(&mut client, sql), [line.as_str()]);
        let (_, remedy) = line.split_once(": ").unwrap();
        assert_eq!(told(&mut client, &format!("{sql}; {remedy}")), Vec::<String>::new());
    }
    // One for some rows, one with the URL in it.
    for index in ["(vehicle_id) WHERE status = 'live'", "(vehicle_id, url)"] {
        let sql = format!(
            "CREATE TABLE bat_listings (url text PRIMARY KEY, vehicle_id uuid, status text);
             CREATE UNIQUE INDEX ON bat_listings {index}"
        );
        assert_eq!(told(&mut client, &sql), Vec::<String>::new());
    }
}

//! Dump, restore, drop and create again.

use crate::programs::succeed;
use crate::server::Session;
use crate::site::Site;

const COUNTS: &str = "
    SELECT format('%s %s %s %s %s %s',
        (SELECT count(*) FROM businesses), (SELECT count(*) FROM bat_listings), (SELECT count(*) FROM vehicles),
        (SELECT count(*) FROM bat_runs), (SELECT count(*) FROM bat_tasks),
        (SELECT md5(string_agg(c::text, ' ' ORDER BY c.run_id, c.kind, c.field)) FROM bat_coverage AS c))";

#[test]
fn a_dump_carries_tables_tasks_and_runs() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(skip_enrich => true, listing_limit => 2)").unwrap();
    client
        .batch_execute("SELECT bat_enqueue('listing', '/listing/later/', now() + interval '1 day')")
        .unwrap();
    assert!(client.number("SELECT count(*) FROM bat_coverage") > 0);
    let before = client.text(COUNTS);
    let file = server.data().join("dump");
    succeed(server.tool("pg_dump", "postgres").args(["-Fc", "-f"]).arg(&file));
    client.batch_execute("CREATE DATABASE restored TEMPLATE template0").unwrap();
    succeed(server.tool("pg_restore", "restored").arg("--exit-on-error").arg(&file));
    let mut restored = server.session("postgres", "restored");
    assert_eq!(restored.text(COUNTS), before);
    // The sequences go on where they were.
    assert!(
        restored.number("SELECT bat_enqueue('listing', '/listing/another/')")
            > restored.number("SELECT min(id) FROM bat_tasks")
    );
    assert_eq!(restored.text("SELECT status FROM bat_index_partners()"), "done");
    assert_eq!(restored.text("SELECT unchanged > 0 AND inserted = 0 FROM bat_index_partners()"), "t");
}

/// The extension's own tables and sequences, with what is in them.
fn contents(client: &mut Session) -> Vec<String> {
    let queries = client.column(
        "SELECT format(
             CASE c.relkind
                 WHEN 'S' THEN 'SELECT concat_ws('' '', %1$L, last_value, is_called) FROM %1$s'
                 ELSE 'SELECT concat_ws('' '', %1$L, count(*), md5(string_agg(t::text, '' '' ORDER BY t::text COLLATE \"C\"))) FROM %1$s AS t'
             END,
             c.oid::regclass
         )
         FROM pg_depend AS d
         JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
         JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
         WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'S')
         ORDER BY c.relname",
    );
    queries.iter().map(|query| client.text(query)).collect()
}

#[test]
fn a_dump_carries_every_row_and_number_of_the_extension_s_own_tables() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client.batch_execute("CALL bat_sweep(max_pages => 1)").unwrap();
    client.batch_execute("SELECT bat_enqueue('directory', run_after => 'tomorrow')").unwrap();
    // Emptied when a window of the history is read to its end; and the partners of this site have no inventory.
    client
        .batch_execute(
            "INSERT INTO bat_catalogue_shown VALUES ('history', 1);
             INSERT INTO bat_crawls (dealer_id, run_mode) SELECT id, 'current' FROM businesses LIMIT 3",
        )
        .unwrap();
    let before = contents(&mut client);
    assert!(before.len() >= 12, "{before:?}");
    for line in &before {
        assert!(line.split(' ').nth(1) != Some("0") && !line.ends_with(" f"), "{line}: empty");
    }
    let file = server.data().join("dump");
    succeed(server.tool("pg_dump", "postgres").args(["-Fc", "-f"]).arg(&file));
    client.batch_execute("CREATE DATABASE restored TEMPLATE template0").unwrap();
    succeed(server.tool("pg_restore", "restored").arg("--exit-on-error").arg(&file));
    assert_eq!(contents(&mut server.session("postgres", "restored")), before);
}

#[test]
fn the_tables_outlive_the_extension_and_are_adopted_again() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let before = client.text("SELECT count(*) FROM businesses");
    client.batch_execute("DROP EXTENSION bat_partners").unwrap();
    assert_eq!(client.text("SELECT count(*) FROM businesses"), before);
    client.batch_execute("CREATE EXTENSION bat_partners").unwrap();
    assert_eq!(client.text("SELECT inserted = 0 AND unchanged > 0 FROM bat_index_partners()"), "t");
    assert_eq!(client.text("SELECT count(*) FROM businesses"), before);
}

//! Dump, restore, drop and create again.

use crate::server::succeed;
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

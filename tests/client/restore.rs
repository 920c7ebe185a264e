//! A dump that is restored elsewhere is the same database: rows, queue, sequences, settings. The work goes on in it.

use std::process::Command;
use std::thread;

use serde_json::json;

use crate::fidelity;
use crate::programs::{BIN, succeed};
use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::whole_rows::{all_tables, assert_equal, rows};

/// A program of the server, for a role and a database.
fn tool(server: &Server, name: &str, role: &str, database: &str) -> Command {
    let mut tool = server.tool(name, database);
    tool.args(["-U", role]);
    tool
}

/// Fills a database: a part of the listings, a queue with tasks that are due, dead and running, and a worker that hangs at a
/// page.
fn half_done(site: &Site, server: &Server, role: &str, database: &str) {
    let mut client = server.session(role, database);
    client.batch_execute("SELECT bat_index_partners(); SET bat_partners.keep_threads = on").unwrap();
    let urls = site.partner_urls();
    client.client.execute("SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u", &[&urls]).unwrap();
    client.batch_execute("CALL bat_work(60, NULL, 15)").unwrap();
    client
        .batch_execute("SELECT bat_enqueue('listing', '/listing/never-there/', now() - interval '1 day')")
        .unwrap();
    client.batch_execute("CALL bat_work(60, NULL, 1)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE state = 'dead'"), 1);
    let next = client
        .text("SELECT key FROM bat_tasks WHERE state = 'ready' ORDER BY priority, run_after, id LIMIT 1");
    site.fault(path(&next), json!({ "kind": "slow", "seconds": 120 }), Some(1));
    let mut worker = server.session(role, database);
    thread::spawn(move || worker.client.batch_execute("CALL bat_work(60)"));
    site.await_requests(path(&next), 1);
    client.wait_until("SELECT count(*) > 0 FROM bat_tasks WHERE state = 'running'");
}

/// Works off the queue of a restored database and compares the rows with the site. The worker of the original hangs still.
fn assert_the_work_goes_on(site: &Site, restored: &mut Session) {
    // Numbers of rows that are made now are above those of the rows that came along.
    for (table, make) in [
        ("bat_tasks", "SELECT bat_enqueue('member', 'somebody', now() + interval '1 day')"),
        ("bat_runs", "SELECT bat_index_partners()"),
        ("bat_fetches", "SELECT bat_index_partners()"),
    ] {
        let highest = restored.number(&format!("SELECT max(id) FROM {table}"));
        restored.batch_execute(make).unwrap();
        assert!(restored.number(&format!("SELECT max(id) FROM {table}")) > highest, "{table}");
    }
    assert_eq!(restored.text("SELECT concat_ws(' ', inserted, updated) FROM bat_setup()"), "0 0");
    assert_eq!(restored.text("SELECT inserted = 0 AND updated = 0 FROM bat_index_partners()"), "t");
    restored.batch_execute("CALL bat_work(120)").unwrap();
    assert_eq!(
        restored.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""),
        site.partner_urls()
    );
    let (compared, found) = fidelity::compare(site, restored);
    assert_eq!((compared, found), (site.partner_urls().len(), Vec::new()));
    // The run that hangs in the original is lost here; its task was done.
    assert_eq!(restored.number("SELECT count(*) FROM bat_runs WHERE status = 'running'"), 0);
    assert_eq!(
        restored.column("SELECT key FROM bat_tasks WHERE state <> 'ready' OR run_after <= now()"),
        ["https://bringatrailer.com/listing/never-there/"]
    );
    assert!(restored.number("SELECT count(*) FROM bat_bids") > 0);
    assert_eq!(restored.number("SELECT count(*) FROM bat_pages WHERE bat_page(url) IS NULL"), 0);
}

#[test]
fn a_superusers_dump_brings_the_database_with_its_settings_to_another_server() {
    let site = Site::small();
    let server = Server::start("");
    let mut client = server.client();
    client.batch_execute("CREATE DATABASE mine").unwrap();
    client.batch_execute("CREATE ROLE crawler LOGIN").unwrap();
    for setting in site.settings().lines() {
        let setting = setting.replace(" = ", " TO ");
        client.batch_execute(&format!("ALTER DATABASE mine SET {setting}")).unwrap();
    }
    client.batch_execute("ALTER ROLE crawler IN DATABASE mine SET bat_partners.max_attempts TO 7").unwrap();
    let mut mine = server.session("postgres", "mine");
    mine.batch_execute("CREATE EXTENSION bat_partners").unwrap();
    half_done(&site, &server, "postgres", "mine");
    let tables = all_tables(&mut mine);
    let before = rows(&mut mine, &tables);
    let file = server.data().join("dump");
    succeed(tool(&server, "pg_dump", "postgres", "mine").args(["-Fc", "--create", "-f"]).arg(&file));

    let other = Server::start_program(BIN.join("postgres"), "");
    // Roles belong to the whole server: pg_dumpall --globals-only.
    other.client().batch_execute("CREATE ROLE crawler LOGIN").unwrap();
    succeed(
        tool(&other, "pg_restore", "postgres", "postgres").args(["--exit-on-error", "--create"]).arg(&file),
    );
    let mut restored = other.session("postgres", "mine");
    assert_equal(&rows(&mut restored, &tables), &before);
    assert_eq!(restored.text("SHOW bat_partners.base_url"), site.url());
    assert_eq!(other.session("crawler", "mine").text("SHOW bat_partners.max_attempts"), "7");
    assert_the_work_goes_on(&site, &mut restored);
}

#[test]
fn an_owner_dumps_and_restores_without_a_superuser_but_for_the_extension() {
    an_owner_dumps_and_restores(
        "public",
        "CREATE EXTENSION bat_partners; SELECT bat_grant('owner', 'operator')",
        &[],
    );
}

#[test]
fn so_he_does_where_the_extension_has_a_schema_of_its_own() {
    let documentation = include_str!("../../docs/operations.md");
    let extension = "CREATE SCHEMA bat AUTHORIZATION owner; CREATE EXTENSION bat_partners SCHEMA bat; SELECT bat.bat_grant('owner', 'operator');";
    assert!(documentation.contains(extension) && documentation.contains("--no-comments -n bat -d new"));
    an_owner_dumps_and_restores("bat", extension, &["-n", "bat"]);
}

/// `extension`: what a superuser does in a new database.
fn an_owner_dumps_and_restores(schema: &str, extension: &str, further: &[&str]) {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CREATE ROLE owner LOGIN").unwrap();
    client.batch_execute(&format!("ALTER ROLE owner SET search_path = {schema}")).unwrap();
    let prepare = |name: &str| {
        server
            .client()
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 OWNER owner"))
            .unwrap();
        let mut client = server.session("postgres", name);
        client.batch_execute(extension).unwrap();
    };
    prepare("mine");
    half_done(&site, &server, "owner", "mine");
    let mut mine = server.session("owner", "mine");
    let tables = all_tables(&mut mine);
    let before = rows(&mut mine, &tables);
    let file = server.data().join("dump");
    succeed(tool(&server, "pg_dump", "owner", "mine").args(["-Fc", "-f"]).arg(&file));

    prepare("restored");
    let how = ["--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"];
    succeed(tool(&server, "pg_restore", "owner", "restored").args(how).args(further).arg(&file));
    let mut restored = server.session("owner", "restored");
    assert_equal(&rows(&mut restored, &tables), &before);
    assert_eq!(
        restored.column("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE '%vehicles'"),
        ["owner"]
    );
    assert_the_work_goes_on(&site, &mut restored);
}

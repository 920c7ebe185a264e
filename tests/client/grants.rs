//! `bat_grant` and `bat_revoke`: what PUBLIC, readers and operators may do.

use crate::programs::succeed;
use crate::server::{Server, Session};
use crate::site::Site;

/// What everybody may call: functions of their arguments alone.
const PURE: [&str; 10] = [
    "bat_geographic_key",
    "bat_is_cliff",
    "bat_listing_url",
    "bat_parse_catalogue",
    "bat_parse_inventory",
    "bat_parse_listing",
    "bat_parse_member",
    "bat_parse_partners",
    "bat_parse_thread",
    "bat_parse_website",
];

/// All members of the extension, and the tables that are the user's, with their privileges as they are in force. Of a kind
/// of object that is not known here there is no `acl`.
const OBJECTS: &str = "
    WITH member AS (
        SELECT d.classid, d.objid
        FROM pg_depend AS d
        JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
        WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
            AND NOT EXISTS (
                -- PostgreSQL 18 counts the types of arrays and of tables' rows as members, too.
                SELECT
                FROM pg_type AS t
                LEFT JOIN pg_class AS c ON c.oid = t.typrelid
                WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND (t.typelem <> 0 OR c.relkind <> 'c')
            )
    ),
    all_of_them AS (
        SELECT * FROM member
        UNION ALL
        SELECT 'pg_class'::regclass, c.oid
        FROM pg_class AS c
        JOIN pg_extension AS e ON e.extname = 'bat_partners' AND e.extnamespace = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.oid NOT IN (SELECT objid FROM member)
    ),
    object AS (
        SELECT
            o.classid,
            o.objid,
            COALESCE(f.proname, pg_describe_object(o.classid, o.objid, 0)) AS name,
            COALESCE(f.proowner, c.relowner, t.typowner) AS owner,
            f.provolatile,
            c.relkind,
            CASE
                WHEN f.oid IS NOT NULL THEN COALESCE(f.proacl, acldefault('f', f.proowner))
                WHEN c.relkind = 'S' THEN COALESCE(c.relacl, acldefault('s', c.relowner))
                WHEN c.oid IS NOT NULL THEN COALESCE(c.relacl, acldefault('r', c.relowner))
                WHEN t.oid IS NOT NULL THEN COALESCE(t.typacl, acldefault('T', t.typowner))
            END AS acl
        FROM all_of_them AS o
        LEFT JOIN pg_proc AS f ON o.classid = 'pg_proc'::regclass AND f.oid = o.objid
        LEFT JOIN pg_class AS c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid
        LEFT JOIN pg_type AS t ON o.classid = 'pg_type'::regclass AND t.oid = o.objid
    )";

/// Who has which privilege on what, the schema included.
fn privileges(client: &mut Session) -> Vec<String> {
    client.column(&format!(
        "{OBJECTS}
         SELECT concat_ws(' ', pg_describe_object(o.classid, o.objid, 0), a.grantee::regrole, a.privilege_type)
         FROM object AS o, aclexplode(o.acl) AS a
         UNION ALL
         SELECT concat_ws(' ', 'schema', a.grantee::regrole, a.privilege_type)
         FROM pg_extension AS e
         JOIN pg_namespace AS n ON n.oid = e.extnamespace,
         aclexplode(COALESCE(n.nspacl, acldefault('n', n.nspowner))) AS a
         WHERE e.extname = 'bat_partners'
         ORDER BY 1"
    ))
}

/// A database of a role that is no superuser, with the extension of a superuser, a worker and a reader.
fn database_of_app(server: &Server) {
    server
        .client()
        .batch_execute("CREATE ROLE app LOGIN; CREATE ROLE worker LOGIN; CREATE ROLE analyst LOGIN")
        .unwrap();
    server.client().batch_execute("CREATE DATABASE app OWNER app").unwrap();
    server
        .session("postgres", "app")
        .batch_execute(
            "CREATE EXTENSION bat_partners;
             SELECT bat_grant('app', 'operator');
             SELECT bat_grant('worker', 'operator');
             SELECT bat_grant('analyst')",
        )
        .unwrap();
}

#[test]
fn nothing_is_open_to_public_but_the_pure_parsers() {
    let server = Server::start("");
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let open = client.column(&format!(
        "{OBJECTS}
         SELECT o.name
         FROM object AS o
         WHERE o.acl IS NULL OR EXISTS (SELECT FROM aclexplode(o.acl) AS a WHERE a.grantee = 0)
         ORDER BY o.name COLLATE \"C\""
    ));
    assert_eq!(open, PURE);
    let immutable = client.column(&format!(
        "{OBJECTS} SELECT o.name FROM object AS o WHERE o.provolatile = 'i' ORDER BY o.name COLLATE \"C\""
    ));
    assert_eq!(immutable, PURE, "what is immutable is open to everybody: is it pure?");
    assert_eq!(
        client.number("SELECT count(*) FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384"),
        0
    );
}

#[test]
fn nobody_gets_more_rights_by_calling_a_function() {
    let server = Server::start("");
    let mut client = server.client();
    assert_eq!(
        client.column(&format!(
            "{OBJECTS} SELECT o.name FROM object AS o JOIN pg_proc AS f ON f.oid = o.objid WHERE f.prosecdef"
        )),
        Vec::<String>::new()
    );
}

#[test]
fn a_reader_sees_everything_and_changes_nothing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CREATE ROLE reader LOGIN; SELECT bat_grant('reader')").unwrap();
    client.batch_execute("CALL bat_ingest(skip_enrich => true, listing_limit => 1)").unwrap();
    let relations = client.column(&format!(
        "{OBJECTS} SELECT o.objid::regclass FROM object AS o WHERE o.relkind IN ('r', 'p', 'v')"
    ));
    let mut reader = server.session("reader", "postgres");
    assert!(relations.len() > 20, "{relations:?}");
    for relation in &relations {
        reader.column(&format!("SELECT * FROM {relation} LIMIT 3"));
        for privilege in ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"] {
            let may = reader.text(&format!("SELECT has_table_privilege('{relation}', '{privilege}')"));
            assert_eq!(may, "f", "{privilege} on {relation}");
        }
    }
    assert!(reader.number("SELECT partners FROM bat_status") > 0);
    let url = client.text("SELECT url FROM bat_pages WHERE kind = 'listing' LIMIT 1");
    assert!(reader.text(&format!("SELECT bat_page('{url}')")).contains("<html"));
    let changing = client.column(&format!(
        "{OBJECTS} SELECT o.objid::regprocedure FROM object AS o WHERE o.provolatile = 'v'"
    ));
    assert!(changing.len() > 20, "{changing:?}");
    for routine in &changing {
        assert_eq!(
            reader.text(&format!("SELECT has_function_privilege('{routine}', 'EXECUTE')")),
            "f",
            "{routine}"
        );
    }
    client.batch_execute("GRANT TEMPORARY ON DATABASE postgres TO reader").unwrap();
    reader.batch_execute("CREATE TEMPORARY TABLE kept AS SELECT bat_report() AS page").unwrap();
    let before = site.requests("/").len();
    for call in ["SELECT bat_index_partners()", "CALL bat_work()", "SELECT bat_enqueue('directory')"] {
        assert_eq!(reader.error(call).sqlstate, "42501", "{call}");
    }
    assert_eq!(site.requests("/").len(), before);
}

#[test]
fn an_operator_runs_every_job_on_tables_of_another() {
    let site = Site::small();
    let server = site.server();
    database_of_app(&server);
    let mut app = server.session("app", "app");
    assert_eq!(app.text("SELECT inserted > 5 FROM bat_setup()"), "t");
    assert_eq!(
        app.column("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE '%vehicle%'"),
        ["app"]
    );
    let url = site.listing("sold");
    let mut worker = server.session("worker", "app");
    for call in [
        "SELECT bat_setup()",
        "SELECT bat_index_partners()",
        &format!("SELECT bat_import_listing('{url}')"),
        "SELECT bat_import_partner_vehicles(id, listing_limit => 1) FROM businesses LIMIT 2",
        "SELECT bat_enrich_org(id) FROM businesses WHERE website IS NOT NULL LIMIT 1",
        "SELECT bat_sync_inventory(id) FROM businesses WHERE website IS NOT NULL LIMIT 1",
        "CALL bat_ingest(listing_limit => 1)",
        "CALL bat_sweep(max_pages => 1)",
        "SELECT bat_enqueue('directory')",
        "CALL bat_work(5)",
        "UPDATE bat_pages SET parser_version = 0",
        "CALL bat_reparse()",
        "SELECT bat_retry()",
        "SELECT bat_pause('host.example')",
        "SELECT bat_resume('host.example')",
        "SELECT bat_enqueue_due('listing')",
        "SELECT bat_catch_up()",
        "SELECT bat_clean_up()",
        "DELETE FROM bat_tasks",
    ] {
        worker.batch_execute(call).unwrap_or_else(|error| panic!("{call}: {error:?}"));
    }
    assert!(worker.number("SELECT count(*) FROM vehicles") > 0);
    assert_eq!(worker.column("SELECT DISTINCT started_by FROM bat_runs"), ["worker"]);
    for statement in [
        "SELECT bat_grant('worker', 'operator')",
        "SELECT bat_revoke('analyst')",
        "SELECT bat_distribute()",
        "DROP TABLE businesses",
        "ALTER TABLE businesses ADD COLUMN mine text",
        "TRUNCATE bat_tasks",
        "CREATE TRIGGER mine BEFORE INSERT ON bat_tasks EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE TABLE mine ()",
        "SET bat_partners.base_url = 'http://127.0.0.1'",
    ] {
        assert_eq!(worker.error(statement).sqlstate, "42501", "{statement}");
    }
    assert!(server.session("analyst", "app").number("SELECT count(*) FROM vehicles") > 0);
}

#[test]
fn tables_that_are_made_later_are_covered() {
    let server = Server::start("");
    database_of_app(&server);
    let mut app = server.session("app", "app");
    app.batch_execute("SELECT bat_setup()").unwrap();
    let covered = privileges(&mut app);
    assert!(covered.contains(&"table vehicle_images analyst SELECT".to_owned()), "{covered:?}");
    app.batch_execute("DROP TABLE vehicle_images; DROP TABLE businesses").unwrap();
    // A job makes them as well as bat_setup; an adopted table may number its rows.
    app.batch_execute("CREATE TABLE businesses (number serial)").unwrap();
    app.batch_execute("SELECT bat_enqueue('directory'); SELECT bat_setup()").unwrap();
    let mut again = privileges(&mut app);
    let is_of_sequence = |line: &&String| line.contains("businesses_number_seq");
    let of_sequence: Vec<&str> =
        again.iter().filter(is_of_sequence).filter_map(|line| line.splitn(3, ' ').nth(2)).collect();
    for privilege in ["analyst SELECT", "worker SELECT", "worker UPDATE", "worker USAGE"] {
        assert!(of_sequence.contains(&privilege), "{privilege}: {of_sequence:?}");
    }
    assert_eq!(of_sequence.iter().filter(|line| line.starts_with("analyst")).count(), 1, "{of_sequence:?}");
    again.retain(|line| !is_of_sequence(&line));
    assert_eq!(again, covered);
}

#[test]
fn both_are_idempotent_and_one_takes_what_the_other_gave() {
    let server = Server::start("");
    let mut client = server.client();
    client.batch_execute("DROP EXTENSION bat_partners; CREATE SCHEMA \"My crawl\"").unwrap();
    client
        .batch_execute("CREATE EXTENSION bat_partners SCHEMA \"My crawl\"; SET search_path = \"My crawl\"")
        .unwrap();
    client.batch_execute("SELECT bat_setup(); CREATE ROLE \"x\"\"; DROP TABLE vehicles; --\" LOGIN").unwrap();
    let role = "'x\"; DROP TABLE vehicles; --'";
    let before = privileges(&mut client);
    let mut run = |call: &str| {
        let statements = client.column(&format!("SELECT {call}"));
        (statements.len(), privileges(&mut client))
    };
    let (count, reader) = run(&format!("bat_grant({role})"));
    assert!(count > 30 && reader.len() > before.len(), "{count}");
    assert_eq!(run(&format!("bat_grant({role}, 'reader')")).1, reader);
    let (_, operator) = run(&format!("bat_grant({role}, 'operator')"));
    assert!(operator.len() > reader.len());
    assert_eq!(run(&format!("bat_grant({role}, 'operator')")).1, operator);
    assert_eq!(run(&format!("bat_revoke({role}, 'operator')")).1, reader);
    assert_eq!(run(&format!("bat_revoke({role}, 'operator')")).1, reader);
    assert_eq!(run(&format!("bat_grant({role}, 'operator')")).1, operator);
    assert_eq!(run(&format!("bat_revoke({role})")).1, before);
    assert_eq!(run(&format!("bat_revoke({role})")).1, before);
    client.batch_execute("DROP ROLE \"x\"\"; DROP TABLE vehicles; --\"").unwrap();
}

#[test]
fn a_dump_carries_what_was_granted() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE ROLE reader LOGIN; CREATE ROLE worker LOGIN; CREATE ROLE nobody LOGIN; SELECT bat_setup();
             SELECT bat_grant('reader'); SELECT bat_grant('worker', 'operator')",
        )
        .unwrap();
    let before = privileges(&mut client);
    let file = server.data().join("dump");
    succeed(server.tool("pg_dump", "postgres").args(["-Fc", "-f"]).arg(&file));
    client.batch_execute("CREATE DATABASE restored TEMPLATE template0").unwrap();
    succeed(server.tool("pg_restore", "restored").arg("--exit-on-error").arg(&file));
    assert_eq!(privileges(&mut server.session("postgres", "restored")), before);
    assert_eq!(server.session("reader", "restored").number("SELECT partners FROM bat_status"), 0);
    server.session("worker", "restored").batch_execute("SELECT bat_index_partners()").unwrap();
    let mut nobody = server.session("nobody", "restored");
    assert_eq!(nobody.error("SELECT * FROM bat_status").sqlstate, "42501");
}

//! Objects of the same names: in front of the search path, in the session's temporary schema, and in the schema that the
//! extension is to go into.

use crate::server::{Server, Session};
use crate::site::Site;

/// Makes a schema full of traps: every routine, relation and type of the extension, every table of the user, every
/// function of pg_catalog that takes or gives nothing but common types, and operators. What is called, raises.
fn lay_traps(client: &mut Session, schema: &str) {
    client
        .batch_execute(&format!(
            "CREATE SCHEMA {schema};
             CREATE DOMAIN {schema}.text AS pg_catalog.text CHECK (false);
             CREATE DOMAIN {schema}.uuid AS pg_catalog.uuid CHECK (false);
             CREATE DOMAIN {schema}.jsonb AS pg_catalog.jsonb CHECK (false);
             CREATE DOMAIN {schema}.timestamptz AS pg_catalog.timestamptz CHECK (false);
             CREATE DOMAIN {schema}.regclass AS pg_catalog.regclass CHECK (false);
             DO $do$
             DECLARE
                 made int := 0;
                 trap record;
             BEGIN
                 FOR trap IN
                     SELECT pg_catalog.format(
                         'CREATE %s {schema}.%I(%s) %s LANGUAGE plpgsql AS ''BEGIN RAISE EXCEPTION ''''hijacked''''; END''',
                         CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                         p.proname,
                         pg_catalog.pg_get_function_arguments(p.oid),
                         CASE p.prokind WHEN 'p' THEN '' ELSE 'RETURNS ' || pg_catalog.pg_get_function_result(p.oid) END
                     ) AS statement
                     FROM pg_catalog.pg_proc AS p
                     WHERE p.proname LIKE 'bat\\_%'
                         OR p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
                             AND p.proname IN (
                                 'concat', 'format', 'count', 'now', 'clock_timestamp', 'lower', 'jsonb_build_object',
                                 'quote_ident', 'quote_literal', 'make_interval', 'to_regclass', 'gen_random_uuid',
                                 'current_database', 'has_schema_privilege', 'pg_has_role', 'starts_with', 'hashtextextended',
                                 'jsonb_array_elements_text', 'encode', 'pg_is_in_recovery', 'split_part', 'round', 'left'
                             )
                             AND p.prokind = 'f'
                 LOOP
                     BEGIN
                         EXECUTE trap.statement;
                         made := made + 1;
                     EXCEPTION WHEN OTHERS THEN
                         NULL;
                     END;
                 END LOOP;
                 IF made < 60 THEN
                     RAISE EXCEPTION 'only % traps', made;
                 END IF;
                 FOR trap IN
                     SELECT c.relname FROM pg_catalog.pg_class AS c
                     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind IN ('r', 'v', 'p')
                 LOOP
                     EXECUTE pg_catalog.format('CREATE TABLE {schema}.%I (hijacked int)', trap.relname);
                 END LOOP;
             END
             $do$;"
        ))
        .unwrap();
    for (number, (operator, left, right, result)) in [
        ("=", "text", "text", "bool"),
        ("=", "text", "name", "bool"),
        ("=", "name", "text", "bool"),
        ("=", "oid", "oid", "bool"),
        ("=", "uuid", "uuid", "bool"),
        ("=", "int8", "int8", "bool"),
        ("=", "numeric", "int4", "bool"),
        ("<>", "text", "text", "bool"),
        (">", "int4", "int4", "bool"),
        ("<", "timestamptz", "timestamptz", "bool"),
        ("<=", "timestamptz", "timestamptz", "bool"),
        ("+", "int4", "int4", "int4"),
        ("+", "timestamptz", "interval", "timestamptz"),
        ("-", "timestamptz", "interval", "timestamptz"),
        ("||", "text", "text", "text"),
        ("||", "jsonb", "jsonb", "jsonb"),
        ("->", "jsonb", "text", "jsonb"),
        ("->>", "jsonb", "text", "text"),
        ("?", "jsonb", "text", "bool"),
        ("~~", "text", "text", "bool"),
    ]
    .into_iter()
    .enumerate()
    {
        client
            .batch_execute(&format!(
                "CREATE FUNCTION {schema}.trap_{number}(pg_catalog.{left}, pg_catalog.{right}) RETURNS pg_catalog.{result}
                     LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hijacked''; END';
                 CREATE OPERATOR {schema}.{operator} (
                     LEFTARG = pg_catalog.{left}, RIGHTARG = pg_catalog.{right}, FUNCTION = {schema}.trap_{number}
                 )"
            ))
            .unwrap_or_else(|error| panic!("{operator} {left} {right}: {error:?}"));
    }
}

/// Calls everything, by qualified names.
fn call_everything(client: &mut Session, listing: &str) {
    for call in [
        "SELECT public.bat_setup()",
        "SELECT public.bat_index_partners()",
        &format!("SELECT public.bat_import_listing('{listing}')"),
        "SELECT public.bat_import_partner_vehicles(id, listing_limit => 1) FROM public.businesses LIMIT 1",
        "SELECT public.bat_enqueue('directory')",
        "CALL public.bat_ingest(skip_enrich => true, listing_limit => 1)",
        "CALL public.bat_sweep(max_pages => 1)",
        "CALL public.bat_work(5)",
        "UPDATE public.bat_pages SET parser_version = 0",
        "CALL public.bat_reparse()",
        "SELECT public.bat_retry()",
        "SELECT public.bat_pause('x')",
        "SELECT public.bat_resume('x')",
        "SELECT public.bat_enqueue_due('listing')",
        "SELECT public.bat_catch_up()",
        "SELECT public.bat_clean_up()",
        "SELECT public.bat_scheduled()",
        "SELECT public.bat_schedule_statements()",
        "SELECT public.bat_distribute_statements()",
        "SELECT public.bat_obstacles()",
        "SELECT public.bat_grant('guest', 'operator')",
        "SELECT public.bat_revoke('guest')",
        "SELECT * FROM public.bat_status",
        "SELECT * FROM public.bat_progress",
        "SELECT * FROM public.bat_problems",
        "SELECT * FROM public.bat_field_coverage",
        "SELECT * FROM public.bat_vehicle_history",
    ] {
        client.batch_execute(call).unwrap_or_else(|error| panic!("{call}: {error:?}"));
    }
    // Also what other functions call, under search paths of their own.
    let looks = client.column(
        "SELECT pg_catalog.format('SELECT public.%I()', p.proname)
         FROM pg_catalog.pg_proc AS p
         WHERE p.pronamespace OPERATOR(pg_catalog.=) 'public'::pg_catalog.regnamespace::pg_catalog.oid
             AND pg_catalog.starts_with(p.proname::pg_catalog.text, 'bat_')
             AND p.provolatile OPERATOR(pg_catalog.=) 's'::\"char\"
             AND p.pronargs OPERATOR(pg_catalog.=) 0::pg_catalog.int2",
    );
    assert!(looks.iter().any(|look| look.contains("bat_privileges")), "{looks:?}");
    // Some are there to raise.
    for look in looks.iter().filter(|look| !look.contains("bat_raise_") && !look.contains("bat_require_")) {
        client.batch_execute(look).unwrap_or_else(|error| panic!("{look}: {error:?}"));
    }
}

#[test]
fn objects_in_front_of_the_search_path_are_never_used() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); CREATE ROLE guest").unwrap();
    lay_traps(&mut client, "evil");
    client.batch_execute("SET search_path = evil, pg_catalog, public").unwrap();
    assert!(client.error("SELECT 'a'::pg_catalog.text || 'b'::pg_catalog.text").message.contains("hijacked"));
    call_everything(&mut client, &site.listing("sold"));
    client.batch_execute("RESET search_path").unwrap();
    assert!(client.number("SELECT count(*) FROM vehicles") > 0);
}

#[test]
fn temporary_tables_of_the_same_names_are_never_used() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); CREATE ROLE guest").unwrap();
    for table in client.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") {
        client.batch_execute(&format!("CREATE TEMPORARY TABLE {table} (hijacked int)")).unwrap();
    }
    client
        .batch_execute("CREATE TEMPORARY TABLE pg_class (hijacked int); CREATE TEMPORARY TABLE pg_roles ()")
        .unwrap();
    client.batch_execute("SET search_path = pg_temp, public").unwrap();
    call_everything(&mut client, &site.listing("sold"));
    assert!(client.number("SELECT count(*) FROM public.vehicles") > 0);
}

#[test]
fn an_extension_in_a_schema_with_traps_is_not_made_or_is_unharmed() {
    let server = Server::start("");
    let mut client = server.client();
    let objects = client.column(
        "SELECT CASE
             WHEN f.prokind = 'p' THEN format('CREATE PROCEDURE target.%I(%s) LANGUAGE sql AS ''''', f.proname, a.list)
             WHEN f.oid IS NOT NULL THEN
                 format('CREATE FUNCTION target.%I(%s) RETURNS int LANGUAGE sql AS ''SELECT 1''', f.proname, a.list)
             WHEN c.relkind = 'v' THEN format('CREATE VIEW target.%I AS SELECT 1 AS x', c.relname)
             WHEN c.relkind = 'S' THEN format('CREATE SEQUENCE target.%I', c.relname)
             WHEN c.oid IS NOT NULL THEN format('CREATE TABLE target.%I (x int)', c.relname)
             WHEN t.oid IS NOT NULL THEN format('CREATE TYPE target.%I AS (x int)', t.typname)
         END
         FROM pg_depend AS d
         JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
         LEFT JOIN pg_proc AS f ON d.classid = 'pg_proc'::regclass AND f.oid = d.objid
         LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
         LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
         CROSS JOIN LATERAL (
             SELECT string_agg(
                 CASE WHEN k.type IN (SELECT oid FROM pg_type WHERE typnamespace = 'public'::regnamespace)
                     THEN 'int' ELSE k.type::regtype::text END,
                 ', '
             ) AS list
             FROM unnest(f.proargtypes) AS k (type)
         ) AS a
         -- One that takes a type of the extension's own cannot be made before it.
         WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
             AND NOT EXISTS (
                -- PostgreSQL 18 counts the types of arrays and of tables' rows as members, too.
                SELECT
                FROM pg_type AS t
                LEFT JOIN pg_class AS c ON c.oid = t.typrelid
                WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND (t.typelem <> 0 OR c.relkind <> 'c')
            )
             AND NOT COALESCE(f.proargtypes::oid[] && ARRAY(
                 SELECT oid FROM pg_type WHERE typnamespace = 'public'::regnamespace
             ), false)",
    );
    assert!(objects.len() > 80, "{objects:?}");
    client.batch_execute("DROP EXTENSION bat_partners").unwrap();
    for object in objects {
        client
            .batch_execute(&format!("CREATE SCHEMA target; {object}"))
            .unwrap_or_else(|error| panic!("{object}: {error:?}"));
        let failure = client.error("CREATE EXTENSION bat_partners SCHEMA target");
        // Exists already, as a function, a relation or a type; or is no member of the extension.
        assert!(
            ["42723", "42P07", "42710", "55000"].contains(&failure.sqlstate.as_str()),
            "{object}: {failure:?}"
        );
        client.batch_execute("DROP SCHEMA target CASCADE").unwrap();
    }
    assert_eq!(client.number("SELECT count(*) FROM pg_extension WHERE extname = 'bat_partners'"), 0);
}

#[test]
fn operators_and_other_functions_in_the_extension_s_own_schema_do_no_harm() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    // The traps are there before the extension: all but those of its own names.
    client.batch_execute("CREATE ROLE guest").unwrap();
    lay_traps(&mut client, "evil");
    client
        .batch_execute(
            "DROP EXTENSION bat_partners CASCADE;
             DO $do$
             DECLARE
                 trap record;
             BEGIN
                 FOR trap IN
                     SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) AS statement
                     FROM pg_proc AS p WHERE p.pronamespace = 'evil'::regnamespace AND p.proname LIKE 'bat\\_%'
                     UNION ALL
                     SELECT format('DROP TABLE %s', c.oid::regclass)
                     FROM pg_class AS c WHERE c.relnamespace = 'evil'::regnamespace AND c.relkind = 'r'
                     UNION ALL
                     SELECT format('DROP DOMAIN %s CASCADE', t.oid::regtype)
                     FROM pg_type AS t WHERE t.typnamespace = 'evil'::regnamespace AND t.typtype = 'd'
                 LOOP
                     EXECUTE trap.statement;
                 END LOOP;
             END
             $do$;
             DROP SCHEMA public; ALTER SCHEMA evil RENAME TO public;
             CREATE EXTENSION bat_partners SCHEMA public;
             SET search_path = public, pg_catalog",
        )
        .unwrap();
    assert!(client.error("SELECT 'a'::pg_catalog.text || 'b'::pg_catalog.text").message.contains("hijacked"));
    call_everything(&mut client, &site.listing("sold"));
}

-- Citus, where one machine is too small: the tables that grow with the number of pages by their URL, the small ones whole
-- on every node.

-- Listings come before what lies beside them on the same node.
CREATE FUNCTION bat_distribute_statements()
RETURNS SETOF text
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    known oid[] := '{}';
BEGIN
    IF pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
        -- Without citus there is no such table, and a statement that names it could not be planned.
        EXECUTE 'SELECT pg_catalog.array_agg(p.logicalrelid::oid) FROM pg_catalog.pg_dist_partition AS p' INTO known;
    END IF;
    RETURN QUERY
    SELECT CASE
        WHEN t.beside IS NULL THEN
            pg_catalog.format('SELECT pg_catalog.create_reference_table(%L)', n.name)
        ELSE
            pg_catalog.format(
                'SELECT pg_catalog.create_distributed_table(%L, ''url'', colocate_with => %L)',
                n.name,
                t.beside
            )
    END
    FROM (
        VALUES
            (1, 'businesses', NULL),
            (2, 'vehicles', NULL),
            (3, 'organization_vehicles', NULL),
            (4, 'bat_page_dictionaries', NULL),
            (5, 'dealer_inventory', NULL),
            (6, 'vehicle_images', NULL),
            (7, 'bat_listings', 'none'),
            (8, 'bat_bids', '@extschema@.bat_listings'),
            (9, 'bat_comments', '@extschema@.bat_listings'),
            (10, 'bat_pages', '@extschema@.bat_listings')
    ) AS t (place, name, beside)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat('@extschema@.', t.name) AS name
    ) AS n
    WHERE (pg_catalog.to_regclass(n.name)::oid OPERATOR(pg_catalog.=) ANY (known)) IS NOT TRUE
    ORDER BY t.place;
END
$function$;
COMMENT ON FUNCTION bat_distribute_statements() IS
    'What bat_distribute would run: one statement for each table of yours that citus does not know yet.';

CREATE FUNCTION bat_require_citus()
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.pg_is_in_recovery() THEN
        RAISE EXCEPTION USING ERRCODE = '25006',
            MESSAGE = 'cannot run on a standby: the server is in recovery',
            HINT = 'Run it on the primary.';
    ELSIF NOT EXISTS (
        SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname OPERATOR(pg_catalog.=) 'citus'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = '55000',
            MESSAGE = pg_catalog.format('the extension citus is not in the database %I', pg_catalog.current_database()),
            HINT = pg_catalog.concat(
                'It comes from https://github.com/citusdata/citus, for Debian as the package postgresql-',
                pg_catalog.current_setting('server_version_num')::integer OPERATOR(pg_catalog./) 10000,
                E'-citus-<version> of its own repository. On every node put this line into postgresql.conf and restart it:\n',
                E'    shared_preload_libraries = ''citus''\n',
                E'(other libraries behind it, by commas), and in this database, as a superuser: CREATE EXTENSION citus;\n',
                E'Then here, for each of the other nodes: SELECT citus_add_node(''<host>'', <port>);\n',
                'One machine is enough for longer than one thinks: see docs/scaling.md.'
            );
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_require_citus() IS 'Fails where bat_distribute cannot work, and says what to do.';

CREATE FUNCTION bat_distribute()
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    statement text;
BEGIN
    PERFORM @extschema@.bat_require_citus();
    PERFORM @extschema@.bat_setup();
    FOR statement IN SELECT s.statement FROM @extschema@.bat_distribute_statements() AS s (statement) LOOP
        EXECUTE statement;
        RETURN NEXT statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_distribute() IS
    'Hands the tables to citus: those that grow with the number of pages by url, the others as reference tables. Returns the statements that were run. Idempotent.';

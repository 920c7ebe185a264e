-- What there is, by task. Names, arguments and descriptions are those of the catalogues, so none of them can be stale; only
-- which name belongs to which task is written here, and a test tells of those that no task has.

CREATE FUNCTION bat_help_tasks()
RETURNS TABLE (place integer, task text, names text[])
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT t.place, t.task, pg_catalog.regexp_split_to_array(pg_catalog.btrim(t.names, E' \n'), '[[:space:]]+')
    FROM (VALUES
        (1, 'set up', '
            bat_setup bat_obstacles bat_repair bat_grant bat_revoke bat_help
        '),
        (2, 'import', '
            bat_index_partners bat_enrich_org bat_import_partner_vehicles bat_import_listing
            bat_sync_inventory bat_backfill_primary_images bat_ingest bat_sweep
        '),
        (3, 'keep up to date', '
            bat_schedule bat_unschedule bat_scheduled bat_schedule_statements bat_catch_up
            bat_enqueue_due bat_clean_up
        '),
        (4, 'look', '
            bat_status bat_progress bat_problems bat_partner_overview bat_market bat_vehicle_history
            bat_field_coverage bat_report
        '),
        (5, 'queue', '
            bat_work bat_enqueue bat_retry bat_pause bat_resume
        '),
        (6, 'archive', '
            bat_page bat_reparse
        '),
        (7, 'parse', '
            bat_parse_partners bat_parse_member bat_parse_listing bat_parse_thread
            bat_parse_catalogue bat_parse_website bat_parse_inventory bat_geographic_key
            bat_listing_url
        '),
        (8, 'scale', '
            bat_distribute bat_distribute_statements
        ')
    ) AS t (place, task, names)
$function$;
COMMENT ON FUNCTION bat_help_tasks() IS 'The tasks of bat_help in their order, and which functions, procedures and views belong to each.';

CREATE FUNCTION bat_help(task text DEFAULT NULL)
RETURNS TABLE (topic text, name text, kind text, arguments text, description text)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH member AS (
        SELECT d.classid, d.objid
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_extension AS e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
        WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.deptype OPERATOR(pg_catalog.=) 'e'
            AND e.extname OPERATOR(pg_catalog.=) 'bat_partners'
    ),
    thing AS (
        SELECT
            p.proname::text AS name,
            CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
            pg_catalog.pg_get_function_arguments(p.oid) AS arguments,
            pg_catalog.obj_description(p.oid, 'pg_proc') AS description
        FROM pg_catalog.pg_proc AS p
        JOIN member AS m
            ON m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
            AND m.objid OPERATOR(pg_catalog.=) p.oid
        UNION ALL
        SELECT c.relname::text, 'view', '', pg_catalog.obj_description(c.oid, 'pg_class')
        FROM pg_catalog.pg_class AS c
        JOIN member AS m
            ON m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND m.objid OPERATOR(pg_catalog.=) c.oid
        WHERE c.relkind OPERATOR(pg_catalog.=) 'v'
    ),
    placed AS (
        SELECT
            COALESCE(t.place, 99) AS place,
            COALESCE(t.task, 'internal') AS topic,
            COALESCE(pg_catalog.array_position(t.names, o.name), 0) AS order_in_task,
            o.*
        FROM thing AS o
        LEFT JOIN @extschema@.bat_help_tasks() AS t ON o.name OPERATOR(pg_catalog.=) ANY (t.names)
    )
    SELECT h.topic, h.name, h.kind, h.arguments, h.description
    FROM placed AS h
    WHERE CASE
            WHEN bat_help.task IS NULL THEN h.topic OPERATOR(pg_catalog.<>) 'internal'
            ELSE bat_help.task OPERATOR(pg_catalog.=) ANY (ARRAY[h.topic, h.name])
        END
    ORDER BY h.place, h.order_in_task, h.name, h.arguments;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '22023',
            MESSAGE = pg_catalog.format('%L is no task, and no function, procedure or view of this extension', bat_help.task),
            HINT = (
                SELECT pg_catalog.concat('Tasks: ', pg_catalog.string_agg(t.task, ', ' ORDER BY t.place), ', internal.')
                FROM @extschema@.bat_help_tasks() AS t
            );
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_help(text) IS
    'What there is, by task: functions, procedures and views with their arguments and what they do. Of one task, or of one name; '
    'without either all but what is internal. SELECT * FROM bat_help(''import'');';

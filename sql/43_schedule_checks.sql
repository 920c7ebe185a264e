-- What is in the way of a schedule, and the way out, in statements that can be pasted.

-- Where pg_cron reads its jobs; NULL where it is not loaded, empty where this role may not know.
CREATE FUNCTION bat_cron_database()
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN pg_catalog.current_setting('cron.database_name', true);
EXCEPTION
    WHEN insufficient_privilege THEN
        RETURN '';
END
$function$;
COMMENT ON FUNCTION bat_cron_database() IS
    'The database in which pg_cron keeps its jobs; NULL if it is not loaded, empty if this role may not see the setting.';

CREATE FUNCTION bat_schedule_statements(workers integer DEFAULT 1)
RETURNS SETOF text
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_catalog.format(
        'SELECT cron.schedule_in_database(%L, %L, %L, %L, %L);',
        pg_catalog.concat(@extschema@.bat_schedule_prefix(), p.job),
        p.schedule,
        p.command,
        pg_catalog.current_database(),
        CURRENT_USER
    )
    FROM @extschema@.bat_schedule_plan(workers) AS p
    UNION ALL
    -- The history of these jobs is in that database, where bat_clean_up does not reach.
    SELECT pg_catalog.format(
        'SELECT cron.schedule(%L, %L, %L);',
        pg_catalog.concat(@extschema@.bat_schedule_prefix(), 'history'),
        '27 2 * * *',
        pg_catalog.format(
            -- A line without a time, of a connection that failed, is as old as the ones after it.
            'DELETE FROM cron.job_run_details WHERE database = %L AND jobid IN (SELECT jobid FROM cron.job WHERE '
            'starts_with(jobname, %L)) AND runid <= (SELECT max(runid) FROM cron.job_run_details WHERE start_time < now() '
            '- interval ''7 days'')',
            pg_catalog.current_database(),
            @extschema@.bat_schedule_prefix()
        )
    )
$function$;
COMMENT ON FUNCTION bat_schedule_statements(integer) IS
    'The statements that make this database''s jobs where pg_cron lives in another database: to be run there.';

CREATE FUNCTION bat_cron_elsewhere(place text)
RETURNS text
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN place OPERATOR(pg_catalog.=) '' THEN 'the database that SHOW cron.database_name names to a superuser'
        ELSE pg_catalog.format('the database %I', place)
    END
$function$;
COMMENT ON FUNCTION bat_cron_elsewhere(text) IS 'Words for the database in which pg_cron lives.';

CREATE FUNCTION bat_require_schedulable(workers integer)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    place CONSTANT text := @extschema@.bat_cron_database();
    is_here CONSTANT boolean := EXISTS (
        SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname OPERATOR(pg_catalog.=) 'pg_cron'
    );
BEGIN
    IF pg_catalog.pg_is_in_recovery() THEN
        RAISE EXCEPTION USING ERRCODE = '25006',
            MESSAGE = 'cannot run on a standby: the server is in recovery',
            HINT = 'Run it on the primary.';
    ELSIF workers IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'workers must not be NULL';
    ELSIF workers OPERATOR(pg_catalog.<) 1 OR workers OPERATOR(pg_catalog.>) 32 THEN
        RAISE EXCEPTION USING ERRCODE = '22023',
            MESSAGE = 'workers must be from 1 to 32',
            HINT = 'One is enough for one site: to one host there is one request at a time. SELECT '
                '@extschema@.bat_unschedule(); removes the jobs.';
    ELSIF place IS NULL THEN
        PERFORM @extschema@.bat_raise_no_cron();
    ELSIF NOT is_here AND place OPERATOR(pg_catalog.=) pg_catalog.current_database()::text THEN
        RAISE EXCEPTION USING ERRCODE = '55000',
            MESSAGE = 'pg_cron is loaded for this database, but its extension is missing',
            HINT = 'As a superuser: CREATE EXTENSION pg_cron; and then bat_schedule again.';
    ELSIF NOT is_here
        OR place OPERATOR(pg_catalog.<>) ALL (ARRAY['', pg_catalog.current_database()::text])
    THEN
        PERFORM @extschema@.bat_raise_cron_elsewhere(place, workers);
    ELSIF NOT @extschema@.bat_cron_is_here() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = pg_catalog.format('role %I may not use pg_cron', CURRENT_USER),
            HINT = pg_catalog.format('As a superuser: GRANT USAGE ON SCHEMA cron TO %I;', CURRENT_USER);
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_require_schedulable(integer) IS 'Fails where bat_schedule cannot work, and says what to do.';

CREATE FUNCTION bat_raise_no_cron()
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    line CONSTANT text := pg_catalog.format(
        'psql -XqAt -U %L -d %L -c ''SELECT @extschema@.bat_catch_up()'' -c ''CALL @extschema@.bat_work(50)''',
        CURRENT_USER,
        pg_catalog.current_database()
    );
BEGIN
    RAISE EXCEPTION USING ERRCODE = '55000',
        MESSAGE = 'pg_cron is not loaded in this server',
        HINT = pg_catalog.concat(
            'Either install it (Debian: apt-get install postgresql-',
            pg_catalog.current_setting('server_version_num')::integer OPERATOR(pg_catalog./) 10000,
            E'-cron), put these lines into postgresql.conf, restart the server, and here: CREATE EXTENSION pg_cron;\n',
            E'    shared_preload_libraries = ''pg_cron''\n',
            pg_catalog.format(E'    cron.database_name = %L\n', pg_catalog.current_database()),
            E'or let the system''s cron call it, by one line in the crontab of a user who may connect:\n',
            E'    * * * * * ', line, E'\n',
            'or a systemd timer with OnCalendar=minutely and that command as its ExecStart.'
        );
END
$function$;
COMMENT ON FUNCTION bat_raise_no_cron() IS 'The error of bat_schedule where there is no pg_cron, with both ways out.';

CREATE FUNCTION bat_raise_cron_elsewhere(place text, workers integer)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '55000',
        MESSAGE = pg_catalog.format(
            'pg_cron keeps its jobs in %s, not in %I',
            @extschema@.bat_cron_elsewhere(place),
            pg_catalog.current_database()
        ),
        DETAIL = 'A session of one database cannot schedule in another one.',
        HINT = pg_catalog.concat(
            'Run these statements in ', @extschema@.bat_cron_elsewhere(place), E', as a superuser:\n',
            (
                SELECT pg_catalog.string_agg(s.statement, E'\n')
                FROM @extschema@.bat_schedule_statements(workers) AS s (statement)
            ),
            E'\nand here, to begin at once: SELECT * FROM @extschema@.bat_catch_up();'
        );
END
$function$;
COMMENT ON FUNCTION bat_raise_cron_elsewhere(text, integer) IS
    'The error of bat_schedule where pg_cron lives in another database, with the statements to run there.';

-- pg_cron lets every role have a job of a name: a second role would make a second set of jobs.
CREATE FUNCTION bat_require_own_jobs()
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    owner text;
BEGIN
    SELECT j.username
    INTO owner
    FROM @extschema@.bat_scheduled() AS j
    WHERE j.username OPERATOR(pg_catalog.<>) CURRENT_USER::text
    LIMIT 1;
    IF owner IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = '55000',
            MESSAGE = pg_catalog.format('the jobs of this database are those of role %I', owner),
            HINT = pg_catalog.format(
                'Call it as that role: SET ROLE %I; or remove its jobs first: SELECT @extschema@.bat_unschedule();',
                owner
            );
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_require_own_jobs() IS 'Fails where another role''s jobs do this database''s work already.';

CREATE FUNCTION bat_require_unschedulable()
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    place CONSTANT text := @extschema@.bat_cron_database();
BEGIN
    IF pg_catalog.pg_is_in_recovery() THEN
        RAISE EXCEPTION USING ERRCODE = '25006',
            MESSAGE = 'cannot run on a standby: the server is in recovery',
            HINT = 'Run it on the primary.';
    ELSIF NOT @extschema@.bat_cron_is_here()
        AND place OPERATOR(pg_catalog.<>) pg_catalog.current_database()::text
    THEN
        RAISE EXCEPTION USING ERRCODE = '55000',
            MESSAGE = pg_catalog.format(
                'pg_cron keeps its jobs in %s, or this role may not use it',
                @extschema@.bat_cron_elsewhere(place)
            ),
            HINT = pg_catalog.format(
                E'Run this there, as a superuser:\n'
                'SELECT cron.unschedule(jobid) FROM cron.job WHERE starts_with(jobname, %L);',
                @extschema@.bat_schedule_prefix()
            );
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_require_unschedulable() IS 'Fails where bat_unschedule cannot see the jobs.';

-- The schedule: named pg_cron jobs, one statement each, and the same for whoever has no pg_cron.

-- Every scheduled job of this extension; a new one is one line here. pg_cron's clock is GMT. `every` is how long
-- bat_catch_up() waits between two runs of it.
CREATE FUNCTION bat_schedule_plan(workers integer)
RETURNS TABLE (job text, schedule text, every interval, routine text, argument text, command text)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        p.job,
        p.schedule,
        p.every,
        p.routine,
        p.argument,
        pg_catalog.concat(
            'SELECT @extschema@.',
            pg_catalog.quote_ident(p.routine),
            '(',
            pg_catalog.quote_literal(p.argument),
            ')'
        )
    FROM (
        VALUES
            ('directory', '17 3 * * *', interval '1 day', 'bat_enqueue_due', 'directory'),
            ('catalogue', '27 */6 * * *', interval '6 hours', 'bat_enqueue_due', 'catalogue'),
            ('members', '37 */6 * * *', interval '6 hours', 'bat_enqueue_due', 'member'),
            ('enrich', '47 4 * * *', interval '1 day', 'bat_enqueue_due', 'enrich'),
            ('images', '52 * * * *', interval '1 hour', 'bat_enqueue_due', 'images'),
            ('inventory', '57 4 * * *', interval '1 day', 'bat_enqueue_due', 'inventory'),
            ('refresh', '7 */6 * * *', interval '6 hours', 'bat_enqueue_due', 'listing'),
            ('clean-up', '27 2 * * *', interval '1 day', 'bat_clean_up', NULL)
    ) AS p (job, schedule, every, routine, argument)
    UNION ALL
    SELECT
        pg_catalog.concat('worker-', w.number),
        '* * * * *',
        NULL,
        'bat_work',
        '50',
        'CALL @extschema@.bat_work(50)'
    FROM pg_catalog.generate_series(1, workers) AS w (number)
$function$;
COMMENT ON FUNCTION bat_schedule_plan(integer) IS 'The jobs that bat_schedule makes for a number of workers.';

-- Several databases may share one pg_cron: the database is part of a job's name. A name has room for 63 bytes.
CREATE FUNCTION bat_schedule_prefix()
RETURNS text
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_catalog.concat(
        'bat_partners:',
        CASE
            WHEN pg_catalog.octet_length(pg_catalog.current_database()) OPERATOR(pg_catalog.<=) 32
            THEN pg_catalog.current_database()
            ELSE pg_catalog.md5(pg_catalog.current_database())
        END,
        ':'
    )
$function$;
COMMENT ON FUNCTION bat_schedule_prefix() IS 'How the names of this database''s pg_cron jobs begin.';

CREATE FUNCTION bat_cron_is_here()
RETURNS boolean
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT
        FROM pg_catalog.pg_extension AS e
        JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) 'cron'
        WHERE e.extname OPERATOR(pg_catalog.=) 'pg_cron'
            AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    )
$function$;
COMMENT ON FUNCTION bat_cron_is_here() IS 'Whether this database has pg_cron, and this role may use it.';

CREATE FUNCTION bat_scheduled()
RETURNS SETOF bat_job
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT @extschema@.bat_cron_is_here() THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT j.jobid, j.jobname::text, j.schedule, j.command, j.database, j.username, j.active
    FROM cron.job AS j
    WHERE j.database OPERATOR(pg_catalog.=) pg_catalog.current_database()::text
        AND pg_catalog.starts_with(j.jobname::text, @extschema@.bat_schedule_prefix())
    ORDER BY j.jobid;
END
$function$;
COMMENT ON FUNCTION bat_scheduled() IS
    'The pg_cron jobs of this database that bat_schedule made, as far as pg_cron shows them to this role.';

-- A second call changes nothing. A job that is there keeps its times and whether it is active: a person may have
-- changed them by cron.alter_job.
CREATE FUNCTION bat_schedule(workers integer DEFAULT 1)
RETURNS SETOF bat_job
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    prefix CONSTANT text := @extschema@.bat_schedule_prefix();
    job record;
BEGIN
    PERFORM @extschema@.bat_require_schedulable(workers);
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('bat_partners schedule', 0));
    PERFORM @extschema@.bat_require_own_jobs();
    FOR job IN
        SELECT j.jobid
        FROM @extschema@.bat_scheduled() AS j
        WHERE j.jobname OPERATOR(pg_catalog.<>) ALL (
            ARRAY(SELECT pg_catalog.concat(prefix, p.job) FROM @extschema@.bat_schedule_plan(workers) AS p)
        )
    LOOP
        PERFORM cron.unschedule(job.jobid);
    END LOOP;
    FOR job IN
        SELECT pg_catalog.concat(prefix, p.job) AS jobname, COALESCE(j.schedule, p.schedule) AS schedule, p.command
        FROM @extschema@.bat_schedule_plan(workers)
            WITH ORDINALITY AS p (job, schedule, every, routine, argument, command, place)
        LEFT JOIN @extschema@.bat_scheduled() AS j
            ON j.jobname OPERATOR(pg_catalog.=) pg_catalog.concat(prefix, p.job)
        WHERE j.jobid IS NULL OR j.command OPERATOR(pg_catalog.<>) p.command
        ORDER BY p.place
    LOOP
        PERFORM cron.schedule(job.jobname, job.schedule, job.command);
    END LOOP;
    PERFORM @extschema@.bat_catch_up();
    RETURN QUERY SELECT * FROM @extschema@.bat_scheduled();
END
$function$;
COMMENT ON FUNCTION bat_schedule(integer) IS
    'Lets pg_cron do everything for ever: so many workers, and what fills their queue. Returns the jobs. Idempotent.';

CREATE FUNCTION bat_unschedule()
RETURNS SETOF bat_job
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    job @extschema@.bat_job;
BEGIN
    PERFORM @extschema@.bat_require_unschedulable();
    FOR job IN SELECT * FROM @extschema@.bat_scheduled() LOOP
        PERFORM cron.unschedule(job.jobid);
        RETURN NEXT job;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_unschedule() IS 'Removes the pg_cron jobs that bat_schedule made, and returns them.';

-- What a schedule would have done by now. With it one line in the system's cron does what pg_cron does.
CREATE FUNCTION bat_catch_up()
RETURNS SETOF bat_summary
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    due record;
BEGIN
    FOR due IN
        SELECT p.routine, p.argument
        FROM @extschema@.bat_schedule_plan(0) AS p
        WHERE NOT EXISTS (
            SELECT
            FROM @extschema@.bat_runs AS r
            WHERE r.job OPERATOR(pg_catalog.=) p.routine
                AND (
                    p.argument IS NULL
                    OR r.options OPERATOR(pg_catalog.->>) 'kind' OPERATOR(pg_catalog.=) p.argument
                )
                AND r.started_at OPERATOR(pg_catalog.>)
                    (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) p.every)
        )
    LOOP
        RETURN QUERY EXECUTE pg_catalog.concat(
            'SELECT s.* FROM @extschema@.',
            pg_catalog.quote_ident(due.routine),
            '(',
            pg_catalog.quote_literal(due.argument),
            ') AS s'
        );
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_catch_up() IS
    'Does what is scheduled and due by now, the work itself apart: enqueues, cleans up. One row for each thing done.';

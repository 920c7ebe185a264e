-- What is wrong with the schedule, and the view of all problems.

-- pg_cron's history of a job: how it ended last, and how often it failed of late.
CREATE FUNCTION bat_problems_of_cron()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT @extschema@.bat_cron_is_here() THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        'pg_cron''s jobs fail',
        NULL::text,
        NULL::text,
        'failed',
        pg_catalog.count(*),
        (pg_catalog.array_agg(j.jobname ORDER BY d.runid DESC))[1],
        NULL::text,
        (pg_catalog.array_agg(d.return_message ORDER BY d.runid DESC))[1],
        pg_catalog.max(COALESCE(d.end_time, d.start_time)),
        NULL::timestamptz,
        (pg_catalog.array_agg(
            CASE
                WHEN d.return_message OPERATOR(pg_catalog.~~) 'connection failed%' THEN pg_catalog.format(
                    'pg_cron connects like any client: let role %I in without a password by pg_hba.conf, or put a line '
                    'into the file .pgpass of the server''s user: *:*:%s:%s:<password>',
                    j.username, j.database, j.username
                )
                ELSE pg_catalog.format('Try it as its role: SET ROLE %I; %s;', j.username, j.command)
            END
            ORDER BY d.runid DESC
        ))[1]
    FROM @extschema@.bat_scheduled() AS j
    CROSS JOIN LATERAL (
        SELECT r.*
        FROM cron.job_run_details AS r
        WHERE r.jobid OPERATOR(pg_catalog.=) j.jobid
            AND r.status OPERATOR(pg_catalog.=) ANY (ARRAY['succeeded', 'failed'])
        ORDER BY r.runid DESC
        LIMIT 1
    ) AS d
    WHERE d.status OPERATOR(pg_catalog.=) 'failed'
    GROUP BY pg_catalog.left(d.return_message, 40);
END
$function$;
COMMENT ON FUNCTION bat_problems_of_cron() IS 'pg_cron jobs of this extension whose last run failed.';

-- Of all runs, and of those that work off the queue: to enqueue what is due is not to do it.
CREATE FUNCTION bat_last_worked_at(OUT ran_at timestamptz, OUT worked_at timestamptz)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        GREATEST(n.at, pg_catalog.max(r.finished_at)),
        GREATEST(n.at, pg_catalog.max(r.finished_at) FILTER (WHERE r.options OPERATOR(pg_catalog.?) 'kinds'))
    FROM (
        SELECT CASE
            WHEN EXISTS (SELECT FROM @extschema@.bat_progress AS p WHERE p.state OPERATOR(pg_catalog.<>) 'lost')
            THEN pg_catalog.clock_timestamp()
        END AS at
    ) AS n
    LEFT JOIN @extschema@.bat_runs AS r ON true
    GROUP BY n.at
$function$;
COMMENT ON FUNCTION bat_last_worked_at() IS
    'When the last run ended, and the last that worked off the queue; now, if one is under way; NULL if there was none.';

-- bat_schedule itself leaves a run, so a schedule that was made a moment ago is not said to stand still.
CREATE FUNCTION bat_problems_of_standstill()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH run AS MATERIALIZED (
        SELECT w.ran_at, w.worked_at FROM @extschema@.bat_last_worked_at() AS w
    ),
    -- While somebody works, the queue is not looked at: it may have a task for each page of the site.
    waiting AS (
        SELECT pg_catalog.count(*) AS tasks, pg_catalog.min(t.key) AS key
        FROM @extschema@.bat_tasks AS t
        LEFT JOIN @extschema@.bat_hosts AS h
            ON h.host OPERATOR(pg_catalog.=) t.host
            AND h.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
        -- Those that a session held which is gone: the next worker is to take them.
        WHERE (
                t.state OPERATOR(pg_catalog.=) 'ready'
                OR t.state OPERATOR(pg_catalog.=) 'running'
                AND t.lease_until OPERATOR(pg_catalog.<) pg_catalog.clock_timestamp()
            )
            AND h.host IS NULL
            AND t.run_after OPERATOR(pg_catalog.<)
                (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '1 hour')
            AND (
                SELECT COALESCE(r.worked_at OPERATOR(pg_catalog.<)
                    (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '15 minutes'), true)
                FROM run AS r
            )
    ),
    schedule AS (
        SELECT pg_catalog.count(*) AS jobs, pg_catalog.min(j.jobname) AS jobname
        FROM @extschema@.bat_scheduled() AS j
        WHERE j.active AND j.schedule OPERATOR(pg_catalog.=) '* * * * *'
    )
    SELECT
        CASE WHEN s.jobs OPERATOR(pg_catalog.>) 0 THEN 'the schedule stands still' ELSE 'nobody works off the queue' END,
        NULL::text,
        NULL::text,
        NULL::text,
        w.tasks,
        COALESCE(w.key, s.jobname),
        NULL::text,
        pg_catalog.format('no run since %s', COALESCE(run.worked_at::text, 'ever')),
        run.worked_at,
        NULL::timestamptz,
        CASE
            WHEN s.jobs OPERATOR(pg_catalog.>) 0 THEN
                'pg_cron does not start its jobs. See SELECT * FROM cron.job_run_details ORDER BY runid DESC LIMIT 5; '
                'and the server''s log for pg_cron; its launcher must be in pg_stat_activity.'
            ELSE 'For ever: SELECT * FROM @extschema@.bat_schedule(); or once: CALL @extschema@.bat_work(600);'
        END
    FROM run
    CROSS JOIN waiting AS w
    CROSS JOIN schedule AS s
    WHERE (
            w.tasks OPERATOR(pg_catalog.>) 0
            AND COALESCE(run.worked_at OPERATOR(pg_catalog.<)
                (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '1 hour'), true)
        )
        OR (
            s.jobs OPERATOR(pg_catalog.>) 0
            AND COALESCE(run.ran_at OPERATOR(pg_catalog.<)
                (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '15 minutes'), true)
        )
$function$;
COMMENT ON FUNCTION bat_problems_of_standstill() IS
    'Tasks that are due for an hour and that nobody works off, or workers of pg_cron that did not run for 15 minutes.';

CREATE VIEW @extschema@.bat_problems AS
SELECT * FROM @extschema@.bat_problems_of_tables()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_vehicles()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_cron()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_standstill()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_runs()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_hosts()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_catalogue()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_coverage()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_inventories()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_prices()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_web_sites()
UNION ALL
SELECT * FROM @extschema@.bat_problems_of_tasks();
COMMENT ON VIEW bat_problems IS 'What needs a person: each cause once, how often, one example, and what to do.';
COMMENT ON COLUMN bat_problems.problem IS 'What is wrong, in words.';
COMMENT ON COLUMN bat_problems.what_to_do IS 'Statements that can be pasted, and what to look at.';

-- What is being done right now, seen from any session: a run's counts are committed after every page.

CREATE VIEW @extschema@.bat_progress AS
WITH held AS (
    -- Whoever works on a run holds a lock: its tag is in src/session_lock.rs, 2984 stands for runs.
    SELECT
        (l.classid::bigint OPERATOR(pg_catalog.<<) 32) OPERATOR(pg_catalog.|) l.objid::bigint AS run_id,
        l.pid
    FROM pg_catalog.pg_locks AS l
    JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) l.database
    WHERE l.locktype OPERATOR(pg_catalog.=) 'advisory'
        AND l.objsubid OPERATOR(pg_catalog.=) 2984
        AND l.granted
        AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
),
run AS (
    SELECT
        r.*,
        held.pid IS NOT NULL AS is_alive,
        pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) r.started_at AS elapsed,
        r.tasks OPERATOR(pg_catalog./) GREATEST(
            -- A float8 until PostgreSQL 13.
            extract(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) r.started_at)::numeric,
            0.001
        ) AS rate
    FROM @extschema@.bat_runs AS r
    LEFT JOIN held ON held.run_id OPERATOR(pg_catalog.=) r.id AND held.pid OPERATOR(pg_catalog.=) r.pid
    WHERE r.status OPERATOR(pg_catalog.=) 'running'
)
SELECT
    run.id AS run_id,
    run.job,
    CASE
        WHEN pg_catalog.pg_is_in_recovery() THEN 'on the primary'
        WHEN NOT run.is_alive AND run.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() THEN 'lost'
        WHEN task.key IS NOT NULL OR run.job OPERATOR(pg_catalog.=) 'bat_reparse' THEN 'at a page'
        ELSE 'between pages'
    END AS state,
    run.started_by,
    run.pid,
    run.started_at,
    run.elapsed,
    run.tasks AS tasks_done,
    work.tasks_left,
    pg_catalog.round(run.rate, 2) AS tasks_per_second,
    -- Those who work on the same kinds share what is left.
    pg_catalog.make_interval(secs => pg_catalog.ceil(
        work.tasks_left OPERATOR(pg_catalog./)
            pg_catalog.sum(run.rate) FILTER (WHERE run.is_alive AND run.rate OPERATOR(pg_catalog.>) 0)
                OVER (PARTITION BY run.options OPERATOR(pg_catalog.->) 'kinds')
    )::double precision) AS time_left,
    run.found,
    run.inserted,
    run.updated,
    run.unchanged,
    run.skipped,
    run.failed,
    run.requests,
    pg_catalog.concat_ws(' ', task.kind, task.key) AS page,
    CASE
        WHEN activity.wait_event IS NOT NULL
        THEN pg_catalog.concat_ws(': ', activity.wait_event_type, activity.wait_event)
    END AS waits_for
FROM run
LEFT JOIN pg_catalog.pg_stat_activity AS activity
    ON activity.pid OPERATOR(pg_catalog.=) run.pid AND run.is_alive
LEFT JOIN LATERAL (
    SELECT t.kind, t.key
    FROM @extschema@.bat_tasks AS t
    WHERE t.state OPERATOR(pg_catalog.=) 'running' AND t.run_id OPERATOR(pg_catalog.=) run.id
    LIMIT 1
) AS task ON true
CROSS JOIN LATERAL (
    -- bat_reparse has no tasks: it has noted how many pages it found.
    SELECT pg_catalog.count(*) OPERATOR(pg_catalog.+) GREATEST(
        COALESCE((run.options OPERATOR(pg_catalog.->>) 'pages')::bigint OPERATOR(pg_catalog.-) run.tasks, 0),
        0
    ) AS tasks_left
    FROM @extschema@.bat_tasks AS t
    WHERE t.state OPERATOR(pg_catalog.<>) 'dead'
        AND (
            t.attempts OPERATOR(pg_catalog.>) 0
            OR t.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
        )
        AND (run.options OPERATOR(pg_catalog.->) 'kinds') OPERATOR(pg_catalog.?) t.kind
) AS work;
COMMENT ON VIEW bat_progress IS
    'The runs that are under way: what they have done, what is left, how fast, and at what they are right now.';
COMMENT ON COLUMN bat_progress.state IS
    'at a page, between pages (it waits for its turn or for a page to become due), or lost: its session is gone, and '
    'the next worker closes it. On a standby only that it is under way on the primary.';
COMMENT ON COLUMN bat_progress.time_left IS 'If it goes on as it did, with all who work on the same kinds of tasks.';
COMMENT ON COLUMN bat_progress.waits_for IS 'As in pg_stat_activity; shown for one''s own sessions, and to pg_monitor.';

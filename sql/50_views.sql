-- Views. The user-owned tables need not exist yet when the extension is created, so what reads them is a
-- function whose body is looked at when it runs.

CREATE FUNCTION bat_stored(
    OUT partners bigint,
    OUT partners_read bigint,
    OUT listings bigint,
    OUT listings_live bigint,
    OUT listings_sold bigint,
    OUT vehicles bigint,
    OUT pages bigint
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.businesses') IS NOT NULL THEN
        -- As the jobs know them, whatever a person wrote as their status.
        SELECT
            pg_catalog.count(*),
            pg_catalog.count(*) FILTER (WHERE b.metadata OPERATOR(pg_catalog.?) 'enriched_at')
        INTO partners, partners_read
        FROM @extschema@.businesses AS b
        WHERE b.metadata OPERATOR(pg_catalog.?) 'directory_position';
    END IF;
    IF pg_catalog.to_regclass('@extschema@.bat_listings') IS NOT NULL THEN
        SELECT
            pg_catalog.count(*),
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'live'),
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold')
        INTO listings, listings_live, listings_sold
        FROM @extschema@.bat_listings AS l;
    END IF;
    IF pg_catalog.to_regclass('@extschema@.vehicles') IS NOT NULL THEN
        SELECT pg_catalog.count(*) INTO vehicles FROM @extschema@.vehicles;
    END IF;
    IF pg_catalog.to_regclass('@extschema@.bat_pages') IS NOT NULL THEN
        SELECT pg_catalog.count(*) INTO pages FROM @extschema@.bat_pages;
    END IF;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_stored() IS 'How much is stored; NULL for tables that are not there yet.';

CREATE FUNCTION bat_status_row(
    OUT partners bigint,
    OUT partners_read bigint,
    OUT listings bigint,
    OUT listings_live bigint,
    OUT listings_sold bigint,
    OUT vehicles bigint,
    OUT pages bigint,
    OUT tasks_ready bigint,
    OUT tasks_waiting bigint,
    OUT tasks_running bigint,
    OUT tasks_dead bigint,
    OUT hosts_resting bigint,
    OUT requests_last_day bigint,
    OUT last_job text,
    OUT last_status text,
    OUT last_finished_at timestamptz,
    OUT last_message text,
    OUT scheduled_workers bigint,
    OUT health text,
    OUT problems bigint,
    OUT doing text,
    OUT done_at timestamptz
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    next_due_at timestamptz;
    tasks_held bigint := 0;
    lost_runs bigint[];
    last_done_at timestamptz;
BEGIN
    SELECT s.* INTO partners, partners_read, listings, listings_live, listings_sold, vehicles, pages
    FROM @extschema@.bat_stored() AS s;
    -- Tasks of a session that is gone are for the next worker.
    SELECT
        pg_catalog.string_agg(
            pg_catalog.format('%s %s: tasks done: %s, left: %s', p.job, p.state, p.tasks_done, p.tasks_left),
            '; '
            ORDER BY p.run_id
        ) FILTER (WHERE p.state OPERATOR(pg_catalog.<>) 'lost'),
        pg_catalog.statement_timestamp() OPERATOR(pg_catalog.+)
            pg_catalog.max(p.time_left) FILTER (WHERE p.state OPERATOR(pg_catalog.<>) 'lost'),
        COALESCE(pg_catalog.array_agg(p.run_id) FILTER (WHERE p.state OPERATOR(pg_catalog.=) 'lost'), '{}')
    INTO doing, done_at, lost_runs
    FROM @extschema@.bat_progress AS p;
    SELECT
        pg_catalog.count(*) FILTER (
            WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                AND t.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
                OR t.state OPERATOR(pg_catalog.=) 'running' AND t.run_id OPERATOR(pg_catalog.=) ANY (lost_runs)
        ),
        pg_catalog.count(*) FILTER (
            WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                AND t.run_after OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
        ),
        pg_catalog.count(*) FILTER (
            WHERE t.state OPERATOR(pg_catalog.=) 'running'
                AND (t.run_id OPERATOR(pg_catalog.=) ANY (lost_runs)) IS NOT TRUE
        ),
        pg_catalog.count(*) FILTER (WHERE t.state OPERATOR(pg_catalog.=) 'dead'),
        pg_catalog.min(t.run_after) FILTER (WHERE t.state OPERATOR(pg_catalog.=) 'ready')
    INTO tasks_ready, tasks_waiting, tasks_running, tasks_dead, next_due_at
    FROM @extschema@.bat_tasks AS t;
    SELECT pg_catalog.count(*)
    INTO hosts_resting
    FROM @extschema@.bat_hosts AS h
    WHERE h.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp();
    SELECT pg_catalog.count(*)
    INTO requests_last_day
    FROM @extschema@.bat_fetches AS f
    -- Not clock_timestamp(), which moves on from row to row and so keeps the index from being used.
    WHERE f.requested_at OPERATOR(pg_catalog.>)
        (pg_catalog.statement_timestamp() OPERATOR(pg_catalog.-) interval '1 day');
    SELECT r.job, r.status, r.finished_at, r.message
    INTO last_job, last_status, last_finished_at, last_message
    FROM @extschema@.bat_runs AS r
    -- The last to end, or to begin: runs overlap.
    ORDER BY COALESCE(r.finished_at, r.started_at) DESC, r.id DESC
    LIMIT 1;
    SELECT pg_catalog.max(r.finished_at) INTO last_done_at FROM @extschema@.bat_runs AS r;
    IF @extschema@.bat_cron_is_here() THEN
        SELECT pg_catalog.count(*)
        INTO scheduled_workers
        FROM @extschema@.bat_scheduled() AS j
        WHERE j.active AND j.command OPERATOR(pg_catalog.~~) 'CALL %';
    END IF;
    SELECT
        pg_catalog.count(*),
        CASE
            WHEN pg_catalog.bool_or(p.problem OPERATOR(pg_catalog.=) 'existing tables cannot be adopted')
                THEN 'standing still'
            WHEN pages IS NULL THEN 'not set up'
            WHEN pg_catalog.bool_or(p.problem OPERATOR(pg_catalog.=) ANY (ARRAY[
                'the schedule stands still', 'nobody works off the queue'
            ])) THEN 'standing still'
            -- Those that pass by themselves are none of a person's.
            WHEN pg_catalog.bool_or(
                p.state IS NULL OR p.state OPERATOR(pg_catalog.<>) ALL (ARRAY['retrying', 'resting'])
            ) THEN 'needs attention'
            ELSE 'healthy'
        END
    INTO problems, health
    FROM @extschema@.bat_problems AS p;
    IF doing IS NULL THEN
        IF hosts_resting OPERATOR(pg_catalog.>) 0 THEN
            SELECT pg_catalog.count(*)
            INTO tasks_held
            FROM @extschema@.bat_tasks AS t
            JOIN @extschema@.bat_hosts AS h ON h.host OPERATOR(pg_catalog.=) t.host
            WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                AND t.run_after OPERATOR(pg_catalog.<=) pg_catalog.statement_timestamp()
                AND h.resting_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp();
        END IF;
        doing := CASE
            WHEN tasks_ready OPERATOR(pg_catalog.>) tasks_held
            THEN pg_catalog.format('nothing; tasks that are due: %s', tasks_ready OPERATOR(pg_catalog.-) tasks_held)
            WHEN tasks_held OPERATOR(pg_catalog.>) 0
            THEN pg_catalog.format('nothing; tasks that wait for hosts which are left alone: %s', tasks_held)
            WHEN next_due_at IS NOT NULL THEN pg_catalog.format(
                'nothing; the next task is due at %s UTC',
                pg_catalog.to_char(pg_catalog.timezone('UTC', next_due_at), 'YYYY-MM-DD HH24:MI')
            )
            ELSE 'nothing; the queue is empty'
        END;
        done_at := CASE WHEN tasks_ready OPERATOR(pg_catalog.=) 0 THEN last_done_at END;
    END IF;
END
$function$;

COMMENT ON FUNCTION bat_status_row() IS 'The row of bat_status; NULL for tables that are not there yet.';

CREATE VIEW @extschema@.bat_status AS
SELECT
    COALESCE(s.partners, 0) AS partners,
    COALESCE(s.partners_read, 0) AS partners_read,
    COALESCE(s.listings, 0) AS listings,
    COALESCE(s.listings_live, 0) AS listings_live,
    COALESCE(s.listings_sold, 0) AS listings_sold,
    COALESCE(s.vehicles, 0) AS vehicles,
    COALESCE(s.pages, 0) AS pages,
    s.tasks_ready,
    s.tasks_waiting,
    s.tasks_running,
    s.tasks_dead,
    s.hosts_resting,
    s.requests_last_day,
    s.last_job,
    s.last_status,
    s.last_finished_at,
    s.last_message,
    s.scheduled_workers,
    s.health,
    s.problems,
    s.doing,
    s.done_at
FROM @extschema@.bat_status_row() AS s;
COMMENT ON VIEW bat_status IS
    'One row: what is stored, what is queued, how the last run ended; whether all is well, what is being done, and when that will '
    'be done: SELECT health, doing, done_at FROM bat_status;';
COMMENT ON COLUMN bat_status.scheduled_workers IS
    'How many workers pg_cron starts every minute; NULL where pg_cron is not in this database or not for this role.';
COMMENT ON COLUMN bat_status.partners IS 'Partners that the directory shows.';
COMMENT ON COLUMN bat_status.partners_read IS 'Those whose own site was read.';
COMMENT ON COLUMN bat_status.listings IS 'Stored listings, those of others than partners among them.';
COMMENT ON COLUMN bat_status.tasks_ready IS 'Tasks of the queue that are due.';
COMMENT ON COLUMN bat_status.tasks_waiting IS 'Tasks whose time is to come.';
COMMENT ON COLUMN bat_status.hosts_resting IS 'Hosts that are left alone for now.';
COMMENT ON COLUMN bat_status.health IS
    'healthy; needs attention: see bat_problems; standing still: nothing is done, though something is due; not set up: there '
    'are no tables yet, bat_setup() or any job makes them.';
COMMENT ON COLUMN bat_status.problems IS 'Rows of bat_problems. Of those that pass by themselves it may have some and be healthy.';
COMMENT ON COLUMN bat_status.doing IS 'The runs that are under way, as in bat_progress; else what is due next.';
COMMENT ON COLUMN bat_status.done_at IS
    'When the runs that are under way will have done all that is due, if it goes on as it did; where nothing is due, when the '
    'last run ended; NULL where that is unknown: nobody is at work, or the rate is not known yet.';

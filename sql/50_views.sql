-- Views. The user-owned tables need not exist yet when the extension is created, so what reads them is a
-- function whose body is looked at when it runs.

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
    OUT scheduled_workers bigint
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.businesses') IS NOT NULL THEN
        SELECT
            pg_catalog.count(*) FILTER (WHERE b.status OPERATOR(pg_catalog.=) 'active'),
            pg_catalog.count(*) FILTER (WHERE b.metadata OPERATOR(pg_catalog.?) 'enriched_at')
        INTO partners, partners_read
        FROM @extschema@.businesses AS b
        WHERE b.discovered_via OPERATOR(pg_catalog.=) 'bat_local_partners';
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
    SELECT
        pg_catalog.count(*) FILTER (
            WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                AND t.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
        ),
        pg_catalog.count(*) FILTER (
            WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                AND t.run_after OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
        ),
        pg_catalog.count(*) FILTER (WHERE t.state OPERATOR(pg_catalog.=) 'running'),
        pg_catalog.count(*) FILTER (WHERE t.state OPERATOR(pg_catalog.=) 'dead')
    INTO tasks_ready, tasks_waiting, tasks_running, tasks_dead
    FROM @extschema@.bat_tasks AS t;
    SELECT pg_catalog.count(*)
    INTO hosts_resting
    FROM @extschema@.bat_hosts AS h
    WHERE h.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp();
    SELECT pg_catalog.count(*)
    INTO requests_last_day
    FROM @extschema@.bat_fetches AS f
    WHERE f.requested_at OPERATOR(pg_catalog.>)
        (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '1 day');
    SELECT r.job, r.status, r.finished_at, r.message
    INTO last_job, last_status, last_finished_at, last_message
    FROM @extschema@.bat_runs AS r
    ORDER BY r.id DESC
    LIMIT 1;
    IF @extschema@.bat_cron_is_here() THEN
        SELECT pg_catalog.count(*)
        INTO scheduled_workers
        FROM @extschema@.bat_scheduled() AS j
        WHERE j.active AND j.command OPERATOR(pg_catalog.~~) 'CALL %';
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
    s.scheduled_workers
FROM @extschema@.bat_status_row() AS s;
COMMENT ON VIEW bat_status IS 'One row: what is stored, what is queued, how the last run ended.';
COMMENT ON COLUMN bat_status.scheduled_workers IS
    'How many workers pg_cron starts every minute; NULL where pg_cron is not in this database or not for this role.';

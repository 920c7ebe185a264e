-- What needs a person: each cause once, with one example and what to do. What is read here need not exist, or may not
-- be open to the caller, so each part is a function.

CREATE FUNCTION bat_task_url(kind text, key text)
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    found text;
BEGIN
    IF kind OPERATOR(pg_catalog.=) 'member' THEN
        RETURN pg_catalog.concat(
            'https://bringatrailer.com/member/', pg_catalog.split_part(key, '#', 1), '/'
        );
    ELSIF kind OPERATOR(pg_catalog.=) 'catalogue' THEN
        RETURN CASE key
            WHEN 'live' THEN 'https://bringatrailer.com/auctions/'
            ELSE 'https://bringatrailer.com/auctions/results/'
        END;
    ELSIF kind OPERATOR(pg_catalog.=) 'inventory_item' THEN
        RETURN pg_catalog.split_part(key, ' ', 2);
    ELSIF kind OPERATOR(pg_catalog.<>) ALL (ARRAY['enrich', 'images', 'inventory']) THEN
        RETURN key;
    ELSIF pg_catalog.to_regclass('@extschema@.businesses') IS NOT NULL THEN
        SELECT b.website INTO found FROM @extschema@.businesses AS b WHERE b.id::text OPERATOR(pg_catalog.=) pg_catalog.split_part(key, '#', 1);
    END IF;
    RETURN found;
END
$function$;
COMMENT ON FUNCTION bat_task_url(text, text) IS 'The page that a task of a kind and key is about.';

CREATE FUNCTION bat_task_advice(kind text, sqlstate text)
RETURNS text
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_catalog.concat(
        CASE sqlstate
            WHEN '02000' THEN
                'The page was removed from the site. To forget such tasks: DELETE FROM @extschema@.bat_tasks WHERE '
                'state = ''dead'' AND last_sqlstate = ''02000''; or, to look once more: '
            WHEN '08004' THEN pg_catalog.format(
                'The site refuses. Tell it who asks, and ask less: ALTER DATABASE %I SET bat_partners.contact = '
                '''you@example.com''; ALTER DATABASE %I SET bat_partners.request_delay = ''5s''; then ',
                pg_catalog.current_database(), pg_catalog.current_database()
            )
            WHEN '08006' THEN 'No answer, or a server error. Open the page in a browser; if it comes: '
            WHEN '09000' THEN
                'A trigger of the table returns NULL for the row. Let it return NEW, or disable it, then '
            WHEN '22000' THEN
                'Open the page in a browser. If it looks right there, its markup has changed: its body is in '
                '@extschema@.bat_pages, with parser_version 0. After an update of the extension: '
            WHEN '38003' THEN pg_catalog.concat(
                'robots.txt forbids the page, and it is not asked for. ',
                CASE WHEN kind OPERATOR(pg_catalog.=) 'member' THEN
                    'The catalogue tells of all listings, also of those of members whose pages are forbidden: '
                    'CALL @extschema@.bat_sweep(full_history => true); '
                END,
                'To forget such tasks: DELETE FROM @extschema@.bat_tasks WHERE state = ''dead'' AND last_sqlstate = '
                '''38003''; if robots.txt has changed: '
            )
            WHEN '42501' THEN
                'The address may not be reached, or the worker lacks a privilege. Correct the link or the privileges, '
                'then '
            WHEN '54000' THEN 'The page is too large. As a superuser raise bat_partners.max_page_size, then '
            WHEN '57P01' THEN
                'Its worker was cancelled or killed at this page, each time. Look into the server''s log, then '
            ELSE CASE
                WHEN sqlstate OPERATOR(pg_catalog.=) ANY (ARRAY['42P01', '42704', '42883']) THEN
                    'If a trigger or a check of yours names it without its schema: nothing is looked up outside of '
                    'pg_catalog while a page is stored. ALTER FUNCTION your_function() SET search_path = your_schema; '
                    'then '
                ELSE 'Mend the cause, then '
            END
        END,
        'SELECT @extschema@.bat_retry(',
        pg_catalog.quote_literal(kind),
        ');'
    )
$function$;
COMMENT ON FUNCTION bat_task_advice(text, text) IS 'What to do about tasks of a kind that failed with a SQLSTATE.';

CREATE FUNCTION bat_problems_of_tasks()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH failing AS (
        SELECT
            t.kind,
            t.last_sqlstate AS sqlstate,
            CASE t.state WHEN 'dead' THEN 'dead' ELSE 'retrying' END AS state,
            t.key,
            t.last_error,
            t.last_error_at,
            t.run_after,
            pg_catalog.row_number() OVER same_cause AS place
        FROM @extschema@.bat_tasks AS t
        WHERE t.last_error IS NOT NULL
            AND (t.state OPERATOR(pg_catalog.=) 'dead' OR t.attempts OPERATOR(pg_catalog.>=) 2)
        WINDOW same_cause AS (
            PARTITION BY t.kind, t.last_sqlstate, t.state OPERATOR(pg_catalog.=) 'dead'
            ORDER BY t.last_error_at DESC, t.id
        )
    )
    SELECT
        CASE f.state WHEN 'dead' THEN 'tasks are dead' ELSE 'tasks keep failing' END,
        f.kind,
        f.sqlstate,
        f.state,
        pg_catalog.count(*),
        pg_catalog.min(f.key) FILTER (WHERE f.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(@extschema@.bat_task_url(f.kind, f.key)) FILTER (WHERE f.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(f.last_error) FILTER (WHERE f.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.max(f.last_error_at),
        CASE f.state WHEN 'dead' THEN NULL ELSE pg_catalog.min(f.run_after) END,
        CASE f.state
            WHEN 'dead' THEN @extschema@.bat_task_advice(f.kind, f.sqlstate)
            ELSE 'Nothing yet: they are tried again by themselves, and are dead after bat_partners.max_attempts.'
        END
    FROM failing AS f
    GROUP BY f.kind, f.sqlstate, f.state
$function$;
COMMENT ON FUNCTION bat_problems_of_tasks() IS 'Tasks that are dead, and tasks that failed twice or more.';

CREATE FUNCTION bat_problems_of_hosts()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        CASE WHEN h.is_paused THEN 'hosts are paused by hand' ELSE 'hosts are left alone for now' END,
        NULL::text,
        NULL::text,
        CASE WHEN h.is_paused THEN 'paused' ELSE 'resting' END,
        pg_catalog.count(*),
        pg_catalog.min(h.host) FILTER (WHERE h.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(pg_catalog.concat('https://', h.host, '/')) FILTER (WHERE h.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(h.resting_reason) FILTER (WHERE h.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.max(h.updated_at),
        CASE WHEN h.is_paused THEN NULL ELSE pg_catalog.min(h.resting_until) END,
        pg_catalog.concat(
            CASE
                WHEN h.is_paused THEN 'To go on: '
                ELSE 'The site asked for patience: wait until it is over. To go on before that, set '
                    'bat_partners.contact, raise bat_partners.request_delay, and '
            END,
            'SELECT @extschema@.bat_resume(',
            pg_catalog.quote_literal(pg_catalog.min(h.host) FILTER (WHERE h.place OPERATOR(pg_catalog.=) 1)),
            ');'
        )
    FROM (
        SELECT
            b.*,
            b.resting_reason OPERATOR(pg_catalog.=) 'paused by hand' AS is_paused,
            pg_catalog.row_number() OVER (
                PARTITION BY b.resting_reason OPERATOR(pg_catalog.=) 'paused by hand'
                ORDER BY b.resting_until DESC, b.host
            ) AS place
        FROM @extschema@.bat_hosts AS b
        WHERE b.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
    ) AS h
    GROUP BY h.is_paused
$function$;
COMMENT ON FUNCTION bat_problems_of_hosts() IS 'Hosts that no request is made to for now.';

CREATE FUNCTION bat_problems_of_runs()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        pg_catalog.format('the last run ended as %s', r.status),
        NULL::text,
        NULL::text,
        r.status,
        1::bigint,
        r.job,
        NULL::text,
        pg_catalog.concat('run ', r.id, ': ', r.message),
        r.finished_at,
        NULL::timestamptz,
        CASE
            WHEN r.status OPERATOR(pg_catalog.=) 'blocked' THEN
                'The other rows tell which host refuses, and what to do about it.'
            WHEN r.message OPERATOR(pg_catalog.~~) 'interrupted:%' THEN
                'Nothing is lost: its tasks are back in the queue. CALL @extschema@.bat_work(600);'
            ELSE 'The dead tasks tell why: SELECT * FROM @extschema@.bat_tasks WHERE state = ''dead'';'
        END
    FROM (
        SELECT DISTINCT ON (b.job) b.*
        FROM @extschema@.bat_runs AS b
        WHERE b.finished_at OPERATOR(pg_catalog.>)
            (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '7 days')
        ORDER BY b.job, b.finished_at DESC, b.id DESC
    ) AS r
    WHERE r.status OPERATOR(pg_catalog.=) ANY (ARRAY['failed', 'blocked'])
$function$;
COMMENT ON FUNCTION bat_problems_of_runs() IS 'Jobs whose last run within a week failed or was blocked.';

CREATE FUNCTION bat_problems_of_tables()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- On a standby no job can run in any case.
    IF pg_catalog.pg_is_in_recovery() THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        'existing tables cannot be adopted',
        NULL::text,
        '55000',
        NULL::text,
        pg_catalog.count(*),
        pg_catalog.split_part(pg_catalog.min(o.line), ' ', 1),
        NULL::text,
        pg_catalog.min(o.line),
        NULL::timestamptz,
        NULL::timestamptz,
        'Change or rename what SELECT @extschema@.bat_obstacles(); lists, then SELECT @extschema@.bat_setup();'
    FROM pg_catalog.unnest(@extschema@.bat_obstacles()) AS o (line)
    HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0;
END
$function$;
COMMENT ON FUNCTION bat_problems_of_tables() IS 'Tables of the user that stand in the way: no job can run.';

-- Vehicles whose table was emptied, or renamed, leave their listings behind.
CREATE FUNCTION bat_problems_of_vehicles()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.bat_listings') IS NULL
        OR pg_catalog.to_regclass('@extschema@.vehicles') IS NULL
        OR pg_catalog.to_regclass('@extschema@.businesses') IS NULL
    THEN
        RETURN;
    END IF;
    -- A few listings tell, by the index, whether all are to be looked at: a single vehicle is deleted by intention.
    IF (
        SELECT pg_catalog.count(v.id) OPERATOR(pg_catalog.*) 2 OPERATOR(pg_catalog.>=) pg_catalog.count(*)
        FROM (
            SELECT b.vehicle_id
            FROM @extschema@.bat_listings AS b
            WHERE b.vehicle_id IS NOT NULL
            ORDER BY b.vehicle_id
            LIMIT 100
        ) AS l
        LEFT JOIN @extschema@.vehicles AS v ON v.id OPERATOR(pg_catalog.=) l.vehicle_id
    ) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        'listings without their vehicle',
        NULL::text,
        NULL::text,
        NULL::text,
        pg_catalog.count(*),
        pg_catalog.min(l.url),
        pg_catalog.min(l.url),
        NULL::text,
        NULL::timestamptz,
        NULL::timestamptz,
        'If their vehicles are to be there: CALL @extschema@.bat_reparse(''listing''); makes them anew from the archive. Of what '
        'that has no page: SELECT @extschema@.bat_enqueue(''listing'', l.url) FROM @extschema@.bat_listings AS l WHERE '
        'l.organization_id IS NOT NULL AND NOT EXISTS (SELECT FROM @extschema@.vehicles AS v WHERE v.id = l.vehicle_id);'
    FROM @extschema@.bat_listings AS l
    WHERE l.vehicle_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM @extschema@.vehicles AS v WHERE v.id OPERATOR(pg_catalog.=) l.vehicle_id)
        -- Without their partner they get none.
        AND EXISTS (SELECT FROM @extschema@.businesses AS b WHERE b.id OPERATOR(pg_catalog.=) l.organization_id)
    HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_problems_of_vehicles() IS 'Listings whose vehicles are gone with their table.';

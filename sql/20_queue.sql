-- The queue's own tables: members of the extension, whose rows pg_dump carries.

CREATE TABLE @extschema@.bat_runs (
    id bigserial PRIMARY KEY,
    job text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'running'
        CHECK (status OPERATOR(pg_catalog.=) ANY (
            ARRAY['running', 'done', 'partial', 'nothing_to_do', 'blocked', 'failed']
        )),
    inserted integer NOT NULL DEFAULT 0,
    updated integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    found integer NOT NULL GENERATED ALWAYS AS (
        inserted
            OPERATOR(pg_catalog.+) updated
            OPERATOR(pg_catalog.+) unchanged
            OPERATOR(pg_catalog.+) skipped
            OPERATOR(pg_catalog.+) failed
    ) STORED,
    refused integer NOT NULL DEFAULT 0,
    requests integer NOT NULL DEFAULT 0,
    tasks integer NOT NULL DEFAULT 0,
    message text,
    pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    started_by name NOT NULL DEFAULT CURRENT_USER,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at timestamptz
)
-- A run's row is rewritten after every page: room for that in its own page.
WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE bat_runs IS 'One row per call of a job, with its counts.';
COMMENT ON COLUMN bat_runs.tasks IS 'How many tasks of the queue it has settled, whatever came of them.';
COMMENT ON COLUMN bat_runs.refused IS
    'How often the site refused: robots.txt, 401, 403, challenge pages. Also for tasks that are tried again, which are in '
    'no other count yet.';
-- Neither is touched by the counts of a run: its row stays in its page.
CREATE INDEX bat_runs_job ON @extschema@.bat_runs (job, id);
CREATE INDEX bat_runs_running ON @extschema@.bat_runs (id) WHERE status OPERATOR(pg_catalog.=) 'running';

CREATE TABLE @extschema@.bat_tasks (
    id bigserial PRIMARY KEY,
    kind text NOT NULL
        CHECK (kind OPERATOR(pg_catalog.=) ANY (
            ARRAY['directory', 'catalogue', 'enrich', 'member', 'listing', 'images', 'inventory', 'inventory_item']
        )),
    key text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    host text NOT NULL,
    state text NOT NULL DEFAULT 'ready' CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['ready', 'running', 'dead'])),
    priority smallint NOT NULL,
    run_after timestamptz NOT NULL DEFAULT pg_catalog.now(),
    again_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    token uuid,
    lease_until timestamptz,
    run_id bigint,
    last_error text,
    last_sqlstate text,
    last_error_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    UNIQUE (kind, key)
)
-- A queue's rows are short-lived: room for in-page updates, and an early vacuum.
WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE bat_tasks IS 'One row per page to fetch and store. Tasks that are done leave the table; dead ones stay with their error.';
COMMENT ON COLUMN bat_tasks.again_at IS 'When to do it once more, asked for while it was running.';
CREATE INDEX bat_tasks_claim ON @extschema@.bat_tasks (host, priority, run_after, id)
    WHERE state OPERATOR(pg_catalog.=) 'ready';
CREATE INDEX bat_tasks_due ON @extschema@.bat_tasks (host, run_after) WHERE state OPERATOR(pg_catalog.=) 'ready';
-- What bat_problems looks for: few, of a queue that may be long.
CREATE INDEX bat_tasks_failed ON @extschema@.bat_tasks (kind, last_sqlstate) WHERE last_error IS NOT NULL;
CREATE INDEX bat_tasks_lease ON @extschema@.bat_tasks (lease_until) WHERE state OPERATOR(pg_catalog.=) 'running';

CREATE TABLE @extschema@.bat_hosts (
    host text PRIMARY KEY,
    robots_txt text,
    robots_status integer,
    robots_fetched_at timestamptz,
    resting_until timestamptz,
    resting_reason text,
    refusals integer NOT NULL DEFAULT 0,
    slowdown double precision NOT NULL DEFAULT 1 CHECK (slowdown OPERATOR(pg_catalog.>=) 1),
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE bat_hosts IS 'What is known of each host: its robots.txt, and whether it is left alone for now.';
COMMENT ON COLUMN bat_hosts.host IS 'Its name, with the port if that is not its scheme''s own. The robots.txt of plain http is in a row of its own, with the port 80.';
COMMENT ON COLUMN bat_hosts.slowdown IS 'By how much its delay is stretched now: raised by errors and slow answers, lowered slowly by good ones.';

CREATE TABLE @extschema@.bat_fetches (
    id bigserial PRIMARY KEY,
    requested_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    run_id bigint,
    task_id bigint,
    host text NOT NULL,
    url text NOT NULL,
    status integer,
    outcome text NOT NULL,
    bytes integer NOT NULL DEFAULT 0,
    elapsed_ms integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE bat_fetches IS 'One row per request.';
CREATE INDEX bat_fetches_requested_at ON @extschema@.bat_fetches USING brin (requested_at);

SELECT pg_catalog.pg_extension_config_dump('bat_runs', '');
SELECT pg_catalog.pg_extension_config_dump('bat_runs_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('bat_tasks', '');
SELECT pg_catalog.pg_extension_config_dump('bat_tasks_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('bat_hosts', '');
SELECT pg_catalog.pg_extension_config_dump('bat_fetches', '');
SELECT pg_catalog.pg_extension_config_dump('bat_fetches_id_seq', '');

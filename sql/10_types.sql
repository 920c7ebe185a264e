-- What pages say is UTF-8, and reaches the tables as it is: in a database of another encoding it would be stored as something
-- else. One without any (SQL_ASCII) keeps the bytes, but does not know where a letter ends. First of all, so that nothing is
-- made where it is refused.
DO $check$
DECLARE
    encoding CONSTANT pg_catalog.text := pg_catalog.current_setting('server_encoding');
    advice CONSTANT pg_catalog.text :=
        'Make one with CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0; and create the extension there.';
BEGIN
    IF encoding OPERATOR(pg_catalog.<>) ALL (ARRAY['UTF8', 'SQL_ASCII']) THEN
        RAISE EXCEPTION 'bat_partners needs a database whose encoding is UTF8: the encoding of this one is %', encoding
            USING ERRCODE = 'feature_not_supported', HINT = advice;
    ELSIF encoding OPERATOR(pg_catalog.=) 'SQL_ASCII' THEN
        RAISE WARNING 'bat_partners is made for a database whose encoding is UTF8: this one has none (SQL_ASCII)'
            USING HINT = advice;
    END IF;
END
$check$;

-- What every job returns. found = inserted + updated + unchanged + skipped + failed, always.
CREATE TYPE @extschema@.bat_summary AS (
    run_id bigint,
    status text,
    found integer,
    inserted integer,
    updated integer,
    unchanged integer,
    skipped integer,
    failed integer,
    requests integer,
    elapsed interval,
    message text
);

COMMENT ON TYPE bat_summary IS
    'What a job did. found = inserted + updated + unchanged + skipped + failed, always.';

-- What a worker is told to do next: perform a task, wait, or end.
CREATE TYPE @extschema@.bat_step AS (
    task_id bigint,
    token text,
    wait_ms integer,
    is_over boolean
);

COMMENT ON TYPE bat_step IS 'What a worker is told to do next.';

-- A job of pg_cron, as bat_schedule, bat_unschedule and bat_scheduled return it.
CREATE TYPE @extschema@.bat_job AS (
    jobid bigint,
    jobname text,
    schedule text,
    command text,
    database text,
    username text,
    active boolean
);
COMMENT ON TYPE bat_job IS 'A job of pg_cron that belongs to this extension and this database.';

-- A row of bat_problems.
CREATE TYPE @extschema@.bat_problem AS (
    problem text,
    kind text,
    sqlstate text,
    state text,
    count bigint,
    example_key text,
    example_url text,
    example_error text,
    last_seen_at timestamptz,
    next_try_at timestamptz,
    what_to_do text
);
COMMENT ON TYPE bat_problem IS 'Something that needs a person: one cause, how often, one example, and what to do.';

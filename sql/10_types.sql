-- What every job returns. found = inserted + updated + unchanged + skipped + failed, always.
CREATE TYPE bat_summary AS (
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

-- What a worker is told to do next: perform a task, wait, or end.
CREATE TYPE bat_step AS (
    task_id bigint,
    token text,
    wait_ms integer,
    is_over boolean
);

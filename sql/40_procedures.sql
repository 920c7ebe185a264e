-- The procedures: they commit as they go. They carry no SET clause and no SECURITY DEFINER, since either
-- would forbid COMMIT; so every name in them is qualified. Each of their transactions is READ COMMITTED, whatever
-- default_transaction_isolation says: workers share a queue, and above that level would fail with 40001 all the time.

-- The loop of all workers: performs tasks until there is nothing to do for this run.
CREATE PROCEDURE bat_work_off(run bigint, INOUT summary @extschema@.bat_summary DEFAULT NULL)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    step @extschema@.bat_step;
BEGIN
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    step := @extschema@.bat_next_step(run);
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    WHILE NOT step.is_over LOOP
        IF step.task_id IS NULL THEN
            PERFORM @extschema@.bat_wait(step.wait_ms);
        ELSE
            PERFORM @extschema@.bat_perform(run, step.task_id, step.token);
        END IF;
        -- The next claim is committed together with this page, and before its own page is fetched.
        step := @extschema@.bat_next_step(run);
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END LOOP;
    summary := @extschema@.bat_finish_run(run);
    COMMIT;
END
$procedure$;

CREATE PROCEDURE bat_ingest(
    max_pages integer DEFAULT 10,
    max_partners integer DEFAULT NULL,
    listing_limit integer DEFAULT NULL,
    skip_index boolean DEFAULT false,
    skip_enrich boolean DEFAULT false,
    skip_import boolean DEFAULT false,
    INOUT summary @extschema@.bat_summary DEFAULT NULL
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    run bigint;
BEGIN
    PERFORM @extschema@.bat_require_top_level('bat_ingest');
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    run := @extschema@.bat_begin_ingest(
        max_pages, max_partners, listing_limit, skip_index, skip_enrich, skip_import
    );
    CALL @extschema@.bat_work_off(run, summary);
END
$procedure$;

CREATE PROCEDURE bat_sweep(
    max_pages integer DEFAULT NULL,
    full_history boolean DEFAULT false,
    INOUT summary @extschema@.bat_summary DEFAULT NULL
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    run bigint;
BEGIN
    PERFORM @extschema@.bat_require_top_level('bat_sweep');
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    run := @extschema@.bat_begin_sweep(max_pages, full_history);
    CALL @extschema@.bat_work_off(run, summary);
END
$procedure$;

CREATE PROCEDURE bat_work(
    max_seconds integer DEFAULT 50,
    kinds text[] DEFAULT NULL,
    max_tasks integer DEFAULT NULL,
    INOUT summary @extschema@.bat_summary DEFAULT NULL
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    run bigint;
BEGIN
    PERFORM @extschema@.bat_require_top_level('bat_work');
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    run := @extschema@.bat_begin_work(max_seconds, kinds, max_tasks);
    CALL @extschema@.bat_work_off(run, summary);
END
$procedure$;

COMMENT ON PROCEDURE bat_work_off(bigint, bat_summary) IS 'The loop of all workers. For the procedures.';
COMMENT ON PROCEDURE bat_ingest(integer, integer, integer, boolean, boolean, boolean, bat_summary) IS
    'The directory, then every partner''s own site and listings: commits as it goes; call it again to go on. max_pages: member '
    'pages of each partner; listing_limit: listings of each; the parts can be skipped.';
COMMENT ON PROCEDURE bat_sweep(integer, boolean, bat_summary) IS
    'The site''s catalogue: the live board, then the results from the newest back to where the last sweep began; with '
    'full_history all of them. Commits as it goes; call it again to go on. max_pages: pages of the catalogue in this call.';
COMMENT ON PROCEDURE bat_work(integer, text[], integer, bat_summary) IS
    'Works off the tasks that are due, for so many seconds: of all kinds, or of some; at most max_tasks.';

-- The archived pages, read again by the parser of today. Commits after every batch; see 40_procedures.sql.

CREATE PROCEDURE bat_reparse(kind text DEFAULT NULL, INOUT summary @extschema@.bat_summary DEFAULT NULL)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    run bigint;
BEGIN
    PERFORM @extschema@.bat_require_top_level('bat_reparse');
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    run := @extschema@.bat_begin_reparse(kind);
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    WHILE @extschema@.bat_reparse_batch(run) LOOP
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END LOOP;
    summary := @extschema@.bat_finish_reparse(run);
    COMMIT;
END
$procedure$;
COMMENT ON PROCEDURE bat_reparse(text, bat_summary) IS
    'Brings rows to what the parser of today reads in the archived pages, with no request. Kinds: listing, directory, '
    'website, member; all without one. Commits after every batch; call again to go on.';

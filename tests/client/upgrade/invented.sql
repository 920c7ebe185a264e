-- What a version to come may bring: columns, a table with its dump, a view, functions, a check, what PUBLIC may do.
ALTER TABLE bat_runs ADD COLUMN note text CHECK (note <> '');
COMMENT ON COLUMN bat_runs.note IS 'What a person has to say of the run.';
ALTER TABLE bat_tasks DROP CONSTRAINT bat_tasks_kind_check;
ALTER TABLE bat_tasks ADD CONSTRAINT bat_tasks_kind_check CHECK (kind <> '');
CREATE TABLE bat_marks (
    id bigserial PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES bat_runs (id) ON DELETE CASCADE,
    mark text NOT NULL DEFAULT 'none'
);
CREATE INDEX bat_marks_run ON bat_marks (run_id);
SELECT pg_catalog.pg_extension_config_dump('bat_marks', '');
SELECT pg_catalog.pg_extension_config_dump('bat_marks_id_seq', '');
CREATE VIEW bat_marked AS SELECT r.id, r.note, m.mark FROM bat_runs AS r JOIN bat_marks AS m ON m.run_id = r.id;
COMMENT ON VIEW bat_marked IS 'The runs with marks.';
CREATE FUNCTION bat_mark(run bigint, mark text) RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO bat_marks (run_id, mark) VALUES ($1, $2) RETURNING id;
END;
REVOKE ALL ON ROUTINE bat_mark(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION bat_mark(bigint, text) IS 'Marks a run; returns the id of the mark.';
CREATE OR REPLACE FUNCTION bat_parse_partners(html text) RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2000
AS 'MODULE_PATHNAME', 'bat_parse_partners_wrapper';

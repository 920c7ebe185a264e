-- How often the parsers found each field. A member of the extension, whose rows pg_dump carries.

CREATE TABLE @extschema@.bat_coverage (
    run_id bigint NOT NULL,
    kind text NOT NULL,
    field text NOT NULL,
    is_of_archive boolean NOT NULL DEFAULT false,
    is_steady boolean NOT NULL DEFAULT true,
    pages integer NOT NULL CHECK (pages OPERATOR(pg_catalog.>) 0),
    filled integer NOT NULL CHECK (filled OPERATOR(pg_catalog.>=) 0 AND filled OPERATOR(pg_catalog.<=) pages),
    examples text[] NOT NULL DEFAULT '{}',
    last_seen_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (run_id, kind, field)
);
COMMENT ON TABLE bat_coverage IS
    'How often each field was found: one row per run, kind of page and field. bat_field_coverage compares them.';
COMMENT ON COLUMN bat_coverage.kind IS
    'listing, member, website: one page each; directory: its partners; catalogue, live_board: their listings; inventory: '
    'the items on dealers'' own lists.';
COMMENT ON COLUMN bat_coverage.field IS
    'Key of what the parser returns; outcome: whether a listing that is over tells how it ended.';
COMMENT ON COLUMN bat_coverage.is_of_archive IS 'Counted by bat_reparse: pages as they were fetched some time ago.';
COMMENT ON COLUMN bat_coverage.is_steady IS
    'False: whether a page has it depends on what is offered, and by whom. It is counted, and raises no alarm.';
COMMENT ON COLUMN bat_coverage.pages IS
    'How many pages, partners or listings can have the field: a price is expected of what was sold.';
COMMENT ON COLUMN bat_coverage.filled IS 'How many of them have it.';
COMMENT ON COLUMN bat_coverage.examples IS 'URLs of up to three pages that lack it.';
COMMENT ON COLUMN bat_coverage.last_seen_at IS 'When this was last added to.';
-- Comparisons go back from the newest run, as far as they need.
CREATE INDEX bat_coverage_of_site ON @extschema@.bat_coverage (kind, field, last_seen_at, run_id)
    WHERE NOT is_of_archive;

SELECT pg_catalog.pg_extension_config_dump('bat_coverage', '');

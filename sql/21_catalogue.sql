-- What is known of the site's catalogue: its feeds, and the windows in which a long one is read. Members of the
-- extension, whose rows pg_dump carries.

CREATE TABLE @extschema@.bat_catalogue (
    feed text PRIMARY KEY,
    state text NOT NULL DEFAULT 'reading'
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['reading', 'complete', 'incomplete', 'divided'])),
    stated integer,
    shown integer NOT NULL DEFAULT 0,
    pages integer NOT NULL DEFAULT 0,
    covered_until timestamptz,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
COMMENT ON TABLE bat_catalogue IS
    'The feeds of the site''s catalogue: live, results, and history with its windows; what the site states, and what it showed.';
COMMENT ON COLUMN bat_catalogue.feed IS 'live, results, history; a window of the history with the query that asks for it.';
COMMENT ON COLUMN bat_catalogue.state IS
    'reading; complete: all that was stated is shown; incomplete: less; divided: too long, read in windows of its own.';
COMMENT ON COLUMN bat_catalogue.stated IS 'How many listings the site states for it.';
COMMENT ON COLUMN bat_catalogue.shown IS
    'How many different listings its pages showed; of the whole history: how many ended ones are stored.';
COMMENT ON COLUMN bat_catalogue.pages IS 'How many pages were read.';
COMMENT ON COLUMN bat_catalogue.covered_until IS 'Of results: every auction that ended until then and that they reach is stored.';

-- Which listings a window has shown so far: its order shifts while it is read. Emptied when it is done.
CREATE TABLE @extschema@.bat_catalogue_shown (
    feed text NOT NULL,
    listing_id bigint NOT NULL,
    PRIMARY KEY (feed, listing_id)
);
COMMENT ON TABLE bat_catalogue_shown IS 'The listings that windows of the history have shown, while they are being read.';

SELECT pg_catalog.pg_extension_config_dump('bat_catalogue', '');
SELECT pg_catalog.pg_extension_config_dump('bat_catalogue_shown', '');

-- The drift alarm: how often each field is found now, against how often it was found before.
--
-- Runs differ in size: a worker's has some thirty pages, an ingest's thousands. So they are compared in samples: the
-- newest run, and as many before it as it takes to have fifty pages. What bat_reparse counts is left out: it reads
-- thousands of old pages at once, which lack what the site lacked then, and would pass for what the site is today.

-- Below half of what is usual, and not by chance: the probability of finding so few, if nothing had changed, is below
-- exp(-14), one in a million (Chernoff's bound for a binomial count). There are a hundred fields, each looked at many times
-- a day. It takes some twelve finds that are missing: a field of two pages in a hundred is silent in a sample of fifty.
CREATE FUNCTION bat_is_cliff(pages bigint, filled bigint, usual double precision)
RETURNS boolean
LANGUAGE plpgsql
IMMUTABLE
STRICT
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- A field that was always found may be missing once in a hundred pages.
    share_before CONSTANT double precision := LEAST(usual, 0.99);
    share double precision;
BEGIN
    IF pages OPERATOR(pg_catalog.<) 50
        OR filled OPERATOR(pg_catalog.>=) (pages OPERATOR(pg_catalog.*) usual OPERATOR(pg_catalog./) 2)
    THEN
        RETURN false;
    END IF;
    share := filled::double precision OPERATOR(pg_catalog./) pages;
    RETURN pages OPERATOR(pg_catalog.*) (
        CASE
            WHEN filled OPERATOR(pg_catalog.=) 0 THEN 0
            ELSE share OPERATOR(pg_catalog.*) pg_catalog.ln(share OPERATOR(pg_catalog./) share_before)
        END
        OPERATOR(pg_catalog.+) (
            (1 OPERATOR(pg_catalog.-) share) OPERATOR(pg_catalog.*) pg_catalog.ln(
                (1 OPERATOR(pg_catalog.-) share) OPERATOR(pg_catalog./) (1 OPERATOR(pg_catalog.-) share_before)
            )
        )
    ) OPERATOR(pg_catalog.>) 14;
END
$function$;
COMMENT ON FUNCTION bat_is_cliff(bigint, bigint, double precision) IS
    'Whether a field that is found on so many of so many pages was lost, where its usual share is another.';

-- One sample: the newest runs before a point.
CREATE FUNCTION bat_coverage_sample(
    kind text,
    field text,
    before_at timestamptz,
    before_run bigint,
    OUT run_id bigint,
    OUT pages bigint,
    OUT filled bigint,
    OUT is_steady boolean,
    OUT examples text[],
    OUT last_seen_at timestamptz,
    OUT first_at timestamptz,
    OUT first_run bigint
)
LANGUAGE plpgsql
STABLE
AS $function$
DECLARE
    run record;
BEGIN
    pages := 0;
    filled := 0;
    examples := '{}';
    FOR run IN
        SELECT c.run_id, c.pages, c.filled, c.is_steady, c.examples, c.last_seen_at
        FROM @extschema@.bat_coverage AS c
        WHERE c.kind OPERATOR(pg_catalog.=) bat_coverage_sample.kind
            AND c.field OPERATOR(pg_catalog.=) bat_coverage_sample.field
            AND NOT c.is_of_archive
            AND ROW(c.last_seen_at, c.run_id) OPERATOR(pg_catalog.<) ROW(before_at, before_run)
        ORDER BY c.last_seen_at DESC, c.run_id DESC
        -- A run has at least one page.
        LIMIT 50
    LOOP
        run_id := COALESCE(run_id, run.run_id);
        is_steady := COALESCE(is_steady, run.is_steady);
        last_seen_at := COALESCE(last_seen_at, run.last_seen_at);
        pages := pages OPERATOR(pg_catalog.+) run.pages;
        filled := filled OPERATOR(pg_catalog.+) run.filled;
        examples := (examples OPERATOR(pg_catalog.||) run.examples)[1:3];
        first_at := run.last_seen_at;
        first_run := run.run_id;
        EXIT WHEN pages OPERATOR(pg_catalog.>=) 50;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_coverage_sample(text, text, timestamptz, bigint) IS
    'The counts of the newest runs before a point, as many as it takes to have fifty pages.';

-- A worker that is always busy fills a sample in two minutes, and the usual share would follow a change within the hour,
-- before anybody has looked. So twenty samples are taken as far apart as there are runs to take them from, up to most of
-- a day: what has lasted for three weeks is given up after ten days.
CREATE FUNCTION bat_coverage_before(kind text, field text, at timestamptz, run bigint)
RETURNS double precision[]
LANGUAGE plpgsql
STABLE
AS $function$
DECLARE
    apart interval;
    sample record;
    shares double precision[];
BEGIN
    FOREACH apart IN ARRAY '{20 hours,5 hours,1 hour,10 minutes,0}'::interval[] LOOP
        shares := '{}';
        SELECT at AS first_at, run AS first_run INTO sample;
        LOOP
            SELECT s.* INTO sample
            FROM @extschema@.bat_coverage_sample(
                kind, field, sample.first_at OPERATOR(pg_catalog.-) apart, sample.first_run
            ) AS s;
            EXIT WHEN sample.pages OPERATOR(pg_catalog.<) 50;
            shares := shares OPERATOR(pg_catalog.||)
                (sample.filled::double precision OPERATOR(pg_catalog./) sample.pages);
            EXIT WHEN pg_catalog.cardinality(shares) OPERATOR(pg_catalog.=) 20;
        END LOOP;
        EXIT WHEN pg_catalog.cardinality(shares) OPERATOR(pg_catalog.=) 20;
    END LOOP;
    RETURN shares;
END
$function$;
COMMENT ON FUNCTION bat_coverage_before(text, text, timestamptz, bigint) IS
    'The share of pages on which a field was found, of up to twenty samples before a point.';

CREATE FUNCTION bat_field_coverage_rows(only_lost boolean DEFAULT false)
RETURNS TABLE (
    kind text,
    field text,
    run_id bigint,
    pages bigint,
    filled bigint,
    coverage numeric,
    median numeric,
    samples integer,
    is_steady boolean,
    is_cliff boolean,
    examples text[],
    last_seen_at timestamptz
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    latest record;
    shares double precision[];
    usual double precision;
BEGIN
    kind := '';
    field := '';
    LOOP
        SELECT c.kind, c.field INTO kind, field
        FROM @extschema@.bat_coverage AS c
        WHERE NOT c.is_of_archive
            AND ROW(c.kind, c.field) OPERATOR(pg_catalog.>)
                ROW(bat_field_coverage_rows.kind, bat_field_coverage_rows.field)
        ORDER BY c.kind, c.field
        LIMIT 1;
        EXIT WHEN NOT FOUND;
        SELECT s.* INTO latest
        FROM @extschema@.bat_coverage_sample(kind, field, 'infinity', 0) AS s;
        -- What is found on half of the pages is no cliff, whatever was before: looking back is what takes time.
        CONTINUE WHEN only_lost
            AND latest.filled OPERATOR(pg_catalog.*) 2 OPERATOR(pg_catalog.>=) latest.pages;
        shares := @extschema@.bat_coverage_before(kind, field, latest.first_at, latest.first_run);
        SELECT pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY s.share) INTO usual
        FROM pg_catalog.unnest(shares) AS s (share);
        run_id := latest.run_id;
        pages := latest.pages;
        filled := latest.filled;
        coverage := pg_catalog.round(filled::numeric OPERATOR(pg_catalog./) pages, 4);
        median := pg_catalog.round(usual::numeric, 4);
        samples := pg_catalog.cardinality(shares);
        is_steady := latest.is_steady;
        is_cliff := is_steady
            AND samples OPERATOR(pg_catalog.>=) 3
            AND @extschema@.bat_is_cliff(pages, filled, usual);
        examples := latest.examples;
        last_seen_at := latest.last_seen_at;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_field_coverage_rows(boolean) IS
    'The rows of bat_field_coverage; if only those that may be a cliff are asked for, these.';

CREATE VIEW @extschema@.bat_field_coverage AS
SELECT
    f.kind,
    f.field,
    f.run_id,
    f.pages,
    f.filled,
    f.coverage,
    f.median,
    f.samples,
    f.is_steady,
    f.is_cliff,
    f.examples,
    f.last_seen_at
FROM @extschema@.bat_field_coverage_rows() AS f;
COMMENT ON VIEW bat_field_coverage IS
    'On what share of the pages that can have it each field is found: in the latest sample (the newest run, and as many '
    'before it as it takes to have 50 pages), and before.';
COMMENT ON COLUMN bat_field_coverage.kind IS
    'listing, member, website: one page each; directory: its partners; catalogue, live_board: their listings; inventory: '
    'the items on dealers'' own lists.';
COMMENT ON COLUMN bat_field_coverage.field IS
    'Key of what the parser returns; outcome: whether a listing that is over tells how it ended.';
COMMENT ON COLUMN bat_field_coverage.run_id IS 'The newest run that read such pages.';
COMMENT ON COLUMN bat_field_coverage.pages IS
    'How many pages of the latest sample can have the field: a price is expected of what was sold.';
COMMENT ON COLUMN bat_field_coverage.filled IS 'How many of them have it.';
COMMENT ON COLUMN bat_field_coverage.coverage IS 'Their share, 0 to 1.';
COMMENT ON COLUMN bat_field_coverage.median IS
    'Median of that share over up to 20 samples before, taken up to 20 hours apart; NULL if there is none.';
COMMENT ON COLUMN bat_field_coverage.samples IS 'How many samples that is. There is no alarm with fewer than three.';
COMMENT ON COLUMN bat_field_coverage.is_steady IS
    'False: whether a page has it depends on what is offered, and by whom. It raises no alarm.';
COMMENT ON COLUMN bat_field_coverage.is_cliff IS 'Whether it has fallen below half of the median, and not by chance.';
COMMENT ON COLUMN bat_field_coverage.examples IS
    'URLs of up to three pages that lack it. SELECT bat_page(url) shows those that are in the archive.';
COMMENT ON COLUMN bat_field_coverage.last_seen_at IS 'When the newest run last read such pages.';

CREATE FUNCTION bat_problems_of_coverage()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        'fields are missing on pages where they used to be',
        w.kind,
        NULL::text,
        'missing',
        pg_catalog.count(*),
        pg_catalog.min(w.field) FILTER (WHERE w.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(w.examples[1]) FILTER (WHERE w.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.string_agg(
            pg_catalog.format(
                '%s: %s of %s %s, %s %% before',
                w.field,
                w.filled,
                w.pages,
                CASE
                    WHEN w.kind OPERATOR(pg_catalog.=) 'directory' THEN 'partners'
                    WHEN w.kind OPERATOR(pg_catalog.=) ANY (ARRAY['catalogue', 'live_board']) THEN 'listings'
                    WHEN w.kind OPERATOR(pg_catalog.=) 'inventory' THEN 'items'
                    ELSE 'pages'
                END,
                pg_catalog.round(w.median OPERATOR(pg_catalog.*) 100)
            ),
            '; '
            ORDER BY w.place
        ) FILTER (WHERE w.place OPERATOR(pg_catalog.<=) 5),
        pg_catalog.max(w.last_seen_at),
        NULL::timestamptz,
        pg_catalog.format(
            'All else of these pages is stored as ever. Look at them in a browser%s; more of them: '
            'SELECT * FROM @extschema@.bat_field_coverage WHERE is_cliff; '
            'If the site has moved the fields, update the extension%s If it no longer has them, nothing is to be done: '
            'this ends by itself; at once with DELETE FROM @extschema@.bat_coverage WHERE kind = %L AND field = %L;',
            CASE
                WHEN w.is_archived THEN ', and as they were stored by SELECT @extschema@.bat_page(url)'
                ELSE ''
            END,
            CASE
                WHEN w.is_archived THEN pg_catalog.format(', then CALL @extschema@.bat_reparse(%L);', w.kind)
                ELSE '.'
            END,
            w.kind,
            pg_catalog.min(w.field) FILTER (WHERE w.place OPERATOR(pg_catalog.=) 1)
        )
    FROM (
        SELECT
            f.*,
            f.kind OPERATOR(pg_catalog.=) ANY (ARRAY['listing', 'directory', 'website']) AS is_archived,
            pg_catalog.row_number() OVER (
                PARTITION BY f.kind
                ORDER BY f.median OPERATOR(pg_catalog.-) f.coverage DESC, f.field
            ) AS place
        FROM @extschema@.bat_field_coverage_rows(only_lost => true) AS f
        WHERE f.is_cliff
    ) AS w
    GROUP BY w.kind, w.is_archived
$function$;
COMMENT ON FUNCTION bat_problems_of_coverage() IS
    'Fields that are found on less than half of the pages that they used to be found on.';

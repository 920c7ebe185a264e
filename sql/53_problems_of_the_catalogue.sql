-- Where the site's catalogue showed less than it states.

CREATE FUNCTION bat_problems_of_catalogue()
RETURNS SETOF bat_problem
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT
        'the catalogue showed less than it states',
        'catalogue',
        NULL::text,
        'incomplete',
        pg_catalog.count(*),
        pg_catalog.min(w.feed) FILTER (WHERE w.place OPERATOR(pg_catalog.=) 1),
        'https://bringatrailer.com/auctions/results/',
        pg_catalog.min(
            pg_catalog.format('listings stated: %s, shown: %s', w.stated, w.shown)
        ) FILTER (WHERE w.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.max(w.updated_at),
        NULL::timestamptz,
        'Listings may be missing. SELECT * FROM @extschema@.bat_catalogue WHERE state = ''incomplete''; lists the '
        'windows. CALL @extschema@.bat_sweep(full_history => true); reads the history once more.'
    FROM (
        SELECT
            c.*,
            pg_catalog.row_number() OVER (
                ORDER BY c.stated OPERATOR(pg_catalog.-) c.shown DESC NULLS LAST, c.feed
            ) AS place
        FROM @extschema@.bat_catalogue AS c
        WHERE c.state OPERATOR(pg_catalog.=) 'incomplete'
            AND pg_catalog.starts_with(c.feed, 'history')
    ) AS w
    HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0
$function$;
COMMENT ON FUNCTION bat_problems_of_catalogue() IS 'Windows of the catalogue''s history that showed less than the site states.';

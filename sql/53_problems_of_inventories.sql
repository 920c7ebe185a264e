-- What is wrong with the dealers' own inventories, by the last crawl of each.

-- The tables of the user may not be there yet.
CREATE FUNCTION bat_problems_of_inventories()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- Where there was a crawl, the tables were as they should be.
    IF NOT EXISTS (SELECT FROM @extschema@.bat_crawls)
        OR pg_catalog.to_regclass('@extschema@.businesses') IS NULL
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH last AS (
        SELECT DISTINCT ON (b.dealer_id) b.*
        FROM @extschema@.bat_crawls AS b
        WHERE b.state OPERATOR(pg_catalog.<>) 'running'
            AND b.run_mode OPERATOR(pg_catalog.<>) 'sold'
            -- A site that is no longer crawled has no problem that anybody could end.
            AND EXISTS (
                SELECT
                FROM @extschema@.businesses AS o
                WHERE o.id OPERATOR(pg_catalog.=) b.dealer_id
                    AND o.website IS NOT DISTINCT FROM b.website
                    AND o.status IS DISTINCT FROM 'left_directory'
            )
        ORDER BY b.dealer_id, b.id DESC
    ),
    named AS (
        SELECT
            CASE
                WHEN c.cause OPERATOR(pg_catalog.=) ANY (ARRAY['nothing_found', 'under_half', 'other_items'])
                    THEN 'inventories are not believed'
                WHEN c.state OPERATOR(pg_catalog.=) 'blocked' THEN 'dealers'' sites refuse'
                WHEN c.state OPERATOR(pg_catalog.=) 'gone' THEN 'dealers'' sites are gone'
                WHEN c.state OPERATOR(pg_catalog.=) 'incomplete' THEN 'inventories are read only in part'
            END AS problem,
            c.*
        FROM last AS c
        WHERE c.state OPERATOR(pg_catalog.=) ANY (ARRAY['incomplete', 'blocked', 'gone'])
            -- These last, and nobody can do anything about them.
            AND c.cause IS DISTINCT FROM 'robots'
            AND c.cause IS DISTINCT FROM 'sitemap'
    )
    SELECT
        n.problem,
        'inventory',
        NULL::text,
        COALESCE(n.cause, n.state),
        pg_catalog.count(*),
        (pg_catalog.array_agg(n.dealer_id ORDER BY n.id DESC))[1]::text,
        (pg_catalog.array_agg(COALESCE(n.list_url, n.website) ORDER BY n.id DESC))[1],
        (pg_catalog.array_agg(n.message ORDER BY n.id DESC))[1],
        pg_catalog.max(n.finished_at),
        NULL::timestamptz,
        CASE n.problem
            WHEN 'inventories are not believed' THEN pg_catalog.format(
                'What was there is kept. Open the list in a browser; if it is right: SELECT * FROM '
                '@extschema@.bat_sync_inventory(%L, max_pages => 200, accept => true);',
                (pg_catalog.array_agg(n.dealer_id ORDER BY n.id DESC))[1]
            )
            WHEN 'dealers'' sites refuse' THEN
                'Nothing is done against that; it is tried again after a week. A bat_partners.contact that the dealer can '
                'write to may help.'
            WHEN 'dealers'' sites are gone' THEN
                'Correct businesses.website, if the dealer has moved; it is tried again after a month.'
            ELSE
                'What is seen is kept up to date; nothing is ever called missing. Nothing to do, unless it lasts: SELECT * FROM '
                '@extschema@.bat_crawls ORDER BY id DESC;'
        END
    FROM named AS n
    GROUP BY n.problem, COALESCE(n.cause, n.state);
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_problems_of_inventories() IS 'Dealers whose last crawl did not read their whole inventory, or was not believed.';

CREATE FUNCTION bat_problems_of_prices()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.dealer_inventory') IS NULL
        OR pg_catalog.to_regclass('@extschema@.businesses') IS NULL
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        'prices jump',
        'inventory_item',
        NULL::text,
        NULL::text,
        pg_catalog.count(*),
        pg_catalog.min(d.listing_url) FILTER (WHERE d.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(d.listing_url) FILTER (WHERE d.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(
            pg_catalog.format('%s asks %s, then %s', d.title, d.asking_price, d.doubted_price)
        ) FILTER (WHERE d.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.max(d.last_seen_at),
        NULL::timestamptz,
        pg_catalog.format(
            'The price before is kept until the item''s own page says the new one. Open it in a browser; if it is right: '
            'SELECT * FROM @extschema@.bat_sync_inventory(%L, max_pages => 200, accept => true);',
            pg_catalog.min(d.dealer_id::text) FILTER (WHERE d.place OPERATOR(pg_catalog.=) 1)
        )
    FROM (
        SELECT i.*, pg_catalog.row_number() OVER (ORDER BY i.last_seen_at DESC, i.id) AS place
        FROM @extschema@.dealer_inventory AS i
        WHERE i.doubted_price IS NOT NULL
            AND i.status OPERATOR(pg_catalog.=) ANY (ARRAY['in_stock', 'pending'])
            AND EXISTS (
                SELECT
                FROM @extschema@.businesses AS o
                WHERE o.id OPERATOR(pg_catalog.=) i.dealer_id
                    AND o.website IS NOT NULL
                    AND o.status IS DISTINCT FROM 'left_directory'
            )
    ) AS d
    HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_problems_of_prices() IS 'Items of dealers whose asking price jumped, and is not believed.';

CREATE FUNCTION bat_problems_of_web_sites()
RETURNS SETOF bat_problem
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.businesses') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        'web sites are no addresses',
        'enrich',
        NULL::text,
        NULL::text,
        pg_catalog.count(*),
        pg_catalog.min(s.id) FILTER (WHERE s.place OPERATOR(pg_catalog.=) 1),
        NULL::text,
        -- What is before an @ may be a password.
        pg_catalog.min(pg_catalog.regexp_replace(pg_catalog."left"(s.website, 200), '^.*@', '...@'))
            FILTER (WHERE s.place OPERATOR(pg_catalog.=) 1),
        NULL::timestamptz,
        NULL::timestamptz,
        pg_catalog.format(
            'Nothing can be asked for there. Correct it, or: UPDATE @extschema@.businesses SET website = NULL WHERE id = %L;',
            pg_catalog.min(s.id) FILTER (WHERE s.place OPERATOR(pg_catalog.=) 1)
        )
    FROM (
        SELECT
            b.id::text AS id,
            b.website,
            pg_catalog.row_number() OVER (ORDER BY b.id) AS place
        FROM @extschema@.businesses AS b
        WHERE b.status IS DISTINCT FROM 'left_directory'
            AND pg_catalog.btrim(b.website) OPERATOR(pg_catalog.<>) ''
            -- With a scheme, or as an address is read out.
            AND pg_catalog.btrim(b.website) OPERATOR(pg_catalog.!~*) '^https?://[^[:space:]/?#]+([/?#]|$)'
            AND pg_catalog.btrim(b.website) OPERATOR(pg_catalog.!~) '^[^[:space:]/?#:@]*[.][^[:space:]/?#:@]*([/?#]|$)'
    ) AS s
    HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: another row tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_problems_of_web_sites() IS 'Organizations whose web site is not the address of one.';

-- One row per partner: what it has offered and sold, what of that is stored, and what it has in stock. Each table is read
-- by a function of its own, for none of them need exist.

CREATE FUNCTION bat_partner_auctions()
RETURNS TABLE (
    organization_id uuid,
    listings bigint,
    live bigint,
    sold bigint,
    reserve_not_met bigint,
    withdrawn bigint,
    last_sale_at timestamptz,
    currency text,
    sold_in_currency bigint,
    volume numeric,
    median_price numeric
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.bat_listings') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH in_one_currency AS (
        SELECT
            l.organization_id,
            l.currency,
            pg_catalog.count(*) AS listings,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'live') AS live,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') AS sold,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'reserve_not_met') AS reserve_not_met,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'withdrawn') AS withdrawn,
            pg_catalog.max(l.ends_at) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') AS last_sale_at,
            pg_catalog.sum(p.price) AS volume,
            pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price::pg_catalog.float8) AS median_price,
            pg_catalog.row_number() OVER (
                PARTITION BY l.organization_id
                ORDER BY
                    pg_catalog.count(p.price) DESC,
                    pg_catalog.count(*) DESC,
                    l.currency
            ) AS place
        FROM @extschema@.bat_listings AS l
        CROSS JOIN LATERAL (
            -- A person may have written NaN, infinity, or what is beyond all floating point: no price.
            SELECT CASE
                WHEN l.status OPERATOR(pg_catalog.=) 'sold'
                    AND l.sale_price OPERATOR(pg_catalog.<) '1e300' AND l.sale_price OPERATOR(pg_catalog.>) '-1e300'
                THEN l.sale_price
            END
        ) AS p (price)
        WHERE l.organization_id IS NOT NULL
        GROUP BY l.organization_id, l.currency
    )
    SELECT
        c.organization_id,
        pg_catalog.sum(c.listings)::pg_catalog.int8,
        pg_catalog.sum(c.live)::pg_catalog.int8,
        pg_catalog.sum(c.sold)::pg_catalog.int8,
        pg_catalog.sum(c.reserve_not_met)::pg_catalog.int8,
        pg_catalog.sum(c.withdrawn)::pg_catalog.int8,
        pg_catalog.max(c.last_sale_at),
        pg_catalog.min(c.currency) FILTER (WHERE c.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(c.sold) FILTER (WHERE c.place OPERATOR(pg_catalog.=) 1),
        pg_catalog.min(c.volume) FILTER (WHERE c.place OPERATOR(pg_catalog.=) 1),
        (pg_catalog.min(c.median_price) FILTER (WHERE c.place OPERATOR(pg_catalog.=) 1))::pg_catalog.numeric
    FROM in_one_currency AS c
    GROUP BY c.organization_id;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_partner_auctions() IS
    'What each organization has offered and sold, of what is stored; prices are those of the currency in which it sold most.';

CREATE FUNCTION bat_member_listings(username text)
RETURNS bigint
LANGUAGE plpgsql
STABLE
STRICT
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.bat_listings') IS NULL THEN
        RETURN 0;
    END IF;
    RETURN (
        SELECT pg_catalog.count(*)
        FROM @extschema@.bat_listings AS l
        WHERE l.seller_username OPERATOR(pg_catalog.=) pg_catalog.lower(username)
    );
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN 0;
END
$function$;
COMMENT ON FUNCTION bat_member_listings(text) IS 'How many listings of an account are stored, whatever partner they belong to.';

CREATE FUNCTION bat_partner_stock()
RETURNS TABLE (organization_id uuid, in_stock bigint, priced bigint)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF pg_catalog.to_regclass('@extschema@.dealer_inventory') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        d.dealer_id,
        pg_catalog.count(*),
        pg_catalog.count(*) FILTER (
            WHERE d.asking_price OPERATOR(pg_catalog.<) '1e300' AND d.asking_price OPERATOR(pg_catalog.>) '-1e300'
        )
    FROM @extschema@.dealer_inventory AS d
    WHERE d.status OPERATOR(pg_catalog.=) ANY (ARRAY['in_stock', 'pending'])
    GROUP BY d.dealer_id;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_partner_stock() IS 'How many items each organization has for sale on its own site now, and how many of them have a price.';

CREATE FUNCTION bat_partner_overview_rows()
RETURNS TABLE (
    id uuid,
    business_name text,
    city text,
    state text,
    country text,
    status text,
    bat_username text,
    listings bigint,
    live bigint,
    sold bigint,
    reserve_not_met bigint,
    withdrawn bigint,
    sell_through numeric,
    currency text,
    sold_in_currency bigint,
    volume numeric,
    median_price numeric,
    last_sale_at timestamptz,
    member_listings bigint,
    stated_listings bigint,
    coverage numeric,
    inventory_in_stock bigint,
    inventory_priced bigint,
    inventory_state text,
    inventory_read_at timestamptz,
    website text,
    website_read_at timestamptz
)
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
        b.id,
        b.business_name,
        b.city,
        b.state,
        b.country,
        b.status,
        b.bat_username,
        COALESCE(a.listings, 0),
        COALESCE(a.live, 0),
        COALESCE(a.sold, 0),
        COALESCE(a.reserve_not_met, 0),
        COALESCE(a.withdrawn, 0),
        pg_catalog.round(
            a.sold::pg_catalog.numeric
                OPERATOR(pg_catalog./) NULLIF(a.sold OPERATOR(pg_catalog.+) a.reserve_not_met, 0),
            4
        ),
        a.currency,
        COALESCE(a.sold_in_currency, 0),
        a.volume,
        a.median_price,
        a.last_sale_at,
        m.listings,
        m.stated,
        -- LEAST passes over a NULL.
        CASE
            WHEN m.stated OPERATOR(pg_catalog.>) 0 THEN pg_catalog.round(
                LEAST(m.listings::pg_catalog.numeric OPERATOR(pg_catalog./) m.stated, 1),
                4
            )
        END,
        COALESCE(s.in_stock, 0),
        COALESCE(s.priced, 0),
        c.state,
        c.finished_at,
        b.website,
        @extschema@.bat_noted_time(b.metadata OPERATOR(pg_catalog.->>) 'enriched_at')
    FROM @extschema@.businesses AS b
    LEFT JOIN @extschema@.bat_partner_auctions() AS a ON a.organization_id OPERATOR(pg_catalog.=) b.id
    LEFT JOIN @extschema@.bat_partner_stock() AS s ON s.organization_id OPERATOR(pg_catalog.=) b.id
    CROSS JOIN LATERAL (
        SELECT
            COALESCE(@extschema@.bat_member_listings(b.bat_username), 0) AS listings,
            @extschema@.bat_noted_count(b.metadata OPERATOR(pg_catalog.->>) 'stated_listings') AS stated
    ) AS m
    LEFT JOIN LATERAL (
        SELECT w.state, w.finished_at
        FROM @extschema@.bat_crawls AS w
        WHERE w.dealer_id OPERATOR(pg_catalog.=) b.id AND w.state OPERATOR(pg_catalog.<>) 'running'
        ORDER BY w.id DESC
        LIMIT 1
    ) AS c ON true
    WHERE b.metadata OPERATOR(pg_catalog.?) 'directory_position'
        OR b.discovered_via OPERATOR(pg_catalog.=) 'bat_local_partners'
        OR a.organization_id IS NOT NULL;
EXCEPTION
    -- A table of the user's that bat_setup() has not adopted yet, or cannot: bat_problems tells of it.
    WHEN undefined_column OR undefined_function OR datatype_mismatch OR invalid_text_representation OR wrong_object_type THEN
        RETURN;
END
$function$;
COMMENT ON FUNCTION bat_partner_overview_rows() IS 'The rows of bat_partner_overview; none where the tables are not there yet.';

CREATE VIEW @extschema@.bat_partner_overview AS
SELECT o.*
FROM @extschema@.bat_partner_overview_rows() AS o;
COMMENT ON VIEW bat_partner_overview IS
    'One row per partner, and per other organization that has listings: what it has offered and sold on BaT, how much of that '
    'is stored, and what it has in stock. SELECT * FROM bat_partner_overview ORDER BY sold DESC;';
COMMENT ON COLUMN bat_partner_overview.id IS 'businesses.id.';
COMMENT ON COLUMN bat_partner_overview.status IS 'active, or left_directory: the directory no longer shows it. What a person writes stays.';
COMMENT ON COLUMN bat_partner_overview.listings IS 'Its stored auctions, whatever became of them.';
COMMENT ON COLUMN bat_partner_overview.live IS 'Those that are under way.';
COMMENT ON COLUMN bat_partner_overview.sell_through IS
    'sold of sold and reserve_not_met, 0 to 1: what is live, withdrawn or of unknown outcome does not count. NULL if there is none.';
COMMENT ON COLUMN bat_partner_overview.currency IS
    'The currency in which it sold most: of volume, median_price and sold_in_currency. Currencies are never added up.';
COMMENT ON COLUMN bat_partner_overview.sold_in_currency IS 'How many of its sales are in that currency; less than sold if there are others.';
COMMENT ON COLUMN bat_partner_overview.volume IS 'Sum of their prices.';
COMMENT ON COLUMN bat_partner_overview.median_price IS 'Median of their prices.';
COMMENT ON COLUMN bat_partner_overview.last_sale_at IS 'End of the newest auction that was sold.';
COMMENT ON COLUMN bat_partner_overview.member_listings IS
    'Stored listings of its account, bat_username. More than listings, where several partners share an account.';
COMMENT ON COLUMN bat_partner_overview.stated_listings IS
    'How many listings the account''s page on BaT states; NULL if it was never read.';
COMMENT ON COLUMN bat_partner_overview.coverage IS 'member_listings of stated_listings, 0 to 1.';
COMMENT ON COLUMN bat_partner_overview.inventory_in_stock IS 'Items that are for sale on its own site now, those with a deposit among them.';
COMMENT ON COLUMN bat_partner_overview.inventory_priced IS 'How many of them have an asking price.';
COMMENT ON COLUMN bat_partner_overview.inventory_state IS 'How the last walk over its own site ended: bat_crawls.state. NULL if there was none.';
COMMENT ON COLUMN bat_partner_overview.inventory_read_at IS 'When that was.';
COMMENT ON COLUMN bat_partner_overview.website_read_at IS 'When its own site was last read for its profile.';

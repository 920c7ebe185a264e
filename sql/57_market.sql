-- What was offered and what it brought, by make, model, era and month.
--
-- As in 51_history.sql the function's body takes the place of its call: a condition on make and model reaches the index of
-- the table, and only these vehicles' auctions are looked at.

CREATE FUNCTION bat_market_rows()
RETURNS TABLE (
    make text,
    model text,
    era text,
    month date,
    currency text,
    is_parts boolean,
    lots bigint,
    sold bigint,
    sell_through numeric,
    median_price numeric,
    p10_price numeric,
    p90_price numeric,
    volume numeric,
    withdrawn bigint
)
LANGUAGE sql
STABLE
AS $function$
    SELECT
        g.make,
        g.model,
        g.era,
        g.month,
        g.currency,
        g.is_parts,
        g.lots,
        g.sold,
        CASE
            WHEN (g.sold OPERATOR(pg_catalog.+) g.reserve_not_met) OPERATOR(pg_catalog.>) 0
            THEN pg_catalog.round(
                g.sold::pg_catalog.numeric OPERATOR(pg_catalog./) (g.sold OPERATOR(pg_catalog.+) g.reserve_not_met),
                4
            )
        END,
        g.prices[2]::pg_catalog.numeric,
        g.prices[1]::pg_catalog.numeric,
        g.prices[3]::pg_catalog.numeric,
        g.volume,
        g.withdrawn
    FROM (
        SELECT
            v.make,
            v.model,
            v.era,
            pg_catalog.date_trunc('month', pg_catalog.timezone('America/Los_Angeles', l.ends_at))::pg_catalog.date AS month,
            l.currency,
            COALESCE(v.category OPERATOR(pg_catalog.=) 'Parts and Automobilia', false) AS is_parts,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.<>) 'withdrawn') AS lots,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') AS sold,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'reserve_not_met') AS reserve_not_met,
            pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'withdrawn') AS withdrawn,
            pg_catalog.percentile_cont(ARRAY[0.1, 0.5, 0.9]::pg_catalog.float8[])
                WITHIN GROUP (ORDER BY p.price::pg_catalog.float8) AS prices,
            pg_catalog.sum(p.price) AS volume
        FROM @extschema@.vehicles AS v
        JOIN @extschema@.bat_listings AS l ON l.vehicle_id OPERATOR(pg_catalog.=) v.id
        CROSS JOIN LATERAL (
            -- A person may have written NaN, infinity, or what is beyond all floating point: no price.
            SELECT CASE
                WHEN l.status OPERATOR(pg_catalog.=) 'sold'
                    AND l.sale_price OPERATOR(pg_catalog.<) '1e300' AND l.sale_price OPERATOR(pg_catalog.>) '-1e300'
                THEN l.sale_price
            END
        ) AS p (price)
        WHERE l.status OPERATOR(pg_catalog.<>) 'live'
        GROUP BY 1, 2, 3, 4, 5, 6
    ) AS g
$function$;
COMMENT ON FUNCTION bat_market_rows() IS 'The rows of bat_market. Needs the tables: bat_setup() makes them.';

CREATE VIEW @extschema@.bat_market AS
SELECT m.*
FROM @extschema@.bat_market_rows() AS m;
COMMENT ON VIEW bat_market IS
    'What was offered and what it brought: one row per make, model, era, month and currency, parts apart from vehicles. Of the '
    'auctions that are over and whose vehicle is stored: those of partners. Ask by make, or make and model: '
    'SELECT * FROM bat_market WHERE make = ''Porsche'' AND NOT is_parts ORDER BY month DESC, lots DESC;';
COMMENT ON COLUMN bat_market.make IS 'As BaT files it; NULL for what has none, as most parts.';
COMMENT ON COLUMN bat_market.model IS 'As BaT files it, without the make.';
COMMENT ON COLUMN bat_market.era IS 'As BaT files it.';
COMMENT ON COLUMN bat_market.month IS 'First day of the month in which the auction ended, in the site''s time zone (America/Los_Angeles).';
COMMENT ON COLUMN bat_market.currency IS 'Of all prices of the row. Currencies are never mixed.';
COMMENT ON COLUMN bat_market.is_parts IS 'Parts and automobilia: no vehicle.';
COMMENT ON COLUMN bat_market.lots IS 'Auctions that are over, without those that were withdrawn.';
COMMENT ON COLUMN bat_market.sold IS 'Those that were sold, also after the auction.';
COMMENT ON COLUMN bat_market.sell_through IS 'sold of those that tell whether they were, 0 to 1; NULL if none does.';
COMMENT ON COLUMN bat_market.median_price IS 'Median of the prices of those that were sold; NULL if none was.';
COMMENT ON COLUMN bat_market.p10_price IS 'One sale in ten was below this price.';
COMMENT ON COLUMN bat_market.p90_price IS 'One sale in ten was above this price.';
COMMENT ON COLUMN bat_market.volume IS 'Sum of the prices.';
COMMENT ON COLUMN bat_market.withdrawn IS 'Auctions that were withdrawn; they are not among the lots.';

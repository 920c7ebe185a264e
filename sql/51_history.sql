-- The auctions of each vehicle, in their order.
--
-- The user-owned tables need not exist yet when the extension is created. PostgreSQL does not look at the bodies of SQL
-- functions while it creates an extension, and a SQL function that is STABLE and has no SET clause is replaced by its body
-- when a query is planned. So the view is as good as one over the tables themselves: a condition on vehicle_id or vin, by
-- which all windows are partitioned, reaches the tables' indexes. A SET clause, or PL/pgSQL, would read all auctions first.

CREATE FUNCTION bat_vehicle_history_rows()
RETURNS TABLE (
    vehicle_id uuid,
    vin text,
    number integer,
    url text,
    title text,
    status text,
    seller_username text,
    organization_name text,
    ends_at timestamptz,
    currency text,
    amount numeric,
    sold_after_auction boolean,
    change numeric,
    days integer
)
LANGUAGE sql
STABLE
AS $function$
    SELECT
        h.vehicle_id,
        h.vin,
        h.number,
        h.url,
        h.title,
        h.status,
        h.seller_username,
        b.business_name,
        h.ends_at,
        h.currency,
        h.amount,
        h.sold_after_auction,
        CASE
            WHEN h.currency OPERATOR(pg_catalog.=) h.currencies[pg_catalog.cardinality(h.currencies)]
            THEN h.amount OPERATOR(pg_catalog.-) h.prices[pg_catalog.cardinality(h.prices)]
        END,
        CASE
            -- A person may have written 'infinity', from which nothing can be taken before PostgreSQL 17.
            WHEN pg_catalog.isfinite(h.ends_at) AND pg_catalog.isfinite(h.ends[pg_catalog.cardinality(h.ends)])
            THEN extract(day FROM h.ends_at OPERATOR(pg_catalog.-) h.ends[pg_catalog.cardinality(h.ends)])::pg_catalog.int4
        END
    FROM (
        SELECT
            l.vehicle_id,
            l.vin,
            (pg_catalog.row_number() OVER earlier)::pg_catalog.int4 AS number,
            l.url,
            l.title,
            l.status,
            l.seller_username,
            l.organization_id,
            l.ends_at,
            l.currency,
            COALESCE(l.sale_price, l.high_bid, l.current_bid) AS amount,
            l.sold_after_auction,
            -- The sales before this auction; the last of each is the one that it is compared with.
            pg_catalog.array_agg(l.sale_price)
                FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') OVER earlier AS prices,
            pg_catalog.array_agg(l.currency)
                FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') OVER earlier AS currencies,
            pg_catalog.array_agg(l.ends_at)
                FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') OVER earlier AS ends
        FROM (
            SELECT
                a.vehicle_id,
                v.vin,
                a.url,
                a.title,
                a.status,
                a.seller_username,
                a.organization_id,
                a.listing_id,
                a.ends_at,
                a.currency,
                -- A person may have written NaN, infinity, or what is beyond all floating point: no price.
                CASE
                    WHEN a.sale_price OPERATOR(pg_catalog.<) '1e300' AND a.sale_price OPERATOR(pg_catalog.>) '-1e300' THEN a.sale_price
                END AS sale_price,
                CASE
                    WHEN a.high_bid OPERATOR(pg_catalog.<) '1e300' AND a.high_bid OPERATOR(pg_catalog.>) '-1e300' THEN a.high_bid
                END AS high_bid,
                CASE
                    WHEN a.current_bid OPERATOR(pg_catalog.<) '1e300' AND a.current_bid OPERATOR(pg_catalog.>) '-1e300' THEN a.current_bid
                END AS current_bid,
                a.sold_after_auction,
                -- Where a page tells no end, the site's numbers tell the place, as for the importer: they grow.
                COALESCE(
                    a.ends_at,
                    pg_catalog.max(a.ends_at) OVER (PARTITION BY a.vehicle_id, v.vin ORDER BY a.listing_id),
                    '-infinity'
                ) AS placed_at
            FROM @extschema@.bat_listings AS a
            LEFT JOIN @extschema@.vehicles AS v ON v.id OPERATOR(pg_catalog.=) a.vehicle_id
            WHERE a.vehicle_id IS NOT NULL
        ) AS l
        WINDOW earlier AS (
            PARTITION BY l.vehicle_id, l.vin
            ORDER BY l.placed_at, l.listing_id, l.url
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    ) AS h
    LEFT JOIN @extschema@.businesses AS b ON b.id OPERATOR(pg_catalog.=) h.organization_id
$function$;
COMMENT ON FUNCTION bat_vehicle_history_rows() IS 'The rows of bat_vehicle_history. Needs the tables: bat_setup() makes them.';

CREATE VIEW @extschema@.bat_vehicle_history AS
SELECT h.*
FROM @extschema@.bat_vehicle_history_rows() AS h;
COMMENT ON VIEW bat_vehicle_history IS
    'The auctions of each vehicle: one row per stored listing that has a vehicle. Ask by vehicle_id or vin, ORDER BY number.';
COMMENT ON COLUMN bat_vehicle_history.vehicle_id IS 'The vehicle: vehicles.id.';
COMMENT ON COLUMN bat_vehicle_history.vin IS 'Its VIN; NULL for what has none.';
COMMENT ON COLUMN bat_vehicle_history.number IS 'Place among the vehicle''s stored auctions, from 1, in the order of their ends; of one without an end, by the site''s numbers.';
COMMENT ON COLUMN bat_vehicle_history.url IS 'The listing: bat_listings.url.';
COMMENT ON COLUMN bat_vehicle_history.title IS 'Its title then.';
COMMENT ON COLUMN bat_vehicle_history.status IS 'live, sold, reserve_not_met, withdrawn or ended.';
COMMENT ON COLUMN bat_vehicle_history.seller_username IS 'The account that offered it.';
COMMENT ON COLUMN bat_vehicle_history.organization_name IS 'The partner who offered it, if the seller is one.';
COMMENT ON COLUMN bat_vehicle_history.ends_at IS 'End of the auction.';
COMMENT ON COLUMN bat_vehicle_history.currency IS 'Of all amounts of the row.';
COMMENT ON COLUMN bat_vehicle_history.amount IS 'The price if it was sold, else the highest bid; of a live auction the highest so far.';
COMMENT ON COLUMN bat_vehicle_history.sold_after_auction IS 'Whether the sale was agreed after the auction had ended below the reserve.';
COMMENT ON COLUMN bat_vehicle_history.change IS
    'The amount less the price of the vehicle''s last sale before; NULL where there was none, or in another currency.';
COMMENT ON COLUMN bat_vehicle_history.days IS 'Whole days from the end of that sale to the end of this auction.';

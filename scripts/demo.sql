\pset footer off
\pset null ''
\set QUIET on
\echo
\echo 'Partners with the most sales'
SELECT
    b.business_name AS partner,
    concat_ws(', ', b.city, b.state, b.country) AS place,
    count(l.url) AS listings,
    count(*) FILTER (WHERE l.status = 'sold') AS sold,
    count(*) FILTER (WHERE l.status = 'live') AS live,
    to_char(sum(l.sale_price) FILTER (WHERE l.currency = 'USD'), 'FM$999,999,999') AS volume_usd,
    max(l.ends_at) FILTER (WHERE l.status = 'sold')::date AS newest_sale
FROM businesses AS b
JOIN bat_listings AS l ON l.organization_id = b.id
GROUP BY b.id
ORDER BY sold DESC, partner
LIMIT 10;

\echo 'Sold by month'
SELECT
    to_char(date_trunc('month', l.ends_at), 'YYYY-MM') AS month,
    count(*) AS sold,
    to_char(sum(l.sale_price), 'FM$999,999,999') AS volume_usd,
    to_char(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.sale_price), 'FM$999,999,999') AS median_usd
FROM bat_listings AS l
WHERE l.status = 'sold' AND l.currency = 'USD' AND l.ends_at IS NOT NULL
GROUP BY 1
ORDER BY 1 DESC
LIMIT 8;

\echo 'Some vehicles'
SELECT
    v.year,
    v.make,
    v.model,
    v.mileage,
    v.mileage_unit AS unit,
    v.exterior_color AS color,
    v.auction_outcome AS outcome,
    v.sale_price AS price,
    v.sale_currency AS currency
FROM vehicles AS v
WHERE v.make IS NOT NULL
ORDER BY v.sale_price DESC NULLS LAST, v.title
LIMIT 8;

\echo 'Partners enriched from their own web sites'
SELECT
    count(*) AS partners,
    count(b.phone) AS phone,
    count(b.email) AS email,
    count(b.address) AS address,
    count(b.logo_url) AS logo,
    count(b.favicon_url) AS favicon
FROM businesses AS b;

\echo 'What dealers have on their own sites'
SELECT
    left(b.business_name, 24) AS dealer,
    c.platform,
    c.state,
    c.items,
    count(*) FILTER (WHERE d.status IN ('in_stock', 'pending')) AS for_sale,
    count(d.asking_price) AS priced,
    count(*) FILTER (WHERE EXISTS (SELECT FROM bat_listings AS l WHERE l.vehicle_id = d.vehicle_id)) AS on_bat_too
FROM bat_crawls AS c
JOIN businesses AS b ON b.id = c.dealer_id
LEFT JOIN dealer_inventory AS d ON d.dealer_id = c.dealer_id
GROUP BY c.id, b.id
ORDER BY c.items DESC, dealer
LIMIT 8;

\echo 'Problems'
SELECT p.problem, p.kind, p.sqlstate, p.count, left(p.example_error, 90) AS example
FROM bat_problems AS p
ORDER BY p.count DESC;

\echo 'Status'
\x on
SELECT * FROM bat_status;

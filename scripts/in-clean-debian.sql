-- What in-clean-debian.sh does with the server: each statement that checks something fails where it is not so.
-- psql's variable `page` is a page of a listing.
CREATE FUNCTION pg_temp.must(fact boolean, what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF fact IS NOT TRUE THEN
        RAISE EXCEPTION 'not so: %', what;
    END IF;
    RETURN format('ok: %s', what);
END
$$;

CREATE EXTENSION bat_partners;
SELECT pg_temp.must(inserted = cardinality(bat_table_names()), 'bat_setup makes the tables') FROM bat_setup();
SELECT pg_temp.must(
    bat_listing_url('bringatrailer.com/listing/1990-example') = 'https://bringatrailer.com/listing/1990-example/',
    'bat_listing_url'
);
SELECT pg_temp.must(bat_parse_listing(:'page') ->> 'title' <> '', 'bat_parse_listing reads a page');
CALL bat_ingest(skip_enrich => true);
SELECT pg_temp.must(count(*) = 6, 'all 6 partners are there') FROM businesses;
SELECT pg_temp.must(count(*) > 0 AND bool_and(organization_id IS NOT NULL), count(*) || ' listings, each with its partner')
FROM bat_listings;
SELECT pg_temp.must(count(*) > 0 AND bool_and(title <> ''), count(*) || ' vehicles') FROM vehicles;
SELECT pg_temp.must(count(*) > 0 AND bool_and(bat_page(url) <> ''), count(*) || ' archived pages can be read') FROM bat_pages;
SELECT pg_temp.must(status IN ('done', 'partial') AND inserted > 0 AND requests > 0, 'the run ended: ' || message)
FROM bat_runs ORDER BY id DESC LIMIT 1;

//! By what the earlier importer's rows, and the values that it wrote, are known: conditions of SQL.
//!
//! A row is the earlier importer's if it names the site as its source, has an auction's URL, and nothing in it was written by
//! this extension. A value in it is the importer's
//!
//! * if nothing in the row was changed since it was made: `updated_at` equals `created_at`, and a trigger keeps
//!   `updated_at`, or the caller says that it can be trusted. Times of columns that are younger than the row tell nothing;
//! * else only if it bears the importer's mark: year, make and model as they stand in the URL's slug, the outcome
//!   `reserve_not_met`, a sale on the day of the import, an auction's URL, a text of blanks.

/// Whether the row `v` is the earlier importer's, whose auction's URL is `u.url`.
pub(super) const IS_EARLIER: &str = "
    u.url IS NOT NULL
    AND EXISTS (
        SELECT
        FROM pg_catalog.unnest(ARRAY[
            v.discovery_source,
            v.metadata OPERATOR(pg_catalog.->>) 'source',
            v.metadata OPERATOR(pg_catalog.->>) 'discovery_source',
            v.metadata OPERATOR(pg_catalog.->>) 'import_source',
            v.metadata OPERATOR(pg_catalog.->>) 'imported_by',
            v.metadata OPERATOR(pg_catalog.->>) 'imported_via',
            v.metadata OPERATOR(pg_catalog.->>) 'importer'
        ]) AS s (name)
        WHERE s.name OPERATOR(pg_catalog.~*) '^(import[-_ :])?(bat([^a-z]|$)|bring-?_?a-?_?trailer)'
    )
    AND NOT pg_catalog.jsonb_path_exists(
        v.metadata, '$.bat_partners.* ? (exists(@ .source_url) && !exists(@ .is_earlier))'
    )";

/// The fields of the row `v` that bear the importer's mark. `p`: parts of the URL's slug.
pub(super) const MARKED: &str = "
    pg_catalog.array_remove(ARRAY[
        CASE WHEN v.year::pg_catalog.text OPERATOR(pg_catalog.=) p.year THEN 'year' END,
        CASE WHEN p.make OPERATOR(pg_catalog.<>) ''
            AND pg_catalog.starts_with(pg_catalog.concat(p.rest, '-'), pg_catalog.concat(p.make, '-')) THEN 'make' END,
        CASE WHEN p.model OPERATOR(pg_catalog.<>) ''
            AND p.rest OPERATOR(pg_catalog.~) pg_catalog.concat('(^|-)', p.model, '(-[0-9]+)?$') THEN 'model' END,
        CASE WHEN v.auction_outcome OPERATOR(pg_catalog.=) 'reserve_not_met' OR p.is_of_that_day
            THEN 'auction_outcome' END,
        CASE WHEN p.is_of_that_day THEN 'sale_date' END,
        CASE WHEN @.bat_listing_url(v.bat_auction_url) IS NOT NULL THEN 'bat_auction_url' END,
        CASE WHEN @.bat_listing_url(v.discovery_url) IS NOT NULL THEN 'discovery_url' END,
        CASE WHEN @.bat_listing_url(v.listing_url) IS NOT NULL THEN 'listing_url' END
    ], NULL)";

/// Whether a link of the earlier importer may be the importer's own work: it was tagged by a program, and nobody wrote to it
/// what only a person writes.
pub(super) const IS_TAGGED: &str = "
    o.auto_tagged
    AND o.relationship_type OPERATOR(pg_catalog.=) ANY (ARRAY['sold_by', 'consigner'])
    AND COALESCE(pg_catalog.btrim(o.notes), '') OPERATOR(pg_catalog.=) ''
    AND o.asking_price IS NULL";

/// Whether the sale that the link `o` tells of bears the importer's mark, or it tells of none.
pub(super) const IS_MARKED_SALE: &str = "
    o.sale_price IS NULL
    AND (
        o.sale_date IS NULL
        OR t.is_timed AND (
            o.sale_date OPERATOR(pg_catalog.=) (o.created_at AT TIME ZONE 'UTC')::pg_catalog.date
            OR o.sale_date OPERATOR(pg_catalog.=) o.created_at::pg_catalog.date
        )
    )";

/// Parts of the slug of `u.url`, and the row's make and model in the slug's spelling.
pub(super) const PARTS: &str = "
    SELECT
        pg_catalog.substring(s.slug, '^([0-9]{4})-') AS year,
        pg_catalog.regexp_replace(s.slug, '^[0-9]{4}-', '') AS rest,
        pg_catalog.btrim(pg_catalog.regexp_replace(pg_catalog.lower(v.make), '[^a-z0-9]+', '-', 'g'), '-') AS make,
        pg_catalog.btrim(pg_catalog.regexp_replace(pg_catalog.lower(v.model), '[^a-z0-9]+', '-', 'g'), '-') AS model,
        COALESCE(
            t.is_timed AND (
                v.sale_date OPERATOR(pg_catalog.=) (v.created_at AT TIME ZONE 'UTC')::pg_catalog.date
                OR v.sale_date OPERATOR(pg_catalog.=) v.created_at::pg_catalog.date
            ),
            false
        ) AS is_of_that_day
    FROM (SELECT pg_catalog.substring(u.url, '/listing/(.+)/$') AS slug OFFSET 0) AS s
    -- OFFSET 0: worked out once for each row, and not wherever it is named.
    OFFSET 0";

/// Whether the times of a row are its own, for a LATERAL join: a column that was added to its table later has one value for all
/// rows that were there.
pub(super) fn is_timed(alias: &str) -> String {
    const FIRST: &str = "(
        pg_catalog.array_to_json(a.attmissingval) OPERATOR(pg_catalog.->>) 0
    )::pg_catalog.timestamptz";
    format!(
        "SELECT NOT EXISTS (
             SELECT
             FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid OPERATOR(pg_catalog.=) {alias}.tableoid
                 AND a.atthasmissing
                 AND CASE a.attname
                     WHEN 'created_at' THEN {alias}.created_at OPERATOR(pg_catalog.=) {FIRST}
                     WHEN 'updated_at' THEN {alias}.updated_at OPERATOR(pg_catalog.=) {FIRST}
                 END
         ) AS is_timed
         OFFSET 0"
    )
}

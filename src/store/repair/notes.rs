//! Which values the earlier importer wrote: noted in the row's memory, so that the next import may overwrite them. What may
//! be a person's is not noted.
//!
//! A row is the earlier importer's if it names the site as its source, has an auction's URL, and nothing in it was written by
//! this extension. A value in it is the importer's
//!
//! * if nothing in the row was changed since it was made: `updated_at` equals `created_at`, and a trigger keeps
//!   `updated_at`, or the caller says that it can be trusted. Times of columns that are younger than the row tell nothing;
//! * else only if it bears the importer's mark: year, make and model as they stand in the URL's slug, the outcome
//!   `reserve_not_met`, a sale on the day of the import, an auction's URL, a text of blanks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::merge::{MEMORY, metadata};
use super::super::sql::{Store, jsonb};
use super::super::tables::{ORGANIZATION_VEHICLES, Table, VEHICLES};
use super::Finding;
use super::vehicles::AUCTION;
use crate::error::Result;

/// Fields of vehicles that the earlier importer got wrong: one of these is emptied, too, if the page does not say it.
const DOUBTED: [&str; 7] =
    ["year", "make", "model", "sale_price", "sale_currency", "sale_date", "auction_outcome"];

/// The same of links.
const DOUBTED_OF_LINKS: [&str; 5] =
    ["relationship_type", "status", "listing_status", "sale_price", "sale_date"];

/// Fields of links that a person may have corrected, and that tell nothing of who wrote them.
const SALE_OF_LINKS: [&str; 2] = ["sale_date", "sale_price"];

/// Whether the row `v` is the earlier importer's, whose auction's URL is `u.url`.
const IS_EARLIER: &str = "
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
const MARKED: &str = "
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
const IS_TAGGED: &str = "
    o.auto_tagged
    AND o.relationship_type OPERATOR(pg_catalog.=) ANY (ARRAY['sold_by', 'consigner'])
    AND COALESCE(pg_catalog.btrim(o.notes), '') OPERATOR(pg_catalog.=) ''
    AND o.asking_price IS NULL";

/// Whether the sale that the link `o` tells of bears the importer's mark, or it tells of none.
const IS_MARKED_SALE: &str = "
    o.sale_price IS NULL
    AND (
        o.sale_date IS NULL
        OR t.is_timed AND (
            o.sale_date OPERATOR(pg_catalog.=) (o.created_at AT TIME ZONE 'UTC')::pg_catalog.date
            OR o.sale_date OPERATOR(pg_catalog.=) o.created_at::pg_catalog.date
        )
    )";

/// Parts of the slug of `u.url`, and the row's make and model in the slug's spelling.
const PARTS: &str = "
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

/// Values that were noted, by the fields that rows have in common.
#[derive(Deserialize)]
struct Noted {
    fields: Vec<String>,
    rows: i64,
    example: String,
}

impl Store {
    /// Whether a table's `updated_at` tells of every change: a trigger sets it.
    pub fn keeps_updated_at(&self, table: &str) -> Result<bool> {
        let kept: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM pg_catalog.pg_trigger AS g
                 JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
                 WHERE g.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                     AND NOT g.tgisinternal
                     AND g.tgenabled OPERATOR(pg_catalog.=) ANY ('{O,A}'::\"char\"[])
                     -- BEFORE, FOR EACH ROW, UPDATE, of all columns, on no condition.
                     AND (g.tgtype OPERATOR(pg_catalog.&) 19) OPERATOR(pg_catalog.=) 19
                     AND g.tgattr::text OPERATOR(pg_catalog.=) ''
                     AND g.tgqual IS NULL
                     AND (
                         p.prosrc OPERATOR(pg_catalog.~~*) '%updated_at%'
                         OR p.proname OPERATOR(pg_catalog.=) 'moddatetime'
                     )
             ))",
            &[self.qualify(&format!("@.{table}")).into()],
        )?;
        Ok(kept.unwrap_or_default())
    }

    /// Notes the values of vehicles that the earlier importer wrote. `trusted`: whether `updated_at` tells of every change.
    pub fn note_earlier_vehicles(&self, trusted: bool) -> Result<Vec<Finding>> {
        let columns: Vec<&str> = VEHICLES.data_columns().map(|column| column.name).collect();
        let noted: Vec<Noted> = self.rows(
            &format!(
                "WITH earlier AS MATERIALIZED (
                     SELECT v.id, u.url, v.created_at, v.metadata, pg_catalog.to_jsonb(v) AS content,
                         $1 AND t.is_timed AND v.updated_at OPERATOR(pg_catalog.=) v.created_at AS is_unchanged,
                         {MARKED} AS marked
                     FROM @.vehicles AS v
                     CROSS JOIN LATERAL ({}) AS t
                     CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                     CROSS JOIN LATERAL ({PARTS}) AS p
                     WHERE {IS_EARLIER}
                 ),
                 {}",
                is_timed("v"),
                write_notes(&VEHICLES)
            ),
            &[trusted.into(), jsonb(json!({ "columns": columns, "doubted": DOUBTED }))],
        )?;
        Ok(findings(&VEHICLES, noted))
    }

    /// Notes the links that the earlier importer made, which took everything on a member's page for the member's, and linked
    /// all facilities of one account: the next reading of the auction's page settles them. A link with a note or an asking
    /// price, or that was changed since, is a person's. `trusted`: whether `updated_at` tells of every change; if not, a sale
    /// that does not bear the importer's mark is a person's, too.
    pub fn note_earlier_links(&self, trusted: bool) -> Result<Vec<Finding>> {
        let noted: Vec<Noted> = self.rows(
            &format!(
                "WITH earlier AS MATERIALIZED (
                     SELECT o.id, u.url, o.created_at, o.metadata, pg_catalog.to_jsonb(o) AS content,
                         true AS is_unchanged, ARRAY[]::pg_catalog.text[] AS marked
                     FROM @.organization_vehicles AS o
                     JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) o.vehicle_id
                     CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                     CROSS JOIN LATERAL ({}) AS t
                     WHERE {IS_EARLIER}
                         AND {IS_TAGGED}
                         AND (NOT t.is_timed OR o.updated_at OPERATOR(pg_catalog.=) o.created_at)
                         AND ($1 AND t.is_timed OR {IS_MARKED_SALE})
                 ),
                 {}",
                is_timed("o"),
                write_notes(&ORGANIZATION_VEHICLES)
            ),
            &[trusted.into(), jsonb(json!({ "columns": DOUBTED_OF_LINKS, "doubted": DOUBTED_OF_LINKS }))],
        )?;
        Ok(findings(&ORGANIZATION_VEHICLES, noted))
    }
}

/// Whether the times of a row are its own, for a LATERAL join: a column that was added to its table later has one value for all
/// rows that were there.
fn is_timed(alias: &str) -> String {
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

/// Writes the notes of the rows `earlier`, and counts them. A URL is noted in the form that it gets. What is noted is also kept
/// aside: it stays when the next import overwrites field and note.
fn write_notes(table: &Table) -> String {
    format!(
        "noted AS (
             SELECT e.id, e.metadata, f.name,
                 COALESCE(
                     pg_catalog.to_jsonb(CASE
                         WHEN f.name OPERATOR(pg_catalog.~~) '%\\_url' THEN @.bat_listing_url(f.value OPERATOR(pg_catalog.#>>) '{{}}')
                     END),
                     f.value
                 ) AS value,
                 f.value AS held,
                 pg_catalog.jsonb_build_object('source_url', e.url, 'time', e.created_at, 'is_earlier', true)
                     OPERATOR(pg_catalog.||) CASE
                         WHEN ($2 OPERATOR(pg_catalog.->) 'doubted') OPERATOR(pg_catalog.?) f.name
                             THEN '{{\"is_doubted\": true}}'::pg_catalog.jsonb
                         ELSE '{{}}'
                     END AS entry
             FROM earlier AS e
             CROSS JOIN LATERAL pg_catalog.jsonb_each(e.content) AS f (name, value)
             WHERE ($2 OPERATOR(pg_catalog.->) 'columns') OPERATOR(pg_catalog.?) f.name
                 AND f.value OPERATOR(pg_catalog.<>) 'null'
                 AND e.metadata OPERATOR(pg_catalog.#>) ARRAY['{MEMORY}', f.name] IS NULL
                 AND (
                     e.is_unchanged
                     OR f.name OPERATOR(pg_catalog.=) ANY (e.marked)
                     OR pg_catalog.btrim(f.value OPERATOR(pg_catalog.#>>) '{{}}') OPERATOR(pg_catalog.=) ''
                 )
         ),
         whole AS (
             SELECT n.id,
                 pg_catalog.jsonb_object_agg(
                     n.name, n.entry OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('value', n.value)
                 ) AS entries,
                 pg_catalog.jsonb_object_agg(n.name, n.held) AS held,
                 pg_catalog.array_agg(n.name ORDER BY n.name COLLATE \"C\") AS fields
             FROM noted AS n
             GROUP BY n.id
         ),
         written AS (
             UPDATE @.{table} AS t
             SET metadata = {own} OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                     '{MEMORY}',
                     COALESCE(t.metadata OPERATOR(pg_catalog.->) '{MEMORY}', '{{}}')
                         OPERATOR(pg_catalog.||) w.entries
                         OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                             'earlier',
                             w.held OPERATOR(pg_catalog.||)
                                 COALESCE(t.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},earlier}}', '{{}}')
                         )
                 )
             FROM whole AS w
             WHERE t.id OPERATOR(pg_catalog.=) w.id
             RETURNING t.id, w.fields
         )
         SELECT pg_catalog.jsonb_build_object(
             'fields', w.fields, 'rows', pg_catalog.count(*), 'example', pg_catalog.min(w.id::pg_catalog.text)
         )
         FROM written AS w
         GROUP BY w.fields
         ORDER BY w.fields",
        table = table.name,
        own = metadata::as_object("t"),
    )
}

fn findings(table: &Table, noted: Vec<Noted>) -> Vec<Finding> {
    let finding = |Noted { fields, rows, example }: Noted| {
        let detail = format!(
            "{rows} rows such as {example}: the next import may overwrite {}; the values are in \
             metadata->'bat_partners'->'earlier'",
            fields.join(", ")
        );
        Finding::mended("values of the earlier importer", table.name, None, detail)
    };
    noted.into_iter().map(finding).collect()
}

/// What a person may have written into rows of the earlier importer.
#[derive(Deserialize)]
struct Doubtful {
    id: String,
    url: String,
    fields: Value,
    held: Value,
}

impl Doubtful {
    /// `then`: what is to be done once the fields are empty. `also`: further columns that are set then.
    fn finding(self, store: &Store, table: &Table, also: &str, then: &str) -> Finding {
        let Doubtful { id, url, fields, held } = self;
        let names = fields.as_array().into_iter().flatten().filter_map(Value::as_str);
        let set: Vec<String> = names.map(|name| format!("{name} = NULL")).collect();
        let hint = format!(
            "If nobody wrote them: UPDATE @.{} SET {}{also} WHERE id = '{id}'; {then}. If updated_at tells of every change by \
             hand: bat_repair(dry_run => false, trust_updated_at => true)",
            table.name,
            set.join(", ")
        );
        let detail = format!("{url}: a person may have written {held}: it stays");
        Finding::left("values of unknown origin", table.name, Some(id), detail, &store.qualify(&hint))
    }
}

impl Store {
    /// Fields of the earlier importer's vehicles that it often got wrong, and that a person may have written: these stay.
    pub fn doubtful_values(&self) -> Result<Vec<Finding>> {
        let doubtful: Vec<Doubtful> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'id', v.id,
                     'url', u.url,
                     'fields', pg_catalog.jsonb_agg(f.name ORDER BY f.name COLLATE \"C\"),
                     'held', pg_catalog.jsonb_object_agg(f.name, f.value)
                 )
                 FROM @.vehicles AS v
                 CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                 CROSS JOIN LATERAL pg_catalog.jsonb_each(pg_catalog.to_jsonb(v)) AS f (name, value)
                 WHERE {IS_EARLIER}
                     AND f.name OPERATOR(pg_catalog.=) ANY ($1)
                     AND f.value OPERATOR(pg_catalog.<>) 'null'
                     AND v.metadata OPERATOR(pg_catalog.#>) ARRAY['{MEMORY}', f.name] IS NULL
                 GROUP BY v.id, u.url
                 ORDER BY u.url COLLATE \"C\", v.id"
            ),
            &[DOUBTED.map(str::to_owned).to_vec().into()],
        )?;
        let then = "the next import fills them";
        Ok(doubtful.into_iter().map(|row| row.finding(self, &VEHICLES, "", then)).collect())
    }

    /// The earlier importer's links that tell of a sale which a person may have written: these stay. `trusted`: whether
    /// `updated_at` tells of every change.
    pub fn doubtful_links(&self, trusted: bool) -> Result<Vec<Finding>> {
        let doubtful: Vec<Doubtful> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'id', o.id,
                     'url', u.url,
                     'fields', pg_catalog.jsonb_agg(f.name ORDER BY f.name COLLATE \"C\"),
                     'held', pg_catalog.jsonb_object_agg(f.name, f.value)
                 )
                 FROM @.organization_vehicles AS o
                 JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) o.vehicle_id
                 CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                 CROSS JOIN LATERAL ({}) AS t
                 CROSS JOIN LATERAL pg_catalog.jsonb_each(pg_catalog.to_jsonb(o)) AS f (name, value)
                 WHERE {IS_EARLIER}
                     AND {IS_TAGGED}
                     AND NOT ($1 AND t.is_timed)
                     AND NOT ({IS_MARKED_SALE})
                     AND f.name OPERATOR(pg_catalog.=) ANY ($2)
                     AND f.value OPERATOR(pg_catalog.<>) 'null'
                     AND o.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},relationship_type}}' IS NULL
                 GROUP BY o.id, u.url
                 ORDER BY u.url COLLATE \"C\", o.id",
                is_timed("o")
            ),
            &[trusted.into(), SALE_OF_LINKS.map(str::to_owned).to_vec().into()],
        )?;
        let then = "then call bat_repair again";
        let also = ", updated_at = created_at";
        let finding = |row: Doubtful| row.finding(self, &ORGANIZATION_VEHICLES, also, then);
        Ok(doubtful.into_iter().map(finding).collect())
    }
}

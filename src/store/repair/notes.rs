//! Which values the earlier importer wrote: noted in the row's memory, so that the next import may overwrite them. What may
//! be a person's is not noted.

use serde::Deserialize;
use serde_json::json;

use super::super::merge::{MEMORY, metadata};
use super::super::sql::{Store, jsonb};
use super::super::tables::{ORGANIZATION_VEHICLES, Table, VEHICLES};
use super::Finding;
use super::earlier::{IS_EARLIER, IS_MARKED_SALE, IS_TAGGED, MARKED, PARTS, is_timed};
use super::vehicles::AUCTION;
use crate::error::Result;

/// Fields of vehicles that the earlier importer got wrong: one of these is emptied, too, if the page does not say it.
pub(super) const DOUBTED: [&str; 7] =
    ["year", "make", "model", "sale_price", "sale_currency", "sale_date", "auction_outcome"];

/// The same of links.
const DOUBTED_OF_LINKS: [&str; 5] =
    ["relationship_type", "status", "listing_status", "sale_price", "sale_date"];

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
                     SELECT v.id, u.url, v.created_at, v.metadata, pg_catalog.to_jsonb(v.*) AS content,
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
                     SELECT o.id, u.url, o.created_at, o.metadata, pg_catalog.to_jsonb(o.*) AS content,
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

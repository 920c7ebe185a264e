//! Values that stand in the way of a unique index.

use serde::Deserialize;

use super::sql::Store;
use super::tables::Table;
use crate::error::Result;

/// Values that are named as examples.
const EXAMPLES: usize = 3;

/// Longest value that is shown whole, in characters.
const LONGEST_SHOWN: usize = 120;

#[derive(Deserialize)]
struct Duplicates {
    values: i64,
    rows: i64,
    examples: Vec<String>,
}

impl Store {
    /// Says which values of these columns several rows have, with counts and examples; `None` if there are none.
    pub(super) fn duplicates(&self, table: &Table, unique: &[&str]) -> Result<Option<String>> {
        let columns: Vec<String> = unique.iter().map(|name| format!("t.{name}")).collect();
        let given: Vec<String> = columns.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let sql = format!(
            "SELECT pg_catalog.jsonb_build_object(
                 'values', pg_catalog.count(*),
                 'rows', COALESCE(pg_catalog.sum(d.rows), 0),
                 'examples', COALESCE(
                     pg_catalog.jsonb_agg(
                         pg_catalog.format('(%s) %s times', pg_catalog.\"left\"(d.shown, {LONGEST_SHOWN}), d.rows)
                         ORDER BY d.rows DESC, d.shown COLLATE \"C\"
                     ) FILTER (WHERE d.place OPERATOR(pg_catalog.<=) {EXAMPLES}),
                     '[]'
                 )
             )
             FROM (
                 SELECT
                     pg_catalog.concat_ws(', ', {columns}) AS shown,
                     pg_catalog.count(*) AS rows,
                     pg_catalog.row_number() OVER (
                         ORDER BY pg_catalog.count(*) DESC, pg_catalog.concat_ws(', ', {columns}) COLLATE \"C\"
                     ) AS place
                 FROM @.{table} AS t
                 WHERE {given}
                 GROUP BY {columns}
                 HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1
             ) AS d",
            table = table.name,
            columns = columns.join(", "),
            given = given.join(" AND "),
        );
        let found: Option<Duplicates> = self.row(&sql, &[])?;
        let list = unique.join(", ");
        Ok(found.filter(|found| found.values > 0).map(|Duplicates { values, rows, examples }| {
            let examples = examples.join("; ");
            format!(
                "{} has {values} values of ({list}) more than once, in {rows} rows: {examples}",
                table.name
            )
        }))
    }
}

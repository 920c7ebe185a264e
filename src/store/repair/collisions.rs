//! Rows of other tables that would be the same once they point at the row that is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::sql::Store;
use super::super::tables::Table;
use super::references::{MAP, Pair, Reference, arguments, is_own};
use crate::error::Result;

/// A unique index of a table that a reference is part of.
#[derive(Deserialize)]
struct Unique {
    /// The other columns of its key, quoted.
    others: Vec<String>,
    /// What makes rows differ by nature: the columns of a primary key that the reference is no part of.
    ignored: Vec<String>,
    /// Whether other rows point at those of the table.
    is_referenced: bool,
}

/// A row that cannot be moved.
#[derive(Deserialize)]
struct Colliding {
    loser: String,
    kept: String,
    place: String,
    row: Value,
    /// Whether it says what the row says that is there already.
    is_same: bool,
}

/// Why rows are not merged, by their ids.
pub(super) type Blocked = BTreeMap<String, String>;

/// Rows that say nothing new, and go: with the kept row in whose metadata each is noted.
#[derive(Default)]
pub(super) struct Needless {
    rows: Vec<(Reference, String)>,
    pub(super) notes: Vec<Value>,
}

impl Store {
    /// What keeps rows from being merged, and the rows that have to go for it.
    pub(super) fn collisions(&self, table: &Table, pairs: &[Pair]) -> Result<(Blocked, Needless)> {
        let (mut blocked, mut needless) = (Blocked::new(), Needless::default());
        for reference in self.references(table)? {
            pgrx::check_for_interrupts!();
            if let Some(of) = reference.merged_table() {
                blocked.extend(self.collisions_of_merged(of, &reference, pairs)?);
            }
            if reference.is_known() {
                continue;
            }
            pgrx::Spi::run(&format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", reference.table))?;
            if !reference.is_plain {
                let why = format!("{} points at it by more than its id", reference.table);
                blocked.extend(pairs.iter().map(|pair| (pair.loser.clone(), why.clone())));
                continue;
            }
            for unique in self.uniques(&reference)? {
                for row in self.colliding_rows(&reference, &unique, pairs)? {
                    if row.is_same && !unique.is_referenced && !is_own(&reference) {
                        let note = json!({ "kept": row.kept, "table": reference.table, "row": row.row });
                        needless.notes.push(note);
                        needless.rows.push((reference.clone(), row.place));
                    } else {
                        let why = format!("{} has rows for both that differ", reference.table);
                        blocked.insert(row.loser, why);
                    }
                }
            }
        }
        needless.notes.retain(|note| is_of(note, pairs, &blocked));
        Ok((blocked, needless))
    }

    /// The pairs whose merge would make rows of a table one, which something else keeps from being merged: all of a kept row's.
    fn collisions_of_merged(&self, table: &Table, reference: &Reference, pairs: &[Pair]) -> Result<Blocked> {
        let colliding = self.colliding(table, reference, pairs)?;
        if colliding.is_empty() {
            return Ok(Blocked::new());
        }
        let (rows, _) = self.collisions(table, &colliding)?;
        let mut blocked = Blocked::new();
        for (row, why) in rows {
            let mut all = arguments(pairs);
            all.push(row.into());
            let kept: Option<String> = self.row(
                &format!(
                    "WITH {MAP}
                     SELECT pg_catalog.to_jsonb(COALESCE(m.kept, t.{column}))
                     FROM @.{} AS t
                     LEFT JOIN map AS m ON m.loser OPERATOR(pg_catalog.=) t.{column}
                     WHERE t.id OPERATOR(pg_catalog.=) $3::pg_catalog.uuid",
                    table.name,
                    column = reference.column,
                ),
                &all,
            )?;
            let of_kept = pairs.iter().filter(|pair| kept.as_ref() == Some(&pair.kept));
            let why = format!("their rows of {} cannot be merged: {why}", table.name);
            blocked.extend(of_kept.map(|pair| (pair.loser.clone(), why.clone())));
        }
        Ok(blocked)
    }

    /// Deletes the rows that say nothing new, of merges that take place.
    pub(super) fn delete_needless(&self, needless: &Needless, pairs: &[Pair]) -> Result<()> {
        let tables: BTreeSet<&Reference> = needless.rows.iter().map(|(reference, _)| reference).collect();
        for reference in tables {
            let places: Vec<String> = needless
                .rows
                .iter()
                .filter(|(of, _)| of == reference)
                .map(|(_, place)| place.clone())
                .collect();
            let mut all = arguments(pairs);
            all.push(places.into());
            self.execute(
                &format!(
                    "WITH {MAP}
                     DELETE FROM {} AS t
                     USING map AS m
                     WHERE t.{} OPERATOR(pg_catalog.=) m.loser
                         AND pg_catalog.concat(t.tableoid, ' ', t.ctid) OPERATOR(pg_catalog.=) ANY ($3)",
                    reference.table, reference.column
                ),
                &all,
            )?;
        }
        Ok(())
    }

    /// The unique indexes that a reference is part of. What an index's condition or expression leaves out may collide too,
    /// for all that is known here.
    fn uniques(&self, reference: &Reference) -> Result<Vec<Unique>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'others', ARRAY(
                     SELECT pg_catalog.quote_ident(a.attname)
                     FROM pg_catalog.pg_attribute AS a
                     WHERE a.attrelid OPERATOR(pg_catalog.=) i.indrelid
                         AND a.attnum OPERATOR(pg_catalog.=) ANY ((i.indkey::int2[])[0:i.indnkeyatts OPERATOR(pg_catalog.-) 1])
                         AND a.attnum OPERATOR(pg_catalog.<>) c.attnum
                 ),
                 'ignored', ARRAY(
                     SELECT a.attname
                     FROM pg_catalog.pg_index AS p
                     JOIN pg_catalog.pg_attribute AS a
                         ON a.attrelid OPERATOR(pg_catalog.=) p.indrelid
                         AND a.attnum OPERATOR(pg_catalog.=) ANY (p.indkey::int2[])
                     WHERE p.indrelid OPERATOR(pg_catalog.=) i.indrelid
                         AND p.indisprimary
                         AND c.attnum OPERATOR(pg_catalog.<>) ALL (p.indkey::int2[])
                 ),
                 'is_referenced', EXISTS (
                     SELECT FROM pg_catalog.pg_constraint AS k WHERE k.confrelid OPERATOR(pg_catalog.=) i.indrelid
                 )
             )
             FROM pg_catalog.pg_index AS i
             JOIN pg_catalog.pg_attribute AS c
                 ON c.attrelid OPERATOR(pg_catalog.=) i.indrelid
                 AND pg_catalog.quote_ident(c.attname) OPERATOR(pg_catalog.=) $2
             WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                 AND i.indisunique
                 AND c.attnum OPERATOR(pg_catalog.=) ANY (i.indkey::int2[])",
            &[reference.table.as_str().into(), reference.column.as_str().into()],
        )
    }

    fn colliding_rows(
        &self,
        reference: &Reference,
        unique: &Unique,
        pairs: &[Pair],
    ) -> Result<Vec<Colliding>> {
        let column = &reference.column;
        let others: String = unique.others.iter().map(|name| format!(", t.{name}")).collect();
        let given: String = unique.others.iter().map(|name| format!(" AND t.{name} IS NOT NULL")).collect();
        let mut all = arguments(pairs);
        let named = column.trim_matches('"').replace("\"\"", "\"");
        let ignored = unique.ignored.iter().cloned();
        all.push(
            ignored
                .chain([named, "created_at".to_owned(), "updated_at".to_owned()])
                .collect::<Vec<_>>()
                .into(),
        );
        self.rows(
            &format!(
                "WITH {MAP},
                 mapped AS (
                     SELECT
                         m.loser,
                         COALESCE(m.kept, t.{column}) AS kept,
                         pg_catalog.concat(t.tableoid, ' ', t.ctid) AS place,
                         pg_catalog.to_jsonb(t.*) AS content,
                         pg_catalog.row_number() OVER same AS number,
                         pg_catalog.first_value(pg_catalog.to_jsonb(t.*)) OVER same AS first
                     FROM {table} AS t
                     LEFT JOIN map AS m ON m.loser OPERATOR(pg_catalog.=) t.{column}
                     WHERE (m.loser IS NOT NULL OR t.{column} IN (SELECT k.kept FROM map AS k)){given}
                     WINDOW same AS (
                         PARTITION BY COALESCE(m.kept, t.{column}){others}
                         ORDER BY m.loser NULLS FIRST, t.ctid
                     )
                 )
                 SELECT pg_catalog.jsonb_build_object(
                     'loser', d.loser,
                     'kept', d.kept,
                     'place', d.place,
                     'row', d.content,
                     'is_same', (d.content OPERATOR(pg_catalog.-) $3)
                         OPERATOR(pg_catalog.=) (d.first OPERATOR(pg_catalog.-) $3)
                 )
                 FROM mapped AS d
                 WHERE d.number OPERATOR(pg_catalog.>) 1 AND d.loser IS NOT NULL",
                table = reference.table,
            ),
            &all,
        )
    }
}

/// Whether a note is about a row that is merged.
fn is_of(note: &Value, pairs: &[Pair], blocked: &Blocked) -> bool {
    pairs.iter().any(|pair| note["kept"] == json!(pair.kept) && !blocked.contains_key(&pair.loser))
}

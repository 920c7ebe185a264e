//! Merging rows that are one: the older one stays, what it lacks comes from the other, and the other is noted whole.

use serde::Deserialize;
use serde_json::Value;

use super::super::merge::{MEMORY, ORIGIN, metadata};
use super::super::sql::{Store, jsonb};
use super::super::tables::Table;
use super::collisions::Blocked;
use super::references::{MAP, Pair, arguments};
use crate::error::{Error, Result};

/// Columns that are not filled from the other row.
const OWN: [&str; 4] = ["id", "metadata", "created_at", "updated_at"];

/// Rows from which on it pays to index what points at them: PostgreSQL looks there for each row that goes.
const MANY: usize = 50;

/// A column of a table as it is, with those that the user added.
#[derive(Deserialize)]
struct Present {
    name: String,
    quoted: String,
}

impl Store {
    /// Merges rows that are one, with all that points at them. What keeps some of them from that is returned, and these are
    /// as they were.
    pub(super) fn merge_all(&self, table: &Table, pairs: &[Pair]) -> Result<Blocked> {
        let mut pairs = pairs.to_vec();
        let mut all = Blocked::new();
        // Until nothing is in the way: without some of the rows, others may be the oldest ones that collide.
        loop {
            let (blocked, needless) = self.collisions(table, &pairs)?;
            if blocked.is_empty() {
                self.delete_needless(&needless, &pairs)?;
                self.merge_rows(table, &pairs, &needless.notes)?;
                return Ok(all);
            }
            pairs.retain(|pair| !blocked.contains_key(&pair.loser));
            all.extend(blocked);
        }
    }

    /// The same where nothing is in the way. `notes`: rows of other tables that went for it, to be noted too.
    pub(super) fn merge_rows(&self, table: &Table, pairs: &[Pair], notes: &[Value]) -> Result<()> {
        if pairs.is_empty() {
            return Ok(());
        }
        let references = self.references(table)?;
        let mut indexes = Vec::new();
        if pairs.len() >= MANY {
            for reference in &references {
                indexes.extend(self.index_reference(reference)?);
            }
        }
        for reference in &references {
            pgrx::check_for_interrupts!();
            self.move_reference(reference, pairs)?;
        }
        let columns = self.fillable(table)?;
        let mut all = arguments(pairs);
        all.push(jsonb(Value::from(notes.to_vec())));
        all.push(OWN.map(str::to_owned).to_vec().into());
        let gone: Option<usize> = self.row(&statement(table, &columns), &all)?;
        if gone != Some(pairs.len()) {
            return Err(Error::Internal(format!(
                "of {} rows of {} only {} could be merged",
                pairs.len(),
                table.name,
                gone.unwrap_or_default()
            )));
        }
        for index in indexes {
            pgrx::Spi::run(&format!("DROP INDEX {index}"))?;
        }
        Ok(())
    }

    fn fillable(&self, table: &Table) -> Result<Vec<Present>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object('name', a.attname, 'quoted', pg_catalog.quote_ident(a.attname))
             FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                 AND a.attnum OPERATOR(pg_catalog.>) 0
                 AND NOT a.attisdropped
                 AND a.attgenerated OPERATOR(pg_catalog.=) ''
                 AND a.attidentity OPERATOR(pg_catalog.<>) 'a'
                 AND a.attname::text OPERATOR(pg_catalog.<>) ALL ($2)",
            &[self.qualify(&format!("@.{}", table.name)).into(), OWN.map(str::to_owned).to_vec().into()],
        )
    }
}

/// One statement: the rows go, and all that they said is read from what they were. A value that is blank is missing; what a
/// person emptied stays empty. Returns how many rows went.
fn statement(table: &Table, columns: &[Present]) -> String {
    let set: String = columns
        .iter()
        .map(|Present { name, quoted }| {
            let literal = name.replace('\'', "''");
            format!(
                "{quoted} = CASE WHEN f.fields OPERATOR(pg_catalog.?) '{literal}' THEN r.{quoted} ELSE t.{quoted} END, "
            )
        })
        .collect();
    format!(
        "WITH {MAP},
         gone AS (
             DELETE FROM @.{table} AS t
             USING map AS m
             WHERE t.id OPERATOR(pg_catalog.=) m.loser
             RETURNING m.kept, t.id, t.created_at, pg_catalog.to_jsonb(t.*) AS content
         ),
         {CONTENTS},
         {FILLED},
         kept AS (
             UPDATE @.{table} AS t
             SET {set}metadata = COALESCE(x.extra, '{{}}') OPERATOR(pg_catalog.||) {own}
                     OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                         '{MEMORY}',
                         COALESCE(t.metadata OPERATOR(pg_catalog.->) '{MEMORY}', '{{}}')
                             OPERATOR(pg_catalog.||) COALESCE(f.memory, '{{}}')
                             OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                                 'merged',
                                 COALESCE(t.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},merged}}', '[]')
                                     OPERATOR(pg_catalog.||) n.entries
                             )
                     ),
                 updated_at = pg_catalog.now()
             FROM noted AS n
             LEFT JOIN extra AS x ON x.kept OPERATOR(pg_catalog.=) n.kept
             LEFT JOIN filled AS f ON f.id OPERATOR(pg_catalog.=) n.kept
             JOIN @.{table} AS k ON k.id OPERATOR(pg_catalog.=) n.kept
             -- The kept row as base: columns of domains that allow no NULL have a value.
             CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(k.*, COALESCE(f.fields, '{{}}')) AS r
             WHERE t.id OPERATOR(pg_catalog.=) n.kept
             RETURNING t.id
         )
         SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
         FROM gone AS g
         WHERE g.kept IN (SELECT k.id FROM kept AS k)",
        table = table.name,
        own = metadata::as_object("t"),
        CONTENTS = contents(table),
        FILLED = filled(table),
    )
}

/// What the rows that go said: whole, for the record; field by field, the oldest first; and of their metadata, of which the
/// importer's memory is replaced.
fn contents(table: &Table) -> String {
    format!(
        "noted AS (
             SELECT e.kept, pg_catalog.jsonb_agg(e.entry ORDER BY e.entry) AS entries
             FROM (
                 SELECT g.kept, pg_catalog.jsonb_build_object(
                     'table', '{table}', 'row', g.content, 'time', pg_catalog.now()
                 ) AS entry
                 FROM gone AS g
                 UNION ALL
                 SELECT (o.value OPERATOR(pg_catalog.->>) 'kept')::pg_catalog.uuid, o.value OPERATOR(pg_catalog.-) 'kept'
                     OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('time', pg_catalog.now())
                 FROM pg_catalog.jsonb_array_elements($3) AS o
             ) AS e
             GROUP BY e.kept
         ),
         held AS (
             SELECT
                 g.kept,
                 pg_catalog.jsonb_object_agg(
                     e.key,
                     pg_catalog.jsonb_build_object(
                         'value', e.value,
                         -- Its source goes with it: the row that it comes into has one of its own.
                         'memory',
                         COALESCE(g.content OPERATOR(pg_catalog.#>) ARRAY['metadata', '{MEMORY}', '{ORIGIN}'], '{{}}')
                             OPERATOR(pg_catalog.||) (g.content OPERATOR(pg_catalog.#>) ARRAY['metadata', '{MEMORY}', e.key])
                     )
                     -- Of several values for one key the last one counts.
                     ORDER BY g.created_at DESC NULLS FIRST, g.id DESC
                 ) AS fields
             FROM gone AS g
             CROSS JOIN LATERAL pg_catalog.jsonb_each(g.content) AS e
             WHERE pg_catalog.btrim(e.value OPERATOR(pg_catalog.#>>) '{{}}') OPERATOR(pg_catalog.<>) ''
                 AND e.key OPERATOR(pg_catalog.<>) ALL ($4)
             GROUP BY g.kept
         ),
         extra AS (
             SELECT
                 g.kept,
                 pg_catalog.jsonb_object_agg(e.key, e.value ORDER BY g.created_at DESC NULLS FIRST, g.id DESC) AS extra
             FROM gone AS g
             CROSS JOIN LATERAL pg_catalog.jsonb_each(
                 CASE pg_catalog.jsonb_typeof(g.content OPERATOR(pg_catalog.->) 'metadata')
                     WHEN 'object' THEN g.content OPERATOR(pg_catalog.->) 'metadata'
                     ELSE '{{}}'
                 END
             ) AS e
             GROUP BY g.kept
         )",
        table = table.name,
    )
}

/// What the kept rows lack, with the importer's memory of it.
fn filled(table: &Table) -> String {
    format!(
        "filled AS (
             SELECT
                 k.id,
                 pg_catalog.jsonb_object_agg(f.key, f.value OPERATOR(pg_catalog.->) 'value') AS fields,
                 pg_catalog.jsonb_object_agg(f.key, f.value OPERATOR(pg_catalog.->) 'memory') FILTER (
                     WHERE f.value OPERATOR(pg_catalog.->) 'memory' OPERATOR(pg_catalog.<>) 'null'
                 ) AS memory
             FROM held AS h
             JOIN @.{table} AS k ON k.id OPERATOR(pg_catalog.=) h.kept
             CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(k.*) AS content) AS c
             CROSS JOIN LATERAL pg_catalog.jsonb_each(h.fields) AS f
             CROSS JOIN LATERAL (SELECT k.metadata OPERATOR(pg_catalog.#>) ARRAY['{MEMORY}', f.key] AS memory) AS m
             WHERE COALESCE(pg_catalog.btrim(c.content OPERATOR(pg_catalog.->>) f.key), '') OPERATOR(pg_catalog.=) ''
                 AND (m.memory IS NULL OR m.memory OPERATOR(pg_catalog.->) 'value' OPERATOR(pg_catalog.=) 'null')
             GROUP BY k.id
         )",
        table = table.name,
    )
}

//! What points at rows that are merged, anywhere in the database, and how it is moved to the rows that are kept.

use std::collections::BTreeSet;

use pgrx::datum::DatumWithOid;
use serde::Deserialize;

use super::super::merge::MEMORY;
use super::super::sql::Store;
use super::super::tables::{ALL, DEALER_INVENTORY, ORGANIZATION_VEHICLES, Table};
use crate::error::{Error, Result};

/// Two rows that are one.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Pair {
    /// The row that goes.
    pub loser: String,
    /// The row that stays.
    pub kept: String,
}

/// Columns that point at other rows without a foreign key: table, column, the table that they point at.
const SOFT: [(&str, &str, &str); 8] = [
    ("organization_vehicles", "vehicle_id", "vehicles"),
    ("dealer_inventory", "vehicle_id", "vehicles"),
    ("bat_listings", "vehicle_id", "vehicles"),
    ("vehicle_images", "vehicle_id", "vehicles"),
    ("organization_vehicles", "organization_id", "businesses"),
    ("dealer_inventory", "dealer_id", "businesses"),
    ("bat_listings", "organization_id", "businesses"),
    ("bat_crawls", "dealer_id", "businesses"),
];

/// A column that points at a row's id.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    /// Schema and name, quoted.
    pub(super) table: String,
    /// Name, quoted.
    pub(super) column: String,
    /// Its name in the extension's schema, if it is there.
    pub(super) own: Option<String>,
    /// Whether it points at the id alone.
    pub(super) is_plain: bool,
}

impl Reference {
    /// Whether it is a column of the extension's own, which is moved by a rule of its own; one that the user added to such a
    /// table is not.
    pub(super) fn is_known(&self) -> bool {
        let name = self.own.as_deref();
        self.is_plain
            && SOFT.iter().any(|(table, column, _)| name == Some(*table) && self.column.as_str() == *column)
    }

    /// The description of a table whose rows have an id and are merged themselves where they collide.
    pub(super) fn merged_table(&self) -> Option<&'static Table> {
        let name = self.own.as_deref().filter(|_| self.is_known())?;
        [&ORGANIZATION_VEHICLES, &DEALER_INVENTORY].into_iter().find(|table| table.name == name)
    }

    /// Whether it is the gallery of a vehicle, whose pictures are numbered anew.
    pub(super) fn is_gallery(&self) -> bool {
        self.is_known() && self.own.as_deref() == Some("vehicle_images")
    }
}

/// The arguments of a statement that maps merged rows to kept ones: `$1` and `$2`.
pub(super) fn arguments(pairs: &[Pair]) -> Vec<DatumWithOid<'static>> {
    let losers: Vec<String> = pairs.iter().map(|pair| pair.loser.clone()).collect();
    let kept: Vec<String> = pairs.iter().map(|pair| pair.kept.clone()).collect();
    vec![losers.into(), kept.into()]
}

/// The mapping itself, `map (loser, kept)`, for a WITH clause.
pub(super) const MAP: &str = "
    map AS (
        SELECT m.loser::pg_catalog.uuid AS loser, m.kept::pg_catalog.uuid AS kept
        FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS m (loser, kept)
    )";

impl Store {
    /// All columns that point at the ids of a table.
    pub(super) fn references(&self, table: &Table) -> Result<BTreeSet<Reference>> {
        let mut references: BTreeSet<Reference> = self
            .rows::<Reference>(
                "SELECT pg_catalog.jsonb_build_object(
                     'table', pg_catalog.format('%I.%I', n.nspname, c.relname),
                     'column', pg_catalog.quote_ident(a.attname),
                     'own', CASE
                         WHEN pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $2 THEN c.relname
                     END,
                     'is_plain', pg_catalog.cardinality(k.conkey) OPERATOR(pg_catalog.=) 1
                         AND f.attname OPERATOR(pg_catalog.=) 'id'
                 )
                 FROM pg_catalog.pg_constraint AS k
                 JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) k.conrelid
                 JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
                 JOIN pg_catalog.pg_attribute AS a
                     ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid AND a.attnum OPERATOR(pg_catalog.=) k.conkey[1]
                 JOIN pg_catalog.pg_attribute AS f
                     ON f.attrelid OPERATOR(pg_catalog.=) k.confrelid AND f.attnum OPERATOR(pg_catalog.=) k.confkey[1]
                 WHERE k.contype OPERATOR(pg_catalog.=) 'f'
                     AND k.conparentid OPERATOR(pg_catalog.=) 0
                     AND k.confrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)",
                &[self.qualify(&format!("@.{}", table.name)).into(), self.schema().into()],
            )?
            .into_iter()
            .collect();
        let present: Vec<String> = self.rows(
            "SELECT pg_catalog.to_jsonb(t.name)
             FROM pg_catalog.unnest($1) AS t (name)
             WHERE pg_catalog.to_regclass(pg_catalog.concat('@.', t.name)) IS NOT NULL",
            &[SOFT.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>().into()],
        )?;
        let soft = SOFT.iter().filter(|(name, _, of)| {
            *of == table.name && present.iter().any(|present| present.as_str() == *name)
        });
        references.extend(soft.map(|(name, column, _)| Reference {
            table: self.qualify(&format!("@.{name}")),
            column: (*column).to_owned(),
            own: Some((*name).to_owned()),
            is_plain: true,
        }));
        Ok(references)
    }

    /// Makes an index for a column that points at other rows, if it has none, and this role may; returns its name. It must come
    /// before the rows are changed: PostgreSQL uses no index whose rows were changed under it in the same transaction.
    pub(super) fn index_reference(&self, reference: &Reference) -> Result<Option<String>> {
        let name: Option<String> = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.format('%I.%I', n.nspname, 'bat_repair_' OPERATOR(pg_catalog.||) a.attrelid OPERATOR(pg_catalog.||) '_' OPERATOR(pg_catalog.||) a.attnum))
             FROM pg_catalog.pg_attribute AS a
             JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) a.attrelid
             JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
             WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                 AND pg_catalog.quote_ident(a.attname) OPERATOR(pg_catalog.=) $2
                 AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
                 AND NOT EXISTS (
                     SELECT
                     FROM pg_catalog.pg_index AS i
                     WHERE i.indrelid OPERATOR(pg_catalog.=) a.attrelid
                         AND i.indkey[0] OPERATOR(pg_catalog.=) a.attnum
                         AND i.indpred IS NULL
                         AND i.indisvalid
                 )",
            &[reference.table.as_str().into(), reference.column.as_str().into()],
        )?;
        if let Some(name) = &name {
            let bare = name.rsplit('.').next().unwrap_or(name);
            pgrx::Spi::run(&format!("CREATE INDEX {bare} ON {} ({})", reference.table, reference.column))?;
        }
        Ok(name)
    }

    /// Moves what points at merged rows to the kept ones. Collisions were looked for before.
    pub(super) fn move_reference(&self, reference: &Reference, pairs: &[Pair]) -> Result<()> {
        if let Some(table) = reference.merged_table() {
            let colliding = self.colliding(table, reference, pairs)?;
            if let Some((row, why)) = self.merge_all(table, &colliding)?.pop_first() {
                return Err(Error::Internal(format!("{row} of {} could not be merged: {why}", table.name)));
            }
        }
        if reference.is_gallery() {
            return self.move_gallery(pairs);
        }
        let column = &reference.column;
        let memory = if self.has_memory(reference)? { moved_memory(column) } else { String::new() };
        self.execute(
            &format!(
                "WITH {MAP}
                 UPDATE {} AS t
                 SET {column} = m.kept{memory}
                 FROM map AS m
                 WHERE t.{column} OPERATOR(pg_catalog.=) m.loser",
                reference.table,
            ),
            &arguments(pairs),
        )?;
        Ok(())
    }

    /// Whether the importer remembers what it wrote to a column.
    fn has_memory(&self, reference: &Reference) -> Result<bool> {
        let own = ALL.iter().find(|table| reference.own.as_deref() == Some(table.name));
        let is_remembered =
            |table: &&Table| table.column("metadata").is_some() && table.column(&reference.column).is_some();
        if !own.is_some_and(is_remembered) {
            return Ok(false);
        }
        // A table that cannot be adopted may lack it.
        let held: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM pg_catalog.pg_attribute AS a
                 WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                     AND a.attname OPERATOR(pg_catalog.=) 'metadata'
                     AND a.atttypid OPERATOR(pg_catalog.=) 'pg_catalog.jsonb'::pg_catalog.regtype
                     AND NOT a.attisdropped
             ))",
            &[reference.table.as_str().into()],
        )?;
        Ok(held.unwrap_or_default())
    }

    /// Rows of a table that would be the same once a reference was moved; the oldest is kept.
    pub(super) fn colliding(
        &self,
        table: &Table,
        reference: &Reference,
        pairs: &[Pair],
    ) -> Result<Vec<Pair>> {
        let is_of_key = |unique: &&&[&str]| unique.iter().any(|name| **name == *reference.column);
        let Some(unique) = table.unique.first().filter(is_of_key) else { return Ok(Vec::new()) };
        let others: Vec<String> =
            unique.iter().filter(|name| **name != reference.column).map(|name| format!("t.{name}")).collect();
        let given: Vec<String> = unique.iter().map(|name| format!("t.{name} IS NOT NULL")).collect();
        self.rows(
            &format!(
                "WITH {MAP},
                 mapped AS (
                     SELECT
                         t.id,
                         pg_catalog.first_value(t.id) OVER (same ORDER BY t.created_at NULLS LAST, t.id) AS kept,
                         pg_catalog.count(m.loser) OVER same AS moved
                     FROM @.{table} AS t
                     LEFT JOIN map AS m ON m.loser OPERATOR(pg_catalog.=) t.{column}
                     WHERE {given}
                     WINDOW same AS (PARTITION BY COALESCE(m.kept, t.{column}), {others})
                 )
                 SELECT pg_catalog.jsonb_build_object('loser', d.id, 'kept', d.kept)
                 FROM mapped AS d
                 WHERE d.id OPERATOR(pg_catalog.<>) d.kept AND d.moved OPERATOR(pg_catalog.>) 0",
                column = reference.column,
                others = others.join(", "),
                table = table.name,
                given = given.join(" AND "),
            ),
            &arguments(pairs),
        )
    }

    /// Hangs the pictures of merged vehicles behind those of the kept ones. Where that has the same picture, it is enough.
    fn move_gallery(&self, pairs: &[Pair]) -> Result<()> {
        let mut same = arguments(pairs);
        same.push(gallery_keys().into());
        self.execute(
            &format!(
                "WITH {MAP}
                 DELETE FROM @.vehicle_images AS i
                 USING map AS m, @.vehicle_images AS k
                 WHERE i.vehicle_id OPERATOR(pg_catalog.=) m.loser
                     AND k.vehicle_id OPERATOR(pg_catalog.=) m.kept
                     AND k.url OPERATOR(pg_catalog.=) i.url
                     AND pg_catalog.to_jsonb(i.*) OPERATOR(pg_catalog.-) $3
                         OPERATOR(pg_catalog.=) (pg_catalog.to_jsonb(k.*) OPERATOR(pg_catalog.-) $3)"
            ),
            &same,
        )?;
        self.execute(
            &format!(
                "WITH {MAP},
                 numbered AS (
                     SELECT
                         i.vehicle_id,
                         i.position,
                         m.kept,
                         COALESCE(
                             (
                                 SELECT pg_catalog.max(k.position)
                                 FROM @.vehicle_images AS k
                                 WHERE k.vehicle_id OPERATOR(pg_catalog.=) m.kept
                             ),
                             -1
                         ) OPERATOR(pg_catalog.+) pg_catalog.row_number() OVER (
                             PARTITION BY m.kept ORDER BY i.vehicle_id, i.position
                         ) AS place
                     FROM @.vehicle_images AS i
                     JOIN map AS m ON m.loser OPERATOR(pg_catalog.=) i.vehicle_id
                 )
                 UPDATE @.vehicle_images AS t
                 SET vehicle_id = n.kept, position = n.place
                 FROM numbered AS n
                 WHERE t.vehicle_id OPERATOR(pg_catalog.=) n.vehicle_id
                     AND t.position OPERATOR(pg_catalog.=) n.position"
            ),
            &arguments(pairs),
        )?;
        Ok(())
    }
}

/// What an import wrote to a column stays the importer's where the row that it names is merged: the memory is moved with it.
fn moved_memory(column: &str) -> String {
    let place = format!("'{{{MEMORY},{column},value}}'");
    format!(
        ", metadata = CASE
             WHEN t.metadata OPERATOR(pg_catalog.#>>) {place} OPERATOR(pg_catalog.=) m.loser::pg_catalog.text
             THEN pg_catalog.jsonb_set(t.metadata, {place}, pg_catalog.to_jsonb(m.kept))
             ELSE t.metadata
         END"
    )
}

/// What does not make two pictures differ.
fn gallery_keys() -> Vec<String> {
    ["vehicle_id", "position", "created_at", "updated_at"].map(str::to_owned).to_vec()
}

/// Whether a table is one of the extension's, whose rows never go because they say what others say.
pub(super) fn is_own(reference: &Reference) -> bool {
    let name = reference.own.as_deref();
    name.is_some_and(|name| name == "bat_crawls" || ALL.iter().any(|table| table.name == name))
}

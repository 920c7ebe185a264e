//! Writes a row as [`merge`](super::merge) decides.

use std::fmt::Write;

use pgrx::datum::DatumWithOid;
use serde_json::{Value, json};

use super::defaults;
use super::merge::{Change, Fields, MEMORY, Policy, Source, merge, metadata};
use super::sql::{Store, jsonb};
use super::tables::{Column, Table};
use crate::error::{Error, Result};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Inserted,
    Updated,
    Unchanged,
}

/// A row after it was saved.
pub struct Saved {
    pub outcome: Outcome,
    /// The row's primary key columns.
    pub key: Fields,
}

impl Saved {
    /// The row's uuid.
    pub fn id(&self) -> Result<String> {
        let id = self.key.get("id").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| Error::Internal("a saved row has no id".to_owned()))
    }
}

/// How often a row is looked for again after another session inserted it first.
const TRIES: usize = 3;

impl Store {
    /// Saves a row: `find` looks for the existing one (as [`rows`](super::rows) spells it out, locked), `fields` tells what to write.
    pub fn save(
        &self,
        table: &Table,
        find: impl Fn() -> Result<Option<Fields>>,
        fields: impl Fn(Option<&Fields>) -> Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        self.save_under(None, table, find, fields, policy, source)
    }

    /// The same; a row that is made gets this id.
    pub(super) fn save_under(
        &self,
        id: Option<&str>,
        table: &Table,
        find: impl Fn() -> Result<Option<Fields>>,
        fields: impl Fn(Option<&Fields>) -> Fields,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        let mut existing = find()?;
        for _ in 0..TRIES {
            let new = fields(existing.as_ref());
            let change = merge(table, existing.as_ref(), &new, policy, source);
            match (existing, change) {
                (Some(row), None) => {
                    return Ok(Saved { outcome: Outcome::Unchanged, key: key_of(table, &row) });
                }
                (Some(row), Some(change)) => {
                    self.update(table, &row, &change)?;
                    return Ok(Saved { outcome: Outcome::Updated, key: key_of(table, &row) });
                }
                (None, change) => {
                    if let Some(key) = self.insert(table, id, &change.unwrap_or_default())? {
                        return Ok(Saved { outcome: Outcome::Inserted, key });
                    }
                    existing = find()?;
                }
            }
        }
        Err(self.why_not_stored(table)?)
    }

    /// Why a row could be neither inserted nor found.
    pub(super) fn why_not_stored(&self, table: &Table) -> Result<Error> {
        let triggers: Vec<String> = self.rows(
            "SELECT pg_catalog.to_jsonb(pg_catalog.quote_ident(t.tgname))
             FROM pg_catalog.pg_trigger AS t
             WHERE t.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                 -- For each row, before, an insert: 1, 2 and 4.
                 AND (t.tgtype OPERATOR(pg_catalog.&) 7::int2) OPERATOR(pg_catalog.=) 7
                 AND t.tgenabled OPERATOR(pg_catalog.=) ANY ('{O,A}'::\"char\"[])
                 -- Row security may hide a row that is there.
                 AND NOT pg_catalog.row_security_active(t.tgrelid)
             ORDER BY t.tgname",
            &[self.qualify(&format!("@.{}", table.name)).into()],
        )?;
        let table = table.name.to_owned();
        Ok(match triggers.is_empty() {
            true => Error::Contended(table),
            false => Error::LeftOut { table, triggers, about: None },
        })
    }

    /// Inserts a row; `None` if another session was faster.
    fn insert(&self, table: &Table, id: Option<&str>, change: &Change) -> Result<Option<Fields>> {
        let columns: Vec<&Column> =
            written(table, change).filter(|column| !change.fields[column.name].is_null()).collect();
        let (key_name, key_value) = if id.is_some() { ("id, ", "$3::pg_catalog.uuid, ") } else { ("", "") };
        let sql = format!(
            "INSERT INTO @.{table} AS t ({key_name}{names}{comma}metadata)
             SELECT {key_value}{values}{comma}$2
             FROM {record}
             ON CONFLICT ({target}) DO NOTHING
             RETURNING {key}",
            table = table.name,
            names = list(&columns, ""),
            values = list(&columns, "r."),
            record = record("pg_catalog.jsonb_to_record($1)", columns.iter().copied()),
            comma = if columns.is_empty() { "" } else { ", " },
            // By name: what violates a constraint of the user's own is an error that names it.
            target = table.unique.first().unwrap_or(&table.primary_key).join(", "),
            key = key_object(table),
        );
        let mut arguments =
            vec![jsonb(Value::Object(change.fields.clone())), jsonb(json!({ MEMORY: change.memory }))];
        arguments.extend(id.map(DatumWithOid::from));
        self.row(&sql, &arguments)
    }

    fn update(&self, table: &Table, row: &Fields, change: &Change) -> Result<()> {
        let set: String = written(table, change)
            .map(|Column { name, .. }| {
                match change.fields[*name].is_null() && defaults::stands_for_null(table, name) {
                    true => format!("\"{name}\" = DEFAULT, "),
                    false => format!("\"{name}\" = r.\"{name}\", "),
                }
            })
            .collect();
        let sql = format!(
            "UPDATE @.{table} AS t
             SET {set}metadata = {own} OPERATOR(pg_catalog.||)
                     pg_catalog.jsonb_build_object('{MEMORY}', {memory} OPERATOR(pg_catalog.||) $2),
                 updated_at = pg_catalog.now()
             FROM {record}
             WHERE {condition}",
            table = table.name,
            // What others have noted there stays as it is, to the last digit.
            own = metadata::as_object("t"),
            memory = metadata::memory("t"),
            record = record("pg_catalog.jsonb_to_record($1)", written(table, change)),
            condition = key_condition(table),
        );
        let arguments: [DatumWithOid; 3] = [
            jsonb(Value::Object(change.fields.clone())),
            jsonb(Value::Object(change.memory.clone())),
            jsonb(Value::Object(key_of(table, row))),
        ];
        self.execute(&sql, &arguments)?;
        Ok(())
    }
}

fn written<'a>(table: &'a Table, change: &'a Change) -> impl Iterator<Item = &'static Column> + 'a {
    table.data_columns().filter(|column| change.fields.contains_key(column.name))
}

fn list(columns: &[&Column], prefix: &str) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("{prefix}\"{}\"", column.name)).collect();
    names.join(", ")
}

/// The fields of a JSON object, read by the function that is called, as `r` with these columns. No record of the table's own
/// type: that would be one of all its columns, and those of the user's own may have domains that allow no NULL.
pub(super) fn record<'a>(read: &str, columns: impl Iterator<Item = &'a Column>) -> String {
    let mut described = String::new();
    for column in columns {
        let comma = if described.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(described, "{comma}\"{}\" {}", column.name, column.kind.sql());
    }
    match described.is_empty() {
        true => "(SELECT) AS r".to_owned(),
        false => format!("{read} AS r ({described})"),
    }
}

fn key_of(table: &Table, row: &Fields) -> Fields {
    table
        .primary_key
        .iter()
        .map(|name| ((*name).to_owned(), row.get(*name).cloned().unwrap_or_default()))
        .collect()
}

fn key_object(table: &Table) -> String {
    let parts: Vec<String> = table.primary_key.iter().map(|name| format!("'{name}', t.{name}")).collect();
    format!("pg_catalog.jsonb_build_object({})", parts.join(", "))
}

/// Compares the key with the third argument, a JSON object.
fn key_condition(table: &Table) -> String {
    let parts: Vec<String> = table
        .primary_key
        .iter()
        .filter_map(|name| table.column(name))
        .map(|column| {
            let (name, kind) = (column.name, column.kind.sql());
            format!("t.{name} OPERATOR(pg_catalog.=) ($3 OPERATOR(pg_catalog.->>) '{name}')::{kind}")
        })
        .collect();
    parts.join(" AND ")
}

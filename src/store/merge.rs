//! Never lose what a person wrote: which fields of a row an import may write.
//!
//! Every value that an import writes is remembered under `metadata->'bat_partners'`, per field, with its
//! source and time; those of all fields that were written when the row was made stand there once, under `*`. A later
//! import overwrites a field only while it still holds what was remembered.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::defaults;
use super::packing::hexadecimal;
use super::tables::{BUSINESSES, Column, Kind, Table};
use crate::error::Result;

pub mod metadata;
mod policy;
#[cfg(test)]
mod tests;

use policy::Held;
pub use policy::{Policy, tells_sale};

/// A row, or the fields of one, by column name.
pub type Fields = Map<String, Value>;

/// Key in a row's metadata under which the importer keeps its memory.
pub const MEMORY: &str = "bat_partners";

/// Key in that memory of the source and time of all fields that have none of their own. No column is called so.
pub const ORIGIN: &str = "*";

/// Values whose JSON is longer are remembered by their hash: a gallery's URLs need not be stored twice.
const REMEMBERED_LENGTH: usize = 256;

/// Where values come from.
pub struct Source<'a> {
    /// URL of the page.
    pub url: &'a str,
    /// Time of the import, ISO 8601.
    pub time: &'a str,
}

impl Source<'_> {
    fn entry(&self) -> Fields {
        [("source_url", self.url), ("time", self.time)]
            .map(|(key, text)| (key.to_owned(), Value::from(text)))
            .into_iter()
            .collect()
    }
}

/// What to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Columns to set.
    pub fields: Fields,
    /// The importer's memory of the row.
    pub memory: Fields,
}

/// Decides what an import writes to a row. `existing` is the row as it is, `None` for a new one; `new` is
/// what the page says. `None`: nothing.
pub fn merge(
    table: &Table,
    existing: Option<&Fields>,
    new: &Fields,
    policy: Policy,
    source: &Source,
) -> Option<Change> {
    let empty = Fields::new();
    let row = existing.unwrap_or(&empty);
    let mut memory = object(row.get("metadata").and_then(|metadata| metadata.get(MEMORY)));
    let mut fields = Fields::new();
    let mut has_confirmed = false;
    let origin = match existing {
        Some(_) => source.entry(),
        None => Fields::new(),
    };
    let entry = |value: &Value| {
        let mut entry = origin.clone();
        let (key, kept) = remembered(value);
        entry.insert(key.to_owned(), kept);
        Value::Object(entry)
    };
    let held_before = Held::of_row(table, row, source.url);
    for (name, value) in new {
        let Some(column) = table.column(name) else { continue };
        let held = defaults::held(table, row, column);
        let Some(policy) = policy.of_field(name, &held_before, new, source.url) else { continue };
        let is_ours = || memory.get(name).is_some_and(|memory| holds_remembered(column.kind, held, memory));
        let is_other_sale = name == "sale_price"
            && policy == Policy::Mirror
            && held_before.sale.is_of_another(source.url)
            && is_ours();
        let is_confirmed = policy != Policy::FillMissing && is_doubted(memory.get(name)) || is_other_sale;
        if is_same(column.kind, held, value) {
            if is_confirmed {
                memory.insert(name.clone(), entry(value));
                has_confirmed = true;
            }
            continue;
        }
        if !may_write(column.kind, held, value, memory.get(name), policy) {
            continue;
        }
        memory.insert(name.clone(), entry(value));
        fields.insert(name.clone(), value.clone());
    }
    if fields.is_empty() && !has_confirmed && existing.is_some() {
        return None;
    }
    if existing.is_none() {
        memory.insert(ORIGIN.to_owned(), Value::Object(source.entry()));
    }
    Some(Change { fields, memory })
}

/// Whether a field of an organization is missing: nothing is there, and nobody has emptied it.
pub fn is_missing(row: &Fields, name: &str) -> bool {
    let memory = row.get("metadata").and_then(|metadata| metadata.get(MEMORY)?.get(name));
    let is_emptied = memory.is_some_and(|memory| memory.get("value") != Some(&Value::Null));
    let is_empty = match BUSINESSES.column(name) {
        Some(column) => defaults::held(&BUSINESSES, row, column).is_null(),
        None => row.get(name).is_none_or(Value::is_null),
    };
    is_empty && !is_emptied
}

/// What an import writes to a row that is not there yet, as text: large, and written for every new page.
pub struct NewRow<'a> {
    /// Columns that get a value.
    pub columns: Vec<&'static Column>,
    /// Their values, a JSON object, but for the lists.
    pub fields: String,
    /// Columns that get a list of texts. PostgreSQL would take long to read a gallery of 150 URLs out of JSON.
    pub lists: Vec<(&'static str, Vec<&'a str>)>,
    /// The row's metadata.
    pub metadata: String,
}

impl<'a> NewRow<'a> {
    /// All that the page says.
    pub fn of(table: &Table, fields: &'a Fields, source: &Source) -> Result<NewRow<'a>> {
        let mut row =
            NewRow { columns: Vec::new(), fields: String::new(), lists: Vec::new(), metadata: String::new() };
        // Writing to a String cannot fail.
        let _ = write!(row.metadata, "{{\"{MEMORY}\":{{\"{ORIGIN}\":{}", Value::Object(source.entry()));
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let Some(column) = table.column(name) else { continue };
            row.columns.push(column);
            let text = serde_json::to_string(value)?;
            let (key, quote, kept) = match text.len() > REMEMBERED_LENGTH {
                true => ("sha256", "\"", &digest_of(&text)),
                false => ("value", "", &text),
            };
            row.metadata.extend([",\"", name, "\":{\"", key, "\":", quote, kept, quote, "}"]);
            match list_of(column, value) {
                Some(list) => row.lists.push((column.name, list)),
                None => {
                    let opening = if row.fields.is_empty() { "{\"" } else { ",\"" };
                    row.fields.extend([opening, name, "\":", &text]);
                }
            }
        }
        row.fields += if row.fields.is_empty() { "{}" } else { "}" };
        row.metadata += "}}";
        Ok(row)
    }
}

/// The texts of a value of a column that holds lists of texts. `None` also where PostgreSQL's text could not hold one of them:
/// out of JSON that is an error.
fn list_of<'a>(column: &Column, value: &'a Value) -> Option<Vec<&'a str>> {
    let list = value.as_array().filter(|_| column.kind == Kind::TextArray)?;
    list.iter().map(|text| text.as_str().filter(|text| !text.contains('\0'))).collect()
}

fn may_write(kind: Kind, held: &Value, new: &Value, memory: Option<&Value>, policy: Policy) -> bool {
    if new.is_null() && policy != Policy::Mirror && !is_doubted(memory) {
        return false;
    }
    if policy == Policy::FillMissing && !held.is_null() {
        return false;
    }
    match memory {
        Some(memory) => holds_remembered(kind, held, memory),
        // Never written by an import: what is there, a person wrote.
        None => held.is_null(),
    }
}

/// Whether a field holds what an earlier pipeline wrote, and no page was compared with yet: what the page does not say is
/// emptied, too.
fn is_doubted(memory: Option<&Value>) -> bool {
    memory.is_some_and(|memory| memory.get("is_doubted") == Some(&Value::Bool(true)))
}

/// The URL of the page from which an import wrote a field of a row last; `None` if none did.
pub fn source_url<'a>(row: &'a Fields, name: &str) -> Option<&'a str> {
    let memory = row.get("metadata")?.get(MEMORY)?;
    let own = memory.get(name)?.get("source_url");
    own.or_else(|| memory.get(ORIGIN)?.get("source_url"))?.as_str()
}

/// The text that an import wrote to a field of a row last.
pub fn remembered_text<'a>(row: &'a Fields, name: &str) -> Option<&'a str> {
    row.get("metadata")?.get(MEMORY)?.get(name)?.get("value")?.as_str()
}

/// The URL of the auction for which an earlier pipeline made a link, if no page was compared with it yet.
pub fn doubted_auction(link: &Fields) -> Option<&str> {
    let memory = link.get("metadata")?.get(MEMORY)?.get("relationship_type");
    if is_doubted(memory) { source_url(link, "relationship_type") } else { None }
}

/// Whether a field of a row holds what an import wrote last.
pub fn is_imported(table: &Table, row: &Fields, name: &str) -> bool {
    let memory = row.get("metadata").and_then(|metadata| metadata.get(MEMORY)?.get(name));
    table.column(name).zip(memory).is_some_and(|(column, memory)| {
        holds_remembered(column.kind, defaults::held(table, row, column), memory)
    })
}

/// Whether a row holds nothing but what imports have written.
pub fn is_untouched(table: &Table, row: &Fields) -> bool {
    is_untouched_but(table, row, &[])
}

/// The same, whatever these columns hold.
pub fn is_untouched_but(table: &Table, row: &Fields, names: &[&str]) -> bool {
    let memory = object(object(row.get("metadata")).get(MEMORY));
    let mut columns = table.data_columns().filter(|column| !names.contains(&column.name));
    columns.all(|column| match (defaults::held(table, row, column), memory.get(column.name)) {
        (Value::Null, _) => true,
        (held, Some(memory)) => holds_remembered(column.kind, held, memory),
        (_, None) => false,
    })
}

/// A value as it is remembered.
fn remembered(value: &Value) -> (&'static str, Value) {
    let text = value.to_string();
    match text.len() > REMEMBERED_LENGTH {
        true => ("sha256", Value::String(digest_of(&text))),
        false => ("value", value.clone()),
    }
}

fn holds_remembered(kind: Kind, held: &Value, memory: &Value) -> bool {
    match memory.get("sha256").and_then(Value::as_str) {
        Some(hash) => digest(held) == hash,
        None => is_same(kind, held, memory.get("value").unwrap_or(&Value::Null)),
    }
}

fn digest(value: &Value) -> String {
    digest_of(&value.to_string())
}

fn digest_of(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

fn object(value: Option<&Value>) -> Fields {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Whether two JSON values are the same value of a column's type: PostgreSQL prints numbers and times in
/// forms of its own.
pub(super) fn is_same(kind: Kind, one: &Value, other: &Value) -> bool {
    if one == other {
        return true;
    }
    match kind {
        Kind::Integer | Kind::BigInt | Kind::Numeric | Kind::Double => {
            one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one == other)
        }
        Kind::Timestamp => instant(one).zip(instant(other)).is_some_and(|(one, other)| one == other),
        _ => false,
    }
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

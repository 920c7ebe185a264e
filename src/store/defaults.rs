//! What the database fills in by itself where an import has no value: the defaults of columns in adopted tables.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use super::merge::{Fields, MEMORY, ORIGIN, is_same};
use super::tables::{Column, Kind, Table};

thread_local! {
    /// Columns that have a default, by their tables, as those were when they were last looked at.
    static DEFAULTS: RefCell<HashMap<String, Defaults>> = RefCell::default();
}

/// The defaults of a table, by column.
pub type Defaults = HashMap<String, ColumnDefault>;

/// The default of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefault {
    /// Its value; `None` if that differs from row to row, or cannot be told from the expression.
    pub value: Option<Value>,
    /// Whether the column is NOT NULL: then the default stands for what is not known.
    pub is_needed: bool,
}

/// Remembers which columns of each table have a default.
pub fn remember(tables: impl Iterator<Item = (String, Defaults)>) {
    DEFAULTS.set(tables.collect());
}

/// Whether a column may be named in an insert without a value: that keeps the database from filling in a default. False for
/// tables that were not looked at.
pub fn may_be_named(table: &Table, column: &str) -> bool {
    DEFAULTS
        .with_borrow(|tables| tables.get(table.name).is_some_and(|defaults| !defaults.contains_key(column)))
}

/// Whether a column takes its default in place of NULL.
pub fn stands_for_null(table: &Table, column: &str) -> bool {
    with(table, column, |default| default.is_needed)
}

/// Whether the database fills in an empty text where a column has no value.
pub fn is_empty_by_default(table: &Table, column: &str) -> bool {
    with(table, column, |default| default.value.as_ref().is_some_and(|value| value == ""))
}

/// What a field of a row holds. NULL also where it is only what the database filled in because an import had no value: no
/// person wrote that.
pub fn held<'a>(table: &Table, row: &'a Fields, column: &Column) -> &'a Value {
    let held = row.get(column.name).unwrap_or(&Value::Null);
    let memory = row.get("metadata").and_then(|metadata| metadata.get(MEMORY));
    let entry = memory.and_then(|memory| memory.get(column.name));
    let is_filled_in = with(table, column.name, |default| {
        let was_left = match entry {
            // Written as NULL.
            Some(entry) => default.is_needed && entry.get("value") == Some(&Value::Null),
            // Not written when an import made the row.
            None => memory.is_some_and(|memory| memory.get(ORIGIN).is_some()),
        };
        was_left && default.value.as_ref().is_some_and(|value| is_same(column.kind, held, value))
    });
    if is_filled_in { &Value::Null } else { held }
}

fn with(table: &Table, column: &str, ask: impl FnOnce(&ColumnDefault) -> bool) -> bool {
    DEFAULTS.with_borrow(|tables| {
        tables.get(table.name).and_then(|defaults| defaults.get(column)).is_some_and(ask)
    })
}

/// The value of a default, as `to_jsonb` would show it, from its expression as PostgreSQL prints it: `0`, `false`,
/// `'none'::text`. `None` for all that is not that simple.
pub fn constant(kind: Kind, expression: &str) -> Option<Value> {
    let text = match expression.strip_prefix('\'') {
        Some(rest) => literal(rest)?,
        None => expression.to_owned(),
    };
    let is_literal = expression.starts_with('\'');
    match kind {
        Kind::Integer | Kind::BigInt | Kind::Numeric | Kind::Double => {
            serde_json::from_str(&text).ok().filter(Value::is_number)
        }
        Kind::Boolean => text.parse().ok().map(Value::Bool),
        Kind::Text | Kind::Uuid | Kind::Date | Kind::Timestamp if is_literal => Some(Value::String(text)),
        Kind::Json if is_literal => serde_json::from_str(&text).ok(),
        Kind::TextArray if is_literal && text == "{}" => Some(Value::Array(Vec::new())),
        _ => None,
    }
}

/// The text of a string literal, given without its first quote, that is cast to a type and no more.
fn literal(rest: &str) -> Option<String> {
    let end = rest.rfind("'::")?;
    let (text, cast) = (&rest[..end], &rest[end + 3..]);
    let is_type = |letter: char| letter.is_ascii_alphanumeric() || " _[](),\"".contains(letter);
    let unescaped = text.replace("''", "");
    (cast.chars().all(is_type) && !unescaped.contains('\'')).then(|| text.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_constant_is_read_as_postgresql_prints_it() {
        for (kind, expression, value) in [
            (Kind::Numeric, "0", json!(0)),
            (Kind::Numeric, "1.50", json!(1.5)),
            (Kind::Integer, "'-1'::integer", json!(-1)),
            (Kind::Boolean, "false", json!(false)),
            (Kind::Text, "''::text", json!("")),
            (Kind::Text, "'it''s'::character varying", json!("it's")),
            (Kind::Text, "'a::b'::text", json!("a::b")),
            (Kind::TextArray, "'{}'::text[]", json!([])),
            (Kind::Json, "'{}'::jsonb", json!({})),
            (Kind::Date, "'2020-01-02'::date", json!("2020-01-02")),
        ] {
            assert_eq!(constant(kind, expression), Some(value), "{expression}");
        }
    }

    #[test]
    fn what_is_no_constant_is_unknown() {
        for (kind, expression) in [
            (Kind::Timestamp, "now()"),
            (Kind::Uuid, "gen_random_uuid()"),
            (Kind::Text, "('a'::text || 'b'::text)"),
            (Kind::Text, "'a'::text || 'b'::text"),
            (Kind::Text, "upper('a'::text)"),
            (Kind::Text, "CURRENT_USER"),
            (Kind::Text, "NULL::text"),
            (Kind::Integer, "nextval('s'::regclass)"),
            (Kind::Integer, "(1 + 2)"),
            (Kind::TextArray, "'{a}'::text[]"),
        ] {
            assert_eq!(constant(kind, expression), None, "{expression}");
        }
    }
}

//! Rows as imports read them: in a statement, `@row.vehicles(v)` is the row `v` of `vehicles`, as jsonb.
//!
//! Only the columns that imports know, and of the metadata only what they have noted there. What else a person keeps in a row may
//! be nothing that jsonb, or this program, can read: json with a NUL, a number beyond all floating point, nests without end.

use std::fmt::Write;

use super::merge::MEMORY;
use super::profiles::IMAGES;
use super::tables::{ALL, BUSINESSES, Column, Kind, Table};

/// In front of a table's name and, in parentheses, an alias.
const ROW: &str = "@row.";

/// What imports note in the metadata of organizations, beside their memory.
const NOTED: [&str; 2] = [IMAGES, "bat_profile"];

/// A statement with its rows spelt out.
pub(super) fn expand(sql: &str) -> String {
    let mut parts = sql.split(ROW);
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match named(part) {
            Some((table, alias, rest)) => expanded.extend([row_of(table, alias).as_str(), rest]),
            None => expanded.extend([ROW, part]),
        }
    }
    expanded
}

/// The table and the alias that a text begins with, and what comes after them.
fn named(text: &str) -> Option<(&'static Table, &str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let (alias, rest) = rest.split_once(')')?;
    let table = ALL.iter().find(|table| table.name == name)?;
    Some((table, alias, rest))
}

fn row_of(table: &Table, alias: &str) -> String {
    let mut fields = String::new();
    for column in table.columns {
        let comma = if fields.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(fields, "{comma}'{}', {}", column.name, value_of(table, column, alias));
    }
    format!("pg_catalog.jsonb_build_object({fields})")
}

fn value_of(table: &Table, column: &Column, alias: &str) -> String {
    let value = format!("{alias}.\"{}\"", column.name);
    match column.kind {
        Kind::Numeric => price(&value),
        _ if column.name == "metadata" => {
            let note = |name: &str| format!("{value} OPERATOR(pg_catalog.->) '{name}'");
            let others = NOTED.iter().filter(|_| table.name == BUSINESSES.name);
            let others: String = others.map(|name| format!(", '{name}', {}", note(name))).collect();
            // What merged rows were is noted there too, whole.
            format!(
                "pg_catalog.jsonb_build_object('{MEMORY}', CASE pg_catalog.jsonb_typeof({memory})
                     WHEN 'object' THEN ({memory}) OPERATOR(pg_catalog.-) 'merged'
                 END{others})",
                memory = note(MEMORY),
            )
        }
        _ => value,
    }
}

/// Whether a numeric is a price at all: a person may have written NaN, infinity, or what is beyond all floating point.
pub(super) fn is_price(value: &str) -> String {
    format!("{value} OPERATOR(pg_catalog.<) '1e300' AND {value} OPERATOR(pg_catalog.>) '-1e300'")
}

/// The price that a numeric is; NULL if it is none.
pub(super) fn price(value: &str) -> String {
    format!("CASE WHEN {} THEN {value} END", is_price(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_spelt_out_where_a_statement_names_one() {
        let sql = expand(
            "SELECT @row.vehicle_images(i), 1 FROM @.vehicle_images AS i WHERE '@row.x(y)' IS NOT NULL",
        );
        assert!(
            sql.starts_with("SELECT pg_catalog.jsonb_build_object('vehicle_id', i.\"vehicle_id\", "),
            "{sql}"
        );
        assert!(sql.ends_with("), 1 FROM @.vehicle_images AS i WHERE '@row.x(y)' IS NOT NULL"), "{sql}");
    }

    #[test]
    fn no_row_has_more_columns_than_a_function_takes_arguments() {
        // FUNC_MAX_ARGS: 100, two for each.
        assert!(ALL.iter().all(|table| table.columns.len() <= 50));
    }
}

//! A row's metadata as the JSON object that the importer's memory needs: a person may have written a list, or a mere text.

use serde_json::Value;

use super::Fields;

/// Key under which metadata that was no object is kept.
const INSTEAD: &str = "value";

/// The metadata of a row as an object, of which nothing is lost.
pub(super) fn of(row: &Fields) -> Fields {
    match row.get("metadata") {
        None | Some(Value::Null) => Fields::new(),
        Some(Value::Object(metadata)) => metadata.clone(),
        Some(other) => Fields::from_iter([(INSTEAD.to_owned(), other.clone())]),
    }
}

/// The same as SQL, of the row of an alias.
pub fn as_object(alias: &str) -> String {
    format!(
        "CASE
             WHEN pg_catalog.jsonb_typeof({alias}.metadata) OPERATOR(pg_catalog.=) 'object' THEN {alias}.metadata
             WHEN pg_catalog.jsonb_typeof({alias}.metadata) OPERATOR(pg_catalog.<>) 'null'
             THEN pg_catalog.jsonb_build_object('{INSTEAD}', {alias}.metadata)
             ELSE '{{}}'
         END"
    )
}

//! A row's metadata as the JSON object that the importer's memory needs: a person may have written a list, or a mere text.

use super::MEMORY;

/// Key under which metadata that was no object is kept.
const INSTEAD: &str = "value";

/// The metadata of the row of an alias as an object, of which nothing is lost: as SQL.
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

/// The importer's memory in it, an object too.
pub fn memory(alias: &str) -> String {
    let memory = format!("({alias}.metadata OPERATOR(pg_catalog.->) '{MEMORY}')");
    format!("CASE pg_catalog.jsonb_typeof({memory}) WHEN 'object' THEN {memory} ELSE '{{}}' END")
}

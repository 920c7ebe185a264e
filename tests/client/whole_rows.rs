//! All rows of tables, column by column: for copies that must be equal.

use std::collections::BTreeMap;

use crate::server::Session;

/// The names of the tables that belong to the user.
pub fn data_tables(session: &mut Session) -> Vec<String> {
    session.column("SELECT name FROM unnest(bat_table_names()) AS name ORDER BY name")
}

/// The names of all tables, the extension's own too.
pub fn all_tables(session: &mut Session) -> Vec<String> {
    session.column(
        "SELECT c.relname FROM pg_class AS c
         WHERE c.relnamespace = pg_catalog.current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.relname",
    )
}

/// A query for all rows of a table, as JSON, in one order.
pub fn query(table: &str) -> String {
    format!("SELECT to_jsonb(t) AS row FROM {table} AS t ORDER BY to_jsonb(t)::text COLLATE \"C\"")
}

/// The rows of tables.
pub fn rows(session: &mut Session, tables: &[String]) -> BTreeMap<String, Vec<String>> {
    tables.iter().map(|table| (table.clone(), session.column(&query(table)))).collect()
}

/// Fails where the rows of a table differ, and says in which table.
pub fn assert_equal(found: &BTreeMap<String, Vec<String>>, expected: &BTreeMap<String, Vec<String>>) {
    assert!(found.keys().eq(expected.keys()), "{:?} {:?}", found.keys(), expected.keys());
    for (table, rows) in expected {
        assert_eq!(&found[table], rows, "{table}");
    }
}

//! What `bat_grant` in `sql/` needs to know.

use pgrx::prelude::*;

use crate::store::tables;

/// The names of the tables that are the user's.
#[pg_extern(stable)]
fn bat_table_names() -> Vec<&'static str> {
    tables::names().collect()
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_table_names() IS 'The names of the tables that bat_setup makes or adopts.';
",
    name = "grants_comments",
    requires = [bat_table_names]
);

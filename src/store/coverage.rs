//! How often the parsers found each field, run by run.

use serde::Serialize;

use super::sql::{Store, jsonb};
use crate::error::Result;

/// How often a field was found. The fields are columns of `bat_coverage`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldCount {
    pub kind: &'static str,
    pub field: &'static str,
    pub is_steady: bool,
    /// Pages, or items of pages, that can have it.
    pub pages: i32,
    /// Those that have it.
    pub filled: i32,
    /// Some pages that lack it.
    pub examples: Vec<String>,
}

impl Store {
    /// Adds to what a run has counted.
    pub fn add_coverage(&self, run: i64, is_of_archive: bool, counts: &[FieldCount]) -> Result<()> {
        self.execute(
            "INSERT INTO @.bat_coverage AS c
                 (run_id, kind, field, is_of_archive, is_steady, pages, filled, examples, last_seen_at)
             SELECT $1, n.kind, n.field, $2, n.is_steady, n.pages, n.filled, n.examples, pg_catalog.clock_timestamp()
             FROM pg_catalog.jsonb_populate_recordset(NULL::@.bat_coverage, $3) AS n
             ON CONFLICT (run_id, kind, field) DO UPDATE
             SET pages = c.pages OPERATOR(pg_catalog.+) excluded.pages,
                 filled = c.filled OPERATOR(pg_catalog.+) excluded.filled,
                 examples = (c.examples OPERATOR(pg_catalog.||) excluded.examples)[1:3],
                 last_seen_at = excluded.last_seen_at",
            &[run.into(), is_of_archive.into(), jsonb(serde_json::to_value(counts)?)],
        )?;
        Ok(())
    }
}

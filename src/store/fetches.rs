//! One line per request, and what a run has done so far.

use serde::Serialize;

use super::runs::Counts;
use super::sql::{Store, json_text};
use crate::error::Result;

/// A request that was made. The fields are columns of `bat_fetches`.
#[derive(Clone, Debug, Serialize)]
pub struct Fetch {
    /// When it was started, ISO 8601.
    pub requested_at: String,
    pub run_id: Option<i64>,
    pub task_id: Option<i64>,
    pub host: String,
    pub url: String,
    pub status: Option<i32>,
    /// `ok`, `unchanged`, `redirect`, or the class of the error.
    pub outcome: &'static str,
    pub bytes: i32,
    pub elapsed_ms: i32,
}

/// Notes requests, and adds to the counts of their run, as parts of a WITH clause. Arguments: `$1` the run, `$2` its counts,
/// `$3` the requests.
pub(super) const RECORDED: &str = "
    noted AS (
        INSERT INTO @.bat_fetches
            (requested_at, run_id, task_id, host, url, status, outcome, bytes, elapsed_ms)
        SELECT f.requested_at, f.run_id, f.task_id, f.host, f.url, f.status, f.outcome, f.bytes, f.elapsed_ms
        FROM pg_catalog.json_populate_recordset(NULL::@.bat_fetches, $3) AS f
    ), counted AS (
        UPDATE @.bat_runs AS r
        SET inserted = r.inserted OPERATOR(pg_catalog.+) c.inserted,
            updated = r.updated OPERATOR(pg_catalog.+) c.updated,
            unchanged = r.unchanged OPERATOR(pg_catalog.+) c.unchanged,
            skipped = r.skipped OPERATOR(pg_catalog.+) c.skipped,
            failed = r.failed OPERATOR(pg_catalog.+) c.failed,
            refused = r.refused OPERATOR(pg_catalog.+) c.refused,
            requests = r.requests OPERATOR(pg_catalog.+) c.requests,
            tasks = r.tasks OPERATOR(pg_catalog.+) c.tasks
        FROM pg_catalog.json_populate_record(NULL::@.bat_runs, $2) AS c
        WHERE r.id OPERATOR(pg_catalog.=) $1
    )";

impl Store {
    /// Notes requests, and adds to the counts of their run.
    pub fn record(&self, run: Option<i64>, counts: &Counts, fetches: &[Fetch]) -> Result<()> {
        self.execute(
            &format!("WITH {RECORDED} SELECT"),
            &[
                run.into(),
                json_text(serde_json::to_string(counts)?),
                json_text(serde_json::to_string(fetches)?),
            ],
        )?;
        Ok(())
    }
}

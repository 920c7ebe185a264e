//! One line per request.

use super::sql::Store;
use crate::error::Result;

/// A request that was made.
pub struct Fetch<'a> {
    pub run: Option<i64>,
    pub task: Option<i64>,
    pub host: &'a str,
    pub url: &'a str,
    pub status: Option<i32>,
    /// `ok`, `unchanged`, `redirect`, or the class of the error.
    pub outcome: &'a str,
    pub bytes: i32,
    pub elapsed_ms: i32,
}

impl Store {
    /// Notes a request.
    pub fn note_fetch(&self, fetch: &Fetch) -> Result<()> {
        self.execute(
            "INSERT INTO @.bat_fetches (run_id, task_id, host, url, status, outcome, bytes, elapsed_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                fetch.run.into(),
                fetch.task.into(),
                fetch.host.into(),
                fetch.url.into(),
                fetch.status.into(),
                fetch.outcome.into(),
                fetch.bytes.into(),
                fetch.elapsed_ms.into(),
            ],
        )?;
        Ok(())
    }
}

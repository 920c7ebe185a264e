//! Runs: one row per call of a job.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::sql::{Store, jsonb};
use crate::compat::log;
use crate::error::{Error, Result};

/// What a run has done so far. The parts of `found` are disjoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub inserted: i32,
    pub updated: i32,
    pub unchanged: i32,
    pub skipped: i32,
    pub failed: i32,
    /// How many of the skipped and failed the site refused.
    #[serde(default)]
    pub refused: i32,
    #[serde(default)]
    pub requests: i32,
    /// Tasks of the queue that were settled, whatever came of them.
    #[serde(default)]
    pub tasks: i32,
}

impl Counts {
    /// All that was looked at.
    pub fn found(&self) -> i32 {
        self.inserted + self.updated + self.unchanged + self.skipped + self.failed
    }

    /// All that came out well.
    pub fn good(&self) -> i32 {
        self.inserted + self.updated + self.unchanged
    }

    /// Adds what another part of the work did.
    pub fn add(&mut self, other: &Counts) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.refused += other.refused;
        self.requests += other.requests;
        self.tasks += other.tasks;
    }
}

/// A run.
#[derive(Clone, Debug, Deserialize)]
pub struct Run {
    pub id: i64,
    pub job: String,
    pub options: Value,
    pub status: String,
    #[serde(flatten)]
    pub counts: Counts,
    pub message: Option<String>,
    /// Seconds since its start, or its whole length.
    pub elapsed: f64,
}

/// The columns of [`Run`] as jsonb, of the row `r`.
const RUN: &str = "
    pg_catalog.to_jsonb(r.*) OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
        'elapsed',
        extract(epoch FROM COALESCE(r.finished_at, pg_catalog.clock_timestamp()) OPERATOR(pg_catalog.-) r.started_at)
    )";

/// Characters of a run's message that a notification carries: at six bytes each it stays under the limit of 8000.
const TOLD_CHARACTERS: usize = 1000;

impl Store {
    /// The runs that somebody works on, or did when his session was lost.
    pub fn open_runs(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(r.id)
             FROM @.bat_runs AS r
             WHERE r.status OPERATOR(pg_catalog.=) 'running'
             UNION
             SELECT pg_catalog.to_jsonb(t.run_id)
             FROM @.bat_tasks AS t
             WHERE t.state OPERATOR(pg_catalog.=) 'running' AND t.run_id IS NOT NULL",
            &[],
        )
    }

    /// Closes a run whose session is gone. Leaves it alone if another session is at it right now.
    pub fn close_lost_run(&self, id: i64) -> Result<()> {
        let lost: Option<Run> = self.row(
            &format!(
                "UPDATE @.bat_runs AS r
                 SET status = 'failed',
                     finished_at = pg_catalog.clock_timestamp(),
                     message = 'interrupted: its session ended or was cancelled'
                 WHERE r.id OPERATOR(pg_catalog.=) (
                     SELECT s.id
                     FROM @.bat_runs AS s
                     WHERE s.id OPERATOR(pg_catalog.=) $1 AND s.status OPERATOR(pg_catalog.=) 'running'
                     FOR UPDATE SKIP LOCKED
                 )
                 RETURNING {RUN}"
            ),
            &[id.into()],
        )?;
        match lost {
            Some(run) => {
                log(format!(
                    "bat_partners: run {id} of {} was lost: its session ended or was cancelled",
                    run.job
                ));
                self.tell_end(&run)
            }
            None => Ok(()),
        }
    }

    /// Starts a run.
    pub fn begin_run(&self, job: &str, options: &Value) -> Result<i64> {
        let id: Option<i64> = self.row(
            "INSERT INTO @.bat_runs AS r (job, options) VALUES ($1, $2) RETURNING pg_catalog.to_jsonb(r.id)",
            &[job.into(), jsonb(options.clone())],
        )?;
        id.ok_or_else(|| Error::Internal("a run was not inserted".to_owned()))
    }

    /// A run.
    pub fn run_of(&self, id: i64) -> Result<Run> {
        let run = self.row(
            &format!("SELECT {RUN} FROM @.bat_runs AS r WHERE r.id OPERATOR(pg_catalog.=) $1"),
            &[id.into()],
        )?;
        run.ok_or_else(|| Error::Argument(format!("there is no run {id}")))
    }

    /// Ends a run, and tells whoever listens.
    pub fn finish_run(&self, id: i64, status: &str, message: &str) -> Result<Run> {
        let run: Option<Run> = self.row(
            &format!(
                "UPDATE @.bat_runs AS r
                 SET status = $2, message = $3, finished_at = pg_catalog.clock_timestamp()
                 WHERE r.id OPERATOR(pg_catalog.=) $1
                 RETURNING {RUN}"
            ),
            &[id.into(), status.into(), message.into()],
        )?;
        let run = run.ok_or_else(|| Error::Argument(format!("there is no run {id}")))?;
        self.tell_end(&run)?;
        Ok(run)
    }

    /// Notifies the listeners of the channel `bat_partners` that a run has ended; they hear of it when it is committed.
    fn tell_end(&self, run: &Run) -> Result<()> {
        let message: String =
            run.message.iter().flat_map(|text| text.chars()).take(TOLD_CHARACTERS).collect();
        let payload = json!({
            "run_id": run.id,
            "job": run.job,
            "status": run.status,
            "found": run.counts.found(),
            "inserted": run.counts.inserted,
            "updated": run.counts.updated,
            "unchanged": run.counts.unchanged,
            "skipped": run.counts.skipped,
            "failed": run.counts.failed,
            "requests": run.counts.requests,
            "message": message,
        });
        self.execute(
            "SELECT pg_catalog.pg_notify('bat_partners', $1)",
            &[payload.to_string().as_str().into()],
        )?;
        Ok(())
    }
}

//! Which worker has which task: claimed, given back, settled.

use pgrx::datum::DatumWithOid;
use serde::Deserialize;

use super::batch::{self, Batch, Inserted};
use super::fetches::{Fetch, RECORDED};
use super::hosts::{self, HOST, Host};
use super::runs::Counts;
use super::sql::{Store, json_text};
use super::tasks::Task;
use crate::error::{Error, Result};

/// How long a worker has for a task before others may take it: far longer than the 16 requests of the longest task take, each
/// of them slow. A worker that is lost is known by its lock, at once; this is for one that lives and does not go on.
const LEASE_SECONDS: f64 = 3600.0;

/// Which tasks may be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    All,
    /// Those that no attempt was made at.
    Untried,
}

/// How a task failed.
pub struct Failure {
    /// Seconds until the next try; `None` if it is dead.
    pub retry_in: Option<f64>,
    /// Attempts that count.
    pub attempts: i32,
    pub message: String,
    pub sqlstate: String,
}

/// The end of a task that is done.
pub struct Settling<'a> {
    pub task: &'a Task,
    pub run: i64,
    pub counts: &'a Counts,
    pub fetches: &'a [Fetch],
    /// The host that is asked next, if it is to be looked at in passing.
    pub next_host: Option<&'a str>,
    /// What is written with it.
    pub batch: Batch,
}

/// What the statement has done and found.
#[derive(Deserialize)]
struct Found {
    /// Tasks that were settled.
    tasks: i64,
    /// Rows of the listing that were inserted.
    stored: i64,
    host: Option<Host>,
}

impl Store {
    /// Claims the next due tasks of a host, at most so many: counts the attempts, writes leases and tokens. Returns them in
    /// their order.
    pub fn claim(
        &self,
        run: i64,
        host: &str,
        kinds: &[String],
        among: Among,
        limit: usize,
    ) -> Result<Vec<Task>> {
        let arguments: [DatumWithOid; 6] = [
            run.into(),
            host.into(),
            kinds.to_vec().into(),
            LEASE_SECONDS.into(),
            (among == Among::Untried).into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        self.rows(
            "WITH claimed AS (
                 UPDATE @.bat_tasks AS t
                 SET state = 'running',
                     -- Whatever a row by hand says: no sum of it may stop all workers.
                     attempts = LEAST(GREATEST(t.attempts, 0), 1000000) OPERATOR(pg_catalog.+) 1,
                     token = pg_catalog.gen_random_uuid(),
                     lease_until = pg_catalog.clock_timestamp()
                         OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => $4),
                     run_id = $1,
                     updated_at = pg_catalog.clock_timestamp()
                 WHERE t.id OPERATOR(pg_catalog.=) ANY (
                     ARRAY(
                         SELECT c.id
                         FROM @.bat_tasks AS c
                         WHERE c.state OPERATOR(pg_catalog.=) 'ready'
                             AND c.host OPERATOR(pg_catalog.=) $2
                             AND c.kind OPERATOR(pg_catalog.=) ANY ($3)
                             AND c.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
                             AND (NOT $5 OR c.attempts OPERATOR(pg_catalog.=) 0)
                         ORDER BY c.priority, c.run_after, c.id
                         LIMIT $6
                         FOR UPDATE SKIP LOCKED
                     )
                 )
                 RETURNING t.*
             )
             SELECT pg_catalog.to_jsonb(t.*)
             FROM claimed AS t
             ORDER BY t.priority, t.run_after, t.id",
            &arguments,
        )
    }

    /// Gives a task back that was claimed. The attempt counts if it was begun.
    pub fn unclaim(&self, task: &Task, is_begun: bool) -> Result<()> {
        self.execute(
            "UPDATE @.bat_tasks AS t
             SET state = 'ready',
                 attempts = CASE WHEN $3 THEN t.attempts ELSE t.attempts OPERATOR(pg_catalog.-) 1 END,
                 token = NULL,
                 lease_until = NULL,
                 updated_at = pg_catalog.clock_timestamp()
             WHERE t.id OPERATOR(pg_catalog.=) $1 AND t.token OPERATOR(pg_catalog.=) $2::pg_catalog.uuid",
            &[task.id.into(), task.token.as_str().into(), is_begun.into()],
        )?;
        Ok(())
    }

    /// The claimed task, if the token is still the one that was given out.
    pub fn claimed(&self, id: i64, token: &str) -> Result<Option<Task>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(t.*)
             FROM @.bat_tasks AS t
             WHERE t.id OPERATOR(pg_catalog.=) $1
                 AND t.token OPERATOR(pg_catalog.=) $2::pg_catalog.uuid
                 AND t.state OPERATOR(pg_catalog.=) 'running'",
            &[id.into(), token.into()],
        )
    }

    /// Removes a task that is done, or puts it back for the time at which it is to be done again; notes its requests, adds to
    /// the counts of its run, and makes the writes of the batch. False if it was taken away meanwhile: then nothing of this may
    /// stay.
    pub fn settle_done(&self, settling: Settling) -> Result<bool> {
        let Settling { task, run, counts, fetches, next_host, batch } = settling;
        let Batch { parts, arguments: of_batch, inserted } = batch;
        let stored = inserted.as_ref().map_or("0", |inserted| inserted.stored);
        let own: [DatumWithOid; batch::FIRST - 1] = [
            run.into(),
            json_text(serde_json::to_string(counts)?),
            json_text(serde_json::to_string(fetches)?),
            task.id.into(),
            task.token.as_str().into(),
            next_host.into(),
        ];
        let arguments: Vec<DatumWithOid> = own.into_iter().chain(of_batch).collect();
        let found: Option<Found> = self.row(
            &format!(
                "WITH {parts}{RECORDED}, again AS (
                     UPDATE @.bat_tasks AS t
                     SET state = 'ready',
                         run_after = t.again_at,
                         again_at = NULL,
                         attempts = 0,
                         token = NULL,
                         lease_until = NULL,
                         last_error = NULL,
                         last_sqlstate = NULL,
                         last_error_at = NULL,
                         updated_at = pg_catalog.clock_timestamp()
                     WHERE t.id OPERATOR(pg_catalog.=) $4
                         AND t.token OPERATOR(pg_catalog.=) $5::pg_catalog.uuid
                         AND t.again_at IS NOT NULL
                     RETURNING t.id
                 ), done AS (
                     DELETE FROM @.bat_tasks AS t
                     WHERE t.id OPERATOR(pg_catalog.=) $4
                         AND t.token OPERATOR(pg_catalog.=) $5::pg_catalog.uuid
                         AND t.again_at IS NULL
                     RETURNING t.id
                 )
                 SELECT pg_catalog.jsonb_build_object(
                     'tasks', (SELECT pg_catalog.count(*) FROM (SELECT FROM again UNION ALL SELECT FROM done) AS s),
                     'stored', {stored},
                     'host', (SELECT {host} FROM @.bat_hosts AS h WHERE h.host OPERATOR(pg_catalog.=) $6)
                 )",
                host = *HOST
            ),
            &arguments,
        )?;
        let Some(Found { tasks: 1, stored, host }) = found else { return Ok(false) };
        hosts::remember(host);
        match inserted {
            Some(Inserted { url, wanted, .. }) if stored != wanted => {
                Err(Error::Superseded(format!("what is stored of {url}")))
            }
            _ => Ok(true),
        }
    }

    /// Puts a failed task back, to be tried after `seconds`, or declares it dead, unless it was asked for once more
    /// meanwhile. Returns whether it is dead; `None` if it was taken away meanwhile.
    pub fn settle_failed(&self, task: &Task, failure: &Failure) -> Result<Option<bool>> {
        self.row(
            "UPDATE @.bat_tasks AS t
             SET state = CASE WHEN $3::pg_catalog.float8 IS NULL AND t.again_at IS NULL THEN 'dead' ELSE 'ready' END,
                 run_after = CASE
                     WHEN $3 IS NULL AND t.again_at IS NOT NULL THEN t.again_at
                     ELSE pg_catalog.clock_timestamp()
                         OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => COALESCE($3, 0))
                 END,
                 attempts = CASE WHEN $3 IS NULL AND t.again_at IS NOT NULL THEN 0 ELSE $4 END,
                 again_at = CASE WHEN $3 IS NOT NULL THEN t.again_at END,
                 token = NULL,
                 lease_until = NULL,
                 last_error = $5,
                 last_sqlstate = $6,
                 last_error_at = pg_catalog.clock_timestamp(),
                 updated_at = pg_catalog.clock_timestamp()
             WHERE t.id OPERATOR(pg_catalog.=) $1 AND t.token OPERATOR(pg_catalog.=) $2::pg_catalog.uuid
             RETURNING pg_catalog.to_jsonb(t.state OPERATOR(pg_catalog.=) 'dead')",
            &[
                task.id.into(),
                task.token.as_str().into(),
                failure.retry_in.into(),
                failure.attempts.into(),
                failure.message.as_str().into(),
                failure.sqlstate.as_str().into(),
            ],
        )
    }
}

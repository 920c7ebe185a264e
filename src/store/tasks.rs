//! The queue: what is in it, and when it is due.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sql::{Store, jsonb};
use crate::error::Result;

/// Dead tasks that a job enqueues again get a new chance after this time.
const REVIVED_AFTER: &str = "1 day";

/// A task to be enqueued.
#[derive(Clone, Debug, Serialize)]
pub struct NewTask {
    pub kind: &'static str,
    pub key: String,
    pub host: String,
    pub options: Value,
    pub priority: i16,
}

/// A claimed task.
#[derive(Clone, Debug, Deserialize)]
pub struct Task {
    pub id: i64,
    pub kind: String,
    pub key: String,
    pub host: String,
    pub options: Value,
    pub attempts: i32,
    pub token: String,
}

/// When the queue has something for a host.
#[derive(Clone, Debug, Deserialize)]
pub struct Outlook {
    pub host: String,
    /// Seconds until the host's first ready task is due and the host is not resting; 0 if now.
    pub wait: f64,
}

impl Store {
    /// Enqueues tasks. One that waits already gets the new options, and is due now unless it failed a moment ago. One
    /// that is dead is revived: a listing or an item only after a day, the others at once. One that is running stays as it is.
    /// What a person asked to be read keeps his options while it waits: he may have asked for more.
    pub fn enqueue(&self, tasks: &[NewTask]) -> Result<usize> {
        self.execute(
            &format!(
                "INSERT INTO @.bat_tasks AS t (kind, key, host, options, priority)
                 SELECT n.kind, n.key, n.host, n.options, n.priority
                 FROM pg_catalog.jsonb_populate_recordset(NULL::@.bat_tasks, $1) AS n
                 ON CONFLICT (kind, key) DO UPDATE
                 SET state = 'ready',
                     attempts = CASE WHEN t.state OPERATOR(pg_catalog.=) 'dead' THEN 0 ELSE t.attempts END,
                     options = {options},
                     host = EXCLUDED.host,
                     run_after = CASE
                         WHEN t.state OPERATOR(pg_catalog.=) 'ready' AND t.attempts OPERATOR(pg_catalog.>) 0
                         THEN t.run_after
                         ELSE LEAST(t.run_after, pg_catalog.now())
                     END,
                     updated_at = pg_catalog.now()
                 WHERE (t.state OPERATOR(pg_catalog.=) 'ready' AND (
                         t.options OPERATOR(pg_catalog.<>) {options}
                         OR t.run_after OPERATOR(pg_catalog.>) pg_catalog.now()
                     ))
                     OR (t.state OPERATOR(pg_catalog.=) 'dead' AND (
                         t.kind OPERATOR(pg_catalog.<>) ALL ('{{listing,inventory_item}}'::text[])
                         OR t.updated_at OPERATOR(pg_catalog.<)
                             (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{REVIVED_AFTER}')
                     ))",
                options = "CASE
                         WHEN t.state OPERATOR(pg_catalog.=) 'ready'
                             AND t.options OPERATOR(pg_catalog.?) 'by_hand'
                         THEN t.options
                         ELSE EXCLUDED.options
                     END",
            ),
            &[jsonb(serde_json::to_value(tasks)?)],
        )
    }

    /// The options of a task that waits; locks it, so that it waits until this transaction ends.
    pub fn waiting_options(&self, kind: &str, key: &str) -> Result<Option<Value>> {
        self.row(
            "SELECT t.options
             FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) $1
                 AND t.key OPERATOR(pg_catalog.=) $2
                 AND t.state OPERATOR(pg_catalog.=) 'ready'
             FOR UPDATE",
            &[kind.into(), key.into()],
        )
    }

    /// Forgets a task that is dead: what it was to do is done.
    pub fn forget_dead(&self, kind: &str, key: &str) -> Result<()> {
        self.execute(
            "DELETE FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) $1
                 AND t.key OPERATOR(pg_catalog.=) $2
                 AND t.state OPERATOR(pg_catalog.=) 'dead'",
            &[kind.into(), key.into()],
        )?;
        Ok(())
    }

    /// Enqueues one task that a person asks for, for a time: due then, even if it was dead; done once more if it is running.
    /// Of what has options that he can choose, his count, and of the directory the joined ones; of others, those of the job
    /// that waits for it. Returns its id.
    pub fn enqueue_for(&self, task: &NewTask, run_after: &str) -> Result<Option<i64>> {
        self.row(
            "INSERT INTO @.bat_tasks AS t (kind, key, host, options, priority, run_after)
             SELECT
                 n.kind,
                 n.key,
                 n.host,
                 CASE
                     WHEN n.kind OPERATOR(pg_catalog.=) ANY ('{listing,inventory,inventory_item}'::text[])
                     THEN n.options OPERATOR(pg_catalog.||) '{\"by_hand\": true}'
                     ELSE n.options
                 END,
                 n.priority,
                 $2::pg_catalog.timestamptz
             FROM pg_catalog.jsonb_populate_record(NULL::@.bat_tasks, $1) AS n
             ON CONFLICT (kind, key) DO UPDATE
             SET state = CASE WHEN t.state OPERATOR(pg_catalog.=) 'dead' THEN 'ready' ELSE t.state END,
                 options = CASE
                     WHEN EXCLUDED.options OPERATOR(pg_catalog.?) 'by_hand'
                         OR t.state OPERATOR(pg_catalog.=) 'dead'
                         OR t.state OPERATOR(pg_catalog.=) 'ready'
                             AND t.kind OPERATOR(pg_catalog.=) 'directory'
                     THEN EXCLUDED.options
                     ELSE t.options
                 END,
                 host = EXCLUDED.host,
                 attempts = CASE WHEN t.state OPERATOR(pg_catalog.=) 'dead' THEN 0 ELSE t.attempts END,
                 run_after = CASE
                     WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN t.run_after
                     ELSE EXCLUDED.run_after
                 END,
                 again_at = CASE
                     WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN LEAST(t.again_at, EXCLUDED.run_after)
                 END,
                 updated_at = pg_catalog.now()
             RETURNING pg_catalog.to_jsonb(t.id)",
            &[jsonb(serde_json::to_value(task)?), run_after.into()],
        )
    }

    /// Gives dead tasks a new chance: all, or those of a kind, or one. Returns how many.
    pub fn retry(&self, kind: Option<&str>, key: Option<&str>) -> Result<usize> {
        self.execute(
            "UPDATE @.bat_tasks AS t
             SET state = 'ready', attempts = 0, run_after = pg_catalog.now(), updated_at = pg_catalog.now()
             WHERE t.state OPERATOR(pg_catalog.=) 'dead'
                 AND ($1 IS NULL OR t.kind OPERATOR(pg_catalog.=) $1)
                 AND ($2 IS NULL OR t.key OPERATOR(pg_catalog.=) $2)",
            &[kind.into(), key.into()],
        )
    }

    /// Takes back the tasks of a run whose session is gone, and those whose lease has run out: ready again, or dead if
    /// that was their last attempt and they were not asked for once more meanwhile.
    pub fn reclaim(&self, lost_run: Option<i64>, max_attempts: i32) -> Result<usize> {
        self.execute(
            "UPDATE @.bat_tasks AS t
             SET state = CASE
                     WHEN t.attempts OPERATOR(pg_catalog.>=) $1 AND t.again_at IS NULL THEN 'dead'
                     ELSE 'ready'
                 END,
                 run_after = CASE
                     WHEN t.attempts OPERATOR(pg_catalog.>=) $1 AND t.again_at IS NOT NULL THEN t.again_at
                     ELSE pg_catalog.clock_timestamp()
                 END,
                 attempts = CASE
                     WHEN t.attempts OPERATOR(pg_catalog.>=) $1 AND t.again_at IS NOT NULL THEN 0
                     ELSE t.attempts
                 END,
                 again_at = CASE WHEN t.attempts OPERATOR(pg_catalog.<) $1 THEN t.again_at END,
                 token = NULL,
                 lease_until = NULL,
                 last_error = 'its worker did not come back: cancelled, killed, or its connection was lost',
                 last_sqlstate = '57P01',
                 last_error_at = pg_catalog.clock_timestamp(),
                 updated_at = pg_catalog.clock_timestamp()
             WHERE t.id OPERATOR(pg_catalog.=) ANY (
                 ARRAY(
                     SELECT s.id
                     FROM @.bat_tasks AS s
                     WHERE s.state OPERATOR(pg_catalog.=) 'running'
                         AND (
                             s.run_id OPERATOR(pg_catalog.=) $2
                             OR s.lease_until OPERATOR(pg_catalog.<) pg_catalog.clock_timestamp()
                         )
                     FOR UPDATE SKIP LOCKED
                 )
             )",
            &[max_attempts.into(), lost_run.into()],
        )
    }

    /// For each host with ready tasks of the kinds: how long until there is something to do, soonest first.
    pub fn outlook(&self, kinds: &[String]) -> Result<Vec<Outlook>> {
        self.rows(
            "WITH RECURSIVE hosts AS (
                 (
                     SELECT t.host
                     FROM @.bat_tasks AS t
                     WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                     ORDER BY t.host
                     LIMIT 1
                 )
                 UNION ALL
                 SELECT (
                     SELECT t.host
                     FROM @.bat_tasks AS t
                     WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                         AND t.host OPERATOR(pg_catalog.>) hosts.host
                     ORDER BY t.host
                     LIMIT 1
                 )
                 FROM hosts
                 WHERE hosts.host IS NOT NULL
             )
             SELECT pg_catalog.jsonb_build_object('host', o.host, 'wait', o.wait)
             FROM (
                 SELECT hosts.host, extract(epoch FROM LEAST(
                     GREATEST(pg_catalog.clock_timestamp(), due.run_after, h.resting_until),
                     -- An infinite time has no distance.
                     pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) interval '100 years'
                 ) OPERATOR(pg_catalog.-) pg_catalog.clock_timestamp())::pg_catalog.float8 AS wait
                 FROM hosts
                 CROSS JOIN LATERAL (
                     -- The first in the order of the index: no sort, however long the queue is.
                     SELECT t.run_after
                     FROM @.bat_tasks AS t
                     WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                         AND t.host OPERATOR(pg_catalog.=) hosts.host
                         AND t.kind OPERATOR(pg_catalog.=) ANY ($1)
                     ORDER BY t.run_after
                     LIMIT 1
                 ) AS due
                 LEFT JOIN @.bat_hosts AS h ON h.host OPERATOR(pg_catalog.=) hosts.host
             ) AS o
             ORDER BY o.wait, o.host",
            &[kinds.to_vec().into()],
        )
    }

    /// How many tasks of the kinds other workers are at.
    pub fn running_elsewhere(&self, kinds: &[String]) -> Result<i64> {
        let count = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM @.bat_tasks AS t
             WHERE t.state OPERATOR(pg_catalog.=) 'running'
                 AND t.kind OPERATOR(pg_catalog.=) ANY ($1)
                 AND t.lease_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()",
            &[kinds.to_vec().into()],
        )?;
        Ok(count.unwrap_or_default())
    }

    /// How many tasks are due or to be tried again, and how many dead. What waits for its time is not counted.
    pub fn queue_length(&self, kinds: &[String]) -> Result<(i64, i64)> {
        let counts: Option<[i64; 2]> = self.row(
            "SELECT pg_catalog.jsonb_build_array(
                 pg_catalog.count(*) FILTER (
                     WHERE t.state OPERATOR(pg_catalog.<>) 'dead' AND (
                         t.attempts OPERATOR(pg_catalog.>) 0
                         OR t.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
                     )
                 ),
                 pg_catalog.count(*) FILTER (WHERE t.state OPERATOR(pg_catalog.=) 'dead')
             )
             FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) ANY ($1)",
            &[kinds.to_vec().into()],
        )?;
        let [ready, dead] = counts.unwrap_or_default();
        Ok((ready, dead))
    }
}

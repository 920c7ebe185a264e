//! What the schedule asks of the queue.

use super::sql::Store;
use super::tasks::NewTask;
use crate::error::Result;

impl Store {
    /// Enqueues the live listings that the queue has lost, with the host and the priority of `like`: those without a task,
    /// those that wait longer than `interval` seconds although their end is to come, and those whose task died a day
    /// ago, but not of a page that is gone. Light rows are the catalogue's. Returns how many.
    pub fn enqueue_live(&self, like: &NewTask, interval: f64) -> Result<usize> {
        self.execute(
            "INSERT INTO @.bat_tasks AS t (kind, key, host, priority)
             SELECT $1, l.url, $2, $3::pg_catalog.int2
             FROM @.bat_listings AS l
             LEFT JOIN @.bat_tasks AS w
                 ON w.kind OPERATOR(pg_catalog.=) $1
                 AND w.key OPERATOR(pg_catalog.=) l.url
             WHERE l.status OPERATOR(pg_catalog.=) 'live'
                 AND l.vehicle_id IS NOT NULL
                 AND (
                     w.id IS NULL
                     OR (
                         w.state OPERATOR(pg_catalog.=) 'ready'
                         AND w.run_after OPERATOR(pg_catalog.>)
                             (pg_catalog.now() OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => $4))
                         AND COALESCE(l.ends_at OPERATOR(pg_catalog.>) pg_catalog.now(), true)
                     )
                     OR (
                         w.state OPERATOR(pg_catalog.=) 'dead'
                         AND w.last_sqlstate IS DISTINCT FROM '02000'
                         AND w.updated_at OPERATOR(pg_catalog.<)
                             (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 day')
                     )
                 )
             -- In the order of what the catalogue tells: two sessions at the same tasks cannot wait for one another.
             ORDER BY l.url COLLATE \"C\"
             ON CONFLICT (kind, key) DO UPDATE
             SET state = 'ready', attempts = 0, run_after = pg_catalog.now(), updated_at = pg_catalog.now()
             WHERE t.state OPERATOR(pg_catalog.<>) 'running'",
            &[like.kind.into(), like.host.as_str().into(), i32::from(like.priority).into(), interval.into()],
        )
    }

    /// How many of the tasks that are due, or to be tried again, wait for a host that is left alone.
    pub fn resting_tasks(&self, kinds: &[String]) -> Result<i64> {
        let count = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM @.bat_hosts AS h
             JOIN @.bat_tasks AS t
                 ON t.host OPERATOR(pg_catalog.=) h.host
                 AND t.state OPERATOR(pg_catalog.=) 'ready'
                 AND (
                     t.attempts OPERATOR(pg_catalog.>) 0
                     OR t.run_after OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
                 )
             WHERE h.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
                 AND t.kind OPERATOR(pg_catalog.=) ANY ($1)",
            &[kinds.to_vec().into()],
        )?;
        Ok(count.unwrap_or_default())
    }
}

//! What the schedule asks of the queue.

use super::sql::Store;
use super::tasks::NewTask;
use crate::error::Result;

impl Store {
    /// Enqueues all live listings, with the host and the priority of `like`. One that waits for its end is read now, and
    /// once more then. Returns how many tasks are new or due earlier.
    pub fn enqueue_live(&self, like: &NewTask) -> Result<usize> {
        self.execute(
            "INSERT INTO @.bat_tasks AS t (kind, key, host, priority)
             SELECT $1, l.url, $2, $3::pg_catalog.int2
             FROM @.bat_listings AS l
             WHERE l.status OPERATOR(pg_catalog.=) 'live'
             ON CONFLICT (kind, key) DO UPDATE
             SET again_at = t.run_after, run_after = pg_catalog.now(), updated_at = pg_catalog.now()
             WHERE t.state OPERATOR(pg_catalog.=) 'ready'
                 AND t.attempts OPERATOR(pg_catalog.=) 0
                 AND t.run_after OPERATOR(pg_catalog.>) pg_catalog.now()",
            &[like.kind.into(), like.host.as_str().into(), i32::from(like.priority).into()],
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

//! What is forgotten, and when: no table grows without end.

use super::sql::Store;
use crate::error::Result;

/// How long the lines about requests are kept.
const FETCHES: &str = "30 days";

/// How long runs are kept, and those that found nothing to do. Each job's last run is kept for ever.
const RUNS: &str = "90 days";
const IDLE_RUNS: &str = "7 days";

/// How long the dealers' crawls are kept. Each dealer's last one that found a list, and his last of all, are kept for ever.
const CRAWLS: &str = "1 year";

/// How long each run's coverage is kept by itself. Of an older day the run with the most pages is enough to compare with.
const COVERAGE: &str = "7 days";

/// How long pg_cron's lines about this extension's jobs are kept.
const CRON_RUNS: &str = "7 days";

/// How much later whoever works cleans up by himself, where nobody has scheduled it.
const GRACE: &str = "1 day";

/// What was forgotten.
pub struct Removed {
    pub fetches: usize,
    pub runs: usize,
    /// Counts of fields.
    pub coverage: usize,
    /// Crawls of dealers' inventories.
    pub crawls: usize,
    /// `None` where pg_cron is not to be seen from here.
    pub cron_runs: Option<usize>,
}

impl Store {
    /// Forgets what is old.
    pub fn clean_up(&self) -> Result<Removed> {
        Ok(Removed {
            fetches: self.forget_fetches()?,
            runs: self.forget_runs()?,
            coverage: self.forget_coverage()?,
            crawls: self.forget_crawls()?,
            cron_runs: self.forget_cron_runs()?,
        })
    }

    /// Forgets what is old where nobody seems to have done so for a day. Costs two looks at an index.
    pub fn clean_up_if_overdue(&self) -> Result<()> {
        let is_overdue: Option<bool> = self.row(
            &format!(
                "SELECT pg_catalog.to_jsonb(
                     COALESCE((
                         SELECT f.requested_at
                         FROM @.bat_fetches AS f
                         ORDER BY f.id
                         LIMIT 1
                     ) OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{FETCHES}'
                         OPERATOR(pg_catalog.-) interval '{GRACE}'), false)
                     OR COALESCE((
                         SELECT r.started_at
                         FROM @.bat_runs AS r
                         WHERE r.job OPERATOR(pg_catalog.=) 'bat_work'
                         ORDER BY r.id
                         LIMIT 1
                     ) OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{RUNS}'
                         OPERATOR(pg_catalog.-) interval '{GRACE}'), false)
                 )"
            ),
            &[],
        )?;
        if is_overdue == Some(true) {
            self.clean_up()?;
        }
        Ok(())
    }

    fn forget_fetches(&self) -> Result<usize> {
        self.execute(
            &format!(
                "DELETE FROM @.bat_fetches AS f
                 WHERE f.requested_at OPERATOR(pg_catalog.<)
                     (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{FETCHES}')"
            ),
            &[],
        )
    }

    fn forget_crawls(&self) -> Result<usize> {
        self.execute(
            &format!(
                "DELETE FROM @.bat_crawls AS c
                 WHERE c.finished_at OPERATOR(pg_catalog.<)
                         (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{CRAWLS}')
                     AND EXISTS (
                         SELECT
                         FROM @.bat_crawls AS later
                         WHERE later.dealer_id OPERATOR(pg_catalog.=) c.dealer_id
                             AND later.id OPERATOR(pg_catalog.>) c.id
                             AND (c.list_url IS NULL OR later.list_url IS NOT NULL)
                     )"
            ),
            &[],
        )
    }

    fn forget_runs(&self) -> Result<usize> {
        self.execute(
            &format!(
                "DELETE FROM @.bat_runs AS r
                 WHERE r.status OPERATOR(pg_catalog.<>) 'running'
                     AND r.finished_at OPERATOR(pg_catalog.<) (
                         pg_catalog.now() OPERATOR(pg_catalog.-)
                         CASE r.status WHEN 'nothing_to_do' THEN interval '{IDLE_RUNS}' ELSE interval '{RUNS}' END
                     )
                     AND EXISTS (
                         SELECT
                         FROM @.bat_runs AS later
                         WHERE later.job OPERATOR(pg_catalog.=) r.job AND later.id OPERATOR(pg_catalog.>) r.id
                     )"
            ),
            &[],
        )
    }

    /// Forgets the coverage of runs that are forgotten, and thins out that of past weeks.
    fn forget_coverage(&self) -> Result<usize> {
        self.execute(
            &format!(
                "WITH past AS (
                     SELECT
                         c.run_id,
                         c.kind,
                         c.field,
                         pg_catalog.row_number() OVER (
                             PARTITION BY c.kind, c.field, c.is_of_archive, pg_catalog.date_trunc('day', c.last_seen_at)
                             ORDER BY c.pages DESC, c.run_id DESC
                         ) AS place
                     FROM @.bat_coverage AS c
                     WHERE c.last_seen_at OPERATOR(pg_catalog.<)
                         (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{COVERAGE}')
                 )
                 DELETE FROM @.bat_coverage AS c
                 USING past AS p
                 WHERE p.run_id OPERATOR(pg_catalog.=) c.run_id
                     AND p.kind OPERATOR(pg_catalog.=) c.kind
                     AND p.field OPERATOR(pg_catalog.=) c.field
                     AND (
                         p.place OPERATOR(pg_catalog.>) 1
                         OR NOT EXISTS (SELECT FROM @.bat_runs AS r WHERE r.id OPERATOR(pg_catalog.=) c.run_id)
                     )"
            ),
            &[],
        )
    }

    /// Also lines of jobs that are no longer scheduled. A line without a time is as old as the ones after it.
    fn forget_cron_runs(&self) -> Result<Option<usize>> {
        if !self.row::<bool>("SELECT pg_catalog.to_jsonb(@.bat_cron_is_here())", &[])?.unwrap_or_default() {
            return Ok(None);
        }
        let removed = self.execute(
            &format!(
                "DELETE FROM cron.job_run_details AS d
                 WHERE d.database OPERATOR(pg_catalog.=) pg_catalog.current_database()::pg_catalog.text
                     AND d.runid OPERATOR(pg_catalog.<=) (
                         SELECT pg_catalog.max(o.runid)
                         FROM cron.job_run_details AS o
                         WHERE o.start_time OPERATOR(pg_catalog.<)
                             (pg_catalog.now() OPERATOR(pg_catalog.-) interval '{CRON_RUNS}')
                     )
                     AND (
                         d.jobid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT s.jobid FROM @.bat_scheduled() AS s))
                         OR (
                             d.command OPERATOR(pg_catalog.=) ANY (
                                 ARRAY(SELECT p.command FROM @.bat_schedule_plan(1) AS p)
                             )
                             AND NOT EXISTS (
                                 SELECT FROM cron.job AS j WHERE j.jobid OPERATOR(pg_catalog.=) d.jobid
                             )
                         )
                     )"
            ),
            &[],
        )?;
        Ok(Some(removed))
    }
}

//! When listings are to be visited again, and what is known of those that cannot be.

use serde::Deserialize;

use super::merge::Fields;
use super::sql::{Store, jsonb};
use super::tasks::NewTask;
use crate::error::Result;

/// How a stored listing stands.
#[derive(Clone, Debug, Deserialize)]
pub struct Standing {
    pub status: Option<String>,
    /// End of the auction, ISO 8601.
    pub ends_at: Option<String>,
}

impl Store {
    /// How a listing stands; `None` if it is not stored.
    pub fn standing(&self, url: &str) -> Result<Option<Standing>> {
        self.row(
            "SELECT pg_catalog.jsonb_build_object('status', l.status, 'ends_at', l.ends_at)
             FROM @.bat_listings AS l
             WHERE l.url OPERATOR(pg_catalog.=) $1",
            &[url.into()],
        )
    }

    /// Schedules the next visit of a page that was read just now, in place of what was scheduled before. One that is
    /// asked for once more while it is being read keeps the earlier time. The next visit is an ordinary one, whatever led
    /// to this one.
    pub fn schedule_visit(&self, task: &NewTask, run_after: &str) -> Result<()> {
        self.execute(
            "INSERT INTO @.bat_tasks AS t (kind, key, host, options, priority, run_after)
             SELECT n.kind, n.key, n.host, n.options, n.priority, $2::pg_catalog.timestamptz
             FROM pg_catalog.jsonb_populate_record(NULL::@.bat_tasks, $1) AS n
             ON CONFLICT (kind, key) DO UPDATE
             SET options = EXCLUDED.options,
                 priority = EXCLUDED.priority,
                 again_at = CASE
                     WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN LEAST(t.again_at, EXCLUDED.run_after)
                 END,
                 run_after = CASE
                     WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN t.run_after
                     ELSE EXCLUDED.run_after
                 END,
                 state = CASE WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN t.state ELSE 'ready' END,
                 attempts = CASE WHEN t.state OPERATOR(pg_catalog.=) 'running' THEN t.attempts ELSE 0 END,
                 last_error = NULL,
                 last_sqlstate = NULL,
                 last_error_at = NULL,
                 updated_at = pg_catalog.now()",
            &[jsonb(serde_json::to_value(task)?), run_after.into()],
        )?;
        Ok(())
    }

    /// The row of a listing that is stored whole and live.
    pub fn live_listing(&self, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.bat_listings(l)
             FROM @.bat_listings AS l
             WHERE l.url OPERATOR(pg_catalog.=) $1
                 AND l.status OPERATOR(pg_catalog.=) 'live'
                 AND l.vehicle_id IS NOT NULL",
            &[url.into()],
        )
    }

    /// Forgets which version of a page was read last: the next one is read whatever the site says of it.
    pub fn forget_version(&self, url: &str) -> Result<()> {
        self.execute(
            "UPDATE @.bat_pages AS p
             SET etag = NULL, last_modified = NULL, updated_at = pg_catalog.now()
             WHERE p.url OPERATOR(pg_catalog.=) $1 AND COALESCE(p.etag, p.last_modified) IS NOT NULL",
            &[url.into()],
        )?;
        Ok(())
    }

    /// Which of these listings' pages the site has removed, as far as the queue knows.
    pub fn gone_listings(&self, urls: &[String]) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(t.key)
             FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) 'listing'
                 AND t.key OPERATOR(pg_catalog.=) ANY ($1)
                 AND t.state OPERATOR(pg_catalog.=) 'dead'
                 AND t.last_sqlstate OPERATOR(pg_catalog.=) '02000'",
            &[urls.to_vec().into()],
        )
    }

    /// Those of these listings that are live, and whose next visit is scheduled already.
    pub fn awaited_listings(&self, urls: &[String]) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(l.url)
             FROM @.bat_listings AS l
             JOIN @.bat_tasks AS t
                 ON t.kind OPERATOR(pg_catalog.=) 'listing'
                 AND t.key OPERATOR(pg_catalog.=) l.url
                 AND t.state OPERATOR(pg_catalog.<>) 'dead'
             WHERE l.url OPERATOR(pg_catalog.=) ANY ($1)
                 AND l.status OPERATOR(pg_catalog.=) 'live'
                 AND l.organization_id IS NOT NULL",
            &[urls.to_vec().into()],
        )
    }
}

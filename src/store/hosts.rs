//! What is known of each host: its robots.txt, and whether it is left alone for now.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::sql::Store;
use crate::compat::log;
use crate::error::Result;

/// How long a robots.txt is believed (RFC 9309, 2.4), and one that could not be read.
const ROBOTS_VALID: &str = "24 hours";
/// The former as a duration.
pub const ROBOTS_VALID_FOR: Duration = Duration::from_hours(24);
const ROBOTS_UNREACHABLE_VALID: &str = "5 minutes";
/// The latter in seconds.
pub const ROBOTS_UNREACHABLE_SECONDS: f64 = 300.0;

/// Longest rest after refusals; also the longest `Retry-After` that is believed.
const LONGEST_REST_SECONDS: f64 = 86_400.0;

/// How long what was found out about a host in passing is believed. A request that waits behind another was permitted some time
/// ago, too.
const BELIEVED: Duration = Duration::from_millis(50);

thread_local! {
    /// The host that a statement about something else has found in passing, and when. Forgotten as soon as this session notes
    /// anything of a host.
    static FOUND: RefCell<Option<(Instant, Host)>> = const { RefCell::new(None) };
}

/// Remembers what was found out about a host in passing.
pub(super) fn remember(host: Option<Host>) {
    FOUND.set(host.map(|host| (Instant::now(), host)));
}

/// Of two rests the longer one stands, with its reason: what a site answers does not end a pause by hand. `until`: the end of the
/// new one, an expression of SQL.
fn longer_rest(until: &str) -> String {
    format!(
        "resting_reason = CASE
             WHEN h.resting_until OPERATOR(pg_catalog.>) ({until}) THEN h.resting_reason
             ELSE EXCLUDED.resting_reason
         END,
         resting_until = GREATEST(h.resting_until, {until})"
    )
}

/// A host.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Host {
    /// Its key; empty if nothing is known of it.
    #[serde(default)]
    pub host: String,
    pub robots_txt: Option<String>,
    pub robots_status: Option<i32>,
    /// Whether the robots.txt above is fresh enough.
    #[serde(default)]
    pub robots_valid: bool,
    /// Seconds that the host is still to be left alone; `None` if it is not resting.
    pub resting_seconds: Option<f64>,
    pub resting_until: Option<String>,
    /// By how much its delay is stretched; `None` or 1 is not at all.
    pub slowdown: Option<f64>,
    /// Refusals since the last good answer.
    #[serde(default)]
    pub refusals: i32,
}

/// The columns of [`Host`] as jsonb, of the row `h`.
pub(super) static HOST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "pg_catalog.to_jsonb(h.*) OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
             'robots_valid',
             COALESCE(
                 h.robots_fetched_at OPERATOR(pg_catalog.>) (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-)
                 CASE WHEN h.robots_status OPERATOR(pg_catalog.<) 500 THEN interval '{ROBOTS_VALID}'
                      ELSE interval '{ROBOTS_UNREACHABLE_VALID}' END),
                 false
             ),
             'resting_seconds',
             CASE WHEN h.resting_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
                  THEN extract(epoch FROM LEAST(
                      h.resting_until,
                      -- An infinite time has no distance.
                      pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) interval '100 years'
                  ) OPERATOR(pg_catalog.-) pg_catalog.clock_timestamp())
             END
         )"
    )
});

impl Store {
    /// What is known of a host.
    pub fn host(&self, host: &str) -> Result<Host> {
        let found = self.row(
            &format!("SELECT {} FROM @.bat_hosts AS h WHERE h.host OPERATOR(pg_catalog.=) $1", *HOST),
            &[host.into()],
        )?;
        Ok(found.unwrap_or_default())
    }

    /// The same as of now, or of a moment ago if it was found in passing.
    pub fn host_of_late(&self, host: &str) -> Result<Host> {
        match FOUND.take() {
            Some((since, found)) if found.host == host && since.elapsed() < BELIEVED => Ok(found),
            _ => self.host(host),
        }
    }

    /// Whether this transaction may write the host's row: another that has written it and is still open would be waited
    /// for, with the host's turn in hand.
    fn may_note_host(&self, host: &str) -> Result<bool> {
        remember(None);
        let may: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.pg_try_advisory_xact_lock(
                 pg_catalog.hashtextextended(pg_catalog.concat('bat_partners host ', $1), 0)
             ))",
            &[host.into()],
        )?;
        Ok(may.unwrap_or_default())
    }

    /// Waits until this transaction may write the host's row: a person's word must not be passed over.
    pub fn wait_to_note_host(&self, host: &str) -> Result<()> {
        remember(None);
        self.execute(
            "SELECT pg_catalog.pg_advisory_xact_lock(
                 pg_catalog.hashtextextended(pg_catalog.concat('bat_partners host ', $1), 0)
             )",
            &[host.into()],
        )?;
        Ok(())
    }

    /// Keeps a host's robots.txt. A host that could not be reached is kept as status 503. False as for [`Store::rest_host`].
    pub fn keep_robots(&self, host: &str, status: i32, text: Option<&str>) -> Result<bool> {
        if !self.may_note_host(host)? {
            return Ok(false);
        }
        self.execute(
            "INSERT INTO @.bat_hosts AS h (host, robots_status, robots_txt, robots_fetched_at)
             VALUES ($1, $2, $3, pg_catalog.clock_timestamp())
             ON CONFLICT (host) DO UPDATE
             SET robots_status = EXCLUDED.robots_status,
                 robots_txt = EXCLUDED.robots_txt,
                 robots_fetched_at = EXCLUDED.robots_fetched_at,
                 updated_at = pg_catalog.clock_timestamp()",
            &[host.into(), status.into(), text.into()],
        )?;
        Ok(true)
    }

    /// Leaves a host alone, for all sessions: `first_seconds` after the first refusal, twice as long after each further
    /// one. False if another open transaction is in the way, and nothing was noted.
    pub fn rest_host(&self, host: &str, reason: &str, first_seconds: f64) -> Result<bool> {
        if !self.may_note_host(host)? {
            return Ok(false);
        }
        self.execute(
            &format!(
                "INSERT INTO @.bat_hosts AS h (host, resting_until, resting_reason, refusals)
                 VALUES (
                     $1,
                     pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => $3),
                     $2,
                     1
                 )
                 ON CONFLICT (host) DO UPDATE
                 SET {longer},
                     refusals = h.refusals OPERATOR(pg_catalog.+) 1,
                     updated_at = pg_catalog.clock_timestamp()",
                longer = longer_rest(
                    "pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) pg_catalog.make_interval(
                         secs => LEAST($3 OPERATOR(pg_catalog.*) pg_catalog.power(2, LEAST(h.refusals, 20)), $4)
                     )"
                ),
            ),
            &[
                host.into(),
                reason.into(),
                first_seconds.into(),
                LONGEST_REST_SECONDS.into(),
            ],
        )?;
        log(format!("bat_partners: {host} is left alone: {reason}"));
        Ok(true)
    }

    /// Leaves a host alone for as long as it asked; that is no refusal. False as for [`Store::rest_host`].
    pub fn pause_host(&self, host: &str, reason: &str, seconds: f64) -> Result<bool> {
        if !self.may_note_host(host)? {
            return Ok(false);
        }
        self.execute(
            &format!(
                "INSERT INTO @.bat_hosts AS h (host, resting_until, resting_reason)
                 VALUES (
                     $1,
                     pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => $3),
                     $2
                 )
                 ON CONFLICT (host) DO UPDATE
                 SET {longer}, updated_at = pg_catalog.clock_timestamp()",
                longer = longer_rest("EXCLUDED.resting_until"),
            ),
            &[host.into(), reason.into(), seconds.into()],
        )?;
        log(format!("bat_partners: {host} is left alone: {reason}"));
        Ok(true)
    }

    /// Stretches a host's delay, for all sessions. Passed over while another open transaction has noted something of the
    /// host: the next answer tells the same.
    pub fn slow_down(&self, host: &str, slowdown: f64) -> Result<()> {
        if !self.may_note_host(host)? {
            return Ok(());
        }
        self.execute(
            "INSERT INTO @.bat_hosts AS h (host, slowdown)
             VALUES ($1, $2)
             ON CONFLICT (host) DO UPDATE
             SET slowdown = EXCLUDED.slowdown, updated_at = pg_catalog.clock_timestamp()",
            &[host.into(), slowdown.into()],
        )?;
        Ok(())
    }

    /// Forgets a host's refusals after it answered as it should. Touches no row if there were none.
    pub fn host_is_well(&self, host: &str) -> Result<()> {
        remember(None);
        let changed = self.execute(
            "UPDATE @.bat_hosts AS h
             SET refusals = 0, resting_until = NULL, resting_reason = NULL, updated_at = pg_catalog.clock_timestamp()
             WHERE h.host OPERATOR(pg_catalog.=) (
                 SELECT s.host
                 FROM @.bat_hosts AS s
                 WHERE s.host OPERATOR(pg_catalog.=) $1
                     AND s.refusals OPERATOR(pg_catalog.>) 0
                     AND s.resting_until OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
                 FOR UPDATE SKIP LOCKED
             )",
            &[host.into()],
        )?;
        if changed > 0 {
            log(format!("bat_partners: {host} answers again"));
        }
        Ok(())
    }

    /// Ends a host's rest by hand: the tasks that waited for it, and those whose refusal began it, are due; a robots.txt that
    /// could not be read is asked for again. Returns whether it was resting.
    pub fn resume_host(&self, host: &str) -> Result<bool> {
        remember(None);
        let changed = self.execute(
            "UPDATE @.bat_hosts AS h
             SET refusals = 0,
                 resting_until = NULL,
                 resting_reason = NULL,
                 robots_fetched_at = CASE
                     WHEN h.robots_status OPERATOR(pg_catalog.<) 500 THEN h.robots_fetched_at
                 END,
                 updated_at = pg_catalog.clock_timestamp()
             WHERE h.host OPERATOR(pg_catalog.=) $1 AND h.resting_until IS NOT NULL",
            &[host.into()],
        )?;
        // That of plain http has a row of its own.
        self.execute(
            "UPDATE @.bat_hosts AS h
             SET robots_fetched_at = NULL, updated_at = pg_catalog.clock_timestamp()
             WHERE h.host OPERATOR(pg_catalog.=) pg_catalog.concat($1, ':80')
                 AND h.robots_status OPERATOR(pg_catalog.>=) 500",
            &[host.into()],
        )?;
        self.execute(
            "UPDATE @.bat_tasks AS t
             SET run_after = pg_catalog.now(), updated_at = pg_catalog.clock_timestamp()
             WHERE t.host OPERATOR(pg_catalog.=) $1
                 AND t.state OPERATOR(pg_catalog.=) 'ready'
                 AND t.last_sqlstate OPERATOR(pg_catalog.=) ANY (ARRAY['08004', '55000', '38003'])",
            &[host.into()],
        )?;
        if changed > 0 {
            log(format!("bat_partners: the rest of {host} was ended by hand"));
        }
        Ok(changed == 1)
    }
}

//! What is known of the feeds of the catalogue, and what they told of listings.

use serde::Deserialize;
use serde_json::Value;

use super::merge::{Fields, Policy, Source, merge};
use super::renamed::other_post;
use super::sql::{Store, jsonb};
use super::stored::is_later_than;
use super::tables::LISTINGS;
use super::tasks::NewTask;
use crate::error::Result;

/// What became of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its pages showed all that the site states.
    Complete,
    /// They showed less.
    Incomplete,
    /// It is too long, and read in windows.
    Divided,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Complete => "complete",
            State::Incomplete => "incomplete",
            State::Divided => "divided",
        }
    }
}

/// A listing that is stored.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredRow(Fields);

impl StoredRow {
    /// Its columns.
    pub fn fields(&self) -> &Fields {
        &self.0
    }

    /// Canonical URL.
    pub fn url(&self) -> &str {
        self.text("url").unwrap_or_default()
    }

    /// State of the auction.
    pub fn status(&self) -> Option<&str> {
        self.text("status")
    }

    /// The number of the post that is stored under the URL of this one, if it is another.
    pub fn other_post(&self, listing_id: Option<i64>) -> Option<i64> {
        other_post(&self.0, listing_id)
    }

    /// Whether it is known when its auction ends.
    pub fn has_end(&self) -> bool {
        self.text("ends_at").is_some()
    }

    /// Whether its page was imported whole, with its vehicle.
    pub fn is_full(&self) -> bool {
        self.text("vehicle_id").is_some()
    }

    /// Whether its page was read.
    pub fn is_read(&self) -> bool {
        self.is_full() || self.text("seller_username").is_some()
    }

    /// Whether it was seen in a later state than that of a page fetched at this time.
    pub fn is_later_than(&self, fetched_at: &str) -> bool {
        is_later_than(&self.0, fetched_at)
    }

    /// Whether these fields would change it.
    pub fn would_change(&self, fields: &Fields, source: &Source) -> bool {
        merge(&LISTINGS, Some(&self.0), fields, Policy::Mirror, source).is_some()
    }

    fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column).and_then(Value::as_str)
    }
}

/// How a feed stands.
#[derive(Clone, Debug, Deserialize)]
pub struct Standing {
    /// `reading`, `complete`, `incomplete` or `divided`.
    pub state: String,
    /// How many listings the site states.
    pub stated: Option<i64>,
    /// How many of them were shown; of the history: are stored.
    pub shown: i64,
}

impl Store {
    /// Those of these listings that are stored.
    pub fn stored_listing_rows(&self, urls: &[String]) -> Result<Vec<StoredRow>> {
        self.rows(
            "SELECT @row.bat_listings(l)
             FROM @.bat_listings AS l
             WHERE l.url OPERATOR(pg_catalog.=) ANY ($1)",
            &[urls.to_vec().into()],
        )
    }

    /// Enqueues the tasks of listings that the catalogue tells of. One that waits for later is due now; one that is
    /// dead is revived after a day. Its options stay: what asked for it first may want more.
    pub fn enqueue_told(&self, tasks: &[NewTask]) -> Result<usize> {
        self.execute(
            "INSERT INTO @.bat_tasks AS t (kind, key, host, options, priority)
             SELECT n.kind, n.key, n.host, n.options, n.priority
             FROM pg_catalog.jsonb_populate_recordset(NULL::@.bat_tasks, $1) AS n
             ON CONFLICT (kind, key) DO UPDATE
             SET state = 'ready',
                 attempts = 0,
                 run_after = pg_catalog.now(),
                 priority = LEAST(t.priority, EXCLUDED.priority),
                 updated_at = pg_catalog.now()
             WHERE (
                     t.state OPERATOR(pg_catalog.=) 'ready'
                     AND t.attempts OPERATOR(pg_catalog.=) 0
                     AND t.run_after OPERATOR(pg_catalog.>) pg_catalog.now()
                 )
                 OR (
                     t.state OPERATOR(pg_catalog.=) 'dead'
                     AND t.updated_at OPERATOR(pg_catalog.<)
                         (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 day')
                 )",
            &[jsonb(serde_json::to_value(tasks)?)],
        )
    }

    /// Begins to read a feed, anew if it was read before.
    pub fn begin_feed(&self, feed: &str, stated: Option<i64>) -> Result<()> {
        self.execute(
            "DELETE FROM @.bat_catalogue_shown AS s WHERE s.feed OPERATOR(pg_catalog.=) $1",
            &[feed.into()],
        )?;
        self.execute(
            "INSERT INTO @.bat_catalogue AS c (feed, stated)
             VALUES ($1, $2)
             ON CONFLICT (feed) DO UPDATE
             SET state = 'reading',
                 stated = EXCLUDED.stated,
                 shown = 0,
                 pages = 0,
                 started_at = pg_catalog.clock_timestamp(),
                 updated_at = pg_catalog.clock_timestamp()",
            &[feed.into(), stated.into()],
        )?;
        Ok(())
    }

    /// Notes what a page of a feed showed; returns how many different listings its pages have shown.
    pub fn note_shown(&self, feed: &str, listing_ids: &[i64]) -> Result<i64> {
        self.execute(
            "INSERT INTO @.bat_catalogue_shown (feed, listing_id)
             SELECT $1, u.id FROM pg_catalog.unnest($2) AS u (id)
             ON CONFLICT (feed, listing_id) DO NOTHING",
            &[feed.into(), listing_ids.to_vec().into()],
        )?;
        let shown = self.row(
            "UPDATE @.bat_catalogue AS c
             SET shown = (
                     SELECT pg_catalog.count(*)
                     FROM @.bat_catalogue_shown AS s
                     WHERE s.feed OPERATOR(pg_catalog.=) $1
                 ),
                 pages = c.pages OPERATOR(pg_catalog.+) 1,
                 updated_at = pg_catalog.clock_timestamp()
             WHERE c.feed OPERATOR(pg_catalog.=) $1
             RETURNING pg_catalog.to_jsonb(c.shown)",
            &[feed.into()],
        )?;
        Ok(shown.unwrap_or_default())
    }

    /// Notes that a feed was read, or divided. What it has shown need not be remembered any longer.
    pub fn end_feed(&self, feed: &str, state: State) -> Result<()> {
        self.execute(
            "UPDATE @.bat_catalogue AS c
             SET state = $2, updated_at = pg_catalog.clock_timestamp()
             WHERE c.feed OPERATOR(pg_catalog.=) $1",
            &[feed.into(), state.word().into()],
        )?;
        self.execute(
            "DELETE FROM @.bat_catalogue_shown AS s WHERE s.feed OPERATOR(pg_catalog.=) $1",
            &[feed.into()],
        )?;
        Ok(())
    }

    /// Until when every auction that ended is stored, ISO 8601; `None` before the results were read once.
    pub fn covered_until(&self, feed: &str) -> Result<Option<String>> {
        let row: Option<Option<String>> = self.row(
            "SELECT COALESCE(pg_catalog.to_jsonb(c.covered_until), 'null')
             FROM @.bat_catalogue AS c
             WHERE c.feed OPERATOR(pg_catalog.=) $1",
            &[feed.into()],
        )?;
        Ok(row.flatten())
    }

    /// Notes that every auction that ended until a time is stored.
    pub fn cover_until(&self, feed: &str, time: &str) -> Result<()> {
        self.execute(
            "INSERT INTO @.bat_catalogue AS c (feed, state, covered_until)
             VALUES ($1, 'incomplete', $2::pg_catalog.timestamptz)
             ON CONFLICT (feed) DO UPDATE
             SET covered_until = GREATEST(c.covered_until, EXCLUDED.covered_until),
                 updated_at = pg_catalog.clock_timestamp()",
            &[feed.into(), time.into()],
        )?;
        Ok(())
    }

    /// Notes that auctions have ended of which nobody knows: a history that was whole is so no longer.
    pub fn note_gap(&self, history: &str) -> Result<()> {
        self.execute(
            "UPDATE @.bat_catalogue AS c
             SET state = 'incomplete', updated_at = pg_catalog.clock_timestamp()
             WHERE c.feed OPERATOR(pg_catalog.=) $1 AND c.state OPERATOR(pg_catalog.=) 'complete'",
            &[history.into()],
        )?;
        Ok(())
    }

    /// Forgets the windows of a history that was read before.
    pub fn forget_windows(&self, history: &str) -> Result<()> {
        self.execute(
            "DELETE FROM @.bat_catalogue AS c WHERE pg_catalog.starts_with(c.feed, pg_catalog.concat($1, '?'))",
            &[history.into()],
        )?;
        Ok(())
    }

    /// Locks the row of the history until the transaction ends; false before it was ever read.
    pub fn lock_history(&self, history: &str) -> Result<bool> {
        let locked = self.execute(
            "SELECT FROM @.bat_catalogue AS c WHERE c.feed OPERATOR(pg_catalog.=) $1 FOR UPDATE",
            &[history.into()],
        )?;
        Ok(locked > 0)
    }

    /// How a feed stands; `None` before it was ever read.
    pub fn feed(&self, feed: &str) -> Result<Option<Standing>> {
        self.row(
            "SELECT pg_catalog.jsonb_build_object('state', c.state, 'stated', c.stated, 'shown', c.shown)
             FROM @.bat_catalogue AS c
             WHERE c.feed OPERATOR(pg_catalog.=) $1",
            &[feed.into()],
        )
    }

    /// How many tasks of the history's pages are left, apart from one.
    pub fn history_tasks_left(&self, history: &str, but: Option<i64>) -> Result<i64> {
        let left = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) 'catalogue'
                 AND pg_catalog.starts_with(t.key, $1)
                 AND t.state OPERATOR(pg_catalog.<>) 'dead'
                 AND t.id IS DISTINCT FROM $2",
            &[history.into(), but.into()],
        )?;
        Ok(left.unwrap_or_default())
    }

    /// Notes that a feed was not read to its end. What it has shown is kept, for another try.
    pub fn note_unread_feed(&self, feed: &str) -> Result<()> {
        self.execute(
            "INSERT INTO @.bat_catalogue AS c (feed, state)
             VALUES ($1, 'incomplete')
             ON CONFLICT (feed) DO UPDATE
             SET state = 'incomplete', updated_at = pg_catalog.clock_timestamp()",
            &[feed.into()],
        )?;
        Ok(())
    }

    /// Notes how many ended listings are stored now that no page of the history is left to be read. `is_read`: whether the
    /// last of them was.
    pub fn end_history(&self, history: &str, is_read: bool) -> Result<()> {
        let stored: Option<i64> = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM @.bat_listings AS l
             WHERE l.status OPERATOR(pg_catalog.<>) 'live'",
            &[],
        )?;
        self.execute(
            "UPDATE @.bat_catalogue AS c
             SET shown = $2::pg_catalog.int4,
                 state = CASE
                     WHEN $3 AND $2 OPERATOR(pg_catalog.>=) c.stated AND NOT EXISTS (
                         SELECT
                         FROM @.bat_catalogue AS w
                         WHERE pg_catalog.starts_with(w.feed, pg_catalog.concat($1, '?'))
                             AND w.state OPERATOR(pg_catalog.=) ANY (ARRAY['incomplete', 'reading'])
                     )
                     THEN 'complete'
                     ELSE 'incomplete'
                 END,
                 updated_at = pg_catalog.clock_timestamp()
             WHERE c.feed OPERATOR(pg_catalog.=) $1",
            &[history.into(), stored.unwrap_or_default().into(), is_read.into()],
        )?;
        Ok(())
    }
}

//! Auctions.

use serde::Deserialize;
use serde_json::Value;

use super::distributed;
use super::merge::{Fields, Policy, Source, is_untouched_but};
use super::sql::Store;
use super::tables::{BIDS, COMMENTS, LISTINGS, PAGES};
use super::upsert::{Outcome, Saved};
use crate::error::Result;

/// Times of a listing row that say when, not what: they change only together with something else.
pub(super) const TIMES: [&str; 2] = ["last_seen_at", "last_changed_at"];

/// What is stored of a listing already.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredListing {
    pub url: String,
    pub status: Option<String>,
    /// Whether it is known whose it is.
    pub is_attributed: bool,
}

impl Store {
    /// Saves a listing, whose page was fetched at `seen_at`. A page that says nothing new touches no row.
    pub fn save_listing(
        &self,
        url: &str,
        fields: &Fields,
        seen_at: &str,
        policy: Policy,
        source: &Source,
    ) -> Result<Saved> {
        let find = || self.locked_listing(url);
        let new = |existing: Option<&Fields>| {
            let mut fields = fields.clone();
            if existing.is_none() {
                fields.insert("url".to_owned(), Value::from(url));
                fields.insert("first_seen_at".to_owned(), Value::from(seen_at));
                for name in TIMES {
                    fields.insert(name.to_owned(), Value::from(seen_at));
                }
            }
            fields
        };
        let saved = self.save(&LISTINGS, find, new, policy, source)?;
        if saved.outcome == Outcome::Updated {
            self.execute(
                "UPDATE @.bat_listings AS l
                 SET last_seen_at = GREATEST(l.last_seen_at, $2::timestamptz),
                     last_changed_at = GREATEST(l.last_changed_at, $2::timestamptz)
                 WHERE l.url OPERATOR(pg_catalog.=) $1",
                &[url.into(), seen_at.into()],
            )?;
        }
        Ok(saved)
    }

    /// Moves what is stored of a listing to the URL that the site has given it since, if it is the same post. Of two rows that
    /// stand for it already, the one that was imported whole stays, unless a person wrote to the other. Where the tables are
    /// distributed by their URLs, a row cannot move: the new one stands beside it.
    pub fn rename_listing(
        &self,
        old: &str,
        new: &str,
        listing_id: i64,
        threads_are_kept: bool,
    ) -> Result<()> {
        if distributed::are_tables() {
            return Ok(());
        }
        let is_of_post = |row: &Fields| row.get("listing_id").and_then(Value::as_i64) == Some(listing_id);
        let Some(before) = self.locked_listing(old)?.filter(is_of_post) else { return Ok(()) };
        if let Some(there) = self.locked_listing(new)? {
            let is_whole = there.get("vehicle_id").is_some_and(Value::is_string);
            let (spare, url) = if is_whole { (&before, old) } else { (&there, new) };
            // Times are remembered to more digits than a row holds.
            let [last_seen, last_changed] = TIMES;
            let times = ["first_seen_at", last_seen, last_changed];
            if !is_of_post(&there) || !is_untouched_but(&LISTINGS, spare, &times) {
                return Ok(());
            }
            for table in [LISTINGS.name, PAGES.name] {
                self.execute(
                    &format!("DELETE FROM @.{table} AS t WHERE t.url OPERATOR(pg_catalog.=) $1"),
                    &[url.into()],
                )?;
            }
            if is_whole {
                return Ok(());
            }
        }
        self.execute(
            "UPDATE @.bat_listings AS l
             SET url = $2,
                 metadata = pg_catalog.jsonb_set(
                     l.metadata, '{bat_partners,url,value}', pg_catalog.to_jsonb($2), create_if_missing => false
                 ),
                 updated_at = pg_catalog.now()
             WHERE l.url OPERATOR(pg_catalog.=) $1",
            &[old.into(), new.into()],
        )?;
        // Read again, the page of the old URL would make the old row anew.
        let of_thread = [BIDS.name, COMMENTS.name].into_iter().filter(|_| threads_are_kept);
        for table in [PAGES.name].into_iter().chain(of_thread) {
            self.execute(
                &format!(
                    "UPDATE @.{table} AS t
                     SET url = $2
                     WHERE t.url OPERATOR(pg_catalog.=) $1
                         AND NOT EXISTS (SELECT FROM @.{table} AS n WHERE n.url OPERATOR(pg_catalog.=) $2)"
                ),
                &[old.into(), new.into()],
            )?;
        }
        Ok(())
    }

    fn locked_listing(&self, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(l)
             FROM @.bat_listings AS l
             WHERE l.url OPERATOR(pg_catalog.=) $1
             FOR UPDATE",
            &[url.into()],
        )
    }

    /// Which of these listings are stored, and in what state.
    pub fn stored_listings(&self, urls: &[String]) -> Result<Vec<StoredListing>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'url', l.url,
                 'status', l.status,
                 'is_attributed', l.organization_id IS NOT NULL
             )
             FROM @.bat_listings AS l
             WHERE l.url OPERATOR(pg_catalog.=) ANY ($1)",
            &[urls.to_vec().into()],
        )
    }

    /// How many listings of a seller are stored.
    pub fn stored_count(&self, username: &str) -> Result<i64> {
        let count = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM @.bat_listings AS l
             WHERE l.seller_username OPERATOR(pg_catalog.=) $1",
            &[username.into()],
        )?;
        Ok(count.unwrap_or_default())
    }
}

//! Items that are not where they were: what a crawl saw again, what it missed, what is to be asked itself.

use serde::Deserialize;

use super::super::merge::Fields;
use super::super::sql::Store;
use crate::error::Result;

/// How much of what a dealer had was seen again by a crawl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Overlap {
    /// Items that were offered before the crawl, and not missed by the last complete one.
    pub before: i64,
    /// Those of them that were seen since it began.
    pub again: i64,
    /// Items that are still offered by their rows, but were missed by the last complete crawl and by this one.
    #[serde(default)]
    pub missed: i64,
}

impl Store {
    /// Which items are to be asked themselves, where nothing but a sitemap names them: those that have no row, or whose page
    /// was not read within so many seconds; and those that it names no longer.
    pub fn unread_items(&self, dealer: &str, urls: &[String], fresh_seconds: f64) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(COALESCE(u.url, d.listing_url))
             FROM pg_catalog.unnest($2::text[]) WITH ORDINALITY AS u (url, place)
             FULL JOIN (
                 SELECT o.listing_url, o.status, o.page_read_at
                 FROM @.dealer_inventory AS o
                 WHERE o.dealer_id OPERATOR(pg_catalog.=) $1::uuid
             ) AS d ON d.listing_url OPERATOR(pg_catalog.=) u.url
             WHERE CASE
                 WHEN d.listing_url IS NULL OR d.page_read_at IS NULL THEN true
                 WHEN u.url IS NULL THEN d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending,missing}'::text[])
                 ELSE d.page_read_at OPERATOR(pg_catalog.<=)
                     (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => $3))
             END
             ORDER BY u.place, d.listing_url",
            &[dealer.into(), urls.to_vec().into(), fresh_seconds.into()],
        )
    }

    /// Counts a miss of an item that no list shows.
    pub fn note_miss(&self, id: &str) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET missing_count = COALESCE(d.missing_count, 0) OPERATOR(pg_catalog.+) 1,
                 missing_since = COALESCE(d.missing_since, pg_catalog.clock_timestamp())
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(())
    }

    /// Whether an item has been missing for a day.
    pub fn is_long_missing(&self, id: &str) -> Result<bool> {
        let is_long: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(
                 d.missing_since OPERATOR(pg_catalog.<=)
                     (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) interval '1 day')
             )
             FROM @.dealer_inventory AS d
             WHERE d.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(is_long.unwrap_or_default())
    }

    /// How much of what a dealer offered before a time was seen since. What a complete crawl missed is known to be away: it is
    /// not missed again.
    pub fn overlap(&self, dealer: &str, since: &str) -> Result<Overlap> {
        let overlap = self.row(
            "SELECT pg_catalog.jsonb_build_object(
                 'before', pg_catalog.count(*) FILTER (WHERE NOT d.is_missed),
                 'again', pg_catalog.count(*) FILTER (WHERE d.last_seen_at OPERATOR(pg_catalog.>=) $2::timestamptz),
                 'missed', pg_catalog.count(*) FILTER (WHERE d.is_missed)
             )
             FROM (
                 SELECT i.last_seen_at, COALESCE(i.missing_count, 0) OPERATOR(pg_catalog.>) 0 AS is_missed
                 FROM @.dealer_inventory AS i
                 WHERE i.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                     AND i.first_seen_at OPERATOR(pg_catalog.<) $2::timestamptz
                     AND (
                         i.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending}'::text[])
                         -- Seen as sold, or so, for the first time.
                         OR i.sold_seen_at OPERATOR(pg_catalog.>=) $2::timestamptz
                     )
             ) AS d",
            &[dealer.into(), since.into()],
        )?;
        Ok(overlap.unwrap_or_default())
    }

    /// After a complete crawl that began at a time: counts one more miss for what it did not see. Returns what is missing now:
    /// missed twice or more, at least a day apart.
    pub fn count_misses(&self, dealer: &str, since: &str) -> Result<Vec<Fields>> {
        self.rows(
            "UPDATE @.dealer_inventory AS d
             SET missing_count = COALESCE(d.missing_count, 0) OPERATOR(pg_catalog.+) 1,
                 missing_since = COALESCE(d.missing_since, $2::timestamptz)
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND d.status OPERATOR(pg_catalog.=) ANY ('{in_stock,pending,missing}'::text[])
                 AND d.last_seen_at OPERATOR(pg_catalog.<) $2::timestamptz
             RETURNING CASE
                 WHEN d.missing_count OPERATOR(pg_catalog.>=) 2
                     AND d.missing_since OPERATOR(pg_catalog.<=)
                         ($2::timestamptz OPERATOR(pg_catalog.-) interval '1 day')
                 THEN @row.dealer_inventory(d)
             END",
            &[dealer.into(), since.into()],
        )
    }
}

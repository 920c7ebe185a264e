//! The crawls of the dealers' own inventories.

use serde::Deserialize;
use serde_json::Value;

use super::businesses::{BUSINESS, Business, DIRECTORY_ORDER};
use super::site::site_of;
use super::sql::{Store, jsonb};
use crate::error::{Error, Result};

/// A crawl, as far as it has come.
#[derive(Clone, Debug, Deserialize)]
pub struct Crawl {
    pub id: i64,
    pub state: String,
    pub pages: i32,
    pub items: i32,
    pub items_total: Option<i64>,
    /// ISO 8601.
    pub started_at: String,
}

/// What a page adds to its crawl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOfCrawl<'a> {
    pub items: i32,
    pub inserted: i32,
    pub updated: i32,
    pub items_total: Option<i64>,
    pub platform: Option<&'a str>,
    pub list_url: Option<&'a str>,
    pub sold_list_url: Option<&'a str>,
}

/// Where a dealer's lists were when they were last read.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct KnownLists {
    pub list_url: Option<String>,
    pub sold_list_url: Option<String>,
    /// Whether that is no longer ago than two weeks.
    #[serde(default)]
    pub are_recent: bool,
}

/// Whose word is taken for where a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trusted {
    /// That of any crawl.
    Any,
    /// That of a crawl whose list was not doubted.
    Believed,
}

/// Causes of crawls whose list was not believed: it may have been another page than the dealer's list.
const DISBELIEVED: [&str; 3] = ["nothing_found", "under_half", "other_items"];

impl Store {
    /// Begins a crawl; one of the same dealer that was not ended is over.
    pub fn begin_crawl(
        &self,
        dealer: &str,
        run_mode: &str,
        website: Option<&str>,
        started_at: &str,
    ) -> Result<Crawl> {
        self.execute(
            "UPDATE @.bat_crawls AS c
             SET state = 'incomplete', cause = 'superseded', finished_at = pg_catalog.clock_timestamp()
             WHERE c.dealer_id OPERATOR(pg_catalog.=) $1::uuid AND c.state OPERATOR(pg_catalog.=) 'running'",
            &[dealer.into()],
        )?;
        let crawl: Option<Crawl> = self.row(
            "INSERT INTO @.bat_crawls AS c (dealer_id, run_mode, website, started_at)
             VALUES ($1::uuid, $2, $3, $4::timestamptz)
             RETURNING pg_catalog.to_jsonb(c.*)",
            &[dealer.into(), run_mode.into(), website.into(), started_at.into()],
        )?;
        let crawl = crawl.ok_or_else(|| Error::Internal("a crawl was not inserted".to_owned()))?;
        self.forget_namesakes(dealer, crawl.id)?;
        self.forget_later_pages(dealer, run_mode)?;
        Ok(crawl)
    }

    /// Drops the tasks of later pages of a dealer's earlier crawls, which are over: nobody can ask for them again, and what they
    /// failed of is told by their crawls. Those of the list of what was sold are that list's.
    fn forget_later_pages(&self, dealer: &str, run_mode: &str) -> Result<()> {
        self.execute(
            "DELETE FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) 'inventory'
                 AND t.state OPERATOR(pg_catalog.<>) 'running'
                 AND pg_catalog.starts_with(t.key, $1 OPERATOR(pg_catalog.||) '#')
                 AND t.options OPERATOR(pg_catalog.?) 'crawl'
                 AND ((t.options OPERATOR(pg_catalog.->>) 'run_mode') IS NOT DISTINCT FROM 'sold')
                     OPERATOR(pg_catalog.=) ($2 OPERATOR(pg_catalog.=) 'sold')",
            &[dealer.into(), run_mode.into()],
        )?;
        Ok(())
    }

    /// Takes from a dealer's items the number of a crawl that begins: they outlive the extension, whose numbers begin anew when
    /// it is created again, and no item was seen by this crawl yet.
    fn forget_namesakes(&self, dealer: &str, crawl: i64) -> Result<()> {
        self.execute(
            "UPDATE @.dealer_inventory AS d
             SET last_crawl_id = NULL
             WHERE d.dealer_id OPERATOR(pg_catalog.=) $1::uuid AND d.last_crawl_id OPERATOR(pg_catalog.=) $2",
            &[dealer.into(), crawl.into()],
        )?;
        Ok(())
    }

    /// A crawl, locked: pages of one crawl are stored one after the other.
    pub fn crawl(&self, id: i64) -> Result<Option<Crawl>> {
        self.row(
            "SELECT pg_catalog.to_jsonb(c.*) FROM @.bat_crawls AS c WHERE c.id OPERATOR(pg_catalog.=) $1 FOR UPDATE",
            &[id.into()],
        )
    }

    /// Whether a crawl is under way still. Takes no lock.
    pub fn is_crawling(&self, id: i64) -> Result<bool> {
        let state: Option<String> = self.row(
            "SELECT pg_catalog.to_jsonb(c.state) FROM @.bat_crawls AS c WHERE c.id OPERATOR(pg_catalog.=) $1",
            &[id.into()],
        )?;
        Ok(state.as_deref() == Some("running"))
    }

    /// Adds a page to its crawl; returns the crawl with it.
    pub fn add_to_crawl(&self, id: i64, page: &PageOfCrawl) -> Result<Crawl> {
        let crawl = self.row(
            "UPDATE @.bat_crawls AS c
             SET pages = c.pages OPERATOR(pg_catalog.+) 1,
                 items = c.items OPERATOR(pg_catalog.+) $2,
                 inserted = c.inserted OPERATOR(pg_catalog.+) $3,
                 updated = c.updated OPERATOR(pg_catalog.+) $4,
                 items_total = GREATEST(c.items_total, $5),
                 platform = COALESCE(c.platform, $6),
                 list_url = COALESCE(c.list_url, $7),
                 sold_list_url = COALESCE(c.sold_list_url, $8)
             WHERE c.id OPERATOR(pg_catalog.=) $1
             RETURNING pg_catalog.to_jsonb(c.*)",
            &[
                id.into(),
                page.items.into(),
                page.inserted.into(),
                page.updated.into(),
                page.items_total.into(),
                page.platform.into(),
                page.list_url.into(),
                page.sold_list_url.into(),
            ],
        )?;
        crawl.ok_or_else(|| Error::Internal(format!("crawl {id} is lost")))
    }

    /// Ends a crawl that is under way. False if it was ended before.
    pub fn end_crawl(
        &self,
        id: i64,
        state: &str,
        cause: Option<&str>,
        message: Option<&str>,
        missing: i32,
    ) -> Result<bool> {
        let ended = self.execute(
            "UPDATE @.bat_crawls AS c
             SET state = $2, cause = $3, message = $4, missing = $5, finished_at = pg_catalog.clock_timestamp()
             WHERE c.id OPERATOR(pg_catalog.=) $1 AND c.state OPERATOR(pg_catalog.=) 'running'",
            &[id.into(), state.into(), cause.into(), message.into(), missing.into()],
        )?;
        Ok(ended > 0)
    }

    /// Where the lists of a dealer's site are, by the last crawls that found them and are `trusted`. One without an inventory names
    /// a page that may be a list on another day.
    pub fn known_lists(&self, dealer: &str, website: &str, trusted: Trusted) -> Result<KnownLists> {
        let known = self.row(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                 'list_url',
                 (pg_catalog.array_agg(c.list_url ORDER BY c.id DESC) FILTER (WHERE c.list_url IS NOT NULL))[1],
                 'sold_list_url',
                 (pg_catalog.array_agg(c.sold_list_url ORDER BY c.id DESC) FILTER (WHERE c.sold_list_url IS NOT NULL))[1],
                 'are_recent',
                 COALESCE(
                     pg_catalog.max(c.started_at)
                         FILTER (WHERE c.list_url IS NOT NULL OR c.sold_list_url IS NOT NULL)
                         OPERATOR(pg_catalog.>) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '14 days'),
                     false
                 )
             )
             FROM @.bat_crawls AS c
             WHERE c.dealer_id OPERATOR(pg_catalog.=) $1::uuid
                 AND {own} OPERATOR(pg_catalog.=) {asked}
                 AND c.state OPERATOR(pg_catalog.<>) 'no_inventory'
                 AND ($3 OR c.cause IS NULL OR c.cause OPERATOR(pg_catalog.<>) ALL ($4))",
                own = site_of("c.website"),
                asked = site_of("$2"),
            ),
            &[
                dealer.into(),
                website.into(),
                (trusted == Trusted::Any).into(),
                DISBELIEVED.map(str::to_owned).to_vec().into(),
            ],
        )?;
        Ok(known.unwrap_or_default())
    }

    /// The organization that holds the inventory of a site: the first in directory order of all that share it.
    pub fn holder_of_site(&self, website: &str) -> Result<Option<Business>> {
        self.row(
            &format!(
                "SELECT {BUSINESS}
                 FROM @.businesses AS b
                 WHERE {own} OPERATOR(pg_catalog.=) {asked}
                 ORDER BY b.status IS NOT DISTINCT FROM 'left_directory', {DIRECTORY_ORDER}
                 LIMIT 1",
                own = site_of("b.website"),
                asked = site_of("$1"),
            ),
            &[website.into()],
        )
    }

    /// The organizations whose own site is to be crawled now, each site once: those whose last crawl ended so many seconds
    /// ago, by how it ended, or that were never crawled. `intervals`: state → seconds; where nothing but a page was found that may be a
    /// list on another day: `unfilled` and how often that was so.
    pub fn dealers_due(&self, intervals: &Value) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM (
                     SELECT DISTINCT ON ({site}) b.*
                     FROM @.businesses AS b
                     WHERE b.website IS NOT NULL
                         AND b.status IS DISTINCT FROM 'left_directory'
                     ORDER BY {site}, {DIRECTORY_ORDER}
                 ) AS b
                 LEFT JOIN LATERAL (
                     SELECT
                         COALESCE(c.finished_at, c.started_at) AS ended_at,
                         $1 OPERATOR(pg_catalog.->>) c.state AS seconds,
                         CASE
                             WHEN c.state OPERATOR(pg_catalog.=) 'no_inventory' AND c.list_url IS NOT NULL
                             THEN $1 OPERATOR(pg_catalog.->>) pg_catalog.concat('unfilled', (
                                 SELECT pg_catalog.count(*)
                                 FROM @.bat_crawls AS u
                                 WHERE u.dealer_id OPERATOR(pg_catalog.=) c.dealer_id
                                     AND u.website OPERATOR(pg_catalog.=) c.website
                                     AND u.state OPERATOR(pg_catalog.=) 'no_inventory'
                                     AND u.list_url IS NOT NULL
                             ))
                         END AS seconds_unfilled
                     FROM @.bat_crawls AS c
                     WHERE c.dealer_id OPERATOR(pg_catalog.=) b.id AND c.website OPERATOR(pg_catalog.=) b.website
                     ORDER BY c.id DESC
                     LIMIT 1
                 ) AS last ON true
                 WHERE last.ended_at IS NULL
                     OR last.ended_at OPERATOR(pg_catalog.<=) (
                         pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(
                             secs => COALESCE(last.seconds_unfilled, last.seconds, '0')::double precision
                         )
                     )
                 ORDER BY {DIRECTORY_ORDER}",
                site = site_of("b.website"),
            ),
            &[jsonb(intervals.clone())],
        )
    }
}

//! Organizations' profiles: what is missing in them, and whose pictures are to be looked for.

use serde::Deserialize;
use serde_json::Value;

use super::businesses::{BUSINESS, Business, DIRECTORY_ORDER};
use super::defaults::is_empty_by_default;
use super::merge::{Fields, MEMORY, ORIGIN};
use super::site::host_of;
use super::sql::Store;
use super::tables::BUSINESSES;
use crate::error::Result;

/// The columns that hold a picture.
pub const PICTURES: [&str; 4] = ["favicon_url", "logo_url", "banner_url", "primary_image_url"];

/// Key in a row's metadata of what the search for pictures remembers.
pub const IMAGES: &str = "bat_images";

/// What of the row `b` is missing: nothing is there, and nobody has emptied it. As [`is_missing`](super::merge::is_missing)
/// has it: an empty text is nothing where it is what the database fills in.
fn misses_a_picture() -> String {
    let misses = |column: &str| {
        let memory = format!("(b.metadata OPERATOR(pg_catalog.->) '{MEMORY}')");
        let noted = format!("(b.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},{column}}}')");
        let is_empty = if is_empty_by_default(&BUSINESSES, column) {
            format!(
                "(b.{column} IS NULL OR b.{column} OPERATOR(pg_catalog.=) '' AND {memory} OPERATOR(pg_catalog.?) '{ORIGIN}')"
            )
        } else {
            format!("b.{column} IS NULL")
        };
        format!(
            "{is_empty} AND ({noted} IS NULL OR ({noted} OPERATOR(pg_catalog.->) 'value') IS NOT DISTINCT FROM 'null')"
        )
    };
    PICTURES.map(misses).join(" OR ")
}

/// A time of the search of the row `b`.
fn time_of(key: &str) -> String {
    format!("@.bat_noted_time(b.metadata OPERATOR(pg_catalog.#>>) '{{{IMAGES},{key}}}')")
}

/// Whether the search for pictures of the row `b` is due.
fn is_due() -> String {
    format!(
        "(b.website IS NOT NULL OR b.metadata OPERATOR(pg_catalog.?) 'referral_url')
         AND ({})
         AND COALESCE({} OPERATOR(pg_catalog.<=) pg_catalog.now(), true)",
        misses_a_picture(),
        time_of("next_attempt_at")
    )
}

/// Another organization with the same web site.
#[derive(Clone, Debug, Deserialize)]
pub struct Sibling {
    /// What its search for pictures remembers.
    pub images: Option<Value>,
}

impl Store {
    /// An organization's whole row.
    pub fn profile(&self, id: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.businesses(b) FROM @.businesses AS b WHERE b.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )
    }

    /// The other organizations that name a site on the same host, or on one of `hosts`, given without `www.`.
    pub fn siblings(&self, id: &str, hosts: Vec<String>) -> Result<Vec<Sibling>> {
        self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object('images', o.metadata OPERATOR(pg_catalog.->) '{IMAGES}')
                 FROM @.businesses AS b
                 JOIN @.businesses AS o ON o.id OPERATOR(pg_catalog.<>) b.id
                 WHERE b.id OPERATOR(pg_catalog.=) $1::uuid
                     AND {theirs} OPERATOR(pg_catalog.<>) ''
                     AND {theirs} OPERATOR(pg_catalog.=)
                         ANY (pg_catalog.array_append($2::pg_catalog.text[], {own}))",
                theirs = host_of("o.website"),
                own = host_of("b.website"),
            ),
            &[id.into(), hosts.into()],
        )
    }

    /// Organizations whose search for pictures is due, the oldest attempt first, those that were never tried first of all.
    /// Without those that another session is at; until the transaction ends no other will be at these.
    pub fn claim_images_due(&self, limit: i32) -> Result<Vec<Business>> {
        let last = time_of("last_attempt_at");
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM (
                     SELECT b.*
                     FROM @.businesses AS b
                     WHERE {due}
                     ORDER BY {last} NULLS FIRST, {DIRECTORY_ORDER}
                     LIMIT $1
                 ) AS b
                 WHERE pg_catalog.pg_try_advisory_xact_lock(
                     pg_catalog.hashtextextended('bat_partners images ' OPERATOR(pg_catalog.||) b.id::text, 0)
                 )
                 ORDER BY {last} NULLS FIRST, {DIRECTORY_ORDER}",
                due = is_due()
            ),
            &[limit.into()],
        )
    }

    /// The same, left to others as well, and without those that wait in the queue already.
    pub fn images_due_first(&self, limit: i32) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM @.businesses AS b
                 WHERE {due}
                     AND NOT EXISTS (
                         SELECT
                         FROM @.bat_tasks AS t
                         WHERE t.kind OPERATOR(pg_catalog.=) 'images'
                             AND t.key OPERATOR(pg_catalog.=) b.id::text
                             AND t.state OPERATOR(pg_catalog.<>) 'dead'
                     )
                 ORDER BY {last} NULLS FIRST, {DIRECTORY_ORDER}
                 LIMIT $1",
                due = is_due(),
                last = time_of("last_attempt_at"),
            ),
            &[limit.into()],
        )
    }

    /// How many organizations' search for pictures is due.
    pub fn images_due(&self) -> Result<i64> {
        let sql = format!(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*)) FROM @.businesses AS b WHERE {}",
            is_due()
        );
        Ok(self.row(&sql, &[])?.unwrap_or_default())
    }
}

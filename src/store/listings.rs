//! Auctions.

use serde::Deserialize;
use serde_json::Value;

use super::merge::{Fields, Policy, Source};
use super::sql::Store;
use super::tables::LISTINGS;
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

/// A listing that is an organization's.
#[derive(Clone, Debug, Deserialize)]
pub struct GivenListing {
    pub url: String,
    pub location: Option<String>,
    pub organization_id: String,
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

    pub(super) fn locked_listing(&self, url: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.bat_listings(l)
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

    /// Listings of a seller that were not imported with their vehicle and organization: the catalogue told of them, or
    /// they were read before their seller was a partner. What a person has taken away from an organization is not
    /// among them.
    pub fn unimported_listings(&self, username: &str) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(l.url)
             FROM @.bat_listings AS l
             WHERE l.seller_username OPERATOR(pg_catalog.=) $1
                 AND (
                     l.vehicle_id IS NULL
                     OR l.organization_id IS NULL
                         AND l.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,organization_id,value}' IS NULL
                 )
             ORDER BY l.ends_at DESC NULLS LAST, l.url",
            &[username.into()],
        )
    }

    /// Listings of a seller that an import has given to an organization.
    pub fn given_listings(&self, username: &str) -> Result<Vec<GivenListing>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'url', l.url, 'location', l.location, 'organization_id', l.organization_id
             )
             FROM @.bat_listings AS l
             WHERE l.seller_username OPERATOR(pg_catalog.=) $1
                 AND l.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,organization_id,value}'
                     OPERATOR(pg_catalog.=) l.organization_id::pg_catalog.text
             ORDER BY l.ends_at DESC NULLS LAST, l.url",
            &[username.into()],
        )
    }
}

//! Organizations: found by their keys, never duplicated.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::merge::{Fields, Policy, Source, metadata};
use super::sql::{Store, jsonb};
use super::tables::BUSINESSES;
use super::upsert::Saved;
use crate::error::Result;

/// How partners of the directory are marked in `discovered_via`.
pub const DIRECTORY: &str = "bat_local_partners";

/// What jobs need to know of an organization.
#[derive(Clone, Debug, Deserialize)]
pub struct Business {
    pub id: String,
    pub business_name: Option<String>,
    pub website: Option<String>,
    pub referral_url: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub bat_username: Option<String>,
    /// Whether the directory showed it once, and shows it no longer.
    #[serde(default)]
    pub has_left: bool,
    /// Seconds since its own site was last read, if ever.
    pub enriched_seconds_ago: Option<f64>,
    /// The site that was read then, as the row named it.
    pub enriched_website: Option<String>,
}

/// The columns of [`Business`] as jsonb, of the row `b`.
pub(super) const BUSINESS: &str = "
    pg_catalog.jsonb_build_object(
        'id', b.id,
        'business_name', b.business_name,
        'website', b.website,
        'referral_url', b.metadata OPERATOR(pg_catalog.->>) 'referral_url',
        'city', b.city,
        'state', b.state,
        'bat_username', b.bat_username,
        'has_left', COALESCE(
            b.discovered_via OPERATOR(pg_catalog.=) 'bat_local_partners'
            AND NOT (b.metadata OPERATOR(pg_catalog.?) 'directory_position'),
            false
        ),
        'enriched_seconds_ago', extract(epoch FROM pg_catalog.now() OPERATOR(pg_catalog.-)
            @.bat_noted_time(b.metadata OPERATOR(pg_catalog.->>) 'enriched_at')),
        'enriched_website', b.metadata OPERATOR(pg_catalog.->>) 'enriched_website'
    )";

/// Whether the account of the row `b` is the one of the row `m`. The length first: it costs next to nothing, and usernames
/// are ASCII.
pub(super) const IS_MEMBER: &str = "
    pg_catalog.octet_length(b.bat_username) OPERATOR(pg_catalog.=) pg_catalog.octet_length(m.username)
    AND pg_catalog.lower(b.bat_username) OPERATOR(pg_catalog.=) m.username";

/// Order of the directory: rows of other origin come last.
pub(super) const DIRECTORY_ORDER: &str = "@.bat_noted_count(b.metadata OPERATOR(pg_catalog.->>) 'directory_position') NULLS LAST, b.created_at, b.id";

/// A row of `businesses` that stands for a partner of the directory already.
#[derive(Clone, Debug, Deserialize)]
pub struct Known {
    pub id: String,
    pub geographic_key: Option<String>,
    /// Whether its key is what an import wrote.
    pub has_own_key: bool,
    /// In lower case.
    pub bat_username: Option<String>,
    pub state: Option<String>,
    /// Whether the directory showed it when it was last read.
    pub is_shown: bool,
}

impl Store {
    /// An organization by its id.
    pub fn business(&self, id: &str) -> Result<Option<Business>> {
        self.row(
            &format!("SELECT {BUSINESS} FROM @.businesses AS b WHERE b.id OPERATOR(pg_catalog.=) $1::uuid"),
            &[id.into()],
        )
    }

    /// The organizations that share a member account, in directory order.
    pub fn businesses_of_member(&self, username: &str) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM (SELECT $1 AS username) AS m
                 JOIN @.businesses AS b ON {IS_MEMBER}
                 ORDER BY {DIRECTORY_ORDER}"
            ),
            &[username.into()],
        )
    }

    /// The organizations that a page of a web site is about: it is the one that they name, or something in their row
    /// came from it.
    pub fn businesses_of_page(&self, url: &str) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM @.businesses AS b
                 WHERE pg_catalog.rtrim($1, '/') OPERATOR(pg_catalog.=) ANY (ARRAY[
                         pg_catalog.rtrim(b.website, '/'),
                         pg_catalog.rtrim(b.metadata OPERATOR(pg_catalog.->>) 'referral_url', '/')
                     ])
                     OR pg_catalog.jsonb_path_exists(
                         b.metadata,
                         '$.bat_partners.*.source_url ? (@ == $url)',
                         pg_catalog.jsonb_build_object('url', $1)
                     )
                 ORDER BY {DIRECTORY_ORDER}"
            ),
            &[url.into()],
        )
    }

    /// The partners that the directory shows, in its order.
    pub fn partners(&self, limit: Option<i32>) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM @.businesses AS b
                 WHERE b.metadata OPERATOR(pg_catalog.?) 'directory_position'
                 ORDER BY {DIRECTORY_ORDER}
                 LIMIT $1"
            ),
            &[limit.into()],
        )
    }

    /// Partners by their ids, in directory order.
    pub fn partners_of(&self, ids: &[String]) -> Result<Vec<Business>> {
        self.rows(
            &format!(
                "SELECT {BUSINESS}
                 FROM @.businesses AS b
                 WHERE b.id OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.uuid[])
                 ORDER BY {DIRECTORY_ORDER}"
            ),
            &[ids.to_vec().into()],
        )
    }

    /// All rows that a partner of the directory may be: those with a key of the list, and those that came
    /// from the directory.
    pub fn known_partners(&self, keys: &[String]) -> Result<Vec<Known>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'id', b.id,
                 'geographic_key', b.geographic_key,
                 'has_own_key', COALESCE(
                     b.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,geographic_key,value}'
                         OPERATOR(pg_catalog.=) b.geographic_key,
                     false
                 ),
                 'bat_username', pg_catalog.lower(b.bat_username),
                 'state', b.state,
                 'is_shown', COALESCE(b.metadata OPERATOR(pg_catalog.?) 'directory_position', false)
             )
             FROM @.businesses AS b
             WHERE b.geographic_key OPERATOR(pg_catalog.=) ANY ($1)
                 OR b.metadata OPERATOR(pg_catalog.?) 'directory_position'
                 OR b.discovered_via OPERATOR(pg_catalog.=) $2",
            &[keys.to_vec().into(), DIRECTORY.into()],
        )
    }

    /// Saves a partner: the row of `id`, or a new one under its geographic key. `others`: the ids of rows that are
    /// partners', none of which the new one is.
    pub fn save_partner(
        &self,
        id: Option<&str>,
        others: &HashSet<&str>,
        fields: &Fields,
        extra: &Fields,
        source: &Source,
    ) -> Result<Saved> {
        let key = fields.get("geographic_key").cloned().unwrap_or_default();
        let find = || {
            match id {
            Some(id) => self.whole_business(id),
            None => self.row(
                "SELECT @row.businesses(b)
                 FROM @.businesses AS b
                 WHERE b.geographic_key OPERATOR(pg_catalog.=) ($1 OPERATOR(pg_catalog.->>) 'key')
                     AND NOT ($1 OPERATOR(pg_catalog.->) 'others' OPERATOR(pg_catalog.?) b.id::pg_catalog.text)
                 FOR UPDATE",
                &[jsonb(serde_json::json!({ "key": key, "others": others }))],
            ),
        }
        };
        let saved = self.save(&BUSINESSES, find, |_| fields.clone(), Policy::Keep, source)?;
        self.note_on_business(&saved.id()?, extra)?;
        Ok(saved)
    }

    /// Fills missing fields of an organization from its own site.
    pub fn fill_business(&self, id: &str, fields: &Fields, source: &Source) -> Result<Saved> {
        self.save(&BUSINESSES, || self.whole_business(id), |_| fields.clone(), Policy::FillMissing, source)
    }

    /// Notes facts in an organization's metadata; touches no row if they are noted already.
    pub fn note_on_business(&self, id: &str, facts: &Fields) -> Result<()> {
        self.execute(
            &format!(
                "UPDATE @.businesses AS b
                 SET metadata = {} OPERATOR(pg_catalog.||) $2
                 WHERE b.id OPERATOR(pg_catalog.=) $1::uuid
                     AND NOT COALESCE(b.metadata OPERATOR(pg_catalog.@>) $2, false)",
                metadata::as_object("b"),
            ),
            &[id.into(), jsonb(Value::Object(facts.clone()))],
        )?;
        Ok(())
    }

    /// Marks a partner as no longer in the directory; a status that a person set stays.
    pub fn mark_partner_left(&self, id: &str, source: &Source) -> Result<()> {
        let fields = Fields::from_iter([("status".to_owned(), Value::from("left_directory"))]);
        self.save(&BUSINESSES, || self.whole_business(id), |_| fields.clone(), Policy::Keep, source)?;
        self.execute(
            "UPDATE @.businesses AS b
             SET metadata = b.metadata OPERATOR(pg_catalog.-) 'directory_position'
             WHERE b.id OPERATOR(pg_catalog.=) $1::uuid",
            &[id.into()],
        )?;
        Ok(())
    }

    /// An organization's whole row, locked.
    pub fn whole_business(&self, id: &str) -> Result<Option<Fields>> {
        self.row(
            "SELECT @row.businesses(b)
             FROM @.businesses AS b
             WHERE b.id OPERATOR(pg_catalog.=) $1::uuid
             FOR UPDATE",
            &[id.into()],
        )
    }
}

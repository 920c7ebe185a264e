//! The page archive.

use std::array;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use pgrx::datum::DatumWithOid;
use serde::Deserialize;
use serde_json::Value;

use super::batch::Batch;
use super::distributed;
use super::packing::{Dictionary, Packed, Packer, unpack};
use super::sql::Store;
use crate::error::{Error, Result};

/// Kinds whose pages are alike, so that one of them makes a good dictionary for the others.
const ALIKE: [&str; 3] = ["listing", "member", "catalogue"];

thread_local! {
    /// The dictionaries that this session has read, the latest last.
    static DICTIONARIES: RefCell<Vec<Arc<Dictionary>>> = const { RefCell::new(Vec::new()) };
}

/// Dictionaries that a session keeps: half a megabyte each.
const KEPT_DICTIONARIES: usize = 8;

/// A page to archive.
pub struct Page<'a> {
    /// Canonical URL.
    pub url: &'a str,
    pub kind: &'a str,
    pub status: i32,
    pub etag: Option<&'a str>,
    pub last_modified: Option<&'a str>,
    pub parser_version: i32,
}

/// What is known of a page's last fetch.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Known {
    url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Hash of the body, hexadecimal.
    pub sha256: Option<String>,
    /// Whether all rows that were made of it are there and complete: only then "not modified" means that there is
    /// nothing to do.
    pub is_complete: bool,
    /// Id of the kind's newest dictionary.
    #[serde(default)]
    dictionary_id: Option<String>,
    /// `None` where there is none.
    #[serde(default)]
    is_dictionary_old: Option<bool>,
}

/// What is known of the page of the row `p`.
pub(super) const PAGE: &str = "
    pg_catalog.jsonb_build_object(
        'etag', p.etag,
        'last_modified', p.last_modified,
        'sha256', pg_catalog.encode(p.sha256, 'hex')
    )";

/// Rows of listings `l` that are complete, and what they say need not be asked for again.
pub(super) const COMPLETE: &str = "
    FROM @.bat_listings AS l
    JOIN @.vehicles AS v
        ON v.id OPERATOR(pg_catalog.=) l.vehicle_id
        AND l.organization_id IS NOT NULL
        -- An auction that is over cannot be what it was while it was live.
        AND COALESCE(
            l.status OPERATOR(pg_catalog.<>) 'live' OR l.ends_at OPERATOR(pg_catalog.>) pg_catalog.now(),
            true
        )";

/// What is known of the dictionary of the row `d`.
pub(super) const DICTIONARY: &str = "
    pg_catalog.jsonb_build_object('dictionary_id', d.id, 'is_dictionary_old', d.is_old)";

/// The newest dictionary `d` of the kind `$1`. One that has become poor is replaced after a week at the soonest.
pub(super) const NEWEST_DICTIONARY: &str = "
    (
        SELECT
            n.id,
            n.created_at OPERATOR(pg_catalog.<)
                (pg_catalog.now() OPERATOR(pg_catalog.-) interval '7 days') AS is_old
        FROM @.bat_page_dictionaries AS n
        WHERE n.kind OPERATOR(pg_catalog.=) $1
        ORDER BY n.created_at DESC, n.id
        LIMIT 1
    ) AS d";

/// Writes the row of a page, if it is not there as it is. `first`: number of the first of nine arguments.
fn keeping(first: usize) -> String {
    let [url, kind, status, etag, last_modified, sha256, body, version, dictionary]: [String; 9] =
        array::from_fn(|place| format!("${}", first + place));
    format!(
        "INSERT INTO @.bat_pages AS p
             (url, kind, status, etag, last_modified, sha256, body, fetched_at, parser_version, dictionary_id, updated_at)
         VALUES ({url}, {kind}, {status}, {etag}, {last_modified}, {sha256}, {body}, pg_catalog.clock_timestamp(), {version},
             {dictionary}::pg_catalog.uuid, pg_catalog.now())
         ON CONFLICT (url) DO UPDATE
         SET kind = EXCLUDED.kind,
             status = EXCLUDED.status,
             etag = EXCLUDED.etag,
             last_modified = EXCLUDED.last_modified,
             sha256 = EXCLUDED.sha256,
             body = EXCLUDED.body,
             fetched_at = EXCLUDED.fetched_at,
             parser_version = EXCLUDED.parser_version,
             dictionary_id = EXCLUDED.dictionary_id,
             updated_at = EXCLUDED.updated_at
         WHERE p.sha256 IS DISTINCT FROM EXCLUDED.sha256
             OR p.parser_version IS DISTINCT FROM EXCLUDED.parser_version"
    )
}

impl Store {
    /// Keeps the latest body of a page. A body that is the same touches no row. With `batch` it is written when that is run.
    pub fn archive(&self, page: &Page, packed: &Packed, batch: Option<&mut Batch>) -> Result<()> {
        let Some(body) = &packed.body else { return Ok(()) };
        let arguments: [DatumWithOid; 9] = [
            page.url.into(),
            page.kind.into(),
            page.status.into(),
            page.etag.into(),
            page.last_modified.into(),
            packed.sha256.as_slice().into(),
            body.as_slice().into(),
            page.parser_version.into(),
            packed.dictionary.as_ref().map(|dictionary| dictionary.id.as_str()).into(),
        ];
        match batch {
            Some(batch) => batch.add(&format!("page AS ({})", keeping(batch.next_argument())), arguments),
            None => {
                self.execute(&keeping(1), &arguments)?;
            }
        }
        if let Some(sample) = &packed.sample {
            self.execute(
                &format!(
                    "INSERT INTO @.bat_page_dictionaries (kind, body, source_url)
                     SELECT $1, $2, $3
                     -- Several pages may have been on their way when the first of them became one.
                     WHERE NOT EXISTS (SELECT FROM {NEWEST_DICTIONARY} WHERE NOT d.is_old)"
                ),
                &[page.kind.into(), sample.as_slice().into(), page.url.into()],
            )?;
        }
        Ok(())
    }

    /// What is known of a page of a kind that was parsed by this version.
    pub fn known_page(&self, url: &str, kind: &str, parser_version: i32) -> Result<Known> {
        let mut known = self.known_pages(&[url.to_owned()], kind, parser_version)?;
        Ok(known.remove(url).unwrap_or_default())
    }

    /// The same for several pages, by their URLs.
    pub fn known_pages(
        &self,
        urls: &[String],
        kind: &str,
        parser_version: i32,
    ) -> Result<HashMap<String, Known>> {
        if distributed::are_tables() {
            return self.known_pages_apart(urls, kind, parser_version);
        }
        let known: Vec<Known> = self.rows(
            &format!(
                "SELECT COALESCE(p.found, '{{}}') OPERATOR(pg_catalog.||) COALESCE(d.found, '{{}}')
                     OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                         'url', u.url,
                         'is_complete', p.found IS NOT NULL AND c.is_complete IS NOT NULL
                     )
                 FROM pg_catalog.unnest($2) AS u (url)
                 LEFT JOIN LATERAL (
                     SELECT {PAGE} AS found
                     FROM @.bat_pages AS p
                     WHERE p.url OPERATOR(pg_catalog.=) u.url
                         AND p.status OPERATOR(pg_catalog.=) 200
                         AND p.parser_version OPERATOR(pg_catalog.=) $3
                     -- One look at the index for each: none of the table's size may lead to another plan.
                     LIMIT 1
                 ) AS p ON true
                 LEFT JOIN LATERAL (
                     SELECT true AS is_complete {COMPLETE} WHERE l.url OPERATOR(pg_catalog.=) u.url LIMIT 1
                 ) AS c ON p.found IS NOT NULL
                 LEFT JOIN (SELECT {DICTIONARY} AS found FROM {NEWEST_DICTIONARY}) AS d ON true"
            ),
            &[kind.into(), urls.to_vec().into(), parser_version.into()],
        )?;
        Ok(known.into_iter().map(|known| (known.url.clone(), known)).collect())
    }

    /// What a page is to be packed with, by what is known of it.
    pub fn packer(&self, kind: &str, known: &Known) -> Result<Packer> {
        let is_alike = ALIKE.contains(&kind);
        let dictionary = match &known.dictionary_id {
            Some(id) if is_alike => Some(self.dictionary(id)?),
            _ => None,
        };
        Ok(Packer {
            known: known.sha256.clone(),
            dictionary,
            may_become_dictionary: is_alike && known.is_dictionary_old.unwrap_or(true),
        })
    }

    /// A dictionary of the archive.
    pub(super) fn dictionary(&self, id: &str) -> Result<Arc<Dictionary>> {
        let kept = |dictionaries: &Vec<Arc<Dictionary>>| {
            dictionaries.iter().find(|dictionary| dictionary.id == id).cloned()
        };
        if let Some(dictionary) = DICTIONARIES.with_borrow(kept) {
            return Ok(dictionary);
        }
        let found: Vec<(Value, Option<Vec<u8>>)> = self.read_with_bytes(
            "SELECT '{}'::pg_catalog.jsonb, d.body
             FROM @.bat_page_dictionaries AS d
             WHERE d.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid",
            &[id.into()],
        )?;
        let body = found.into_iter().find_map(|(_, body)| body);
        let missing = || Error::Internal(format!("there is no dictionary {id} in bat_page_dictionaries"));
        let content = unpack(&body.ok_or_else(missing)?, None)?;
        let dictionary = Arc::new(Dictionary::new(id.to_owned(), content));
        DICTIONARIES.with_borrow_mut(|dictionaries| {
            if dictionaries.len() >= KEPT_DICTIONARIES {
                dictionaries.remove(0);
            }
            dictionaries.push(dictionary.clone());
        });
        Ok(dictionary)
    }
}

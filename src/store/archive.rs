//! Reading the page archive: one page's text, and the pages that an older parser has read.

use std::sync::Arc;

use pgrx::datum::DatumWithOid;
use serde::Deserialize;

use super::distributed;
use super::packing::{Dictionary, unpack};
use super::sql::Store;
use crate::error::{Error, Result};

/// A page as the archive has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Archived {
    pub url: String,
    pub kind: String,
    /// Hash of its text, hexadecimal.
    pub sha256: String,
    /// When it was fetched, ISO 8601.
    pub fetched_at: String,
    dictionary_id: Option<String>,
}

/// A page's packed text, which any thread can unpack.
pub struct PackedText {
    body: Vec<u8>,
    dictionary: Option<Arc<Dictionary>>,
}

impl PackedText {
    /// The text itself.
    pub fn unpack(&self) -> Result<String> {
        let text = unpack(&self.body, self.dictionary.as_deref())?;
        String::from_utf8(text).map_err(|_| Error::Internal("an archived page is no UTF-8".to_owned()))
    }
}

/// The columns of [`Archived`] as jsonb, and the body, of the row `p`.
pub(super) const ARCHIVED: &str = "
    pg_catalog.jsonb_build_object(
        'url', p.url,
        'kind', p.kind,
        'sha256', pg_catalog.encode(p.sha256, 'hex'),
        'fetched_at', p.fetched_at,
        'dictionary_id', p.dictionary_id
    ),
    p.body";

/// Whether the thread of the page of the row `p` was not read from this text yet.
pub(super) const UNREAD_THREAD: &str = "
    p.metadata OPERATOR(pg_catalog.#>>) '{bat_partners,thread}'
        IS DISTINCT FROM pg_catalog.encode(p.sha256, 'hex')";

/// Whether the page of the row `p` is that of a listing whose vehicle is gone, with its table perhaps.
const LACKS_VEHICLE: &str = "EXISTS (
        SELECT
        FROM @.bat_listings AS l
        WHERE l.url OPERATOR(pg_catalog.=) p.url
            AND l.vehicle_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM @.vehicles AS v WHERE v.id OPERATOR(pg_catalog.=) l.vehicle_id)
    )";

/// Whether only a light row is kept of the listing of the row `p`.
const IS_LIGHT: &str = "EXISTS (
        SELECT
        FROM @.bat_listings AS l
        WHERE l.url OPERATOR(pg_catalog.=) p.url AND l.vehicle_id IS NULL
    )";

/// The pages of the row `p` that are to be read again. Their bodies were not looked at yet: they are out of line.
fn is_stale() -> String {
    // Citus allows no other table in such a condition.
    let (lacks_vehicle, is_light) =
        if distributed::are_tables() { ("false", "false") } else { (LACKS_VEHICLE, IS_LIGHT) };
    format!(
        "
    p.kind OPERATOR(pg_catalog.=) ANY ($1)
    AND (
        p.parser_version IS DISTINCT FROM $2
        OR p.kind OPERATOR(pg_catalog.=) 'listing' AND (
            $3 AND {UNREAD_THREAD} AND NOT {is_light}
            OR {lacks_vehicle}
        )
    )
    AND p.body IS NOT NULL"
    )
}

/// Which pages are to be read again.
#[derive(Clone, Debug)]
pub struct Stale {
    pub kinds: Vec<String>,
    /// Those that another version of the parser has read.
    pub version: i32,
    /// And those of listings whose threads were not stored, beside those whose vehicle is gone.
    pub threads: bool,
}

impl Stale {
    fn arguments(&self) -> Vec<DatumWithOid<'_>> {
        vec![self.kinds.clone().into(), self.version.into(), self.threads.into()]
    }
}

impl Store {
    /// The archived text of a page; `None` if there is none.
    pub fn page_text(&self, url: &str) -> Result<Option<String>> {
        Ok(self.archived_page(url)?.map(|(_, text)| text))
    }

    /// A page as the archive has it, and its text; `None` if there is none.
    pub fn archived_page(&self, url: &str) -> Result<Option<(Archived, String)>> {
        if !self.is_there("bat_pages")? {
            return Ok(None);
        }
        let found: Vec<(Archived, Option<Vec<u8>>)> = self.read_with_bytes(
            &format!("SELECT {ARCHIVED} FROM @.bat_pages AS p WHERE p.url OPERATOR(pg_catalog.=) $1"),
            &[url.into()],
        )?;
        match found.into_iter().next() {
            Some((page, Some(body))) => {
                let text = self.packed_text(&page, body)?.unpack()?;
                Ok(Some((page, text)))
            }
            _ => Ok(None),
        }
    }

    /// A page's packed text, with what it needs to be unpacked.
    pub fn packed_text(&self, page: &Archived, body: Vec<u8>) -> Result<PackedText> {
        let dictionary = page.dictionary_id.as_deref().map(|id| self.dictionary(id)).transpose()?;
        Ok(PackedText { body, dictionary })
    }

    /// How many pages are to be read again.
    pub fn stale_count(&self, stale: &Stale) -> Result<i64> {
        let count = self.row(
            &format!(
                "SELECT pg_catalog.to_jsonb(pg_catalog.count(*)) FROM @.bat_pages AS p WHERE {}",
                is_stale()
            ),
            &stale.arguments(),
        )?;
        Ok(count.unwrap_or_default())
    }

    /// The URLs of the next pages that are to be read again, in the order of the key.
    pub fn stale_urls(&self, stale: &Stale, after: &str, limit: i64) -> Result<Vec<String>> {
        let mut arguments = stale.arguments();
        arguments.extend([after.into(), limit.into()]);
        self.rows(
            &format!(
                "SELECT pg_catalog.to_jsonb(p.url)
                 FROM @.bat_pages AS p
                 WHERE {} AND p.url OPERATOR(pg_catalog.>) $4
                 ORDER BY p.url
                 LIMIT $5",
                is_stale()
            ),
            &arguments,
        )
    }

    /// Those of the URLs that no other session is reading again; until the transaction ends none will.
    ///
    /// A lock of its own, not the row's: an import locks a listing before its page, and would wait for one who came
    /// the other way.
    pub fn claim_pages(&self, urls: &[String]) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(u.url)
             FROM pg_catalog.unnest($1) AS u (url)
             WHERE pg_catalog.pg_try_advisory_xact_lock(
                 pg_catalog.hashtextextended('bat_partners page ' OPERATOR(pg_catalog.||) u.url, 0)
             )",
            &[urls.to_vec().into()],
        )
    }

    /// The pages of these URLs that are to be read again, still, with their bodies.
    pub fn stale_pages(&self, stale: &Stale, urls: &[String]) -> Result<Vec<(Archived, Option<Vec<u8>>)>> {
        let mut arguments = stale.arguments();
        arguments.push(urls.to_vec().into());
        self.read_with_bytes(
            &format!(
                "SELECT {ARCHIVED}
                 FROM @.bat_pages AS p
                 WHERE {} AND p.url OPERATOR(pg_catalog.=) ANY ($4)
                 ORDER BY p.url",
                is_stale()
            ),
            &arguments,
        )
    }

    /// Whether the archive still has this text of a page.
    pub fn is_still(&self, page: &Archived) -> Result<bool> {
        let is_still = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.bat_pages AS p
                 WHERE p.url OPERATOR(pg_catalog.=) $1
                     AND p.sha256 OPERATOR(pg_catalog.=) pg_catalog.decode($2, 'hex')
             ))",
            &[page.url.as_str().into(), page.sha256.as_str().into()],
        )?;
        Ok(is_still.unwrap_or_default())
    }

    /// Notes which version of the parser has read these pages; leaves those alone whose text is another by now.
    pub fn mark_parsed(&self, pages: &[&Archived], version: i32) -> Result<()> {
        let urls: Vec<String> = pages.iter().map(|page| page.url.clone()).collect();
        let hashes: Vec<String> = pages.iter().map(|page| page.sha256.clone()).collect();
        self.execute(
            "UPDATE @.bat_pages AS p
             SET parser_version = $3
             FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u (url, sha256)
             WHERE p.url OPERATOR(pg_catalog.=) u.url
                 AND p.sha256 OPERATOR(pg_catalog.=) pg_catalog.decode(u.sha256, 'hex')
                 AND p.parser_version IS DISTINCT FROM $3",
            &[urls.into(), hashes.into(), version.into()],
        )?;
        Ok(())
    }
}

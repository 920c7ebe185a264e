//! The page archive.

use pgrx::datum::DatumWithOid;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::sql::Store;
use crate::error::{Error, Result};

/// zstd level: the fastest that still halves a page more than gzip does.
const COMPRESSION_LEVEL: i32 = 1;

/// A page to archive.
pub struct Page<'a> {
    /// Canonical URL.
    pub url: &'a str,
    pub kind: &'a str,
    pub status: i32,
    pub etag: Option<&'a str>,
    pub last_modified: Option<&'a str>,
    /// Decoded text.
    pub body: &'a str,
    pub parser_version: i32,
}

/// What is known of a page's last fetch.
#[derive(Clone, Debug, Deserialize)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl Store {
    /// Keeps the latest body of a page. A body that is the same touches no row.
    pub fn archive(&self, page: &Page) -> Result<()> {
        let sha256 = Sha256::digest(page.body.as_bytes()).to_vec();
        if self.is_archived(page, &sha256)? {
            return Ok(());
        }
        let body = zstd::bulk::compress(page.body.as_bytes(), COMPRESSION_LEVEL)
            .map_err(|error| Error::Internal(format!("cannot compress {}: {error}", page.url)))?;
        let arguments: [DatumWithOid; 8] = [
            page.url.into(),
            page.kind.into(),
            page.status.into(),
            page.etag.into(),
            page.last_modified.into(),
            sha256.into(),
            body.into(),
            page.parser_version.into(),
        ];
        self.execute(
            "INSERT INTO @.bat_pages AS p
                 (url, kind, status, etag, last_modified, sha256, body, fetched_at, parser_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, pg_catalog.clock_timestamp(), $8)
             ON CONFLICT (url) DO UPDATE
             SET kind = EXCLUDED.kind,
                 status = EXCLUDED.status,
                 etag = EXCLUDED.etag,
                 last_modified = EXCLUDED.last_modified,
                 sha256 = EXCLUDED.sha256,
                 body = EXCLUDED.body,
                 fetched_at = EXCLUDED.fetched_at,
                 parser_version = EXCLUDED.parser_version,
                 updated_at = pg_catalog.now()",
            &arguments,
        )?;
        Ok(())
    }

    fn is_archived(&self, page: &Page, sha256: &[u8]) -> Result<bool> {
        let is_archived: Option<bool> = self.row(
            "SELECT pg_catalog.to_jsonb(EXISTS (
                 SELECT
                 FROM @.bat_pages AS p
                 WHERE p.url OPERATOR(pg_catalog.=) $1
                     AND p.sha256 OPERATOR(pg_catalog.=) $2
                     AND p.parser_version OPERATOR(pg_catalog.=) $3
             ))",
            &[page.url.into(), sha256.into(), page.parser_version.into()],
        )?;
        Ok(is_archived.unwrap_or_default())
    }

    /// Validators of a listing's page that was parsed by this version, and whose rows are there and complete: only
    /// then "not modified" means that there is nothing to do.
    pub fn validators(&self, url: &str, parser_version: i32) -> Result<Option<Validators>> {
        self.row(
            "SELECT pg_catalog.jsonb_build_object('etag', p.etag, 'last_modified', p.last_modified)
             FROM @.bat_pages AS p
             WHERE p.url OPERATOR(pg_catalog.=) $1
                 AND p.status OPERATOR(pg_catalog.=) 200
                 AND p.parser_version OPERATOR(pg_catalog.=) $2
                 AND EXISTS (
                     SELECT
                     FROM @.bat_listings AS l
                     JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) l.vehicle_id
                     WHERE l.url OPERATOR(pg_catalog.=) $1 AND l.organization_id IS NOT NULL
                 )",
            &[url.into(), parser_version.into()],
        )
    }
}

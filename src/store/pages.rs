//! The page archive.

use std::cell::RefCell;

use pgrx::datum::DatumWithOid;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zstd::bulk::Compressor;

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
    pub parser_version: i32,
}

/// A page's text as the archive keeps it.
pub struct Packed {
    sha256: [u8; 32],
    /// Compressed; `None` if the archive has it.
    body: Option<Vec<u8>>,
}

thread_local! {
    /// Its buffers are made once.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

impl Packed {
    /// Packs a text, unless it is the one whose hash (hexadecimal) is known. Does not call into PostgreSQL.
    pub fn of(text: &str, known: Option<&str>) -> Result<Packed> {
        let sha256: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let body = if known == Some(hexadecimal(&sha256).as_str()) { None } else { Some(compress(text)?) };
        Ok(Packed { sha256, body })
    }
}

fn compress(text: &str) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::Internal(format!("cannot compress a page: {error}"));
    COMPRESSOR.with_borrow_mut(|compressor| {
        let compressor = match compressor {
            Some(compressor) => compressor,
            None => compressor.insert(Compressor::new(COMPRESSION_LEVEL).map_err(failed)?),
        };
        compressor.compress(text.as_bytes()).map_err(failed)
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is known of a page's last fetch.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Known {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Hash of the body, hexadecimal.
    pub sha256: Option<String>,
    /// Whether all rows that were made of it are there and complete: only then "not modified" means that there is
    /// nothing to do.
    pub is_complete: bool,
}

impl Store {
    /// Keeps the latest body of a page. A body that is the same touches no row.
    pub fn archive(&self, page: &Page, packed: &Packed) -> Result<()> {
        let Some(body) = &packed.body else { return Ok(()) };
        let arguments: [DatumWithOid; 8] = [
            page.url.into(),
            page.kind.into(),
            page.status.into(),
            page.etag.into(),
            page.last_modified.into(),
            packed.sha256.as_slice().into(),
            body.as_slice().into(),
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
                 updated_at = pg_catalog.now()
             WHERE p.sha256 IS DISTINCT FROM EXCLUDED.sha256
                 OR p.parser_version IS DISTINCT FROM EXCLUDED.parser_version",
            &arguments,
        )?;
        Ok(())
    }

    /// What is known of a page that was parsed by this version.
    pub fn known_page(&self, url: &str, parser_version: i32) -> Result<Known> {
        let known = self.row(
            "SELECT pg_catalog.jsonb_build_object(
                 'etag', p.etag,
                 'last_modified', p.last_modified,
                 'sha256', pg_catalog.encode(p.sha256, 'hex'),
                 'is_complete', EXISTS (
                     SELECT
                     FROM @.bat_listings AS l
                     JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) l.vehicle_id
                     WHERE l.url OPERATOR(pg_catalog.=) $1 AND l.organization_id IS NOT NULL
                 )
             )
             FROM @.bat_pages AS p
             WHERE p.url OPERATOR(pg_catalog.=) $1
                 AND p.status OPERATOR(pg_catalog.=) 200
                 AND p.parser_version OPERATOR(pg_catalog.=) $2",
            &[url.into(), parser_version.into()],
        )?;
        Ok(known.unwrap_or_default())
    }
}

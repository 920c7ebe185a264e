//! Organizations that were stored twice under one key, or under an older form of it.

use serde::Deserialize;

use super::super::sql::Store;
use super::super::tables::BUSINESSES;
use super::references::Pair;
use super::{Finding, MERGED};
use crate::error::Result;

/// What tells which place of business a row stands for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct StoredBusiness {
    pub id: String,
    pub business_name: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
    pub geographic_key: Option<String>,
    pub bat_username: Option<String>,
    /// Whether it came from the partner directory.
    pub is_partner: bool,
}

/// A row that is merged into an older one.
pub struct MergedBusiness {
    pub loser: String,
    pub kept: String,
    /// The key that both have, as it is made today.
    pub key: String,
}

impl Store {
    /// All organizations that have a key, or came from the directory; the oldest first.
    pub fn stored_businesses(&self) -> Result<Vec<StoredBusiness>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object(
                 'id', b.id,
                 'business_name', NULLIF(pg_catalog.btrim(b.business_name), ''),
                 'city', NULLIF(pg_catalog.btrim(b.city), ''),
                 'state', NULLIF(pg_catalog.btrim(b.state), ''),
                 'country', NULLIF(pg_catalog.btrim(b.country), ''),
                 'geographic_key', NULLIF(pg_catalog.btrim(b.geographic_key), ''),
                 'bat_username', NULLIF(pg_catalog.lower(pg_catalog.btrim(b.bat_username)), ''),
                 'is_partner', p.is_partner
             )
             FROM @.businesses AS b
             CROSS JOIN LATERAL (
                 SELECT COALESCE(b.discovered_via, '') OPERATOR(pg_catalog.~~) 'bat%'
                     OR COALESCE(b.source_url, '') OPERATOR(pg_catalog.~~) '%bringatrailer.com/local-partners%'
             ) AS p (is_partner)
             WHERE b.geographic_key IS NOT NULL OR p.is_partner
             ORDER BY b.created_at NULLS LAST, b.id",
            &[],
        )
    }

    /// Merges organizations into the older rows of their keys.
    pub fn merge_businesses(&self, merged: &[MergedBusiness]) -> Result<Vec<Finding>> {
        const WHAT: &str = "organization stored twice";
        let pairs: Vec<Pair> =
            merged.iter().map(|row| Pair { loser: row.loser.clone(), kept: row.kept.clone() }).collect();
        let blocked = self.merge_all(&BUSINESSES, &pairs)?;
        let finding = |MergedBusiness { loser, kept, key }: &MergedBusiness| match blocked.get(loser) {
            None => {
                let detail = format!("{key}: merged into {kept}; {MERGED}");
                Finding::mended(WHAT, "businesses", Some(loser.clone()), detail)
            }
            Some(why) => {
                let detail = format!("{key} is that of {kept} too, but {why}");
                let hint = "Let those rows agree, or delete one of each two, then call bat_repair again.";
                Finding::left(WHAT, "businesses", Some(loser.clone()), detail, hint)
            }
        };
        Ok(merged.iter().map(finding).collect())
    }

    /// Gives organizations of the directory the key that they lack: id and key.
    pub fn fill_keys(&self, keys: &[(String, String)]) -> Result<Vec<Finding>> {
        let (ids, values): (Vec<String>, Vec<String>) = keys.iter().cloned().unzip();
        self.execute(
            "UPDATE @.businesses AS b
             SET geographic_key = k.key, updated_at = pg_catalog.now()
             FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS k (id, key)
             WHERE b.id OPERATOR(pg_catalog.=) k.id::pg_catalog.uuid",
            &[ids.into(), values.into()],
        )?;
        let finding = |(id, key): &(String, String)| {
            Finding::mended("no geographic_key", "businesses", Some(id.clone()), format!("it is now {key}"))
        };
        Ok(keys.iter().map(finding).collect())
    }

    /// Empties keys of blanks, which are none. Those of the directory's partners were filled before.
    pub fn empty_blank_keys(&self) -> Result<Vec<Finding>> {
        self.rows(
            "UPDATE @.businesses AS b
             SET geographic_key = NULL, updated_at = pg_catalog.now()
             WHERE pg_catalog.btrim(b.geographic_key) OPERATOR(pg_catalog.=) ''
             RETURNING pg_catalog.jsonb_build_object(
                 'what', 'blank geographic_key',
                 'table', 'businesses',
                 'row', b.id,
                 'is_mended', true,
                 'detail', 'it is now NULL: the row does not tell a place of the directory'
             )",
            &[],
        )
    }
}

//! Records of cancellations: a page that no longer has the bid has its record in the bid's place. What is stored of the listing
//! tells whose record it is.

use serde::Deserialize;

use super::hash;
use crate::error::Result;
use crate::store::sql::Store;
use crate::store::tables::BIDS;

/// What the records of a page tell of bids, column by column.
#[derive(Debug, Default)]
pub struct Records {
    pub id: Vec<i64>,
    pub username: Vec<Option<String>>,
    pub amount: Vec<Option<i64>>,
}

/// A record, and a stored bid that it may be of.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct RecordOfBid {
    pub record: i64,
    pub bid: i64,
}

impl Store {
    /// The stored bids of a listing that records may be of: of the same amount and the same bidder. Of those that are
    /// canceled, one of the two bidders may be unknown.
    pub fn bids_of_records(&self, url: &str, records: Records) -> Result<Vec<RecordOfBid>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_object('record', r.id, 'bid', b.id)
             FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))
                 AS r (id, username, amount)
             JOIN @.bat_bids AS b
                 ON b.url OPERATOR(pg_catalog.=) $1
                 AND b.id OPERATOR(pg_catalog.<>) r.id
                 AND b.amount OPERATOR(pg_catalog.=) r.amount::pg_catalog.numeric
                 AND (
                     b.username OPERATOR(pg_catalog.=) r.username
                     OR b.canceled AND (b.username IS NULL OR r.username IS NULL)
                 )",
            &[url.into(), records.id.into(), records.username.into(), records.amount.into()],
        )
    }

    /// Those of these ids that are stored as comments of a listing.
    pub fn ids_of_comments(&self, url: &str, ids: Vec<i64>) -> Result<Vec<i64>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(c.id)
             FROM @.bat_comments AS c
             WHERE c.url OPERATOR(pg_catalog.=) $1 AND c.id OPERATOR(pg_catalog.=) ANY ($2)",
            &[url.into(), ids.into()],
        )
    }

    /// Drops the bids of these ids, which have turned out to be no bids of their own. Returns those that stay, as a person changed
    /// them.
    pub fn drop_bids(&self, url: &str, ids: &[i64]) -> Result<Vec<i64>> {
        let held = hash(&BIDS, |column| format!("b.{}", column.name));
        self.execute(
            &format!(
                "DELETE FROM @.bat_bids AS b
                 WHERE b.url OPERATOR(pg_catalog.=) $1
                     AND b.id OPERATOR(pg_catalog.=) ANY ($2)
                     AND (b.metadata OPERATOR(pg_catalog.#>>) '{{bat_partners,hash}}') OPERATOR(pg_catalog.=) {held}"
            ),
            &[url.into(), ids.to_vec().into()],
        )?;
        self.rows(
            "SELECT pg_catalog.to_jsonb(b.id)
             FROM @.bat_bids AS b
             WHERE b.url OPERATOR(pg_catalog.=) $1 AND b.id OPERATOR(pg_catalog.=) ANY ($2)",
            &[url.into(), ids.to_vec().into()],
        )
    }
}

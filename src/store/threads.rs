//! Threads of listings: all entries of a thread that go into one table are written by one statement.
//!
//! Rows are found by `(url, id)`, and no statement reads two of the tables: Citus can distribute them by `url`. For
//! the same reason the conflict clause calls immutable functions only.

mod records;

use pgrx::datum::DatumWithOid;

use super::archive::{ARCHIVED, Archived, UNREAD_THREAD};
use super::merge::{Policy, Source};
use super::sql::Store;
use super::tables::{BIDS, COMMENTS, Column, Kind, Table};
use crate::error::Result;

pub use records::{RecordOfBid, Records};

/// The metadata of the page of the row `p` with the hash of the text that its thread was read from, which it has now.
const MARKED: &str = "
    pg_catalog.jsonb_set(
        pg_catalog.jsonb_set(
            p.metadata,
            '{bat_partners}',
            COALESCE(p.metadata OPERATOR(pg_catalog.->) 'bat_partners', '{}')
        ),
        '{bat_partners,thread}',
        (
            '\"' OPERATOR(pg_catalog.||) pg_catalog.encode(p.sha256, 'hex') OPERATOR(pg_catalog.||) '\"'
        )::pg_catalog.jsonb
    )";

/// Bids of a thread, column by column.
#[derive(Debug, Default)]
pub struct Bids {
    pub id: Vec<i64>,
    pub username: Vec<Option<String>>,
    pub amount: Vec<Option<i64>>,
    pub currency: Vec<Option<String>>,
    pub canceled: Vec<bool>,
    /// ISO 8601.
    pub placed_at: Vec<Option<String>>,
}

/// Comments of a thread, column by column.
#[derive(Debug, Default)]
pub struct Comments {
    pub id: Vec<i64>,
    pub username: Vec<Option<String>>,
    pub is_seller: Vec<bool>,
    pub kind: Vec<String>,
    pub body: Vec<Option<String>>,
    pub likes: Vec<Option<i32>>,
    pub parent_id: Vec<Option<i64>>,
    /// ISO 8601.
    pub posted_at: Vec<Option<String>>,
}

impl Store {
    /// Saves the bids of a listing, no two with one id. Returns how many rows were written.
    pub fn save_bids(&self, bids: Bids, policy: Policy, source: &Source) -> Result<usize> {
        if bids.id.is_empty() {
            return Ok(0);
        }
        let columns = [
            bids.id.into(),
            bids.username.into(),
            bids.amount.into(),
            bids.currency.into(),
            bids.canceled.into(),
            bids.placed_at.into(),
        ];
        self.save_entries(&BIDS, columns, policy, source)
    }

    /// Saves the comments of a listing, no two with one id. Returns how many rows were written.
    pub fn save_comments(&self, comments: Comments, policy: Policy, source: &Source) -> Result<usize> {
        if comments.id.is_empty() {
            return Ok(0);
        }
        let columns = [
            comments.id.into(),
            comments.username.into(),
            comments.is_seller.into(),
            comments.kind.into(),
            comments.body.into(),
            comments.likes.into(),
            comments.parent_id.into(),
            comments.posted_at.into(),
        ];
        self.save_entries(&COMMENTS, columns, policy, source)
    }

    fn save_entries<'a>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = DatumWithOid<'a>>,
        policy: Policy,
        source: &Source<'a>,
    ) -> Result<usize> {
        let mut arguments: Vec<DatumWithOid> = vec![source.url.into(), source.time.into()];
        arguments.extend(columns);
        self.execute(&upsert(table, policy), &arguments)
    }

    /// The archived page of a listing whose thread was not read from it yet, and its text.
    pub fn unread_thread(&self, url: &str) -> Result<Option<(Archived, String)>> {
        let found: Vec<(Archived, Option<Vec<u8>>)> = self.read_with_bytes(
            &format!(
                "SELECT {ARCHIVED}
                 FROM @.bat_pages AS p
                 WHERE p.url OPERATOR(pg_catalog.=) $1 AND {UNREAD_THREAD}"
            ),
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

    /// Notes that the thread of a page, given with the hash of its text, need not be read again.
    pub fn mark_thread_read(&self, url: &str, hash: &str) -> Result<()> {
        self.execute(
            &format!(
                "UPDATE @.bat_pages AS p
                 SET metadata = {MARKED}
                 WHERE p.url OPERATOR(pg_catalog.=) $1
                     AND p.sha256 OPERATOR(pg_catalog.=) pg_catalog.decode($2, 'hex')
                     AND {UNREAD_THREAD}"
            ),
            &[url.into(), hash.into()],
        )?;
        Ok(())
    }

    /// The same for many pages.
    pub fn mark_threads_read(&self, urls: Vec<String>, hashes: Vec<String>) -> Result<()> {
        self.execute(
            &format!(
                "UPDATE @.bat_pages AS p
                 SET metadata = {MARKED}
                 FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u (url, sha256)
                 WHERE p.url OPERATOR(pg_catalog.=) u.url
                     AND p.sha256 OPERATOR(pg_catalog.=) pg_catalog.decode(u.sha256, 'hex')
                     AND {UNREAD_THREAD}"
            ),
            &[urls.into(), hashes.into()],
        )?;
        Ok(())
    }
}

/// The columns of an entry that a page tells, apart from its key.
fn told(table: &Table) -> impl Iterator<Item = &'static Column> {
    table.data_columns().filter(|column| column.name != "url")
}

/// Joins what is made of each told column.
fn each(table: &Table, separator: &str, sql: impl Fn(&Column) -> String) -> String {
    told(table).map(sql).collect::<Vec<_>>().join(separator)
}

/// The statement that writes a thread's entries. Its arguments: URL, time, ids, and one array for each told column.
///
/// Entries whose row would stay as it is are left out before the insert, which would lock them. Each is looked up by its
/// key: a join that was planned while the table was small would read all of it once it is large.
fn upsert(table: &Table, policy: Policy) -> String {
    let names = each(table, ", ", |column| column.name.to_owned());
    let arrays = each_argument(table);
    let given = |column: &Column| format!("n.{}", column.name);
    let merged = |column: &Column| merged(column, "EXCLUDED", policy);
    format!(
        "INSERT INTO @.{table} AS t (url, id, {names}, metadata, updated_at)
         SELECT
             $1,
             n.id,
             {given},
             pg_catalog.jsonb_build_object(
                 'bat_partners',
                 pg_catalog.jsonb_build_object('hash', {hash_given}, 'source_url', $1, 'time', $2)
             ),
             pg_catalog.now()
         FROM (
             SELECT u.id, {cast}
             FROM ROWS FROM ({arrays}) AS u (id, {names})
         ) AS n
         WHERE COALESCE(
             (
                 SELECT {changes_given}
                 FROM @.{table} AS t
                 WHERE t.url OPERATOR(pg_catalog.=) $1 AND t.id OPERATOR(pg_catalog.=) n.id
             ),
             true
         )
         ORDER BY n.id
         ON CONFLICT (url, id) DO UPDATE
         SET {set},
             metadata = t.metadata OPERATOR(pg_catalog.||) pg_catalog.jsonb_set(
                 EXCLUDED.metadata,
                 '{{bat_partners,hash}}',
                 ('\"' OPERATOR(pg_catalog.||) {hash_merged} OPERATOR(pg_catalog.||) '\"')::pg_catalog.jsonb
             ),
             updated_at = EXCLUDED.updated_at
         WHERE {changes}",
        table = table.name,
        given = each(table, ", ", given),
        cast = each(table, ", ", |column| format!("u.{0}::{1} AS {0}", column.name, column.kind.sql())),
        hash_given = hash(table, given),
        hash_merged = hash(table, merged),
        changes_given = would_change(table, "n", policy),
        changes = would_change(table, "EXCLUDED", policy),
        set = each(table, ", ", |column| format!("{} = {}", column.name, merged(column))),
    )
}

/// The arrays as a set of rows: after the URL and the time come the ids, then the told columns.
fn each_argument(table: &Table) -> String {
    let arrays = (0..=told(table).count()).map(|place| format!("pg_catalog.unnest(${})", place + 3));
    arrays.collect::<Vec<_>>().join(", ")
}

/// What a column will hold: what the page no longer says stays. A deleted account had made its bids, and a canceled
/// bid had its amount.
fn merged(column: &Column, new: &str, policy: Policy) -> String {
    let name = column.name;
    match policy {
        Policy::Mirror | Policy::Keep => format!("COALESCE({new}.{name}, t.{name})"),
        Policy::FillMissing | Policy::FillMissingButSale => format!("COALESCE(t.{name}, {new}.{name})"),
    }
}

/// Whether the row `t` holds what the importer last wrote, and would hold something else.
fn would_change(table: &Table, new: &str, policy: Policy) -> String {
    let held = |column: &Column| format!("t.{}", column.name);
    format!(
        "(
             ({held}) IS DISTINCT FROM ({merged})
             AND COALESCE(
                 (t.metadata OPERATOR(pg_catalog.#>>) '{{bat_partners,hash}}') OPERATOR(pg_catalog.=) {hash},
                 false
             )
         )",
        held = each(table, ", ", held),
        merged = each(table, ", ", |column| merged(column, new, policy)),
        hash = hash(table, held),
    )
}

/// Hash of the told columns of a row, 128 bits as text: the same whatever the session's settings.
fn hash(table: &Table, value: impl Fn(&Column) -> String) -> String {
    let part = |column: &Column| {
        let value = value(column);
        let text = match column.kind {
            Kind::Text => value,
            Kind::Timestamp => {
                // The same text in PostgreSQL 13, which has a float8.
                format!("extract(epoch FROM pg_catalog.timezone('UTC', {value}))::numeric(20, 6)::text")
            }
            _ => format!("({value})::text"),
        };
        format!("pg_catalog.quote_nullable({text})")
    };
    let parts = each(table, " OPERATOR(pg_catalog.||) ',' OPERATOR(pg_catalog.||) ", part);
    // `convert_to` is no immutable function.
    format!(
        "pg_catalog.left(
             pg_catalog.encode(
                 pg_catalog.sha256(
                     pg_catalog.decode(
                         pg_catalog.replace({parts}, pg_catalog.chr(92), pg_catalog.repeat(pg_catalog.chr(92), 2)),
                         'escape'
                     )
                 ),
                 'hex'
             ),
             32
         )"
    )
}

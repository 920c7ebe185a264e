//! The page archive.

use super::{CREATED_AT, ID, Kind, METADATA, Table, UPDATED_AT, column, required};

/// Latest body of each page.
pub const PAGES: Table = Table {
    name: "bat_pages",
    columns: &[
        required("url", Kind::Text),
        column("kind", Kind::Text),
        column("status", Kind::Integer),
        column("etag", Kind::Text),
        column("last_modified", Kind::Text),
        column("sha256", Kind::Bytes),
        column("body", Kind::Bytes),
        column("fetched_at", Kind::Timestamp),
        column("parser_version", Kind::Integer),
        column("dictionary_id", Kind::Uuid),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["url"],
    unique: &[],
    indexes: &[],
};

/// Pages that the bodies of others are compressed with.
pub const PAGE_DICTIONARIES: Table = Table {
    name: "bat_page_dictionaries",
    columns: &[
        ID,
        required("kind", Kind::Text),
        column("body", Kind::Bytes),
        column("source_url", Kind::Text),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["id"],
    unique: &[],
    indexes: &[],
};

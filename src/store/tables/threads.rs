//! Bids and comments of auctions.

use super::{CREATED_AT, Kind, METADATA, Table, UPDATED_AT, column, required};

/// Bids of a listing's thread.
pub const BIDS: Table = Table {
    name: "bat_bids",
    columns: &[
        required("url", Kind::Text),
        required("id", Kind::BigInt),
        column("username", Kind::Text),
        column("amount", Kind::Numeric),
        column("currency", Kind::Text),
        column("canceled", Kind::Boolean),
        column("placed_at", Kind::Timestamp),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["url", "id"],
    unique: &[],
    indexes: &[],
};

/// Comments of a listing's thread.
pub const COMMENTS: Table = Table {
    name: "bat_comments",
    columns: &[
        required("url", Kind::Text),
        required("id", Kind::BigInt),
        column("username", Kind::Text),
        column("is_seller", Kind::Boolean),
        column("kind", Kind::Text),
        column("body", Kind::Text),
        column("likes", Kind::Integer),
        column("parent_id", Kind::BigInt),
        column("posted_at", Kind::Timestamp),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["url", "id"],
    unique: &[],
    indexes: &[],
};

//! The tables as the catalogue describes them.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A table as the catalogue describes it.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) table: String,
    pub(super) kind: String,
    pub(super) columns: Vec<FoundColumn>,
    /// Column lists of the valid, unconditional unique indexes.
    pub(super) unique: Vec<BTreeSet<String>>,
}

/// A column as the catalogue describes it.
#[derive(Deserialize)]
pub(super) struct FoundColumn {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) must_be_given: bool,
    pub(super) has_default: bool,
}

/// The tables of the schema `$1` that have one of the names `$2`.
pub(super) const FIND: &str = "
    SELECT pg_catalog.jsonb_build_object(
        'table', c.relname,
        'kind', c.relkind,
        'columns', ARRAY(
            SELECT pg_catalog.jsonb_build_object(
                'name', a.attname,
                'kind', pg_catalog.format_type(a.atttypid, NULL),
                'must_be_given', a.attnotnull AND NOT a.atthasdef AND a.attidentity OPERATOR(pg_catalog.=) '',
                'has_default', a.atthasdef OR a.attidentity OPERATOR(pg_catalog.<>) ''
            )
            FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
                AND a.attnum OPERATOR(pg_catalog.>) 0
                AND NOT a.attisdropped
        ),
        'unique', ARRAY(
            SELECT (
                SELECT pg_catalog.jsonb_agg(a.attname)
                FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
                    AND a.attnum OPERATOR(pg_catalog.=) ANY (
                        (i.indkey::int2[])[0:i.indnkeyatts OPERATOR(pg_catalog.-) 1]
                    )
            )
            FROM pg_catalog.pg_index AS i
            WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid
                AND i.indisunique
                AND i.indisvalid
                AND i.indimmediate
                AND i.indpred IS NULL
                AND i.indexprs IS NULL
        )
    )
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
        AND c.relkind OPERATOR(pg_catalog.<>) ALL ('{i,I,t,c}'::\"char\"[])
        AND c.relname::text OPERATOR(pg_catalog.=) ANY (
            ARRAY(SELECT pg_catalog.jsonb_array_elements_text($2))
        )";

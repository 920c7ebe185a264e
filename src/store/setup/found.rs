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
    /// Its own constraint's doing, or its domain's.
    pub(super) is_not_null: bool,
    /// Whether it is computed from others: nobody may write it.
    pub(super) is_generated: bool,
    /// Whether it is numbered, and nobody may write another number.
    pub(super) is_always_identity: bool,
    /// Whether the database has a value for it where none is given: its own default, or its domain's.
    pub(super) has_default: bool,
    /// The expression of that value, if there is one.
    pub(super) default: Option<String>,
}

impl FoundColumn {
    /// Whether each row must bring its value.
    pub(super) fn must_be_given(&self) -> bool {
        self.is_not_null && !self.has_default && !self.is_generated
    }
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
                'is_not_null', a.attnotnull OR (y.oid IS NOT NULL AND EXISTS (
                    WITH RECURSIVE domain (is_not_null, base) AS (
                        SELECT y.typnotnull, y.typbasetype
                        UNION ALL
                        SELECT b.typnotnull, b.typbasetype
                        FROM domain AS d
                        JOIN pg_catalog.pg_type AS b
                            ON b.oid OPERATOR(pg_catalog.=) d.base AND b.typtype OPERATOR(pg_catalog.=) 'd'
                    )
                    SELECT FROM domain AS d WHERE d.is_not_null
                )),
                'is_generated', a.attgenerated OPERATOR(pg_catalog.<>) '',
                'is_always_identity', a.attidentity OPERATOR(pg_catalog.=) 'a',
                'has_default', a.attgenerated OPERATOR(pg_catalog.=) ''
                    AND (
                        a.atthasdef
                        OR a.attidentity OPERATOR(pg_catalog.<>) ''
                        OR y.typdefault IS NOT NULL
                    ),
                'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid)
            )
            FROM pg_catalog.pg_attribute AS a
            LEFT JOIN pg_catalog.pg_type AS y
                ON y.oid OPERATOR(pg_catalog.=) a.atttypid AND y.typtype OPERATOR(pg_catalog.=) 'd'
            LEFT JOIN pg_catalog.pg_attrdef AS d
                ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid
                AND d.adnum OPERATOR(pg_catalog.=) a.attnum
                -- The tables' own are known. To print an expression locks its table, for which no job is to wait here.
                AND a.attname OPERATOR(pg_catalog.<>) ALL (
                    ARRAY['id', 'metadata', 'created_at', 'updated_at', 'first_seen_at']::pg_catalog.name[]
                )
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

//! The tables as the catalogue describes them.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A table as the catalogue describes it.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) table: String,
    pub(super) kind: String,
    pub(super) columns: Vec<FoundColumn>,
    /// Its unique indexes, but for those with a condition or an expression.
    pub(super) unique: Vec<FoundUnique>,
    /// The table of which it is a partition.
    pub(super) parent: Option<String>,
    /// Whether its columns are those of a composite type.
    pub(super) is_typed: bool,
    /// What it is partitioned by, if it is: columns, and NULL for an expression.
    pub(super) partitioned_by: Option<Vec<Option<String>>>,
    /// Rules that rewrite its inserts or updates: their names, quoted.
    pub(super) rules: Vec<String>,
}

/// A unique index as the catalogue describes it.
#[derive(Deserialize)]
pub(super) struct FoundUnique {
    /// Its name, quoted.
    pub(super) name: String,
    pub(super) columns: BTreeSet<String>,
    /// Whether it is that of a constraint, of the same name.
    pub(super) is_constraint: bool,
    /// Whether ON CONFLICT can name it: it is valid, and not deferrable.
    pub(super) is_usable: bool,
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

impl Found {
    /// Whether a unique index that ON CONFLICT can name has these columns.
    pub(super) fn has_unique(&self, columns: &BTreeSet<String>) -> bool {
        self.unique.iter().any(|unique| unique.is_usable && unique.columns == *columns)
    }
}

impl FoundColumn {
    /// Whether each row must bring its value.
    pub(super) fn must_be_given(&self) -> bool {
        self.is_not_null && !self.has_default && !self.is_generated
    }
}

/// What of the schema `$1` has one of the names `$2`: tables, other relations, and types, which would keep a table from
/// being made.
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
            SELECT pg_catalog.jsonb_build_object(
                'name', pg_catalog.quote_ident(x.relname),
                'columns', (
                    SELECT pg_catalog.jsonb_agg(a.attname)
                    FROM pg_catalog.pg_attribute AS a
                    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
                        AND a.attnum OPERATOR(pg_catalog.=) ANY (
                            (i.indkey::int2[])[0:i.indnkeyatts OPERATOR(pg_catalog.-) 1]
                        )
                ),
                'is_constraint', EXISTS (
                    SELECT FROM pg_catalog.pg_constraint AS o WHERE o.conindid OPERATOR(pg_catalog.=) i.indexrelid
                        AND o.conrelid OPERATOR(pg_catalog.=) c.oid
                ),
                'is_usable', i.indisvalid AND i.indimmediate
            )
            FROM pg_catalog.pg_index AS i
            JOIN pg_catalog.pg_class AS x ON x.oid OPERATOR(pg_catalog.=) i.indexrelid
            WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid
                AND i.indisunique
                AND i.indpred IS NULL
                AND i.indexprs IS NULL
        ),
        'parent', (
            SELECT h.inhparent::pg_catalog.regclass
            FROM pg_catalog.pg_inherits AS h
            WHERE c.relispartition AND h.inhrelid OPERATOR(pg_catalog.=) c.oid
        ),
        'is_typed', c.reloftype OPERATOR(pg_catalog.<>) 0,
        'partitioned_by', (
            SELECT pg_catalog.jsonb_agg(a.attname ORDER BY k.place)
            FROM pg_catalog.pg_partitioned_table AS p
            CROSS JOIN LATERAL pg_catalog.unnest(p.partattrs::int2[]) WITH ORDINALITY AS k (number, place)
            LEFT JOIN pg_catalog.pg_attribute AS a
                ON a.attrelid OPERATOR(pg_catalog.=) c.oid
                -- 0: an expression.
                AND a.attnum OPERATOR(pg_catalog.=) NULLIF(k.number, 0)
            WHERE p.partrelid OPERATOR(pg_catalog.=) c.oid
        ),
        'rules', ARRAY(
            SELECT pg_catalog.quote_ident(w.rulename)
            FROM pg_catalog.pg_rewrite AS w
            WHERE w.ev_class OPERATOR(pg_catalog.=) c.oid
                -- Of updates, even if they are disabled, and of inserts.
                AND (
                    w.ev_type OPERATOR(pg_catalog.=) '2'
                    OR w.ev_type OPERATOR(pg_catalog.=) '3'
                        AND w.ev_enabled OPERATOR(pg_catalog.=) ANY ('{O,A}'::\"char\"[])
                )
            ORDER BY w.rulename
        )
    )
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
        AND c.relname::text OPERATOR(pg_catalog.=) ANY (
            ARRAY(SELECT pg_catalog.jsonb_array_elements_text($2))
        )
    UNION ALL
    SELECT pg_catalog.jsonb_build_object(
        'table', y.typname, 'kind', 'y', 'columns', ARRAY[]::text[], 'unique', ARRAY[]::text[], 'is_typed', false,
        'rules', ARRAY[]::text[]
    )
    FROM pg_catalog.pg_type AS y
    JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) y.typnamespace
    WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
        AND y.typrelid OPERATOR(pg_catalog.=) 0
        -- The server renames those of arrays by itself.
        AND y.typcategory OPERATOR(pg_catalog.<>) 'A'
        AND y.typname::text OPERATOR(pg_catalog.=) ANY (
            ARRAY(SELECT pg_catalog.jsonb_array_elements_text($2))
        )";

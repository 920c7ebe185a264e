//! Ids that stand twice: in tables without a primary key.

use super::super::sql::Store;
use super::super::tables::Table;
use super::Finding;
use crate::error::Result;

impl Store {
    /// Deletes what is a copy of another row in every column, the id too. Rows that have one id and differ are told: which of
    /// them is meant by what points at it, nobody can tell.
    pub fn delete_copies(&self, table: &Table) -> Result<Vec<Finding>> {
        self.rows(
            &format!(
                "WITH twice AS (
                     SELECT t.id
                     FROM @.{table} AS t
                     WHERE t.id IS NOT NULL
                     GROUP BY t.id
                     HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1
                 ),
                 found AS (
                     SELECT
                         t.tableoid,
                         t.ctid,
                         t.id,
                         pg_catalog.row_number() OVER (
                             PARTITION BY t.id, (t.*)::pg_catalog.text ORDER BY t.tableoid, t.ctid
                         ) AS place
                     FROM @.{table} AS t
                     JOIN twice AS w ON w.id OPERATOR(pg_catalog.=) t.id
                 ),
                 gone AS (
                     DELETE FROM @.{table} AS t
                     USING found AS r
                     WHERE t.ctid OPERATOR(pg_catalog.=) r.ctid
                         AND t.tableoid OPERATOR(pg_catalog.=) r.tableoid
                         AND r.place OPERATOR(pg_catalog.>) 1
                     RETURNING t.id
                 ),
                 counted AS (
                     SELECT
                         r.id,
                         pg_catalog.count(*) FILTER (WHERE r.place OPERATOR(pg_catalog.=) 1) AS different,
                         (SELECT pg_catalog.count(*) FROM gone AS g WHERE g.id OPERATOR(pg_catalog.=) r.id) AS copies
                     FROM found AS r
                     GROUP BY r.id
                 )
                 SELECT pg_catalog.jsonb_build_object(
                     'what', 'id stored twice',
                     'table', '{table}',
                     'row', c.id,
                     'is_mended', f.is_mended,
                     'detail', f.detail,
                     'hint', f.hint
                 )
                 FROM counted AS c
                 CROSS JOIN LATERAL (
                     SELECT true, pg_catalog.format('copies that were the same in every column, and are deleted: %s', c.copies), NULL
                     WHERE c.copies OPERATOR(pg_catalog.>) 0
                     UNION ALL
                     SELECT
                         false,
                         pg_catalog.format('rows that have this id, and differ: %s', c.different),
                         'Delete all but one of them, or give the others ids of their own, then call bat_repair again. Nothing else '
                             'of this table is mended before.'
                     WHERE c.different OPERATOR(pg_catalog.>) 1
                 ) AS f (is_mended, detail, hint)
                 ORDER BY c.id, f.is_mended DESC",
                table = table.name,
            ),
            &[],
        )
    }
}

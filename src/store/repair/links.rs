//! Rows that stand twice under one of the keys that `bat_setup` makes unique.

use serde::Deserialize;

use super::super::sql::Store;
use super::super::tables::{DEALER_INVENTORY, ORGANIZATION_VEHICLES, Table};
use super::references::Pair;
use super::{Finding, MERGED};
use crate::error::Result;

#[derive(Deserialize)]
struct Twice {
    loser: String,
    kept: String,
    key: String,
}

impl Store {
    /// Merges links that stand twice.
    pub fn merge_links(&self) -> Result<Vec<Finding>> {
        self.merge_same(&ORGANIZATION_VEHICLES, "link stored twice")
    }

    /// Merges items of a dealer's inventory that stand twice.
    pub fn merge_items(&self) -> Result<Vec<Finding>> {
        self.merge_same(&DEALER_INVENTORY, "inventory item stored twice")
    }

    fn merge_same(&self, table: &Table, what: &str) -> Result<Vec<Finding>> {
        let Some(unique) = table.unique.first() else { return Ok(Vec::new()) };
        let columns: Vec<String> = unique.iter().map(|name| format!("t.{name}")).collect();
        let given: Vec<String> = columns.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let twice: Vec<Twice> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object('loser', d.id, 'kept', d.kept, 'key', d.key)
                 FROM (
                     SELECT
                         t.id,
                         pg_catalog.concat_ws(', ', {columns}) AS key,
                         pg_catalog.first_value(t.id) OVER (
                             PARTITION BY {columns} ORDER BY t.created_at NULLS LAST, t.id
                         ) AS kept
                     FROM @.{table} AS t
                     WHERE {given}
                 ) AS d
                 WHERE d.id OPERATOR(pg_catalog.<>) d.kept
                 ORDER BY d.key COLLATE \"C\", d.id",
                columns = columns.join(", "),
                given = given.join(" AND "),
                table = table.name,
            ),
            &[],
        )?;
        let pairs: Vec<Pair> =
            twice.iter().map(|twice| Pair { loser: twice.loser.clone(), kept: twice.kept.clone() }).collect();
        let blocked = self.merge_all(table, &pairs)?;
        let finding = |Twice { loser, kept, key }: Twice| match blocked.get(&loser) {
            None => {
                let detail = format!("({key}): merged into {kept}; {MERGED}");
                Finding::mended(what, table.name, Some(loser), detail)
            }
            Some(why) => {
                let detail = format!("({key}) is that of {kept} too, but {why}");
                let hint = "Let those rows agree, or delete one of each two, then call bat_repair again.";
                Finding::left(what, table.name, Some(loser), detail, hint)
            }
        };
        Ok(twice.into_iter().map(finding).collect())
    }
}

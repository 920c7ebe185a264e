//! Values of the earlier importer's rows that a person may have written: they stay, and are told.

use serde::Deserialize;
use serde_json::Value;

use super::super::merge::MEMORY;
use super::super::sql::Store;
use super::super::tables::{ORGANIZATION_VEHICLES, Table, VEHICLES};
use super::Finding;
use super::earlier::{IS_EARLIER, IS_MARKED_SALE, IS_TAGGED, is_timed};
use super::notes::DOUBTED;
use super::vehicles::AUCTION;
use crate::error::Result;

/// Fields of links that a person may have corrected, and that tell nothing of who wrote them.
const SALE_OF_LINKS: [&str; 2] = ["sale_date", "sale_price"];

/// What a person may have written into rows of the earlier importer.
#[derive(Deserialize)]
struct Doubtful {
    id: String,
    url: String,
    fields: Value,
    held: Value,
}

impl Doubtful {
    /// `then`: what is to be done once the fields are empty. `also`: further columns that are set then.
    fn finding(self, store: &Store, table: &Table, also: &str, then: &str) -> Finding {
        let Doubtful { id, url, fields, held } = self;
        let names = fields.as_array().into_iter().flatten().filter_map(Value::as_str);
        let set: Vec<String> = names.map(|name| format!("{name} = NULL")).collect();
        let hint = format!(
            "If nobody wrote them: UPDATE @.{} SET {}{also} WHERE id = '{id}'; {then}. If updated_at tells of every change by \
             hand: bat_repair(dry_run => false, trust_updated_at => true)",
            table.name,
            set.join(", ")
        );
        let detail = format!("{url}: a person may have written {held}: it stays");
        Finding::left("values of unknown origin", table.name, Some(id), detail, &store.qualify(&hint))
    }
}

impl Store {
    /// Fields of the earlier importer's vehicles that it often got wrong, and that a person may have written: these stay.
    pub fn doubtful_values(&self) -> Result<Vec<Finding>> {
        let doubtful: Vec<Doubtful> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'id', v.id,
                     'url', u.url,
                     'fields', pg_catalog.jsonb_agg(f.name ORDER BY f.name COLLATE \"C\"),
                     'held', pg_catalog.jsonb_object_agg(f.name, f.value)
                 )
                 FROM @.vehicles AS v
                 CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                 CROSS JOIN LATERAL pg_catalog.jsonb_each(pg_catalog.to_jsonb(v.*)) AS f (name, value)
                 WHERE {IS_EARLIER}
                     AND f.name OPERATOR(pg_catalog.=) ANY ($1)
                     AND f.value OPERATOR(pg_catalog.<>) 'null'
                     AND v.metadata OPERATOR(pg_catalog.#>) ARRAY['{MEMORY}', f.name] IS NULL
                 GROUP BY v.id, u.url
                 ORDER BY u.url COLLATE \"C\", v.id"
            ),
            &[DOUBTED.map(str::to_owned).to_vec().into()],
        )?;
        let then = "the next import fills them";
        Ok(doubtful.into_iter().map(|row| row.finding(self, &VEHICLES, "", then)).collect())
    }

    /// The earlier importer's links that tell of a sale which a person may have written: these stay. `trusted`: whether
    /// `updated_at` tells of every change.
    pub fn doubtful_links(&self, trusted: bool) -> Result<Vec<Finding>> {
        let doubtful: Vec<Doubtful> = self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'id', o.id,
                     'url', u.url,
                     'fields', pg_catalog.jsonb_agg(f.name ORDER BY f.name COLLATE \"C\"),
                     'held', pg_catalog.jsonb_object_agg(f.name, f.value)
                 )
                 FROM @.organization_vehicles AS o
                 JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) o.vehicle_id
                 CROSS JOIN LATERAL (SELECT {AUCTION} AS url OFFSET 0) AS u
                 CROSS JOIN LATERAL ({}) AS t
                 CROSS JOIN LATERAL pg_catalog.jsonb_each(pg_catalog.to_jsonb(o.*)) AS f (name, value)
                 WHERE {IS_EARLIER}
                     AND {IS_TAGGED}
                     AND NOT ($1 AND t.is_timed)
                     AND NOT ({IS_MARKED_SALE})
                     AND f.name OPERATOR(pg_catalog.=) ANY ($2)
                     AND f.value OPERATOR(pg_catalog.<>) 'null'
                     AND o.metadata OPERATOR(pg_catalog.#>) '{{{MEMORY},relationship_type}}' IS NULL
                 GROUP BY o.id, u.url
                 ORDER BY u.url COLLATE \"C\", o.id",
                is_timed("o")
            ),
            &[trusted.into(), SALE_OF_LINKS.map(str::to_owned).to_vec().into()],
        )?;
        let then = "then call bat_repair again";
        let also = ", updated_at = created_at";
        let finding = |row: Doubtful| row.finding(self, &ORGANIZATION_VEHICLES, also, then);
        Ok(doubtful.into_iter().map(finding).collect())
    }
}

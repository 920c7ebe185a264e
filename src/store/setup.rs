//! Makes the user-owned tables, or adopts the ones that are there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Deserialize;

use super::fresh;
use super::sql::{Store, jsonb};
use super::tables::{ALL, Column, Kind, Table, names};
use crate::error::{Error, Result};

/// Columns that every insert fills, besides those that are NOT NULL in the description: an adopted table may
/// demand them.
const ALWAYS_FILLED: &[(&str, &[&str])] = &[
    (
        "businesses",
        &["business_name", "geographic_key", "source_url", "discovered_via", "status", "is_public"],
    ),
    ("vehicles", &["title", "bat_auction_url", "discovery_url", "listing_url", "discovery_source"]),
    ("organization_vehicles", &["status", "listing_status", "auto_tagged"]),
    (
        "bat_listings",
        &["title", "status", "seller_username", "last_seen_at", "last_changed_at", "parser_version"],
    ),
    ("dealer_inventory", &["status", "first_seen_at", "last_seen_at", "seen_count"]),
    ("bat_bids", &["canceled"]),
    ("bat_comments", &["is_seller", "kind"]),
    ("bat_pages", &["kind", "status", "sha256", "body", "fetched_at", "parser_version"]),
];

/// What `setup` did.
#[derive(Debug, Default)]
pub struct Done {
    pub made: usize,
    pub adopted: usize,
    pub unchanged: usize,
}

/// A table as the catalogue describes it.
#[derive(Deserialize)]
struct Found {
    table: String,
    kind: String,
    columns: Vec<FoundColumn>,
    /// Column lists of the valid, unconditional unique indexes.
    unique: Vec<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct FoundColumn {
    name: String,
    kind: String,
    must_be_given: bool,
    has_default: bool,
}

const FIND: &str = "
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

impl Store {
    /// Makes or adopts all user-owned tables; changes nothing where all is as it should be. One error lists
    /// everything that is in the way, and then nothing was changed.
    pub fn setup(&self) -> Result<Done> {
        self.look_at_distribution()?;
        let plans = self.plans()?;
        if plans.iter().all(|plan| plan.statements.is_empty() && plan.obstacles.is_empty()) {
            return Ok(Done { unchanged: plans.len(), ..Done::default() });
        }
        // Two sessions that find the tables missing: the second waits, and finds them.
        self.execute(
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('bat_partners setup', 0))",
            &[],
        )?;
        let plans = self.plans()?;
        let obstacles: Vec<String> = plans.iter().flat_map(|plan| plan.obstacles.clone()).collect();
        if !obstacles.is_empty() {
            return Err(Error::Adoption(obstacles));
        }
        let mut done = Done::default();
        for plan in plans {
            for statement in &plan.statements {
                // Not prepared: DDL runs once.
                pgrx::Spi::run(&self.qualify(statement))?;
            }
            match (plan.is_new, plan.statements.is_empty()) {
                (true, _) => done.made += 1,
                (false, false) => done.adopted += 1,
                (false, true) => done.unchanged += 1,
            }
        }
        if done.made > 0 {
            self.pass_on_grants()?;
        }
        Ok(done)
    }

    /// What keeps existing tables from being adopted, one line each; empty if nothing does.
    pub fn obstacles(&self) -> Result<Vec<String>> {
        Ok(self.plans()?.into_iter().flat_map(|plan| plan.obstacles).collect())
    }

    fn plans(&self) -> Result<Vec<Plan>> {
        let table_names: Vec<&str> = names().collect();
        let found: Vec<Found> = self.rows(FIND, &[self.schema().into(), jsonb(table_names.into())])?;
        fresh::remember_defaults(found.iter().map(defaults));
        let found: BTreeMap<&str, &Found> = found.iter().map(|found| (found.table.as_str(), found)).collect();
        ALL.iter()
            .map(|table| match found.get(table.name) {
                None => Ok(Plan::make(table)),
                Some(found) => self.adopt(table, found),
            })
            .collect()
    }

    fn adopt(&self, table: &Table, found: &Found) -> Result<Plan> {
        let mut plan = Plan::default();
        if !matches!(found.kind.as_str(), "r" | "p") {
            plan.obstacles.push(format!("{} is no table", table.name));
            return Ok(plan);
        }
        let columns: BTreeMap<&str, &FoundColumn> =
            found.columns.iter().map(|column| (column.name.as_str(), column)).collect();
        for column in table.columns {
            match columns.get(column.name) {
                None => self.add_column(table, column, &mut plan)?,
                Some(existing) if existing.kind != column.kind.sql() => plan.obstacles.push(format!(
                    "{}.{} is of type {}, not {}",
                    table.name,
                    column.name,
                    existing.kind,
                    column.kind.sql()
                )),
                Some(_) => {}
            }
        }
        for existing in found.columns.iter().filter(|column| column.must_be_given) {
            if !is_always_filled(table, &existing.name) {
                plan.obstacles.push(format!(
                    "{}.{} is NOT NULL without a default, and an import may leave it empty",
                    table.name, existing.name
                ));
            }
        }
        for unique in table.unique.iter().chain([&table.primary_key]) {
            self.add_unique(table, unique, found, &columns, &mut plan)?;
        }
        Ok(plan)
    }

    fn add_column(&self, table: &Table, column: &Column, plan: &mut Plan) -> Result<()> {
        let needs_value = column.definition == "NOT NULL";
        if needs_value && self.has_rows(table)? {
            plan.obstacles.push(format!("{}.{} is missing, and the table has rows", table.name, column.name));
        }
        plan.statements.push(format!("ALTER TABLE @.{} ADD COLUMN {}", table.name, definition(column)));
        Ok(())
    }

    fn has_rows(&self, table: &Table) -> Result<bool> {
        let sql = format!("SELECT pg_catalog.to_jsonb(EXISTS (SELECT FROM @.{}))", table.name);
        Ok(self.row(&sql, &[])?.unwrap_or_default())
    }

    fn add_unique(
        &self,
        table: &Table,
        unique: &[&str],
        found: &Found,
        columns: &BTreeMap<&str, &FoundColumn>,
        plan: &mut Plan,
    ) -> Result<()> {
        let wanted: BTreeSet<String> = unique.iter().map(|name| (*name).to_owned()).collect();
        if found.unique.contains(&wanted) {
            return Ok(());
        }
        let list = unique.join(", ");
        if unique.iter().all(|name| columns.contains_key(name)) {
            let duplicates = self.duplicates(table, unique)?;
            if duplicates > 0 {
                plan.obstacles
                    .push(format!("{} has {duplicates} values of ({list}) more than once", table.name));
            }
        }
        plan.statements.push(format!("CREATE UNIQUE INDEX ON @.{} ({list})", table.name));
        Ok(())
    }

    fn duplicates(&self, table: &Table, unique: &[&str]) -> Result<i64> {
        let given: Vec<String> = unique.iter().map(|name| format!("t.{name} IS NOT NULL")).collect();
        let sql = format!(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
             FROM (
                 SELECT FROM @.{} AS t
                 WHERE {}
                 GROUP BY {}
                 HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1
             ) AS d",
            table.name,
            given.join(" AND "),
            unique.join(", ")
        );
        Ok(self.row(&sql, &[])?.unwrap_or_default())
    }
}

/// A table's name, and its columns that the database can fill in.
fn defaults(found: &Found) -> (String, HashSet<String>) {
    let columns = found.columns.iter().filter(|column| column.has_default);
    (found.table.clone(), columns.map(|column| column.name.clone()).collect())
}

/// What is to be done to one table, and what is in the way.
#[derive(Default)]
struct Plan {
    is_new: bool,
    statements: Vec<String>,
    obstacles: Vec<String>,
}

impl Plan {
    fn make(table: &Table) -> Plan {
        let mut parts: Vec<String> = table.columns.iter().map(definition).collect();
        parts.push(format!("PRIMARY KEY ({})", table.primary_key.join(", ")));
        let mut statements =
            vec![format!("CREATE TABLE @.{} (\n    {}\n)", table.name, parts.join(",\n    "))];
        for unique in table.unique {
            statements.push(format!("CREATE UNIQUE INDEX ON @.{} ({})", table.name, unique.join(", ")));
        }
        for index in table.indexes {
            statements.push(format!("CREATE INDEX ON @.{} ({})", table.name, index.join(", ")));
        }
        for column in table.columns.iter().filter(|column| column.kind == Kind::Bytes) {
            // Compressed already.
            statements.push(format!(
                "ALTER TABLE @.{} ALTER COLUMN {} SET STORAGE EXTERNAL",
                table.name, column.name
            ));
        }
        Plan { is_new: true, statements, obstacles: Vec::new() }
    }
}

fn definition(column: &Column) -> String {
    format!("\"{}\" {} {}", column.name, column.kind.sql(), column.definition).trim_end().to_owned()
}

fn is_always_filled(table: &Table, name: &str) -> bool {
    let described = table.column(name).is_some_and(|column| column.definition == "NOT NULL");
    let listed = ALWAYS_FILLED.iter().any(|(of, names)| *of == table.name && names.contains(&name));
    described || listed
}

//! Makes the user-owned tables, or adopts the ones that are there.

use std::collections::{BTreeMap, BTreeSet};

use self::found::{FIND, Found, FoundColumn};
use super::defaults::{self, ColumnDefault, Defaults};
use super::sql::{Store, jsonb};
use super::tables::{ALL, Column, Kind, Table, names};
use crate::error::{Error, Result};

mod found;
mod unfit;
mod unwritable;

/// Columns that every insert fills, besides those that are NOT NULL in the description: an adopted table may
/// demand them.
const ALWAYS_FILLED: &[(&str, &[&str])] = &[
    (
        "businesses",
        &["business_name", "geographic_key", "source_url", "discovered_via", "status", "is_public"],
    ),
    ("vehicles", &["title", "discovery_url", "listing_url", "discovery_source"]),
    ("organization_vehicles", &["status", "listing_status", "auto_tagged"]),
    ("bat_listings", &["title", "status", "last_seen_at", "last_changed_at"]),
    ("dealer_inventory", &["status"]),
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

impl Store {
    /// Makes or adopts all user-owned tables; changes nothing where all is as it should be. One error lists
    /// everything that is in the way, and then nothing was changed.
    pub fn setup(&self) -> Result<Done> {
        self.look_at_distribution()?;
        let plans = self.plans()?;
        if plans.iter().all(Plan::is_empty) {
            return Ok(Done { unchanged: plans.len(), ..Done::default() });
        }
        // Two sessions that find the tables missing: the second waits, and finds them.
        self.execute(
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('bat_partners setup', 0))",
            &[],
        )?;
        let plans = self.plans()?;
        let obstacles: Vec<String> = plans.iter().flat_map(Plan::all_obstacles).collect();
        if !obstacles.is_empty() {
            return Err(Error::Adoption(obstacles));
        }
        let of = |is_meant: fn(&Plan) -> bool| -> Vec<&str> {
            plans.iter().filter(|plan| is_meant(plan)).map(|plan| plan.table).collect()
        };
        // An index is made in the schema of its table.
        self.require_rights_to_set_up(
            &of(|plan| !plan.is_new && !plan.is_empty()),
            &of(|plan| !plan.statements.is_empty()),
        )?;
        let mut done = Done::default();
        for plan in plans {
            for statement in plan.columns.iter().chain(&plan.statements) {
                // Not prepared: DDL runs once.
                pgrx::Spi::run(&self.qualify(statement))?;
            }
            match (plan.is_new, plan.is_empty()) {
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
        Ok(self.plans()?.iter().flat_map(Plan::all_obstacles).collect())
    }

    /// What is to be done to each table.
    pub(super) fn plans(&self) -> Result<Vec<Plan>> {
        let table_names: Vec<&str> = names().collect();
        let found: Vec<Found> = self.rows(FIND, &[self.schema().into(), jsonb(table_names.into())])?;
        defaults::remember(found.iter().map(defaults_of));
        let found: BTreeMap<&str, &Found> = found.iter().map(|found| (found.table.as_str(), found)).collect();
        ALL.iter()
            .map(|table| match found.get(table.name) {
                None => Ok(Plan::make(table)),
                Some(found) => Ok(Plan { table: table.name, ..self.adopt(table, found)? }),
            })
            .collect()
    }

    fn adopt(&self, table: &Table, found: &Found) -> Result<Plan> {
        let mut plan = Plan::default();
        if let Some(obstacle) = unfit::stranger(table, found) {
            plan.obstacles.push(obstacle);
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
                Some(existing) => plan.obstacles.extend(unwritable::obstacle(table, column, existing)),
            }
        }
        for existing in found.columns.iter().filter(|column| column.must_be_given()) {
            // Told above, with what helps.
            let is_told = table.column(&existing.name).is_some_and(unwritable::is_left_to_its_default);
            if !is_told && !is_always_filled(table, &existing.name) {
                plan.obstacles.push(format!(
                    "{}.{} is NOT NULL without a default, and an import may leave it empty",
                    table.name, existing.name
                ));
            }
        }
        let lacks_columns = !plan.columns.is_empty();
        plan.obstacles.extend(unfit::obstacles(table, found, lacks_columns));
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
        plan.columns.push(format!("ALTER TABLE @.{} ADD COLUMN {}", table.name, definition(column)));
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
        if found.has_unique(&wanted) {
            return Ok(());
        }
        plan.obstacles.extend(unfit::no_unique(table, found, unique));
        let list = unique.join(", ");
        if unique.iter().all(|name| columns.contains_key(name)) {
            plan.duplicates.extend(self.duplicates(table, unique)?);
        }
        plan.statements.push(format!("CREATE UNIQUE INDEX ON @.{} ({list})", table.name));
        Ok(())
    }
}

/// The name of a table, and the defaults of its columns.
fn defaults_of(found: &Found) -> (String, Defaults) {
    let described = ALL.iter().find(|table| table.name == found.table);
    let default_of = |column: &FoundColumn| {
        let kind = described.and_then(|table| table.column(&column.name)).map(|column| column.kind);
        let value = kind.zip(column.default.as_deref());
        ColumnDefault {
            value: value.and_then(|(kind, expression)| defaults::constant(kind, expression)),
            is_needed: column.is_not_null,
        }
    };
    let columns = found.columns.iter().filter(|column| column.has_default);
    (found.table.clone(), columns.map(|column| (column.name.clone(), default_of(column))).collect())
}

/// What is to be done to one table, and what is in the way.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) table: &'static str,
    pub(super) is_new: bool,
    /// Statements that add the columns that it lacks.
    pub(super) columns: Vec<String>,
    statements: Vec<String>,
    /// What is in the way, duplicates apart.
    pub(super) obstacles: Vec<String>,
    /// Values that stand in the way of a unique index.
    duplicates: Vec<String>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        [&self.columns, &self.statements, &self.obstacles, &self.duplicates]
            .iter()
            .all(|part| part.is_empty())
    }

    fn all_obstacles(&self) -> Vec<String> {
        self.obstacles.iter().chain(&self.duplicates).cloned().collect()
    }

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
        Plan { table: table.name, is_new: true, statements, ..Plan::default() }
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

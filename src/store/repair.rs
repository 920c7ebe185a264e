//! Mending what an earlier pipeline left: the SQL of `bat_repair`, a file for each kind of defect.

use std::collections::BTreeSet;

use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use super::sql::Store;
use crate::error::{Error, Result};

mod businesses;
mod collisions;
mod leftovers;
mod links;
mod merging;
mod notes;
mod references;
mod urls;
mod vehicles;

pub use businesses::{MergedBusiness, StoredBusiness};

/// Tables that are mended, where they exist.
const MENDED: [&str; 6] =
    ["businesses", "vehicles", "organization_vehicles", "dealer_inventory", "bat_listings", "vehicle_images"];

/// Where the row that went is to be found.
const MERGED: &str = "all that it said is in metadata->'bat_partners'->'merged' there";

/// A defect, and what became of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    /// Its kind, in a few words.
    pub what: String,
    pub table: String,
    /// Key of the row; `None` if it is about several rows.
    pub row: Option<String>,
    pub is_mended: bool,
    pub detail: String,
    /// A statement, or what else a person can do.
    pub hint: Option<String>,
}

impl Finding {
    /// A defect that was mended.
    pub fn mended(what: &str, table: &str, row: Option<String>, detail: String) -> Finding {
        Finding { what: what.to_owned(), table: table.to_owned(), row, is_mended: true, detail, hint: None }
    }

    /// A defect that a person has to look at.
    pub fn left(what: &str, table: &str, row: Option<String>, detail: String, hint: &str) -> Finding {
        Finding { is_mended: false, hint: Some(hint.to_owned()), ..Finding::mended(what, table, row, detail) }
    }
}

/// The tables that can be mended: they are there, and their columns are of the types that are needed.
#[derive(Debug, Default)]
pub struct Ready(BTreeSet<&'static str>);

impl Ready {
    /// Whether all of these can be mended.
    pub fn has(&self, tables: &[&str]) -> bool {
        tables.iter().all(|table| self.0.contains(table))
    }
}

/// A table of the extension's schema that this role does not own.
#[derive(Deserialize)]
struct Foreign {
    table: String,
    owner: String,
}

impl Store {
    /// Gives the tables the columns that they lack, keeps others from writing to them until the transaction ends, and tells
    /// which can be mended. What keeps one from that is a finding.
    pub fn prepare_to_repair(&self) -> Result<(Ready, Vec<Finding>)> {
        self.require_ownership()?;
        let mut ready = Ready::default();
        let mut findings = Vec::new();
        for plan in self.plans()?.iter().filter(|plan| !plan.is_new && MENDED.contains(&plan.table)) {
            if !plan.obstacles.is_empty() {
                findings.extend(plan.obstacles.iter().map(|obstacle| {
                    let hint = "Change or rename it: nothing of this table is mended before.";
                    Finding::left("not adoptable", plan.table, None, obstacle.clone(), hint)
                }));
                continue;
            }
            pgrx::Spi::run(
                &self.qualify(&format!("LOCK TABLE @.{} IN SHARE ROW EXCLUSIVE MODE", plan.table)),
            )?;
            for statement in &plan.columns {
                pgrx::Spi::run(&self.qualify(statement))?;
            }
            if !plan.columns.is_empty() {
                let detail = format!("{} columns that it lacked were added, empty", plan.columns.len());
                findings.push(Finding::mended("missing columns", plan.table, None, detail));
            }
            ready.0.insert(plan.table);
        }
        Ok((ready, findings))
    }

    /// Fails where this role could not adopt the tables either.
    fn require_ownership(&self) -> Result<()> {
        let tables: Vec<String> = MENDED.iter().map(|name| (*name).to_owned()).collect();
        let foreign: Vec<Foreign> = self.rows(
            "SELECT pg_catalog.jsonb_build_object('table', c.relname, 'owner', r.rolname)
             FROM pg_catalog.pg_class AS c
             JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
             JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) c.relowner
             WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
                 AND c.relname::text OPERATOR(pg_catalog.=) ANY ($2)
                 AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
             ORDER BY c.relname",
            &[self.schema().into(), tables.into()],
        )?;
        let Some(first) = foreign.first() else { return Ok(()) };
        let names: Vec<&str> = foreign.iter().map(|foreign| foreign.table.as_str()).collect();
        Err(Error::Postgres {
            sqlstate: PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
            message: format!("must be owner of {}", names.join(", ")),
            detail: None,
            hint: Some(format!("Call it as \"{}\" or as a superuser.", first.owner)),
            about: None,
        })
    }
}

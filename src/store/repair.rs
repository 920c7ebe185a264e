//! Mending what an earlier pipeline left: the SQL of `bat_repair`, a file for each kind of defect.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::sql::Store;
use crate::error::Result;

mod businesses;
mod collisions;
mod doubtful;
mod earlier;
mod ids;
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

    /// Leaves a table out from now on.
    pub fn leave(&mut self, table: &str) {
        self.0.remove(table);
    }
}

impl Store {
    /// Gives the tables the columns that they lack, keeps others from writing to them until the transaction ends, and tells
    /// which can be mended. What keeps one from that is a finding.
    pub fn prepare_to_repair(&self) -> Result<(Ready, Vec<Finding>)> {
        // Who may not could not adopt them either.
        self.require_ownership(&MENDED, |owner| Ok(format!("Call it as {owner} or as a superuser.")))?;
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
}

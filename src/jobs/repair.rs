//! `bat_repair()`: mends what an earlier pipeline left, where that loses nothing that a person wrote, and tells the rest.

use std::collections::HashSet;

use super::context::require_primary;
use crate::error::Result;
use crate::search_path::WholeTables;
use crate::store::repair::{Finding, Ready};
use crate::store::tables::{BUSINESSES, DEALER_INVENTORY, ORGANIZATION_VEHICLES, Table, VEHICLES};
use crate::store::{Store, subtransaction};

mod places;

/// The tables that tell which links are the earlier importer's.
const LINKS: [&str; 2] = ["organization_vehicles", "vehicles"];

/// Mends, in the caller's transaction. A dry run does all of it and then undoes it, so that it tells the same. `trusted`:
/// whether `updated_at` tells of every change by hand.
pub fn repair(dry_run: bool, trusted: bool) -> Result<Vec<Finding>> {
    require_primary()?;
    let _whole_tables = WholeTables::expect();
    let store = Store::open()?;
    let mend = || mend(&store, trusted);
    if dry_run { subtransaction::run_and_undo(mend) } else { subtransaction::run(mend) }
}

/// Rounds after which it is given up that nothing is left to mend: what one mends may show what the next one can.
const MOST_ROUNDS: usize = 5;

fn mend(store: &Store, trusted: bool) -> Result<Vec<Finding>> {
    let mut mended = Vec::new();
    let mut left = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let findings = mend_once(store, trusted)?;
        let (new, told): (Vec<Finding>, Vec<Finding>) =
            findings.into_iter().partition(|finding| finding.is_mended);
        left = told;
        if new.is_empty() {
            break;
        }
        mended.extend(new);
    }
    mended.extend(left);
    Ok(mended)
}

fn mend_once(store: &Store, trusted: bool) -> Result<Vec<Finding>> {
    let (ready, findings) = store.prepare_to_repair()?;
    let mut repair = Repair { store, ready, findings };
    for table in [&BUSINESSES, &VEHICLES, &ORGANIZATION_VEHICLES, &DEALER_INVENTORY] {
        repair.tell_copies(table);
    }
    let is_trusted = |table: &str| -> Result<bool> { Ok(trusted || store.keeps_updated_at(table)?) };
    // First of all: what comes after changes updated_at.
    repair.step(&["vehicles"], || store.note_earlier_vehicles(is_trusted("vehicles")?));
    repair.step(&LINKS, || store.note_earlier_links(is_trusted("organization_vehicles")?));
    repair.step(&["vehicles"], || store.merge_vehicles(&store.vehicles_of_same_listing()?));
    repair.step(&["businesses"], || merge_businesses(store));
    repair.step(&["businesses"], || store.empty_blank_keys());
    repair.step(&["organization_vehicles"], || store.merge_links());
    repair.step(&["dealer_inventory"], || store.merge_items());
    repair.step(&["vehicles"], || canonicalize_urls(store));
    repair.step(&["vehicles"], || store.doubtful_values());
    repair.step(&LINKS, || store.doubtful_links(is_trusted("organization_vehicles")?));
    repair.step(&["vehicles"], || store.left_vehicles());
    repair.step(&[], || store.left_queues());
    Ok(repair.findings)
}

/// A repair under way.
struct Repair<'a> {
    store: &'a Store,
    ready: Ready,
    findings: Vec<Finding>,
}

impl Repair<'_> {
    /// Deletes copies of rows. A table in which an id is still that of several rows is left alone from here on.
    fn tell_copies(&mut self, table: &Table) {
        let (store, before) = (self.store, self.findings.len());
        self.step(&[table.name], || store.delete_copies(table));
        if self.findings[before..].iter().any(|finding| !finding.is_mended) {
            self.ready.leave(table.name);
        }
    }

    /// Takes a step, if its tables are there. One that fails is undone and told, and takes nothing else down.
    fn step(&mut self, tables: &[&str], work: impl FnOnce() -> Result<Vec<Finding>>) {
        pgrx::check_for_interrupts!();
        if !self.ready.has(tables) {
            return;
        }
        match subtransaction::run(work) {
            Ok(findings) => self.findings.extend(findings),
            Err(error) => {
                let hint = error.hint().unwrap_or_else(|| {
                    self.store.qualify("Mend what the detail says, then call @.bat_repair again.")
                });
                let table = tables.first().copied().unwrap_or_default();
                self.findings.push(Finding::left(
                    "step that failed",
                    table,
                    None,
                    error.with_detail(),
                    &hint,
                ));
            }
        }
    }
}

fn merge_businesses(store: &Store) -> Result<Vec<Finding>> {
    let places = places::of(&store.stored_businesses()?);
    let mut findings = store.merge_businesses(&places.merged)?;
    findings.extend(store.fill_keys(&places.keys)?);
    findings.extend(places.left);
    Ok(findings)
}

fn canonicalize_urls(store: &Store) -> Result<Vec<Finding>> {
    let twice = store.vehicles_of_same_listing()?;
    let not: HashSet<String> = twice.into_iter().flat_map(|same| [same.loser, same.kept]).collect();
    store.canonicalize_urls(&not.into_iter().collect::<Vec<_>>())
}

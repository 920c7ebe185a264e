//! Whose inventory is to be read now.

use serde_json::json;

use super::list::home_of;
use super::{InventoryOptions, RunMode};
use crate::error::Result;
use crate::jobs::tasks;
use crate::store::Store;
use crate::store::businesses::Business;
use crate::store::tasks::NewTask;

const DAY: f64 = 86_400.0;

/// The tasks to read the inventories that are due: once a day; where a site offers nothing every three months (after a day and
/// a week, where a page at a customary place was left to a script), where it
/// refuses every week, where it is gone every month.
pub fn dealers_due(store: &Store) -> Result<Vec<NewTask>> {
    let intervals = json!({
        // Less than a day: a schedule's runs are not to the second.
        "complete": 0.8 * DAY,
        "incomplete": 0.8 * DAY,
        "running": 2.0 * DAY,
        "no_inventory": 90.0 * DAY,
        "unfilled1": 0.8 * DAY,
        "unfilled2": 7.0 * DAY,
        "blocked": 7.0 * DAY,
        "gone": 30.0 * DAY,
    });
    tasks_of(&store.dealers_due(&intervals)?, RunMode::Current)
}

/// The tasks to read the inventories of all organizations with a web site, each site once.
pub fn all_dealers(store: &Store, run_mode: RunMode) -> Result<Vec<NewTask>> {
    tasks_of(&store.dealers_due(&json!({}))?, run_mode)
}

/// The task to read the inventory of one organization.
pub fn one_dealer(dealer: &Business, run_mode: RunMode) -> Result<NewTask> {
    let options = InventoryOptions { run_mode, ..InventoryOptions::default() };
    tasks::inventory(&dealer.id, &home_of(dealer)?, &options)
}

fn tasks_of(dealers: &[Business], run_mode: RunMode) -> Result<Vec<NewTask>> {
    // What is no URL is no site.
    let with_site = dealers.iter().filter(|dealer| home_of(dealer).is_ok());
    with_site.map(|dealer| one_dealer(dealer, run_mode)).collect()
}

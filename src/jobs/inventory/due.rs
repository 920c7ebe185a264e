//! Whose inventory is to be read now.

use serde_json::json;

use super::list::home_of;
use super::{InventoryOptions, RunMode};
use crate::error::Result;
use crate::jobs::tasks;
use crate::store::Store;
use crate::store::tasks::NewTask;

const DAY: f64 = 86_400.0;

/// The tasks to read the inventories that are due: once a day; where a site offers nothing every three months, where it
/// refuses every week, where it is gone every month.
pub fn dealers_due(store: &Store) -> Result<Vec<NewTask>> {
    let intervals = json!({
        // Less than a day: a schedule's runs are not to the second.
        "complete": 0.8 * DAY,
        "incomplete": 0.8 * DAY,
        "running": 2.0 * DAY,
        "no_inventory": 90.0 * DAY,
        "blocked": 7.0 * DAY,
        "gone": 30.0 * DAY,
    });
    let options = InventoryOptions::default();
    let mut tasks = Vec::new();
    for dealer in store.dealers_due(&intervals)? {
        // What is no URL is no site.
        if let Ok(home) = home_of(&dealer) {
            tasks.push(tasks::inventory(&dealer.id, &home, &options)?);
        }
    }
    Ok(tasks)
}

/// The task to read one dealer's inventory, or those of all dealers.
pub fn dealers(store: &Store, dealer: Option<&str>, run_mode: RunMode) -> Result<Vec<NewTask>> {
    let dealers = match dealer {
        Some(id) => {
            vec![store.business(id)?.ok_or_else(|| crate::error::Error::NoSuchOrganization(id.to_owned()))?]
        }
        None => store.dealers_due(&json!({}))?,
    };
    let options = InventoryOptions { run_mode, ..InventoryOptions::default() };
    let is_one = dealer.is_some();
    let mut tasks = Vec::new();
    for dealer in &dealers {
        match home_of(dealer) {
            Ok(home) => tasks.push(tasks::inventory(&dealer.id, &home, &options)?),
            Err(error) if is_one => return Err(error),
            Err(_) => {}
        }
    }
    Ok(tasks)
}

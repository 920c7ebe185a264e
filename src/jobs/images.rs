//! `bat_backfill_primary_images()`: the pictures of organizations, where one is missing.

use serde_json::json;

use super::calls::{Report, add, not_negative, run_job};
use super::context::{Context, Patience};
use super::summary::Summary;
use super::words::{Telling, counted};
use crate::error::{Error, Result};
use crate::settings;
use crate::store::businesses::Business;
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;
use crate::store::{memory, subtransaction};

/// `bat_backfill_primary_images()`
pub fn backfill_primary_images(batch: i32) -> Result<Summary> {
    not_negative("batch", Some(batch))?;
    run_job("bat_backfill_primary_images", &json!({ "batch": batch }), false, |caller| {
        // Nobody waits for a single site: one that does not answer is tried again another day.
        let context = Context::new(caller.store.clone(), Patience::Queue, caller.run, None);
        let due = context.store.claim_images_due(batch)?;
        let mut counts = Counts::default();
        let mut telling = Telling::new();
        for (done, business) in due.iter().enumerate() {
            memory::in_own_context(|| context.backfill(business, &mut counts))?;
            let pace = telling.one_done(due.len() - done - 1);
            if let Some(pace) = pace.filter(|_| settings::has_reader()) {
                let organizations = counted(due.len(), "organization", "organizations");
                pgrx::notice!("bat_backfill_primary_images: {} of {organizations}, {pace}", done + 1);
            }
        }
        context.record(Counts::default())?;
        let left = context.store.images_due()?;
        let message = format!(
            "{} looked at: {} with new pictures, {} failed; still due: {left}",
            counted(due.len(), "organization", "organizations"),
            counts.updated,
            counts.failed
        );
        Ok(Report { counts, is_left: left > 0 && batch > 0, message })
    })
}

/// Which organization it is.
fn told(business: &Business) -> String {
    let name = business.business_name.as_deref().unwrap_or_default();
    format!("the organization {name} ({})", business.id)
}

impl Context {
    /// Looks for the pictures of one organization. What goes wrong with it is its own affair.
    fn backfill(&self, business: &Business, counts: &mut Counts) -> Result<()> {
        match self.backfilled(business) {
            Ok(outcome) => add(counts, outcome),
            // Another session is at its host: it stays the next one.
            Err(Error::HostBusy { .. }) => counts.skipped += 1,
            Err(error) if error.ends_call() => return Err(error),
            Err(error) => {
                let error = error.about(&told(business));
                error.warn();
                counts.failed += 1;
                subtransaction::run(|| self.note_failed_search(business, &error))?;
            }
        }
        Ok(())
    }

    fn backfilled(&self, business: &Business) -> Result<Outcome> {
        let profile = self.visit_pictures(business)?;
        subtransaction::run(|| self.store_pictures(business, &profile))
    }
}

//! What the schedule does besides the work itself: it fills the queue, and forgets what is old.

use serde_json::json;

use super::calls::{Report, run_job};
use super::context::Context;
use super::enrich::pages_of;
use super::freshness::INTERVAL;
use super::ingest::{IngestOptions, directory_task};
use super::inventory::dealers_due;
use super::site::DIRECTORY_URL;
use super::summary::Summary;
use super::tasks::{self, Kind, MemberOptions};
use super::words::counted;
use crate::error::{Error, Result};
use crate::store::runs::Counts;

/// Organizations whose pictures are looked for at once: `bat_backfill_primary_images` takes as many.
const IMAGES_AT_ONCE: i32 = 25;

/// `bat_enqueue_due()`
pub fn enqueue_due(kind: &str) -> Result<Summary> {
    let kind = Kind::of(kind)?;
    run_job("bat_enqueue_due", &json!({ "kind": kind.word() }), false, |context| {
        let enqueued = enqueue(context, kind)?;
        let inserted = i32::try_from(enqueued).unwrap_or(i32::MAX);
        let message = format!("{} of kind {} enqueued", counted(enqueued, "task", "tasks"), kind.word());
        Ok(Report::of(Counts { inserted, ..Counts::default() }, message))
    })
}

/// Enqueues all that is due of a kind; returns how many tasks are new or due earlier than before.
fn enqueue(context: &Context, kind: Kind) -> Result<usize> {
    let everything =
        IngestOptions { max_pages: MemberOptions::default().max_pages, ..IngestOptions::default() };
    match kind {
        Kind::Directory => {
            let options = IngestOptions { spare_awaited: true, ..everything };
            context.store.enqueue(&[directory_task(&context.store, Some(&options))?])
        }
        Kind::Catalogue => context.enqueue_sweep(false),
        Kind::Member => {
            let options = IngestOptions { skip_enrich: true, spare_awaited: true, ..everything };
            context.enqueue_partners(&options, None)
        }
        Kind::Enrich => context.enqueue_partners(&IngestOptions { skip_import: true, ..everything }, None),
        Kind::Images => {
            let mut tasks = Vec::new();
            for due in context.store.images_due_first(IMAGES_AT_ONCE)? {
                match pages_of(&due) {
                    Ok(urls) => tasks.extend(urls.first().map(|url| tasks::images(&due.id, url))),
                    // Else it would come first every time, and keep the others from their turn.
                    Err(error) => context.note_failed_search(&due, &error)?,
                }
            }
            context.store.enqueue(&tasks)
        }
        Kind::Inventory => context.store.enqueue(&dealers_due(&context.store)?),
        Kind::InventoryItem => Err(Error::Argument(
            "pages of single items are enqueued by the inventory that they belong to".to_owned(),
        )),
        // Any listing's task tells the host and the priority of all.
        Kind::Listing => context.store.enqueue_live(&tasks::listing(DIRECTORY_URL)?, INTERVAL.as_secs_f64()),
    }
}

/// `bat_clean_up()`
pub fn clean_up() -> Result<Summary> {
    run_job("bat_clean_up", &json!({}), false, |context| {
        let removed = context.store.clean_up()?;
        let mut message =
            format!("{} old requests and {} old runs are forgotten", removed.fetches, removed.runs);
        if removed.coverage > 0 {
            message += &format!(", and {} old counts of fields", removed.coverage);
        }
        if removed.crawls > 0 {
            message += &format!(", and {} old crawls of dealers", removed.crawls);
        }
        if let Some(cron_runs) = removed.cron_runs {
            message += &format!(", and {cron_runs} runs of pg_cron");
        }
        let counted = removed.fetches + removed.runs + removed.coverage + removed.crawls;
        let rows = counted + removed.cron_runs.unwrap_or_default();
        let updated = i32::try_from(rows).unwrap_or(i32::MAX);
        Ok(Report::of(Counts { updated, ..Counts::default() }, message))
    })
}

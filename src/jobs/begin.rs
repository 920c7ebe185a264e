//! How the procedures begin: the checks that must come before the first request, and the run.

use serde_json::{Value, json};

use super::calls::not_negative;
use super::context::{Context, Patience, require_primary};
use super::ingest::{IngestOptions, directory_task};
use super::lease;
use super::progress::{self, WorkOptions};
use super::tasks::Kind;
use crate::error::{Error, Result};
use crate::settings;
use crate::store::Store;

/// Fails inside a transaction block, where a procedure could not commit.
pub fn require_top_level(procedure: &str) -> Result<()> {
    require_primary()?;
    // SAFETY: reads the state of this backend's transaction.
    let in_block = unsafe { pgrx::pg_sys::IsTransactionBlock() };
    if in_block { Err(Error::TransactionBlock(procedure.to_owned())) } else { Ok(()) }
}

/// Begins `bat_ingest`: enqueues the directory, or all known partners.
pub fn ingest(options: &IngestOptions) -> Result<i64> {
    not_negative("max_pages", Some(options.max_pages))?;
    not_negative("max_partners", options.max_partners)?;
    not_negative("listing_limit", options.listing_limit)?;
    let store = prepared_store()?;
    let work = WorkOptions {
        kinds: words(&[Kind::Directory, Kind::Enrich, Kind::Member, Kind::Listing]),
        until_empty: true,
        ..WorkOptions::default()
    };
    let run = begin(&store, "bat_ingest", &merged(options, &work)?)?;
    let context = Context::new(store, Patience::Queue, Some(run), None);
    if options.skip_index {
        context.enqueue_partners(options, None)?;
    } else {
        context.store.enqueue(&[directory_task(&context.store, Some(options))?])?;
    }
    Ok(run)
}

/// Begins `bat_work`.
pub fn work(
    max_seconds: Option<i32>,
    kinds: Option<Vec<Option<String>>>,
    max_tasks: Option<i32>,
) -> Result<i64> {
    not_negative("max_seconds", max_seconds)?;
    not_negative("max_tasks", max_tasks)?;
    let kinds = match kinds {
        Some(kinds) => kinds
            .into_iter()
            .map(|kind| {
                let kind = kind.ok_or_else(|| Error::Null("kinds".to_owned()))?;
                Ok(Kind::of(&kind)?.word().to_owned())
            })
            .collect::<Result<_>>()?,
        None => words(&Kind::ALL),
    };
    let work = WorkOptions { kinds, max_seconds, max_tasks, ..WorkOptions::default() };
    begin(&prepared_store()?, "bat_work", &serde_json::to_value(work)?)
}

/// Begins `bat_sweep`: reads the catalogue, and the listings that it tells of.
pub fn sweep(max_pages: Option<i32>, full_history: bool) -> Result<i64> {
    not_negative("max_pages", max_pages)?;
    let store = prepared_store()?;
    let work = WorkOptions {
        kinds: words(&[Kind::Catalogue, Kind::Listing]),
        max_pages,
        until_empty: true,
        ..WorkOptions::default()
    };
    let mut options = json!(work);
    options["full_history"] = json!(full_history);
    let run = begin(&store, "bat_sweep", &options)?;
    Context::new(store, Patience::Queue, Some(run), None).enqueue_sweep(full_history)?;
    Ok(run)
}

fn words(kinds: &[Kind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.word().to_owned()).collect()
}

/// Begins a run that this session works on.
pub(super) fn begin(store: &Store, job: &str, options: &Value) -> Result<i64> {
    let run = store.begin_run(job, options)?;
    lease::hold(run);
    progress::forget_progress();
    Ok(run)
}

/// The store, with its tables there and the runs of lost sessions closed.
pub(super) fn prepared_store() -> Result<Store> {
    let store = Store::open()?;
    store.setup()?;
    store.require_privileges(settings::keep_threads())?;
    lease::reclaim(&store)?;
    store.clean_up_if_overdue()?;
    Ok(store)
}

fn merged(options: &IngestOptions, work: &WorkOptions) -> Result<Value> {
    let mut merged = serde_json::to_value(options)?;
    if let (Value::Object(merged), Value::Object(work)) = (&mut merged, json!(work)) {
        merged.extend(work);
    }
    Ok(merged)
}

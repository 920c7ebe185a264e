//! What the procedures in `sql/` are made of. Not for direct use.

use std::time::{Duration, Instant};

use pgrx::prelude::*;

use super::edge::enter;
use super::summary::{Row, internal, row_of, summary_row};
use crate::error::Result;
use crate::fetch::{pacing, wait};
use crate::jobs::begin;
use crate::jobs::ingest::IngestOptions;
use crate::jobs::worker::{self, Step};
use crate::store::Store;
use crate::transaction;

/// Fails where a procedure could not commit, before anything is done.
#[pg_extern]
fn bat_require_top_level(procedure: &str) {
    enter(|| begin::require_top_level(procedure));
}

/// Begins a run of `bat_ingest`; returns its id.
#[pg_extern]
fn bat_begin_ingest(
    max_pages: Option<i32>,
    max_partners: Option<i32>,
    listing_limit: Option<i32>,
    skip_index: Option<bool>,
    skip_enrich: Option<bool>,
    skip_import: Option<bool>,
) -> i64 {
    transaction::keep_over_commit();
    enter(|| {
        begin::ingest(&IngestOptions {
            max_pages: max_pages.unwrap_or(i32::MAX),
            max_partners,
            listing_limit,
            skip_index: skip_index.unwrap_or_default(),
            skip_enrich: skip_enrich.unwrap_or_default(),
            skip_import: skip_import.unwrap_or_default(),
            spare_awaited: false,
        })
    })
}

/// Begins a run of `bat_sweep`; returns its id.
#[pg_extern]
fn bat_begin_sweep(max_pages: Option<i32>, full_history: Option<bool>) -> i64 {
    transaction::keep_over_commit();
    enter(|| begin::sweep(max_pages, full_history.unwrap_or_default()))
}

/// Begins a run of `bat_work`; returns its id.
#[pg_extern]
fn bat_begin_work(
    max_seconds: Option<i32>,
    kinds: Option<Vec<Option<String>>>,
    max_tasks: Option<i32>,
) -> i64 {
    transaction::keep_over_commit();
    enter(|| begin::work(max_seconds, kinds, max_tasks))
}

/// Tells a run's worker what to do next, and claims the task that it is to perform.
#[pg_extern(requires = ["types"])]
fn bat_next_step(run: i64) -> pgrx::composite_type!('static, "bat_step") {
    transaction::keep_over_commit();
    enter(|| Store::open().and_then(|store| worker::next_step(&store, run)).and_then(|step| step_row(&step)))
}

fn step_row(step: &Step) -> Result<Row> {
    let mut row = row_of("bat_step")?;
    row.set_by_name("is_over", matches!(step, Step::Over)).map_err(internal)?;
    match step {
        Step::Perform(task) => {
            row.set_by_name("task_id", task.id).map_err(internal)?;
            row.set_by_name("token", task.token.clone()).map_err(internal)?;
        }
        Step::Wait(wait) => {
            let milliseconds = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
            row.set_by_name("wait_ms", milliseconds.max(1)).map_err(internal)?;
        }
        Step::Over => {}
    }
    Ok(row)
}

/// Performs a claimed task and settles it.
#[pg_extern]
fn bat_perform(run: i64, task: i64, token: &str) {
    enter(|| Store::open().and_then(|store| worker::perform(&store, run, task, token)));
    transaction::keep_over_commit();
}

/// Sleeps; cancel, terminate and timeouts act at once.
#[pg_extern]
fn bat_wait(milliseconds: i32) {
    transaction::keep_over_commit();
    pacing::give_back_finished();
    let pause = Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default());
    wait::sleep_until(Instant::now() + pause);
}

/// Ends a run and returns its summary.
#[pg_extern(requires = ["types"])]
fn bat_finish_run(run: i64) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| Store::open().and_then(|store| worker::finish(&store, run)))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_require_top_level(text) IS
    'Fails where a procedure could not commit. For the procedures.';
COMMENT ON FUNCTION bat_begin_ingest(integer, integer, integer, boolean, boolean, boolean) IS
    'Begins a run of bat_ingest; returns its id. For the procedure.';
COMMENT ON FUNCTION bat_begin_sweep(integer, boolean) IS
    'Begins a run of bat_sweep; returns its id. For the procedure.';
COMMENT ON FUNCTION bat_begin_work(integer, text[], integer) IS
    'Begins a run of bat_work; returns its id. For the procedure.';
COMMENT ON FUNCTION bat_next_step(bigint) IS
    'Tells a run''s worker what to do next, and claims the task that it is to perform. For the procedures.';
COMMENT ON FUNCTION bat_perform(bigint, bigint, text) IS
    'Performs a claimed task and settles it. For the procedures.';
COMMENT ON FUNCTION bat_wait(integer) IS
    'Sleeps so many milliseconds; cancel, terminate and timeouts act at once. For the procedures.';
COMMENT ON FUNCTION bat_finish_run(bigint) IS
    'Ends a run and returns its summary. For the procedures.';
",
    name = "internal_comments",
    requires = [
        bat_require_top_level,
        bat_begin_ingest,
        bat_begin_sweep,
        bat_begin_work,
        bat_next_step,
        bat_perform,
        bat_wait,
        bat_finish_run
    ]
);

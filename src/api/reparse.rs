//! What `bat_reparse` in `sql/` is made of. Not for direct use.

use pgrx::prelude::*;

use super::edge::enter;
use super::summary::summary_row;
use crate::jobs::reparse;
use crate::transaction;

/// Begins a run of `bat_reparse`; returns its id.
#[pg_extern]
fn bat_begin_reparse(kind: Option<&str>) -> i64 {
    transaction::keep_over_commit();
    enter(|| reparse::begin(kind))
}

/// Reads the next archived pages again. Returns whether there may be more.
#[pg_extern]
fn bat_reparse_batch(run: i64) -> bool {
    let is_more = enter(|| reparse::batch(run));
    transaction::keep_over_commit();
    is_more
}

/// Ends a run of `bat_reparse` and returns its summary.
#[pg_extern(requires = ["types"])]
fn bat_finish_reparse(run: i64) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| reparse::finish(run))
}

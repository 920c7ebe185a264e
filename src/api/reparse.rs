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

extension_sql!(
    r"
COMMENT ON FUNCTION bat_begin_reparse(text) IS
    'Begins a run of bat_reparse; returns its id. For the procedure.';
COMMENT ON FUNCTION bat_reparse_batch(bigint) IS
    'Reads the next archived pages again; returns whether there may be more. For the procedure.';
COMMENT ON FUNCTION bat_finish_reparse(bigint) IS
    'Ends a run of bat_reparse and returns its summary. For the procedure.';
",
    name = "reparse_comments",
    requires = [bat_begin_reparse, bat_reparse_batch, bat_finish_reparse]
);

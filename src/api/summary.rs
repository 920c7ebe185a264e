//! From a summary to a row of `bat_summary`.

use pgrx::AllocatedByRust;
use pgrx::heap_tuple::PgHeapTuple;
use pgrx::prelude::*;

use super::edge::enter;
use crate::error::{Error, Result};
use crate::jobs::summary::Summary;
use crate::store::Store;

/// A composite value on its way out.
pub type Row = PgHeapTuple<'static, AllocatedByRust>;

/// An empty row of one of the extension's composite types.
pub fn row_of(composite: &str) -> Result<Row> {
    let oid = Store::open()?.composite_type(composite)?;
    PgHeapTuple::new_composite_type_by_oid(oid).map_err(internal)
}

/// A failure to build a row.
pub fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

/// The row of a job's summary; raises the job's error.
pub fn summary_row(job: impl FnOnce() -> Result<Summary>) -> Row {
    enter(|| build(&job()?))
}

fn build(summary: &Summary) -> Result<Row> {
    let counts = &summary.counts;
    let mut row = row_of("bat_summary")?;
    let numbers = [
        ("found", counts.found()),
        ("inserted", counts.inserted),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
        ("skipped", counts.skipped),
        ("failed", counts.failed),
        ("requests", counts.requests),
    ];
    for (name, number) in numbers {
        row.set_by_name(name, number).map_err(internal)?;
    }
    let microseconds = i64::try_from(summary.elapsed.as_micros()).unwrap_or(i64::MAX);
    let elapsed = Interval::new(0, 0, microseconds).map_err(internal)?;
    row.set_by_name("run_id", summary.run).map_err(internal)?;
    row.set_by_name("status", summary.status.clone()).map_err(internal)?;
    row.set_by_name("elapsed", elapsed).map_err(internal)?;
    row.set_by_name("message", summary.message.clone()).map_err(internal)?;
    Ok(row)
}

//! One page, one subtransaction: a page that cannot be stored takes nothing else down.

use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::{CaughtError, ErrorReportWithLevel};
use pgrx::{PgSqlErrorCode, PgTryBuilder, pg_sys};

use crate::error::{Error, Result};

/// Runs `work` in a subtransaction: kept if it succeeds, undone if it returns an error, raises one or panics.
/// What must end the statement (cancel, terminate, out of memory, a full disk) passes through.
pub fn run<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    run_as(work, true)
}

/// Runs `work` in a subtransaction, and undoes what it wrote in any case.
pub fn run_and_undo<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    run_as(work, false)
}

/// Fails as COMMIT would with what was written so far: tries the checks of constraints that are deferred until then. For whoever
/// commits next, and wants to know of what; nothing is changed by it, the checks are still due at COMMIT.
pub fn require_committable() -> Result<()> {
    run_and_undo(|| {
        let mut all_immediate = pg_sys::ConstraintsSetStmt {
            type_: pg_sys::NodeTag::T_ConstraintsSetStmt,
            constraints: std::ptr::null_mut(),
            deferred: false,
        };
        // SAFETY: `SET CONSTRAINTS ALL IMMEDIATE`, inside a subtransaction, which takes it back when it is undone.
        unsafe { pg_sys::AfterTriggerSetState(&raw mut all_immediate) };
        Ok(())
    })
}

/// How the work ended.
enum Ended<T> {
    Returned(Result<T>),
    /// Cancel, terminate and the like.
    MustPass(CaughtError),
}

fn run_as<T>(work: impl FnOnce() -> Result<T>, keep: bool) -> Result<T> {
    // SAFETY: the same steps as PL/pgSQL's exception blocks: the memory context and the resource owner are
    // put back after the subtransaction has ended, on both paths.
    unsafe {
        let memory_context = pg_sys::CurrentMemoryContext;
        let resource_owner = pg_sys::CurrentResourceOwner;
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(memory_context);
        let result = PgTryBuilder::new(AssertUnwindSafe(|| Ended::Returned(work())))
            .catch_others(|caught| match error_of(&caught) {
                Some(error) => Ended::Returned(Err(error)),
                None => Ended::MustPass(caught),
            })
            .execute();
        if keep && matches!(result, Ended::Returned(Ok(_))) {
            pg_sys::ReleaseCurrentSubTransaction();
        } else {
            pg_sys::RollbackAndReleaseCurrentSubTransaction();
        }
        pg_sys::MemoryContextSwitchTo(memory_context);
        pg_sys::CurrentResourceOwner = resource_owner;
        match result {
            Ended::Returned(result) => result,
            // Only now: whoever catches it further out expects his own subtransaction to be the current one.
            Ended::MustPass(caught) => caught.rethrow(),
        }
    }
}

/// The error to report for what was caught; `None` if it must not be caught.
fn error_of(caught: &CaughtError) -> Option<Error> {
    let (CaughtError::PostgresError(report)
    | CaughtError::ErrorReport(report)
    | CaughtError::RustPanic { ereport: report, .. }) = caught;
    let sqlstate = report.sql_error_code();
    let must_pass = matches!(
        sqlstate,
        PgSqlErrorCode::ERRCODE_QUERY_CANCELED
            | PgSqlErrorCode::ERRCODE_ADMIN_SHUTDOWN
            | PgSqlErrorCode::ERRCODE_CRASH_SHUTDOWN
            | PgSqlErrorCode::ERRCODE_IDLE_IN_TRANSACTION_SESSION_TIMEOUT
            | PgSqlErrorCode::ERRCODE_OUT_OF_MEMORY
            // Every further page would be fetched in vain, and cost its task an attempt.
            | PgSqlErrorCode::ERRCODE_DISK_FULL
    );
    (!must_pass).then(|| postgres_error(report, sqlstate))
}

fn postgres_error(report: &ErrorReportWithLevel, sqlstate: PgSqlErrorCode) -> Error {
    Error::Postgres {
        sqlstate,
        message: report.message().to_owned(),
        detail: report.detail().map(str::to_owned),
        hint: report.hint().map(str::to_owned),
        about: None,
    }
}

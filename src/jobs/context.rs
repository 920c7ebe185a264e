//! What every part of a job needs: the store, the run it belongs to, the clock.

use std::cell::Cell;

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::runs::Counts;

/// How a job treats failures that may pass by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Tries again at once, up to `bat_partners.max_attempts`: the caller waits for the answer.
    Inline,
    /// Leaves it to the queue.
    Queue,
}

/// The surroundings of a job.
pub struct Context {
    pub store: Store,
    pub patience: Patience,
    pub run: Option<i64>,
    pub task: Option<i64>,
    requests: Cell<i32>,
}

impl Context {
    /// For a job of a run.
    pub fn new(store: Store, patience: Patience, run: Option<i64>, task: Option<i64>) -> Context {
        Context { store, patience, run, task, requests: Cell::new(0) }
    }

    /// Counts a request.
    pub fn note_request(&self) {
        self.requests.set(self.requests.get() + 1);
    }

    /// The requests so far, and back to zero.
    pub fn take_requests(&self) -> i32 {
        self.requests.take()
    }

    /// Adds to the run's counts.
    pub fn count(&self, counts: &Counts) -> Result<()> {
        match self.run {
            Some(run) => self.store.count(run, counts),
            None => Ok(()),
        }
    }

    /// The time to write beside imported values, ISO 8601 UTC.
    pub fn time(&self) -> String {
        Timestamp::now().to_string()
    }
}

/// Fails on a standby, before anything else is tried.
pub fn require_primary() -> Result<()> {
    // SAFETY: reads a flag in shared memory.
    if unsafe { pgrx::pg_sys::RecoveryInProgress() } { Err(Error::ReadOnly) } else { Ok(()) }
}

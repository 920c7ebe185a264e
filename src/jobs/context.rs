//! What every part of a job needs: the store, the run it belongs to, the clock.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use jiff::Timestamp;

use super::coverage;
use crate::error::{Error, Result};
use crate::store::batch::Batch;
use crate::store::claims::Settling;
use crate::store::fetches::Fetch;
use crate::store::runs::Counts;
use crate::store::tasks::Task;
use crate::store::{Store, subtransaction};

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
    /// Whether its pages come out of the archive.
    pub is_of_archive: bool,
    /// Whether what it stores is committed by the procedure that called it, and not by the caller.
    is_of_procedure: bool,
    /// Requests that are not noted in the database yet.
    fetches: RefCell<Vec<Fetch>>,
    has_asked: Cell<bool>,
    /// What is gathered to be written together with the end of the task; `None`: it is written at once.
    pub(super) batch: RefCell<Option<Batch>>,
    /// When to make no further request.
    pub until: Option<Instant>,
}

/// Requests that are noted together.
const NOTED_TOGETHER: usize = 100;

impl Context {
    /// For a job of a run.
    pub fn new(store: Store, patience: Patience, run: Option<i64>, task: Option<i64>) -> Context {
        Context {
            store,
            patience,
            run,
            task,
            is_of_archive: false,
            is_of_procedure: false,
            fetches: RefCell::default(),
            has_asked: Cell::new(false),
            batch: RefCell::default(),
            until: None,
        }
    }

    /// The same with a time after which only the first request is made.
    pub fn until(self, until: Option<Instant>) -> Context {
        Context { until, ..self }
    }

    /// The same for a procedure, which commits page by page.
    pub fn of_procedure(self) -> Context {
        Context { is_of_procedure: true, ..self }
    }

    /// The same for pages out of the archive.
    pub fn of_archive(self) -> Context {
        Context { is_of_archive: true, ..self }
    }

    /// Stores something as a whole or not at all: in a subtransaction, which also finds out what COMMIT would refuse of it. In the
    /// caller's transaction that is the caller's own affair: he may mean to write what is missing yet.
    pub fn attempt<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        subtransaction::run(|| {
            let done = work()?;
            if self.is_of_procedure {
                subtransaction::require_committable()?;
            }
            Ok(done)
        })
    }

    /// Whether a request was made.
    pub fn has_asked(&self) -> bool {
        self.has_asked.get()
    }

    /// Whether the time for requests is over.
    pub fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Fails if there is no time left for a further request.
    pub fn require_time(&self) -> Result<()> {
        if self.is_late() && self.has_asked() { Err(Error::OutOfTime) } else { Ok(()) }
    }

    /// Notes a request.
    pub fn note_fetch(&self, fetch: Fetch) -> Result<()> {
        self.has_asked.set(true);
        let noted = {
            let mut fetches = self.fetches.borrow_mut();
            fetches.push(fetch);
            fetches.len()
        };
        if noted >= NOTED_TOGETHER { self.record(Counts::default()) } else { Ok(()) }
    }

    /// Writes down the requests so far, and adds to the run's counts. Not for inside of a page's subtransaction.
    pub fn record(&self, counts: Counts) -> Result<()> {
        coverage::write_if_many(&self.store)?;
        let fetches = self.fetches.take();
        self.store.record(self.run, &with_requests(counts, &fetches), &fetches)
    }

    /// The same, and ends a task that is done, with what was gathered for that. False if it was taken away meanwhile: then
    /// the requests are still to be written down, by whoever undoes all else. `next_host`: the host that is asked next.
    pub fn settle_done(
        &self,
        task: &Task,
        run: i64,
        counts: Counts,
        next_host: Option<&str>,
    ) -> Result<bool> {
        let fetches = self.fetches.borrow().clone();
        let is_settled = self.store.settle_done(Settling {
            task,
            run,
            counts: &with_requests(counts, &fetches),
            fetches: &fetches,
            next_host,
            batch: self.batch.take().unwrap_or_default(),
        })?;
        if is_settled {
            self.fetches.take();
        }
        Ok(is_settled)
    }

    /// The time to write beside imported values, ISO 8601 UTC.
    pub fn time(&self) -> String {
        Timestamp::now().to_string()
    }
}

fn with_requests(counts: Counts, fetches: &[Fetch]) -> Counts {
    let requests = i32::try_from(fetches.len()).unwrap_or(i32::MAX);
    Counts { requests: counts.requests + requests, ..counts }
}

/// Fails on a standby, before anything else is tried.
pub fn require_primary() -> Result<()> {
    // SAFETY: reads a flag in shared memory.
    if unsafe { pgrx::pg_sys::RecoveryInProgress() } { Err(Error::ReadOnly) } else { Ok(()) }
}

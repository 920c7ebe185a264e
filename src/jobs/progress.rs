//! What a session knows of the run that it works on, and tells of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::tasks::Kind;
use super::words::{NOTICE_INTERVAL, counted, pace};
use crate::error::{Error, Result};
use crate::settings;
use crate::store::Store;
use crate::store::runs::{Counts, Run};

/// How long tasks of one host are claimed ahead before other hosts are looked at.
const TIME_AT_A_HOST: Duration = Duration::from_secs(1);

/// What a worker works on, and for how long.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WorkOptions {
    pub kinds: Vec<String>,
    #[serde(default)]
    pub max_seconds: Option<i32>,
    #[serde(default)]
    pub max_tasks: Option<i32>,
    /// Pages of the catalogue to read.
    #[serde(default)]
    pub max_pages: Option<i32>,
    /// Whether to wait for tasks that other workers are at, or that are to be tried again soon.
    #[serde(default)]
    pub until_empty: bool,
}

/// What this session knows of the run that it works on.
pub(super) struct Progress {
    run: i64,
    pub(super) options: WorkOptions,
    pub(super) started: Instant,
    told: Instant,
    pub(super) tasks: i32,
    /// Pages of the catalogue that were read.
    pages: i32,
    pub(super) by_kind: BTreeMap<String, Counts>,
    /// When a task of each host was last claimed.
    pub(super) served: HashMap<String, Instant>,
    /// The host of the tasks in a row that are claimed ahead, and since when.
    at: Option<(String, Instant)>,
    /// What of a page could not be stored, where the rest was.
    pub(super) unstored: Option<String>,
    /// What the run ends with, if nothing more can be done.
    pub(super) failure: Option<Error>,
}

impl Progress {
    fn new(run: i64, options: WorkOptions, now: Instant) -> Progress {
        Progress {
            run,
            options,
            started: now,
            told: now,
            tasks: 0,
            pages: 0,
            by_kind: BTreeMap::new(),
            served: HashMap::new(),
            at: None,
            unstored: None,
            failure: None,
        }
    }

    /// What is left to work on: no more of the catalogue when enough pages of it were read.
    pub(super) fn options_left(&self) -> WorkOptions {
        let mut options = self.options.clone();
        if options.max_pages.is_some_and(|limit| self.pages >= limit) {
            options.kinds.retain(|kind| kind != Kind::Catalogue.word());
        }
        options
    }

    /// Counts a task that was performed.
    pub(super) fn add(&mut self, kind: Kind, counts: &Counts) {
        self.tasks += 1;
        self.pages += i32::from(kind == Kind::Catalogue);
        self.by_kind.entry(kind.word().to_owned()).or_default().add(counts);
    }

    /// Notes that a task of a host is served; returns whether it is still this host's turn.
    pub(super) fn serve(&mut self, host: &str, now: Instant) -> bool {
        self.served.insert(host.to_owned(), now);
        match &self.at {
            Some((at, since)) if at == host => now - *since < TIME_AT_A_HOST,
            _ => {
                self.at = Some((host.to_owned(), now));
                true
            }
        }
    }

    /// All hosts are looked at: a turn begins, also at the same one again.
    pub(super) fn end_turn(&mut self) {
        self.at = None;
    }
}

thread_local! {
    static PROGRESS: RefCell<Option<Progress>> = const { RefCell::new(None) };
}

/// Forgets what this session knows of an earlier run.
pub fn forget_progress() {
    PROGRESS.set(None);
}

/// Runs `read` on the progress of a run, which is built from the run's row if this session has none yet.
pub(super) fn with_progress<T>(store: &Store, run: i64, read: impl FnOnce(&mut Progress) -> T) -> Result<T> {
    let known =
        PROGRESS.with_borrow(|progress| progress.as_ref().is_some_and(|progress| progress.run == run));
    if !known {
        let row = store.run_of(run)?;
        if row.status != "running" {
            return Err(Error::Argument(format!("run {run} of {} has ended", row.job)));
        }
        PROGRESS.set(Some(Progress::new(run, serde_json::from_value(row.options)?, Instant::now())));
    }
    PROGRESS.with_borrow_mut(|progress| match progress {
        Some(progress) => Ok(read(progress)),
        None => Err(Error::Internal("the run has no progress".to_owned())),
    })
}

/// Whether the run has done or lasted as much as it may, or cannot go on.
pub(super) fn is_over(store: &Store, run: i64) -> Result<bool> {
    with_progress(store, run, |progress| {
        let elapsed = progress.started.elapsed().as_secs_f64();
        progress.failure.is_some()
            || progress.options.max_seconds.is_some_and(|limit| elapsed >= f64::from(limit))
            || progress.options.max_tasks.is_some_and(|limit| progress.tasks >= limit)
    })
}

/// When the run has lasted as long as it may.
pub(super) fn time_limit(store: &Store, run: i64) -> Result<Option<Instant>> {
    with_progress(store, run, |progress| {
        let seconds = u64::try_from(progress.options.max_seconds?).ok()?;
        progress.started.checked_add(Duration::from_secs(seconds))
    })
}

/// Tells the client how far the work is, every two seconds.
pub(super) fn tell_progress(store: &Store, run: i64) -> Result<()> {
    let due = with_progress(store, run, |progress| {
        let due = progress.told.elapsed() >= NOTICE_INTERVAL && settings::has_reader();
        if due {
            progress.told = Instant::now();
        }
        due.then(|| (progress.tasks, progress.started.elapsed(), progress.options.kinds.clone()))
    })?;
    let Some((tasks, elapsed, kinds)) = due else { return Ok(()) };
    let row: Run = store.run_of(run)?;
    let (left, _) = store.queue_length(&kinds)?;
    let counts = row.counts;
    pgrx::notice!(
        "{}: {}, {left} to go, {} ({} new, {} changed, {} unchanged, {} skipped, {} failed)",
        row.job,
        counted(tasks, "page", "pages"),
        pace(tasks.into(), left, elapsed),
        counts.inserted,
        counts.updated,
        counts.unchanged,
        counts.skipped,
        counts.failed
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_s_turn_is_over_until_all_hosts_were_looked_at() {
        let start = Instant::now();
        let mut progress = Progress::new(1, WorkOptions::default(), start);
        let serve = |progress: &mut Progress, millis| {
            progress.serve("a.example", start + Duration::from_millis(millis))
        };
        assert!(serve(&mut progress, 0) && serve(&mut progress, 999));
        assert!(!serve(&mut progress, 1000) && !serve(&mut progress, 1001));
        progress.end_turn();
        assert!(serve(&mut progress, 1002) && serve(&mut progress, 2001));
        assert!(progress.serve("b.example", start + Duration::from_millis(3000)), "another host's turn");
    }
}

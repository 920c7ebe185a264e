//! The workers' loop, seen from one step: claim a task, perform it, settle it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::context::{Context, Patience};
use super::lease;
use super::summary::{Status, Summary};
use super::tasks::Kind;
use crate::error::{Error, Result};
use crate::fetch::{pacing, retry};
use crate::settings;
use crate::store::runs::{Counts, Run};
use crate::store::tasks::{Failure, Outlook, Task};
use crate::store::{Store, subtransaction};

/// How long `bat_ingest` waits for tasks that are to be tried again, before it leaves them to a later call.
const RETRY_PATIENCE_SECONDS: f64 = 30.0;

/// Pause before looking again at a host whose turn another session has, or at tasks of other workers.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Pause before looking again at what other workers are doing.
const LOOK_ELSEWHERE: Duration = Duration::from_millis(250);

/// Longest single wait, so that a worker notices what others enqueue.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Least time between two progress notices.
const NOTICE_INTERVAL: Duration = Duration::from_secs(2);

/// Longest wait before a task whose host turned out to rest is looked at again.
const RESTING_BACKOFF: f64 = 60.0;

/// Wait before a page that was not what it should be is tried again: its markup will not change in seconds.
const UNEXPECTED_PAGE_BACKOFF: f64 = 900.0;

/// What a worker works on, and for how long.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkOptions {
    pub kinds: Vec<String>,
    #[serde(default)]
    pub max_seconds: Option<i32>,
    #[serde(default)]
    pub max_tasks: Option<i32>,
    /// Whether to wait for tasks that other workers are at, or that are to be tried again soon.
    #[serde(default)]
    pub until_empty: bool,
}

/// What to do next.
pub enum Step {
    Perform(Task),
    Wait(Duration),
    Over,
}

/// What this session knows of the run that it works on.
struct Progress {
    run: i64,
    options: WorkOptions,
    started: Instant,
    told: Instant,
    tasks: i32,
    by_kind: BTreeMap<String, Counts>,
}

thread_local! {
    static PROGRESS: RefCell<Option<Progress>> = const { RefCell::new(None) };
}

/// Forgets what this session knows of an earlier run.
pub fn forget_progress() {
    PROGRESS.set(None);
}

/// Runs `read` on the progress of a run, which is built from the run's row if this session has none yet.
fn with_progress<T>(store: &Store, run: i64, read: impl FnOnce(&mut Progress) -> T) -> Result<T> {
    let known =
        PROGRESS.with_borrow(|progress| progress.as_ref().is_some_and(|progress| progress.run == run));
    if !known {
        let row = store.run_of(run)?;
        if row.status != "running" {
            return Err(Error::Argument(format!("run {run} of {} has ended", row.job)));
        }
        let now = Instant::now();
        PROGRESS.set(Some(Progress {
            run,
            options: serde_json::from_value(row.options)?,
            started: now,
            told: now,
            tasks: 0,
            by_kind: BTreeMap::new(),
        }));
    }
    PROGRESS.with_borrow_mut(|progress| match progress {
        Some(progress) => Ok(read(progress)),
        None => Err(Error::Internal("the run has no progress".to_owned())),
    })
}

/// Decides what the worker of a run does next; a task that it is to perform is claimed.
pub fn next_step(store: &Store, run: i64) -> Result<Step> {
    let (options, is_over, elapsed) = with_progress(store, run, |progress| {
        let elapsed = progress.started.elapsed();
        let out_of_time =
            progress.options.max_seconds.is_some_and(|limit| elapsed.as_secs_f64() >= f64::from(limit));
        let out_of_tasks = progress.options.max_tasks.is_some_and(|limit| progress.tasks >= limit);
        (progress.options.clone(), out_of_time || out_of_tasks, elapsed)
    })?;
    tell_progress(store, run)?;
    if is_over {
        return Ok(Step::Over);
    }
    let outlook = store.outlook(&options.kinds)?;
    let mut soonest: Option<Duration> = None;
    for host in outlook.iter().filter(|host| host.wait <= 0.0) {
        let wait = match pacing::own_wait(&host.host) {
            Duration::ZERO if pacing::is_taken_by_other(&host.host) => LOOK_AGAIN,
            Duration::ZERO => match store.claim(run, &host.host, &options.kinds)? {
                Some(task) => return Ok(Step::Perform(task)),
                // Others have claimed what was ready.
                None => continue,
            },
            own => own,
        };
        soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
    }
    let wait = match soonest {
        Some(wait) => Some(wait),
        None => later(store, &options, &outlook)?,
    };
    let left =
        options.max_seconds.map(|limit| Duration::from_secs(limit.max(0) as u64).saturating_sub(elapsed));
    Ok(match wait {
        Some(wait) if left.is_none_or(|left| wait < left) => Step::Wait(wait.min(LONGEST_WAIT)),
        _ => Step::Over,
    })
}

/// How long to wait where no host has anything to do now; `None` to end.
fn later(store: &Store, options: &WorkOptions, outlook: &[Outlook]) -> Result<Option<Duration>> {
    if !options.until_empty {
        return Ok(None);
    }
    let due =
        outlook.iter().map(|host| host.wait).find(|wait| *wait > 0.0 && *wait <= RETRY_PATIENCE_SECONDS);
    if let Some(wait) = due {
        return Ok(Some(Duration::from_secs_f64(wait)));
    }
    if store.running_elsewhere(&options.kinds)? == 0 {
        return Ok(None);
    }
    let pause = if lease::reclaim(store)? > 0 { Duration::ZERO } else { LOOK_ELSEWHERE };
    Ok(Some(pause))
}

/// Performs a claimed task and settles it. A task that was taken away meanwhile changes nothing.
pub fn perform(store: &Store, run: i64, id: i64, token: &str) -> Result<()> {
    let Some(task) = store.claimed(id, token)? else { return Ok(()) };
    let kind = Kind::of(&task.kind)?;
    let context = Context::new(store.clone(), Patience::Queue, Some(run), Some(id));
    let fetched = context.fetch_task(kind, &task);
    let result = match fetched {
        Ok(fetched) => {
            let stored = subtransaction::run(|| {
                let counts = context.store_task(&task, &fetched)?;
                if store.settle_done(&task)? { Ok(counts) } else { Err(lease_lost(&task)) }
            });
            if let Err(Error::UnexpectedPage { .. }) = &stored {
                context.keep_unexpected(&task, &fetched)?;
            }
            stored
        }
        Err(error) => Err(error),
    };
    let mut counts = match result {
        Ok(counts) => counts,
        Err(error) => settle_failure(store, kind, &task, &error)?,
    };
    counts.requests = context.take_requests();
    context.count(&counts)?;
    with_progress(store, run, |progress| {
        progress.tasks += 1;
        progress.by_kind.entry(task.kind.clone()).or_default().add(&counts);
    })
}

fn lease_lost(task: &Task) -> Error {
    Error::Internal(format!("the lease of {} {} was taken over by another worker", task.kind, task.key))
}

/// Puts a failed task back or declares it dead; tells it in the log.
fn settle_failure(store: &Store, kind: Kind, task: &Task, error: &Error) -> Result<Counts> {
    // The page was not asked for: the attempt does not count.
    let resting = is_resting(error);
    let attempts = if resting { task.attempts - 1 } else { task.attempts };
    let may_try_again = resting || (is_worth_retrying(error) && attempts < settings::max_attempts());
    let failure = Failure {
        retry_in: may_try_again.then(|| retry_in(attempts, error)),
        attempts,
        message: error.to_string(),
        sqlstate: error.sqlstate_text(),
    };
    if !store.settle_failed(task, &failure)? {
        return Ok(Counts::default());
    }
    if may_try_again {
        // Not an outcome yet: the task is still queued.
        return Ok(Counts { refused: i32::from(error.is_refusal_of_site()), ..Counts::default() });
    }
    pgrx::log!("bat_partners: {} {} is dead after {attempts} attempts: {error}", kind.word(), task.key);
    let refused = i32::from(error.is_refusal_of_site());
    Ok(Counts { failed: 1, refused, ..Counts::default() })
}

/// Whether the host is left alone for now. Without a robots.txt it is too.
fn is_resting(error: &Error) -> bool {
    matches!(error, Error::HostResting { .. } | Error::RobotsUnreachable { .. })
}

fn is_worth_retrying(error: &Error) -> bool {
    // What PostgreSQL refused may pass too: a deadlock, a lock timeout, a full disk.
    error.is_transient() || matches!(error, Error::UnexpectedPage { .. } | Error::Postgres { .. })
}

fn retry_in(attempts: i32, error: &Error) -> f64 {
    if is_resting(error) {
        // The workers pass over a resting host anyway; its rest may be ended by hand.
        return error.retry_after().map_or(RESTING_BACKOFF, |rest| rest.as_secs_f64().min(RESTING_BACKOFF));
    }
    let attempt = u32::try_from(attempts).unwrap_or(1).max(1);
    let backoff = retry::backoff(attempt, error.retry_after(), fastrand::f64()).as_secs_f64();
    match error {
        Error::UnexpectedPage { .. } => backoff + UNEXPECTED_PAGE_BACKOFF,
        _ => backoff,
    }
}

/// Ends a run: status, message, and the turns at the hosts given back.
pub fn finish(store: &Store, run: i64) -> Result<Summary> {
    pacing::finish();
    let row = store.run_of(run)?;
    let (options, by_kind) = with_progress(store, run, |progress| {
        (progress.options.clone(), std::mem::take(&mut progress.by_kind))
    })?;
    forget_progress();
    lease::release();
    let (ready, dead) = store.queue_length(&options.kinds)?;
    let status = Status::of(&row.counts, ready > 0);
    let message = message(&by_kind, &row.counts, ready, dead);
    Ok(store.finish_run(run, status.word(), &message)?.into())
}

fn message(by_kind: &BTreeMap<String, Counts>, counts: &Counts, ready: i64, dead: i64) -> String {
    let mut parts: Vec<String> = by_kind.iter().filter(|(_, counts)| counts.found() > 0).map(part).collect();
    if counts.refused > 0 {
        parts.push(format!("the site refused {} (robots.txt, 403 or a challenge)", counts.refused));
    }
    if ready > 0 {
        parts.push(format!("{ready} tasks are left: call again, or CALL bat_work()"));
    }
    if dead > 0 {
        parts.push(format!("{dead} tasks are dead: see bat_problems; SELECT bat_retry() tries them again"));
    }
    parts.join("; ")
}

fn part((kind, counts): (&String, &Counts)) -> String {
    let what = match kind.as_str() {
        "directory" => "partners",
        "enrich" => "web sites",
        "member" => "listings known already or member pages",
        _ => "listings",
    };
    let mut text = format!("{} {what}: {} new, {} changed", counts.found(), counts.inserted, counts.updated);
    if counts.skipped > 0 {
        text += &format!(", {} skipped", counts.skipped);
    }
    if counts.failed > 0 {
        text += &format!(", {} failed", counts.failed);
    }
    text
}

/// Tells the client how far the work is, every two seconds.
fn tell_progress(store: &Store, run: i64) -> Result<()> {
    let due = with_progress(store, run, |progress| {
        let due = progress.told.elapsed() >= NOTICE_INTERVAL;
        if due {
            progress.told = Instant::now();
        }
        due.then(|| (progress.tasks, progress.started.elapsed(), progress.options.kinds.clone()))
    })?;
    let Some((tasks, elapsed, kinds)) = due else { return Ok(()) };
    let row: Run = store.run_of(run)?;
    let (left, _) = store.queue_length(&kinds)?;
    let rate = f64::from(tasks) / elapsed.as_secs_f64();
    let time_left =
        if rate > 0.0 { format!(", about {:.0} s left", left as f64 / rate) } else { String::new() };
    let counts = row.counts;
    pgrx::notice!(
        "{}: {tasks} pages, {left} to go, {rate:.1}/s{time_left} ({} new, {} changed, {} unchanged, {} skipped, {} failed)",
        row.job,
        counts.inserted,
        counts.updated,
        counts.unchanged,
        counts.skipped,
        counts.failed
    );
    Ok(())
}

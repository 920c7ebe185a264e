//! The workers' loop, seen from one step: claim a task, perform it, settle it.

use std::time::{Duration, Instant};

use super::ahead::{self, Claimed};
use super::context::{Context, Patience};
use super::coverage;
use super::lease;
use super::perform::Fetched;
use super::progress::{WorkOptions, forget_progress, is_over, tell_progress, time_limit, with_progress};
use super::settle::{lease_lost, settle_failure, settle_unstored};
use super::summary::{Status, Summary};
use super::tasks::Kind;
use super::telling::message;
use crate::error::{Error, Result};
use crate::fetch::pacing;
use crate::store::Store;
use crate::store::batch::Batch;
use crate::store::claims::Among;
use crate::store::runs::Counts;
use crate::store::tasks::{Outlook, Task};

/// How long `bat_ingest` waits for tasks that are to be tried again, before it leaves them to a later call.
const RETRY_PATIENCE_SECONDS: f64 = 30.0;

/// Pause before looking again at a host whose turn another session has, or at tasks of other workers.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Pause before looking again at what other workers are doing.
const LOOK_ELSEWHERE: Duration = Duration::from_millis(250);

/// Longest single wait, so that a worker notices what others enqueue.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// How long pages may go on sharing a transaction.
const LONGEST_TOGETHER: Duration = Duration::from_millis(100);

/// What to do next.
pub enum Step {
    Perform(Task),
    Wait(Duration),
    Over,
}

/// Decides what the worker of a run does next; a task that it is to perform is claimed.
pub fn next_step(store: &Store, run: i64) -> Result<Step> {
    let (options, elapsed) =
        with_progress(store, run, |progress| (progress.options_left(), progress.started.elapsed()))?;
    tell_progress(store, run)?;
    if is_over(store, run)? {
        // A page that is under way already is the last one.
        return Ok(ahead::settle_next(store)?.map_or(Step::Over, perform_step));
    }
    if let Some(claimed) = ahead::take_next() {
        return perform_and_look_ahead(store, run, claimed, &options);
    }
    let outlook = store.outlook(&options.kinds)?;
    let mut due: Vec<&Outlook> = outlook.iter().filter(|host| host.wait <= 0.0).collect();
    // All hosts in turn: first those that this worker has not been at, or not for the longest time.
    with_progress(store, run, |progress| {
        progress.end_turn();
        due.sort_by_key(|host| progress.served.get(&host.host).copied());
    })?;
    let mut soonest: Option<Duration> = None;
    for host in due {
        let wait = match pacing::own_wait(&host.host) {
            Duration::ZERO if pacing::is_taken_by_other(&host.host) => LOOK_AGAIN,
            Duration::ZERO => match store.claim(run, &host.host, &options.kinds, Among::All, 1)?.pop() {
                Some(task) => {
                    return perform_and_look_ahead(store, run, Claimed::of(task), &options);
                }
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

fn perform_step(claimed: Claimed) -> Step {
    let task = claimed.task.clone();
    ahead::set_current(claimed);
    Step::Perform(task)
}

/// Has a claimed task performed, and claims those after it where that pays.
fn perform_and_look_ahead(store: &Store, run: i64, claimed: Claimed, options: &WorkOptions) -> Result<Step> {
    if !ahead::needs_more() {
        return Ok(perform_step(claimed));
    }
    let most = with_progress(store, run, |progress| {
        let stays = progress.serve(&claimed.task.host, Instant::now());
        let left = options.max_tasks.map_or(i32::MAX, |limit| limit - progress.tasks - 1);
        if stays { usize::try_from(left).unwrap_or_default() } else { 0 }
    })?;
    ahead::claim_next(store, run, &claimed.task, &options.kinds, most)?;
    Ok(perform_step(claimed))
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

/// Performs a claimed task and settles it, and those after it whose pages are there by then: where pages come faster than
/// they can be stored, a few of them share a transaction. It never waits for a page with another one uncommitted. A task that
/// was taken away meanwhile changes nothing.
pub fn perform(store: &Store, run: i64, id: i64, token: &str) -> Result<()> {
    let started = Instant::now();
    let mut next = claimed(store, id, token)?;
    while let Some(claimed) = next {
        let is_done = perform_one(store, run, claimed)?;
        // What the others should know of a failure, they are told at once.
        let goes_on = is_done && started.elapsed() < LONGEST_TOGETHER && !is_over(store, run)?;
        next = if goes_on { ahead::take_served() } else { None };
    }
    Ok(())
}

/// Performs a task and settles it. Returns whether it is done.
fn perform_one(store: &Store, run: i64, claimed: Claimed) -> Result<bool> {
    let Claimed { task, begun, .. } = claimed;
    let kind = Kind::of(&task.kind)?;
    // A task is cut short once: one that takes longer than a run may last would else never be done.
    let until = if task.attempts > 1 { None } else { time_limit(store, run)? };
    let context =
        Context::new(store.clone(), Patience::Queue, Some(run), Some(task.id)).of_procedure().until(until);
    let fetched = context.fetch_task(kind, &task, begun);
    if !is_over(store, run)? {
        ahead::begin_next(&context);
    }
    let result = match fetched {
        Ok(fetched) => {
            let stored = store_and_settle(&context, &task, run, &fetched);
            if let Err(Error::UnexpectedPage { .. }) = &stored {
                context.keep_unexpected(&task, &fetched)?;
            }
            stored
        }
        Err(error) => Err(error),
    };
    let is_done = result.is_ok();
    let counts = match result {
        Ok(counts) => counts,
        Err(error @ (Error::HostBusy { .. } | Error::OutOfTime)) => {
            let is_begun = matches!(error, Error::OutOfTime) && context.has_asked();
            store.unclaim(&task, is_begun)?;
            context.record(Counts::default())?;
            return Ok(false);
        }
        // It says nothing of the task. The call fails when it ends, after this is committed: the attempt does not count.
        Err(error) if error.ends_call() => {
            store.unclaim(&task, context.has_asked())?;
            context.record(Counts::default())?;
            with_progress(store, run, |progress| progress.failure = Some(error))?;
            return Ok(false);
        }
        Err(error) => {
            let counts = Counts { tasks: 1, ..settle_failure(store, kind, &task, &error)? };
            context.record(counts)?;
            counts
        }
    };
    coverage::write_if_many(store)?;
    with_progress(store, run, |progress| progress.add(kind, &counts))?;
    Ok(is_done)
}

/// Stores what a task's requests brought, and settles it: in one statement, where that is possible.
fn store_and_settle(context: &Context, task: &Task, run: i64, fetched: &Fetched) -> Result<Counts> {
    let attempt = |batch: Option<Batch>| {
        context.batch.replace(batch);
        let stored = context.attempt(|| {
            let mut stored = context.store_task(task, fetched)?;
            stored.counts.tasks = 1;
            if let Some(unstored) = &stored.unstored {
                let is_settled = settle_unstored(&context.store, task, unstored)?;
                return if is_settled { Ok(stored) } else { Err(lease_lost(task)) };
            }
            match context.settle_done(task, run, stored.counts, ahead::next_host().as_deref())? {
                true => Ok(stored),
                // The task is still this worker's: it was asked for once more while the statement waited for its row.
                false if context.store.claimed(task.id, &task.token)?.is_some() => {
                    Err(Error::Superseded(format!("the task {} {}", task.kind, task.key)))
                }
                false => Err(lease_lost(task)),
            }
        });
        context.batch.take();
        stored
    };
    let batch = if fetched.may_wait() { Batch::begin() } else { None };
    let stored = match attempt(batch) {
        // Another session stored the same listing or vehicle, or changed the task meanwhile: its rows can be seen by now.
        Err(Error::Superseded(_)) => attempt(None),
        stored => stored,
    }?;
    if let Some(unstored) = stored.unstored {
        context.record(stored.counts)?;
        with_progress(&context.store, run, |progress| progress.unstored = Some(unstored.to_string()))?;
    }
    Ok(stored.counts)
}

/// A claimed task: the one that this session was just told to perform, or any whose token is still the one given out.
fn claimed(store: &Store, id: i64, token: &str) -> Result<Option<Claimed>> {
    match ahead::take_current(id, token) {
        Some(claimed) => Ok(Some(claimed)),
        None => Ok(store.claimed(id, token)?.map(Claimed::of)),
    }
}

/// Ends a run: status, message, and the turns at the hosts given back. Fails with what the run could not go on for.
pub fn finish(store: &Store, run: i64) -> Result<Summary> {
    pacing::finish();
    if let Some(failure) = with_progress(store, run, |progress| progress.failure.take())? {
        return Err(failure);
    }
    coverage::write(store)?;
    let row = store.run_of(run)?;
    let (options, by_kind, unstored) = with_progress(store, run, |progress| {
        (progress.options.clone(), std::mem::take(&mut progress.by_kind), progress.unstored.take())
    })?;
    forget_progress();
    let (ready, dead) = store.queue_length(&options.kinds)?;
    let resting = store.resting_tasks(&options.kinds)?;
    let status = Status::of_worker(&row.counts, ready, resting);
    let mut message = message(&by_kind, unstored.as_deref(), &row.counts, ready, dead, resting);
    if by_kind.contains_key(Kind::Catalogue.word())
        && let Some(history) = Context::new(store.clone(), Patience::Queue, Some(run), None).tell_history()?
    {
        message = format!("{message}; {history}");
    }
    Ok(store.finish_run(run, status.word(), &message)?.into())
}

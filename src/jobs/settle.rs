//! How a task ends that could not be done: put back for later, or declared dead.

use super::context::{Context, Patience};
use super::directory::Unstored;
use super::tasks::{Kind, dealer_of};
use crate::compat::log;
use crate::error::{Error, Result};
use crate::fetch::retry;
use crate::settings;
use crate::store::Store;
use crate::store::claims::Failure;
use crate::store::runs::Counts;
use crate::store::tasks::Task;

/// Longest wait before a task whose host turned out to rest is looked at again.
const RESTING_BACKOFF: f64 = 60.0;

/// Wait before a page that was not what it should be is tried again: its markup will not change in seconds.
const UNEXPECTED_PAGE_BACKOFF: f64 = 900.0;

/// The error of a task that another worker has by now.
pub fn lease_lost(task: &Task) -> Error {
    Error::Internal(format!("the lease of {} {} was taken over by another worker", task.kind, task.key))
}

/// Puts a failed task back or declares it dead; tells it in the log.
pub fn settle_failure(store: &Store, kind: Kind, task: &Task, error: &Error) -> Result<Counts> {
    // The page was not asked for: the attempt does not count.
    let resting = is_resting(error);
    let attempts = if resting { task.attempts - 1 } else { task.attempts };
    let may_try_again = resting || (is_worth_retrying(error) && attempts < settings::max_attempts());
    let failure = Failure {
        retry_in: may_try_again.then(|| retry_in(attempts, error)),
        attempts,
        message: error.with_detail(),
        sqlstate: error.sqlstate_text(),
    };
    let Some(is_dead) = store.settle_failed(task, &failure)? else {
        return Ok(Counts::default());
    };
    if may_try_again {
        // Not an outcome yet: the task is still queued.
        return Ok(Counts { refused: i32::from(error.is_refusal_of_site()), ..Counts::default() });
    }
    if kind == Kind::Listing && matches!(error, Error::Gone { .. }) {
        let context = context_of(store, task);
        if let Err(error) = context.attempt(|| context.note_gone(&task.key)) {
            log(format!("bat_partners: {} is gone, which could not be noted: {error}", task.key));
        }
    }
    match kind {
        Kind::Inventory => note_failed_crawl(store, task, error),
        Kind::Images => note_failed_search(store, task, error),
        Kind::Catalogue => note_unread_page(store, task),
        _ => {}
    }
    let outcome = if is_dead { "is dead" } else { "failed, and was asked for once more," };
    log(format!("bat_partners: {} {} {outcome} after {attempts} attempts: {error}", kind.word(), task.key));
    let refused = i32::from(error.is_refusal_of_site());
    Ok(Counts { failed: 1, refused, ..Counts::default() })
}

/// Declares a task dead of whose page a part could not be stored, once the rest is: what the database refused it would refuse
/// again, and the tasks that follow from the page are not to be done again and again. False if it was taken away meanwhile.
pub fn settle_unstored(store: &Store, task: &Task, unstored: &Unstored) -> Result<bool> {
    let failure = Failure {
        retry_in: None,
        attempts: task.attempts,
        message: unstored.to_string(),
        sqlstate: unstored.error.sqlstate_text(),
    };
    let Some(is_dead) = store.settle_failed(task, &failure)? else { return Ok(false) };
    if is_dead {
        log(format!("bat_partners: {} {} is dead: {unstored}", task.kind, task.key));
    }
    Ok(true)
}

/// For what follows from the failure of a task.
fn context_of(store: &Store, task: &Task) -> Context {
    Context::new(store.clone(), Patience::Queue, None, Some(task.id)).of_procedure()
}

/// The crawl that a page belongs to ends with it.
fn note_failed_crawl(store: &Store, task: &Task, error: &Error) {
    let context = context_of(store, task);
    let noted = context.attempt(|| {
        let options = serde_json::from_value(task.options.clone())?;
        context.note_failed_crawl(dealer_of(&task.key), &options, error)
    });
    if let Err(error) = noted {
        log(format!("bat_partners: the end of the crawl of {} could not be noted: {error}", task.key));
    }
}

/// The next search for an organization's pictures comes later after each that failed.
fn note_failed_search(store: &Store, task: &Task, error: &Error) {
    let context = context_of(store, task);
    let noted = context.attempt(|| {
        let business = context.business(&task.key)?;
        context.note_failed_search(&business, error)
    });
    if let Err(error) = noted {
        log(format!("bat_partners: the search for pictures of {} could not be noted: {error}", task.key));
    }
}

/// The history of the catalogue may end with it.
fn note_unread_page(store: &Store, task: &Task) {
    let context = context_of(store, task);
    if let Err(error) = context.attempt(|| context.note_unread_page(task)) {
        log(format!("bat_partners: that {} was not read could not be noted: {error}", task.key));
    }
}

/// Whether the host is left alone for now. Without a robots.txt it is too.
fn is_resting(error: &Error) -> bool {
    matches!(error, Error::HostResting { .. } | Error::RobotsUnreachable { .. })
}

fn is_worth_retrying(error: &Error) -> bool {
    // What PostgreSQL refused may pass too: a deadlock, a lock timeout.
    error.is_transient()
        || matches!(
            error,
            Error::UnexpectedPage { .. }
                | Error::Postgres { .. }
                | Error::Superseded(_)
                | Error::Contended(_)
        )
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

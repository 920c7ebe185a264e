//! One task ahead: while a page is being stored, the next one is on its way.
//!
//! Only where the host's delay is so short that storing a page takes longer; otherwise there is time enough, and a task
//! that is claimed early is one that no other worker can have. Only tasks that were never tried before: if the backend
//! dies with two tasks in hand, each is tried again alone, so that an innocent one cannot die of its neighbour.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::context::Context;
use super::listing::Begun;
use super::tasks::{self, Kind};
use crate::error::Result;
use crate::fetch::pacing;
use crate::settings;
use crate::store::Store;
use crate::store::tasks::{Among, Task};
use crate::transaction;

/// Longest delay between two requests at which it pays to look ahead.
const LONGEST_DELAY: Duration = Duration::from_millis(20);

/// A claimed task, and its request if that is under way.
pub struct Claimed {
    pub task: Task,
    pub begun: Option<Begun>,
}

thread_local! {
    /// The task that the worker was told to perform.
    static CURRENT: RefCell<Option<Claimed>> = const { RefCell::new(None) };
    /// The one after it.
    static NEXT: RefCell<Option<Claimed>> = const { RefCell::new(None) };
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
}

/// Forgets the claimed tasks, and abandons their requests. For the end of a transaction that ends the work.
fn forget() {
    CURRENT.set(None);
    NEXT.set(None);
}

/// Remembers the task that is to be performed.
pub fn set_current(claimed: Claimed) {
    if !REGISTERED.replace(true) {
        transaction::at_end(forget);
    }
    CURRENT.set(Some(claimed));
}

/// The task that is to be performed, if it is this one.
pub fn take_current(id: i64, token: &str) -> Option<Claimed> {
    CURRENT.take().filter(|claimed| claimed.task.id == id && claimed.task.token == token)
}

/// The task that was claimed ahead.
pub fn take_next() -> Option<Claimed> {
    NEXT.take()
}

/// Claims the task after `current`, if that pays.
pub fn claim_next(store: &Store, run: i64, current: &Task, kinds: &[String]) -> Result<()> {
    let listing = Kind::Listing.word();
    let pays = settings::request_delay() <= LONGEST_DELAY
        && current.attempts == 1
        && current.kind == listing
        && !pacing::is_taken_by_other(&current.host);
    if pays && kinds.iter().any(|kind| kind == listing) {
        let kinds = [listing.to_owned()];
        let next = store.claim(run, &current.host, &kinds, Among::Untried)?;
        NEXT.set(next.map(|task| Claimed { task, begun: None }));
    }
    Ok(())
}

/// Starts the next task's request, if its host permits that at once.
pub fn begin_next(context: &Context) {
    let Some(mut next) = NEXT.take() else { return };
    if !tasks::listing_options(&next.task).is_ok_and(|options| options.archived) {
        // What stands in its way is told when the task is performed.
        next.begun = context.begin_listing(&next.task.key).unwrap_or_default();
    }
    NEXT.set(Some(next));
}

/// Gives back the task that was claimed ahead. If its request is under way, it is performed: then it is returned.
pub fn settle_next(store: &Store) -> Result<Option<Claimed>> {
    match NEXT.take() {
        Some(next) if next.begun.is_none() => {
            store.unclaim(&next.task)?;
            Ok(None)
        }
        next => Ok(next),
    }
}

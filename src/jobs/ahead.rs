//! A few tasks ahead: while a page is being stored, the next one is read, and one after it is on its way.
//!
//! Only where the host's delay is so short that storing a page takes longer; otherwise there is time enough, and a task
//! that is claimed early is one that no other worker can have. Only tasks that were never tried before: if the backend
//! dies with several tasks in hand, each is tried again alone, so that an innocent one cannot die of its neighbour.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use super::context::Context;
use super::listing::Begun;
use super::tasks::{self, Kind};
use crate::error::Result;
use crate::fetch::pacing;
use crate::settings;
use crate::store::Store;
use crate::store::claims::Among;
use crate::store::pages::Known;
use crate::store::tasks::Task;
use crate::transaction;

/// Longest delay between two requests at which it pays to look ahead.
const LONGEST_DELAY: Duration = Duration::from_millis(20);

/// Tasks that are claimed together, where there is no delay at all; else one.
const CLAIMED_TOGETHER: usize = 32;

/// Requests that are under way or queued beside the page that is being stored: two that are read, one that is fetched, and as
/// many that wait in between as keep each thread from waiting for another one's slow page.
const BEGUN: usize = 8;

/// A claimed task, and its request if that is under way.
pub struct Claimed {
    pub task: Task,
    /// What is known of its page, if that was looked up.
    known: Option<Known>,
    pub begun: Option<Begun>,
}

impl Claimed {
    /// A task that nothing was done about yet.
    pub fn of(task: Task) -> Claimed {
        Claimed { task, known: None, begun: None }
    }
}

thread_local! {
    /// The task that the worker was told to perform.
    static CURRENT: RefCell<Option<Claimed>> = const { RefCell::new(None) };
    /// Those after it.
    static NEXT: RefCell<VecDeque<Claimed>> = const { RefCell::new(VecDeque::new()) };
}

/// Forgets the claimed tasks, and abandons their requests. For the end of a transaction that ends the work.
fn forget() {
    CURRENT.set(None);
    NEXT.take();
}

/// Remembers the task that is to be performed.
pub fn set_current(claimed: Claimed) {
    transaction::at_end(forget);
    CURRENT.set(Some(claimed));
}

/// The task that is to be performed, if it is this one.
pub fn take_current(id: i64, token: &str) -> Option<Claimed> {
    CURRENT.take().filter(|claimed| claimed.task.id == id && claimed.task.token == token)
}

/// The task that was claimed ahead.
pub fn take_next() -> Option<Claimed> {
    NEXT.with_borrow_mut(VecDeque::pop_front)
}

/// The next task if its page is there already, and another one's request can be begun while that is stored: what is claimed
/// is committed before it is asked for.
pub fn take_served() -> Option<Claimed> {
    NEXT.with_borrow_mut(|next| {
        let may_go_on = next.iter().any(|claimed| claimed.begun.is_none());
        next.pop_front_if(|first| may_go_on && first.begun.as_mut().is_some_and(Begun::is_served))
    })
}

/// Whether more tasks are to be claimed: all those that are have been asked for.
pub fn needs_more() -> bool {
    NEXT.with_borrow(|next| next.iter().all(|claimed| claimed.begun.is_some()))
}

/// Claims tasks after `current` and those claimed before, if that pays: at most so many in all.
pub fn claim_next(store: &Store, run: i64, current: &Task, kinds: &[String], most: usize) -> Result<()> {
    let listing = Kind::Listing.word();
    let delay = settings::request_delay();
    let left = NEXT.with_borrow(|next| most.saturating_sub(next.len()));
    let limit = if delay.is_zero() { left.min(CLAIMED_TOGETHER) } else { left.min(1) };
    let pays = limit > 0
        && delay <= LONGEST_DELAY
        && current.attempts == 1
        && current.kind == listing
        && kinds.iter().any(|kind| kind == listing)
        && !pacing::is_taken_by_other(&current.host);
    if pays {
        let kinds = [listing.to_owned()];
        let claimed = store.claim(run, &current.host, &kinds, Among::Untried, limit)?;
        NEXT.with_borrow_mut(|next| next.extend(claimed.into_iter().map(Claimed::of)));
    }
    Ok(())
}

/// The host that the next request is made to, if that is known already.
pub fn next_host() -> Option<String> {
    NEXT.with_borrow(|next| next.front().map(|claimed| claimed.task.host.clone()))
}

/// Starts the next tasks' requests, if their host permits that at once. What stands in the way is told when they are
/// performed.
pub fn begin_next(context: &Context) {
    let mut next = NEXT.take();
    look_up(context, &mut next);
    for place in 0..next.len().min(BEGUN) {
        if next[place].begun.is_some() {
            continue;
        }
        let begun = begin(context, &next, place);
        next[place].begun = begun;
        if next[place].begun.is_none() {
            break;
        }
    }
    NEXT.set(next);
}

fn begin(context: &Context, next: &VecDeque<Claimed>, place: usize) -> Option<Begun> {
    let Claimed { task, known, .. } = &next[place];
    if !tasks::listing_options(task).is_ok_and(|options| !options.archived) {
        return None;
    }
    let behind = match place.checked_sub(1) {
        Some(before) => Some(next[before].begun.as_ref()?),
        None => None,
    };
    context.begin_listing(&task.key, known.clone()?, behind).unwrap_or_default()
}

/// Looks up what is known of the next tasks' pages.
fn look_up(context: &Context, next: &mut VecDeque<Claimed>) {
    let unknown = |claimed: &&mut Claimed| claimed.known.is_none();
    let urls: Vec<String> = next.iter_mut().filter(unknown).map(|claimed| claimed.task.key.clone()).collect();
    if urls.is_empty() {
        return;
    }
    let mut known = context.known_listings(&urls).unwrap_or_default();
    for claimed in next.iter_mut().filter(unknown) {
        claimed.known = known.remove(&claimed.task.key);
    }
}

/// Gives back the tasks that were claimed ahead. One whose request is under way is performed: then it is returned.
pub fn settle_next(store: &Store) -> Result<Option<Claimed>> {
    let mut next = NEXT.take();
    let begun = next.pop_front_if(|claimed| claimed.begun.is_some());
    let (under_way, idle): (VecDeque<Claimed>, VecDeque<Claimed>) =
        next.into_iter().partition(|claimed| claimed.begun.is_some());
    for claimed in &idle {
        store.unclaim(&claimed.task, false)?;
    }
    NEXT.set(under_way);
    Ok(begun)
}

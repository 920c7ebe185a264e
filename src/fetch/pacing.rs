//! One request at a time per host, with a delay between the starts, over all sessions of the cluster.
//!
//! A turn at a host is a session-level lock that is keyed on the host, taken before the request and held
//! until the delay has passed. That needs no shared memory of our own and no row, and survives rollback.
//! The lock's tag names no database: sessions in different databases share it.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use pgrx::{check_for_interrupts, pg_guard, pg_sys};
use sha2::{Digest, Sha256};

use super::wait::sleep_until;

/// Marks the locks as this extension's: the last field of an advisory lock's tag is 1 or 2 for the locks that
/// SQL functions take.
const TAG: u16 = 0xBA7;

/// First wait for a turn that another session has.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Jitter, as a part of the delay: requests must not tick like a clock. The least of it makes up for the way
/// that a request takes, which varies.
const LEAST_JITTER: f64 = 0.02;
const MOST_JITTER: f64 = 0.12;

thread_local! {
    static TURNS: RefCell<Vec<Turn>> = const { RefCell::new(Vec::new()) };
    static CALLBACK: Cell<bool> = const { Cell::new(false) };
    static KEPT_OVER_COMMIT: Cell<bool> = const { Cell::new(false) };
}

/// A turn at a host that this session has or had.
struct Turn {
    key: u64,
    /// When the delay since the start of its request has passed.
    over: Instant,
    /// Whether the lock is still held. A turn that a cancel cut short is remembered without it, so that at
    /// least this session keeps its distance.
    locked: bool,
}

/// Waits for the turn at `host` (name and port) and takes it. It is over when the delay has passed, which
/// [`delay_from`] tells more exactly after the request; others get theirs when this session next takes a turn,
/// finishes or aborts.
///
/// Tries again and again in place of queueing for the lock: a session that holds the turn at one host while
/// it queues for another's could deadlock with one that does the opposite.
pub fn take_turn(host: &str, delay: Duration) {
    release_at_end_of_transaction();
    let key = key_of(host);
    if let Some(over) = own_turn(key) {
        sleep_until(over);
    }
    end_finished_turns();
    let mut pause = FIRST_PAUSE;
    while !try_lock(key) {
        sleep_until(Instant::now() + pause.mul_f64(0.5 + 0.5 * fastrand::f64()));
        pause = (pause * 2).min(LONGEST_PAUSE);
        end_finished_turns();
    }
    let over = Instant::now() + delay;
    TURNS.with_borrow_mut(|turns| turns.push(Turn { key, over, locked: true }));
}

/// Ends this session's turn at `host` a delay after its request was sent. The jitter only lengthens it.
pub fn delay_from(host: &str, sent: Instant, delay: Duration) {
    let key = key_of(host);
    let over = sent + delay.mul_f64(1.0 + LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * fastrand::f64());
    TURNS.with_borrow_mut(|turns| {
        for turn in turns.iter_mut().filter(|turn| turn.key == key) {
            turn.over = over;
        }
    });
}

/// How long this session would wait at `host` for its own last turn; zero if it has none there.
pub fn own_wait(host: &str) -> Duration {
    own_turn(key_of(host)).map(|over| over.saturating_duration_since(Instant::now())).unwrap_or_default()
}

/// Whether another session has the turn at `host` right now.
pub fn is_taken_by_other(host: &str) -> bool {
    let key = key_of(host);
    if own_turn(key).is_some() {
        return false;
    }
    let free = try_lock(key);
    if free {
        unlock(key);
    }
    !free
}

/// Waits until all turns of this session are over, and gives them back. To be called when a job ends, so that
/// no lock outlives it.
pub fn finish() {
    while let Some(over) = next_to_give_back() {
        sleep_until(over);
        end_finished_turns();
    }
}

fn next_to_give_back() -> Option<Instant> {
    TURNS.with_borrow(|turns| turns.iter().filter(|turn| turn.locked).map(|turn| turn.over).min())
}

fn own_turn(key: u64) -> Option<Instant> {
    TURNS.with_borrow(|turns| turns.iter().find(|turn| turn.key == key).map(|turn| turn.over))
}

fn end_finished_turns() {
    let now = Instant::now();
    let ended = TURNS.with_borrow_mut(|turns| {
        let (ended, left) = std::mem::take(turns).into_iter().partition(|turn| turn.over <= now);
        *turns = left;
        ended
    });
    let ended: Vec<Turn> = ended;
    ended.iter().filter(|turn| turn.locked).for_each(|turn| unlock(turn.key));
}

/// The lock key of a host. A cryptographic hash: nobody can pick a host name that shares another's key.
fn key_of(host: &str) -> u64 {
    let digest = Sha256::digest(host.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

fn tag_of(key: u64) -> pg_sys::LOCKTAG {
    pg_sys::LOCKTAG {
        // No database: the lock is the cluster's.
        locktag_field1: 0,
        locktag_field2: (key >> 32) as u32,
        locktag_field3: key as u32,
        locktag_field4: TAG,
        locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
        locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
    }
}

fn try_lock(key: u64) -> bool {
    check_for_interrupts!();
    // SAFETY: the tag is a plain value; the call does not wait.
    let result =
        unsafe { pg_sys::LockAcquire(&tag_of(key), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, true, true) };
    result == pg_sys::LockAcquireResult::LOCKACQUIRE_OK
}

fn unlock(key: u64) {
    // SAFETY: only called for locks that try_lock took and that were not yet given back.
    unsafe { pg_sys::LockRelease(&tag_of(key), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, true) };
}

/// Lets the turns outlive the commit that follows. For the procedures, which commit between a page and the
/// next; they call [`finish`] before they end.
pub fn keep_over_commit() {
    KEPT_OVER_COMMIT.set(true);
}

/// Gives the locks back when a transaction of this session ends before [`finish`] was called: after a cancel
/// or an error nobody would call it, and the locks would stay until the session ends.
fn release_at_end_of_transaction() {
    if !CALLBACK.replace(true) {
        // SAFETY: registered once for the life of the backend; the library is never unloaded.
        unsafe { pg_sys::RegisterXactCallback(Some(on_transaction_event), std::ptr::null_mut()) };
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_transaction_event(
    event: pg_sys::XactEvent::Type,
    _argument: *mut std::ffi::c_void,
) {
    let ends = match event {
        pg_sys::XactEvent::XACT_EVENT_ABORT => {
            KEPT_OVER_COMMIT.set(false);
            true
        }
        pg_sys::XactEvent::XACT_EVENT_COMMIT => !KEPT_OVER_COMMIT.take(),
        _ => false,
    };
    if ends {
        TURNS.with_borrow_mut(|turns| {
            for turn in turns.iter_mut().filter(|turn| turn.locked) {
                unlock(turn.key);
                turn.locked = false;
            }
        });
    }
}

//! One request at a time per host, with a delay between the starts, over all sessions of the cluster.
//!
//! A turn at a host is a session-level lock that is keyed on the host, taken before the request and held
//! until the delay has passed. That needs no shared memory of our own and no row, and survives rollback.
//! The lock's tag names no database: sessions in different databases share it.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use pgrx::pg_sys;

use super::wait::sleep_until;
use crate::locks::{Key, hash_of};
use crate::transaction;

/// First wait for a turn that another session has.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Jitter, as a part of the delay: requests must not tick like a clock. The least of it makes up for the way
/// that a request takes, which varies.
const LEAST_JITTER: f64 = 0.02;
const MOST_JITTER: f64 = 0.12;

/// How soon a host answers if the delay is to count from its answer.
const QUICK_ANSWER: Duration = Duration::from_millis(100);

thread_local! {
    static TURNS: RefCell<Vec<OwnTurn>> = const { RefCell::new(Vec::new()) };
}

/// A turn at a host that this session has or had.
struct OwnTurn {
    key: Key,
    /// Start of the transaction that began it. What that one learns of the host, others see when it has committed.
    since: pg_sys::TimestampTz,
    /// When the delay since the start of its request has passed.
    over: Instant,
    /// Whether its request is under way: then it is not over, however long that takes.
    is_asking: bool,
    /// Whether the lock is still held. A turn that a cancel cut short is remembered without it, so that at
    /// least this session keeps its distance.
    locked: bool,
}

impl OwnTurn {
    fn is_over(&self, now: Instant) -> bool {
        self.over <= now && !self.is_asking
    }
}

/// What to do while another session has the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Queue,
    OnlyIfFree,
}

/// Whether a turn was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    AtOnce,
    /// Time passed: what was known of the host before may be out of date.
    AfterAWhile,
    /// Not taken: another session has it.
    ByAnother,
}

/// Waits for the turn at `host` (name and port) and takes it. It is over when the delay has passed, which
/// [`delay_from`] tells more exactly after the request; others get theirs when this session next takes a turn, waits,
/// finishes or aborts.
///
/// While this session has a turn at another host, it tries again and again: if it queued for this one, it could
/// deadlock with a session that does the opposite. After that it queues, and is served in order. A session that holds
/// a turn may meanwhile wait for rows of this one's transaction; that cycle PostgreSQL's deadlock detector ends.
pub fn take_turn(host: &str, delay: Duration, turn: Turn) -> Taken {
    let key = key_of(host);
    let mut taken = Taken::AtOnce;
    // A server that crashed has lost its locks, and with them when the last request was: its new sessions wait.
    let over = own_turn(key).or_else(|| session_start()?.checked_add(delay));
    if let Some(over) = over.filter(|over| *over > Instant::now()) {
        sleep_until(over);
        taken = Taken::AfterAWhile;
    }
    end_finished_turns();
    let mut pause = FIRST_PAUSE;
    while !key.try_lock() {
        if turn == Turn::OnlyIfFree {
            return Taken::ByAnother;
        }
        taken = Taken::AfterAWhile;
        if next_to_give_back().is_none() {
            key.lock();
            break;
        }
        sleep_until(Instant::now() + pause.mul_f64(0.5 + 0.5 * fastrand::f64()));
        pause = (pause * 2).min(LONGEST_PAUSE);
        end_finished_turns();
    }
    begin_turn(key, delay);
    taken
}

/// When this session began, if the clock of this process reaches back so far.
fn session_start() -> Option<Instant> {
    // SAFETY: reads a variable of this backend, and the clock.
    let microseconds = unsafe { pg_sys::GetCurrentTimestamp() - pg_sys::MyStartTimestamp };
    Instant::now().checked_sub(Duration::from_micros(u64::try_from(microseconds).ok()?))
}

/// Takes the turn at `host` if it can be had at once.
pub fn try_turn(host: &str, delay: Duration) -> bool {
    let key = key_of(host);
    if own_turn(key).is_some_and(|over| over > Instant::now()) {
        return false;
    }
    end_finished_turns();
    let is_free = key.try_lock();
    if is_free {
        begin_turn(key, delay);
    }
    is_free
}

/// Gives a turn back in which no request was made.
pub fn give_back(host: &str) {
    let (key, now) = (key_of(host), Instant::now());
    TURNS.with_borrow_mut(|turns| {
        for turn in turns.iter_mut().filter(|turn| turn.key == key) {
            (turn.over, turn.is_asking) = (now, false);
        }
    });
    end_finished_turns();
}

fn begin_turn(key: Key, delay: Duration) {
    transaction::at_end(release);
    let (since, over) = (transaction_start(), Instant::now() + delay);
    TURNS.with_borrow_mut(|turns| turns.push(OwnTurn { key, since, over, is_asking: false, locked: true }));
}

/// Keeps this session's turn at `host` until its request is answered, which [`delay_from`] tells: a request is under way.
pub fn begin_request(host: &str) {
    let key = key_of(host);
    TURNS.with_borrow_mut(|turns| {
        turns.iter_mut().filter(|turn| turn.key == key).for_each(|turn| turn.is_asking = true);
    });
}

/// Ends this session's turn at `host` a delay after its request, which was `sent` and `answered` at these times.
pub fn delay_from(host: &str, sent: Instant, answered: Instant, delay: Duration) {
    let key = key_of(host);
    let over = end_of_delay(sent, answered, delay, fastrand::f64());
    TURNS.with_borrow_mut(|turns| {
        for turn in turns.iter_mut().filter(|turn| turn.key == key) {
            (turn.over, turn.is_asking) = (over, false);
        }
    });
}

/// Ends this session's turn at `host` later: its last answer told that the host wants a longer delay.
pub fn put_off(host: &str, by: Duration) {
    let key = key_of(host);
    TURNS.with_borrow_mut(|turns| {
        turns.iter_mut().filter(|turn| turn.key == key).for_each(|turn| turn.over += by);
    });
}

/// When the delay has passed after a request. When the host saw that is not known: it was handed over at `sent`, and it may have
/// been on its way, on a busy machine within it too, until the answer began. So the delay counts from the answer; of one that
/// takes long, from [`QUICK_ANSWER`] after `sent`: most of such a time is the host's own work, which would slow a crawl down
/// twice. The jitter only lengthens it; `random` is uniform in 0..1.
fn end_of_delay(sent: Instant, answered: Instant, delay: Duration, random: f64) -> Instant {
    let jittered = delay.mul_f64(1.0 + LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * random);
    (sent + jittered).max(answered.min(sent + QUICK_ANSWER) + delay)
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
    let free = key.try_lock();
    if free {
        key.unlock();
    }
    !free
}

/// Waits until all turns of this session are over, and gives them back. To be called when a job ends, so that
/// no lock outlives it.
pub fn finish() {
    // Nobody waits for the answer any more.
    TURNS.with_borrow_mut(|turns| turns.iter_mut().for_each(|turn| turn.is_asking = false));
    while let Some(over) = next_to_give_back() {
        sleep_until(over);
        end_finished_turns();
    }
}

/// Gives back the turns that are over and whose transaction has ended, while this session waits for something else.
/// Returns when the next one is over.
pub fn give_back_finished() -> Option<Instant> {
    let (now, this) = (Instant::now(), transaction_start());
    end_turns(|turn| turn.is_over(now) && turn.since != this);
    TURNS.with_borrow(|turns| {
        let left = turns.iter().filter(|turn| turn.locked && !turn.is_asking && turn.since != this);
        left.map(|turn| turn.over).min()
    })
}

fn transaction_start() -> pg_sys::TimestampTz {
    // SAFETY: reads the state of this backend's transaction.
    unsafe { pg_sys::GetCurrentTransactionStartTimestamp() }
}

fn next_to_give_back() -> Option<Instant> {
    TURNS.with_borrow(|turns| turns.iter().filter(|turn| turn.locked).map(|turn| turn.over).min())
}

fn own_turn(key: Key) -> Option<Instant> {
    TURNS.with_borrow(|turns| turns.iter().find(|turn| turn.key == key).map(|turn| turn.over))
}

fn end_finished_turns() {
    let now = Instant::now();
    end_turns(|turn| turn.is_over(now));
}

fn end_turns(is_ended: impl Fn(&OwnTurn) -> bool) {
    let ended: Vec<OwnTurn> = TURNS.with_borrow_mut(|turns| {
        let (ended, left) = std::mem::take(turns).into_iter().partition(is_ended);
        *turns = left;
        ended
    });
    ended.iter().filter(|turn| turn.locked).for_each(|turn| turn.key.unlock());
}

/// The lock key of a host.
fn key_of(host: &str) -> Key {
    Key::Host(hash_of(host))
}

/// Gives the locks back, but remembers the turns. For the end of a transaction, or of a part of one, that came before
/// [`finish`]: after a cancel or an error nobody would call it, and the locks would stay until the session ends.
pub fn release() {
    TURNS.with_borrow_mut(|turns| {
        for turn in turns.iter_mut().filter(|turn| turn.locked) {
            turn.key.unlock();
            (turn.locked, turn.is_asking) = (false, false);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_counts_from_a_quick_answer_and_the_jitter_only_lengthens_it() {
        let sent = Instant::now();
        let passed = |answered: u64, delay: u64, random: f64| {
            let answered = sent + Duration::from_millis(answered);
            (end_of_delay(sent, answered, Duration::from_millis(delay), random) - sent).as_millis()
        };
        assert_eq!((passed(1, 1000, 0.0), passed(1, 1000, 1.0)), (1020, 1120));
        assert_eq!((passed(80, 1000, 0.0), passed(80, 1000, 1.0)), (1080, 1120));
        assert_eq!((passed(2000, 1000, 0.0), passed(2000, 1000, 1.0)), (1100, 1120));
        assert_eq!(passed(40, 300, 0.0), 340);
        assert_eq!(passed(40, 0, 0.5), 40, "without a delay it is over when the page is there");
    }
}

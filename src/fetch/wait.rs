//! Waiting inside a backend so that cancel, terminate and timeouts act at once.
//!
//! The only place that talks to PostgreSQL's latches, and the only one that blocks signals.

use std::os::fd::RawFd;
use std::time::{Duration, Instant};

use pgrx::check_for_interrupts;
use pgrx::pg_sys;

/// Longest single wait: PostgreSQL takes the timeout as milliseconds in a C long; an hour is plenty.
const LONGEST: Duration = Duration::from_secs(3600);

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The socket has something to read.
    Readable,
    /// The deadline has passed.
    Deadline,
}

/// Waits until `socket` is readable or `deadline` has passed, whichever comes first. A cancel, a terminate
/// or a timeout of the statement raises its error from here, within milliseconds.
pub fn wait(socket: Option<RawFd>, deadline: Option<Instant>) -> Wake {
    loop {
        check_for_interrupts!();
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Wake::Deadline;
        }
        if wait_once(socket, left) {
            return Wake::Readable;
        }
    }
}

/// Sleeps until `deadline`; interrupts act at once.
pub fn sleep_until(deadline: Instant) {
    wait(None, Some(deadline));
}

/// Whether `socket` is readable by now.
pub fn is_readable(socket: RawFd) -> bool {
    let mut look = libc::pollfd { fd: socket, events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry, which lives as long as the call; it does not wait.
    unsafe { libc::poll(&mut look, 1, 0) == 1 }
}

/// One wait on the latch; true if the socket became readable.
fn wait_once(socket: Option<RawFd>, left: Option<Duration>) -> bool {
    let mut events = pg_sys::WL_LATCH_SET | pg_sys::WL_EXIT_ON_PM_DEATH;
    let mut timeout = -1;
    if let Some(left) = left {
        events |= pg_sys::WL_TIMEOUT;
        // Rounded up, so that the loop above does not spin through the last millisecond.
        timeout = left.min(LONGEST).as_millis() as std::ffi::c_long + 1;
    }
    if socket.is_some() {
        events |= pg_sys::WL_SOCKET_READABLE;
    }
    // SAFETY: MyLatch is valid in every backend, the socket is open for as long as its owner borrows it to
    // us, and an error raised by the call unwinds through pgrx's guard.
    let woken = unsafe {
        let woken = pg_sys::WaitLatchOrSocket(
            pg_sys::MyLatch,
            events as i32,
            socket.unwrap_or(pg_sys::PGINVALID_SOCKET),
            timeout,
            pg_sys::PG_WAIT_EXTENSION,
        );
        if woken as u32 & pg_sys::WL_LATCH_SET != 0 {
            pg_sys::ResetLatch(pg_sys::MyLatch);
        }
        woken as u32
    };
    woken & pg_sys::WL_SOCKET_READABLE != 0
}

/// Runs `spawn` with every signal blocked. Threads that it starts, and those that they start, inherit the
/// full mask: PostgreSQL's SIGURG, SIGALRM and SIGTERM then always land on the backend's own thread.
pub fn with_signals_blocked<R>(spawn: impl FnOnce() -> R) -> R {
    // SAFETY: plain libc calls on local signal sets. The mask is restored on every path: `spawn` may not
    // panic past this frame since a panic is resumed only after the restore.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(spawn));
        libc::pthread_sigmask(libc::SIG_SETMASK, &before, std::ptr::null_mut());
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

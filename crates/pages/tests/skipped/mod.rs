//! What a test says that cannot run here.

use std::cell::Cell;
use std::fmt::Display;
use std::io::Write;

thread_local! {
    static SAID: Cell<bool> = const { Cell::new(false) };
}

/// Says that the test that calls this is skipped, and why: once for each test, as each has a thread of its own.
#[allow(clippy::explicit_write, reason = "the test runner would keep what eprintln! prints to itself")]
pub fn because(why: impl Display) {
    if SAID.replace(true) {
        return;
    }
    let thread = std::thread::current();
    writeln!(std::io::stderr(), "skipped, {why}: {}", thread.name().unwrap_or_default()).unwrap();
}

//! The queue by hand.

use pgrx::datum::TimestampWithTimeZone;
use pgrx::prelude::*;

use crate::error::unwrap_or_raise;
use crate::jobs::by_hand;

/// Enqueues a task and returns its id. `key`: an organization's id for `enrich`, a username for `member`, a URL
/// for `listing`, nothing for `directory`.
#[pg_extern]
fn bat_enqueue(
    kind: &str,
    key: default!(Option<&str>, "NULL"),
    run_after: default!(TimestampWithTimeZone, "pg_catalog.now()"),
) -> i64 {
    unwrap_or_raise(by_hand::enqueue(kind, key, run_after))
}

/// Gives dead tasks a new chance: all, those of a kind, or one. Returns how many.
#[pg_extern]
fn bat_retry(kind: default!(Option<&str>, "NULL"), key: default!(Option<&str>, "NULL")) -> i64 {
    unwrap_or_raise(by_hand::retry(kind, key))
}

/// Leaves a host alone until `bat_resume`.
#[pg_extern]
fn bat_pause(host: &str) {
    unwrap_or_raise(by_hand::pause(host));
}

/// Ends a host's rest. Returns whether it was resting.
#[pg_extern]
fn bat_resume(host: &str) -> bool {
    unwrap_or_raise(by_hand::resume(host))
}

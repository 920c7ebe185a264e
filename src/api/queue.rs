//! The queue by hand.

use pgrx::datum::TimestampWithTimeZone;
use pgrx::prelude::*;

use super::edge::{enter, given};
use crate::jobs::by_hand;

/// Enqueues a task and returns its id. `key`: an organization's id for `enrich`, a username for `member`, a URL
/// for `listing`, nothing for `directory`.
#[pg_extern]
fn bat_enqueue(
    kind: Option<&str>,
    key: default!(Option<&str>, "NULL"),
    run_after: default!(Option<TimestampWithTimeZone>, "pg_catalog.now()"),
) -> i64 {
    enter(|| by_hand::enqueue(given("kind", kind)?, key, given("run_after", run_after)?))
}

/// Gives dead tasks a new chance: all, those of a kind, or one. Returns how many.
#[pg_extern]
fn bat_retry(kind: default!(Option<&str>, "NULL"), key: default!(Option<&str>, "NULL")) -> i64 {
    enter(|| by_hand::retry(kind, key))
}

/// Leaves a host alone until `bat_resume`.
#[pg_extern]
fn bat_pause(host: Option<&str>) {
    enter(|| by_hand::pause(given("host", host)?));
}

/// Ends a host's rest. Returns whether it was resting.
#[pg_extern]
fn bat_resume(host: Option<&str>) -> bool {
    enter(|| by_hand::resume(given("host", host)?))
}

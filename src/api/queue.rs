//! The queue by hand.

use pgrx::datum::TimestampWithTimeZone;
use pgrx::prelude::*;

use super::edge::{enter, given};
use crate::jobs::by_hand;

/// Enqueues a task and returns its id. `key`: an organization's id for `enrich` and `inventory`, a username for `member`, a
/// URL for `listing`, nothing for `directory`. `inventory` without a key: every organization with a web site.
#[pg_extern]
fn bat_enqueue(
    kind: Option<&str>,
    key: default!(Option<&str>, "NULL"),
    run_after: default!(Option<TimestampWithTimeZone>, "pg_catalog.now()"),
    run_mode: default!(Option<&str>, "NULL"),
) -> i64 {
    enter(|| by_hand::enqueue(given("kind", kind)?, key, given("run_after", run_after)?, run_mode))
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

extension_sql!(
    r"
COMMENT ON FUNCTION bat_enqueue(text, text, timestamptz, text) IS
    'Enqueues one task, due at run_after; returns its id. key: an organization''s id for enrich, images and inventory, a username for member, a URL for listing, a feed for catalogue, an organization''s id, a blank and a URL for inventory_item, nothing for directory. inventory without a key: one for every organization with a web site; run_mode, only for these: current (for sale), sold, or both.';
COMMENT ON FUNCTION bat_retry(text, text) IS
    'Gives dead tasks a new chance: all, those of a kind, or the one of a key, as bat_enqueue takes it. Returns how many.';
COMMENT ON FUNCTION bat_pause(text) IS
    'Leaves a host, by its name or a URL, alone until bat_resume.';
COMMENT ON FUNCTION bat_resume(text) IS
    'Ends a host''s rest, also one that the site asked for. Returns whether it was resting.';
",
    name = "queue_comments",
    requires = [bat_enqueue, bat_retry, bat_pause, bat_resume]
);

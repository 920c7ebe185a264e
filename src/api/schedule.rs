//! What the schedule calls; the schedule itself is in `sql/`.

use pgrx::prelude::*;

use super::edge::{enter, given};
use super::summary::summary_row;
use crate::jobs::schedule;
use crate::store::Store;

/// Enqueues all that is due of a kind: the directory, every partner's member page, the partners' sites that were not
/// read for 30 days, or the live listings that the queue has lost.
#[pg_extern(requires = ["types"])]
fn bat_enqueue_due(kind: Option<&str>) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| schedule::enqueue_due(given("kind", kind)?))
}

/// Forgets old requests, old runs, and pg_cron's old lines about the jobs of this extension.
#[pg_extern(requires = ["types"])]
fn bat_clean_up() -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(schedule::clean_up)
}

/// What keeps existing tables from being adopted, one line each.
#[pg_extern(stable)]
fn bat_obstacles() -> Vec<String> {
    enter(|| Store::open().and_then(|store| store.obstacles()))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_enqueue_due(text) IS
    'Enqueues all that is due of a kind: directory, catalogue, member, enrich (not read for 30 days), listing (live ones without a next visit), images, inventory.';
COMMENT ON FUNCTION bat_clean_up() IS
    'Forgets requests after 30 days, runs after 90 (idle ones after 7; each job''s last stays), pg_cron''s lines after 7.';
COMMENT ON FUNCTION bat_obstacles() IS
    'What keeps existing tables from being adopted by bat_setup, one line each; nothing if nothing does.';
",
    name = "schedule_comments",
    requires = [bat_enqueue_due, bat_clean_up, bat_obstacles]
);

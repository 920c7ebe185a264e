//! What needs a real client: commits, cancel, roles, crashes, dump and restore, pg_cron. Each test starts a
//! server of its own, on a free loopback port and in a private folder, and stops it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod cancel;
mod chaos;
mod coverage;
mod coverage_figures;
mod crash;
mod cron;
mod distribute;
mod dump;
mod failure;
mod fairness;
mod fidelity;
mod health;
mod history;
mod hostile_text;
mod identity;
mod ingest;
mod life;
mod life_by_catalogue;
mod pacing;
mod plans;
mod politeness;
mod problems;
mod queue;
mod reparse;
mod retention;
mod roles;
mod schedule;
mod server;
mod server_faults;
mod site;
mod standby;
mod sweep;
mod telling;
mod threads;
mod threads_archive;
mod threads_hostile;
mod transactions;
mod visits;
mod workers;

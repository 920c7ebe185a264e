//! What each job and each task does: fetch, parse, store, follow-up tasks. Knows no SQL text.

mod ahead;
pub mod archive;
mod attribution;
pub mod begin;
pub mod by_hand;
pub mod calls;
pub mod context;
pub mod directory;
pub mod enrich;
mod gate;
mod lease;
pub mod listing;
pub mod member;
pub mod perform;
mod refusals;
pub mod reparse;
mod reread;
mod robots;
mod rows;
pub mod schedule;
mod settle;
pub mod site;
pub mod summary;
pub mod tasks;
pub mod visit;
pub mod worker;

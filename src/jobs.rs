//! What each job and each task does: fetch, parse, store, follow-up tasks. Knows no SQL text.

mod attribution;
pub mod begin;
pub mod by_hand;
pub mod calls;
pub mod context;
pub mod directory;
pub mod enrich;
mod lease;
pub mod listing;
pub mod member;
pub mod perform;
mod rows;
pub mod schedule;
pub mod site;
pub mod summary;
pub mod tasks;
pub mod visit;
pub mod worker;

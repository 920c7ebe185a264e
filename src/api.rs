//! The SQL surface: signatures, and nothing else.

mod archive;
mod edge;
mod grants;
mod internal;
mod jobs;
mod parse;
mod queue;
mod repair;
mod reparse;
mod report;
mod schedule;
mod summary;

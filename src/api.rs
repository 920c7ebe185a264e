//! The SQL surface: signatures, defaults, and the words of results.

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

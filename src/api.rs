//! The SQL surface: signatures, and nothing else.

mod edge;
mod internal;
mod jobs;
mod parse;
mod queue;
mod schedule;
mod summary;

//! Requests to the outside: one at a time per host, cancellable, guarded.
//!
//! Knows HTTP, pacing, robots and addresses; knows neither HTML nor tables.

pub mod address;
pub mod client;
mod connected;
mod connection;
mod fetcher;
mod glance;
pub mod pacing;
mod readers;
pub mod retry;
pub mod robots;
pub mod slowdown;
mod thread;
pub mod wait;

pub use client::{Conditions, Head, Pending, Response, Wants, queue, start};
pub use glance::Glance;

//! Tests of the replica over its socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod admin;
mod client;
mod dealers;
mod faults;
mod instructions;
mod site;

//! Tests that run inside a server, each in a transaction that is rolled back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod adoption;
mod pure;
mod settings;

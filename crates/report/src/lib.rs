//! What is stored of Bring a Trailer's local partners, as one HTML page that needs nothing else: no script, no style sheet,
//! no network. Plain Rust: typed structs in, text out.
//!
//! What is shown was written by others. The templates escape everything, a link leads to `http` or `https` or is none, and
//! the page forbids the browser all but its own styles and pictures.

mod chart;
mod data;
mod map;
mod page;
mod text;

pub use data::{Currency, Month, Partner, Problem, Report, Run, Status, Vehicle};
pub use page::render;

#[cfg(test)]
mod tests;

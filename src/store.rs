//! All SQL text of the extension. Knows neither HTTP nor HTML.

pub mod archive;
pub mod businesses;
pub mod catalogue;
pub mod coverage;
pub mod crawls;
mod distributed;
pub mod fetches;
mod fresh;
pub mod freshness;
pub mod hosts;
pub mod inventory;
pub mod links;
pub mod listings;
pub mod look;
pub mod memory;
pub mod merge;
pub mod packing;
pub mod pages;
pub mod privileges;
pub mod profiles;
pub mod report;
pub mod retention;
pub mod runs;
pub mod schedule;
pub mod setup;
pub mod sql;
pub mod stored;
pub mod subtransaction;
pub mod tables;
pub mod tasks;
pub mod threads;
pub mod upsert;
pub mod vehicles;

pub use sql::Store;

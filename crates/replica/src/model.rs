//! What is on the site, before it becomes pages.

pub(crate) mod auctions;
pub(crate) mod details;
pub(crate) mod directory;
pub(crate) mod kinds;
pub(crate) mod listing;
pub(crate) mod members;
pub(crate) mod names;
pub(crate) mod thread;

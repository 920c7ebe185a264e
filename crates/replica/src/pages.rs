//! The pages, in the real ones' structure.

pub(crate) mod article;
pub(crate) mod auction;
pub(crate) mod bids;
pub(crate) mod directory;
pub(crate) mod essentials;
pub(crate) mod gallery;
pub(crate) mod head;
pub(crate) mod intro;
pub(crate) mod listing;
pub(crate) mod member;
pub(crate) mod parts;
pub(crate) mod shell;
pub(crate) mod site;
pub(crate) mod vms;

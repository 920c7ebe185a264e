//! Saved pages of real sites. They belong to the sites, and stay out of the repository: a test that reads one is
//! skipped, and says so, where their folder is absent. Where it is there, each of them must be.

#![allow(dead_code, missing_docs)] // Every test file uses its own share.

use std::path::{Path, PathBuf};

#[path = "../skipped/mod.rs"]
mod skipped;

/// One of the folders of saved pages; `None` where it is absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bat").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    skipped::because(format_args!("there is no folder {}", folder.display()));
    None
}

/// A page of the auction site, or a list of its partners.
pub fn text(folder_name: &str, name: &str) -> Option<String> {
    Some(String::from_utf8(bytes(folder_name, name)?).unwrap())
}

/// A page as it was sent.
pub fn bytes(folder_name: &str, name: &str) -> Option<Vec<u8>> {
    let path = folder(folder_name)?.join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

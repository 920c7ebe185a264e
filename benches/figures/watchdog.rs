//! In place of the tests' watchdog, which ends a server after some minutes: a benchmark takes as long as it takes.

use std::path::Path;

pub fn watch(_data: &Path) {}

pub fn forget(_data: &Path) {}

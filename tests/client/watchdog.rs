//! Ends a server whose test takes too long: a statement that hangs becomes a lost connection, and so a test that fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::server;

/// How long a server may run: more than twice as long as the longest test takes, that of all examples of the documentation.
pub const LONGEST: Duration = Duration::from_secs(480);

/// The data folders of the servers that run, each with the time when it is to be ended.
static WATCHED: LazyLock<Mutex<BTreeMap<PathBuf, Instant>>> = LazyLock::new(|| {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1));
            end_overdue();
        }
    });
    Mutex::default()
});

/// Ends the server of this data folder when it has run for [`LONGEST`]. One that is started again keeps its time.
pub fn watch(data: &Path) {
    watched().entry(data.to_owned()).or_insert_with(|| Instant::now() + LONGEST);
}

/// Watches this server no longer: its test is over.
pub fn forget(data: &Path) {
    watched().remove(data);
}

fn end_overdue() {
    let now = Instant::now();
    // Not under the lock: a server takes a while to end.
    let overdue: Vec<PathBuf> =
        watched().extract_if(.., |_, end| *end <= now).map(|(data, _)| data).collect();
    for data in overdue {
        eprintln!("still running after {LONGEST:?}, ended: the server in {}", data.display());
        server::stop(&data, "immediate");
    }
}

fn watched() -> MutexGuard<'static, BTreeMap<PathBuf, Instant>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Who works on which run: a session lock per run tells the living from the lost.

use std::cell::Cell;

use crate::error::Result;
use crate::locks::Key;
use crate::settings;
use crate::store::Store;
use crate::transaction;

thread_local! {
    /// The run that this session works on.
    static HELD: Cell<Option<Key>> = const { Cell::new(None) };
    /// A lost run that it is closing.
    static CLOSING: Cell<Option<Key>> = const { Cell::new(None) };
}

/// Holds a run until the transaction ends for good: its end is committed, or a cancel, an error or a lost connection came
/// before that. Who gets it then sees how it ended.
pub fn hold(run: i64) {
    transaction::at_end(release);
    release();
    let key = Key::Run(run);
    if key.try_lock() {
        HELD.set(Some(key));
    }
}

fn release() {
    for key in [HELD.take(), CLOSING.take()].into_iter().flatten() {
        key.unlock();
    }
}

/// Closes the runs whose session is gone, and takes their tasks back. Returns how many tasks came back.
pub fn reclaim(store: &Store) -> Result<usize> {
    // A cancel may come while one is closed: nobody else could close it as long as this session lives.
    transaction::at_end(release);
    let max_attempts = settings::max_attempts();
    let mut reclaimed = store.reclaim(None, max_attempts)?;
    for run in store.open_runs()? {
        let key = Key::Run(run);
        if HELD.get() == Some(key) || !key.try_lock() {
            continue;
        }
        if let Some(left) = CLOSING.replace(Some(key)) {
            left.unlock();
        }
        let result = store.close_lost_run(run).and_then(|()| store.reclaim(Some(run), max_attempts));
        if let Some(key) = CLOSING.take() {
            key.unlock();
        }
        reclaimed += result?;
    }
    Ok(reclaimed)
}

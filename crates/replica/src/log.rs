//! What was asked of the replica, and when.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Number of the request, from 1, in the order in which requests began.
    pub seq: u64,
    /// When its head had been read: Unix seconds.
    pub start: f64,
    /// The same in nanoseconds.
    pub start_ns: u64,
    /// When the last byte of the answer was handed to the system: Unix seconds; 0 while it is on its way.
    pub end: f64,
    /// Method.
    pub method: String,
    /// Path with query, as sent.
    pub path: String,
    /// `Host` header.
    pub host: Option<String>,
    /// Status of the answer; 0 while there is none, and if the connection was cut before one.
    pub status: u16,
    /// Bytes of the body that were sent, compressed if they were.
    pub bytes: u64,
    /// `User-Agent` header.
    pub user_agent: Option<String>,
    /// `If-None-Match` header.
    pub if_none_match: Option<String>,
    /// `If-Modified-Since` header.
    pub if_modified_since: Option<String>,
    /// `Accept-Encoding` header.
    pub accept_encoding: Option<String>,
    /// Kind of the fault that struck it, if one did.
    pub fault: Option<String>,
    /// `Retry-After` of the answer.
    pub retry_after: Option<String>,
}

/// The log: in memory, and in a file of JSON lines if one is given.
#[derive(Debug, Default)]
pub(crate) struct Log {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    /// By their numbers: a log of many thousand requests must not slow the site down.
    entries: BTreeMap<u64, LogEntry>,
    file: Option<std::fs::File>,
}

impl Log {
    /// A log, also kept in a file.
    pub fn open(file: Option<&Path>) -> std::io::Result<Self> {
        let file = file.map(std::fs::File::create).transpose()?;
        Ok(Self { inner: Mutex::new(Inner { file, ..Inner::default() }) })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a request that begins now.
    pub fn begin(&self) -> u64 {
        let mut inner = self.lock();
        inner.next += 1;
        inner.next
    }

    /// Records what is known of a request so far. A client that has its answer finds it in the log: so it is
    /// entered before the answer is sent, and again when it is over.
    pub fn record(&self, entry: &LogEntry) {
        self.lock().entries.insert(entry.seq, entry.clone());
    }

    /// Records a request that is over. One that the log forgot meanwhile stays forgotten.
    pub fn finish(&self, entry: &LogEntry) {
        let mut inner = self.lock();
        if let Some(file) = &mut inner.file
            && let Ok(line) = serde_json::to_string(entry)
        {
            // A full disk must not end the site that a test runs against.
            let _ = writeln!(file, "{line}");
        }
        if let Some(known) = inner.entries.get_mut(&entry.seq) {
            known.clone_from(entry);
        }
    }

    /// All requests so far, in the order in which they began.
    pub fn entries(&self) -> Vec<LogEntry> {
        self.lock().entries.values().cloned().collect()
    }

    /// Forgets all requests; the numbers go on.
    pub fn clear(&self) {
        self.lock().entries.clear();
    }
}

/// Now, in Unix nanoseconds.
pub(crate) fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}

//! Between SQL and the rest: a safe search path on the way in, errors raised on the way out.

use crate::error::{Error, Result};
use crate::search_path::SafeSearchPath;

/// Runs `work` under a safe search path; raises its error.
pub fn enter<T>(work: impl FnOnce() -> Result<T>) -> T {
    let result = {
        let _path = SafeSearchPath::enter();
        work()
    };
    result.unwrap_or_else(|error| error.raise())
}

/// An argument that may not be NULL.
pub fn given<T>(name: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::Null(name.to_owned()))
}

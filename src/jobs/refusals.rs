//! Hosts that refused, or asked for patience: what this session and the queue remember of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::context::{Context, Patience};
use super::site::{host_key, parse};
use crate::error::{Error, Result};

/// First rest of a host that refused; it doubles with every further refusal.
const FIRST_REST: Duration = Duration::from_secs(300);

/// The same where a 429 says nothing about how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

thread_local! {
    /// Hosts that refused this session, and until when it leaves them alone.
    static REFUSED: RefCell<HashMap<String, Instant>> = RefCell::new(HashMap::new());
}

impl Context {
    /// Lets the host rest after it refused or asked for patience.
    pub fn note_refusal(&self, key: &str, error: &Error) -> Result<()> {
        match error {
            Error::Blocked { .. } => {
                let is_noted = self.store.rest_host(key, &error.to_string(), FIRST_REST.as_secs_f64())?;
                // With an inline call the row goes with the transaction if the error ends it.
                if !is_noted || self.patience == Patience::Inline {
                    leave_alone(key, FIRST_REST);
                }
            }
            // An inline call may wait and try again: its last answer counts.
            Error::TooManyRequests { .. } if self.patience == Patience::Queue => {
                self.grant_patience(key, error)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets a host rest for as long as it asked with its last answer to an inline call. In the queue that was noted already.
    pub fn note_last_answer(&self, error: &Error) -> Result<()> {
        match error {
            Error::TooManyRequests { url, .. } if self.patience == Patience::Inline => {
                self.grant_patience(&host_key(&parse(url)?), error)
            }
            _ => Ok(()),
        }
    }

    fn grant_patience(&self, key: &str, error: &Error) -> Result<()> {
        let pause = error.retry_after().unwrap_or(DEFAULT_PAUSE);
        let is_noted = self.store.rest_host(key, &error.to_string(), pause.as_secs_f64())?;
        // As above.
        if !is_noted || self.patience == Patience::Inline {
            leave_alone(key, pause);
        }
        Ok(())
    }
}

/// Lets this session leave a host alone, whatever the others do.
pub fn leave_alone(key: &str, rest: Duration) {
    REFUSED.with_borrow_mut(|refused| refused.insert(key.to_owned(), Instant::now() + rest));
}

/// Fails if the host refused this session a moment ago.
pub fn require_none(key: &str) -> Result<()> {
    let rest = REFUSED.with_borrow(|refused| refused.get(key).copied());
    let left = rest.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default();
    if left.is_zero() {
        return Ok(());
    }
    let until = jiff::Timestamp::now() + left;
    Err(Error::HostResting { host: key.to_owned(), until: until.to_string(), seconds: left.as_secs() + 1 })
}

/// Ends this session's own rest of a host. Returns whether there was one.
pub fn forgive(key: &str) -> bool {
    REFUSED.with_borrow_mut(|refused| refused.remove(key)).is_some()
}

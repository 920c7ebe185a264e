//! The gate in front of each request: address, the host's rest, its robots.txt, its turn.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::context::{Context, Patience};
use super::refusals;
use super::site::{host_key, robots_key};
use crate::error::{Error, Result};
use crate::fetch::address::{self, Permit};
use crate::fetch::pacing::{Taken, Turn};
use crate::fetch::retry::Meaning;
use crate::fetch::slowdown::{self, Sign};
use crate::fetch::{self, Conditions, Glance, Head, Pending, Response, pacing};
use crate::settings;
use crate::store::fetches::Fetch;
use crate::store::hosts::Host;

/// Least change of a host's slowdown that is noted: an answer as quick as ever touches no row.
const LEAST_CHANGE: f64 = 0.01;

/// Leave to make a request, and this session's turn to do so.
pub struct Pass {
    key: String,
    /// Between two requests, usually: the setting's, or the host's own.
    delay: Duration,
    slowdown: f64,
    /// Whether the host has refused requests before.
    has_refused: bool,
}

/// A request under way.
pub struct InFlight<T> {
    pass: Pass,
    url: Url,
    requested_at: Timestamp,
    pending: Pending<T>,
}

impl Pass {
    fn of(key: &str, delay: Duration, host: &Host) -> Pass {
        let slowdown = host.slowdown.unwrap_or(1.0);
        Pass { key: key.to_owned(), delay, slowdown, has_refused: host.refusals > 0 }
    }

    fn stretched_delay(&self) -> Duration {
        slowdown::stretched(self.delay, self.slowdown)
    }
}

impl<T> InFlight<T> {
    /// Whether the host has refused requests before.
    pub fn is_of_refuser(&self) -> bool {
        self.pass.has_refused
    }

    /// Whether a page is there, or the answer that it has not changed. Only for the first of the requests that are under way.
    pub fn is_served(&mut self) -> bool {
        self.pending.is_served()
    }
}

impl Context {
    /// Waits until the host's rest, its robots.txt and its turn permit a request; fails if the first two do not.
    pub fn pass(&self, url: &Url) -> Result<Pass> {
        check_address(url)?;
        let key = host_key(url);
        let host = self.awake_host(&key)?;
        let delay = match settings::respect_robots() {
            true => self.robots_of(url, &key, &host)?.require(url)?,
            false => Duration::ZERO,
        };
        self.take_turn(&key, delay.max(settings::request_delay()), &host)
    }

    /// The same, but only if it can be had at once, without a request for robots.txt.
    pub fn pass_at_once(&self, url: &Url) -> Result<Option<Pass>> {
        check_address(url)?;
        let key = host_key(url);
        let host = awake(&key, self.store.host_of_late(&key)?)?;
        let delay = match settings::respect_robots() {
            true if host.robots_valid && robots_key(url) == key => {
                self.robots_of(url, &key, &host)?.require(url)?
            }
            true => return Ok(None),
            false => Duration::ZERO,
        };
        let delay = delay.max(settings::request_delay());
        let pass = Pass::of(&key, delay, &host);
        Ok(pacing::try_turn(&key, pass.stretched_delay()).then_some(pass))
    }

    /// Waits for the turn at a host, and looks again whether it rests: another session may have been refused meanwhile. A
    /// worker that has not asked for anything yet does not wait for another session's turn: there may be work elsewhere.
    pub fn take_turn(&self, key: &str, delay: Duration, host: &Host) -> Result<Pass> {
        self.require_time()?;
        let pass = Pass::of(key, delay, host);
        let turn = match self.patience {
            Patience::Queue if !self.has_asked() => Turn::OnlyIfFree,
            _ => Turn::Queue,
        };
        match pacing::take_turn(key, pass.stretched_delay(), turn) {
            Taken::AtOnce => {}
            Taken::AfterAWhile => {
                if let Err(error) = self.awake_host(key) {
                    pacing::give_back(key);
                    return Err(error);
                }
            }
            Taken::ByAnother => return Err(Error::HostBusy { host: key.to_owned() }),
        }
        Ok(pass)
    }

    /// What is known of a host, if it is not to be left alone.
    pub(super) fn awake_host(&self, key: &str) -> Result<Host> {
        awake(key, self.store.host(key)?)
    }

    /// Starts a request. Threads look at the answer by `glance` and make of it what its reading returns; neither may call into
    /// PostgreSQL.
    pub fn start<T: Send + 'static>(
        &self,
        pass: Pass,
        url: &Url,
        conditions: &Conditions,
        glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
    ) -> Result<InFlight<T>> {
        let pending = match fetch::start(url, conditions.clone(), glance) {
            Ok(pending) => pending,
            Err(error) => {
                pacing::give_back(&pass.key);
                return Err(error);
            }
        };
        // A host that wants no delay may be asked by several sessions at once.
        if !pass.stretched_delay().is_zero() {
            pacing::begin_request(&pass.key);
        }
        Ok(InFlight { pass, url: url.clone(), requested_at: Timestamp::now(), pending })
    }

    /// Queues a request behind one that is under way. `None` where that is not possible: a host that wants a delay between
    /// two requests is asked for one page at a time.
    pub fn queue<T: Send + 'static, U>(
        &self,
        pass: Pass,
        behind: &InFlight<U>,
        url: &Url,
        conditions: &Conditions,
        glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
    ) -> Result<Option<InFlight<T>>> {
        if pass.key != behind.pass.key || !pass.stretched_delay().is_zero() {
            return Ok(None);
        }
        let queued = fetch::queue(&behind.pending, self.until, url, conditions.clone(), glance)?;
        Ok(queued.map(|pending| InFlight { pass, url: url.clone(), requested_at: Timestamp::now(), pending }))
    }

    /// Waits for the answer to a request, and notes it in `bat_fetches`. `flaw`: what is wrong with the body of a page.
    pub fn finish<T>(
        &self,
        request: InFlight<T>,
        flaw: impl FnOnce(&T) -> Option<&Error>,
    ) -> Result<Response<T>> {
        let InFlight { pass, url, requested_at, pending } = request;
        let result = pending.wait();
        match result {
            Err(Error::NotAsked) => return result,
            Err(Error::Unable(_)) => {
                pacing::give_back(&pass.key);
                return result;
            }
            _ => {}
        }
        let now = Instant::now();
        // A request that failed may have been seen until now: connecting and waiting took their time.
        let (sent, answered) = match &result {
            Ok(Response { head, .. }) => (head.sent, head.answered),
            Err(_) => (now, now),
        };
        let (sign, outcome) = judged(&result, flaw);
        let latency = result.as_ref().map_or(Duration::ZERO, |response| response.head.elapsed);
        let slowdown = slowdown::after(pass.slowdown, pass.delay, sign, latency);
        pacing::delay_from(&pass.key, sent, answered, slowdown::stretched(pass.delay, slowdown));
        if (slowdown - pass.slowdown).abs() > LEAST_CHANGE {
            self.store.slow_down(&pass.key, slowdown)?;
        }
        let (status, bytes) = match &result {
            Ok(Response { head, .. }) => (Some(i32::from(head.status)), head.bytes),
            Err(_) => (None, 0),
        };
        let elapsed_ms = match &result {
            Ok(response) => i64::try_from(response.head.elapsed.as_millis()).unwrap_or(i64::MAX),
            Err(_) => Timestamp::now().as_millisecond() - requested_at.as_millisecond(),
        };
        // One that was queued was made later.
        let requested_at = SignedDuration::try_from(sent.elapsed())
            .map_or(requested_at, |ago| requested_at.max(Timestamp::now() - ago));
        self.note_fetch(Fetch {
            requested_at: requested_at.to_string(),
            run_id: self.run,
            task_id: self.task,
            host: pass.key,
            url: address::printable(&url),
            status,
            outcome,
            bytes: i32::try_from(bytes).unwrap_or(i32::MAX),
            elapsed_ms: i32::try_from(elapsed_ms).unwrap_or(i32::MAX),
        })?;
        result
    }
}

/// The host, if it is not to be left alone.
fn awake(key: &str, host: Host) -> Result<Host> {
    if let Some(seconds) = host.resting_seconds {
        return Err(Error::HostResting {
            host: key.to_owned(),
            until: host.resting_until.unwrap_or_default(),
            seconds: seconds.ceil() as u64,
        });
    }
    refusals::require_none(key)?;
    Ok(host)
}

/// Fails for an address that is not to be reached.
pub fn check_address(url: &Url) -> Result<()> {
    let permit =
        Permit { private_addresses: settings::allow_private_addresses(), base_url: settings::base_url() };
    address::check(url, &permit)
}

/// What an answer says of its host's health, and the word for it in `bat_fetches.outcome`.
fn judged<T>(result: &Result<Response<T>>, flaw: impl FnOnce(&T) -> Option<&Error>) -> (Sign, &'static str) {
    match result {
        Ok(Response { head, body }) => {
            let meaning = match flaw(body) {
                Some(Error::Blocked { .. }) => Meaning::Wall,
                _ => Meaning::of(head.status),
            };
            (meaning.sign(), meaning.outcome())
        }
        Err(Error::Connection { timed_out: true, .. }) => (Sign::Trouble, "timeout"),
        Err(Error::Connection { .. }) => (Sign::Trouble, "connection"),
        Err(Error::Refused { .. }) => (Sign::None, "refused"),
        Err(Error::TooLarge { .. }) => (Sign::None, "too_large"),
        Err(_) => (Sign::None, "internal"),
    }
}

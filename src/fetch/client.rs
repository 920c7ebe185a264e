//! A request of a backend: handed to the fetch thread, waited for on the latch.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use url::Url;

use super::address::{self, Permit};
use super::fetcher::{Queued, Request};
use super::glance::Glance;
use super::pacing;
use super::retry::Meaning;
use super::thread::{Config, FetchThread};
use super::wait::{Wake, is_readable, wait};
use crate::error::{Error, Result};
use crate::settings;

/// How much longer than the request's own timeout the backend waits for its thread.
const GRACE: Duration = Duration::from_secs(5);

thread_local! {
    /// The backend's fetch thread while it is idle. It is taken out for the time of a request, so that an
    /// error drops it, and the next request starts a fresh one.
    static IDLE: RefCell<Option<Rc<FetchThread>>> = const { RefCell::new(None) };
}

/// What an answer is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wants {
    /// A page. One over `bat_partners.max_page_size` is an error.
    #[default]
    Page,
    /// A picture. No more of it is read than [`PICTURE_SIZE`].
    Picture,
}

/// Most that is read of a picture, in bytes: what it is stands at its beginning.
pub const PICTURE_SIZE: usize = 2 * 1024 * 1024;

/// What a request says beside its URL: what is wanted, and what is known of an earlier answer.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// What the answer is to be.
    pub wants: Wants,
    /// `ETag` of the earlier answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the earlier answer.
    pub last_modified: Option<String>,
}

/// An answer, and what was made of its body. Redirects are answers too: following them is the caller's business.
#[derive(Clone, Debug)]
pub struct Response<T> {
    pub head: Head,
    pub body: T,
}

/// What an answer says beside its body.
#[derive(Clone, Debug)]
pub struct Head {
    /// What was asked for.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// `ETag` header.
    pub etag: Option<String>,
    /// `Last-Modified` header.
    pub last_modified: Option<String>,
    /// `Content-Type` header.
    pub content_type: Option<String>,
    /// How long the site asks to wait.
    pub retry_after: Option<Duration>,
    /// Size of the body, decompressed. Only that of a 2xx answer is read.
    pub bytes: usize,
    /// Whether the body was read to its end.
    pub is_whole: bool,
    /// When the request was sent: once the connection was there.
    pub sent: Instant,
    /// When the answer began: by then at the latest the host has seen the request.
    pub answered: Instant,
    /// How long the request took, with the body.
    pub elapsed: Duration,
}

impl Head {
    /// Whether it is that of a page, or of the answer that it has not changed.
    pub fn is_served(&self) -> bool {
        Meaning::of(self.status).is_served()
    }
}

/// A request under way. Dropping it abandons the request, and those that were queued behind it.
pub struct Pending<T> {
    url: Url,
    thread: Rc<FetchThread>,
    answer: Receiver<Result<Response<T>>>,
    deadline: Instant,
    /// The answer, if it was taken before it is waited for.
    early: Option<Result<Response<T>>>,
    is_over: bool,
}

/// Starts a GET request. Threads look at head and body (empty but for 2xx) by `glance`, and make of them what its reading
/// returns; neither may call into PostgreSQL. Pacing and robots are the caller's business; the address rule is enforced here.
pub fn start<T: Send + 'static>(
    url: &Url,
    conditions: Conditions,
    glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
) -> Result<Pending<T>> {
    let config = checked(url)?;
    let idle = IDLE.with_borrow_mut(Option::take).filter(|thread| *thread.config() == config);
    let thread = match idle {
        Some(thread) => thread,
        None => Rc::new(FetchThread::start(config)?),
    };
    submit(thread, url, conditions, None, Instant::now(), glance)
}

/// Queues a GET request behind one that is under way: it is made as soon as that is answered by a page, and before
/// `until`. Otherwise waiting for it ends with [`Error::NotAsked`]. `None` if it needs other settings than that one.
pub fn queue<T: Send + 'static, U>(
    behind: &Pending<U>,
    until: Option<Instant>,
    url: &Url,
    conditions: Conditions,
    glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
) -> Result<Option<Pending<T>>> {
    if checked(url)? != *behind.thread.config() {
        return Ok(None);
    }
    let queued = Some(Queued { until });
    let start = behind.deadline.max(Instant::now());
    submit(behind.thread.clone(), url, conditions, queued, start, glance).map(Some)
}

/// What a client is made of, for an address that may be reached.
fn checked(url: &Url) -> Result<Config> {
    let permit =
        Permit { private_addresses: settings::allow_private_addresses(), base_url: settings::base_url() };
    address::check(url, &permit)?;
    Ok(Config {
        user_agent: settings::user_agent(),
        connect_timeout: settings::connect_timeout(),
        proxy: settings::proxy(),
        ca_file: settings::ca_file(),
        private_addresses: permit.private_addresses,
    })
}

/// Hands a request over, which is made at `start` at the latest.
fn submit<T: Send + 'static>(
    thread: Rc<FetchThread>,
    url: &Url,
    conditions: Conditions,
    queued: Option<Queued>,
    start: Instant,
    glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
) -> Result<Pending<T>> {
    let timeout = settings::request_timeout();
    let max_size = match conditions.wants {
        Wants::Page => settings::max_page_size(),
        Wants::Picture => settings::max_page_size().min(PICTURE_SIZE),
    };
    let request = Request { url: url.clone(), conditions, timeout, max_size, queued };
    let answer = thread.submit(request, glance)?;
    let deadline = start + timeout + GRACE;
    Ok(Pending { url: url.clone(), thread, answer, deadline, early: None, is_over: false })
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if !self.is_over {
            self.thread.abandon();
        }
    }
}

impl<T> Pending<T> {
    /// Whether a page is there, or the answer that it has not changed: nothing more needs to be asked for it. Only for the first
    /// of the requests that are under way.
    pub fn is_served(&mut self) -> bool {
        if self.early.is_none() && is_readable(self.thread.socket()) {
            self.early = Some(self.take());
        }
        self.early.as_ref().is_some_and(|answer| answer.as_ref().is_ok_and(|answer| answer.head.is_served()))
    }

    /// Takes the answer that is there.
    fn take(&mut self) -> Result<Response<T>> {
        self.thread.acknowledge();
        let received = self.answer.try_recv();
        let has_answered = received.is_ok();
        let ended = || Err(Error::Internal("the fetch thread ended without an answer".to_owned()));
        let answer = received.unwrap_or_else(|_| ended());
        self.is_over = true;
        // The last one that was queued leaves the thread to the next: one that goes on, and has a client.
        let is_able = has_answered && !matches!(answer, Err(Error::Unable(_))) && !self.thread.is_abandoned();
        if is_able && Rc::strong_count(&self.thread) == 1 {
            IDLE.set(Some(self.thread.clone()));
        }
        answer
    }

    /// Waits until the answer is there, or its time is up. Others get their turns at other hosts meanwhile.
    fn wait_for_it(&self) -> Wake {
        loop {
            let next = pacing::give_back_finished().unwrap_or(self.deadline).min(self.deadline);
            match wait(Some(self.thread.socket()), Some(next)) {
                Wake::Deadline if next < self.deadline => {}
                wake => return wake,
            }
        }
    }

    /// Waits for the answer. Raises a PostgreSQL error on cancel and the like.
    pub fn wait(mut self) -> Result<Response<T>> {
        if let Some(answer) = self.early.take() {
            return answer;
        }
        match self.wait_for_it() {
            Wake::Readable => self.take(),
            // The answer has long been there, and the backend was busy.
            Wake::Deadline if is_readable(self.thread.socket()) => self.take(),
            // A name that does not resolve in time is the one thing that the client's timeout cannot end.
            Wake::Deadline => Err(Error::Connection {
                url: self.url.to_string(),
                reason: "timed out".to_owned(),
                timed_out: true,
            }),
        }
    }
}

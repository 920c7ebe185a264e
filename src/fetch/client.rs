//! One request from a backend: handed to the fetch thread, waited for on the latch.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use url::Url;

use super::address::{self, Permit};
use super::thread::{Config, FetchThread, Job};
use super::wait::{Wake, wait};
use crate::error::{Error, Result};
use crate::settings;

/// How much longer than the request's own timeout the backend waits for its thread.
const GRACE: Duration = Duration::from_secs(5);

thread_local! {
    /// The backend's fetch thread while it is idle. It is taken out for the time of a request, so that an
    /// error drops it, and the next request starts a fresh one.
    static IDLE: RefCell<Option<FetchThread>> = const { RefCell::new(None) };
}

/// What is known of an earlier answer, for a conditional request.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// `ETag` of the earlier answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the earlier answer.
    pub last_modified: Option<String>,
}

/// An answer. Redirects are answers too: following them is the caller's business.
#[derive(Clone, Debug)]
pub struct Response {
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
    /// Body of a 2xx answer, decompressed; empty otherwise.
    pub body: Vec<u8>,
    /// When the request was sent: once the connection was there.
    pub sent: Instant,
}

/// Makes one GET request and waits for its answer. Raises a PostgreSQL error on cancel and the like.
/// Pacing and robots are the caller's business; the address rule is enforced here.
pub fn get(url: &Url, conditions: Conditions) -> Result<Response> {
    let permit =
        Permit { private_addresses: settings::allow_private_addresses(), base_url: settings::base_url() };
    address::check(url, &permit)?;
    let config = Config {
        user_agent: settings::user_agent(),
        connect_timeout: settings::connect_timeout(),
        proxy: settings::proxy(),
        ca_file: settings::ca_file(),
        private_addresses: permit.private_addresses,
    };
    let idle = IDLE.with_borrow_mut(Option::take).filter(|thread| *thread.config() == config);
    let mut thread = match idle {
        Some(thread) => thread,
        None => FetchThread::start(config)?,
    };
    let timeout = settings::request_timeout();
    let job = Job { url: url.clone(), conditions, timeout, max_size: settings::max_page_size() };
    thread.submit(job)?;
    match wait(Some(thread.socket()), Some(Instant::now() + timeout + GRACE)) {
        Wake::Readable => {
            let answer = thread.answer();
            IDLE.set(Some(thread));
            answer
        }
        // A name that does not resolve in time is the one thing that the client's timeout cannot end.
        Wake::Deadline => {
            Err(Error::Connection { url: url.to_string(), reason: "timed out".to_owned(), timed_out: true })
        }
    }
}

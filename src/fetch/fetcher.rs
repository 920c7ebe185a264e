//! Making requests, on the fetch thread: conditions, the size and the time of an answer.

use std::cell::Cell;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use percent_encoding::{AsciiSet, percent_encode};
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header;
use url::Url;

use super::client::{Conditions, Head, Response, Wants};
use super::connected::Connected;
use super::connection::{chain, client, error_of, is_timeout};
use super::retry::retry_after;
use super::thread::Config;
use crate::error::{Error, Result};

/// How much of a body is read at a time.
const CHUNK: usize = 64 * 1024;

/// One request.
pub struct Request {
    pub url: Url,
    pub conditions: Conditions,
    pub timeout: Duration,
    pub max_size: usize,
    /// For one that waits for another: whether it is still to be made then.
    pub queued: Option<Queued>,
}

/// A request that is handed over before the one ahead of it is answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queued {
    /// When it is too late to make it.
    pub until: Option<Instant>,
}

/// What makes the requests, on the thread.
pub(super) struct Fetcher {
    client: Result<Client>,
    abandoned: Arc<AtomicBool>,
    /// When the connection of the request under way was made, if it needed a new one.
    connected: Connected,
    /// Size of the last body.
    last_size: Cell<usize>,
    /// Whether the last answer was a page, or that it has not changed: what was queued behind it may be asked for.
    is_well: Cell<bool>,
}

impl Fetcher {
    pub(super) fn new(config: Config, abandoned: Arc<AtomicBool>) -> Fetcher {
        let connected = Connected::default();
        let client = client(&config, &connected);
        Fetcher { client, abandoned, connected, last_size: Cell::new(0), is_well: Cell::new(true) }
    }

    /// Notes that the last answer was no page after all: what was queued behind it is not asked for.
    pub(super) fn note_unwell(&self) {
        self.is_well.set(false);
    }

    /// Makes a request, unless it was queued and is not to be made any more: the host may have refused the one ahead of it,
    /// and the backend, which would know what that means, has not heard of it yet.
    pub(super) fn run(&self, request: &Request) -> Result<Response<Vec<u8>>> {
        if self.abandoned.load(Ordering::Relaxed) {
            return Err(Error::NotAsked);
        }
        if let Some(queued) = request.queued {
            let is_late = queued.until.is_some_and(|until| Instant::now() >= until);
            if is_late || !self.is_well.get() {
                self.note_unwell();
                return Err(Error::NotAsked);
            }
        }
        let result = self.fetch(request);
        self.is_well.set(result.as_ref().is_ok_and(|response| response.head.is_served()));
        result
    }

    fn fetch(&self, request: &Request) -> Result<Response<Vec<u8>>> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let started = Instant::now();
        self.connected.take();
        let mut response = with_conditions(client.get(request.url.clone()), &request.conditions)
            .timeout(request.timeout)
            .send()
            .map_err(|error| error_of(&request.url, &error))?;
        let answered = Instant::now();
        let text = |name: header::HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut head = Head {
            url: request.url.clone(),
            status: response.status().as_u16(),
            location: response.headers().get(header::LOCATION).map(|value| ascii_of(value.as_bytes())),
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            content_type: text(header::CONTENT_TYPE),
            retry_after: text(header::RETRY_AFTER).and_then(|value| retry_after(&value, SystemTime::now())),
            bytes: 0,
            is_whole: true,
            sent: self.connected.take().unwrap_or(started),
            answered,
            elapsed: Duration::ZERO,
        };
        let body = match response.status().is_success() {
            true => self.read(&mut response, request, started + request.timeout)?,
            false => Vec::new(),
        };
        head.bytes = body.len();
        head.is_whole = body.len() <= request.max_size;
        head.elapsed = started.elapsed();
        Ok(Response { head, body })
    }

    /// Reads the body, decompressed, up to the limit.
    fn read(&self, body: &mut impl Read, request: &Request, deadline: Instant) -> Result<Vec<u8>> {
        let url = || request.url.to_string();
        // Pages in a row are about as large: half a megabyte need not be moved again and again while it grows.
        let last_size = self.last_size.get();
        let mut bytes = Vec::with_capacity((last_size + last_size / 4).min(request.max_size).max(CHUNK));
        let mut chunk = vec![0; CHUNK];
        loop {
            if self.abandoned.load(Ordering::Relaxed) {
                return Err(Error::Internal("abandoned".to_owned()));
            }
            // The client's own timeout restarts with every read of a blocking body: a page that drips
            // would never end.
            if Instant::now() > deadline {
                return Err(Error::Connection {
                    url: url(),
                    reason: "timed out".to_owned(),
                    timed_out: true,
                });
            }
            match body.read(&mut chunk) {
                Ok(0) => {
                    self.last_size.set(bytes.len());
                    return Ok(bytes);
                }
                Ok(read) => bytes.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let timed_out = is_timeout(&error);
                    let reason = if timed_out { "timed out".to_owned() } else { chain(&error) };
                    return Err(Error::Connection { url: url(), reason, timed_out });
                }
            }
            if bytes.len() > request.max_size {
                if request.conditions.wants == Wants::Picture {
                    return Ok(bytes);
                }
                return Err(Error::TooLarge { url: url(), limit: request.max_size });
            }
        }
    }
}

/// A URL as it stands in a header: what is not ASCII there is percent-encoded as it is, which is how browsers ask for it.
fn ascii_of(url: &[u8]) -> String {
    percent_encode(url, &AsciiSet::EMPTY).to_string()
}

fn with_conditions(request: RequestBuilder, conditions: &Conditions) -> RequestBuilder {
    let accept = match conditions.wants {
        Wants::Page => "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.1",
        Wants::Picture => "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.1",
    };
    let mut request = request.header(header::ACCEPT, accept);
    if let Some(etag) = &conditions.etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(date) = &conditions.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    request
}

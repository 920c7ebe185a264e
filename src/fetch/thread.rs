//! The fetch thread: one per backend, owner of the blocking HTTP client.
//!
//! The backend's own thread must stay free to react to interrupts, and nothing on this thread may call into
//! PostgreSQL. So the two share channels, and a socket pair whose other end the backend's latch waits on. What is made of
//! each answer is made on [others](super::readers): the next page may be on its way meanwhile, while the backend stores the
//! one before.

use std::cell::Cell;
use std::io::Read;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header;
use url::Url;

use super::client::{Conditions, Head, Response, Wants};
use super::connected::Connected;
use super::connection::{chain, client, error_of, is_timeout};
use super::glance::Glance;
use super::readers::{Readers, Reading};
use super::retry::retry_after;
use super::wait::with_signals_blocked;
use crate::error::{Error, Result};

/// How much of a body is read at a time.
const CHUNK: usize = 64 * 1024;

/// What a client is built from. Another configuration needs another thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub user_agent: String,
    pub connect_timeout: Duration,
    pub proxy: Option<String>,
    pub ca_file: Option<String>,
    pub private_addresses: bool,
}

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

/// What the thread is sent to do: a request. What is then to be done with the answer is returned.
type Errand = Box<dyn FnOnce(&Fetcher) -> Reading + Send>;

/// Handle of a running fetch thread. Dropping it abandons the thread, which ends by itself.
pub struct FetchThread {
    config: Config,
    errands: Sender<Errand>,
    wake: UnixStream,
    abandoned: Arc<AtomicBool>,
}

impl FetchThread {
    /// Starts a thread, and those that read, with every signal blocked.
    pub fn start(config: Config) -> Result<FetchThread> {
        let failed =
            |error: std::io::Error| Error::Unable(format!("the fetch thread could not be started: {error}"));
        let (wake, waker) = UnixStream::pair().map_err(failed)?;
        wake.set_nonblocking(true).map_err(failed)?;
        let (errands, queue) = channel();
        let abandoned = Arc::new(AtomicBool::new(false));
        let (its_config, its_flag) = (config.clone(), abandoned.clone());
        with_signals_blocked(|| {
            let readers = Readers::start(waker)?;
            std::thread::Builder::new()
                .name("bat_partners fetch".to_owned())
                .spawn(move || run(its_config, its_flag, &queue, readers))
        })
        .map_err(failed)?;
        Ok(FetchThread { config, errands, wake, abandoned })
    }

    /// The configuration that the thread's client was built from.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Hands over a request. The thread makes it and has `glance` look at the answer; of that another thread makes what the
    /// glance's reading returns. That the result is there is announced by the socket becoming readable.
    pub fn submit<T: Send + 'static>(
        &self,
        request: Request,
        glance: impl FnOnce(&Head, Vec<u8>) -> Glance<T> + Send + 'static,
    ) -> Result<Receiver<Result<Response<T>>>> {
        let (answer, answers) = channel();
        let errand = move |fetcher: &Fetcher| {
            let seen = fetcher.run(&request).and_then(|Response { head, body }| {
                let glance = reading(&request.url, || glance(&head, body))?;
                Ok((head, glance))
            });
            if !seen.as_ref().is_ok_and(|(_, glance)| glance.is_well) {
                fetcher.is_well.set(false);
            }
            Box::new(move || {
                let result = seen.and_then(|(head, glance)| {
                    let body = reading(&request.url, glance.read)?;
                    Ok(Response { head, body })
                });
                // Nobody is there to take it if the backend has given up meanwhile.
                let _ = answer.send(result);
            }) as Reading
        };
        self.errands
            .send(Box::new(errand))
            .map_err(|_| Error::Unable("the fetch thread has ended".to_owned()))?;
        Ok(answers)
    }

    /// The socket to wait on.
    pub fn socket(&self) -> RawFd {
        self.wake.as_raw_fd()
    }

    /// Takes the announcement of one answer off the socket.
    pub fn acknowledge(&self) {
        let mut announcement = [0; 1];
        // End of file means that the thread has ended, and the answer's channel says so too.
        let _ = (&self.wake).read(&mut announcement);
    }

    /// Gives up what is under way; the thread ends by itself.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// Whether what was under way was given up: the thread makes no further request.
    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }
}

/// Runs the reading of a page. A panic in it is this page's error, and not the thread's end.
fn reading<T>(url: &Url, read: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|panic| {
        let reason = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Error::Internal(format!("reading {url} panicked: {reason}"))
    })
}

impl Drop for FetchThread {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// The thread: makes the client, and runs errands until it is abandoned.
fn run(config: Config, abandoned: Arc<AtomicBool>, errands: &Receiver<Errand>, mut readers: Readers) {
    let fetcher = Fetcher::new(config, abandoned);
    while let Ok(errand) = errands.recv() {
        if !readers.hand_over(errand(&fetcher)) {
            return;
        }
    }
}

/// What makes the requests, on the thread.
struct Fetcher {
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
    fn new(config: Config, abandoned: Arc<AtomicBool>) -> Fetcher {
        let connected = Connected::default();
        let client = client(&config, &connected);
        Fetcher { client, abandoned, connected, last_size: Cell::new(0), is_well: Cell::new(true) }
    }

    /// Makes a request, unless it was queued and is not to be made any more: the host may have refused the one ahead of it,
    /// and the backend, which would know what that means, has not heard of it yet.
    fn run(&self, request: &Request) -> Result<Response<Vec<u8>>> {
        if self.abandoned.load(Ordering::Relaxed) {
            return Err(Error::NotAsked);
        }
        if let Some(queued) = request.queued {
            let is_late = queued.until.is_some_and(|until| Instant::now() >= until);
            if is_late || !self.is_well.get() {
                self.is_well.set(false);
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
    url.iter().fold(String::with_capacity(url.len()), |mut text, byte| {
        match byte.is_ascii() {
            true => text.push(char::from(*byte)),
            false => text += &format!("%{byte:02X}"),
        }
        text
    })
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

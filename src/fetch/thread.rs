//! The fetch thread: one per backend, owner of the blocking HTTP client.
//!
//! The backend's own thread must stay free to react to interrupts, and nothing on this thread may call into
//! PostgreSQL. So the two share channels, and a socket pair whose other end the backend's latch waits on. What is made of
//! each answer is made on [others](super::readers): the next page may be on its way meanwhile, while the backend stores the
//! one before.

use std::io::Read;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use url::Url;

use super::client::{Head, Response};
use super::fetcher::{Fetcher, Request};
use super::glance::Glance;
use super::readers::{Readers, Reading};
use super::wait::with_signals_blocked;
use crate::error::{Error, Result};

/// What a client is built from. Another configuration needs another thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub user_agent: String,
    pub connect_timeout: Duration,
    pub proxy: Option<String>,
    pub ca_file: Option<String>,
    pub private_addresses: bool,
}

/// What the thread is sent to do: makes a request, and returns the work that reads the answer, for another thread.
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
                fetcher.note_unwell();
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

//! One page through all the gates: address, rest, robots, pacing, request, redirects, retries, charset.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use bat_pages::kind::{Impostor, PageKind, impostor};
use url::Url;

use super::context::{Context, Patience};
use super::site::host_key;
use crate::error::{Error, Result};
use crate::fetch::address::{self, Permit};
use crate::fetch::robots::Robots;
use crate::fetch::{self, Conditions, Response, pacing, retry, wait};
use crate::settings;
use crate::store::fetches::Fetch;
use crate::store::hosts::{Host, ROBOTS_UNREACHABLE_SECONDS};

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// Longest wait for another try while a caller waits for the answer.
const LONGEST_INLINE_WAIT: Duration = Duration::from_secs(60);

/// How long a session leaves a host alone that refused it: the first rest of the queue's, see the store.
const SESSION_REST: Duration = Duration::from_secs(300);

/// Rest of a host whose 429 says nothing about how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

thread_local! {
    /// Hosts that refused this session, and until when it leaves them alone.
    static REFUSED: RefCell<HashMap<String, Instant>> = RefCell::new(HashMap::new());
    /// The robots.txt that was read last, parsed: most pages in a row are of one host.
    static LAST_ROBOTS: RefCell<Option<(String, Robots)>> = const { RefCell::new(None) };
}

/// A page.
pub struct Page {
    /// Where it was in the end.
    pub url: Url,
    pub status: u16,
    pub html: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What a visit brought.
pub enum Visit {
    /// The page.
    Page(Page),
    /// 304: the page is what it was.
    Unchanged,
}

impl Context {
    /// Fetches a page of a kind. With [`Patience::Inline`] what may pass is tried again.
    pub fn visit(&self, url: &Url, kind: PageKind, conditions: &Conditions) -> Result<Visit> {
        let mut attempt = 1;
        loop {
            let error = match self.visit_once(url, kind, conditions) {
                Ok(visit) => return Ok(visit),
                Err(error) => error,
            };
            let again = self.patience == Patience::Inline
                && error.is_worth_waiting_for()
                && i64::from(attempt) < i64::from(settings::max_attempts());
            let pause = retry::backoff(attempt, error.retry_after(), fastrand::f64());
            if !again || pause > LONGEST_INLINE_WAIT {
                return Err(error);
            }
            wait::sleep_until(Instant::now() + pause);
            attempt += 1;
        }
    }

    fn visit_once(&self, url: &Url, kind: PageKind, conditions: &Conditions) -> Result<Visit> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.request(&url, conditions)?;
            if let Some(next) = redirect(&response)? {
                check_address(&next)?;
                require_same_site(&next, &url, kind)?;
                url = next;
                continue;
            }
            let key = host_key(&response.url);
            let visit = match response.status {
                304 => Visit::Unchanged,
                _ => Visit::Page(self.page(response, kind)?),
            };
            self.store.host_is_well(&key)?;
            forgive(&key);
            return Ok(visit);
        }
        Err(Error::Redirects { url: url.to_string() })
    }

    /// Turns an answer into a page, if it is one of the kind.
    fn page(&self, response: Response, kind: PageKind) -> Result<Page> {
        let url = response.url.to_string();
        if let Some(content_type) =
            response.content_type.as_deref().filter(|content_type| !is_text(content_type))
        {
            return Err(Error::NotText { url, content_type: content_type.to_owned() });
        }
        let html = bat_pages::charset::decode(&response.body, response.content_type.as_deref());
        if impostor(kind, &html) == Some(Impostor::Challenge) {
            let error = Error::Blocked { url, what: "a challenge in place of the page".to_owned() };
            self.note_refusal(&host_key(&response.url), &error)?;
            return Err(error);
        }
        Ok(Page {
            url: response.url,
            status: response.status,
            html,
            etag: response.etag,
            last_modified: response.last_modified,
        })
    }

    /// One request to an address, if the host's rest, its robots.txt and its turn permit.
    fn request(&self, url: &Url, conditions: &Conditions) -> Result<Response> {
        check_address(url)?;
        let key = host_key(url);
        let host = self.store.host(&key)?;
        not_resting(&key, &host)?;
        refused_a_moment_ago(&key)?;
        let mut delay = settings::request_delay();
        if settings::respect_robots() {
            let text = self.robots_txt(url, &key, &host)?;
            let (allowed, crawl_delay) =
                with_robots(&text, |rules| (rules.allows(url.as_str()), rules.crawl_delay()));
            if !allowed {
                return Err(Error::Robots { url: url.to_string() });
            }
            delay = delay.max(crawl_delay.unwrap_or_default());
        }
        let response = self.paced(url, &key, delay, conditions)?;
        match retry::error_of_status(url.as_str(), response.status, response.retry_after) {
            Some(error) => {
                self.note_refusal(&key, &error)?;
                Err(error)
            }
            None => Ok(response),
        }
    }

    /// The host's robots.txt: the kept one, or a fresh one.
    fn robots_txt(&self, url: &Url, key: &str, host: &Host) -> Result<String> {
        let unreachable =
            |reason: &str| Err(Error::RobotsUnreachable { host: key.to_owned(), reason: reason.to_owned() });
        if host.robots_valid {
            return match host.robots_status {
                Some(status) if status >= 500 => unreachable("it could not be read a moment ago"),
                _ => Ok(host.robots_txt.clone().unwrap_or_default()),
            };
        }
        let (status, text) = match self.fetch_robots(url) {
            Ok(found) => found,
            Err(refused @ Error::Refused { .. }) => return Err(refused),
            Err(error) => {
                self.keep_unreachable(key, &error.to_string())?;
                return unreachable(&error.to_string());
            }
        };
        match status {
            500.. => self.keep_unreachable(key, &format!("it answered {status}"))?,
            _ => self.store.keep_robots(key, i32::from(status), text.as_deref())?,
        }
        // RFC 9309, 2.3.1.3 and 2.3.1.4: "unavailable" (4xx) allows everything, "unreachable" (5xx) nothing.
        // 429 asks for patience, which is no permission: fetch_robots tells it as 503.
        match status {
            200..=299 => Ok(text.unwrap_or_default()),
            500.. => unreachable(&format!("it answered {status}")),
            _ => Ok(String::new()),
        }
    }

    /// Remembers for a while that a host's robots.txt cannot be read, and leaves the host alone: none of its tasks could
    /// do anything. A caller who waits tries again instead.
    fn keep_unreachable(&self, key: &str, reason: &str) -> Result<()> {
        if self.patience == Patience::Inline {
            return Ok(());
        }
        self.store.keep_robots(key, 503, None)?;
        let reason = format!("robots.txt could not be read: {reason}");
        if !self.store.pause_host(key, &reason, ROBOTS_UNREACHABLE_SECONDS)? {
            leave_alone(key, Duration::from_secs_f64(ROBOTS_UNREACHABLE_SECONDS));
        }
        Ok(())
    }

    /// Asks for robots.txt, following redirects (RFC 9309, 2.3.1.2). 429 is told as 503.
    fn fetch_robots(&self, url: &Url) -> Result<(u16, Option<String>)> {
        let mut url = url.join("/robots.txt").map_err(|error| Error::Internal(error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            check_address(&url)?;
            let delay = settings::request_delay();
            let response = self.paced(&url, &host_key(&url), delay, &Conditions::default())?;
            if let Some(next) = redirect(&response)? {
                url = next;
                continue;
            }
            let status = if response.status == 429 { 503 } else { response.status };
            let text = (200..300)
                .contains(&status)
                .then(|| bat_pages::charset::decode(&response.body, response.content_type.as_deref()));
            return Ok((status, text));
        }
        // RFC 9309, 2.3.1.2: more than five redirects may be treated as unavailable.
        Ok((404, None))
    }

    /// One request in the host's turn, noted in `bat_fetches`.
    fn paced(&self, url: &Url, key: &str, delay: Duration, conditions: &Conditions) -> Result<Response> {
        if pacing::take_turn(key, delay) {
            // Whoever had the turn before may have been refused.
            let host = self.store.host(key)?;
            not_resting(key, &host).inspect_err(|_| pacing::give_back(key))?;
        }
        let started = Instant::now();
        self.note_request();
        let result = fetch::get(url, conditions.clone());
        // The delay counts from the moment at which the host saw the request: connecting to it takes its time.
        pacing::delay_from(
            key,
            result.as_ref().map_or_else(|_| Instant::now(), |response| response.sent),
            delay,
        );
        let (status, outcome, bytes) = match &result {
            Ok(response) => (Some(i32::from(response.status)), outcome_of(response), response.body.len()),
            Err(Error::Refused { .. }) => (None, "refused", 0),
            Err(Error::TooLarge { .. }) => (None, "too_large", 0),
            Err(Error::Connection { timed_out: true, .. }) => (None, "timeout", 0),
            Err(_) => (None, "connection", 0),
        };
        self.store.note_fetch(&Fetch {
            run: self.run,
            task: self.task,
            host: key,
            url: &address::printable(url),
            status,
            outcome,
            bytes: i32::try_from(bytes).unwrap_or(i32::MAX),
            elapsed_ms: i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX),
        })?;
        result
    }

    /// Lets the host rest after it refused or asked for patience.
    fn note_refusal(&self, key: &str, error: &Error) -> Result<()> {
        match error {
            Error::Blocked { .. } => {
                let is_noted = self.store.rest_host(key, &error.to_string(), 0.0)?;
                // With an inline call the row goes with the transaction if the error ends it.
                if !is_noted || self.patience == Patience::Inline {
                    leave_alone(key, SESSION_REST);
                }
            }
            Error::TooManyRequests { retry_after, .. } if self.patience == Patience::Queue => {
                let pause = retry_after.unwrap_or(DEFAULT_PAUSE);
                if !self.store.pause_host(key, &error.to_string(), pause.as_secs_f64())? {
                    leave_alone(key, pause);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Fails if the host is to be left alone, as all sessions know.
fn not_resting(key: &str, host: &Host) -> Result<()> {
    let Some(seconds) = host.resting_seconds else { return Ok(()) };
    let until = host.resting_until.clone().unwrap_or_default();
    Err(Error::HostResting { host: key.to_owned(), until, seconds: seconds.ceil() as u64 })
}

/// Fails if the host refused this session a moment ago.
fn refused_a_moment_ago(key: &str) -> Result<()> {
    let rest = REFUSED.with_borrow(|refused| refused.get(key).copied());
    let left = rest.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default();
    if left.is_zero() {
        return Ok(());
    }
    let until = jiff::Timestamp::now() + left;
    Err(Error::HostResting { host: key.to_owned(), until: until.to_string(), seconds: left.as_secs() + 1 })
}

/// Lets this session leave a host alone, whatever the others do.
fn leave_alone(key: &str, rest: Duration) {
    REFUSED.with_borrow_mut(|refused| refused.insert(key.to_owned(), Instant::now() + rest));
}

/// Ends this session's own rest of a host. Returns whether there was one.
pub fn forgive(key: &str) -> bool {
    REFUSED.with_borrow_mut(|refused| refused.remove(key)).is_some()
}

/// A page of the crawled site is on that site. What another site serves under its URL is not believed.
fn require_same_site(next: &Url, url: &Url, kind: PageKind) -> Result<()> {
    if kind == PageKind::Website || next.origin() == url.origin() {
        return Ok(());
    }
    Err(Error::UnexpectedPage {
        url: url.to_string(),
        reason: format!("it redirects to another site, {}", address::printable(next)),
    })
}

fn check_address(url: &Url) -> Result<()> {
    let permit =
        Permit { private_addresses: settings::allow_private_addresses(), base_url: settings::base_url() };
    address::check(url, &permit)
}

fn redirect(response: &Response) -> Result<Option<Url>> {
    if !retry::REDIRECTS.contains(&response.status) {
        return Ok(None);
    }
    let Some(location) = &response.location else {
        return Err(Error::UnexpectedStatus { url: response.url.to_string(), status: response.status });
    };
    let next = response.url.join(location).map_err(|_| Error::Refused {
        url: response.url.to_string(),
        reason: "it redirects to something that is not a URL".to_owned(),
    })?;
    Ok(Some(next))
}

fn outcome_of(response: &Response) -> &'static str {
    match response.status {
        200..=299 => "ok",
        304 => "unchanged",
        300..=399 => "redirect",
        404 | 410 => "gone",
        401 | 403 => "blocked",
        429 => "too_many_requests",
        _ => "error",
    }
}

/// Whether a content type is text that a parser may read. The type is judged alone; a page that lies about
/// itself is caught by the markers of its kind.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+json")
        || matches!(essence.as_str(), "application/json" | "application/xml" | "application/javascript")
}

fn with_robots<T>(text: &str, read: impl FnOnce(&Robots) -> T) -> T {
    LAST_ROBOTS.with_borrow_mut(|last| {
        let (_, rules) = match last.take() {
            Some((known, rules)) if known == text => last.insert((known, rules)),
            _ => last.insert((text.to_owned(), Robots::parse(text))),
        };
        read(rules)
    })
}

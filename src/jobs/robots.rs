//! A host's robots.txt: the kept one, or a fresh one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bat_pages::charset;
use url::Url;

use super::context::{Context, Patience};
use super::gate::check_address;
use super::refusals::leave_alone;
use super::site::{host_key, robots_key};
use super::visit::{MAX_REDIRECTS, redirect};
use crate::error::{Error, Result};
use crate::fetch::robots::{Robots, start_of};
use crate::fetch::{Conditions, Glance, pacing, slowdown};
use crate::settings;
use crate::store::hosts::{Host, ROBOTS_UNREACHABLE_SECONDS, ROBOTS_VALID_FOR};

thread_local! {
    /// The robots.txt that was read last, parsed: most pages in a row are of one host.
    static LAST: RefCell<Option<(String, Rc<Robots>)>> = const { RefCell::new(None) };
    /// Those that this session has read and could not keep, since another open transaction had noted something of the host; and
    /// when it read them.
    static UNKEPT: RefCell<HashMap<String, (Instant, Rc<Robots>)>> = RefCell::default();
}

impl Robots {
    /// The host's own delay between two requests, if it permits this one.
    pub fn require(&self, url: &Url) -> Result<Duration> {
        match self.allows(url.as_str()) {
            true => Ok(self.crawl_delay().unwrap_or_default()),
            false => Err(Error::Robots { url: url.to_string() }),
        }
    }
}

impl Context {
    /// What the robots.txt says that holds for a page. `key`, `host`: of the page's host.
    pub fn robots_of(&self, url: &Url, key: &str, host: &Host) -> Result<Rc<Robots>> {
        let of_scheme = match robots_key(url) {
            own if own == key => None,
            other => Some(self.store.host(&other)?),
        };
        let kept = of_scheme.as_ref().unwrap_or(host);
        if kept.robots_valid {
            return match kept.robots_status {
                Some(status) if status >= 500 => {
                    Err(unreachable(key, "it could not be read a moment ago", None))
                }
                _ => Ok(parsed(kept.robots_txt.as_deref().unwrap_or_default())),
            };
        }
        if let Some(rules) = unkept(&robots_key(url)) {
            return Ok(rules);
        }
        let rules = self.fresh_robots(url, key, host)?;
        // It was asked for before the host's own delay was known.
        let (asked, slowdown) = (settings::request_delay(), host.slowdown.unwrap_or(1.0));
        let wanted = rules.crawl_delay().unwrap_or_default().max(asked);
        let passed = slowdown::stretched(asked, slowdown);
        pacing::put_off(key, slowdown::stretched(wanted, slowdown).saturating_sub(passed));
        Ok(rules)
    }

    /// The sitemaps that the robots.txt of a page names. None where that is not read.
    pub fn sitemaps_of(&self, url: &Url) -> Result<Vec<String>> {
        let kept = self.store.host(&robots_key(url))?;
        let is_read = kept.robots_valid && kept.robots_status.is_some_and(|status| status < 500);
        let rules = match kept.robots_txt.filter(|_| is_read) {
            Some(text) => Some(parsed(&text)),
            None if kept.robots_valid => None,
            None => unkept(&robots_key(url)),
        };
        Ok(rules.map(|rules| rules.sitemaps().to_vec()).unwrap_or_default())
    }

    /// Asks for robots.txt, and keeps it.
    fn fresh_robots(&self, url: &Url, key: &str, host: &Host) -> Result<Rc<Robots>> {
        let Found { status, text, retry_after } = match self.fetch_robots(url, key, host) {
            Ok(found) => found,
            Err(error) if error.is_from_before_request() => return Err(error),
            Err(error) => {
                self.keep_unreachable(url, key, &error.to_string(), None)?;
                return Err(unreachable(key, &error.to_string(), None));
            }
        };
        // RFC 9309, 2.3.1.3 and 2.3.1.4: "unavailable" (4xx) allows everything, "unreachable" (5xx) nothing.
        // 429 asks for patience, which is no permission: fetch_robots tells it as 503.
        if status >= 500 {
            let reason = format!("it answered {status}");
            self.keep_unreachable(url, key, &reason, retry_after)?;
            return Err(unreachable(key, &reason, retry_after));
        }
        let rules = parsed(text.as_deref().unwrap_or_default());
        if !self.store.keep_robots(&robots_key(url), i32::from(status), text.as_deref())? {
            let read = (Instant::now(), rules.clone());
            UNKEPT.with_borrow_mut(|unkept| unkept.insert(robots_key(url), read));
        }
        Ok(rules)
    }

    /// Remembers for a while that a host's robots.txt cannot be read, and leaves the host alone for at least as long as it asks:
    /// none of its tasks could do anything. A caller who waits tries again instead.
    fn keep_unreachable(
        &self,
        url: &Url,
        key: &str,
        reason: &str,
        retry_after: Option<Duration>,
    ) -> Result<()> {
        if self.patience == Patience::Inline {
            if let Some(asked) = retry_after {
                leave_alone(key, asked);
            }
            return Ok(());
        }
        self.store.keep_robots(&robots_key(url), 503, None)?;
        let reason = format!("robots.txt could not be read: {reason}");
        let rest = Duration::from_secs_f64(ROBOTS_UNREACHABLE_SECONDS).max(retry_after.unwrap_or_default());
        if !self.store.pause_host(key, &reason, rest.as_secs_f64())? {
            leave_alone(key, rest);
        }
        Ok(())
    }

    /// Asks for robots.txt, following redirects (RFC 9309, 2.3.1.2). 429 is told as 503.
    fn fetch_robots(&self, url: &Url, key: &str, host: &Host) -> Result<Found> {
        let mut url = url.join("/robots.txt").map_err(|error| Error::Internal(error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            check_address(&url)?;
            let delay = settings::request_delay();
            let pass = match host_key(&url) {
                own if own == key => self.take_turn(key, delay, host)?,
                other => self.take_turn(&other, delay, &self.awake_host(&other)?)?,
            };
            let request = self.start(pass, &url, &Conditions::default(), |head, body| {
                Glance::of(charset::decode(&body, head.content_type.as_deref()))
            })?;
            let response = self.finish(request)?;
            if let Some(next) = redirect(&response.head)? {
                url = next;
                continue;
            }
            let status = if response.head.status == 429 { 503 } else { response.head.status };
            let text = (200..300).contains(&status).then(|| start_of(&response.body).to_owned());
            return Ok(Found { status, text, retry_after: response.head.retry_after });
        }
        // RFC 9309, 2.3.1.2: more than five redirects may be treated as unavailable.
        Ok(Found { status: 404, text: None, retry_after: None })
    }
}

/// What was found in place of robots.txt.
struct Found {
    status: u16,
    /// Only if it is there.
    text: Option<String>,
    retry_after: Option<Duration>,
}

fn unreachable(host: &str, reason: &str, retry_after: Option<Duration>) -> Error {
    Error::RobotsUnreachable { host: host.to_owned(), reason: reason.to_owned(), retry_after }
}

/// The robots.txt that this session has read and could not keep, while it is believed.
fn unkept(key: &str) -> Option<Rc<Robots>> {
    UNKEPT.with_borrow_mut(|unkept| {
        unkept.retain(|_, (read, _)| read.elapsed() < ROBOTS_VALID_FOR);
        unkept.get(key).map(|(_, rules)| rules.clone())
    })
}

fn parsed(text: &str) -> Rc<Robots> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, rules)) if known == text => rules.clone(),
        _ => {
            let rules = Rc::new(Robots::parse(text));
            *last = Some((text.to_owned(), rules.clone()));
            rules
        }
    })
}

//! A host's robots.txt: the kept one, or a fresh one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bat_pages::charset;
use bat_pages::kind::{Impostor, PageKind, impostor};
use url::Url;

use super::context::{Context, Patience};
use super::gate::check_address;
use super::refusals::leave_alone;
use super::site::{host_key, robots_key};
use super::visit::{MAX_REDIRECTS, redirect};
use crate::error::{Error, Result};
use crate::fetch::retry::{self, Permission};
use crate::fetch::robots::{Robots, start_of};
use crate::fetch::{Conditions, Glance, Head, Response, pacing, slowdown};
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
            false => {
                Err(Error::Robots { url: url.to_string(), flaw: self.flaw().map(|flaw| flaw.to_string()) })
            }
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
                Some(status) if status >= 500 => Err(Error::RobotsUnreachable {
                    host: key.to_owned(),
                    reason: "it could not be read a moment ago".to_owned(),
                    retry_after: None,
                    is_wall: false,
                }),
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
        match self.fetch_robots(url, key, host) {
            Ok(Found { status, text }) => {
                let rules = parsed(text.as_deref().unwrap_or_default());
                if !self.store.keep_robots(&robots_key(url), i32::from(status), text.as_deref())? {
                    let read = (Instant::now(), rules.clone());
                    UNKEPT.with_borrow_mut(|unkept| unkept.insert(robots_key(url), read));
                }
                Ok(rules)
            }
            Err(error) if error.is_from_before_request() => Err(error),
            Err(error) => {
                self.keep_unreachable(url, key, &error)?;
                Err(Error::RobotsUnreachable {
                    host: key.to_owned(),
                    reason: error.to_string(),
                    retry_after: error.retry_after(),
                    is_wall: is_wall(&error),
                })
            }
        }
    }

    /// Remembers for a while that a host's robots.txt cannot be read, and leaves the host alone for at least as long as it asks:
    /// none of its tasks could do anything. A caller who waits tries again instead.
    fn keep_unreachable(&self, url: &Url, key: &str, error: &Error) -> Result<()> {
        let asked = error.retry_after();
        let rest = Duration::from_secs_f64(ROBOTS_UNREACHABLE_SECONDS).max(asked.unwrap_or_default());
        if self.patience == Patience::Inline {
            // A wall does not go away in seconds.
            if let Some(rest) = asked.or_else(|| is_wall(error).then_some(rest)) {
                leave_alone(key, rest);
            }
            return Ok(());
        }
        self.store.keep_robots(&robots_key(url), 503, None)?;
        let reason = format!("robots.txt could not be read: {error}");
        if !self.store.pause_host(key, &reason, rest.as_secs_f64())? {
            leave_alone(key, rest);
        }
        Ok(())
    }

    /// Asks for robots.txt, following redirects (RFC 9309, 2.3.1.2). Fails if it cannot be known what it says.
    fn fetch_robots(&self, url: &Url, key: &str, host: &Host) -> Result<Found> {
        let mut url = url.join("/robots.txt").map_err(|error| Error::Internal(error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            check_address(&url)?;
            let delay = settings::request_delay();
            let pass = match host_key(&url) {
                own if own == key => self.take_turn(key, delay, host)?,
                other => self.take_turn(&other, delay, &self.awake_host(&other)?)?,
            };
            let request = self
                .start(pass, &url, &Conditions::default(), |head, body| Glance::of(text_of(head, &body)))?;
            let Response { head, body } = self.finish(request, |body| body.as_ref().err())?;
            if let Some(next) = redirect(&head)? {
                url = next;
                continue;
            }
            let status = head.status;
            return match Permission::of(status) {
                Permission::ByRules => Ok(Found { status, text: Some(start_of(&body?).to_owned()) }),
                Permission::Everything => Ok(Found { status, text: None }),
                Permission::Nothing => Err(retry::error_of_status(url.as_str(), status, head.retry_after)
                    .unwrap_or_else(|| Error::UnexpectedStatus { url: url.to_string(), status })),
            };
        }
        // RFC 9309, 2.3.1.2: more than five redirects may be treated as unavailable.
        Ok(Found { status: 404, text: None })
    }
}

/// What was found in place of robots.txt.
struct Found {
    status: u16,
    /// Only if it is there.
    text: Option<String>,
}

/// The text of a robots.txt; an error if it is a page of a bot wall. One that is another page has no rules.
fn text_of(head: &Head, body: &[u8]) -> Result<String> {
    let text = charset::decode(body, head.content_type.as_deref());
    // What is no markup may speak of robots and humans.
    let is_markup = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    match is_markup && impostor(PageKind::Website, &text) == Some(Impostor::Challenge) {
        true => Err(Error::Blocked {
            url: head.url.to_string(),
            what: "a challenge in place of robots.txt".to_owned(),
        }),
        false => Ok(text),
    }
}

/// Whether a bot wall answered in place of the site.
fn is_wall(error: &Error) -> bool {
    matches!(error, Error::Blocked { .. })
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

//! A host's robots.txt: the kept one, or a fresh one.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use bat_pages::charset;
use url::Url;

use super::context::{Context, Patience};
use super::gate::check_address;
use super::refusals::leave_alone;
use super::site::host_key;
use super::visit::{MAX_REDIRECTS, redirect};
use crate::error::{Error, Result};
use crate::fetch::robots::Robots;
use crate::fetch::{Conditions, Glance};
use crate::settings;
use crate::store::hosts::{Host, ROBOTS_UNREACHABLE_SECONDS};

thread_local! {
    /// The robots.txt that was read last, parsed: most pages in a row are of one host.
    static LAST: RefCell<Option<(String, Rc<Robots>)>> = const { RefCell::new(None) };
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
    /// What a host's robots.txt says.
    pub fn robots_of(&self, url: &Url, key: &str, host: &Host) -> Result<Rc<Robots>> {
        let text = self.robots_txt(url, key, host)?;
        Ok(LAST.with_borrow_mut(|last| match last {
            Some((known, rules)) if *known == text => rules.clone(),
            _ => {
                let rules = Rc::new(Robots::parse(&text));
                *last = Some((text, rules.clone()));
                rules
            }
        }))
    }

    /// The sitemaps that the robots.txt of a page's host names. None where that is not read.
    pub fn sitemaps_of(&self, url: &Url) -> Result<Vec<String>> {
        let key = host_key(url);
        let host = self.store.host(&key)?;
        match host.robots_valid {
            true => Ok(self.robots_of(url, &key, &host)?.sitemaps().to_vec()),
            false => Ok(Vec::new()),
        }
    }

    fn robots_txt(&self, url: &Url, key: &str, host: &Host) -> Result<String> {
        let unreachable =
            |reason: &str| Err(Error::RobotsUnreachable { host: key.to_owned(), reason: reason.to_owned() });
        if host.robots_valid {
            return match host.robots_status {
                Some(status) if status >= 500 => unreachable("it could not be read a moment ago"),
                _ => Ok(host.robots_txt.clone().unwrap_or_default()),
            };
        }
        let (status, text) = match self.fetch_robots(url, host) {
            Ok(found) => found,
            Err(error) if error.is_from_before_request() => return Err(error),
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
    fn fetch_robots(&self, url: &Url, host: &Host) -> Result<(u16, Option<String>)> {
        let mut url = url.join("/robots.txt").map_err(|error| Error::Internal(error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            check_address(&url)?;
            let pass = self.take_turn(&host_key(&url), settings::request_delay(), host)?;
            let request = self.start(pass, &url, &Conditions::default(), |head, body| {
                Glance::of(charset::decode(&body, head.content_type.as_deref()))
            })?;
            let response = self.finish(request)?;
            if let Some(next) = redirect(&response.head)? {
                url = next;
                continue;
            }
            let status = if response.head.status == 429 { 503 } else { response.head.status };
            return Ok((status, (200..300).contains(&status).then_some(response.body)));
        }
        // RFC 9309, 2.3.1.2: more than five redirects may be treated as unavailable.
        Ok((404, None))
    }
}

//! What an answer's status means, and how long to wait before the next try.

use std::time::{Duration, SystemTime};

use super::slowdown::Sign;
use crate::error::Error;

/// Longest `Retry-After` that is believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// First backoff; it doubles with every attempt.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Longest backoff between two attempts.
const LONGEST_BACKOFF: Duration = Duration::from_secs(3600);

/// Reads a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3), capped at a day.
pub fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let wait = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(header).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// Statuses with a `Location` to follow (RFC 9110, 15.4).
pub const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// What an answer is, by its status. The one place that tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// 2xx: a page, if its text is none of a bot wall's.
    Page,
    /// 304.
    Unchanged,
    /// With a `Location` to follow.
    Redirect,
    /// 404, 410.
    Gone,
    /// 202, which is how some bot walls answer: no page has it. Or a challenge, whatever its status.
    Wall,
    /// 401, 403.
    Forbidden,
    /// 429.
    TooManyRequests,
    /// 5xx, 408, 425.
    Trouble,
    /// Any other.
    Unexpected,
}

/// What the answer to a request for a host's robots.txt says of the host's pages (RFC 9309, 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// What its rules say.
    ByRules,
    /// There are no rules: everything is allowed.
    Everything,
    /// The rules cannot be known: everything is forbidden for now.
    Nothing,
}

impl Meaning {
    /// What a status means.
    pub fn of(status: u16) -> Meaning {
        match status {
            202 => Meaning::Wall,
            200..=299 => Meaning::Page,
            304 => Meaning::Unchanged,
            _ if REDIRECTS.contains(&status) => Meaning::Redirect,
            404 | 410 => Meaning::Gone,
            401 | 403 => Meaning::Forbidden,
            429 => Meaning::TooManyRequests,
            408 | 425 | 500..=599 => Meaning::Trouble,
            _ => Meaning::Unexpected,
        }
    }

    /// Whether it is a page, or that it has not changed.
    pub fn is_served(self) -> bool {
        matches!(self, Meaning::Page | Meaning::Unchanged)
    }

    /// What it says of its host's health.
    pub fn sign(self) -> Sign {
        match self {
            Meaning::Page | Meaning::Unchanged | Meaning::Redirect => Sign::Good,
            Meaning::TooManyRequests | Meaning::Trouble => Sign::Trouble,
            Meaning::Gone | Meaning::Wall | Meaning::Forbidden | Meaning::Unexpected => Sign::None,
        }
    }

    /// Its word in `bat_fetches.outcome`.
    pub fn outcome(self) -> &'static str {
        match self {
            Meaning::Page => "ok",
            Meaning::Unchanged => "unchanged",
            Meaning::Redirect => "redirect",
            Meaning::Gone => "gone",
            Meaning::Wall | Meaning::Forbidden => "blocked",
            Meaning::TooManyRequests => "too_many_requests",
            Meaning::Trouble | Meaning::Unexpected => "error",
        }
    }
}

impl Permission {
    /// What a status says, after redirects: "unavailable" (4xx) permits everything, "unreachable" (5xx) nothing. What only asks
    /// for patience is no permission, nor is what a bot wall answers.
    pub fn of(status: u16) -> Permission {
        match Meaning::of(status) {
            Meaning::Page => Permission::ByRules,
            Meaning::Gone | Meaning::Forbidden => Permission::Everything,
            Meaning::Unexpected if (400..500).contains(&status) => Permission::Everything,
            _ => Permission::Nothing,
        }
    }
}

/// The error that a status stands for; `None` for a page, for "not modified", and for a redirect.
pub fn error_of_status(url: &str, status: u16, retry_after: Option<Duration>) -> Option<Error> {
    let url = url.to_owned();
    match Meaning::of(status) {
        Meaning::Page | Meaning::Unchanged | Meaning::Redirect => None,
        Meaning::Gone => Some(Error::Gone { url, status }),
        Meaning::Wall => Some(Error::Blocked { url, what: format!("{status} in place of a page") }),
        Meaning::Forbidden => Some(Error::Blocked { url, what: status.to_string() }),
        Meaning::TooManyRequests => Some(Error::TooManyRequests { url, retry_after }),
        Meaning::Trouble => Some(Error::ServerTrouble { url, status, retry_after }),
        Meaning::Unexpected => Some(Error::UnexpectedStatus { url, status }),
    }
}

/// Wait before attempt `attempt + 1`: exponential with full jitter, never sooner than the site asked for.
/// `attempt` counts from 1; `random` is uniform in 0..1.
pub fn backoff(attempt: u32, retry_after: Option<Duration>, random: f64) -> Duration {
    let ceiling = FIRST_BACKOFF.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(LONGEST_BACKOFF);
    let jittered = ceiling.mul_f64(random);
    match retry_after {
        // The jitter spreads those who were all told the same moment.
        Some(wait) => wait + jittered.min(Duration::from_secs(1)),
        None => jittered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_777_000_000;

    fn wait(header: &str) -> Option<u64> {
        retry_after(header, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        let later = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW + 90));
        assert_eq!(wait(&later), Some(90));
        let earlier = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW - 90));
        assert_eq!(wait(&earlier), Some(0));
    }

    #[test]
    fn retry_after_is_capped_and_nonsense_is_ignored() {
        assert_eq!(wait("99999999999"), Some(86_400));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-5"), None);
    }

    #[test]
    fn backoff_doubles_up_to_its_ceiling() {
        let longest = |attempt| backoff(attempt, None, 1.0);
        assert_eq!(longest(1), Duration::from_millis(500));
        assert_eq!(longest(2), Duration::from_secs(1));
        assert_eq!(longest(4), Duration::from_secs(4));
        assert_eq!(longest(40), LONGEST_BACKOFF);
        assert_eq!(backoff(4, None, 0.0), Duration::ZERO);
    }

    #[test]
    fn backoff_is_never_sooner_than_the_site_asked_for() {
        let asked = Duration::from_secs(30);
        assert_eq!(backoff(1, Some(asked), 0.0), asked);
        assert!(backoff(9, Some(asked), 1.0) <= asked + Duration::from_secs(1));
    }

    #[test]
    fn statuses_are_told_apart() {
        let error = |status| error_of_status("u", status, None);
        assert!(error(200).is_none() && error(304).is_none() && error(301).is_none());
        assert!(
            matches!(error(404), Some(Error::Gone { .. })) && matches!(error(410), Some(Error::Gone { .. }))
        );
        assert!(
            matches!(error(401), Some(Error::Blocked { .. }))
                && matches!(error(403), Some(Error::Blocked { .. }))
        );
        assert!(matches!(error(429), Some(Error::TooManyRequests { .. })));
        assert!(matches!(error(500), Some(Error::ServerTrouble { .. })));
        assert!(matches!(error(408), Some(Error::ServerTrouble { .. })));
        assert!(matches!(error(400), Some(Error::UnexpectedStatus { .. })));
        assert!(matches!(error(202), Some(Error::Blocked { .. })));
    }

    #[test]
    fn error_sign_and_outcome_of_a_status_agree() {
        for status in 100..=999 {
            let (meaning, error) = (Meaning::of(status), error_of_status("u", status, None));
            let is_fine = matches!(meaning.outcome(), "ok" | "unchanged" | "redirect");
            assert_eq!(error.is_none(), is_fine, "{status}");
            assert_eq!(meaning.sign() == Sign::Good, is_fine, "{status}");
            let is_blocked = matches!(error, Some(Error::Blocked { .. }));
            assert_eq!(meaning.outcome() == "blocked", is_blocked, "{status}");
            let is_trouble =
                matches!(error, Some(Error::ServerTrouble { .. } | Error::TooManyRequests { .. }));
            assert_eq!(meaning.sign() == Sign::Trouble, is_trouble, "{status}");
        }
    }

    #[test]
    fn only_a_page_is_a_robots_txt_and_only_a_refusal_to_show_it_permits_everything() {
        for status in [200, 203, 206] {
            assert_eq!(Permission::of(status), Permission::ByRules, "{status}");
        }
        for status in [400, 401, 403, 404, 405, 410, 418, 451] {
            assert_eq!(Permission::of(status), Permission::Everything, "{status}");
        }
        for status in [202, 300, 302, 304, 408, 425, 429, 500, 503, 599, 600] {
            assert_eq!(Permission::of(status), Permission::Nothing, "{status}");
        }
    }
}

//! What an answer's status means, and how long to wait before the next try.

use std::time::{Duration, SystemTime};

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

/// The error that a status stands for; `None` for a page (2xx), for "not modified" (304), and for a redirect.
pub fn error_of_status(url: &str, status: u16, retry_after: Option<Duration>) -> Option<Error> {
    let url = url.to_owned();
    match status {
        // 202 is how some bot walls answer: no page has status 202.
        202 => Some(Error::Blocked { url, what: "202 in place of a page".to_owned() }),
        200..=299 | 304 => None,
        _ if REDIRECTS.contains(&status) => None,
        404 | 410 => Some(Error::Gone { url, status }),
        401 | 403 => Some(Error::Blocked { url, what: status.to_string() }),
        429 => Some(Error::TooManyRequests { url, retry_after }),
        408 | 425 | 500..=599 => Some(Error::ServerTrouble { url, status, retry_after }),
        _ => Some(Error::UnexpectedStatus { url, status }),
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
    }
}

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

/// The error that a status stands for; `None` for a page (2xx) and for "not modified" (304).
pub fn error_of_status(url: &str, status: u16, retry_after: Option<Duration>) -> Option<Error> {
    let url = url.to_owned();
    match status {
        // 202 is how some bot walls answer: no page has status 202.
        202 => Some(Error::Blocked { url, what: "202 in place of a page".to_owned() }),
        200..=299 | 304 => None,
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
    let ceiling =
        FIRST_BACKOFF.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(LONGEST_BACKOFF);
    let jittered = ceiling.mul_f64(random);
    match retry_after {
        // The jitter spreads those who were all told the same moment.
        Some(wait) => wait + jittered.min(Duration::from_secs(1)),
        None => jittered,
    }
}

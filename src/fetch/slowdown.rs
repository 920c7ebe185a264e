//! How much longer than its usual delay a host is left between two requests, while it is slow or in trouble.

use std::time::Duration;

/// Most that a delay is stretched to, and by.
const LONGEST_DELAY: Duration = Duration::from_secs(60);
const MOST: f64 = 16.0;

/// What an error adds, and what each good answer in time takes off: four good ones make up for an error, so that a host
/// that fails now and then is asked at a steady pace.
const PENALTY: f64 = 1.5;
const RELIEF: f64 = 0.9;

/// What an answer says of the host's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A page, or that it has not changed.
    Good,
    /// An error of the server's, none in time, or no connection.
    Trouble,
    /// Anything else, such as a page that is gone: quick, but no sign of health.
    None,
}

/// By how much a host's delay is to be stretched after an answer: 1 is not at all. `delay` is the host's usual delay; a
/// host that is asked without one (a site of one's own) is never slowed down.
pub fn after(before: f64, delay: Duration, sign: Sign, latency: Duration) -> f64 {
    if delay.is_zero() {
        return 1.0;
    }
    let most = (LONGEST_DELAY.as_secs_f64() / delay.as_secs_f64()).clamp(1.0, MOST);
    // A host that takes longer for a page than the delay would have no rest at all between two.
    let by_latency = latency.as_secs_f64() / delay.as_secs_f64();
    let next = match sign {
        Sign::Trouble => (before * PENALTY).max(by_latency),
        Sign::Good if by_latency > before => (before + by_latency) / 2.0,
        Sign::Good => (before * RELIEF).max(by_latency),
        Sign::None => before,
    };
    next.clamp(1.0, most)
}

/// A delay, stretched.
pub fn stretched(delay: Duration, slowdown: f64) -> Duration {
    delay.mul_f64(slowdown.clamp(1.0, 1e6)).min(delay.max(LONGEST_DELAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_millis(1500);
    const QUICK: Duration = Duration::from_millis(100);

    #[test]
    fn trouble_raises_the_delay_up_to_its_limit() {
        assert_eq!(after(1.0, DELAY, Sign::Trouble, QUICK), PENALTY);
        assert_eq!(after(2.0, DELAY, Sign::Trouble, QUICK), 2.0 * PENALTY);
        assert_eq!(stretched(DELAY, after(1e9, DELAY, Sign::Trouble, QUICK)), DELAY.mul_f64(MOST));
        let long = Duration::from_secs(20);
        assert_eq!(stretched(long, after(1e9, long, Sign::Trouble, QUICK)), LONGEST_DELAY);
    }

    #[test]
    fn a_host_that_fails_now_and_then_is_asked_at_a_steady_pace() {
        let signs = (0..1000).map(|n| if n % 6 == 0 { Sign::Trouble } else { Sign::Good });
        let slowdown = signs.fold(1.0, |slowdown, sign| after(slowdown, DELAY, sign, QUICK));
        assert!(slowdown < 2.0, "{slowdown}");
    }

    #[test]
    fn a_slow_answer_raises_it_and_quick_ones_lower_it_slowly() {
        let slow = after(1.0, DELAY, Sign::Good, Duration::from_secs(6));
        assert_eq!(slow, 2.5);
        let quick = after(slow, DELAY, Sign::Good, QUICK);
        assert!(quick < slow && quick > slow / 2.0);
        let recovered = (0..50).fold(slow, |slowdown, _| after(slowdown, DELAY, Sign::Good, QUICK));
        assert_eq!(recovered, 1.0);
    }

    #[test]
    fn an_error_page_is_quick_and_never_lowers_it() {
        assert_eq!(after(4.0, DELAY, Sign::None, QUICK), 4.0);
        assert!(after(4.0, DELAY, Sign::Trouble, Duration::ZERO) > 4.0);
    }

    #[test]
    fn a_host_without_a_delay_is_never_slowed_down() {
        assert_eq!(after(1.0, Duration::ZERO, Sign::Trouble, QUICK), 1.0);
        assert_eq!(stretched(Duration::ZERO, 8.0), Duration::ZERO);
    }

    #[test]
    fn a_delay_longer_than_the_limit_stays() {
        let delay = Duration::from_secs(120);
        assert_eq!(stretched(delay, after(1.0, delay, Sign::Trouble, QUICK)), delay);
    }
}

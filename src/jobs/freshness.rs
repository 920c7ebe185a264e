//! How a listing is kept fresh: when its page is asked for again.
//!
//! Each visit schedules the next one, so that the queue alone keeps every listing up to date. Most bids come in the last
//! hours of an auction, so its page is asked for more often towards the end: some 40 times in a week, which is little
//! beside the one request a second that the site's robots.txt permits.

use bat_pages::listing::Status;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::context::Context;
use super::tasks;
use crate::error::Result;
use crate::store::freshness::Standing;

/// Between two visits of a live listing; also of one that does not tell its end.
pub const INTERVAL: SignedDuration = SignedDuration::from_hours(6);

/// How long before the end of an auction its page is asked for more often, and how often then.
const NEARER: [(SignedDuration, SignedDuration); 2] = [
    (SignedDuration::from_hours(24), SignedDuration::from_hours(2)),
    (SignedDuration::from_hours(2), SignedDuration::from_mins(30)),
];

/// Bids in the last two minutes extend an auction, and the site takes a while to tell the result.
const AFTER_THE_END: SignedDuration = SignedDuration::from_mins(10);

/// Longest pause between two visits of a listing whose end has passed and whose page does not tell how it ended.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Deals are made after the auction, mostly within three days. An auction without a result is given up by then too.
const LAST_VISIT: SignedDuration = SignedDuration::from_hours(72);

/// When a listing that is in this state now is to be visited again; `None` if its state is final.
///
/// - Live: every 6 hours, every 2 in the last day, every 30 minutes in the last 2 hours, and 10 minutes after the end.
/// - Live after its end: the pauses double, from 10 minutes to a week; it is never given up.
/// - Ended, and its page does not tell how: the same, for three days.
/// - Reserve not met: once more, three days after the end.
///
/// A page that does not tell its state counts as live before its end, and as ended after it.
pub fn next_visit(status: Option<Status>, ends_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let last = || ends_at.and_then(|end| end.checked_add(LAST_VISIT).ok()).filter(|last| *last > now);
    let wait = match status {
        Some(Status::Sold | Status::Withdrawn) => return None,
        Some(Status::ReserveNotMet) => return last(),
        Some(Status::Live) => match ends_at {
            Some(end) if end <= now => pause_after(end, now).min(LONGEST_PAUSE),
            Some(end) => wait_before(end, now),
            None => INTERVAL,
        },
        Some(Status::Ended) | None => match ends_at {
            Some(end) if end > now => wait_before(end, now),
            Some(end) => pause_after(end, now).min(last()?.duration_since(now)),
            None => return None,
        },
    };
    now.checked_add(wait).ok()
}

/// How long to wait where the end is still to come.
fn wait_before(end: Timestamp, now: Timestamp) -> SignedDuration {
    let left = end.duration_since(now);
    let mut wait = INTERVAL;
    for (span, often) in NEARER {
        // Nowhere in the span may more time pass than its own pause.
        wait = wait.min((left - span).max(often));
    }
    if wait < left { wait } else { left + AFTER_THE_END }
}

/// How long to wait after the end: as long as it has passed, so that the pauses double.
fn pause_after(end: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(end).max(AFTER_THE_END)
}

impl Context {
    /// Schedules the next visit of a listing, by what its page said just now.
    pub fn schedule_next_visit(
        &self,
        url: &str,
        status: Option<Status>,
        ends_at: Option<&str>,
    ) -> Result<()> {
        let end = ends_at.and_then(|end| end.parse().ok());
        match next_visit(status, end, Timestamp::now()) {
            Some(time) => self.store.schedule_visit(&tasks::listing(url)?, &time.to_string()),
            None => Ok(()),
        }
    }

    /// The same for a page that is what it was: by the stored row.
    pub fn schedule_visit_of_unchanged(&self, url: &str) -> Result<()> {
        match self.store.standing(url)? {
            Some(Standing { status, ends_at }) => {
                let status = status.and_then(|word| serde_json::from_value(Value::String(word)).ok());
                self.schedule_next_visit(url, status, ends_at.as_deref())
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = "2026-05-05T19:09:00Z";

    fn next(status: Option<Status>, now: &str) -> Option<String> {
        let end = END.parse().unwrap();
        next_visit(status, Some(end), now.parse().unwrap()).map(|time| time.to_string())
    }

    fn live(now: &str) -> String {
        next(Some(Status::Live), now).unwrap()
    }

    /// The visits of a listing that stays in a state, from the first one on.
    fn visits(status: Status, first: &str, until: &str) -> Vec<Timestamp> {
        let (end, until): (Timestamp, Timestamp) = (END.parse().unwrap(), until.parse().unwrap());
        let mut all: Vec<Timestamp> = vec![first.parse().unwrap()];
        while let Some(time) = next_visit(Some(status), Some(end), *all.last().unwrap()) {
            if time > until {
                break;
            }
            all.push(time);
        }
        all
    }

    #[test]
    fn a_live_listing_is_visited_every_six_hours_and_more_often_near_its_end() {
        assert_eq!(live("2026-05-01T00:00:00Z"), "2026-05-01T06:00:00Z");
        assert_eq!(live("2026-05-05T00:09:00Z"), "2026-05-05T02:09:00Z");
        assert_eq!(live("2026-05-05T17:29:00Z"), "2026-05-05T17:59:00Z");
    }

    #[test]
    fn no_pause_reaches_into_a_span_of_shorter_ones() {
        // 26 hours are left: in 2 hours the last day begins.
        assert_eq!(live("2026-05-04T17:09:00Z"), "2026-05-04T19:09:00Z");
        // 2 hours and 10 minutes are left.
        assert_eq!(live("2026-05-05T16:59:00Z"), "2026-05-05T17:29:00Z");
    }

    #[test]
    fn the_last_visit_of_a_live_listing_is_after_its_end() {
        for now in ["2026-05-05T18:39:00Z", "2026-05-05T18:50:00Z", "2026-05-05T19:08:59Z"] {
            assert_eq!(live(now), "2026-05-05T19:19:00Z", "{now}");
        }
    }

    #[test]
    fn an_end_that_was_extended_is_awaited_again() {
        // 10 minutes after the end that was told before, the page tells a later one.
        let extended = "2026-05-05T19:27:00Z".parse().unwrap();
        let now = "2026-05-05T19:19:00Z".parse().unwrap();
        let time = next_visit(Some(Status::Live), Some(extended), now).unwrap();
        assert_eq!(time.to_string(), "2026-05-05T19:37:00Z");
    }

    #[test]
    fn a_week_of_an_auction_takes_some_forty_visits() {
        let visits = visits(Status::Live, "2026-04-28T19:09:00Z", "2026-05-05T19:19:00Z");
        assert!((35..45).contains(&visits.len()), "{}", visits.len());
    }

    #[test]
    fn a_live_listing_whose_end_has_passed_is_neither_asked_in_a_loop_nor_forgotten() {
        assert_eq!(live("2026-05-05T19:09:00Z"), "2026-05-05T19:19:00Z");
        assert_eq!(live("2026-05-05T19:19:00Z"), "2026-05-05T19:29:00Z");
        assert_eq!(live("2026-05-05T20:09:00Z"), "2026-05-05T21:09:00Z");
        assert_eq!(live("2026-11-25T00:00:00Z"), "2026-12-02T00:00:00Z");
        let first_week = visits(Status::Live, "2026-05-05T19:19:00Z", "2026-05-12T19:09:00Z");
        assert!(first_week.len() < 14, "{}", first_week.len());
    }

    #[test]
    fn a_listing_that_ended_without_a_result_is_visited_for_three_days() {
        let visits = visits(Status::Ended, "2026-05-05T19:19:00Z", "2027-01-01T00:00:00Z");
        assert!((5..14).contains(&visits.len()), "{}", visits.len());
        assert_eq!(visits.last().unwrap().to_string(), "2026-05-08T19:09:00Z");
        assert_eq!(next(Some(Status::Ended), "2026-05-08T19:09:00Z"), None);
        // A page that does not tell its state is no more.
        assert_eq!(next(None, "2026-05-08T19:09:00Z"), None);
        assert_eq!(next(None, "2026-05-01T00:00:00Z").as_deref(), Some("2026-05-01T06:00:00Z"));
    }

    #[test]
    fn a_listing_with_reserve_not_met_is_visited_three_days_later_and_only_once() {
        let time = next(Some(Status::ReserveNotMet), "2026-05-05T19:19:00Z");
        assert_eq!(time.as_deref(), Some("2026-05-08T19:09:00Z"));
        assert_eq!(next(Some(Status::ReserveNotMet), "2026-05-08T19:09:00Z"), None);
    }

    #[test]
    fn what_is_final_is_not_visited_again() {
        for status in [Status::Sold, Status::Withdrawn] {
            for now in ["2026-05-01T00:00:00Z", END, "2026-05-06T00:00:00Z"] {
                assert_eq!(next(Some(status), now), None, "{status:?} {now}");
            }
        }
    }

    #[test]
    fn a_live_listing_that_does_not_tell_its_end_is_visited_every_six_hours() {
        let now = "2026-05-01T00:00:00Z".parse().unwrap();
        let time = next_visit(Some(Status::Live), None, now).unwrap();
        assert_eq!(time.to_string(), "2026-05-01T06:00:00Z");
        assert_eq!(next_visit(Some(Status::Ended), None, now), None);
        assert_eq!(next_visit(Some(Status::ReserveNotMet), None, now), None);
    }
}

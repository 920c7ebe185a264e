//! Words of messages and notices: numbers with their nouns, how fast it goes, and how long it will take.

use std::time::{Duration, Instant};

/// Least time between two progress notices.
pub(super) const NOTICE_INTERVAL: Duration = Duration::from_secs(2);

/// A number with its noun: `1 page`, `2 pages`.
pub(super) fn counted<N: TryInto<i64>>(number: N, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Rate and time left, as they stand in a notice: `27.4/s, about 3 s left`.
pub(super) fn pace(done: i64, left: i64, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
    if rate > 0.0 {
        format!("{rate:.1}/s, about {} left", rough(left as f64 / rate))
    } else {
        "0.0/s".to_owned()
    }
}

/// A time in one unit that tells enough.
fn rough(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds if seconds < 7200.0 => format!("{:.0} min", seconds / 60.0),
        seconds if seconds < 172_800.0 => format!("{:.0} h", seconds / 3600.0),
        seconds => format!("{:.0} days", seconds / 86400.0),
    }
}

/// How much of a job that its caller waits for is done since when, and when that was last told.
pub(super) struct Telling {
    started: Instant,
    told: Instant,
    done: i64,
}

impl Telling {
    pub(super) fn new() -> Telling {
        Telling { started: Instant::now(), told: Instant::now(), done: 0 }
    }

    /// One more is done. Returns rate and time left, if it is time for a notice.
    pub(super) fn one_done(&mut self, left: usize) -> Option<String> {
        self.done += 1;
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        self.is_due().then(|| pace(self.done, left, self.started.elapsed()))
    }

    /// Whether it is time for a notice.
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.told.elapsed() >= NOTICE_INTERVAL;
        if is_due {
            self.told = Instant::now();
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{counted, pace};

    #[test]
    fn one_is_singular_all_else_is_plural() {
        assert_eq!(counted(1, "page", "pages"), "1 page");
        assert_eq!(counted(0_usize, "page", "pages"), "0 pages");
        assert_eq!(counted(2_i32, "task is", "tasks are"), "2 tasks are");
    }

    #[test]
    fn the_time_left_has_the_unit_that_fits() {
        let told = |done, left| pace(done, left, Duration::from_secs(100));
        assert_eq!(told(100, 30), "1.0/s, about 30 s left");
        assert_eq!(told(60, 600), "0.6/s, about 17 min left");
        assert_eq!(told(60, 10_000), "0.6/s, about 5 h left");
        assert_eq!(told(62, 265_000), "0.6/s, about 5 days left");
        assert_eq!(told(0, 265_000), "0.0/s");
    }
}

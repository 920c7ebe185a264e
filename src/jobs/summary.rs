//! What a job returns: how it ended, with counts that add up.

use std::time::Duration;

use crate::store::runs::{Counts, Run};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All that was to do is done.
    Done,
    /// A part is done; calling again goes on.
    Partial,
    /// There was nothing to do.
    NothingToDo,
    /// The site does not want this crawler, now or at all.
    Blocked,
    /// Nothing could be done.
    Failed,
}

impl Status {
    /// The word for it in `bat_runs` and `bat_summary`.
    pub fn word(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Partial => "partial",
            Status::NothingToDo => "nothing_to_do",
            Status::Blocked => "blocked",
            Status::Failed => "failed",
        }
    }

    /// Tells it from the counts. `is_left`: work is left for another call.
    pub fn of(counts: &Counts, is_left: bool) -> Status {
        if counts.good() == 0 && counts.refused > 0 {
            return Status::Blocked;
        }
        if counts.found() == 0 {
            return if is_left { Status::Partial } else { Status::NothingToDo };
        }
        if counts.failed > 0 && counts.good() == 0 && counts.skipped == 0 {
            return Status::Failed;
        }
        if counts.failed > 0 || counts.refused > 0 || is_left { Status::Partial } else { Status::Done }
    }

    /// The same for a worker: blocked if it could do nothing because each of the `ready` tasks waits for a host that is
    /// left alone.
    pub fn of_worker(counts: &Counts, ready: i64, resting: i64) -> Status {
        let is_shut_out = counts.found() == 0 && ready > 0 && resting >= ready;
        if is_shut_out { Status::Blocked } else { Status::of(counts, ready > 0) }
    }
}

/// One row of `bat_summary`.
pub struct Summary {
    pub run: Option<i64>,
    pub status: String,
    pub counts: Counts,
    pub elapsed: Duration,
    pub message: String,
}

impl From<Run> for Summary {
    fn from(run: Run) -> Summary {
        Summary {
            run: Some(run.id),
            status: run.status,
            counts: run.counts,
            elapsed: Duration::try_from_secs_f64(run.elapsed).unwrap_or_default(),
            message: run.message.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(inserted: i32, skipped: i32, failed: i32, refused: i32, is_left: bool) -> &'static str {
        let counts = Counts { inserted, skipped, failed, refused, ..Counts::default() };
        Status::of(&counts, is_left).word()
    }

    #[test]
    fn a_status_follows_from_the_counts() {
        assert_eq!(status(0, 0, 0, 0, false), "nothing_to_do");
        assert_eq!(status(5, 1, 0, 0, false), "done");
        assert_eq!(status(0, 3, 0, 0, false), "done");
        assert_eq!(status(5, 0, 0, 0, true), "partial");
        assert_eq!(status(5, 0, 1, 0, false), "partial");
        assert_eq!(status(5, 1, 0, 1, false), "partial");
        assert_eq!(status(0, 0, 2, 0, false), "failed");
        assert_eq!(status(0, 0, 2, 1, false), "blocked");
        assert_eq!(status(0, 2, 0, 2, false), "blocked");
        assert_eq!(status(0, 0, 0, 1, true), "blocked");
    }

    #[test]
    fn a_worker_whose_hosts_all_rest_is_blocked() {
        let idle = Counts::default();
        assert_eq!(Status::of_worker(&idle, 3, 3), Status::Blocked);
        assert_eq!(Status::of_worker(&idle, 3, 2), Status::Partial);
        assert_eq!(Status::of_worker(&idle, 0, 0), Status::NothingToDo);
        assert_eq!(Status::of_worker(&Counts { inserted: 1, ..idle }, 3, 3), Status::Partial);
    }
}

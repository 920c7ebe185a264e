//! What a row's metadata remembers of the search for its pictures, so that none of it is repeated too soon.

use std::collections::BTreeMap;

use bat_pages::image::Image;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::store::merge::Fields;
use crate::store::profiles::IMAGES;

/// Longest pause between two attempts; a picture that was none is not asked for again before.
const LONGEST_DAYS: i64 = 90;

/// What came of asking for a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Checked {
    /// When, ISO 8601.
    pub at: String,
    /// The picture; `None` if there is none.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flaw: Option<String>,
}

/// The memory of a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub attempts: i64,
    pub failures: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// What went wrong at the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// By URL.
    pub checked: BTreeMap<String, Checked>,
}

/// What a row remembers. What is no memory counts as none.
pub(super) fn of(row: &Fields) -> Memory {
    let noted = row.get("metadata").and_then(|metadata| metadata.get(IMAGES));
    noted.map(read).unwrap_or_default()
}

/// The same of the noted object.
pub(super) fn read(noted: &Value) -> Memory {
    serde_json::from_value(noted.clone()).unwrap_or_default()
}

impl Checked {
    /// How long ago; `None` if that is in the future or no time.
    pub fn age(&self) -> Option<SignedDuration> {
        let at: Timestamp = self.at.parse().ok()?;
        Some(Timestamp::now().duration_since(at)).filter(|age| !age.is_negative())
    }

    /// Whether it is too old to be believed.
    pub fn is_stale(&self) -> bool {
        self.age().is_none_or(|age| age > SignedDuration::from_hours(24 * LONGEST_DAYS))
    }
}

impl Memory {
    /// Whether an attempt is due.
    pub fn is_due(&self) -> bool {
        let next: Option<Timestamp> = self.next_attempt_at.as_deref().and_then(|at| at.parse().ok());
        next.is_none_or(|next| next <= Timestamp::now())
    }

    /// The memory after an attempt that may have failed: the next one follows after 1, 3, 9, 27, 81 and then 90 days.
    pub fn after(mut self, time: &str, error: Option<&str>) -> Value {
        let earlier = u32::try_from(self.attempts.clamp(0, 10)).unwrap_or(10);
        let days = 3_i64.pow(earlier).min(LONGEST_DAYS);
        self.attempts = self.attempts.saturating_add(1);
        self.failures = self.failures.saturating_add(i64::from(error.is_some()));
        self.last_error = error.map(str::to_owned);
        let next = time.parse::<Timestamp>().ok();
        let next = next.and_then(|time| time.checked_add(SignedDuration::from_hours(24 * days)).ok());
        self.next_attempt_at = next.map(|next| next.to_string());
        self.last_attempt_at = Some(time.to_owned());
        json!(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_spaced_out_and_counted() {
        let mut memory = Memory::default();
        let mut days = Vec::new();
        for attempt in 0..8 {
            let error = (attempt == 1).then_some("it was out");
            memory = read(&memory.after("2026-01-01T00:00:00Z", error));
            let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap_or_default();
            let next: Timestamp =
                memory.next_attempt_at.as_deref().unwrap_or_default().parse().unwrap_or_default();
            days.push(next.duration_since(start).as_hours() / 24);
        }
        assert_eq!(days, [1, 3, 9, 27, 81, 90, 90, 90]);
        assert_eq!((memory.attempts, memory.failures, memory.last_error), (8, 1, None));
    }

    #[test]
    fn what_is_no_memory_counts_as_none() {
        for noted in [json!("x"), json!({"attempts": "many"}), json!(null)] {
            assert_eq!(read(&noted).attempts, 0, "{noted}");
        }
    }

    #[test]
    fn a_picture_and_a_flaw_are_kept_apart() {
        let image = Image { kind: "svg".to_owned(), width: None, height: None };
        let found = Checked { at: "2026-01-01T00:00:00Z".to_owned(), image: Some(image), flaw: None };
        let none = Checked { image: None, flaw: Some("404".to_owned()), ..found.clone() };
        for checked in [found, none] {
            let read: Option<Checked> = serde_json::from_value(json!(checked)).ok();
            assert_eq!(read, Some(checked));
        }
    }
}

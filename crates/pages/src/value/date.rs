//! Dates and times as the site prints them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// ISO 8601 in UTC of seconds since 1970: 1777056942 → `2026-04-24T18:55:42Z`. Only the time after 1970, and
/// only what four digits of year can say.
pub fn from_unix(seconds: i64) -> Option<String> {
    if seconds <= 0 {
        return None;
    }
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

/// ISO 8601 date of `April 24, 2026`, `4/24/26` or `4/24/2026` (month first), found as the whole of `text`.
/// The site prints dates in its own zone, Pacific Time: the date in UTC may be the next one.
pub fn printed_date(text: &str) -> Option<String> {
    let text = text.trim();
    let date = ["%B %d, %Y", "%b %d, %Y", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d"]
        .iter()
        .filter(|format| !(format.ends_with("%Y") && format.contains('/') && !has_long_year(text)))
        .find_map(|format| Date::strptime(format, text).ok())?;
    (date.year() > 0).then(|| date.to_string())
}

/// Whether `m/d/y` ends with a year of four digits: `%Y` would take `26` for the year 26.
fn has_long_year(text: &str) -> bool {
    text.rsplit('/').next().is_some_and(|year| year.len() == 4)
}

/// ISO 8601 of `2026-5-5-19-09-00`, the form of `data-auction-ends`: UTC, not padded.
pub fn unpadded(text: &str) -> Option<String> {
    let fields: Vec<i16> = text.trim().split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [year, month, day, hour, minute, second] = fields.try_into().ok()?;
    let small = |field: i16| i8::try_from(field).ok();
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0)
        .ok()
        .filter(|_| year >= 1970)
        .map(|time| format!("{time}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_since_1970() {
        assert_eq!(from_unix(1_777_056_942).as_deref(), Some("2026-04-24T18:55:42Z"));
        for nonsense in [0, -1, i64::MAX, i64::MIN] {
            assert_eq!(from_unix(nonsense), None);
        }
    }

    #[test]
    fn every_printed_form() {
        for (text, expected) in [
            ("April 24, 2026", "2026-04-24"),
            ("4/24/26", "2026-04-24"),
            ("4/24/2026", "2026-04-24"),
            ("04/20/2026", "2026-04-20"),
            (" November 7, 2025 ", "2025-11-07"),
            ("9/14/15", "2015-09-14"),
        ] {
            assert_eq!(printed_date(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "May 5", "Friday, April 24 at 11:55am", "13/45/26", "February 30, 2026"] {
            assert_eq!(printed_date(text), None, "{text}");
        }
    }

    #[test]
    fn unpadded_ends() {
        assert_eq!(unpadded("2026-5-5-19-09-00").as_deref(), Some("2026-05-05T19:09:00Z"));
        for text in ["", "2026-5-5", "2026-13-5-19-09-00", "2026-5-5-19-09-00-1", "x-5-5-19-09-00"] {
            assert_eq!(unpadded(text), None, "{text}");
        }
    }
}

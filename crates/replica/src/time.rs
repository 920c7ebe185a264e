//! Times as the site prints them: visible dates in Pacific time, the end of an auction also in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Unix seconds as a point in Pacific time, the zone of the site's visible dates.
pub(crate) fn pacific(unix: i64) -> DateTime {
    let zone = TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC);
    civil(unix, zone)
}

fn civil(unix: i64, zone: TimeZone) -> DateTime {
    Timestamp::from_second(unix).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone).datetime()
}

fn print(unix: i64, format: &str) -> String {
    pacific(unix).strftime(format).to_string()
}

/// `4/24/26`.
pub(crate) fn short(unix: i64) -> String {
    print(unix, "%-m/%-d/%y")
}

/// `4/24/2026`.
pub(crate) fn short_long_year(unix: i64) -> String {
    print(unix, "%-m/%-d/%Y")
}

/// `04/24/2026`.
pub(crate) fn padded(unix: i64) -> String {
    print(unix, "%m/%d/%Y")
}

/// `April 24, 2026`.
pub(crate) fn long(unix: i64) -> String {
    print(unix, "%B %-d, %Y")
}

/// `May 5`, without the year.
pub(crate) fn month_day(unix: i64) -> String {
    print(unix, "%B %-d")
}

/// `Friday, April 24 at 11:55am`.
pub(crate) fn weekday(unix: i64) -> String {
    print(unix, "%A, %B %-d at %-I:%M%P")
}

/// `May 5, 2026 at 12:09PM PT`.
pub(crate) fn end_time(unix: i64) -> String {
    print(unix, "%B %-d, %Y at %-I:%M%p PT")
}

/// `2026-5-5-19-09-00`: UTC, month and day without leading zeros.
pub(crate) fn auction_ends(unix: i64) -> String {
    civil(unix, TimeZone::UTC).strftime("%Y-%-m-%-d-%H-%M-%S").to_string()
}

/// `2026-04-24`, the day in Pacific time.
pub(crate) fn pacific_day(unix: i64) -> String {
    print(unix, "%Y-%m-%d")
}

/// `2026/04`, the folder of uploads.
pub(crate) fn folder(unix: i64) -> String {
    print(unix, "%Y/%m")
}

/// `2026-04-24T18:55:42Z`.
pub(crate) fn iso(unix: i64) -> String {
    civil(unix, TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Unix seconds of midnight UTC of a day.
pub(crate) fn midnight(year: i16, month: i8, day: i8) -> i64 {
    let date = jiff::civil::Date::new(year, month, day).unwrap_or(jiff::civil::Date::ZERO);
    date.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second())
}

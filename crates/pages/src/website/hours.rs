//! Opening hours, as text: whoever wants to reckon with them has to read more forms than are known here.

use serde_json::{Map, Value};

use super::Page;

/// Longest opening hours, in bytes.
const LONGEST: usize = 600;

/// Names of the days, in English, without "day".
const DAYS: [&str; 13] =
    ["mon", "tue", "tues", "wed", "wednes", "thu", "thur", "thurs", "fri", "sat", "satur", "sun", "week"];

/// Names of the months, in English.
const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// The page's opening hours and their source.
pub(super) fn find(page: &Page<'_>) -> Option<(String, &'static str)> {
    let structured =
        page.businesses.iter().find_map(|(source, business)| Some((business.hours.clone()?, *source)));
    structured.or_else(|| in_text(page).map(|hours| (hours, "text")))
}

/// Hours as schema.org publishes them: `openingHours` as it is written, each
/// `openingHoursSpecification` as `Monday, Tuesday 09:00-17:00`.
pub(super) fn published(object: &Map<String, Value>) -> Option<String> {
    let written = list(object.get("openingHours")).iter().filter_map(Value::as_str).map(without_gaps);
    let mut lines: Vec<String> = written.filter(|text| !text.is_empty()).collect();
    if lines.is_empty() {
        let specifications = list(object.get("openingHoursSpecification"));
        lines = specifications.iter().filter_map(|value| specification(value.as_object()?)).collect();
    }
    joined(lines)
}

/// Hours without the days for which a builder printed a comma and nothing else.
fn without_gaps(text: &str) -> String {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn specification(object: &Map<String, Value>) -> Option<String> {
    let days: Vec<&str> = list(object.get("dayOfWeek"))
        .iter()
        .filter_map(|day| day.as_str().or_else(|| day.get("name")?.as_str()))
        .filter_map(|day| day.rsplit(['/', '#', ':']).next())
        .collect();
    let time =
        |key: &str| object.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let (opens, closes) = (time("opens")?, time("closes")?);
    (!days.is_empty()).then(|| format!("{} {opens}-{closes}", days.join(", ")))
}

/// The values of a list, or the one that is none.
fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
    }
}

/// The hours of the page's contact blocks: lines that name days and times. `None` if two blocks differ, as
/// those of two showrooms do.
fn in_text(page: &Page<'_>) -> Option<String> {
    let blocks = page.contacts.iter().map(Vec::as_slice).chain([page.beside_address.as_slice()]);
    let mut found = blocks.filter_map(|lines| joined(of_lines(lines)));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

fn of_lines(lines: &[String]) -> Vec<String> {
    let mut hours = Vec::new();
    let mut above: Option<&str> = None;
    for line in lines.iter().filter(|line| line.len() < LONGEST) {
        match (names_day(line), tells_time(line), above) {
            (true, true, _) => hours.push(line.clone()),
            // A day and its hours may stand in two cells.
            (false, true, Some(day)) => hours.push(format!("{day} {line}")),
            _ => {}
        }
        above =
            (names_day(line) && !tells_time(line) && line.split_whitespace().count() <= 3).then_some(line);
    }
    hours
}

/// Whether one of a line's words is the name of a day, and none that of a month: then it tells of an event.
fn names_day(line: &str) -> bool {
    let words: Vec<String> = line.split(|c: char| !c.is_alphabetic()).map(str::to_ascii_lowercase).collect();
    let day = |word: &String| {
        let word = word.trim_end_matches('s');
        let stem = word.strip_suffix("day").unwrap_or(word);
        DAYS.contains(&stem) && (stem != "week" || word == "weekday")
    };
    let month = |word: &String| MONTHS.contains(&word.as_str());
    words.iter().any(day) && !words.iter().any(month)
}

/// Whether a line tells a time of day, or that there is none.
fn tells_time(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let bytes = line.as_bytes();
    let clock = line.match_indices(|c: char| c.is_ascii_digit()).any(|(at, _)| {
        let after = line[at + 1..].trim_start();
        let minutes = bytes.get(at + 1) == Some(&b':') && bytes.get(at + 2).is_some_and(u8::is_ascii_digit);
        minutes || ["am", "pm", "a.m", "p.m"].iter().any(|half| after.starts_with(half))
    });
    clock || line.contains("closed") || line.contains("appointment")
}

fn joined(lines: Vec<String>) -> Option<String> {
    let lines: Vec<String> = lines.iter().map(|line| crate::text::collapse(line)).collect();
    let text = lines.join("; ");
    (!text.is_empty() && text.len() <= LONGEST).then_some(text)
}

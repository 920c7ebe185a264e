//! Titles of vehicles for sale.

use super::item::Status;
use super::{make, mark};
use crate::text::collapse;
use crate::value::title;

/// Longest title.
const LONGEST: usize = 160;

/// What a title tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    pub year: Option<i32>,
    pub make: Option<String>,
    /// The model, if a single word follows the make: of several, nobody knows where the trim begins.
    pub model: Option<String>,
}

/// Words behind the make that name a body and no model.
const BODIES: [&str; 17] = [
    "cabriolet",
    "convertible",
    "coupe",
    "hatchback",
    "hotrod",
    "limousine",
    "pick-up",
    "pickup",
    "replica",
    "roadster",
    "sedan",
    "speedster",
    "suv",
    "touring",
    "truck",
    "van",
    "wagon",
];

/// Reads a title: year, make as far as it is a known one, model.
pub(super) fn read(text: &str) -> Title {
    let Some((year, rest)) = year_led(text) else {
        return Title { year: title::year(text), ..Title::default() };
    };
    // A replica bears the name of what it is not.
    let own = !rest.to_lowercase().contains("replica");
    let Some((make, rest)) = make::at_start(rest).filter(|_| own) else {
        return Title { year: Some(year), ..Title::default() };
    };
    let mut words = rest.split_whitespace();
    let model = words.next().filter(|_| words.next().is_none());
    let model = model.filter(|word| !BODIES.contains(&word.to_lowercase().as_str()));
    Title { year: Some(year), make: Some(make.to_owned()), model: model.map(str::to_owned) }
}

/// Year and the rest of a title that begins with one, a mark before it apart: `1967 AC Cobra`, `1973.5 Porsche 911`,
/// `'67 Camaro`, `SOLD - 1967 AC Cobra`. Of two digits, those that can only be of the last century.
pub(super) fn year_led(text: &str) -> Option<(i32, &str)> {
    if text.trim().len() > LONGEST {
        return None;
    }
    led_by_year(text).or_else(|| led_by_year(mark::behind(text)?.0))
}

fn led_by_year(text: &str) -> Option<(i32, &str)> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    rest.chars().next().filter(|c| c.is_alphanumeric() || matches!(c, '*' | '(' | '"'))?;
    if !rest.contains(char::is_alphabetic) {
        return None;
    }
    let year = match word.strip_prefix(['\'', '\u{2019}', '\u{2018}']) {
        Some(short) => {
            let digits = short.len() == 2 && short.bytes().all(|byte| byte.is_ascii_digit());
            short.parse().ok().filter(|year| digits && (30..=99).contains(year)).map(|year: i32| 1900 + year)
        }
        None => title::year(word.trim_end_matches(".5")),
    }?;
    Some((year, rest))
}

/// A title without the marks at its ends, and what they say: `SOLD - 1967 AC Cobra`, `1967 AC Cobra (Sale pending)`.
pub(super) fn without_marks(text: &str) -> (&str, Option<Status>) {
    let (mut text, mut status) = (text.trim(), None);
    if text.len() > LONGEST {
        return (text, None);
    }
    let behind = |text| mark::behind(text).filter(|(rest, _)| led_by_year(rest).is_some());
    while let Some((rest, marked)) = mark::before(text).or_else(|| behind(text)) {
        text = rest.trim();
        status = if status == Some(Status::Sold) { status } else { Some(marked) };
    }
    (text, status)
}

/// A title without the chassis number that is printed behind it: `1967 AC Cobra, s/n CSX 3356`.
pub(super) fn without_number(text: &str) -> (String, Option<String>) {
    let text = collapse(text);
    let lower = text.to_ascii_lowercase();
    let marks = ["s/n ", "s/n: ", "s/n# ", "chassis no. ", "chassis no ", "vin: "];
    let found = marks.iter().filter_map(|mark| {
        let at = lower.find(mark)?;
        let before = text.get(..at)?;
        before.trim_end().ends_with([',', '-', '\u{2013}', '|', '(']).then_some((at, mark.len()))
    });
    let Some((at, length)) = found.min() else { return (text, None) };
    let (before, number) = (text.get(..at).unwrap_or_default(), text.get(at + length..).unwrap_or_default());
    let before = before
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '\u{2013}' | '|' | '('));
    (before.to_owned(), Some(number.trim_end_matches(')').to_owned()))
}

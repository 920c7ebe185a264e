//! Mileage bullets.

use serde::{Deserialize, Serialize};

use super::powertrain::is_engine;
use crate::number;
use crate::text::collapse;

/// A mileage as a listing states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mileage {
    /// Number; `None` for "TMU" alone.
    pub value: Option<i32>,
    /// `mi`, `km` or `h`; `None` without a number.
    pub unit: Option<String>,
    /// What the odometer shows ("Shown", "Indicated"), as opposed to what is claimed.
    pub shown: bool,
    /// True mileage unknown.
    pub tmu: bool,
    /// The bullet, trimmed.
    pub text: String,
}

/// Words that may stand between the number and its unit, in small letters.
const QUALIFIERS: [&str; 13] = [
    "actual",
    "chassis",
    "claimed",
    "documented",
    "engine",
    "indicated",
    "odometer",
    "original",
    "reported",
    "showing",
    "shown",
    "total",
    "true",
];

/// Words behind the unit that tell of a distance which is not the vehicle's: since a rebuild, of an owner, of a
/// component, of a warranty.
const NOT_THE_VEHICLES: [&str; 23] = [
    "added",
    "ago",
    "battery",
    "by",
    "clutch",
    "driven",
    "drivetrain",
    "during",
    "engine",
    "gearbox",
    "in",
    "motor",
    "per",
    "radius",
    "range",
    "rebuild",
    "restoration",
    "service",
    "since",
    "tires",
    "transmission",
    "under",
    "warranty",
];

/// "TMU" alone, spelt out.
const UNKNOWN: [&str; 7] = [
    "tmu",
    "total mileage unknown",
    "true mileage unknown",
    "total miles unknown",
    "true miles unknown",
    "mileage unknown",
    "total runtime unknown",
];

/// Reads a bullet of the listing details. `None` if it is no mileage. Of two units, the first printed counts:
/// `205k Kilometers (~127k Miles) Shown` is in kilometres.
pub fn mileage(bullet: &str) -> Option<Mileage> {
    let text = collapse(bullet);
    let lower = text.to_lowercase();
    let plain = lower.trim_end_matches([',', '.', ' ']);
    if UNKNOWN.contains(&plain) {
        return Some(Mileage { value: None, unit: None, shown: false, tmu: true, text });
    }
    let (value, rest) = number(plain)?;
    let (unit, shown_before, behind) = unit_behind(rest)?;
    let (shown_behind, tmu) = said_behind(behind)?;
    let (unit, shown) = (Some(unit.to_owned()), shown_before || shown_behind);
    Some(Mileage { value: Some(value), unit, shown, tmu, text })
}

/// The unit behind the number, whether a word before it says that it is shown, and what follows it.
fn unit_behind(text: &str) -> Option<(&'static str, bool, &str)> {
    let (mut rest, mut shown, mut of_engine) = (text, false, false);
    loop {
        let word = words(rest).next()?;
        rest = rest.trim_start_matches(parts_words).strip_prefix(word)?;
        if let Some(unit) = unit(word) {
            // A clock counts the hours of a boat's or a tractor's engine; an engine's miles are not the car's.
            return (!of_engine || unit == "h").then_some((unit, shown, rest));
        }
        if !QUALIFIERS.contains(&word) {
            return None;
        }
        shown |= is_shown(word);
        of_engine |= word == "engine";
    }
}

/// What is said behind the unit: whether the distance is shown, and whether the true one is unknown. `None` if the
/// distance is not the vehicle's. What is said of a second one, in brackets or behind a comma, does not tell that.
fn said_behind(text: &str) -> Option<(bool, bool)> {
    // "24 Hours of Le Mans" is a race.
    if words(text).next() == Some("of") {
        return None;
    }
    let (mut shown, mut tmu) = (false, false);
    let (mut mark, mut second) = (None, None);
    for piece in text.split_inclusive(['(', ',', ')']) {
        let has_number =
            piece.trim_start_matches(['~', '≈', '±', ' ']).starts_with(|c: char| c.is_ascii_digit());
        match mark {
            Some('(' | ',') if has_number => second = second.or(mark),
            Some(')') if second == Some('(') => second = None,
            _ => {}
        }
        mark = piece.chars().next_back();
        if second.is_none() && is_anothers(piece) {
            return None;
        }
        shown |= words(piece).any(is_shown);
        tmu |= words(piece).any(|word| matches!(word, "tmu" | "unknown"));
    }
    Some((shown, tmu))
}

/// Whether a distance of which this is said is another one than the vehicle's: "since restoration", "post-rebuild",
/// "on LS3 V8".
fn is_anothers(said: &str) -> bool {
    words(said).any(|word| NOT_THE_VEHICLES.contains(&word) || word.starts_with("post-"))
        || said.split_once(" on ").is_some_and(|(_, bearer)| is_engine(bearer))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(parts_words).filter(|word| !word.is_empty())
}

fn parts_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '(' | ')' | ';')
}

fn is_shown(word: &str) -> bool {
    matches!(word, "shown" | "indicated" | "showing")
}

fn unit(word: &str) -> Option<&'static str> {
    match word {
        "mile" | "miles" | "mi" => Some("mi"),
        "kilometer" | "kilometers" | "kilometre" | "kilometres" | "km" | "kms" => Some("km"),
        "hour" | "hours" | "hrs" => Some("h"),
        _ => None,
    }
}

/// The number at the start of a bullet in small letters, and what follows it behind white space:
/// `~183k miles`, `2,500 kilometers`, `12.5k miles`.
fn number(text: &str) -> Option<(i32, &str)> {
    let text = ["approximately ", "approx. ", "about "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim_start_matches(['~', '≈', '±', ' ']);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (thousands, rest) = rest.strip_prefix('k').map_or((false, rest), |rest| (true, rest));
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    if !rest.starts_with(' ') || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, f)| (whole, Some(f)));
    let whole = i32::try_from(number::of_groups(whole.split(','))?).ok()?;
    let value = match (thousands, fraction) {
        (false, None) => whole,
        (true, None) => whole.checked_mul(1_000)?,
        (true, Some(fraction)) => whole.checked_mul(1_000)?.checked_add(thousandths(fraction)?)?,
        // A dot without `k` may be a decimal point or a European thousands separator.
        (false, Some(_)) => return None,
    };
    Some((value, rest))
}

/// `5` → 500, `25` → 250: the digits behind the point of a number of thousands.
fn thousandths(fraction: &str) -> Option<i32> {
    let plain = (1..=3).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| format!("{fraction:0<3}").parse().ok()).flatten()
}

#[cfg(test)]
#[path = "mileage_tests.rs"]
mod tests;

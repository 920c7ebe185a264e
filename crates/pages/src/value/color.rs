//! Colours of paint and upholstery.

use crate::place;
use crate::text::{collapse, strip_prefix_ignore_case};

mod words;

use words::{COLORS_FIRST, COLORS_LAST, EFFECTS, NO_COLORS, NOT_THE_PAINT, PARTS, THE_VEHICLE};

/// Colour of the body that a bullet states: `Arctic Silver Metallic Paint`, `Repainted in Guards Red`,
/// `Guards Red Repaint`, `Refinished in Black`. `None` if it states none, or that of a part.
pub fn exterior(bullet: &str) -> Option<String> {
    let text = collapse(bullet);
    for start in ["Repainted ", "Refinished "] {
        if let Some(rest) = strip_prefix_ignore_case(&text, start) {
            return match strip_prefix_ignore_case(rest, "in ") {
                Some(rest) => the_one(parted(rest)),
                None => repainted(rest),
            };
        }
    }
    let lower = text.to_ascii_lowercase();
    if let Some((before, rest)) = around(&text, &lower, " repaint in ") {
        if has_part(before) {
            return None;
        }
        // "Red Repaint in 2015" names the colour before, "Bare-Metal Repaint in Red" after.
        return the_one(named(before).into_iter().chain(parted(rest)));
    }
    for verb in [" repainted in ", " refinished in "] {
        if let Some((subject, rest)) = around(&text, &lower, verb) {
            return if is_the_vehicle(subject) { the_one(parted(rest)) } else { None };
        }
    }
    let painted = ["paint", "paintwork", "repaint"].iter().find_map(|noun| before_noun(&text, noun))?;
    named(painted).filter(|color| !ends_in(color, &PARTS))
}

/// What stands before and behind a phrase.
fn around<'a>(text: &'a str, lower: &str, phrase: &str) -> Option<(&'a str, &'a str)> {
    let at = lower.find(phrase)?;
    Some((text.get(..at)?, text.get(at + phrase.len()..)?))
}

/// The colour of "Repainted Silver". A part or a time may stand in its place, so that only a word for a colour tells.
fn repainted(rest: &str) -> Option<String> {
    let rest = ["paint", "paintwork"].iter().find_map(|noun| before_noun(rest, noun)).unwrap_or(rest);
    let color = named(rest)?;
    (is_color(&color) && !has_part(&color) && !color.to_ascii_lowercase().contains(" in ")).then_some(color)
}

/// What may be a colour in "Guards Red in 2015", "2015 in Guards Red", "Guards Red in Germany".
fn parted(text: &str) -> impl Iterator<Item = String> + '_ {
    let text = before_notes(text).unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let mut ends: Vec<usize> = lower.match_indices(" in ").map(|(at, _)| at).collect();
    ends.push(text.len());
    let mut from = 0;
    ends.into_iter().filter_map(move |end| {
        let part = text.get(from..end);
        from = end + " in ".len();
        part.filter(|part| !has_year(part) && !is_place(part)).map(without_noun).and_then(named)
    })
}

/// `Guards Red Paint` → `Guards Red`.
fn without_noun(text: &str) -> &str {
    let text = text.trim_end();
    let lower = text.to_ascii_lowercase();
    let nouns = [" paint", " paintwork", " upholstery"];
    nouns.iter().find_map(|noun| text.get(..lower.strip_suffix(noun)?.len())).unwrap_or(text)
}

/// The only candidate; of several, the only one that has a word for a colour.
fn the_one(candidates: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = candidates.collect();
    if let [one] = all.as_slice() {
        return Some(one.clone());
    }
    let mut sure = all.into_iter().filter(|color| is_color(color));
    sure.next().filter(|_| sure.next().is_none())
}

fn lower_words(text: &str) -> impl DoubleEndedIterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
}

/// Whether a name is that of a colour by its last word, or by its first.
fn is_color(name: &str) -> bool {
    let last = lower_words(name).rev().find(|word| !EFFECTS.contains(&word.as_str()));
    last.is_some_and(|word| COLORS_LAST.contains(&word.as_str()))
        || lower_words(name).next().is_some_and(|word| COLORS_FIRST.contains(&word.as_str()))
}

fn has_part(text: &str) -> bool {
    lower_words(text).any(|word| PARTS.contains(&word.as_str()))
}

fn ends_in(text: &str, known: &[&str]) -> bool {
    lower_words(text).next_back().is_some_and(|word| known.contains(&word.as_str()))
}

/// Whether a text tells a time: "2015", "Late 2015", "the Mid-1990s", "the ’90s".
fn has_year(text: &str) -> bool {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|piece| {
        let digits = piece.strip_suffix('s').unwrap_or(piece);
        let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        let decade = digits.len() == 2 && piece.len() == 3;
        (year || decade) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text is a country or a state: where the work was done.
fn is_place(text: &str) -> bool {
    place::country_code(text).is_some() || place::state_name(text).is_some()
}

/// Whether what was painted is the vehicle: "Exterior", "Stripped and", "Reportedly". "Wheels" are not.
fn is_the_vehicle(subject: &str) -> bool {
    lower_words(subject).all(|word| word.ends_with("ly") || THE_VEHICLE.contains(&word.as_str()))
}

/// Colour and material of the seats that a bullet states: `Black Leather Upholstery`, `Reupholstered in Tan
/// Leather`. `None` if it states none.
pub fn interior(bullet: &str) -> Option<String> {
    let text = collapse(bullet);
    for start in ["Reupholstered in ", "Retrimmed in "] {
        if let Some(rest) = strip_prefix_ignore_case(&text, start) {
            return the_one(parted(rest));
        }
    }
    before_noun(&text, "upholstery").and_then(named)
}

/// What stands before a noun that ends the phrase or is followed by an addition (`w/`, `with`, a comma).
fn before_noun<'a>(text: &'a str, noun: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let at = lower.match_indices(noun).map(|(at, _)| at).find(|at| {
        *at > 0 && lower.as_bytes().get(at - 1) == Some(&b' ') && ends_word(&lower, at + noun.len())
    })?;
    let after = lower.get(at + noun.len()..)?.trim_start();
    if NOT_THE_PAINT.iter().any(|word| after.starts_with(word)) {
        return None;
    }
    text.get(..at)
}

fn ends_word(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// What begins the time and the additions behind a colour.
const NOTES: [&str; 17] = [
    " in 19",
    " in 20",
    " w/",
    " with ",
    " under ",
    " during ",
    " by ",
    " prior to ",
    " before ",
    " after ",
    " since ",
    " at ",
    " c. ",
    " ca. ",
    " circa ",
    " (",
    ", ",
];

/// What stands before the first note. A note may stand where the colour would.
fn before_notes(text: &str) -> Option<&str> {
    let lower = format!(" {}", text.to_ascii_lowercase());
    let note = NOTES.iter().filter_map(|note| lower.find(note)).min();
    text.get(..note.map_or(text.len(), |at| at.saturating_sub(1)))
}

/// A colour without the time and the additions printed behind it; `None` if no word of it names one.
fn named(color: &str) -> Option<String> {
    let color = before_notes(color)?.trim().trim_end_matches([',', ';', '.']);
    let names_one = color.split_whitespace().any(|word| {
        let word = word.to_ascii_lowercase();
        word.starts_with(|c: char| c.is_alphabetic()) && !describes(&word)
    });
    names_one.then(|| color.to_owned())
}

/// Whether a word only describes a finish: "original", "mostly", "body-off", "base/clear".
fn describes(word: &str) -> bool {
    word.ends_with("ly") || word.split(['-', '/']).all(|piece| NO_COLORS.contains(&piece))
}

#[cfg(test)]
#[path = "color_tests.rs"]
mod tests;

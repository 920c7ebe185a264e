//! Places: cities, states, countries.
//!
//! Codes and names come from ISO 3166 (`rust_iso3166`). The one list kept here is of names that people
//! write and ISO does not: see [`names`].

mod names;
mod region;

use names::fold;
pub(crate) use names::names_of;
pub use region::region_of_location;

/// ISO 3166-1 alpha-2 code of a country given by name or code, in any case: "BELGIUM", "The Netherlands",
/// "UK", "USA". England, Scotland, Wales and Northern Ireland are `GB`. `None` if it names no country.
pub fn country_code(name: &str) -> Option<String> {
    names::country(&fold(name)).map(str::to_owned)
}

/// Whether two names of a place are the same but for case, accents and punctuation.
pub fn are_alike(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// ISO 3166-1 alpha-2 code of the country of a printed location: "Hendersonville, North Carolina 28791",
/// "Bowmanville, Ontario, Canada", "Munich, Germany", "Springfield, OH". A state's or province's name or
/// code counts for its country (United States, Canada). `None` if the text does not tell; "Georgia"
/// without a ZIP code does not.
pub fn country_of_location(location: &str) -> Option<String> {
    let mut parts = location.rsplit(',').peekable();
    while let Some(part) = parts.next() {
        let (part, zip) = without_postal_code(part);
        let folded = fold(&part);
        if folded.is_empty() {
            // The part was a postal code; the place stands before it.
            continue;
        }
        return country_of_part(&folded, zip, parts.peek().is_some()).map(str::to_owned);
    }
    None
}

/// A state or province of the United States or Canada, by name or code: (its code, its country's code).
pub(crate) fn state(text: &str) -> Option<(&'static str, &'static str)> {
    let folded = fold(text);
    names::state_by_code(&folded).or_else(|| names::state_by_name(&folded))
}

/// A state or province by its name alone.
pub(crate) fn state_name(text: &str) -> Option<(&'static str, &'static str)> {
    names::state_by_name(&fold(text))
}

/// A state or province by its two-letter code alone.
pub(crate) fn state_code(text: &str) -> Option<(&'static str, &'static str)> {
    names::state_by_code(&fold(text))
}

/// Country of the last part of a location. Codes count only after a comma: alone, "IN" is a word.
fn country_of_part(folded: &str, zip: bool, after_comma: bool) -> Option<&'static str> {
    if folded == "georgia" {
        return zip.then_some("US");
    }
    let code = folded.len() == 2;
    if code && !after_comma {
        return None;
    }
    let state = if code { names::state_by_code(folded) } else { None };
    state
        .map(|(_, country)| country)
        .or_else(|| names::country(folded))
        .or_else(|| names::state_by_name(folded).map(|(_, country)| country))
}

/// A location's part without the words that hold digits at its end ("Ontario M5V 2T6"), and whether one
/// of them was a ZIP code.
fn without_postal_code(part: &str) -> (String, bool) {
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let mut zip = false;
    while let Some(last) = words.last() {
        let word = last.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() && !word.contains(|c: char| c.is_ascii_digit()) {
            break;
        }
        zip |= is_zip(word);
        words.pop();
    }
    (words.join(" "), zip)
}

/// `28791` or `28791-1234`.
fn is_zip(word: &str) -> bool {
    let (zip, tail) = word.split_once('-').unwrap_or((word, "0000"));
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(zip, 5) && digits(tail, 4)
}

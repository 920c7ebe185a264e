//! Addresses as printed in the United States and Canada.

use super::{Address, LONGEST, unlabelled};
use crate::place::{country_code, state};

/// How streets end, without full stop, in small letters.
const STREETS: [&str; 24] = [
    "ave",
    "avenue",
    "blvd",
    "boulevard",
    "cir",
    "circle",
    "court",
    "ct",
    "dr",
    "drive",
    "highway",
    "hwy",
    "lane",
    "ln",
    "parkway",
    "pkwy",
    "pl",
    "place",
    "rd",
    "road",
    "st",
    "street",
    "terrace",
    "way",
];

/// Words behind a street's name that still belong to it.
const BEHIND_STREETS: [&str; 17] = [
    "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west", "suite", "ste", "unit",
    "building", "bldg",
];

/// Words behind a number that is no house's.
const COUNTED: [&str; 10] =
    ["am", "pm", "a.m.", "p.m.", "car", "cars", "miles", "photos", "vehicles", "years"];

/// Longest name of a city, in words.
const CITY_WORDS: usize = 4;

/// Whether a postal code has the form that its country gives it.
pub(super) fn fits(country: &str, zip: &str) -> bool {
    let form: String = zip
        .chars()
        .map(|c| match c {
            '0'..='9' => '0',
            'a'..='z' | 'A'..='Z' => 'A',
            other => other,
        })
        .collect();
    match country {
        "US" => matches!(form.as_str(), "00000" | "00000-0000" | "000000000"),
        "CA" => matches!(form.as_str(), "A0A 0A0" | "A0A0A0" | "A0A-0A0"),
        _ => false,
    }
}

/// The address whose town stands in a line, with its street from that line or those above it.
pub(super) fn at(lines: &[String], at: usize) -> Option<Address> {
    let line = lines.get(at).filter(|line| line.len() <= LONGEST)?;
    let mut address = read(line)?;
    if address.street.is_none() {
        let above = |up: usize| at.checked_sub(up).and_then(|at| lines.get(at)).map(|line| unlabelled(line));
        address.street = match above(1) {
            Some(line) if is_street(line) => Some(line.to_owned()),
            Some(line) if is_unit(line) => {
                above(2).filter(|street| is_street(street)).map(|street| format!("{street}, {line}"))
            }
            _ => None,
        };
    }
    Some(address)
}

/// Reads `City, ST 12345` and `Street, City, ST 12345`, with or without country; without commas only where the
/// street's end is plain. `None` if the text is not that and nothing else.
pub(in crate::website) fn read(line: &str) -> Option<Address> {
    let line = unlabelled(line).replace(['•', '·', '|'], ",");
    let mut parts: Vec<&str> = line.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.last().is_some_and(|last| country_code(last).is_some() && state(last).is_none()) {
        parts.pop();
    }
    // "Mesa, AZ, 85201"
    let joined = match parts.as_slice() {
        [.., region, zip] if state(region.trim_end_matches('.')).is_some() => Some(format!("{region} {zip}")),
        _ => None,
    };
    if let Some(joined) = &joined {
        parts.truncate(parts.len() - 2);
        parts.push(joined);
    }
    let (last, before) = parts.split_last()?;
    let ending = Ending::of(last)?;
    let (city, before) = match (ending.rest.as_str(), before.split_last()) {
        ("", Some((city, before))) => ((*city).to_owned(), before),
        ("", None) => return None,
        (rest, _) => (rest.to_owned(), before),
    };
    let start = before.iter().position(|part| is_street(part));
    let street = start.and_then(|start| before.get(start..)).map(|parts| parts.join(", "));
    let (street, city) = match street {
        Some(street) => (Some(street), city),
        None if is_street(&city) => split_street(&city).map(|(street, city)| (Some(street), city))?,
        None => (None, city),
    };
    is_city(&city).then(|| Address {
        street,
        city: Some(city),
        state: Some(ending.state),
        zip_code: Some(ending.zip),
        country: Some(ending.country.to_owned()),
    })
}

/// State and postal code at the end of a text.
struct Ending {
    /// What stands before them.
    rest: String,
    state: String,
    zip: String,
    country: &'static str,
}

impl Ending {
    fn of(text: &str) -> Option<Self> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        for count in [1, 2] {
            // A state's code may be a country's too: here, only what follows the postal code is a country.
            let tail = words.len().checked_sub(count).and_then(|at| words.get(at..)).unwrap_or_default();
            let digits = tail.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()));
            let zipped =
                words.iter().rev().nth(count).is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
            if !digits && zipped && matches!(country_code(&tail.join(" ")).as_deref(), Some("US" | "CA")) {
                words.truncate(words.len() - count);
                break;
            }
        }
        [1, 2].into_iter().find_map(|count| {
            let (before, zip) = words.split_at_checked(words.len().checked_sub(count)?)?;
            let zip = zip.join(" ");
            // The longest name first: "Virginia" ends "West Virginia".
            [4, 3, 2, 1].into_iter().find_map(|count| {
                let (rest, region) = before.split_at_checked(before.len().checked_sub(count)?)?;
                let region = region.join(" ").trim_end_matches('.').to_owned();
                let (_, country) = state(&region)?;
                fits(country, &zip).then(|| Self {
                    rest: rest.join(" "),
                    state: region,
                    zip: zip.clone(),
                    country,
                })
            })
        })
    }
}

/// Splits `5527 Desert Rd. Mesa` behind the street. `None` where it may end in more than one place.
fn split_street(text: &str) -> Option<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |word: &str| word.trim_end_matches('.').to_ascii_lowercase();
    let is_end = |word: &str| STREETS.contains(&plain(word).as_str());
    // A number and a name stand before the street's end: "12 St. Louis Ave." ends behind "Ave.".
    let end = words.iter().skip(2).position(|word| is_end(word))? + 2;
    let (street, city) = words.split_at_checked(end + 1)?;
    let first = plain(city.first()?);
    let again = city.iter().skip(1).any(|word| is_end(word));
    if again
        || (first != "st" && STREETS.contains(&first.as_str()))
        || BEHIND_STREETS.contains(&first.as_str())
    {
        return None;
    }
    Some((street.join(" "), city.join(" ")))
}

/// Whether a text starts as a street's address does: with a house number, a name behind it.
fn is_street(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let number = words.next().unwrap_or_default();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    text.len() <= LONGEST
        && number.starts_with(|c: char| c.is_ascii_digit())
        && (1..=6).contains(&digits)
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'/')
        && words.next().is_some_and(|word| {
            let counted = COUNTED.contains(&word.to_ascii_lowercase().as_str());
            word.starts_with(|c: char| c.is_alphanumeric()) && !counted
        })
}

/// Whether a text is the part of a house: "Suite 5", "#12".
fn is_unit(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.len() <= 20
        && ["suite ", "ste ", "ste. ", "unit ", "building ", "bldg ", "#"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// Words that stand before a town in a sentence, and in no town's name.
const NOT_OF_TOWNS: [&str; 7] = ["at", "from", "in", "located", "near", "serving", "visit"];

fn is_city(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (1..=CITY_WORDS).contains(&words)
        && !text.split_whitespace().any(|word| NOT_OF_TOWNS.contains(&word.to_ascii_lowercase().as_str()))
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '’' | '-'))
}

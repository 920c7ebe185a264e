//! Addresses as printed in the United Kingdom and on the European continent.

use super::{Address, LONGEST, unlabelled};
use crate::place::country_code;

/// Postal codes that stand before the town: country, digits.
const CODES: [(&str, usize); 11] = [
    ("AT", 4),
    ("BE", 4),
    ("CH", 4),
    ("DE", 5),
    ("DK", 4),
    ("ES", 5),
    ("FI", 5),
    ("FR", 5),
    ("IT", 5),
    ("LU", 4),
    ("NO", 4),
];

/// How many parts before a postal code may belong to its address.
const PARTS: usize = 4;

/// The only address in the lines of a contact block. `region` is the country of the page's host.
pub(super) fn read(lines: &[String], region: Option<&str>) -> Option<Address> {
    let lines = lines.iter().filter(|line| line.len() <= LONGEST);
    let parts: Vec<&str> = lines
        .flat_map(|line| unlabelled(line).split([',', '•', '|']))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let mut found =
        (0..parts.len()).filter_map(|at| british(&parts, at).or_else(|| continental(&parts, at, region)));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The address whose part at `at` ends in a postcode such as `RG9 1AA`. Its town is told only where nothing else
/// can stand in its place: often a county does.
fn british(parts: &[&str], at: usize) -> Option<Address> {
    let (outward, inward, town) = postcode(parts.get(at)?)?;
    let before = parts.get(at.saturating_sub(PARTS)..at)?;
    let is_unit = |part: &str| part.to_ascii_lowercase().starts_with("unit ");
    let numbered = |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) && part.contains(' ');
    let start = before.iter().position(|part| is_unit(part) || numbered(part)).unwrap_or(before.len());
    let (street, town) = match (before.get(start..)?, town.as_str()) {
        ([street], town) if !is_unit(street) && !town.is_empty() => {
            (Some((*street).to_owned()), Some(town.to_owned()))
        }
        ([unit, street], town) if is_unit(unit) && !town.is_empty() => {
            (Some(format!("{unit}, {street}")), Some(town.to_owned()))
        }
        ([street, town], "") if !is_unit(street) => (Some((*street).to_owned()), Some((*town).to_owned())),
        ([unit, street, town], "") if is_unit(unit) => {
            (Some(format!("{unit}, {street}")), Some((*town).to_owned()))
        }
        _ => (None, None),
    };
    Some(Address {
        street,
        city: town.filter(|town| is_town(town)),
        state: None,
        zip_code: Some(format!("{outward} {inward}")),
        country: Some("GB".to_owned()),
    })
}

/// Both halves of the postcode that ends a text, and what stands before it.
fn postcode(text: &str) -> Option<(&str, &str, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (before, [outward, inward]) = words.split_at_checked(words.len().checked_sub(2)?)? else {
        return None;
    };
    let form = |word: &str| -> String {
        word.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '0'
                } else if c.is_ascii_uppercase() {
                    'A'
                } else {
                    '?'
                }
            })
            .collect()
    };
    let outward_fits = matches!(form(outward).as_str(), "A0" | "A00" | "AA0" | "AA00" | "A0A" | "AA0A");
    (outward_fits && form(inward) == "0AA").then(|| (*outward, *inward, before.join(" ")))
}

/// The address whose part at `at` is `37073 Göttingen`, of a country that the next part or the page's host tells.
fn continental(parts: &[&str], at: usize, region: Option<&str>) -> Option<Address> {
    let (code, town) = parts.get(at)?.split_once(' ')?;
    let named = parts.get(at + 1).and_then(|next| country_code(next));
    let country = named.or_else(|| region.map(str::to_owned))?;
    let digits = code.rsplit('-').next().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (zip, town) = match country.as_str() {
        // `1012 AB Amsterdam`
        "NL" => {
            let (letters, town) = town.split_once(' ')?;
            let fits = letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
            (digits.len() == 4 && fits).then(|| (format!("{digits} {letters}"), town))?
        }
        country => {
            let fits = CODES.iter().any(|(known, length)| *known == country && digits.len() == *length);
            fits.then(|| (digits.to_owned(), town))?
        }
    };
    let street = at.checked_sub(1).and_then(|above| parts.get(above)).filter(|street| is_street(street));
    is_town(town).then(|| Address {
        street: street.map(|street| (*street).to_owned()),
        city: Some(town.to_owned()),
        state: None,
        zip_code: Some(zip),
        country: Some(country),
    })
}

/// Whether a text has a name and one house number, at its start or its end.
fn is_street(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let starts = |word: Option<&str>| word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let (first, last) = (words.next(), words.next_back());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    last.is_some() && (1..=6).contains(&digits) && (starts(first) || starts(last))
}

fn is_town(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (1..=4).contains(&words)
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '’' | '-' | '/'))
}

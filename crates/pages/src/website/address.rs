//! Postal addresses.

use scraper::ElementRef;

use crate::dom::{Document, lines, outermost};
use crate::place::{country_code, country_of_location, state};
use crate::text::non_empty;

/// A postal address as published.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Address {
    pub street: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip_code: Option<String>,
    /// Country as published.
    pub country: Option<String>,
}

impl Address {
    /// The address with its parts trimmed; `None` if it says no more than the country.
    pub fn known(self) -> Option<Self> {
        let clean = |part: Option<String>| part.as_deref().and_then(non_empty);
        let address = Self {
            street: clean(self.street),
            city: clean(self.city),
            state: clean(self.state),
            zip_code: clean(self.zip_code),
            country: clean(self.country),
        };
        let parts = [&address.street, &address.city, &address.state, &address.zip_code];
        parts.iter().any(|part| part.is_some()).then_some(address)
    }

    /// ISO 3166-1 alpha-2 code: of the published country, else of a state with a ZIP code.
    pub fn country(&self) -> Option<String> {
        if let Some(country) = &self.country {
            return country_code(country);
        }
        let (state, zip) = (self.state.as_deref()?, self.zip_code.as_deref()?);
        country_of_location(&format!("-, {state} {zip}")).filter(|country| fits(country, zip))
    }
}

/// Whether a postal code has the form that its country gives it.
fn fits(country: &str, zip: &str) -> bool {
    let digits = zip.bytes().filter(u8::is_ascii_digit).count();
    let letters = zip.bytes().filter(u8::is_ascii_alphabetic).count();
    match country {
        "US" => letters == 0 && (digits == 5 || digits == 9),
        "CA" => letters == 3 && digits == 3,
        _ => false,
    }
}

/// The address in the page's `<address>` elements: a line `City, ST 12345` below its street. `None` if there
/// is none, or several.
pub(super) fn in_text(document: &Document) -> Option<Address> {
    let mut found = outermost(document, &["address"]).into_iter().filter_map(in_element);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

fn in_element(element: ElementRef<'_>) -> Option<Address> {
    let lines = lines(element);
    lines.iter().enumerate().find_map(|(index, line)| {
        let above = index.checked_sub(1).and_then(|index| lines.get(index)).map(String::as_str);
        town_line(line, above)
    })
}

/// Reads `City, ST 12345`, or `Street, City, ST 12345`; `above` is the line before it.
fn town_line(line: &str, above: Option<&str>) -> Option<Address> {
    let mut parts: Vec<&str> = line.split(',').map(str::trim).collect();
    if parts.last().is_some_and(|last| country_code(last).is_some() && state(last).is_none()) {
        parts.pop();
    }
    let (last, rest) = parts.split_last()?;
    let (city, before) = rest.split_last()?;
    let (region, zip) = match last.split_once(char::is_whitespace) {
        Some((region, zip)) if state(region).is_some() => (region, zip.trim()),
        _ => last.rsplit_once(char::is_whitespace)?,
    };
    let region = region.trim_end_matches('.');
    let (_, country) = state(region)?;
    if !fits(country, zip) || city.is_empty() || city.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let street = if before.is_empty() { above.map(str::to_owned) } else { Some(before.join(", ")) };
    let street = street.filter(|street| street.starts_with(|c: char| c.is_ascii_digit()));
    Some(Address {
        street,
        city: Some((*city).to_owned()),
        state: Some(region.to_owned()),
        zip_code: Some(zip.to_owned()),
        country: Some(country.to_owned()),
    })
}

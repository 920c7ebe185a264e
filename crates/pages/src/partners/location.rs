//! Where a row of the directory says that the partner is.

use super::page::Item;
use super::rows::Row;
use crate::place::{country_code, state, state_code};
use crate::text::collapse;

/// A place as far as a row tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub city: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
}

/// Place of a row: its first strong text that is a location, else its first text that is one. Without
/// either, only the country is known, from the headings.
pub(super) fn of_row(row: &Row<'_>) -> Place {
    let region = row.country.as_deref();
    let strong = row.items.iter().filter_map(|item| match item {
        Item::Strong(text) => Some(text),
        _ => None,
    });
    let plain = row.items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text),
        _ => None,
    });
    strong
        .chain(plain)
        .find_map(|text| parse(text, region))
        .unwrap_or_else(|| Place { country: row.country.clone(), ..Place::default() })
}

/// Reads `City, ST`, `City, State`, `City, Country` or `City, ST, Country`; `region` is the country that the
/// headings name: it tells Germany from Delaware in `City, DE`. `None` if the text is no location.
pub(super) fn parse(text: &str, region: Option<&str>) -> Option<Place> {
    let text = collapse(text);
    let (head, tail) = text.rsplit_once(',')?;
    let (head, tail) = (head.trim(), tail.trim());
    if head.is_empty() || tail.is_empty() {
        return None;
    }
    if let Some((code, country)) = state_of(tail, region) {
        return Some(place(head, Some(code), country));
    }
    let country = country_code(tail)?;
    let inner = head.rsplit_once(',').and_then(|(city, middle)| {
        let (code, _) = state(middle).filter(|(_, of)| *of == country)?;
        Some((city.trim(), code))
    });
    match inner.filter(|(city, _)| !city.is_empty()) {
        Some((city, code)) => Some(place(city, Some(code), &country)),
        None => Some(place(head, None, &country)),
    }
}

/// The state that the end of a location names, unless the headings say that it is a country.
fn state_of(tail: &str, region: Option<&str>) -> Option<(&'static str, &'static str)> {
    let (code, country) = state_code(tail).or_else(|| state(tail))?;
    let elsewhere =
        region.is_some_and(|region| region != country && country_code(tail).as_deref() == Some(region));
    // The state and the country of this name are told apart by the headings alone.
    let ambiguous = region.is_none() && country_code(tail).is_some() && state_code(tail).is_none();
    (!elsewhere && !ambiguous).then_some((code, country))
}

fn place(city: &str, state: Option<&str>, country: &str) -> Place {
    Place { city: Some(city.to_owned()), state: state.map(str::to_owned), country: Some(country.to_owned()) }
}

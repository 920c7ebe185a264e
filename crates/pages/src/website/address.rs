//! Postal addresses.

mod europe;
mod north_america;

use super::block::is_offer;
use crate::dom::{Document, lines, lines_outside, outermost};
use crate::place::{country_code, country_of_location};
use crate::text::non_empty;
use north_america::fits;
pub(super) use north_america::read as whole;

/// Longest line that is read as part of an address, in bytes.
const LONGEST: usize = 160;

/// How many lines beside an address in running text belong to it.
const BESIDE: usize = 8;

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

/// What a page's text says of where the business is.
#[derive(Default)]
pub(super) struct Printed {
    /// The address.
    pub address: Option<Address>,
    /// The lines around it, where it stands in no contact block.
    pub beside: Vec<String>,
}

/// The address in the page's `<address>` elements; failing these, in its other contact `blocks`; failing these,
/// anywhere in its text but that on vehicles, there only with its street. Where one of these has several, there
/// is none.
/// `region` is the country of the page's host.
pub(super) fn in_text(document: &Document, blocks: &[Vec<String>], region: Option<&str>) -> Printed {
    let elements: Vec<Vec<String>> = outermost(document, &["address"]).into_iter().map(lines).collect();
    for blocks in [elements.as_slice(), blocks] {
        let found: Vec<Address> = blocks.iter().flat_map(|block| in_block(block, region)).collect();
        if !found.is_empty() {
            return Printed { address: agreed(found), beside: Vec::new() };
        }
    }
    let lines = lines_outside(document.html.root_element(), is_offer);
    let found: Vec<(usize, Address)> = (0..lines.len())
        .filter_map(|at| Some((at, north_america::at(&lines, at)?)))
        .filter(|(_, address)| address.street.is_some() && address.city.is_some())
        .collect();
    let Some((at, _)) = found.first() else { return Printed::default() };
    let beside = lines.iter().skip(at.saturating_sub(2)).take(BESIDE).cloned().collect();
    match agreed(found.into_iter().map(|(_, address)| address).collect()) {
        Some(address) => Printed { address: Some(address), beside },
        None => Printed::default(),
    }
}

/// The addresses of one contact block.
fn in_block(lines: &[String], region: Option<&str>) -> Vec<Address> {
    let found: Vec<Address> = (0..lines.len()).filter_map(|at| north_america::at(lines, at)).collect();
    if found.is_empty() { europe::read(lines, region).into_iter().collect() } else { found }
}

/// The most complete of several addresses, if all are one and the same place.
fn agreed(found: Vec<Address>) -> Option<Address> {
    let known = |address: &Address| address.street.is_some();
    let first = found.iter().find(|address| known(address)).or(found.first())?.clone();
    found.iter().all(|other| same(&first, other)).then_some(first)
}

/// Whether two addresses name the same place, as far as both tell.
fn same(one: &Address, other: &Address) -> bool {
    let zip = |address: &Address| {
        address.zip_code.as_deref().map(|zip| zip.split('-').next().unwrap_or_default().to_owned())
    };
    let number = |address: &Address| {
        address.street.as_deref().map(|street| street.split(' ').next().unwrap_or_default().to_owned())
    };
    zip(one) == zip(other)
        && (number(one) == number(other) || number(one).is_none() || number(other).is_none())
}

/// A line without a label in front of it: "Showroom Location: 1 Desert Road".
fn unlabelled(line: &str) -> &str {
    match line.split_once(':') {
        Some((label, rest)) if !label.contains(|c: char| c.is_ascii_digit()) => rest.trim(),
        _ => line.trim(),
    }
}

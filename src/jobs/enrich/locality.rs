//! Whether what a page tells of a place may stand beside what a row holds of one.

use bat_pages::Website;
use bat_pages::place::{are_alike, country_code, country_of_location, region_of_location};

use crate::store::merge::Fields;

/// The parts of an address, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Locality {
    street: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    country: Option<String>,
}

impl Locality {
    /// What a row holds. An empty text is nothing.
    pub fn of_row(row: &Fields) -> Locality {
        let part = |field: &str| {
            let text = row.get(field)?.as_str()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Locality {
            street: part("address"),
            city: part("city"),
            state: part("state"),
            zip_code: part("zip_code"),
            country: part("country"),
        }
    }

    /// What a page tells.
    pub fn of_page(website: &Website) -> Locality {
        Locality {
            street: website.address.clone(),
            city: website.city.clone(),
            state: website.state.clone(),
            zip_code: website.zip_code.clone(),
            country: website.country.clone(),
        }
    }

    /// Whether another one is in another state or country or, where the town counts, in another town. Without it, as towns have
    /// suburbs.
    pub fn is_elsewhere(&self, other: &Locality, town_counts: bool) -> bool {
        differ(&self.country(), &other.country(), are_alike)
            || differ(&self.state(), &other.state(), are_alike)
            || town_counts && differ(&self.city, &other.city, are_alike)
    }

    /// Whether the two cannot be one place.
    pub fn contradicts(&self, other: &Locality) -> bool {
        self.is_elsewhere(other, true)
            || differ(&self.street, &other.street, are_alike)
            || differ(&self.zip_code, &other.zip_code, is_same_zip_code)
    }

    /// Whether what is missing here may be taken from another one. Where there is a street or a ZIP code, the other has to
    /// tell it too: there are many in a town.
    pub fn may_be_completed_by(&self, other: &Locality) -> bool {
        let is_exact = self.street.is_some() || self.zip_code.is_some();
        let is_told = self.street.is_some() && other.street.is_some()
            || self.zip_code.is_some() && other.zip_code.is_some();
        !self.contradicts(other) && (!is_exact || is_told)
    }

    /// Code of the country, that of the state where none is told; its name where it has no code.
    fn country(&self) -> Option<String> {
        match &self.country {
            Some(country) => country_code(country).or_else(|| Some(country.clone())),
            None => country_of_location(&format!("x, {}", self.state.as_ref()?)),
        }
    }

    /// Code of the state, or its name.
    fn state(&self) -> Option<String> {
        let state = self.state.as_ref()?;
        region_of_location(&format!("x, {state}")).or_else(|| Some(state.clone()))
    }
}

/// Whether both are known, and not the same.
fn differ(one: &Option<String>, other: &Option<String>, is_same: fn(&str, &str) -> bool) -> bool {
    one.as_deref().zip(other.as_deref()).is_some_and(|(one, other)| !is_same(one, other))
}

/// The four digits that a ZIP code may go on with are left out by most.
fn is_same_zip_code(one: &str, other: &str) -> bool {
    let folded = |text: &str| {
        let text = text.split_once('-').map_or(text, |(zip, _)| if zip.len() == 5 { zip } else { text });
        text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    folded(one) == folded(other)
}

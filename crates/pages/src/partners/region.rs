//! The directory's headings: groups ("UNITED STATES", "EUROPE") and the regions in them ("ARIZONA").

use crate::place::{country_code, state_name};
use crate::text::collapse;

/// Longest heading of a region.
const LONGEST: usize = 40;

/// Headings that hold several countries.
const CONTINENTS: [&str; 10] = [
    "africa",
    "asia",
    "australasia",
    "europe",
    "international",
    "latin america",
    "middle east",
    "oceania",
    "rest of the world",
    "south america",
];

/// Where in the directory a row stands.
#[derive(Debug, Default)]
pub(super) struct Region {
    country: Option<String>,
}

impl Region {
    /// Passes a heading.
    pub fn enter(&mut self, heading: &str) {
        let state = state_name(heading).map(|(_, country)| country.to_owned());
        let country = country_code(heading);
        if CONTINENTS.contains(&collapse(heading).to_lowercase().as_str()) {
            self.country = None;
        } else if state.is_some() && (country.is_none() || state == self.country) {
            // "GEORGIA" is a state among states, else a country.
            self.country = state;
        } else if country.is_some() {
            self.country = country;
        }
    }

    /// ISO 3166-1 alpha-2 code of the country that the headings name.
    pub fn country(&self) -> Option<String> {
        self.country.clone()
    }
}

/// Whether a heading is that of a group or region: it names a place, or is written in capitals as they are.
pub(super) fn is_region(heading: &str) -> bool {
    let text = collapse(heading);
    if text.is_empty() || text.chars().count() > LONGEST {
        return false;
    }
    let capitals = text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
    capitals
        || state_name(&text).is_some()
        || country_code(&text).is_some()
        || CONTINENTS.contains(&text.to_lowercase().as_str())
}

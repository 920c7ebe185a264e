//! Names and codes of countries, states and provinces, folded for look-up.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_iso3166::ALPHA2_MAP;
use rust_iso3166::iso3166_2::SUBDIVISION_COUNTRY_MAP;

/// Names in use that ISO 3166-1 does not give, folded. Constituent countries of the United Kingdom have
/// no code of their own there.
const ALIASES: &[(&str, &str)] = &[
    ("united states", "US"),
    ("u s", "US"),
    ("u s a", "US"),
    ("united kingdom", "GB"),
    ("uk", "GB"),
    ("u k", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("northern ireland", "GB"),
    ("republic of ireland", "IE"),
    ("netherlands", "NL"),
    ("holland", "NL"),
    ("czech republic", "CZ"),
    ("macedonia", "MK"),
    ("turkey", "TR"),
    ("russia", "RU"),
    ("south korea", "KR"),
    ("north korea", "KP"),
    ("vietnam", "VN"),
    ("uae", "AE"),
    ("macau", "MO"),
    ("ivory coast", "CI"),
    ("vatican", "VA"),
];

/// Lower case, ASCII, without full stops, anything else than letters and digits as one space, and without
/// a leading "the".
pub(super) fn fold(text: &str) -> String {
    let ascii = deunicode::deunicode(text).to_ascii_lowercase().replace('.', "");
    let words: Vec<&str> =
        ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = words.strip_prefix(&["the"]).unwrap_or(&words);
    words.join(" ")
}

/// Alpha-2 code of a country, by its folded name or code.
pub(super) fn country(folded: &str) -> Option<&'static str> {
    COUNTRIES.get(folded).copied()
}

/// (state, country) by a folded two-letter code.
pub(super) fn state_by_code(folded: &str) -> Option<(&'static str, &'static str)> {
    STATES.codes.get(folded).copied()
}

/// (state, country) by a folded name.
pub(super) fn state_by_name(folded: &str) -> Option<(&'static str, &'static str)> {
    STATES.names.get(folded).copied()
}

/// Names of a country, folded: ISO's short name, and those of [`ALIASES`].
pub(crate) fn names_of(code: &str) -> Vec<String> {
    let iso = ALPHA2_MAP.get(code).map(|country| fold(short(country.name)));
    let aliases = ALIASES.iter().filter(|(_, alias)| *alias == code).map(|(name, _)| (*name).to_owned());
    let mut names: Vec<String> = iso.into_iter().chain(aliases).collect();
    names.sort();
    names.dedup();
    names
}

static COUNTRIES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    let mut shared = Vec::new();
    for country in ALPHA2_MAP.values() {
        for name in [country.name, country.alpha2, country.alpha3] {
            index.insert(fold(name), country.alpha2);
        }
    }
    // "Bolivia (Plurinational State of)" is known as Bolivia; but two countries are "Korea (…)".
    let mut short_names: HashMap<String, &'static str> = HashMap::new();
    for country in ALPHA2_MAP.values() {
        let name = fold(short(country.name));
        if let Some(other) = short_names.insert(name.clone(), country.alpha2)
            && other != country.alpha2
        {
            shared.push(name);
        }
    }
    for (name, code) in short_names {
        if !shared.contains(&name) {
            index.entry(name).or_insert(code);
        }
    }
    index.extend(ALIASES.iter().map(|(name, code)| ((*name).to_owned(), *code)));
    index
});

/// States by code and by name.
struct States {
    codes: HashMap<String, (&'static str, &'static str)>,
    names: HashMap<String, (&'static str, &'static str)>,
}

static STATES: LazyLock<States> = LazyLock::new(|| {
    let mut states = States { codes: HashMap::new(), names: HashMap::new() };
    for country in ["US", "CA"] {
        let subdivisions = SUBDIVISION_COUNTRY_MAP.get(country).copied().unwrap_or_default();
        // Outlying areas, such as Puerto Rico, have a country code of their own.
        for subdivision in subdivisions.iter().filter(|s| s.subdivision_type != "Outlying area") {
            let found = (subdivision.region_code, country);
            states.codes.insert(fold(subdivision.region_code), found);
            states.names.insert(fold(subdivision.name), found);
        }
    }
    states
});

/// A country's name up to its qualification: "Bolivia" of "Bolivia (Plurinational State of)".
fn short(name: &str) -> &str {
    name.split(['(', ',']).next().unwrap_or(name).trim()
}

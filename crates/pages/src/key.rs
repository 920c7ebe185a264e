//! Keys that identify a place of business.

use crate::place::names_of;

/// Longest slug of a key's part.
const MAX_SLUG: usize = 80;

/// What stands for a missing part.
const MISSING: &str = "na";

/// `slug(name)|slug(city)|STATE|COUNTRY`, `na` for what is missing; `None` without a name.
///
/// A slug is folded to ASCII and lower-cased, `&` becomes `and`, runs of anything else than letters and
/// digits (apostrophes too) become `-`, and it holds at most 80 characters.
pub fn geographic_key(
    name: &str,
    city: Option<&str>,
    state: Option<&str>,
    country: Option<&str>,
) -> Option<String> {
    let name = slug(&fold(name));
    let city = city.map(|city| slug(&fold(city)));
    (!name.is_empty()).then(|| key(&name, city.as_deref(), state, country))
}

/// The keys under which the earlier pipeline may have stored the same row. Never contains the current key.
///
/// It did not fold to ASCII (`g-ttingen`), wrote a country's name in capitals where it did not know the code
/// (`…|kortrijk|na|BELGIUM`), and took the name from the link "visit the X‘s website", so that "The X"
/// became `x-s`.
pub fn legacy_geographic_keys(
    name: &str,
    city: Option<&str>,
    state: Option<&str>,
    country: Option<&str>,
) -> Vec<String> {
    let Some(current) = geographic_key(name, city, state, country) else { return Vec::new() };
    let cities: Vec<Option<String>> = match city {
        Some(city) => both_slugs(city).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let mut keys = Vec::new();
    for name in legacy_names(name) {
        for city in &cities {
            for country in legacy_countries(country) {
                keys.push(key(&name, city.as_deref(), state, country.as_deref()));
            }
        }
    }
    keys.sort();
    keys.dedup();
    keys.retain(|key| *key != current);
    keys
}

/// Puts a key together from slugs and codes.
fn key(name: &str, city: Option<&str>, state: Option<&str>, country: Option<&str>) -> String {
    let city = city.filter(|city| !city.is_empty()).unwrap_or(MISSING);
    format!("{name}|{city}|{}|{}", code(state), code(country))
}

/// A code in capitals. The separator cannot stand in it, or two places could share a key.
fn code(text: Option<&str>) -> String {
    let text = text.map(str::trim).unwrap_or_default().replace('|', " ").to_uppercase();
    if text.is_empty() { MISSING.to_owned() } else { text }
}

fn fold(text: &str) -> String {
    deunicode::deunicode(text)
}

/// Slug of a text; what is no ASCII letter or digit counts as a separator.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if slug.len() >= MAX_SLUG {
            break;
        }
        match c {
            '&' => " and ".chars().for_each(|c| push(&mut slug, c)),
            _ => push(&mut slug, c),
        }
    }
    slug.truncate(MAX_SLUG);
    slug.trim_end_matches('-').to_owned()
}

/// Adds a character to a slug.
fn push(slug: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        slug.push(c);
    } else if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

/// A slug with and without folding.
fn both_slugs(text: &str) -> Vec<String> {
    vec![slug(&fold(text)), slug(text)]
}

/// Slugs that the earlier pipeline may have given to a name.
fn legacy_names(name: &str) -> Vec<String> {
    let article = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the "));
    let bare = if article { name.get(4..).unwrap_or(name) } else { name };
    let mut names = both_slugs(name);
    names.extend(both_slugs(&format!("{}‘s", bare.trim())));
    names.retain(|name| !name.is_empty());
    names
}

/// What the earlier pipeline may have written for a country: its code, or any of its names in capitals.
fn legacy_countries(country: Option<&str>) -> Vec<Option<String>> {
    let Some(code) = country else { return vec![None] };
    let names = names_of(&code.to_uppercase());
    let upper = names.iter().flat_map(|name| {
        let name = name.to_uppercase();
        [Some(format!("THE {name}")), Some(name)]
    });
    upper.chain([Some(code.to_owned())]).collect()
}

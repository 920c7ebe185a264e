//! BaT's own taxonomy: make, model, era, origin, categories, place.

use crate::text::strip_prefix_ignore_case;

/// What stands in the place of a make on lots without a vehicle.
pub(crate) const NOT_A_MAKE: &str = "Parts and Automobilia";

/// The taxonomy of a listing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Taxonomy {
    pub make: Option<String>,
    pub model: Option<String>,
    pub era: Option<String>,
    pub origin: Option<String>,
    pub categories: Vec<String>,
    /// Country of "Located in United States".
    pub located_in: Option<String>,
}

/// Sorts the taxonomy links, given as label and text. The first of a label counts; categories are many.
pub(super) fn taxonomy(groups: &[(String, String)]) -> Taxonomy {
    let first = |wanted: &str| groups.iter().find(|(label, _)| label == wanted).map(|(_, text)| text.clone());
    let all = |wanted: &'static str| {
        groups.iter().filter(move |(label, _)| label == wanted).map(|(_, text)| text.clone())
    };
    let make = first("Make");
    let model = first("Model").map(|model| match &make {
        Some(make) => without_make(&model, make).to_owned(),
        None => model,
    });
    let model = model.filter(|model| !model.is_empty());
    let parts = make.as_deref() == Some(NOT_A_MAKE);
    let mut categories: Vec<String> = Vec::new();
    let of_parts = make.iter().chain(&model).filter(|_| parts).cloned();
    for category in of_parts.chain(all("Category")) {
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    Taxonomy {
        make: make.filter(|_| !parts),
        model: model.filter(|_| !parts),
        era: first("Era"),
        origin: first("Origin"),
        categories,
        located_in: first("Location")
            .map(|place| strip_prefix_ignore_case(&place, "Located in ").unwrap_or(&place).trim().to_owned()),
    }
}

/// `Porsche 987 Cayman` → `987 Cayman`; `Parts and Automobilia – Seats & Interior` → `Seats & Interior`.
fn without_make<'a>(model: &'a str, make: &str) -> &'a str {
    match strip_prefix_ignore_case(model, make) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
            rest.trim_start_matches([' ', '–', '-', '—'])
        }
        _ => model,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn models_lose_their_make_at_a_word_only() {
        assert_eq!(without_make("Porsche 987 Cayman", "Porsche"), "987 Cayman");
        assert_eq!(without_make("Minimax", "Mini"), "Minimax");
        assert_eq!(without_make("AMG Hammer", "Mercedes-Benz"), "AMG Hammer");
        let same = taxonomy(&groups(&[("Make", "Ferrari"), ("Model", "Ferrari")]));
        assert_eq!((same.make.as_deref(), same.model), (Some("Ferrari"), None));
    }

    #[test]
    fn parts_are_a_category() {
        let parts = taxonomy(&groups(&[
            ("Make", "Parts and Automobilia"),
            ("Model", "Parts and Automobilia – Seats & Interior"),
            ("Category", "Parts"),
            ("Category", "Parts"),
        ]));
        assert_eq!((parts.make, parts.model), (None, None));
        assert_eq!(parts.categories, ["Parts and Automobilia", "Seats & Interior", "Parts"]);
    }
}

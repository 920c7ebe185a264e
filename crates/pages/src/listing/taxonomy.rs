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

/// Sorts the taxonomy links, given as label and text. The first of a label counts; categories are many. A lot of parts
/// may be linked to the make and model of the car that they fit, before or behind its own.
pub(super) fn taxonomy(groups: &[(String, String)]) -> Taxonomy {
    let first = |wanted: &str| groups.iter().find(|(label, _)| label == wanted).map(|(_, text)| text.clone());
    let all = |wanted: &'static str| {
        groups.iter().filter(move |(label, _)| label == wanted).map(|(_, text)| text.clone())
    };
    let parts = all("Make").any(|make| make == NOT_A_MAKE);
    let make = first("Make");
    let model = first("Model").map(|model| match &make {
        Some(make) => without_make(&model, make).to_owned(),
        None => model,
    });
    let model = model.filter(|model| !model.is_empty());
    let kinds = all("Model").filter_map(|model| {
        let kind = without_make(&model, NOT_A_MAKE);
        (kind != model && !kind.is_empty()).then(|| kind.to_owned())
    });
    let of_parts = std::iter::once(NOT_A_MAKE.to_owned()).chain(kinds).filter(|_| parts);
    let mut categories: Vec<String> = Vec::new();
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

    #[test]
    fn parts_for_a_car_are_linked_to_its_make_and_model_too() {
        for order in [[0, 1, 2, 3], [2, 1, 0, 3], [2, 3, 0, 1]] {
            let links = [
                ("Make", "Porsche"),
                ("Model", "Porsche 996 911 GT3"),
                ("Make", "Parts and Automobilia"),
                ("Model", "Parts and Automobilia – Seats & Interior"),
            ];
            let mut links: Vec<_> = order.iter().map(|at| links[*at]).collect();
            links.push(("Category", "Parts"));
            let parts = taxonomy(&groups(&links));
            assert_eq!((parts.make, parts.model), (None, None), "{order:?}");
            assert_eq!(parts.categories, ["Parts and Automobilia", "Seats & Interior", "Parts"], "{order:?}");
        }
    }
}

//! Colours of paint and upholstery.

use crate::text::{collapse, strip_prefix_ignore_case};

/// Words that describe a finish without telling its colour. A bullet of nothing else is no colour.
const NO_COLORS: [&str; 32] = [
    "a",
    "and",
    "clear",
    "color",
    "colour",
    "correct",
    "custom",
    "different",
    "exterior",
    "factory",
    "factory-color",
    "fresh",
    "front",
    "full",
    "interior",
    "its",
    "new",
    "newer",
    "older",
    "original",
    "partial",
    "period-correct",
    "previous",
    "replaced",
    "replacement",
    "same",
    "seat",
    "single-stage",
    "spare",
    "the",
    "touch-up",
    "touchup",
];

/// Words that make of "… Paint" something else than a colour, when they follow it.
const NOT_THE_PAINT: [&str; 9] =
    ["-protection", "-meter", "protection", "correction", "meter", "gauge", "code", "chips", "depth"];

/// Colour of the body that a bullet states: `Arctic Silver Metallic Paint`, `Repainted in Guards Red`,
/// `Guards Red Repaint`, `Refinished in Black`. `None` if it states none.
pub fn exterior(bullet: &str) -> Option<String> {
    let text = collapse(bullet);
    for start in ["Repainted in ", "Refinished in ", "Repainted ", "Refinished "] {
        if let Some(rest) = strip_prefix_ignore_case(&text, start) {
            return named(rest);
        }
    }
    for middle in [" repaint in ", " repainted in ", " refinished in "] {
        if let Some(at) = text.to_ascii_lowercase().find(middle) {
            let rest = text.get(at + middle.len()..)?;
            // "Red Repaint in 2015" names the colour before, "Bare-Metal Repaint in Red" after.
            return named(rest).or_else(|| named(text.get(..at)?));
        }
    }
    ["paint", "paintwork", "repaint"].iter().find_map(|noun| before_noun(&text, noun)).and_then(named)
}

/// Colour and material of the seats that a bullet states: `Black Leather Upholstery`, `Reupholstered in Tan
/// Leather`. `None` if it states none.
pub fn interior(bullet: &str) -> Option<String> {
    let text = collapse(bullet);
    for start in ["Reupholstered in ", "Retrimmed in "] {
        if let Some(rest) = strip_prefix_ignore_case(&text, start) {
            return named(rest);
        }
    }
    before_noun(&text, "upholstery").and_then(named)
}

/// What stands before a noun that ends the phrase or is followed by an addition (`w/`, `with`, a comma).
fn before_noun<'a>(text: &'a str, noun: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let at = lower.match_indices(noun).map(|(at, _)| at).find(|at| {
        *at > 0 && lower.as_bytes().get(at - 1) == Some(&b' ') && ends_word(&lower, at + noun.len())
    })?;
    let after = lower.get(at + noun.len()..)?.trim_start();
    if NOT_THE_PAINT.iter().any(|word| after.starts_with(word)) {
        return None;
    }
    text.get(..at)
}

fn ends_word(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// A colour without the time and the additions printed behind it; `None` if no word of it names one.
fn named(color: &str) -> Option<String> {
    let lower = color.to_ascii_lowercase();
    let end = [
        " in 19",
        " in 20",
        " w/",
        " with ",
        " under ",
        " during ",
        " by ",
        " prior to ",
        " before ",
        " c. ",
        " (",
        ", ",
    ]
    .iter()
    .filter_map(|note| lower.find(note))
    .min()
    .unwrap_or(color.len());
    let color = color.get(..end)?.trim().trim_end_matches([',', ';', '.']);
    let names_one = color.split_whitespace().any(|word| {
        let word = word.to_ascii_lowercase();
        word.starts_with(|c: char| c.is_alphabetic()) && !NO_COLORS.contains(&word.as_str())
    });
    names_one.then(|| color.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint() {
        for (text, expected) in [
            ("Arctic Silver Metallic Paint ", "Arctic Silver Metallic"),
            ("Giallo Modena Paint", "Giallo Modena"),
            ("Lugano Blue Paint", "Lugano Blue"),
            ("Paint-to-Sample Gulf Blue Paint", "Paint-to-Sample Gulf Blue"),
            ("Black Paint w/Gold Pinstripes", "Black"),
            ("Two-Tone Blue & White Paint", "Two-Tone Blue & White"),
            ("Repainted in Guards Red", "Guards Red"),
            ("Repainted in Guards Red in 2015", "Guards Red"),
            ("Repainted Silver", "Silver"),
            ("Guards Red Repaint", "Guards Red"),
            ("Guards Red Repaint in 2015", "Guards Red"),
            ("Bare-Metal Repaint in Irish Green", "Irish Green"),
            ("Refinished in Black", "Black"),
        ] {
            assert_eq!(exterior(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Clear Paint Protection Film",
            "Paint Meter Readings",
            "Partial Paint-Protection Film",
            "Paint Correction",
            "Original Paint",
            "Touch-Up Paint",
            "Repainted in 2015",
            "Repainted in Original Color",
            "Repaint",
            "Paint",
            "Painted Bumpers",
            "Painting by Artist",
            "",
        ] {
            assert_eq!(exterior(text), None, "{text}");
        }
    }

    #[test]
    fn upholstery() {
        for (text, expected) in [
            ("Black Leather Upholstery ", "Black Leather"),
            ("Black Leather and Race-Tex Upholstery", "Black Leather and Race-Tex"),
            ("Nero Leather Upholstery", "Nero Leather"),
            ("Black Leather Upholstery w/Red Stitching", "Black Leather"),
            ("Reupholstered in Tan Vinyl", "Tan Vinyl"),
        ] {
            assert_eq!(interior(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Upholstery",
            "Original Upholstery",
            "Replacement Upholstery",
            "Reupholstered in 2019",
            "Bucket Seats",
        ] {
            assert_eq!(interior(text), None, "{text}");
        }
    }
}

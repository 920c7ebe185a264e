//! Headings behind which other vehicles, or other wares, are advertised.

use scraper::ElementRef;

use super::names::{has, words};
use super::scope::{has_class_word, is_heading, short_text};
use super::title;
use crate::nesting::is_inline;

/// Words that say that what they are before is not what the page is about.
const OTHER: [&str; 7] = ["additional", "comparable", "more", "other", "recommended", "related", "similar"];

/// What a dealer has several of.
const WARES: [&str; 10] = [
    "automobiles",
    "cars",
    "inventory",
    "items",
    "listings",
    "motorcars",
    "motorcycles",
    "products",
    "trucks",
    "vehicles",
];

/// Words behind which a phrase is about something else: "More about our cars".
const TURNING: [&str; 8] = ["about", "for", "in", "of", "on", "than", "to", "with"];

/// Most words of such a heading; more are a sentence. Most words between those that make it one.
const MOST_WORDS: usize = 8;
const MOST_BETWEEN: usize = 3;

/// Whether an element is a heading over others: `You might also like`, `Related products`, `Recently viewed`.
pub(super) fn are_introduced(element: ElementRef<'_>) -> bool {
    is_title(element)
        && short_text(element)
            .is_some_and(|text| title::year_led(&text).is_none() && are_named(&words(&text)))
        && (is_heading(element.value().name()) || !is_linked(element))
}

/// Whether an element is a heading, or is one by its class.
fn is_title(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    is_heading(name)
        || matches!(name, "div" | "p" | "span" | "strong" | "b")
            && ["title", "heading", "headline"].iter().any(|word| has_class_word(element, word))
            && element.child_elements().all(|inner| is_inline(inner.value().name()))
}

/// Whether an element is a part of a link, which leads to what it names.
fn is_linked(element: ElementRef<'_>) -> bool {
    element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|around| matches!(around.value().name(), "a" | "button"))
}

fn are_named(words: &[String]) -> bool {
    let any = |known: &[&str]| has(words, known);
    let suggested = any(&["you"])
        && (any(&["may", "might"]) && any(&["also", "enjoy", "interested", "like", "love"])
            || any(&["also"]) && any(&["enjoy", "like", "love"]));
    let alone = words.len() == 1 && any(&["recommended", "related", "similar"]);
    words.len() <= MOST_WORDS && (suggested || alone || any(&["viewed"]) || are_other_wares(words))
}

/// Whether words are `Other vehicles`, `More from our inventory`, `Similar classic cars`.
fn are_other_wares(words: &[String]) -> bool {
    let is = |known: &[&str], word: &String| known.contains(&word.as_str());
    words.iter().enumerate().filter(|(_, word)| is(&OTHER, word)).any(|(index, _)| {
        let behind = words.iter().skip(index + 1).take(MOST_BETWEEN + 1);
        behind.take_while(|word| !is(&TURNING, word)).any(|word| is(&WARES, word))
    })
}

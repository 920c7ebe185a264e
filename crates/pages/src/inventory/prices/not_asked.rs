//! Amounts that a page prints beside the price and does not ask for: payments, deposits, prices of before and of others.

use std::collections::HashSet;

use scraper::ElementRef;

use super::super::price::{Price, Printed, price, printed};
use super::super::scope::{Scope, is_heading, short_text};
use crate::dom::Attributes;

/// Words beside amounts, or in their class, that are not asked.
const NOT_ASKED: [&str; 16] = [
    "compare",
    "deposit",
    "down",
    "finance",
    "monthly",
    "msrp",
    "month",
    "old",
    "original",
    "payment",
    "retail",
    "savings",
    "secondary",
    "sold",
    "strike",
    "was",
];

/// Words that make a value that of somebody's opinion. Without them, `value` may be the class of any field.
const VALUED: [&str; 9] =
    ["market", "trade", "book", "kbb", "appraised", "assessed", "estimated", "insured", "replacement"];

/// A word for the price before a reduction, and on some sites for the only one.
const REGULAR: &str = "regular";

/// Longest text that is the label of an amount, and most words of one in the same line.
const LABEL: usize = 40;
const LABEL_WORDS: usize = 4;

/// What parts an amount with its words from the next.
const BREAKS: [char; 13] =
    ['.', ',', ';', '|', '!', '?', '+', '&', '\u{2013}', '\u{2014}', '\u{b7}', '\u{2022}', '\u{2192}'];

/// What a period begins with behind an amount: `/mo`, `per month`, `a week`, `p/m`; and in a line of its own, where "A year
/// old" may be about anything.
const EACH: [&str; 6] = ["/", "p/", "per ", "a ", "each ", "every "];
const EACH_ALONE: [&str; 3] = ["/", "p/", "per "];

/// What a payment is made for each of.
const PERIODS: [&str; 13] =
    ["m", "mo", "mos", "mth", "month", "w", "wk", "week", "fortnight", "day", "y", "yr", "year"];

/// Words that say behind an amount, with no other words, that it is but a part of the price.
const PARTS: [&str; 10] =
    ["deposit", "down", "monthly", "weekly", "month", "payment", "payments", "savings", "pm", "pcm"];

/// The amounts of a part of a page that are not asked.
pub(super) struct NotAsked {
    texts: HashSet<String>,
    amounts: HashSet<i64>,
}

impl NotAsked {
    /// Those that a label, their class, or the words of their line tell to be so. `takes_regular`: whether the regular
    /// price is one that is asked.
    pub fn of(scope: &Scope<'_>, takes_regular: bool) -> Self {
        let mut found = Self { texts: HashSet::new(), amounts: HashSet::new() };
        let label = |text: &str| text.len() <= LABEL && !text.contains('$') && is_label(text, takes_regular);
        for pair in scope.lines.windows(2) {
            let [before, after] = pair else { continue };
            if label(&before.text) {
                found.texts.insert(after.text.clone());
            }
            if is_each(&after.text, &EACH_ALONE) {
                found.amounts.extend(printed(&before.text).last().and_then(|last| last.amount));
            }
        }
        for line in &scope.lines {
            found.amounts.extend(in_line(&line.text, takes_regular));
        }
        let beside = leaves(scope).filter(|element| {
            let before = element.prev_siblings().find_map(ElementRef::wrap);
            before.and_then(short_text).is_some_and(|text| label(&text))
        });
        found.texts.extend(beside.filter_map(short_text));
        for (index, element) in scope.elements.iter().enumerate() {
            let class = element.attribute("class").unwrap_or_default();
            if is_other(&class_of(class), takes_regular)
                && let Some(text) = short_text(*element)
            {
                // The whole part of the page is about more than its amounts, and so is what holds a heading.
                if index > 0 && !holds_heading(*element) {
                    found.amounts.extend(in_element(class, &text));
                }
                found.texts.insert(text);
            }
        }
        found
    }

    /// The price that a text is, unless that is none that is asked.
    pub fn asked(&self, text: &str) -> Option<Price> {
        if self.texts.contains(text) {
            return None;
        }
        price(text).filter(|price| price.amount.is_none_or(|amount| !self.amounts.contains(&amount)))
    }
}

/// Elements without elements in them.
pub(super) fn leaves<'a, 'b>(scope: &'b Scope<'a>) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 'b> {
    scope.elements.iter().copied().filter(|element| element.child_elements().next().is_none())
}

/// Whether an element is called a price that is asked.
pub(super) fn is_named(element: ElementRef<'_>, takes_regular: bool) -> bool {
    element
        .attribute("class")
        .is_some_and(|class| names_price(class) && !is_other(&class_of(class), takes_regular))
}

fn names_price(class: &str) -> bool {
    class.to_lowercase().contains("price")
}

/// A class without the mark of what is sold, which stays beside what was asked.
fn class_of(class: &str) -> String {
    class.to_lowercase().replace("sold", " ")
}

/// Whether a label or class is that of an amount which is not asked.
fn is_other(text: &str, takes_regular: bool) -> bool {
    let lower = text.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphabetic());
    let is_valued = || words().any(|word| VALUED.contains(&word));
    words().any(|word| {
        NOT_ASKED.contains(&word)
            || word == REGULAR && !takes_regular
            || matches!(word, "value" | "values") && is_valued()
    })
}

/// The same for a label: "Value" alone is not what is asked.
fn is_label(text: &str, takes_regular: bool) -> bool {
    let alone = text.trim_matches(|c: char| !c.is_alphabetic());
    is_other(text, takes_regular) || alone.eq_ignore_ascii_case("value")
}

fn holds_heading(element: ElementRef<'_>) -> bool {
    let mut inner = element.descendants().take(MOST_WITHIN).filter_map(ElementRef::wrap);
    inner.any(|inner| is_heading(inner.value().name()))
}

/// Most elements of a short text.
const MOST_WITHIN: usize = 200;

/// The amounts of an element whose class says that it holds one that is not asked. Where it is called after the price
/// as well and holds several, it does not say which.
fn in_element(class: &str, text: &str) -> Vec<i64> {
    let found = printed(text);
    if found.len() > 1 && names_price(class) {
        return Vec::new();
    }
    found.into_iter().filter_map(|one| one.amount).collect()
}

/// The amounts of a line that are not asked by its own words: `Est. $399/mo`, `MSRP: $50,000`, `$500 down`.
fn in_line(line: &str, takes_regular: bool) -> Vec<i64> {
    let all = printed(line);
    let mut found = Vec::new();
    let mut rest = 0;
    for (index, one) in all.iter().enumerate() {
        let next = all.get(index + 1);
        let between = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
        let before = between(rest, one.start);
        let behind = between(one.end, next.map_or(line.len(), |next: &Printed| next.start));
        let is_part = is_each(behind, &EACH) || is_part(behind, next.is_none());
        // What says something of the amount in front of it says nothing of the one behind.
        rest = if is_part { one.end + behind.len() } else { one.end };
        if is_part || is_labelled(before, takes_regular) {
            found.extend(one.amount);
        }
    }
    found
}

/// Whether the last words before an amount are the label of one that is not asked.
fn is_labelled(before: &str, takes_regular: bool) -> bool {
    let clause = before.rsplit(BREAKS).next().unwrap_or_default().trim();
    if clause.len() > LABEL || clause.split_whitespace().count() > LABEL_WORDS {
        return false;
    }
    // "SOLD" is the mark that stays beside what was asked; "Sold for" tells something else.
    let lower = clause.to_lowercase();
    is_label(lower.strip_suffix("sold").unwrap_or(&lower), takes_regular)
}

/// Whether the words behind an amount say that it is paid again and again. `each`: what they begin with.
fn is_each(behind: &str, each: &[&str]) -> bool {
    let lower = start_of(behind);
    let text = lower.trim_start_matches([' ', '*', ')']);
    each.iter().filter_map(|each| text.strip_prefix(each)).any(|rest| {
        let word = rest.trim_start().split(|c: char| !c.is_alphanumeric()).next();
        word.is_some_and(|word| PERIODS.contains(&word))
    })
}

/// Whether the words behind an amount say that it is a part of the price. `is_last`: whether no other amount follows,
/// whose label they may be.
fn is_part(behind: &str, is_last: bool) -> bool {
    let lower = start_of(behind);
    let (clause, is_apart) =
        lower.split_once(BREAKS).map_or((&*lower, is_last), |(clause, _)| (clause, true));
    let words: Vec<&str> =
        clause.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => false,
        ["down"] => true,
        // "$39,500, down from $42,500" tells of the other.
        ["down", next, ..] if !matches!(*next, "from" | "payment" | "payments") => true,
        words => is_apart && !clause.contains(':') && words.iter().all(|word| PARTS.contains(word)),
    }
}

/// The first words of a text, in small letters.
fn start_of(text: &str) -> String {
    text.get(..text.floor_char_boundary(LABEL)).unwrap_or_default().to_lowercase()
}

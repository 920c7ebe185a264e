//! The price among the amounts of a part of a page.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::{Item, Status};
use super::price::{Price, price};
use super::scope::{Scope, short_text};

/// Words beside amounts, or in their class, that are not asked.
const NOT_ASKED: [&str; 17] = [
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
    "value",
    "was",
];

/// A word for the price before a reduction, and on some sites for the only one.
const REGULAR: &str = "regular";

/// Longest text that is the label of an amount.
const LABEL: usize = 40;

/// Which amounts may be the price.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Amounts {
    /// Those of elements that are called a price.
    Named,
    /// Where there is none of these, those that stand by themselves too.
    Bare,
}

impl Item {
    /// Takes the price: the only one of its kind. Several different amounts are none.
    pub(super) fn read_prices(&mut self, scope: &Scope<'_>, amounts: Amounts) {
        if self.asking_price.is_some() || self.price_on_request {
            return;
        }
        let named = |takes_regular: bool| {
            let refused = refused(scope, takes_regular);
            let named = scope.elements.iter().filter(|element| is_named(**element, takes_regular));
            let texts = named.filter_map(|element| Some((short_text(*element)?, scope.is_hidden(*element))));
            let texts = texts.filter(|(text, _)| !refused.contains(text));
            let found =
                texts.filter_map(|(text, hidden)| price(&text).filter(|found| !(hidden && found.is_mark())));
            let found: Vec<Price> = found.collect();
            (found, refused)
        };
        let (mut found, refused) = named(false);
        if found.is_empty() {
            found = named(true).0;
        }
        if found.is_empty() && amounts == Amounts::Bare {
            let read = |text: String| if refused.contains(&text) { None } else { price(&text) };
            let leaves = leaves(scope).filter(|element| element.value().name() != "a");
            let texts = scope.lines.iter().map(|line| line.text.clone()).chain(leaves.filter_map(short_text));
            // Bare words such as "Contact" are a price only in its place.
            found =
                texts.filter_map(read).filter(|price| price.amount.or(price.sold_for).is_some()).collect();
        }
        if found.iter().any(|price| price.sold) {
            self.status = self.status.or(Some(Status::Sold));
        } else if found.iter().any(|price| price.pending) {
            self.status = self.status.or(Some(Status::Pending));
        }
        if found.iter().any(|price| price.amount.is_some()) {
            found.retain(|price| price.amount.is_some());
        }
        let Some(first) = found.iter().max_by_key(|price| price.currency.is_some()).cloned() else { return };
        if found.iter().all(|price| (price.amount, price.sold_for) == (first.amount, first.sold_for)) {
            self.set_price(first);
        }
    }
}

/// Whether an element is called a price that is asked.
fn is_named(element: ElementRef<'_>, takes_regular: bool) -> bool {
    element.attr("class").is_some_and(|class| {
        class.to_lowercase().contains("price") && !is_other(class_of(class), takes_regular)
    })
}

/// A class without the mark of what is sold, which stays beside what was asked.
fn class_of(class: &str) -> String {
    class.to_lowercase().replace("sold", " ")
}

/// Whether a label or class is that of an amount which is not asked.
fn is_other(text: impl AsRef<str>, takes_regular: bool) -> bool {
    let lower = text.as_ref().to_lowercase();
    let is_other = |word: &str| NOT_ASKED.contains(&word) || word == REGULAR && !takes_regular;
    lower.split(|c: char| !c.is_alphabetic()).any(is_other)
}

/// Elements without elements in them.
fn leaves<'a, 'b>(scope: &'b Scope<'a>) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 'b> {
    scope.elements.iter().copied().filter(|element| element.child_elements().next().is_none())
}

/// Texts of amounts that stand behind a label, or have a class, of what is not asked.
fn refused(scope: &Scope<'_>, takes_regular: bool) -> HashSet<String> {
    let label = |text: &str| text.len() <= LABEL && !text.contains('$') && is_other(text, takes_regular);
    let lines = scope.lines.windows(2).filter_map(|pair| match pair {
        [before, after] if label(&before.text) => Some(after.text.clone()),
        _ => None,
    });
    let beside = leaves(scope).filter(|element| {
        let before = element.prev_siblings().find_map(ElementRef::wrap);
        before.and_then(short_text).is_some_and(|text| label(&text))
    });
    let classed = scope.elements.iter().copied().filter(|element| {
        element.attr("class").is_some_and(|class| is_other(class_of(class), takes_regular))
    });
    lines.chain(beside.chain(classed).filter_map(short_text)).collect()
}

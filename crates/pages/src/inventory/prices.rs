//! The price among the amounts of a part of a page.

use scraper::ElementRef;

use super::item::{Item, Status};
use super::price::Price;
use super::scope::{Scope, short_text};

mod not_asked;

use not_asked::{NotAsked, is_named, leaves};

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
            let not_asked = NotAsked::of(scope, takes_regular);
            let named = scope.elements.iter().filter(|element| is_named(**element, takes_regular));
            let read = |element: &ElementRef<'_>| {
                let found = not_asked.asked(&short_text(*element)?)?;
                // What is hidden may be in every card: a badge that a script shows.
                (!scope.is_hidden(*element) || !found.is_mark()).then_some(found)
            };
            let found: Vec<Price> = named.filter_map(read).collect();
            (found, not_asked)
        };
        let (mut found, not_asked) = named(false);
        if found.is_empty() {
            found = named(true).0;
        }
        if found.is_empty() && amounts == Amounts::Bare {
            let read = |text: String| not_asked.asked(&text);
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

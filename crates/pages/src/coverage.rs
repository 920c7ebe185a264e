//! Which fields a page of each kind should tell, and whether it does.
//!
//! A parser never fails: where the site's markup changes, its fields turn to `None` without a word. Whoever counts how
//! often each field is found notices. That is fair only among pages that can have the field: each parser's struct has one
//! table here, which names for each key on which pages it is to be expected, and why.

mod catalogue;
mod directory;
mod inventory;
mod listing;
mod member;
mod website;

/// What is to be expected of one field.
#[derive(Debug)]
pub struct Rule<T> {
    /// Key of the parser's struct, as in its JSON.
    pub field: &'static str,
    /// Whether it has its place on every page to which it applies. The others depend on what is offered, and by whom: a
    /// walk over one partner's listings finds them on all pages or on none, which says nothing about the site.
    pub is_steady: bool,
    applies: fn(&T) -> bool,
    is_found: fn(&T) -> bool,
}

impl<T> Rule<T> {
    /// Whether what was read tells the field; `None` where it cannot be expected.
    pub fn finds(&self, read: &T) -> Option<bool> {
        (self.applies)(read).then(|| (self.is_found)(read))
    }
}

/// What a parser makes of a page, or of an item of it.
pub trait Watched: Sized + 'static {
    /// Its fields.
    const RULES: &'static [Rule<Self>];
}

/// A field of every page.
const fn always<T>(field: &'static str, is_found: fn(&T) -> bool) -> Rule<T> {
    Rule { field, is_steady: true, applies: |_| true, is_found }
}

/// A field of those pages for which `applies` is true.
const fn only<T>(applies: fn(&T) -> bool, field: &'static str, is_found: fn(&T) -> bool) -> Rule<T> {
    Rule { field, is_steady: true, applies, is_found }
}

/// A field that some of those pages have, as it happens.
const fn some<T>(applies: fn(&T) -> bool, field: &'static str, is_found: fn(&T) -> bool) -> Rule<T> {
    Rule { field, is_steady: false, applies, is_found }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;

    use super::Watched;

    /// Fails unless each key of a struct has a rule, but those named: an unnamed new key is a field that nobody watches.
    pub(super) fn every_key_has_a_rule<T: Watched + Default + Serialize>(but: &[&str], besides: &[&str]) {
        let value = serde_json::to_value(T::default()).unwrap();
        let keys: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let rules: Vec<&str> = T::RULES.iter().map(|rule| rule.field).collect();
        let ruled: BTreeSet<&str> = rules.iter().copied().collect();
        assert_eq!(rules.len(), ruled.len(), "one rule a field: {rules:?}");
        let expected: BTreeSet<&str> =
            keys.into_iter().filter(|key| !but.contains(key)).chain(besides.iter().copied()).collect();
        assert_eq!(ruled, expected);
    }

    /// What is found of a field; `None` where it cannot be expected.
    pub(super) fn finds<T: Watched>(read: &T, field: &str) -> Option<bool> {
        let rule = T::RULES.iter().find(|rule| rule.field == field);
        rule.unwrap_or_else(|| panic!("{field} has no rule")).finds(read)
    }
}

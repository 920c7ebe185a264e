//! What the blocks of a list and its structured data tell of the same items, put together.

use std::collections::{HashMap, HashSet};

use super::address_key;
use super::item::Item;

/// Where items are, by something that tells one from the others; `None` where several have the same.
type Places = HashMap<String, Option<usize>>;

/// Adds structured items to those read from blocks: each to the one with its address; one that has no address to the one with
/// its chassis number, else with its title, if there is one only. One that fits none stands by itself, unless it has no address
/// and the blocks are as many: then it is one of them by another name.
pub(super) fn join(items: &mut Vec<Item>, structured: Vec<Item>) {
    let by_url = first_places(items, |item| item.url.as_deref().map(|url| address_key(url).to_owned()));
    let by_number = only_places(items, number);
    let by_title = only_places(items, title);
    let titles = only_places(&structured, title);
    let are_all_in_blocks = items.len() >= structured.len();
    let mut taken = HashSet::new();
    for item in structured {
        let only = |places: &Places, key: Option<String>| places.get(&key?).copied().flatten();
        let place = match item.url.as_deref() {
            Some(url) => by_url.get(address_key(url)).copied(),
            None => only(&by_number, number(&item)).or_else(|| {
                let title = title(&item).filter(|title| titles.get(title).is_some_and(Option::is_some));
                only(&by_title, title)
                    .filter(|place| items.get(*place).is_some_and(|other| may_be(&item, other)))
            }),
        };
        match place.and_then(|place| items.get_mut(place)) {
            Some(block) if place.is_some_and(|place| taken.insert(place)) => {
                let read = std::mem::replace(block, item);
                // The page's own link is the one that can be followed as it is.
                block.url.clone_from(&read.url);
                block.fill(read);
            }
            Some(_) => {}
            None if item.url.is_none() && are_all_in_blocks => {}
            None => items.push(item),
        }
    }
}

/// Whether two items of one title may be one: no two chassis numbers.
fn may_be(one: &Item, other: &Item) -> bool {
    one.chassis.is_none() || other.chassis.is_none() || number(one) == number(other)
}

fn number(item: &Item) -> Option<String> {
    item.chassis.as_deref().map(str::to_ascii_uppercase)
}

/// The letters and digits of a title.
fn title(item: &Item) -> Option<String> {
    let title = item.title.as_deref()?;
    Some(title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect())
}

fn first_places(items: &[Item], key: impl Fn(&Item) -> Option<String>) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (place, key) in items.iter().enumerate().filter_map(|(place, item)| Some((place, key(item)?))) {
        places.entry(key).or_insert(place);
    }
    places
}

fn only_places(items: &[Item], key: impl Fn(&Item) -> Option<String>) -> Places {
    let mut places = Places::new();
    for (place, key) in items.iter().enumerate().filter_map(|(place, item)| Some((place, key(item)?))) {
        places.entry(key).and_modify(|place| *place = None).or_insert(Some(place));
    }
    places
}

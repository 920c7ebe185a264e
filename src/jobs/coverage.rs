//! How often each field is found, counted in the session's memory while its run goes on.
//!
//! What is noted of a page is dropped if the page is undone, and forgotten with a transaction that ends the work. The rest
//! is written with the run: at its end, and every so often, so that a session that is killed loses little.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bat_pages::coverage::Watched;

use super::context::Context;
use crate::error::Result;
use crate::store::Store;
use crate::store::coverage::FieldCount;
use crate::transaction::{self, Moment};

/// Pages whose counts are written together. A session that is killed loses at most these.
const WRITTEN_TOGETHER: usize = 200;

/// Pages without a field that are named, for each run.
const EXAMPLES: usize = 3;

/// What one page told.
struct PageSeen {
    at: Moment,
    kind: &'static str,
    url: String,
    fields: Vec<FieldSeen>,
}

/// A field on one page, which may have several items that can have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FieldSeen {
    field: &'static str,
    is_steady: bool,
    expected: i32,
    found: i32,
}

/// What this session has seen for a run and not written yet.
#[derive(Default)]
struct Seen {
    run: i64,
    is_of_archive: bool,
    pages: Vec<PageSeen>,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

impl Context {
    /// Notes which fields the items of a page tell. They count with the run, unless the page is undone. `kind`: of the page.
    pub fn observe<'a, T: Watched>(
        &self,
        kind: &'static str,
        url: &str,
        items: impl IntoIterator<Item = &'a T>,
    ) {
        let Some(run) = self.run else { return };
        transaction::at_end(forget);
        transaction::at_undo(undo);
        let fields = fields_of(items);
        let page = PageSeen { at: Moment::now(), kind, url: url.to_owned(), fields };
        SEEN.with_borrow_mut(|seen| {
            if seen.run != run {
                *seen = Seen { run, is_of_archive: self.is_of_archive, pages: Vec::new() };
            }
            seen.pages.push(page);
        });
    }
}

/// Writes what was counted.
pub fn write(store: &Store) -> Result<()> {
    let Seen { run, is_of_archive, pages } = SEEN.take();
    if pages.is_empty() {
        return Ok(());
    }
    store.add_coverage(run, is_of_archive, &counts_of(&pages))
}

/// The same once enough has come together.
pub fn write_if_many(store: &Store) -> Result<()> {
    if SEEN.with_borrow(|seen| seen.pages.len() >= WRITTEN_TOGETHER) { write(store) } else { Ok(()) }
}

fn forget() {
    SEEN.take();
}

fn undo(start: Moment) {
    SEEN.with_borrow_mut(|seen| seen.pages.retain(|page| !page.at.is_undone_with(start)));
}

/// Counts the fields of the items of one page, those that can be expected.
fn fields_of<'a, T: Watched>(items: impl IntoIterator<Item = &'a T>) -> Vec<FieldSeen> {
    let mut fields: Vec<FieldSeen> = T::RULES
        .iter()
        .map(|rule| FieldSeen { field: rule.field, is_steady: rule.is_steady, expected: 0, found: 0 })
        .collect();
    for item in items {
        for (rule, seen) in T::RULES.iter().zip(&mut fields) {
            if let Some(is_found) = rule.finds(item) {
                seen.expected += 1;
                seen.found += i32::from(is_found);
            }
        }
    }
    fields.retain(|seen| seen.expected > 0);
    fields
}

/// Adds up what pages told, by their kind and by field.
fn counts_of(pages: &[PageSeen]) -> Vec<FieldCount> {
    let mut counts: BTreeMap<(&str, &str), FieldCount> = BTreeMap::new();
    for page in pages {
        for seen in &page.fields {
            let count = counts.entry((page.kind, seen.field)).or_insert_with(|| FieldCount {
                kind: page.kind,
                field: seen.field,
                is_steady: seen.is_steady,
                pages: 0,
                filled: 0,
                examples: Vec::new(),
            });
            count.pages += seen.expected;
            count.filled += seen.found;
            if seen.found < seen.expected && count.examples.len() < EXAMPLES {
                count.examples.push(page.url.clone());
            }
        }
    }
    counts.into_values().collect()
}

#[cfg(test)]
mod tests {
    use bat_pages::listing::Status;
    use bat_pages::{Listing, Partner};

    use super::*;

    fn listing(status: Status, sale_price: Option<i64>) -> Listing {
        Listing { status: Some(status), sale_price, bid_count: Some(1), ..Listing::default() }
    }

    fn seen<T: Watched>(kind: &'static str, url: &str, items: &[T], at: Moment) -> PageSeen {
        PageSeen { at, kind, url: url.to_owned(), fields: fields_of(items) }
    }

    fn count(pages: &[PageSeen], kind: &str, field: &str) -> Option<(i32, i32, Vec<String>)> {
        let count = counts_of(pages).into_iter().find(|count| count.kind == kind && count.field == field)?;
        Some((count.pages, count.filled, count.examples))
    }

    #[test]
    fn a_field_counts_among_the_pages_that_can_have_it() {
        let at = Moment::first();
        let pages = [
            seen("listing", "sold", &[listing(Status::Sold, Some(7))], at),
            seen("listing", "priceless", &[listing(Status::Sold, None)], at),
            seen("listing", "live", &[listing(Status::Live, None)], at),
        ];
        assert_eq!(count(&pages, "listing", "sale_price"), Some((2, 1, vec!["priceless".to_owned()])));
        assert_eq!(count(&pages, "listing", "high_bid"), None);
        assert_eq!(count(&pages, "listing", "status"), Some((3, 3, Vec::new())));
    }

    #[test]
    fn each_item_of_a_page_counts_and_the_page_is_the_example() {
        let partner = |name: Option<&str>| Partner { name: name.map(str::to_owned), ..Partner::default() };
        let page =
            seen("directory", "d", &[partner(Some("A")), partner(None), partner(None)], Moment::first());
        assert_eq!(count(&[page], "directory", "name"), Some((3, 1, vec!["d".to_owned()])));
    }

    #[test]
    fn three_examples_are_enough() {
        let page = |url: &str| seen("listing", url, &[Listing::default()], Moment::first());
        let pages: Vec<PageSeen> = ["a", "b", "c", "d"].into_iter().map(page).collect();
        let (_, _, examples) = count(&pages, "listing", "title").unwrap();
        assert_eq!(examples, ["a", "b", "c"]);
    }
}

//! Finds the rows of the directory.
//!
//! The page's markup is not known for certain, so a row is not tied to any nesting of tags: it is the
//! outermost table row around the words "BaT username" that holds them once; without tables, the largest
//! element that does; and where the partners stand side by side, what follows the partner before.

use super::page::{Item, Link, Page};
use super::region::Region;

/// What every row contains, folded.
const LABEL: &str = "bat username";

/// One row.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Its pieces.
    pub items: &'a [Item],
    /// Country that the headings before it name.
    pub country: Option<String>,
    /// Index among the pieces where the label stands.
    label: usize,
}

impl Row<'_> {
    /// The member's link: the first behind the label, else the first.
    pub fn member(&self) -> Option<&Link> {
        let member = |item: &&Item| matches!(item, Item::Link(link) if link.member.is_some());
        let behind = self.items.get(self.label..).unwrap_or_default().iter().find(member);
        match behind.or_else(|| self.items.iter().find(member))? {
            Item::Link(link) => Some(link.as_ref()),
            _ => None,
        }
    }

    /// Links that leave the site.
    pub fn external(&self) -> Vec<&Link> {
        self.items
            .iter()
            .filter_map(|item| match item {
                Item::Link(link) if link.external.is_some() => Some(link.as_ref()),
                _ => None,
            })
            .collect()
    }
}

/// The directory's rows, with the country of the headings before each.
pub(super) fn rows(page: &Page) -> Vec<Row<'_>> {
    let labels = page.find(LABEL);
    let counts = page.count(&labels);
    let headings: Vec<usize> = (0..page.items.len()).filter(|index| page.region(*index).is_some()).collect();
    let places = page.count(&headings);
    let mut headings = headings.into_iter().peekable();
    let mut region = Region::default();
    let mut rows = Vec::new();
    let mut free = 0;
    for (nth, label) in labels.iter().copied().enumerate() {
        while let Some(heading) = headings.next_if(|heading| *heading < label) {
            if let Some(text) = page.region(heading) {
                region.enter(text);
            }
            free = free.max(heading + 1);
        }
        let next = labels.get(nth + 1).copied().unwrap_or(page.items.len());
        let holder = page.holder(label, |block| counts[block] == 1 && places[block] == 0);
        let held = holder.filter(|range| page.items[range.clone()].iter().any(links_out));
        let Some(range) = held.or_else(|| Some(free..segment_end(page, label, next)?)) else {
            // Prose that mentions user names.
            free = free.max(label + 1);
            continue;
        };
        free = range.end.max(free);
        let Some(items) = page.items.get(range.clone()) else { continue };
        rows.push(Row { items, country: region.country(), label: label.saturating_sub(range.start) });
    }
    rows
}

fn links_out(item: &Item) -> bool {
    matches!(item, Item::Link(link) if link.external.is_some())
}

/// End of a row that no element holds: behind the member's link that follows the label. `None` if another
/// link out of the site or a heading comes first.
fn segment_end(page: &Page, label: usize, next: usize) -> Option<usize> {
    let items = page.items.get(label..next)?;
    let length = items.iter().position(|item| match item {
        Item::Link(link) => link.member.is_some() || link.external.is_some(),
        Item::Heading(_) => true,
        _ => false,
    })?;
    let found = items.get(length)?;
    matches!(found, Item::Link(link) if link.member.is_some()).then_some(label + length + 1)
}

//! Whether a dealer's list goes on behind a page of it.

use bat_pages::Inventory;

use super::{Cause, InventoryOptions};

/// Pages in a row that may show nothing before a list is given up: a shop that sells other things too may have some.
const MOST_BARREN: i32 = 3;

/// What follows a page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Onward {
    /// Another page; `barren`: how many before it have shown nothing.
    Page { url: String, barren: i32 },
    /// Nothing; the cause, if the list was not read to its end.
    End(Option<Cause>),
}

/// What follows a page that showed so many items for the first time in its crawl. `is_whole`: whether as many items were seen
/// by then as the site says that there are.
pub(super) fn onward(
    inventory: &Inventory,
    first_time: i32,
    is_whole: bool,
    options: &InventoryOptions,
) -> Onward {
    let is_first = options.page <= 1;
    let shows_nothing = inventory.items.is_empty() && inventory.item_urls.is_empty();
    // Behind its end a list may link on for ever.
    let is_end = !is_first && shows_nothing && (inventory.says_empty || is_whole);
    // One that was said to be there is no end: for now it is not shown.
    let is_hidden = is_end && options.promised && !is_whole;
    match &inventory.next_url {
        _ if inventory.is_item_page => Onward::End(Some(Cause::Paging)),
        _ if is_hidden => Onward::End(Some(Cause::Paging)),
        _ if is_end => Onward::End(None),
        // It may be one that could not be read: an error told with status 200, a frame that a script is to fill.
        None if !is_first && shows_nothing => Onward::End(Some(Cause::Paging)),
        None => Onward::End(None),
        Some(_) if !is_first && first_time == 0 && !(shows_nothing && options.barren < MOST_BARREN) => {
            Onward::End(Some(Cause::Paging))
        }
        Some(_) if options.page >= options.max_pages => Onward::End(Some(Cause::Budget)),
        Some(url) => {
            let barren = if shows_nothing { options.barren + 1 } else { 0 };
            Onward::Page { url: url.clone(), barren }
        }
    }
}

#[cfg(test)]
mod tests {
    use bat_pages::inventory::Item;

    use super::*;

    const NEXT: &str = "https://dealer.example/cars?page=9";

    fn page(items: usize, next_url: Option<&str>) -> Inventory {
        Inventory {
            items: vec![Item::default(); items],
            next_url: next_url.map(str::to_owned),
            ..Inventory::default()
        }
    }

    fn at(page: i32, barren: i32) -> InventoryOptions {
        InventoryOptions { page, barren, ..InventoryOptions::default() }
    }

    fn goes_on(barren: i32) -> Onward {
        Onward::Page { url: NEXT.to_owned(), barren }
    }

    #[test]
    fn a_list_goes_on_until_nothing_is_linked() {
        assert_eq!(onward(&page(2, Some(NEXT)), 2, false, &at(3, 0)), goes_on(0));
        assert_eq!(onward(&page(2, None), 2, false, &at(3, 0)), Onward::End(None));
        let last = InventoryOptions { max_pages: 3, ..at(3, 0) };
        assert_eq!(onward(&page(2, Some(NEXT)), 2, false, &last), Onward::End(Some(Cause::Budget)));
    }

    #[test]
    fn a_later_page_without_items_is_the_end_only_if_it_says_so_or_all_were_seen() {
        let says_empty = |next_url| Inventory { says_empty: true, ..page(0, next_url) };
        for next_url in [None, Some(NEXT)] {
            assert_eq!(onward(&says_empty(next_url), 0, false, &at(3, 0)), Onward::End(None));
            assert_eq!(onward(&page(0, next_url), 0, true, &at(3, 0)), Onward::End(None));
        }
        assert_eq!(onward(&page(0, None), 0, false, &at(3, 0)), Onward::End(Some(Cause::Paging)));
    }

    #[test]
    fn a_page_that_the_one_before_promised_is_not_the_end_for_saying_that_it_has_nothing() {
        let says_empty = Inventory { says_empty: true, ..page(0, None) };
        let promised = InventoryOptions { promised: true, ..at(2, 0) };
        assert_eq!(onward(&says_empty, 0, false, &promised), Onward::End(Some(Cause::Paging)));
        assert_eq!(onward(&says_empty, 0, true, &promised), Onward::End(None));
    }

    #[test]
    fn a_few_pages_may_show_nothing_of_the_kind() {
        assert_eq!(onward(&page(0, Some(NEXT)), 0, false, &at(1, 0)), goes_on(1));
        assert_eq!(onward(&page(0, Some(NEXT)), 0, false, &at(4, 2)), goes_on(3));
        assert_eq!(onward(&page(0, Some(NEXT)), 0, false, &at(5, 3)), Onward::End(Some(Cause::Paging)));
        assert_eq!(onward(&page(2, Some(NEXT)), 2, false, &at(5, 3)), goes_on(0));
    }

    #[test]
    fn a_page_that_repeats_others_ends_the_list() {
        assert_eq!(onward(&page(2, Some(NEXT)), 0, false, &at(2, 0)), Onward::End(Some(Cause::Paging)));
    }
}

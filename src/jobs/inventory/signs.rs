//! What tells a dealer's list from other pages of his site.

use bat_pages::Inventory;
use url::Url;

/// By what a list is known.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    /// Whether the list of what was sold will do.
    pub wants_sold: bool,
    /// Whether there was a list at this place before.
    pub is_known: bool,
}

impl Signs {
    /// Whether a page is a dealer's list: it shows items, or says that there are none. `is_behind_others`: pages of the same
    /// place showed nothing before it. That it ends with an empty page makes a list only of what was one before: else it may
    /// be a shop's, for other things.
    pub fn are_of_list(self, inventory: &Inventory, is_behind_others: bool) -> bool {
        let shows = !inventory.items.is_empty() || !inventory.item_urls.is_empty();
        let is_empty = inventory.says_empty && (self.is_known || !is_behind_others);
        let is_of_asked = self.wants_sold || !inventory.is_sold_list;
        !inventory.is_item_page && !inventory.is_down && (shows || is_empty) && is_of_asked
    }
}

/// Whether a page is another one of the same place: the same address but for its query.
pub(super) fn is_same_place(page: &Url, next: &str) -> bool {
    Url::parse(next).is_ok_and(|next| next.origin() == page.origin() && next.path() == page.path())
}

#[cfg(test)]
mod tests {
    use bat_pages::inventory::Item;

    use super::*;

    const UNKNOWN: Signs = Signs { wants_sold: false, is_known: false };

    fn showing() -> Inventory {
        Inventory { items: vec![Item::default()], ..Inventory::default() }
    }

    #[test]
    fn a_list_shows_items_or_says_that_there_are_none() {
        let says_empty = Inventory { says_empty: true, ..Inventory::default() };
        let links = Inventory { item_urls: vec!["https://d.example/1".to_owned()], ..Inventory::default() };
        assert!(UNKNOWN.are_of_list(&showing(), false) && UNKNOWN.are_of_list(&showing(), true));
        assert!(UNKNOWN.are_of_list(&links, false));
        assert!(UNKNOWN.are_of_list(&says_empty, false));
        assert!(!UNKNOWN.are_of_list(&Inventory::default(), false));
        assert!(!UNKNOWN.are_of_list(&Inventory { is_item_page: true, ..showing() }, false));
        assert!(!UNKNOWN.are_of_list(&Inventory { is_down: true, ..says_empty }, false));
    }

    #[test]
    fn pages_of_other_things_with_an_end_are_a_list_only_where_one_was() {
        let end = Inventory { says_empty: true, ..Inventory::default() };
        assert!(!UNKNOWN.are_of_list(&end, true));
        assert!(Signs { is_known: true, ..UNKNOWN }.are_of_list(&end, true));
    }

    #[test]
    fn a_list_of_what_was_sold_is_one_only_if_that_is_wanted() {
        let sold = Inventory { is_sold_list: true, ..showing() };
        assert!(!UNKNOWN.are_of_list(&sold, false));
        assert!(Signs { wants_sold: true, ..UNKNOWN }.are_of_list(&sold, false));
    }

    #[test]
    fn a_place_is_an_address_without_its_query() {
        let page = Url::parse("https://d.example/products.json?page=1").unwrap();
        assert!(is_same_place(&page, "https://d.example/products.json?page=2"));
        assert!(!is_same_place(&page, "https://d.example/cars?page=2"));
        assert!(!is_same_place(&page, "https://other.example/products.json?page=2"));
        assert!(!is_same_place(&page, "no address"));
    }
}

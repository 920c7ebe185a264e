//! What tells a dealer's list from other pages of his site.

use bat_pages::Inventory;
use bat_pages::inventory::are_of_one_site;
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

/// Whether two addresses are of one list, whatever their query and their last slash.
pub(super) fn is_one_place(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else { return false };
    are_of_one_site(&one, &other) && bare_path(&one) == bare_path(&other)
}

/// Whether a page that was asked for led to the home page: so sites answer for what is not there.
pub(super) fn leads_home(home: &Url, asked: &Url, page: &Url) -> bool {
    let is_home = page.query().is_none() && ["", bare_path(home)].contains(&bare_path(page));
    is_home && (bare_path(asked) != bare_path(page) || asked.query().is_some())
}

/// Whether a page that was asked for as a further one of a list is one, and did not lead elsewhere: it is in the same place, or
/// in one below or above it.
pub(super) fn is_further_page(asked: &Url, page: &Url) -> bool {
    let (asked, page) = (bare_path(asked), bare_path(page));
    let is_below = |folder: &str, path: &str| {
        !folder.is_empty() && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    asked == page || is_below(asked, page) || is_below(page, asked)
}

fn bare_path(url: &Url) -> &str {
    url.path().trim_end_matches('/')
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

    fn url(path: &str) -> Url {
        Url::parse("https://d.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn a_page_that_is_not_there_leads_home_on_many_sites() {
        let led = |home: &str, asked: &str, page: &str| leads_home(&url(home), &url(asked), &url(page));
        assert!(led("/", "/inventory", "/"));
        assert!(led("/branch/", "/branch/inventory", "/branch"));
        assert!(led("/branch/", "/branch/inventory", "/"));
        assert!(led("/", "/?post_type=car", "/"));
        assert!(!led("/", "/", "/"));
        assert!(!led("/", "/inventory", "/inventory/"));
        assert!(!led("/", "/inventory", "/cars"));
        assert!(!led("/", "/inventory", "/?post_type=car"));
    }

    #[test]
    fn a_further_page_is_in_the_place_of_its_list() {
        let is_one = |asked: &str, page: &str| is_further_page(&url(asked), &url(page));
        assert!(is_one("/cars?page=2", "/cars?page=2"));
        assert!(is_one("/cars?page=2", "/cars/?page=2"));
        assert!(is_one("/cars?page=2", "/cars/page/2/"));
        assert!(is_one("/cars/page/2", "/cars?page=2"));
        assert!(is_one("/?page=2", "/"));
        assert!(!is_one("/cars?page=2", "/"));
        assert!(!is_one("/cars?page=2", "/specials"));
        assert!(!is_one("/cars?page=2", "/cars-for-sale?page=2"));
    }

    #[test]
    fn a_list_is_one_whatever_the_last_slash_of_its_address() {
        assert!(is_one_place("https://d.example/cars/", "https://www.d.example/cars?page=1"));
        assert!(!is_one_place("https://d.example/cars", "https://d.example/new"));
        assert!(!is_one_place("https://d.example/cars", "no address"));
    }
}

//! What follows a page of the results, and of a window of the history.

use bat_pages::Catalogue;
use jiff::Timestamp;

use super::CatalogueOptions;
use super::feed::{LAST_PAGE, PER_PAGE, Window};
use crate::store::catalogue::State;

/// Walks over a window before it is believed to be incomplete.
const ROUNDS: i32 = 2;

/// What follows a page of a feed.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// Another page.
    Page(CatalogueOptions),
    /// Windows of it.
    Windows(Vec<Window>),
    /// Nothing.
    End(State),
}

/// Number of pages that the site states for a feed now.
fn pages_of(catalogue: &Catalogue) -> i64 {
    let total = catalogue.items_total.unwrap_or_default().max(0).unsigned_abs();
    i64::try_from(total.div_ceil(u64::from(PER_PAGE.unsigned_abs()))).unwrap_or(i64::MAX)
}

/// What follows a page of the results, and what is known with it.
#[derive(Debug, PartialEq)]
pub struct AfterResults {
    pub next: Next,
    /// Whether the walk is over, and the next one may stop where this one began.
    pub is_covered: bool,
    /// Whether more auctions have ended since an earlier walk than the site shows.
    pub leaves_gap: bool,
}

/// What follows a page of the results. They are read until a page brings nothing new and reaches back to where an earlier walk
/// began (`covered`, ISO 8601).
pub fn next_of_results(
    options: &CatalogueOptions,
    catalogue: &Catalogue,
    covered: Option<&str>,
    is_news: bool,
) -> AfterResults {
    let page = options.page();
    let is_last = i64::from(page) >= pages_of(catalogue);
    let oldest = catalogue.items.iter().filter_map(|item| instant(item.ends_at.as_deref()?)).min();
    let reaches_back =
        oldest.zip(covered.and_then(instant)).is_some_and(|(oldest, covered)| oldest <= covered);
    if reaches_back && !is_news || is_last {
        return AfterResults { next: Next::End(State::Complete), is_covered: true, leaves_gap: false };
    }
    let is_empty = catalogue.items.is_empty();
    if !is_empty && page < LAST_PAGE {
        return AfterResults { next: Next::Page(options.at(page + 1)), is_covered: false, leaves_gap: false };
    }
    // A page that shows nothing before the last one: the next walk is to look there again.
    let is_cut_short = is_empty && covered.is_some();
    AfterResults {
        next: Next::End(State::Incomplete),
        is_covered: !is_cut_short,
        leaves_gap: !is_empty && covered.is_some() && !reaches_back,
    }
}

pub fn instant(time: &str) -> Option<Timestamp> {
    time.parse().ok()
}

/// What follows a page of a window of which `shown` different listings were seen so far, and which can be divided into
/// `parts`.
pub fn next_of_window(
    options: &CatalogueOptions,
    catalogue: &Catalogue,
    shown: i64,
    parts: Vec<Window>,
) -> Next {
    let (page, pages) = (options.page(), pages_of(catalogue));
    let now = catalogue.items_total.unwrap_or_default();
    // Lots that came since are on pages that were read; some may have been taken away.
    let expected = options.stated.unwrap_or(now).min(now);
    let is_too_long = pages > i64::from(LAST_PAGE);
    if is_too_long && !parts.is_empty() {
        return Next::Windows(parts);
    }
    if shown >= expected {
        return Next::End(State::Complete);
    }
    let is_last = i64::from(page) >= pages.min(i64::from(LAST_PAGE));
    if !is_last && !catalogue.items.is_empty() {
        return Next::Page(options.at(page + 1));
    }
    if !is_last && !parts.is_empty() {
        // The site shows less of a query than it did: its limit has changed.
        return Next::Windows(parts);
    }
    if options.round + 1 < ROUNDS {
        // Its order has shifted while it was read, or it is too long: from the other end. What was shown still counts.
        return Next::Page(CatalogueOptions {
            order: options.order.reversed(),
            round: options.round + 1,
            ..options.at(1)
        });
    }
    Next::End(State::Incomplete)
}

#[cfg(test)]
mod tests {
    use bat_pages::CatalogueItem;

    use super::super::feed::Order;
    use super::*;

    /// A page of results of 100,000, the last of them of 2026-03-01.
    fn results() -> Catalogue {
        let item =
            CatalogueItem { ends_at: Some("2026-03-01T00:00:00Z".to_owned()), ..CatalogueItem::default() };
        Catalogue { items_total: Some(100_000), items: vec![item], ..Catalogue::default() }
    }

    #[test]
    fn results_that_the_site_no_longer_shows_are_a_gap_behind_an_earlier_walk() {
        let last = CatalogueOptions::default().at(LAST_PAGE);
        let after = |covered| next_of_results(&last, &results(), covered, true);
        let ended =
            |leaves_gap| AfterResults { next: Next::End(State::Incomplete), is_covered: true, leaves_gap };
        assert_eq!(after(Some("2025-12-01T00:00:00Z")), ended(true));
        assert_eq!(after(Some("2026-03-02T00:00:00Z")), ended(false));
        // The first walk begins where the site does.
        assert_eq!(after(None), ended(false));
    }

    #[test]
    fn results_are_read_back_to_an_earlier_walk_and_as_long_as_there_is_news() {
        let first = CatalogueOptions::default().at(1);
        let after =
            |covered, is_news, page: &Catalogue| next_of_results(&first, page, Some(covered), is_news);
        let (before, behind) = ("2026-02-01T00:00:00Z", "2026-03-02T00:00:00Z");
        let next = |page| AfterResults { next: page, is_covered: false, leaves_gap: false };
        assert_eq!(after(before, false, &results()), next(Next::Page(first.at(2))));
        assert_eq!(after(behind, true, &results()), next(Next::Page(first.at(2))));
        let ended = AfterResults { next: Next::End(State::Complete), is_covered: true, leaves_gap: false };
        assert_eq!(after(behind, false, &results()), ended);
        let cut_short = Catalogue { items: Vec::new(), ..results() };
        assert_eq!(after(before, false, &cut_short), next(Next::End(State::Incomplete)));
    }

    fn catalogue(items: usize, total: i64) -> Catalogue {
        Catalogue {
            items_total: Some(total),
            items: vec![CatalogueItem::default(); items],
            ..Catalogue::default()
        }
    }

    fn at(page: i32, stated: i64) -> CatalogueOptions {
        CatalogueOptions { page, stated: Some(stated), ..CatalogueOptions::default() }
    }

    fn parts() -> Vec<Window> {
        vec![Window::default(); 2]
    }

    #[test]
    fn a_window_is_read_to_its_end() {
        let next = next_of_window(&at(1, 90), &catalogue(60, 90), 60, parts());
        assert_eq!(next, Next::Page(at(2, 90)));
        let next = next_of_window(&at(2, 90), &catalogue(30, 90), 90, parts());
        assert_eq!(next, Next::End(State::Complete));
    }

    #[test]
    fn an_empty_window_is_complete() {
        assert_eq!(next_of_window(&at(1, 0), &catalogue(0, 0), 0, parts()), Next::End(State::Complete));
    }

    #[test]
    fn what_was_taken_away_or_came_meanwhile_is_not_missed() {
        assert_eq!(next_of_window(&at(2, 90), &catalogue(28, 88), 88, parts()), Next::End(State::Complete));
        assert_eq!(next_of_window(&at(2, 90), &catalogue(33, 93), 90, parts()), Next::End(State::Complete));
    }

    #[test]
    fn a_window_that_is_too_long_is_divided_at_its_first_page() {
        let next = next_of_window(&at(1, 10_001), &catalogue(60, 10_001), 60, parts());
        assert_eq!(next, Next::Windows(parts()));
    }

    #[test]
    fn a_window_that_ends_before_its_stated_end_is_divided() {
        let next = next_of_window(&at(3, 300), &catalogue(0, 300), 120, parts());
        assert_eq!(next, Next::Windows(parts()));
    }

    #[test]
    fn a_window_that_cannot_be_divided_is_read_from_both_ends() {
        let last = at(LAST_PAGE, 12_000);
        let other = CatalogueOptions { page: 1, order: Order::OldestFirst, round: 1, ..last.clone() };
        assert_eq!(next_of_window(&last, &catalogue(60, 12_000), 9_960, vec![]), Next::Page(other.clone()));
        let next = next_of_window(&other, &catalogue(60, 12_000), 10_020, vec![]);
        assert_eq!(next, Next::Page(other.at(2)));
        assert_eq!(
            next_of_window(&other.at(LAST_PAGE), &catalogue(60, 12_000), 11_000, vec![]),
            Next::End(State::Incomplete)
        );
    }

    #[test]
    fn a_window_whose_order_shifted_is_read_again_from_the_other_end_once() {
        let next = next_of_window(&at(2, 90), &catalogue(30, 90), 85, parts());
        let again = CatalogueOptions { page: 1, order: Order::OldestFirst, round: 1, ..at(2, 90) };
        assert_eq!(next, Next::Page(again.clone()));
        let next = next_of_window(&again.at(2), &catalogue(30, 90), 85, parts());
        assert_eq!(next, Next::End(State::Incomplete));
    }
}

//! The feeds of the catalogue: how they are called, where their pages are, and how one that is too long is divided.

use std::fmt;

use bat_pages::kind::PageKind;
use url::form_urlencoded;

use crate::error::{Error, Result};

/// Path of the board that shows all live auctions.
const LIVE_PATH: &str = "/auctions/";

/// Path of the feed of results.
const RESULTS_PATH: &str = "/wp-json/bringatrailer/1.0/data/listings-filter";

/// Items asked for per page of results; the site refuses 96 and more.
pub const PER_PAGE: i32 = 60;

/// Last page that the site fills: no query reaches records beyond its 10,000th.
pub const LAST_PAGE: i32 = 10_000 / PER_PAGE;

/// Categories of lots that have no model year in their title: parts, and wheels.
const WITHOUT_YEAR: &str = "379,380";

/// Model years are divided between these two; both ends are open.
const OLDEST_YEAR: i32 = 1885;

/// A feed of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// All live auctions, on one page.
    Live,
    /// Auctions that have ended, the latest first, as far back as was read before.
    Results,
    /// Auctions that have ended: all of them, or a window of them.
    History(Window),
}

/// A part of the results that the site can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// First model year; `None`: no bound.
    from_year: Option<i32>,
    /// Last model year; `None`: no bound.
    to_year: Option<i32>,
    /// The site's numbers of categories, joined by commas.
    category: Option<String>,
    /// Sold ones, or the others.
    is_sold: Option<bool>,
}

/// From which end a feed is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    #[default]
    NewestFirst,
    OldestFirst,
}

impl Order {
    /// The other end.
    pub fn reversed(self) -> Order {
        match self {
            Order::NewestFirst => Order::OldestFirst,
            Order::OldestFirst => Order::NewestFirst,
        }
    }

    /// The site's word for it.
    fn word(self) -> &'static str {
        match self {
            Order::NewestFirst => "td",
            Order::OldestFirst => "ta",
        }
    }
}

impl Feed {
    /// The feed of a task's key: `live`, `results`, `history` or `history?` and the window's query, each with `#` and the
    /// number of a page.
    pub fn of_key(key: &str) -> Result<Feed> {
        let unknown = || {
            Error::Argument(format!(
                "\"{key}\" is no feed of the catalogue: there are live, results, history"
            ))
        };
        let name = key.split('#').next().unwrap_or(key);
        match name.split_once('?') {
            None if name == "live" => Ok(Feed::Live),
            None if name == "results" => Ok(Feed::Results),
            None if name == "history" => Ok(Feed::History(Window::default())),
            Some(("history", query)) => Window::of_query(query).map(Feed::History).ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }

    /// The kind of its pages, for whoever counts what they tell: the board is a page of another make than the results.
    pub fn page_kind(&self) -> &'static str {
        match self {
            Feed::Live => "live_board",
            Feed::Results | Feed::History(_) => PageKind::Catalogue.word(),
        }
    }

    /// Key of the task that reads a page of it, from 1; pages from the other end have negative numbers.
    pub fn key(&self, page: i32, order: Order) -> String {
        match order {
            Order::NewestFirst if page <= 1 => self.to_string(),
            Order::NewestFirst => format!("{self}#{page}"),
            Order::OldestFirst => format!("{self}#-{page}"),
        }
    }

    /// Path and query of a page of it, from 1.
    pub fn path(&self, page: i32, order: Order) -> String {
        let window = match self {
            Feed::Live => return LIVE_PATH.to_owned(),
            Feed::Results => String::new(),
            Feed::History(window) => window.query(),
        };
        let separator = if window.is_empty() { "" } else { "&" };
        let sort = order.word();
        format!(
            "{RESULTS_PATH}?page={page}&per_page={PER_PAGE}&get_items=1&get_stats=0&sort={sort}{separator}{window}"
        )
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Feed::Live => formatter.write_str("live"),
            Feed::Results => formatter.write_str("results"),
            Feed::History(window) if *window == Window::default() => formatter.write_str("history"),
            Feed::History(window) => write!(formatter, "history?{}", window.query()),
        }
    }
}

impl Window {
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(year) = self.from_year {
            query.append_pair("minimum_year", &year.to_string());
        }
        if let Some(year) = self.to_year {
            query.append_pair("maximum_year", &year.to_string());
        }
        if let Some(category) = &self.category {
            query.append_pair("category", category);
        }
        if let Some(is_sold) = self.is_sold {
            query.append_pair("state", if is_sold { "sold" } else { "unsold" });
        }
        query.finish()
    }

    fn of_query(query: &str) -> Option<Window> {
        let mut window = Window::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (name.as_ref(), value.as_ref()) {
                ("minimum_year", year) => window.from_year = Some(year.parse().ok()?),
                ("maximum_year", year) => window.to_year = Some(year.parse().ok()?),
                ("category", category) => window.category = Some(category.to_owned()),
                ("state", "sold") => window.is_sold = Some(true),
                ("state", "unsold") => window.is_sold = Some(false),
                _ => return None,
            }
        }
        Some(window)
    }

    /// Windows that are this one together; none if it cannot be divided further. `latest_year` is the latest model year
    /// there may be.
    ///
    /// All results fall into model years, and into the categories of lots that have none.
    pub fn divided(&self, latest_year: i32) -> Vec<Window> {
        let whole = Window { category: None, ..Window::default() };
        if *self == whole {
            let without_year = Window { category: Some(WITHOUT_YEAR.to_owned()), ..whole };
            return [self.halves(latest_year), vec![without_year]].concat();
        }
        let halves = if self.category.is_none() { self.halves(latest_year) } else { Vec::new() };
        match self.is_sold {
            _ if !halves.is_empty() => halves,
            None => [true, false].map(|is_sold| Window { is_sold: Some(is_sold), ..self.clone() }).to_vec(),
            Some(_) => Vec::new(),
        }
    }

    /// Its earlier and its later model years; none if it is of one year.
    fn halves(&self, latest_year: i32) -> Vec<Window> {
        let from = self.from_year.unwrap_or(OLDEST_YEAR);
        let to = self.to_year.unwrap_or(latest_year.max(from));
        if from >= to {
            return Vec::new();
        }
        let middle = from + (to - from) / 2;
        vec![
            Window { to_year: Some(middle), ..self.clone() },
            Window { from_year: Some(middle + 1), ..self.clone() },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_the_feed() {
        for key in ["live", "results", "history", "history?minimum_year=1960&maximum_year=1969&state=sold"] {
            assert_eq!(Feed::of_key(key).unwrap().to_string(), key);
            for (page, order, task) in [
                (1, Order::NewestFirst, key.to_owned()),
                (7, Order::NewestFirst, format!("{key}#7")),
                (1, Order::OldestFirst, format!("{key}#-1")),
            ] {
                assert_eq!(Feed::of_key(&task).unwrap().key(page, order), task);
            }
        }
        for key in ["", "dead", "live?x=1", "history?x=1", "history?minimum_year=x"] {
            assert!(Feed::of_key(key).is_err(), "{key}");
        }
    }

    #[test]
    fn a_page_is_asked_for_as_the_site_wants_it() {
        let feed = Feed::of_key("history?maximum_year=1966&state=unsold").unwrap();
        assert_eq!(
            feed.path(3, Order::OldestFirst),
            "/wp-json/bringatrailer/1.0/data/listings-filter?page=3&per_page=60&get_items=1&get_stats=0&sort=ta\
             &maximum_year=1966&state=unsold"
        );
        assert_eq!(Feed::Live.path(1, Order::NewestFirst), "/auctions/");
    }

    /// Divides until nothing can be divided; returns the leaves.
    fn leaves(window: &Window) -> Vec<Window> {
        let parts = window.divided(2027);
        if parts.is_empty() { vec![window.clone()] } else { parts.iter().flat_map(leaves).collect() }
    }

    #[test]
    fn every_year_is_in_exactly_one_window_however_far_it_is_divided() {
        let leaves = leaves(&Window::default());
        for year in 1800..2100 {
            for is_sold in [true, false] {
                let of_year = leaves.iter().filter(|window| {
                    window.category.is_none()
                        && window.is_sold == Some(is_sold)
                        && window.from_year.is_none_or(|from| year >= from)
                        && window.to_year.is_none_or(|to| year <= to)
                });
                assert_eq!(of_year.count(), 1, "{year}");
            }
        }
    }

    #[test]
    fn lots_without_a_year_have_windows_of_their_own() {
        let parts = Window::default().divided(2027);
        let without_year: Vec<_> = parts.iter().filter(|window| window.category.is_some()).collect();
        assert_eq!(without_year.len(), 1);
        assert_eq!(without_year[0].divided(2027).len(), 2);
        assert!(without_year[0].divided(2027).iter().all(|window| window.divided(2027).is_empty()));
    }
}

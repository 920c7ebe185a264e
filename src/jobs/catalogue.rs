//! The catalogue: one page of a feed, what it tells, and which page follows.
//!
//! Results are read from the newest back to where an earlier walk began; the history in windows short enough for the
//! site to show all of them. Order shifts while paging, so each listing counts once, by its number, and a window that
//! showed fewer than the site states is read again.

use bat_pages::kind::PageKind;
use bat_pages::{Catalogue, parse_catalogue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::site;
use super::tasks;
use super::visit::{Page, Visit, Wanted};
use super::words::counted;
use crate::error::{Error, Result};
use crate::store::catalogue::State;
use crate::store::runs::Counts;
use crate::store::tasks::{NewTask, Task};

pub mod feed;
mod next;
mod told;

use feed::{Feed, Order, Window};
use next::{Next, instant, next_of_results, next_of_window};

/// Dealers sell next year's models.
const YEARS_AHEAD: i16 = 2;

/// Where a walk over a feed is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CatalogueOptions {
    /// Number of the page, from 1; 0 is 1.
    pub page: i32,
    /// From which end.
    pub order: Order,
    /// Which walk over the feed it is, from 0.
    pub round: i32,
    /// How many listings the site stated when the walk began.
    pub stated: Option<i64>,
    /// Latest end of an auction on the walk's first page, ISO 8601.
    pub top: Option<String>,
}

/// A page of a feed.
struct Read<'a> {
    feed: &'a Feed,
    options: CatalogueOptions,
    catalogue: Catalogue,
}

impl CatalogueOptions {
    /// Number of the page, from 1.
    pub fn page(&self) -> i32 {
        self.page.max(1)
    }

    fn is_first(&self) -> bool {
        self.page() == 1 && self.order == Order::NewestFirst && self.round == 0
    }

    fn at(&self, page: i32) -> CatalogueOptions {
        CatalogueOptions { page, ..self.clone() }
    }
}

impl Context {
    /// Fetches a page of a feed.
    pub fn visit_catalogue(&self, key: &str, options: &CatalogueOptions) -> Result<Page> {
        let url = site::fetch_url(&Feed::of_key(key)?.path(options.page(), options.order))?;
        match self.visit(&Wanted::text(&url, PageKind::Catalogue), None)? {
            Visit::Page(page) => Ok(page),
            Visit::Unchanged => Err(Error::UnexpectedStatus { url: url.to_string(), status: 304 }),
        }
    }

    /// Stores what a page of a feed tells, and enqueues what follows.
    pub fn store_catalogue_task(
        &self,
        task: &Task,
        page: &Page,
        options: &CatalogueOptions,
    ) -> Result<Counts> {
        let feed = Feed::of_key(&task.key)?;
        let catalogue = parse_catalogue(&page.content);
        guard(&catalogue, &feed, options, page.url.as_str())?;
        self.observe(feed.page_kind(), page.url.as_str(), &catalogue.items);
        let mut options = options.clone();
        if options.is_first() {
            options.stated = catalogue.items_total;
            options.top = newest_end(&catalogue);
            self.store.begin_feed(&feed.to_string(), options.stated)?;
        }
        let told = self.store_told(&catalogue.items, &feed, page.url.as_str())?;
        let ids: Vec<i64> = catalogue.items.iter().filter_map(|item| item.listing_id).collect();
        let shown = self.store.note_shown(&feed.to_string(), &ids)?;
        let read = Read { feed: &feed, options, catalogue };
        let next = match &feed {
            Feed::Live => Next::End(State::Complete),
            Feed::Results => self.after_results(&read, told.is_news)?,
            Feed::History(window) => self.after_history(&read, window, shown)?,
        };
        self.go_on(&read, next)?;
        if matches!(feed, Feed::History(_)) {
            self.end_history_if_read(task)?;
        }
        Ok(told.counts)
    }

    /// Results are read until a page brings nothing new and reaches back to where an earlier walk began.
    fn after_results(&self, read: &Read, is_news: bool) -> Result<Next> {
        let feed = read.feed.to_string();
        let covered = self.store.covered_until(&feed)?;
        let then = next_of_results(&read.options, &read.catalogue, covered.as_deref(), is_news);
        if let (Some(top), true) = (&read.options.top, then.is_covered) {
            self.store.cover_until(&feed, top)?;
        }
        if then.leaves_gap {
            self.store.note_gap(&Feed::History(Window::default()).to_string())?;
        }
        Ok(then.next)
    }

    /// A window of the history is read to its end, if the site shows it whole; else it is divided.
    fn after_history(&self, read: &Read, window: &Window, shown: i64) -> Result<Next> {
        let feed = read.feed.to_string();
        if read.options.is_first() && *window == Window::default() {
            self.store.forget_windows(&feed)?;
            if let Some(top) = &read.options.top {
                self.store.cover_until(&feed, top)?;
            }
        }
        let latest_year = Timestamp::now().to_zoned(TimeZone::UTC).year() + YEARS_AHEAD;
        Ok(next_of_window(&read.options, &read.catalogue, shown, window.divided(i32::from(latest_year))))
    }

    /// Enqueues what follows a page.
    fn go_on(&self, read: &Read, next: Next) -> Result<()> {
        let feed = read.feed.to_string();
        let tasks: Vec<NewTask> = match next {
            Next::Page(options) => vec![tasks::catalogue(read.feed, &options)?],
            Next::Windows(windows) => {
                self.store.end_feed(&feed, State::Divided)?;
                let first = CatalogueOptions::default();
                windows
                    .into_iter()
                    .map(|window| tasks::catalogue(&Feed::History(window), &first))
                    .collect::<Result<_>>()?
            }
            Next::End(state) => return self.store.end_feed(&feed, state),
        };
        self.store.enqueue(&tasks)?;
        Ok(())
    }

    /// With its last page the history ends: what it had at the top is where the next walk over the results may stop.
    fn end_history_if_read(&self, task: &Task) -> Result<()> {
        let whole = Feed::History(Window::default()).to_string();
        if !self.store.lock_history(&whole)? {
            return Ok(());
        }
        if self.store.history_tasks_left(&whole, Some(task.id))? > 0 {
            return Ok(());
        }
        self.store.end_history(&whole, true)?;
        if let Some(top) = self.store.covered_until(&whole)? {
            self.store.cover_until(&Feed::Results.to_string(), &top)?;
        }
        Ok(())
    }

    /// Notes that a page of the history will not be read: what followed from it is not known, and with the last page the history
    /// ends incomplete. Where its very first page cannot be had, it stands as it stood before.
    pub fn note_unread_page(&self, task: &Task) -> Result<()> {
        let feed = Feed::of_key(&task.key)?;
        let Feed::History(window) = &feed else { return Ok(()) };
        let options: CatalogueOptions = serde_json::from_value(task.options.clone())?;
        let whole = Feed::History(Window::default()).to_string();
        let is_entrance = *window == Window::default() && options.is_first();
        if is_entrance || !self.store.lock_history(&whole)? {
            return Ok(());
        }
        self.store.note_unread_feed(&feed.to_string())?;
        if self.store.history_tasks_left(&whole, Some(task.id))? == 0 {
            self.store.end_history(&whole, false)?;
        }
        Ok(())
    }

    /// Begins a sweep: the live board, the newest results, and all of the history unless it is being read already.
    pub fn enqueue_sweep(&self, full_history: bool) -> Result<usize> {
        let first = CatalogueOptions::default();
        let mut feeds = vec![Feed::Live, Feed::Results];
        let whole = Feed::History(Window::default());
        if full_history && self.store.history_tasks_left(&whole.to_string(), None)? == 0 {
            feeds.push(whole);
        }
        let tasks: Vec<NewTask> =
            feeds.iter().map(|feed| tasks::catalogue(feed, &first)).collect::<Result<_>>()?;
        self.store.enqueue(&tasks)
    }

    /// Whether the newest results of the catalogue were read.
    pub fn knows_results(&self) -> Result<bool> {
        Ok(self.store.covered_until(&Feed::Results.to_string())?.is_some())
    }

    /// Whether all results of the catalogue were read, or as many as the site showed.
    pub fn knows_history(&self) -> Result<bool> {
        let history = self.store.feed(&Feed::History(Window::default()).to_string())?;
        Ok(history.is_some_and(|history| matches!(history.state.as_str(), "complete" | "incomplete")))
    }

    /// What the catalogue states and what of it is stored, for a summary; `None` before its history was read.
    pub fn tell_history(&self) -> Result<Option<String>> {
        let whole = Feed::History(Window::default()).to_string();
        let left = self.store.history_tasks_left(&whole, None)?;
        if left > 0 {
            let windows =
                counted(left, "page or window of the history is", "pages or windows of the history are");
            return Ok(Some(format!("{windows} waiting")));
        }
        let Some(history) = self.store.feed(&whole)? else {
            let results = self.store.feed(&Feed::Results.to_string())?;
            return Ok(results.filter(|results| results.state == "incomplete").map(|results| {
                format!(
                    "the feed shows the newest {} of {} results; all of them: CALL bat_sweep(full_history => true)",
                    results.shown,
                    results.stated.unwrap_or_default()
                )
            }));
        };
        let counts =
            format!("{} results stated, {} stored", history.stated.unwrap_or_default(), history.shown);
        Ok(match history.state.as_str() {
            "complete" => Some(format!("the history was read whole: {counts}")),
            "incomplete" => Some(format!("the history is incomplete: {counts}; see bat_catalogue")),
            _ => None,
        })
    }
}

/// A page of the catalogue that shows nothing where there must be something, or does not tell how much there is.
fn guard(catalogue: &Catalogue, feed: &Feed, options: &CatalogueOptions, url: &str) -> Result<()> {
    let must_show = match feed {
        Feed::Live | Feed::Results => options.is_first(),
        Feed::History(window) => options.is_first() && *window == Window::default(),
    };
    let reason = match (catalogue.items.is_empty(), catalogue.items_total) {
        (true, _) if must_show => "it shows no listing",
        (_, None) if *feed != Feed::Live => "it does not tell how many listings there are",
        _ => return Ok(()),
    };
    Err(Error::UnexpectedPage { url: url.to_owned(), reason: reason.to_owned() })
}

fn newest_end(catalogue: &Catalogue) -> Option<String> {
    catalogue
        .items
        .iter()
        .filter_map(|item| item.ends_at.as_deref())
        .max_by_key(|time| instant(time))
        .map(str::to_owned)
}

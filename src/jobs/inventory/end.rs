//! The end of a crawl: whether it is complete, what its guards say, and what is missing now.

use serde_json::{Value, json};
use url::Url;

use super::super::context::Context;
use super::holder::is_of_any;
use super::item_page::OwnPage;
use super::list::{StoredList, after};
use super::seen::text;
use super::telling::{reason, told};
use super::{Cause, InventoryOptions};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::crawls::{Crawl, PageOfCrawl};
use crate::store::inventory::Overlap;
use crate::store::merge::{Fields, Source};
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;

/// With fewer items than this a dealer may well sell half of them between two crawls.
const FEW: i64 = 5;

/// The site may count some twice, or those that were sold a moment ago.
const TOLERATED: i64 = 2;

impl Context {
    /// Ends a crawl. Only if it is complete may what it did not see be missing.
    pub(super) fn end_crawl(
        &self,
        business: &Business,
        crawl: &Crawl,
        cause: Option<Cause>,
        options: &InventoryOptions,
    ) -> Result<StoredList> {
        let overlap = self.store.overlap(&business.id, &crawl.started_at)?;
        let is_short = crawl.items_total.is_some_and(|total| i64::from(crawl.items) + TOLERATED < total);
        let cause = cause.or(is_short.then_some(Cause::Total)).or_else(|| {
            let is_guarded = !options.is_of_sold() && !options.accept;
            if is_guarded { guard(i64::from(crawl.items), overlap) } else { None }
        });
        // Where a site has moved, other items are what is to be expected: by what they are the same, they were found again.
        let website = business.website.as_deref().unwrap_or_default();
        let cause = match cause {
            Some(Cause::OtherItems) if self.store.has_moved(&business.id, website)? => None,
            cause => cause,
        };
        let missing = match cause {
            None if !options.is_of_sold() => self.store.count_misses(&business.id, &crawl.started_at)?,
            _ => Vec::new(),
        };
        let (items, newly) = self.store_missing(business, &missing)?;
        let items = items.into_iter().map(OwnPage::unpriced).collect();
        let message = told(crawl, cause, newly);
        let state = if cause.is_none() { "complete" } else { "incomplete" };
        let count = i32::try_from(newly).unwrap_or(i32::MAX);
        self.store.end_crawl(crawl.id, state, cause.map(Cause::word), Some(&message), count)?;
        Ok(StoredList {
            counts: Counts { updated: count, ..Counts::default() },
            next: after(options),
            items,
            message: Some(message),
            is_incomplete: cause.is_some(),
            are_unlisted: false,
        })
    }

    /// Ends a crawl that found no list: that there is none is a normal result, unless there was one before. `unfilled`: a page
    /// that may be one on another day, whose address is noted.
    pub(super) fn end_without_list(
        &self,
        business: &Business,
        crawl: &Crawl,
        unfilled: Option<&Url>,
        options: &InventoryOptions,
    ) -> Result<StoredList> {
        if options.is_of_sold() {
            let message = "no list of what was sold is found".to_owned();
            self.store.end_crawl(crawl.id, "complete", None, Some(&message), 0)?;
            return Ok(StoredList { message: Some(message), ..StoredList::default() });
        }
        let overlap = self.store.overlap(&business.id, &crawl.started_at)?;
        if overlap.before > 0 && !options.accept {
            return self.end_crawl(business, crawl, Some(Cause::NothingFound), options);
        }
        // What a complete crawl missed is missed until it is gone.
        if overlap.before > 0 || overlap.missed > 0 {
            return self.end_crawl(business, crawl, None, options);
        }
        let mut message = "no inventory on this site".to_owned();
        if let Some(url) = unfilled {
            let page = PageOfCrawl { list_url: Some(url.as_str()), ..PageOfCrawl::default() };
            self.store.add_to_crawl(crawl.id, &page)?;
            message += &format!(": {url} shows nothing, and is left to a script");
        }
        self.store.end_crawl(crawl.id, "no_inventory", None, Some(&message), 0)?;
        Ok(StoredList { message: Some(message), ..StoredList::default() })
    }

    /// Ends a crawl whose list is not where it was lately: what takes its place for a day is not the list.
    pub(super) fn end_while_away(
        &self,
        business: &Business,
        crawl: &Crawl,
        error: Option<&Error>,
        options: &InventoryOptions,
    ) -> Result<StoredList> {
        let Some(error) = error else {
            return self.end_crawl(business, crawl, Some(Cause::NothingFound), options);
        };
        let message = format!("{}: {error}", reason(Cause::Error));
        self.store.end_crawl(crawl.id, "incomplete", Some(Cause::Error.word()), Some(&message), 0)?;
        Ok(StoredList {
            next: after(options),
            message: Some(message),
            is_incomplete: true,
            ..StoredList::default()
        })
    }

    /// Notes what a crawl failed of for good: it is incomplete, or the site refuses, or is gone.
    pub fn note_failed_crawl(&self, dealer: &str, options: &InventoryOptions, error: &Error) -> Result<()> {
        let business = self.business(dealer)?;
        let id = match options.crawl {
            Some(id) => id,
            None => {
                let (mode, website) = (options.run_mode.word(), business.website.as_deref());
                self.store.begin_crawl(dealer, mode, website, &self.time())?.id
            }
        };
        let is_first = options.crawl.is_none();
        let (state, cause) = match error {
            Error::Gone { .. } if is_first => ("gone", None),
            _ if error.is_refusal_of_site() && is_first => ("blocked", None),
            Error::Robots { .. } => ("incomplete", Some(Cause::Robots)),
            _ => ("incomplete", Some(Cause::Error)),
        };
        let message = match cause {
            Some(cause) => format!("{}: {error}", reason(cause)),
            None => error.to_string(),
        };
        self.store.end_crawl(id, state, cause.map(Cause::word), Some(&message), 0)?;
        Ok(())
    }

    /// Marks what is missing now. Returns the pages of those whose own page is to decide, and how many are new among them. Pages
    /// of a site that the dealer has left decide nothing.
    fn store_missing(&self, business: &Business, rows: &[Fields]) -> Result<(Vec<String>, usize)> {
        let time = self.time();
        let sites = if rows.is_empty() { Vec::new() } else { self.own_sites(business)? };
        let (mut urls, mut newly) = (Vec::new(), 0);
        for row in rows {
            let Some(url) = text(row, "listing_url") else { continue };
            let source = Source { url, time: &time };
            let missing = Fields::from_iter([("status".to_owned(), json!("missing"))]);
            if self.store.save_item(Some(row), &missing, &source)?.outcome == Outcome::Updated {
                newly += 1;
                self.relink(row, "missing", &source)?;
                urls.push(url.to_owned());
            } else if row.get("status") == Some(&Value::from("missing")) && self.may_ask_again(row) {
                urls.push(url.to_owned());
            }
        }
        urls.retain(|url| Url::parse(url).is_ok_and(|url| is_of_any(&sites, &url)));
        Ok((urls, newly))
    }
}

/// What is not believed of a list that was read to its end: it shows nothing, or under half, or quite other items, where
/// there were more than a few.
fn guard(items: i64, overlap: Overlap) -> Option<Cause> {
    let Overlap { before, again, .. } = overlap;
    match before {
        _ if before < FEW => None,
        _ if items == 0 => Some(Cause::NothingFound),
        _ if items * 2 < before => Some(Cause::UnderHalf),
        _ if again * 2 < before => Some(Cause::OtherItems),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_shrinks_too_much_is_not_believed() {
        let guarded = |items, before, again| guard(items, Overlap { before, again, missed: 0 });
        assert_eq!(guarded(0, 5, 0), Some(Cause::NothingFound));
        assert_eq!(guarded(9, 20, 9), Some(Cause::UnderHalf));
        assert_eq!(guarded(20, 20, 9), Some(Cause::OtherItems));
        assert_eq!(guarded(20, 20, 10), None);
        assert_eq!(guarded(10, 20, 10), None);
        assert_eq!(guarded(0, 4, 0), None);
        assert_eq!(guarded(0, 0, 0), None);
    }
}

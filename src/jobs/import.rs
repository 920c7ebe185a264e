//! `bat_import_partner_vehicles()`: one partner's listings, by all routes.

use serde_json::json;

use super::archive::Parsed;
use super::calls::{Report, add, not_negative, run_job};
use super::context::Context;
use super::site::{fetch_url, member_url};
use super::summary::Summary;
use super::tasks::{self, ListingOptions};
use super::visit::Visit;
use super::words::{Telling, counted};
use crate::error::{Error, Result};
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;
use crate::store::{memory, subtransaction};

/// Arguments of `bat_import_partner_vehicles()`.
pub struct ImportOptions {
    pub max_pages: i32,
    pub listing_limit: Option<i32>,
    pub skip_existing: bool,
    pub dry_run: bool,
}

/// `bat_import_partner_vehicles()`
pub fn import_partner_vehicles(id: &str, options: &ImportOptions) -> Result<Summary> {
    not_negative("max_pages", Some(options.max_pages))?;
    not_negative("listing_limit", options.listing_limit)?;
    let arguments = json!({
        "org_id": id,
        "max_pages": options.max_pages,
        "listing_limit": options.listing_limit,
        "skip_existing": options.skip_existing,
        "dry_run": options.dry_run,
    });
    run_job("bat_import_partner_vehicles", &arguments, options.dry_run, |context| {
        let business = context.business(id)?;
        let username = business.bat_username.as_deref().ok_or_else(|| Error::NoUsername(id.to_owned()))?;
        let username = tasks::username(username)?;
        Import { context, options, counts: Counts::default(), telling: Telling::new() }.run(&username)
    })
}

/// How a listing of a member became known.
#[derive(Clone, Copy)]
enum Route {
    /// Its member page shows it.
    Member,
    /// The catalogue told of it.
    Catalogue,
}

impl Route {
    fn words(self) -> &'static str {
        match self {
            Route::Member => "on this page",
            Route::Catalogue => "told by the catalogue",
        }
    }
}

/// A walk over one member's listings.
struct Import<'a> {
    context: &'a Context,
    options: &'a ImportOptions,
    counts: Counts,
    telling: Telling,
}

impl Import<'_> {
    fn run(mut self, username: &str) -> Result<Report> {
        let mut next = Some(fetch_url(&member_url(username))?);
        let (mut shown, mut stated, mut imported, mut pages) = (0, None, 0, 0);
        let (mut is_stopped, mut is_forbidden) = (false, false);
        while let Some(url) = next.take_if(|_| pages < self.options.max_pages && !is_stopped) {
            let visited = self
                .context
                .visit_member(&url)
                .and_then(|page| self.context.collect_member(&page, self.options.skip_existing));
            let collected = match visited {
                Ok(collected) => collected,
                Err(Error::Robots { .. }) => {
                    is_forbidden = true;
                    break;
                }
                // What the pages before have brought stays.
                Err(error) if pages > 0 && !error.ends_call() => {
                    is_stopped = self.fail(&error.about(url.as_str()));
                    next = Some(url);
                    break;
                }
                Err(error) => return Err(error),
            };
            pages += 1;
            shown += collected.shown;
            stated = collected.stated.or(stated);
            self.counts.skipped += i32::try_from(collected.skipped).unwrap_or(i32::MAX);
            is_stopped = self.import(&collected.wanted, Route::Member, &mut imported)?;
            next = collected.next;
        }
        if !is_stopped {
            let told = self.context.unimported(username, &[])?;
            is_stopped = self.import(&told, Route::Catalogue, &mut imported)?;
        }
        let is_left = is_stopped || next.is_some();
        let mut message = self.tell_routes(username, shown, stated, is_forbidden)?;
        if is_left {
            message += "; call again for the rest";
        }
        Ok(Report { counts: self.counts, is_left, message })
    }

    /// How many listings each route brought: the member page, which shows the latest ones, and the catalogue.
    fn tell_routes(
        &mut self,
        username: &str,
        shown: usize,
        stated: Option<i32>,
        is_forbidden: bool,
    ) -> Result<String> {
        let stored = self.context.store.stored_count(username)?;
        let knows_history = self.context.knows_history()?;
        let mut message = if is_forbidden {
            self.counts.refused += i32::from(!knows_history);
            format!(
                "robots.txt forbids member pages, so 0 listings are shown for {username}; {stored} are stored"
            )
        } else {
            let stated = stated.map_or("an unknown number of".to_owned(), |count| count.to_string());
            format!("{shown} of {stated} listings are shown on {username}'s member page; {stored} are stored")
        };
        let is_complete = !is_forbidden && stated.is_some_and(|stated| stored >= i64::from(stated));
        if knows_history {
            message += ", with all that the catalogue tells";
        } else if !is_complete {
            message += "; the catalogue tells of the others: CALL bat_sweep(full_history => true)";
        }
        Ok(message)
    }

    /// Imports a page's listings, each in a subtransaction. Returns whether to stop: the limit is reached, or
    /// the site refuses.
    fn import(&mut self, urls: &[String], route: Route, imported: &mut i32) -> Result<bool> {
        for (place, url) in urls.iter().enumerate() {
            if self.options.listing_limit.is_some_and(|limit| *imported >= limit) {
                return Ok(true);
            }
            *imported += 1;
            match memory::in_own_context(|| self.import_one(url, route)) {
                Ok(outcome) => add(&mut self.counts, outcome),
                Err(error) if error.ends_call() => return Err(error),
                Err(error) => {
                    if self.fail(&error.about(url)) {
                        return Ok(true);
                    }
                }
            }
            self.tell_progress(place + 1, urls.len(), route);
        }
        Ok(false)
    }

    /// Counts a page that could not be had, and warns of it. Returns whether the site refuses.
    fn fail(&mut self, error: &Error) -> bool {
        error.warn();
        self.counts.failed += 1;
        let is_refused = error.ends_requests();
        self.counts.refused += i32::from(is_refused);
        is_refused
    }

    fn import_one(&self, url: &str, route: Route) -> Result<Outcome> {
        let archived = match route {
            Route::Member => None,
            Route::Catalogue => self.context.archived_listing(url)?,
        };
        let visit = match archived {
            Some(visit) => visit,
            None => self.context.visit_listing(url)?,
        };
        let stored =
            subtransaction::run(|| self.context.store_listing(url, &visit, ListingOptions::default()));
        if let (Err(Error::UnexpectedPage { .. }), Visit::Page(page)) = (&stored, &visit) {
            self.context.archive_listing(url, page, Parsed::No)?;
        }
        stored
    }

    fn tell_progress(&mut self, done: usize, of: usize, route: Route) {
        if let Some(pace) = self.telling.one_done(of - done) {
            pgrx::notice!(
                "bat_import_partner_vehicles: {done} of {} {}, {pace} ({} new, {} changed, {} failed)",
                counted(of, "listing", "listings"),
                route.words(),
                self.counts.inserted,
                self.counts.updated,
                self.counts.failed
            );
        }
    }
}

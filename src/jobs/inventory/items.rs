//! The items of a page of a dealer's list: what becomes of their rows, and which own pages of theirs are to be read.

use std::collections::HashSet;

use super::super::calls::add;
use super::super::context::Context;
use super::InventoryOptions;
use super::item_page::{OwnPage, is_aside};
use super::matching::{displaced, matched, once_each, sought};
use super::search::ReadPage;
use super::seen::{Seen, is_offered, is_sold_by_own_page, number, text};
use super::vehicle::is_linked_by_person;
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::crawls::Crawl;
use crate::store::inventory::{OtherAddress, Sighting};
use crate::store::merge::{Fields, Source, is_imported};
use crate::store::runs::Counts;
use crate::store::tables::DEALER_INVENTORY;
use crate::store::upsert::Outcome;

/// What became of a page's items.
#[derive(Default)]
pub(super) struct StoredItems {
    pub counts: Counts,
    /// How many were seen for the first time in this crawl.
    pub first_time: i32,
    /// Items' own pages that are to be read.
    pub wanted: Vec<OwnPage>,
}

impl StoredItems {
    fn add(&mut self, other: StoredItems) {
        self.counts.add(&other.counts);
        self.first_time += other.first_time;
        self.wanted.extend(other.wanted);
    }
}

/// The page of a list that items are on.
struct OfList<'a> {
    business: &'a Business,
    crawl: i64,
    source: Source<'a>,
    /// Addresses of the items of which the list tells too little.
    poor: HashSet<&'a str>,
    /// The vehicles of its items that there are.
    vehicles: HashSet<String>,
    options: &'a InventoryOptions,
}

impl Context {
    /// Stores the items of a page of a crawl.
    pub(super) fn store_items(
        &self,
        business: &Business,
        crawl: &Crawl,
        page: &ReadPage,
        options: &InventoryOptions,
    ) -> Result<StoredItems> {
        let (url, time) = (page.url.as_str(), self.time());
        let inventory = &page.inventory;
        let seen = Seen::all(&inventory.items, url, options.is_of_sold());
        let mut rows = self.store.stock(&business.id, &sought(&seen))?;
        let displaced = displaced(&seen, &rows);
        if !displaced.is_empty() {
            self.store.set_aside(&displaced)?;
            rows = self.store.stock(&business.id, &sought(&seen))?;
        }
        let told: HashSet<String> = seen.iter().map(|seen| seen.url.clone()).collect();
        let seen = once_each(seen, &rows);
        let list = OfList {
            business,
            crawl: crawl.id,
            source: Source { url, time: &time },
            poor: inventory.item_urls.iter().map(String::as_str).collect(),
            vehicles: self.store.vehicles_there(&rows)?,
            options,
        };
        let mut stored = StoredItems::default();
        let mut sightings = Vec::new();
        for (seen, row) in seen.iter().zip(matched(&seen, &rows)) {
            let seen = seen.clone().heeding(row);
            let mut one = StoredItems::default();
            match self.attempt(|| self.store_listed(&list, &seen, row, &mut one)) {
                Ok(sighting) => {
                    sightings.extend(sighting);
                    stored.add(one);
                }
                // What the tables refuse of one item keeps nobody from the others; and it is on the list all the same.
                Err(error @ (Error::Postgres { .. } | Error::LeftOut { .. })) if !error.is_conflict() => {
                    error.about(&seen.url).warn();
                    stored.counts.failed += 1;
                    sightings.extend(row.and_then(|row| text(row, "id")).map(Sighting::unpriced));
                }
                Err(error) => return Err(error),
            }
        }
        self.store.note_sightings(&sightings, Some(crawl.id), &time)?;
        let others: Vec<String> =
            inventory.item_urls.iter().filter(|url| !told.contains(*url)).cloned().collect();
        if !others.is_empty() {
            let (unknown, first_time) = self.store.note_links(&business.id, &others, crawl.id, &time)?;
            stored.first_time += first_time;
            stored.wanted.extend(unknown.into_iter().map(OwnPage::unpriced));
        }
        Ok(stored)
    }

    /// Stores one item of a list; `None` if the row knows better.
    fn store_listed(
        &self,
        list: &OfList,
        seen: &Seen,
        row: Option<&Fields>,
        stored: &mut StoredItems,
    ) -> Result<Option<Sighting>> {
        let seen_before = row.is_some_and(|row| is_seen_by(row, list.crawl));
        stored.first_time += i32::from(!seen_before);
        if row.is_some_and(|row| is_offered_elsewhere(row, seen, list.options.is_of_sold(), seen_before)) {
            stored.counts.unchanged += 1;
            return Ok(None);
        }
        let is_elsewhere = row.is_some_and(|row| text(row, "listing_url") != Some(&seen.url));
        if let Some(row) = row
            && is_elsewhere
            && keeps_address(row, seen, list.crawl)
        {
            return self.note_elsewhere(list, seen, row, stored);
        }
        let doubted = if list.options.accept { None } else { seen.doubted_price(row) };
        let fields = seen.fields(&list.business.id, row, doubted);
        let saved = self.store.save_item(row, &fields, &list.source)?;
        if let Some(row) = row {
            self.note_address(list, row, is_elsewhere, seen_before)?;
        }
        if !seen_before {
            add(&mut stored.counts, saved.outcome);
        }
        let wants_page = self.wants_page(list, seen, row, doubted, saved.outcome);
        if wants_page {
            stored.wanted.push(OwnPage { url: seen.url.clone(), is_priced: seen.is_priced() });
        }
        let vehicle = row.and_then(|row| text(row, "vehicle_id"));
        let is_to_link = match vehicle.is_some_and(|vehicle| list.vehicles.contains(vehicle)) {
            true => saved.outcome != Outcome::Unchanged || row.is_some_and(is_linked_by_person),
            // What its own page says comes before it is made a vehicle.
            false => !wants_page,
        };
        if is_to_link {
            let row = self.store.item_of_id(&saved.id()?)?;
            self.link_item(list.business, &saved.id()?, seen, row.as_ref(), &list.source)?;
        }
        Ok(Some(seen.sighting(saved.id()?, doubted)))
    }

    /// Notes an item that a page shows at another address than the one that it keeps.
    fn note_elsewhere(
        &self,
        list: &OfList,
        seen: &Seen,
        row: &Fields,
        stored: &mut StoredItems,
    ) -> Result<Option<Sighting>> {
        let id = text(row, "id").unwrap_or_default();
        match is_seen_by(row, list.crawl) {
            true => {
                let other = OtherAddress { url: &seen.url, crawl: list.crawl, is_former: false };
                self.store.note_other_address(id, &other)?;
            }
            false => stored.counts.unchanged += 1,
        }
        Ok(Some(Sighting::unpriced(id)))
    }

    /// Notes the other address of an item that has moved, or that this crawl has shown at both.
    fn note_address(&self, list: &OfList, row: &Fields, has_moved: bool, seen_before: bool) -> Result<()> {
        let (id, held) = (text(row, "id").unwrap_or_default(), text(row, "listing_url").unwrap_or_default());
        if has_moved {
            let other = OtherAddress { url: held, crawl: list.crawl, is_former: !seen_before };
            return self.store.note_other_address(id, &other);
        }
        match OtherAddress::of(row).filter(|other| seen_before && !other.is_former) {
            Some(other) if other.crawl != list.crawl => {
                self.store.note_other_address(id, &OtherAddress { crawl: list.crawl, ..other })
            }
            _ => Ok(()),
        }
    }

    /// Whether an item's own page is to be read: it may tell what the list leaves out, or whether a price that jumped is true.
    fn wants_page(
        &self,
        list: &OfList,
        seen: &Seen,
        row: Option<&Fields>,
        doubted: Option<i64>,
        outcome: Outcome,
    ) -> bool {
        if seen.item.url.is_none() {
            return false;
        }
        if row.is_some_and(|row| is_to_tell_of_price(row, seen, doubted, list)) {
            return true;
        }
        let is_read = row.is_some_and(|row| text(row, "page_read_at").is_some());
        // A price that only the item's own page tells may have changed there.
        let is_stale =
            !seen.is_priced() && seen.status != "sold" && row.is_some_and(|row| self.may_ask_again(row));
        if row.is_some_and(|row| is_sold_by_own_page(row) && self.may_ask_again(row)) {
            // It may be for sale again, which this list does not tell.
            return seen.item.status.is_none();
        }
        list.poor.contains(seen.url.as_str()) && (!is_read || is_stale || outcome != Outcome::Unchanged)
    }
}

/// Whether an item's own page has yet to tell of a price that is doubted. One that could not be read is asked again, by the
/// next crawl; and where the list tells no price, it is the own page that told the one that is to be believed now.
fn is_to_tell_of_price(row: &Fields, seen: &Seen, doubted: Option<i64>, list: &OfList) -> bool {
    let before = number(row, "doubted_price");
    if doubted.is_some() && doubted != before {
        return true;
    }
    let is_asked = is_seen_by(row, list.crawl);
    let is_unanswered = doubted.is_some() && text(row, "page_read_at").is_none();
    let is_accepted = list.options.accept && before.is_some() && !seen.is_priced();
    !is_asked && (is_unanswered || is_accepted)
}

/// Whether a crawl has seen an item already.
fn is_seen_by(row: &Fields, crawl: i64) -> bool {
    number(row, "last_crawl_id") == Some(crawl)
}

/// Whether a list says of something that is for sale that it was sold: lists keep old rows of what is for sale again, so
/// that what the newest list of the others says counts.
fn is_offered_elsewhere(row: &Fields, seen: &Seen, is_of_sold: bool, seen_before: bool) -> bool {
    let is_there = number(row, "missing_count").unwrap_or_default() == 0;
    seen.status == "sold" && is_offered(row) && (seen_before || is_of_sold && is_there)
}

/// Whether an item that a page shows at another address keeps its own: this crawl has seen it at that, or the last one at both.
/// One that this crawl has moved from the address at which it is shown now goes back.
fn keeps_address(row: &Fields, seen: &Seen, crawl: i64) -> bool {
    let is_there = is_offered(row) && number(row, "missing_count").unwrap_or_default() == 0;
    let is_own =
        is_imported(&DEALER_INVENTORY, row, "listing_url") && !text(row, "listing_url").is_some_and(is_aside);
    let seen_before = is_seen_by(row, crawl);
    let is_shown = match OtherAddress::of(row).filter(|other| other.url == seen.url) {
        Some(other) if seen_before => !(other.is_former && other.crawl == crawl),
        Some(other) => !other.is_former && number(row, "last_crawl_id") == Some(other.crawl),
        None => seen_before,
    };
    is_there && is_own && is_shown
}

//! The page of a single item: what its list left out, whether a price that jumped is true, and what became of an item that
//! is missing.

use bat_pages::inventory::{Inventory, Item, are_of_one_site};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::super::context::Context;
use super::super::site;
use super::holder::is_of_any;
use super::reused::{is_led_away, is_other_car, is_page_of_another};
use super::seen::{Seen, is_offered, is_sold_by_own_page, is_told_by_item, number, text};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::inventory::OtherAddress;
use crate::store::merge::{Fields, Source};
use crate::store::upsert::Outcome;

/// The page of an item that is missing, that no list shows, or whose price its list leaves out, is asked again after this
/// time.
pub(super) const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For so long is an item new, and its own page asked for again by each crawl if it could not be read.
const NEW: SignedDuration = SignedDuration::from_hours(4 * 24);

/// What an item task is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemOptions {
    /// Whether a price that jumped is believed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accept: bool,
    /// Whether no list shows the item, so that its own page alone says whether it is there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unlisted: bool,
    /// Whether its list tells what it costs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_priced: bool,
}

/// An item's own page that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPage {
    pub url: String,
    /// Whether the item's list tells what it costs.
    pub is_priced: bool,
}

impl OwnPage {
    /// That of an item of which no list tells what it costs.
    pub fn unpriced(url: String) -> OwnPage {
        OwnPage { url, is_priced: false }
    }
}

/// What the request for an item's page brought.
pub struct FetchedItem {
    business: Business,
    url: String,
    answer: Answer,
}

enum Answer {
    /// The page, where it was in the end.
    Page(Url, Box<Inventory>),
    /// 404 or 410.
    Gone,
    /// It was not asked for: the site's inventory is another organization's.
    HeldByAnother,
}

/// What an answer tells of the item that was asked for.
enum Told<'a> {
    Item(&'a Item),
    /// It is no longer there: its page is gone, or leads to another.
    Over,
    Nothing,
}

impl Context {
    /// Fetches the page of an item.
    pub fn fetch_item(&self, dealer: &str, url: &str) -> Result<FetchedItem> {
        let business = self.business(dealer)?;
        if self.other_holder(&business)?.is_some() {
            return Ok(FetchedItem { business, url: url.to_owned(), answer: Answer::HeldByAnother });
        }
        let answer = match self.read_inventory_page(&self.own_page(&business, url)?) {
            Ok(page) => Answer::Page(page.url, Box::new(page.inventory)),
            Err(Error::Gone { .. }) => Answer::Gone,
            Err(error) => return Err(error),
        };
        Ok(FetchedItem { business, url: url.to_owned(), answer })
    }

    /// Stores what the page of an item says.
    pub fn store_item_page(&self, fetched: &FetchedItem, options: ItemOptions) -> Result<Outcome> {
        let FetchedItem { business, url, answer } = fetched;
        let row = self.store.item(&business.id, url)?;
        let time = self.time();
        let source = Source { url, time: &time };
        let outcome = match (self.told_of_item(fetched, row.as_ref())?, &row) {
            (Told::Item(item), None) if self.has_other_address(business, item, url)? => Outcome::Unchanged,
            (Told::Item(item), _) => {
                let seen = Seen { url: url.clone(), is_own_page: true, ..Seen::of(item, url, false) };
                let row = self.row_of_told(business, &seen, row.clone(), &source)?;
                self.store_told_item(business, &seen, row.as_ref(), options, &source)?
            }
            (Told::Over, Some(row)) => self.store_gone_item(row, options, &source)?,
            (Told::Over | Told::Nothing, _) => Outcome::Unchanged,
        };
        if let Some(row) = self.store.item(&business.id, url)?
            && !(answer.is_mishap(&row) && is_waited_for(&row))
        {
            self.store.note_item_page(text(&row, "id").unwrap_or_default())?;
        }
        Ok(outcome)
    }

    /// Whether an address is the other one of an item that has a row at its own.
    fn has_other_address(&self, business: &Business, item: &Item, url: &str) -> Result<bool> {
        let Some(vin) = &item.vin else { return Ok(false) };
        let rows = self.store.items_of_vin(&business.id, vin)?;
        let is_it = |other: OtherAddress| other.url == url && !other.is_former;
        Ok(rows.iter().any(|row| is_offered(row) && OtherAddress::of(row).is_some_and(is_it)))
    }

    /// What an answer tells of the item that was asked for, whose row is `row`.
    fn told_of_item<'a>(&self, fetched: &'a FetchedItem, row: Option<&Fields>) -> Result<Told<'a>> {
        let FetchedItem { business, url, answer } = fetched;
        let (at, inventory) = match answer {
            Answer::Gone => return Ok(Told::Over),
            Answer::HeldByAnother => return Ok(Told::Nothing),
            Answer::Page(_, inventory) if inventory.is_down => return Ok(Told::Nothing),
            Answer::Page(at, inventory) => (at, inventory),
        };
        let is_away = is_led_away(url, at);
        let Some(item) = inventory.items.first().filter(|_| inventory.is_item_page) else {
            return Ok(if is_away { Told::Over } else { Told::Nothing });
        };
        let is_anothers = match row {
            Some(row) if is_away => is_page_of_another(item, row),
            // Another car has the address by now.
            Some(row) => is_aside(url) && is_other_car(item, row),
            None => false,
        };
        let id = |row: &Fields| text(row, "id").map(str::to_owned);
        let has_row = || -> Result<bool> {
            let there = self.store.item(&business.id, at.as_str())?;
            Ok(there.is_some_and(|there| id(&there) != row.and_then(id)))
        };
        Ok(if is_anothers || is_away && has_row()? { Told::Over } else { Told::Item(item) })
    }

    /// The row of the item of an own page, `row` being that of its address: none if another car has that address by now. Of an item
    /// that its list shows at a new address, without its VIN, the own page alone tells that it is one that had gone.
    fn row_of_told(
        &self,
        business: &Business,
        seen: &Seen,
        row: Option<Fields>,
        source: &Source,
    ) -> Result<Option<Fields>> {
        let id = row.as_ref().and_then(|row| text(row, "id")).map(str::to_owned);
        if let (Some(row), Some(id)) = (&row, &id)
            && is_other_car(seen.item, row)
        {
            self.store.set_aside(std::slice::from_ref(id))?;
            return self.store.item(&business.id, &seen.url);
        }
        let (Some(vin), None) = (&seen.item.vin, row.as_ref().and_then(|row| text(row, "vin"))) else {
            return Ok(row);
        };
        let Some(gone) = self.item_that_had_gone(business, vin, &seen.url)? else { return Ok(row) };
        if !self.store.take_place(&gone, &seen.url, row.as_ref(), source)? {
            return Ok(row);
        }
        let vehicle = row.as_ref().and_then(|row| text(row, "vehicle_id"));
        if let Some(vehicle) = vehicle.filter(|vehicle| text(&gone, "vehicle_id") != Some(vehicle)) {
            self.store.forget_vehicle_of_item(vehicle, &business.id)?;
        }
        self.store.item_of_id(text(&gone, "id").unwrap_or_default())
    }

    /// The dealer's item of a VIN that no list of his shows any more, or that was on a site that he has left for that of an address.
    fn item_that_had_gone(&self, business: &Business, vin: &str, url: &str) -> Result<Option<Fields>> {
        let (sites, page) = (self.own_sites(business)?, site::parse(url)?);
        let is_left = |row: &Fields| {
            let url = text(row, "listing_url").and_then(|url| Url::parse(url).ok());
            url.is_some_and(|url| !are_of_one_site(&url, &page) && !is_of_any(&sites, &url))
        };
        let is_missed = |row: &Fields| {
            matches!(text(row, "status"), Some("missing" | "gone"))
                || number(row, "missing_count").unwrap_or_default() > 0
        };
        let items = self.store.items_of_vin(&business.id, vin)?;
        Ok(items.into_iter().find(|row| is_missed(row) || is_left(row)))
    }

    fn store_told_item(
        &self,
        business: &Business,
        seen: &Seen,
        row: Option<&Fields>,
        options: ItemOptions,
        source: &Source,
    ) -> Result<Outcome> {
        // A price that its list and its own page say alike is no slip.
        let doubt = row.and_then(|row| number(row, "doubted_price"));
        let is_believed = options.accept || doubt.is_some() && doubt == seen.item.asking_price;
        // The page may add a fee, or say "call": what the list tells stands, or the two would take turns.
        let is_other = row.is_some_and(|row| number(row, "asking_price") != seen.item.asking_price);
        let seen = &Seen { leaves_price: options.is_priced && is_other && !is_believed, ..seen.clone() };
        let doubted = if is_believed { None } else { seen.doubted_price(row) };
        let mut fields = seen.fields(&business.id, row, doubted);
        let is_missing = row.is_some_and(|row| matches!(text(row, "status"), Some("missing" | "gone")));
        // A page that does not say whether the item can be had leaves that to the list; and one that says so may not know of
        // a sale that is pending, for which structured data has no word.
        let is_pending =
            row.is_some_and(|row| text(row, "status") == Some("pending") && !is_told_by_item(row, "status"));
        // It says no longer what it said itself, and a list has shown the item since: it is for sale again.
        let is_back = row.is_some_and(|row| is_sold_by_own_page(row) && was_seen_since_read(row));
        let says_nothing = seen.item.status.is_none() && !is_back;
        if row.is_some() && (says_nothing || is_pending && seen.status == "in_stock") {
            fields.remove("status");
        }
        let saved = self.store.save_item(row, &fields, source)?;
        let is_on_list = row.is_none_or(|row| number(row, "missing_count").unwrap_or_default() == 0);
        // Of what the list no longer shows, only a page that says what became of it is a sighting.
        if !is_missing && is_on_list || seen.item.status.is_some() {
            let doubted = doubted.or(doubt.filter(|_| options.is_priced && !is_believed));
            self.store.note_sightings(&[seen.sighting(saved.id()?, doubted)], None, source.time)?;
        }
        let row = self.store.item_of_id(&saved.id()?)?;
        let status = row.as_ref().and_then(|row| text(row, "status")).unwrap_or(seen.status);
        let seen = Seen { status, leaves_price: seen.leaves_price || doubted.is_some(), ..seen.clone() };
        self.link_item(business, &saved.id()?, &seen, row.as_ref(), source)?;
        Ok(saved.outcome)
    }

    /// The page of an item is gone. It is the list that says what is offered: only of what is missing from it does this say
    /// that it is gone. Where no list tells of it, the page must be gone twice, a day apart.
    fn store_gone_item(&self, row: &Fields, options: ItemOptions, source: &Source) -> Result<Outcome> {
        let id = text(row, "id").unwrap_or_default();
        let status = match text(row, "status") {
            Some("missing") if !options.is_unlisted || self.store.is_long_missing(id)? => "gone",
            Some("in_stock" | "pending") if options.is_unlisted => "missing",
            _ => return Ok(Outcome::Unchanged),
        };
        if options.is_unlisted {
            self.store.note_miss(id)?;
        }
        let row = self.store.item_of_id(id)?.unwrap_or_else(|| row.clone());
        let fields = Fields::from_iter([("status".to_owned(), json!(status))]);
        let saved = self.store.save_item(Some(&row), &fields, source)?;
        if saved.outcome == Outcome::Updated {
            self.relink(&row, status, source)?;
        }
        Ok(saved.outcome)
    }

    /// Whether the page of an item that its list does not tell enough of was read long ago.
    pub(super) fn may_ask_again(&self, row: &Fields) -> bool {
        let read =
            row.get("page_read_at").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
        read.is_none_or(|read| Timestamp::now().duration_since(read) > ASK_AGAIN)
    }
}

impl Answer {
    /// Whether it tells nothing of an item that is there: an error that is none by its status, or no page where the item is offered.
    fn is_mishap(&self, row: &Fields) -> bool {
        match self {
            Answer::Page(_, inventory) => inventory.is_down || !inventory.is_item_page,
            Answer::Gone => is_offered(row),
            Answer::HeldByAnother => true,
        }
    }
}

/// Whether the own page of an item may be asked for again soon, if it could not be read: the item is new, or its price is doubted.
fn is_waited_for(row: &Fields) -> bool {
    let first_seen = text(row, "first_seen_at").and_then(|at| at.parse::<Timestamp>().ok());
    number(row, "doubted_price").is_some()
        || first_seen.is_none_or(|seen| Timestamp::now().duration_since(seen) < NEW)
}

/// Whether an address is that of an item whose own another car has by now.
pub(super) fn is_aside(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.fragment().is_some())
}

/// Whether an item was seen after its own page was read.
fn was_seen_since_read(row: &Fields) -> bool {
    let time = |name: &str| text(row, name).and_then(|at| at.parse::<Timestamp>().ok());
    time("last_seen_at").zip(time("page_read_at")).is_some_and(|(seen, read)| seen > read)
}

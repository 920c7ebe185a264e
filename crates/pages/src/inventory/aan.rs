//! AAN, the "All Auto Network": cards whose address stands in a script, and numbers in the address.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::Item;
use super::platform::{Platform, has_any};
use super::price::price;
use super::prices::Amounts;
use super::scope::{Scope, is_heading, outermost, short_text};
use super::{Inventory, Page, generic, labels, picture, title};
use crate::dom::{Attributes, within};
use crate::script::{assigned, scripts};

mod feed;

pub(super) struct AllAutoNetwork;

/// Classes of the cards of a list.
const CARDS: &str = ".search-results-item, .inventory-card, .invebox";

impl Platform for AllAutoNetwork {
    fn name(&self) -> &'static str {
        "AAN"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &["themes/aanWordpress", "allautonetwork.com", "isapi_xml.php"])
            || page
                .document
                .first(CARDS)
                .is_some_and(|card| address(card).is_some_and(|href| id_of(&href).is_some()))
            || feed::rows(page).is_some()
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        if let Some(rows) = feed::rows(page) {
            return Inventory::of_list(feed::cars(page, &rows));
        }
        if page.document.first("#details dl").is_some() {
            return Inventory::of_item(car_page(page));
        }
        let items: Vec<Item> =
            outermost(&page.document, CARDS).into_iter().filter_map(|item| card(page, item)).collect();
        if items.is_empty() {
            let mut read = generic::read(page);
            read.next_url = read.next_url.or_else(|| rest_of_list(page));
            return read;
        }
        let items_total = total(page);
        Inventory { items_total, next_url: rest_of_list(page), ..Inventory::of_list(items) }
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/inventory/", "/inventory.htm", "/api/cars"]
    }
}

/// The number in a car's address: `…-c-963.htm`, `…-c-963/`.
fn id_of(href: &str) -> Option<&str> {
    let path = href.split(['?', '#']).next()?.trim_end_matches('/');
    let (_, id) = path.trim_end_matches(".html").trim_end_matches(".htm").rsplit_once("-c-")?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// The address that a card leads to: of a link, or in the script that a click on it runs.
fn address(card: ElementRef<'_>) -> Option<String> {
    let inner = within(card, "[onclick], a[href]");
    let all = std::iter::once(card).chain(inner);
    let addresses =
        all.flat_map(|element| [element.attribute("href"), element.attribute("onclick").and_then(quoted)]);
    addresses.flatten().find(|href| id_of(href).is_some()).map(str::to_owned)
}

/// The first string in a script: `document.location.href='…'`, `getDetailed('…')`.
fn quoted(script: &str) -> Option<&str> {
    let start = script.find(['\'', '"'])?;
    let quote = script.get(start..)?.chars().next()?;
    script.get(start + 1..)?.split(quote).next()
}

fn card(page: &Page<'_>, card: ElementRef<'_>) -> Option<Item> {
    let href = address(card)?;
    let scope = Scope::new(card, &HashSet::new());
    let mut item = Item { url: page.item_url(&href), ..Item::default() };
    let headings = scope.elements.iter().filter(|element| is_heading(element.value().name()));
    let mut titles = headings.filter_map(|heading| short_text(*heading));
    if let Some(name) = titles.find(|text| title::year_led(text).is_some()) {
        item.set_title(&name);
    }
    item.read_pairs(&labels::pairs(&scope));
    item.item_id = item.item_id.or_else(|| id_of(&href).map(str::to_owned));
    // Of several, the last is the current one: the first may be struck out.
    let current = scope
        .with_class("search-results-price")
        .last()
        .map(|slot| within(slot, "h4").last().copied().unwrap_or(slot));
    if let Some(found) = current.and_then(short_text).and_then(|text| price(&text)) {
        item.set_price(found);
    }
    if scope.with_class("search-results-price-call").next().is_some() && item.asking_price.is_none() {
        item.price_on_request = true;
    }
    item.read_prices(&scope, Amounts::Bare);
    item.image_urls = picture::photos(page, &scope);
    item.cut_trim();
    Some(item)
}

fn car_page(page: &Page<'_>) -> Item {
    let scope = Scope::new(page.document.html.root_element(), &HashSet::new());
    let mut item = Item { url: page.own_item_url(), ..Item::default() };
    let headings = scope.elements.iter().filter(|element| is_heading(element.value().name()));
    let mut titles = headings.filter_map(|heading| short_text(*heading));
    if let Some(name) =
        titles.find(|text| title::year_led(text).is_some()).or_else(|| generic::page_title(page))
    {
        item.set_title(&name);
    }
    // Tables elsewhere belong to similar cars.
    if let Some(details) = page.document.first("#details") {
        item.read_pairs(&labels::pairs(&Scope::new(details, &HashSet::new())));
    }
    item.item_id = item.item_id.or_else(|| id_of(page.path()).map(str::to_owned));
    let head = page.document.first("title").and_then(short_text).unwrap_or_default();
    let in_head = head.split_once("For Sale (").and_then(|(_, rest)| price(rest.split(')').next()?));
    if let Some(found) = in_head {
        item.set_price(found);
    }
    item.read_prices(&scope, Amounts::Named);
    let shown = page
        .document
        .all("a[href*=showPicture]")
        .into_iter()
        .filter_map(|link| quoted(link.attribute("href")?));
    item.image_urls = picture::urls(page, shown.map(str::to_owned));
    if item.image_urls.is_empty() {
        item.image_urls = picture::photos(page, &scope);
    }
    item.description = generic::description(&scope);
    item.cut_trim();
    item
}

impl Item {
    /// Trims hold sales copy behind a dash.
    fn cut_trim(&mut self) {
        if let Some((trim, _)) = self.trim.as_deref().and_then(|trim| trim.split_once(" -")) {
            self.trim = super::item::value(trim);
        }
    }
}

/// How many cars the whole list has: a variable of the page, or the first line of what the page loads.
fn total(page: &Page<'_>) -> Option<i64> {
    let in_script = scripts(page.html).find_map(|script| {
        let rest = assigned(script, "totalcars")?;
        rest.split(';').next()?.trim().parse().ok()
    });
    in_script
        .or_else(|| page.html.trim_start().lines().next()?.trim().parse().ok())
        .filter(|total| *total >= 0)
}

/// Where the rest of the list is: what newer pages load by the id that they state, in portions. Older pages load it
/// in ways of their own.
fn rest_of_list(page: &Page<'_>) -> Option<String> {
    let url = page.url.as_ref()?;
    if url.path().ends_with("/isapi_xml.php") {
        let number = |name: &str| url.query_pairs().find(|(key, _)| key == name)?.1.parse::<i64>().ok();
        let (limit, offset) = (number("limit").filter(|limit| *limit > 0)?, number("offset")?);
        let next = offset.checked_add(limit).filter(|next| total(page).is_some_and(|total| *next < total))?;
        let id = url.query_pairs().find(|(key, _)| key == "pageID")?.1.into_owned();
        return portion(page, &id, limit, next);
    }
    let id = scripts(page.html).find_map(|script| {
        let (_, rest) = script.split_once("let pageID")?;
        quoted(rest.split(';').next()?)
    })?;
    portion(page, id, 24, 0)
}

fn portion(page: &Page<'_>, id: &str, limit: i64, offset: i64) -> Option<String> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let path = format!("/isapi_xml.php?module=inventory&pageID={id}&limit={limit}&offset={offset}");
    page.resolve(&path).map(String::from)
}

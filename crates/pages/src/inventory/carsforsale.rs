//! Carsforsale.com.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::Item;
use super::labels;
use super::platform::{Platform, has_any};
use super::scope::{Scope, outermost, short_text};
use super::{Inventory, Page, generic, picture, title};
use crate::dom::{Attributes, within};

pub(super) struct Carsforsale;

impl Platform for Carsforsale {
    fn name(&self) -> &'static str {
        "Carsforsale"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        let hosts: Vec<String> = (1..=9)
            .flat_map(|n| [format!("cdn0{n}.carsforsale.com"), format!("cdn{n}.carsforsale.com")])
            .collect();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        has_any(page, &hosts) || page.document.first(".vehicle-snapshot").is_some()
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        if let Some(id) = id_of(page.path()) {
            return Inventory::of_item(car_page(page, id));
        }
        let cards = outermost(&page.document, ".vehicle-snapshot");
        if cards.is_empty() {
            return generic::read(page);
        }
        Inventory::of_list(cards.into_iter().map(|item| card(page, item)).collect())
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/cars-for-sale"]
    }
}

/// The number in a car's address: `/details/used-2016-cadillac-srx/128898143`.
fn id_of(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once("/details/")?;
    let (_, id) = rest.trim_end_matches('/').rsplit_once('/')?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

fn card(page: &Page<'_>, card: ElementRef<'_>) -> Item {
    let mut item = Item::default();
    let title = within(card, ".vehicle-snapshot__title a[href]").first().copied();
    if let Some(name) = title.and_then(short_text) {
        item.set_title(&name);
    }
    item.url = title.and_then(|link| page.item_url(link.attribute("href")?));
    item.item_id = title.and_then(|link| id_of(link.attribute("href")?)).map(str::to_owned);
    // Price and mileage have one class: the label beside each tells which is which.
    let scope = Scope::new(card, &HashSet::new());
    item.read_pairs(&labels::pairs(&scope));
    item.image_urls = picture::photos(page, &scope);
    item
}

fn car_page(page: &Page<'_>, id: &str) -> Item {
    let cards: HashSet<_> =
        outermost(&page.document, ".vehicle-snapshot").iter().map(|card| card.id()).collect();
    let scope = Scope::new(page.document.html.root_element(), &cards);
    let mut item = Item { url: page.own_item_url(), ..Item::default() };
    let headings = scope.elements.iter().filter(|element| element.value().name() == "h1");
    let name =
        headings.filter_map(|heading| short_text(*heading)).find(|text| title::year_led(text).is_some());
    if let Some(name) = name.or_else(|| generic::page_title(page)) {
        item.set_title(&name);
    }
    item.read_pairs(&labels::pairs(&scope));
    item.item_id = item.item_id.or_else(|| Some(id.to_owned()));
    item
}

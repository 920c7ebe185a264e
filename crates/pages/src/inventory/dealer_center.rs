//! DealerCenter's "DWS", a plugin for WordPress.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::{Item, Mileage};
use super::labels::Field;
use super::platform::{Platform, has_any};
use super::price::price;
use super::scope::{Scope, outermost, short_text};
use super::{Inventory, Page, generic, picture};
use crate::dom::{Attributes, within};

pub(super) struct DealerCenter;

impl Platform for DealerCenter {
    fn name(&self) -> &'static str {
        "DealerCenter"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &["imagescf.dealercenter.net", "dwssecuredforms.dealercenter.net"])
            || page.document.first(".dws-vehicle-listing-item").is_some()
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        let items: Vec<Item> = outermost(&page.document, ".dws-vehicle-listing-item")
            .into_iter()
            .map(|item| card(page, item))
            .collect();
        if items.is_empty() {
            car_page(page).map_or_else(|| generic::read(page), Inventory::of_item)
        } else {
            Inventory::of_list(items)
        }
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/inventory/"]
    }
}

fn card(page: &Page<'_>, card: ElementRef<'_>) -> Item {
    let mut item = Item::default();
    let attribute = |name: &str| {
        card.attribute(name).or_else(|| within(card, &format!("[{name}]")).first()?.attribute(name))
    };
    if let Some(name) = attribute("data-dws-title") {
        item.set_title(name);
    }
    if let Some(number) = attribute("data-vehicle-vin") {
        item.set_number(number);
    }
    item.item_id = attribute("data-vehicle-stock-no").and_then(super::item::value);
    let links = within(card, "a[href]").into_iter();
    item.url = links
        .filter_map(|link| page.item_url(link.attribute("href")?))
        .find(|url| url.contains("/inventory/"));
    let first = |selector: &str| within(card, selector).first().copied().and_then(short_text);
    if let Some(found) = first(".dws-vehicle-price-value").and_then(|text| price(&text)) {
        item.set_price(found);
    }
    item.mileage =
        first(".dws-vehicle-field-mileage [class*=value]").and_then(|text| Mileage::of(&text, None));
    let scope = Scope::new(card, &HashSet::new());
    item.image_urls =
        picture::urls(page, scope.elements.iter().filter_map(|element| picture::source(*element)));
    item
}

/// A vehicle's own page: values beside the icons of what they are.
fn car_page(page: &Page<'_>) -> Option<Item> {
    let fields = [("vin", Field::Number), ("stock-number", Field::ItemId), ("mileage", Field::Mileage(None))];
    let mut item = Item { url: page.own_item_url(), ..Item::default() };
    for (name, field) in fields {
        let selector = format!(".dws-icons-feature-{name} .dws-vehicle-fields-value");
        if let Some(text) = page.document.first(&selector).and_then(short_text) {
            item.read_field(field, &text);
        }
    }
    if let Some(found) = page
        .document
        .first(".dws-vdp-single-field-value-vehicleprice")
        .and_then(short_text)
        .and_then(|text| price(&text))
    {
        item.set_price(found);
    }
    if item == (Item { url: page.own_item_url(), ..Item::default() }) {
        return None;
    }
    let headings = page.document.all("h1, h2").into_iter().filter_map(short_text);
    let mut titles = headings.chain(generic::page_title(page));
    if let Some(name) = titles.find(|text| super::title::year_led(text).is_some()) {
        item.set_title(&name);
    }
    Some(item)
}

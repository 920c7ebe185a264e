//! AutoRevo.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::{Item, Status};
use super::labels::Field;
use super::platform::{Platform, has_any};
use super::price::price;
use super::scope::{Scope, is_heading, outermost, short_text};
use super::{Inventory, Page, generic, picture, state, title};
use crate::dom::{Attributes, within};

pub(super) struct AutoRevo;

impl Platform for AutoRevo {
    fn name(&self) -> &'static str {
        "AutoRevo"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        // Wix writes "excludeFromAutoRevoke" into every page: only hosts tell.
        let hosts =
            ["autorevo-powersites.com", "x-img.autorevo.com", "cf-img.autorevo.com", "vms.autorevo.com"];
        has_any(page, &hosts)
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        let tiles = outermost(&page.document, "section.inventory_item");
        if tiles.is_empty() {
            return generic::read(page);
        }
        let unmarked = (!state::is_sold_list(page)).then_some(Status::InStock);
        Inventory::of_list(tiles.into_iter().map(|item| tile(page, item, unmarked)).collect())
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/vehicles"]
    }
}

/// Reads a tile. `unmarked`: the status of those that have no mark.
fn tile(page: &Page<'_>, tile: ElementRef<'_>, unmarked: Option<Status>) -> Item {
    let mut item = Item::default();
    let fields = [
        (".vin_value", Field::Number),
        (".stock_value", Field::ItemId),
        (".mileage_value", Field::Mileage(None)),
        ("span.year", Field::Year),
        ("span.make", Field::Make),
        ("span.model", Field::Model),
        ("span.trim", Field::Trim),
    ];
    for (selector, field) in fields {
        if let Some(text) = within(tile, selector).first().copied().and_then(short_text) {
            item.read_field(field, &text);
        }
    }
    let scope = Scope::new(tile, &HashSet::new());
    let headings = scope
        .elements
        .iter()
        .filter(|element| is_heading(element.value().name()) || element.value().name() == "a");
    if let Some(name) =
        headings.filter_map(|heading| short_text(*heading)).find(|text| title::year_led(text).is_some())
    {
        item.set_title(&name);
    }
    let marked = item.status;
    // Other prices are those of payments.
    let asked = within(tile, "h3.website_price span").first().copied().and_then(short_text);
    if let Some(found) = asked.and_then(|text| price(&text)) {
        item.set_price(found);
    }
    item.url = within(tile, "a[href]").into_iter().find_map(|link| page.item_url(link.attribute("href")?));
    // The word is in the styles of every page; the picture is laid over what is sold.
    let sold = !within(tile, "img.sold_overlay").is_empty();
    item.status = if sold { Some(Status::Sold) } else { marked.or(unmarked) };
    let photos = scope.elements.iter().filter(|element| !super::scope::has_class(**element, "sold_overlay"));
    item.image_urls = picture::urls(
        page,
        photos
            .filter(|element| element.value().name() == "img")
            .filter_map(|element| picture::source(*element)),
    );
    item
}

//! AutoManager's WebManager.

use std::collections::HashSet;

use scraper::ElementRef;

use super::item::{Item, value};
use super::labels::Field;
use super::platform::{Platform, has_any};
use super::price::price;
use super::scope::{Scope, outermost, short_text};
use super::{Inventory, Page, generic, picture};
use crate::dom::{Attributes, within};

pub(super) struct AutoManager;

impl Platform for AutoManager {
    fn name(&self) -> &'static str {
        "AutoManager"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(
            page,
            &["automanagerprodcdn.azureedge.net", "automanager.blob.core.windows.net", "wm.automanager.com"],
        )
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        let panels = outermost(&page.document, ".inventory-panel[data-displaytitle]");
        if panels.is_empty() {
            return generic::read(page);
        }
        Inventory::of_list(panels.into_iter().map(|item| panel(page, item)).collect())
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/view-inventory"]
    }
}

fn panel(page: &Page<'_>, panel: ElementRef<'_>) -> Item {
    let mut item = Item::default();
    if let Some(name) = panel.attribute("data-displaytitle") {
        item.set_title(name);
    }
    let fields = [
        ("year", Field::Year),
        ("make", Field::Make),
        ("model", Field::Model),
        ("trim", Field::Trim),
        ("mileage", Field::Mileage(None)),
        ("engine", Field::Engine),
        ("transmission", Field::Transmission),
        ("extcolor", Field::Exterior),
        ("intcolor", Field::Interior),
    ];
    for (name, field) in fields {
        if let Some(text) = panel.attribute(&format!("data-display{name}")) {
            item.read_field(field, text);
        }
    }
    let scope = Scope::new(panel, &HashSet::new());
    if let Some(number) = scope.of_class("vin") {
        item.set_number(&number);
    }
    item.item_id = scope
        .of_class("stocknumber")
        .or_else(|| panel.attribute("data-id").map(str::to_owned))
        .and_then(|id| value(&id));
    // What stands for other sites in the panel, such as `data-cg-price`, is not what the dealer asks here.
    let slots = scope.with_class("pricevalue1").chain(scope.with_class("pricelabel"));
    if let Some(found) = slots.filter_map(short_text).find_map(|text| price(&text)) {
        item.set_price(found);
    }
    let links = within(panel, "a[href]").into_iter();
    item.url = links
        .filter_map(|link| page.item_url(link.attribute("href")?))
        .find(|url| url.contains("/vehicle-details/"));
    item.image_urls =
        picture::urls(page, panel.attribute("data-displayphoto").map(str::to_owned).into_iter());
    item
}

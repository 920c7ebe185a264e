//! Motorcar Marketing: no structured data; links to cars have a shape of their own.

use std::collections::HashSet;

use super::item::Item;
use super::labels;
use super::platform::{Platform, has_any};
use super::prices::Amounts;
use super::scope::{Scope, short_text};
use super::{Inventory, Page, blocks, generic, picture, title};

pub(super) struct MotorcarMarketing;

impl Platform for MotorcarMarketing {
    fn name(&self) -> &'static str {
        "Motorcar Marketing"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        let paths = [
            "motorcarsites.com/dealers/",
            "motorcarsites.com/template/",
            "motorcarsites.com/img/",
            "www.motorcarmarketing.com",
        ];
        has_any(page, &paths)
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        if let Some(id) = id_of(page.path()) {
            return Inventory::of_item(car_page(page, id));
        }
        let tiles = blocks::around_links(page, |path| id_of(path).is_some());
        let items = tiles.into_iter().map(|(root, url)| {
            let scope = Scope::new(root, &HashSet::new());
            let id = url::Url::parse(&url).ok().and_then(|url| id_of(url.path()).map(str::to_owned));
            let mut item = Item { url: Some(url), item_id: id, ..Item::default() };
            item.read_scope(page, &scope);
            item
        });
        Inventory::of_list(items.collect())
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/vehicle_listings/all/vehicles"]
    }
}

/// The number in a car's address: `/vehicle/<id>/…-for-sale-in-…`.
fn id_of(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once("/vehicle/")?;
    let (id, slug) = rest.split_once('/')?;
    let numbered = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    (numbered && slug.contains("-for-sale-in-")).then_some(id)
}

/// The scope ends at the heading over similar vehicles.
fn car_page(page: &Page<'_>, id: &str) -> Item {
    let scope = Scope::new(page.document.html.root_element(), &HashSet::new());
    let mut item = Item { url: page.own_item_url(), item_id: Some(id.to_owned()), ..Item::default() };
    item.read_scope(page, &scope);
    if let Some(name) = generic::page_title(page) {
        item.set_title(&name);
    }
    item.description = generic::description(&scope);
    item
}

impl Item {
    fn read_scope(&mut self, page: &Page<'_>, scope: &Scope<'_>) {
        let texts = scope.elements.iter().filter(|element| {
            matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "a")
        });
        if let Some(name) =
            texts.filter_map(|text| short_text(*text)).find(|text| title::year_led(text).is_some())
        {
            self.set_title(&name);
        }
        self.read_pairs(&labels::pairs(scope));
        self.read_prices(scope, Amounts::Bare);
        self.image_urls = picture::photos(page, scope);
    }
}

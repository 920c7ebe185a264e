//! DealerAccelerate: tiles with the state in their classes, JSON-LD for most of a page's tiles, sold cars kept.

use serde_json::{Value, json};

use super::{Car, Document, Frame, Lot, Marks, Markup, Offer, State, Tells, currency, facts, pager, terms};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct DealerAccelerate;

/// Address of the list of what was sold.
const SOLD: &str = "/vehicles/sold";

/// How many of a page's tiles its JSON-LD tells of.
const IN_JSON_LD: usize = 20;

impl Markup for DealerAccelerate {
    fn platform(&self) -> Option<&'static str> {
        Some("DealerAccelerate")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://cdn.dealeraccelerate.com/assets/application.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/vehicles")
    }
    fn link_text(&self) -> &'static str {
        "Inventory"
    }
    fn per_page(&self) -> usize {
        26
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: true }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: true, silent: false, price_when_sold: true }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/vehicles/{}-{}/{}", car.id, branch(car), car.slug())
    }
    fn is_tagged(&self) -> bool {
        true
    }
    fn robots(&self, _frame: Frame<'_>) -> String {
        "User-agent: *\nDisallow: /*?\nAllow: /*?page=\nDisallow: /api/inventory\nDisallow: /api/v1/vehicles\n"
            .to_owned()
    }

    fn sold_list(&self) -> Option<(&'static str, &'static str)> {
        Some((SOLD, "Sold Vehicles"))
    }

    /// What was sold: the same tiles on a list of their own.
    fn document(&self, frame: Frame<'_>, lot: &Lot, path: &str, _page: usize) -> Option<Document> {
        let sold = lot.offers.iter().filter(|offer| offer.is_sold() && offer.list_page.is_some());
        (path == SOLD).then(|| Document {
            content_type: "text/html; charset=utf-8",
            text: format!(
                "{}<h1>Sold Vehicles</h1>\n<div class='inventory-list'>\n{}</div>\n{}",
                frame.head(self, "Sold Vehicles", ""),
                sold.map(|offer| tile(frame, offer)).collect::<String>(),
                frame.foot()
            ),
        })
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let offers = lot.page(page);
        let tiles: String = offers.iter().map(|offer| tile(frame, offer)).collect();
        let entries: Vec<Value> =
            offers.iter().take(IN_JSON_LD).enumerate().map(|(at, offer)| entry(frame, at, offer)).collect();
        let list = json!({"@context": "https://schema.org", "@graph": [{
            "@type": "ItemList", "name": format!("{} Inventory", frame.site.name),
            "numberOfItems": lot.listed.len(), "itemListElement": entries,
        }]});
        let head = format!("<script type=\"application/ld+json\">{list}</script>\n");
        let pages = pager(lot, page, |number| format!("{}/vehicles?page={number}", frame.base), true);
        format!(
            "{}<div class='inventory-list'>\n{tiles}</div>\n\
             <div class='text-center ss-pagination'><ul class=\"pagination\">{pages}</ul></div>\n{}",
            frame.head(self, "Classic Cars For Sale", &head),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let photos: String = (1..=4)
            .map(|n| format!("<img alt=\"\" src=\"{}\">\n", photo(frame, car, n, "1920x1440")))
            .collect();
        let mut facts = facts(car, false);
        facts.push(("Stock #", car.stock.clone()));
        // Every page holds the words hidden, and other cars with their ribbons.
        let modal = "<div class='modal hidden' id='pending'><p>This vehicle has a sale pending.</p></div>";
        let related: String = lot.others(car).into_iter().map(|other| tile(frame, other)).collect();
        format!(
            "{}<h1>{}</h1>\n{photos}<div class='price'>{}</div>\n<h3>Specs</h3>\n<dl>\n{}</dl>\n\
             <h3>Description</h3>\n<p>{}</p>\n{modal}\n<section class='related'><h3>Similar Vehicles</h3>\n{related}</section>\n{}",
            frame.head(self, &car.title(), &structured(frame, offer)),
            escape(&car.title()),
            frame.price(offer),
            terms(&facts),
            escape(&car.description()),
            frame.foot()
        )
    }
}

/// Short name of the branch that has the car.
fn branch(car: &Car) -> &'static str {
    ["phx", "dfw", "atl"][car.index % 3]
}

/// A picture: named as its page, in the folders of the platform, on the site's own host.
fn photo(frame: Frame<'_>, car: &Car, number: usize, size: &str) -> String {
    let photo = car.id * 10 + number;
    let tenant = frame.site.slug.replace('-', "");
    format!(
        "{}/photos/cdn.dealeraccelerate.com/{tenant}/{}/{}/{photo}/{size}/{}",
        frame.base,
        car.index % 3 + 1,
        car.id,
        car.slug()
    )
}

/// A tile: marked as sold by classes, with what was asked still on it.
fn tile(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let (caption, mark) = match offer.state {
        State::Sold => ("<div class='caption'> <span class='inventory-price'>SOLD</span> </div>", " sold"),
        State::Pending => ("<div class='caption pending'> <span>Sale Pending</span> </div>", ""),
        _ => ("", ""),
    };
    format!(
        "<a class=\"inventory-item\" itemscope=\"itemscope\" itemtype=\"https://schema.org/Car\" href=\"{}\">\
         <div alt='{}' class='inventory-image' style='background-image: url({})'>\n{caption}</div>\n\
         <div class='inventory-name'><div class='top'><span><span itemprop='productionDate'>{}</span> <span itemprop='manufacturer'>{}</span></span> \
         <span class='inventory-price{mark}'>{}</span></div>\n\
         <div class='bottom-stock'><span class='stock'> Stock # </span> <span itemprop='productID'> {} </span></div></div></a>\n",
        frame.item(offer),
        escape(&car.title()),
        photo(frame, car, 1, "790x1024"),
        car.year,
        escape(car.make),
        frame.list_price(offer),
        car.stock,
    )
}

fn offers(frame: Frame<'_>, offer: &Offer) -> Value {
    let mut offers = json!({"@type": "Offer", "priceCurrency": currency(frame.site.country).1});
    if let Some(amount) = offer.amount() {
        offers["price"] = json!(amount);
    }
    offers
}

fn entry(frame: Frame<'_>, at: usize, offer: &Offer) -> Value {
    json!({"@type": "ListItem", "position": at + 1, "item": {
        "@type": ["Product", "Vehicle"], "name": offer.car.title(), "url": frame.item(offer), "offers": offers(frame, offer),
    }})
}

fn structured(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let mut offers = offers(frame, offer);
    offers["url"] = json!(frame.item(offer));
    offers["availability"] =
        json!(if offer.is_sold() { "https://schema.org/SoldOut" } else { "https://schema.org/InStock" });
    offers["itemCondition"] = json!("https://schema.org/UsedCondition");
    let mut block = json!({
        "@context": "https://schema.org", "@type": ["Product", "Vehicle"], "name": car.title(), "offers": offers,
        "image": photo(frame, car, 1, "1920x1440"),
    });
    if let Some(number) = car.number.printed() {
        block["vehicleIdentificationNumber"] = json!(number);
    }
    format!("<script type=\"application/ld+json\">{block}</script>\n")
}

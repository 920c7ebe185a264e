//! Shopify: cars among shirts, and badges that every theme hides in every block.

use serde_json::{Value, json};

use super::{Asked, Car, Document, Frame, Lot, Marks, Markup, Offer, Tells, currency, pager};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct Shopify;

/// What the shop sells besides: name and price.
const GOODS: [(&str, &str); 3] =
    [("Dealership T-Shirt", "28.00"), ("Garage Mug", "16.00"), ("Enamel Pin 1932", "9.00")];

impl Markup for Shopify {
    fn platform(&self) -> Option<&'static str> {
        Some("Shopify")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://cdn.shopify.com/s/files/1/0400/1234/t/1/assets/theme.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/collections/all")
    }
    fn link_text(&self) -> &'static str {
        "Collection"
    }
    fn per_page(&self) -> usize {
        16
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: true, silent: false, price_when_sold: true }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/products/{}", car.numbered_slug())
    }
    fn robots(&self, _frame: Frame<'_>) -> String {
        "User-agent: *\nDisallow: /admin\nDisallow: /cart\nDisallow: /orders\nDisallow: /checkouts/\n\
         Disallow: /collections/*sort_by*\nDisallow: /*/collections/*sort_by*\nDisallow: /collections/*+*\nDisallow: /search\n"
            .to_owned()
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let mut cards: Vec<String> = lot.page(page).into_iter().map(|offer| card(frame, offer)).collect();
        for (place, (name, price)) in GOODS.iter().enumerate() {
            cards.insert((place * 5 + 2).min(cards.len()), goods(frame, name, price));
        }
        let pages = pager(lot, page, |number| format!("{}/collections/all?page={number}", frame.base), false);
        format!(
            "{}<div id=\"shopify-section-collection\" class=\"shopify-section\"><h1>Products</h1>\n<ul class=\"grid product-grid\">\n{}</ul>\n\
             <ul class=\"pagination\">{pages}</ul></div>\n{}",
            frame.head(self, "Products", ""),
            cards.concat(),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let others: String = lot.others(car).into_iter().map(|other| card(frame, other)).collect();
        format!(
            "{}<div class=\"shopify-section product\"><h1 class=\"product__title\">{}</h1>\n{}{}<div class=\"product__description rte\">{}</div></div>\n\
             <h2>You may also like</h2>\n<ul class=\"grid\">\n{others}</ul>\n{}",
            frame.head(self, &car.title(), &structured(frame, offer)),
            escape(&car.title()),
            price(frame, offer),
            frame.photos(car),
            text(car),
            frame.foot()
        )
    }

    fn document(&self, frame: Frame<'_>, lot: &Lot, path: &str, page: usize) -> Option<Document> {
        // All fit on the first page; the platform's further pages are empty.
        let shown = if page <= 1 { lot.listed.as_slice() } else { &[] };
        let products: Vec<Value> = shown.iter().map(|&index| product(frame, &lot.offers[index])).collect();
        (path == "/products.json").then(|| Document {
            content_type: "application/json; charset=utf-8",
            text: json!({"products": products}).to_string(),
        })
    }
}

/// `42500.00`; nothing is asked for what is told on request.
fn amount(offer: &Offer) -> String {
    format!("{}.00", offer.amount().unwrap_or(0))
}

/// The text that the dealer typed: the only place for what the shop has no fields for.
fn text(car: &Car) -> String {
    let facts = [
        ("VIN", car.number.printed().map(str::to_owned)),
        ("Mileage", car.mileage()),
        ("Exterior Color", Some(car.paint.to_owned())),
        ("Interior Color", Some(car.upholstery.to_owned())),
        ("Stock", Some(car.stock.clone())),
    ];
    let facts: String = facts
        .into_iter()
        .filter_map(|(label, value)| Some(format!("<li>{label}: {}</li>", escape(&value?))))
        .collect();
    format!("<p>{}</p><ul>{facts}</ul>", escape(&car.description()))
}

fn price(frame: Frame<'_>, offer: &Offer) -> String {
    let sold = if offer.is_sold() { " price--sold-out" } else { "" };
    let amount = match offer.car.asked {
        Asked::Amount => format!("{}.00", frame.list_price(offer)),
        _ => format!("{}0.00", currency(frame.site.country).0),
    };
    format!(
        "<div class=\"price{sold}\"><div class=\"price__container\"><span class=\"price-item\">{amount}</span></div>\
         <span class=\"badge hidden\">Sale</span><span class=\"badge hidden\">Sold out</span></div>\n"
    )
}

fn card(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    format!(
        "<li class=\"grid__item\"><div class=\"card\"><img data-src=\"{}?width={{width}}\" src=\"{}\" alt=\"\">\n\
         <h3 class=\"card__heading\"><a href=\"{}\">{}</a></h3>\n{}</div></li>\n",
        frame.photo(car, 1),
        frame.photo(car, 1),
        frame.item(offer),
        escape(&car.title()),
        price(frame, offer)
    )
}

fn goods(frame: Frame<'_>, name: &str, price: &str) -> String {
    format!(
        "<li class=\"grid__item\"><div class=\"card\"><h3 class=\"card__heading\"><a href=\"{}/products/{}\">{name}</a></h3>\n\
         <div class=\"price\"><span class=\"price-item\">{}{price}</span></div></div></li>\n",
        frame.base,
        crate::text::slug(name),
        currency(frame.site.country).0
    )
}

fn structured(frame: Frame<'_>, offer: &Offer) -> String {
    let availability =
        if offer.is_sold() { "http://schema.org/OutOfStock" } else { "http://schema.org/InStock" };
    let block = json!({
        "@context": "http://schema.org/", "@type": "Product", "name": offer.car.title(), "url": frame.item(offer),
        "image": [frame.photo(&offer.car, 1)], "brand": {"@type": "Brand", "name": offer.car.make}, "sku": offer.car.stock,
        "offers": [{"@type": "Offer", "availability": availability, "price": amount(offer),
            "priceCurrency": currency(frame.site.country).1, "url": frame.item(offer)}],
    });
    format!("<script type=\"application/ld+json\">{block}</script>\n")
}

/// A product as `/products.json` gives it.
fn product(frame: Frame<'_>, offer: &Offer) -> Value {
    let car = &offer.car;
    json!({
        "id": 7_000_000_000_i64 + car.id as i64, "title": car.title(), "handle": car.numbered_slug(), "body_html": text(car),
        "vendor": frame.site.name, "product_type": "Car", "tags": [car.make],
        "variants": [{"id": car.id, "sku": car.stock, "price": amount(offer), "available": !offer.is_sold()}],
        "images": [{"src": frame.photo(car, 1)}],
    })
}

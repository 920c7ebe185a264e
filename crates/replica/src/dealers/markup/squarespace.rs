//! Squarespace: a page of products, those that are sold marked by class.

use serde_json::json;

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, currency};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct Squarespace;

impl Markup for Squarespace {
    fn platform(&self) -> Option<&'static str> {
        Some("Squarespace")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://static1.squarespace.com/static/vta/scripts/site-bundle.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/available")
    }
    fn link_text(&self) -> &'static str {
        "Available"
    }
    fn per_page(&self) -> usize {
        200
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: true, silent: false, price_when_sold: true }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/available/{}", car.numbered_slug())
    }
    fn robots(&self, _frame: Frame<'_>) -> String {
        "User-agent: *\nDisallow: /config\nDisallow: /search\nDisallow: /account$\nDisallow: /api/\nDisallow: /*?author=*\n\
         Disallow: /*?format=json\nDisallow: /*?format=page-context\nDisallow: /*?format=main-content\nDisallow: /*?format=json-pretty\n"
            .to_owned()
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let items: String = lot.page(page).into_iter().map(|offer| tile(frame, offer)).collect();
        let context = "<script>Static.SQUARESPACE_CONTEXT = {\"templateVersion\":\"7.1\"};</script>\n";
        format!(
            "{}<section class=\"ProductList\">\n{items}</section>\n{}",
            frame.head(self, "Available", context),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let facts = [
            ("Chassis", car.number.printed().map(str::to_owned)),
            ("Mileage", car.mileage()),
            ("Exterior", Some(car.paint.to_owned())),
            ("Interior", Some(car.upholstery.to_owned())),
            ("Stock", Some(car.stock.clone())),
        ];
        let facts: String = facts
            .into_iter()
            .filter_map(|(label, value)| Some(format!("<p>{label}: {}</p>\n", escape(&value?))))
            .collect();
        format!(
            "{}<article class=\"ProductItem\"><h1 class=\"ProductItem-details-title\">{}</h1>\n<div class=\"product-price\">{}</div>\n{}\
             <div class=\"ProductItem-details-excerpt\">\n<p>{}</p>\n{facts}</div></article>\n{}",
            frame.head(self, &car.title(), &structured(frame, offer)),
            escape(&car.title()),
            frame.price(offer),
            photos(frame, car),
            escape(&car.description()),
            frame.foot()
        )
    }
}

fn photos(frame: Frame<'_>, car: &Car) -> String {
    let photo = |n| {
        format!("<img data-src=\"{}\" data-image-dimensions=\"2500x1667\" alt=\"\">\n", frame.photo(car, n))
    };
    (1..=3).map(photo).collect()
}

fn tile(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let sold = if offer.is_sold() { "<div class=\"product-mark sold-out\">sold out</div>" } else { "" };
    format!(
        "<div class=\"ProductList-item\"><a class=\"ProductList-item-link\" href=\"{}\">\n\
         <img data-src=\"{}\" data-image-dimensions=\"2500x1667\" alt=\"\">\n<h2 class=\"ProductList-title\">{}</h2>\n\
         <div class=\"product-price\">{}</div></a>{sold}</div>\n",
        frame.item(offer),
        frame.photo(car, 1),
        escape(&car.title()),
        frame.list_price(offer)
    )
}

fn structured(frame: Frame<'_>, offer: &Offer) -> String {
    let mut offers = json!({
        "@type": "Offer", "priceCurrency": currency(frame.site.country).1, "url": frame.item(offer),
        "availability": if offer.is_sold() { "SoldOut" } else { "InStock" },
    });
    if let Some(amount) = offer.amount() {
        offers["price"] = json!(format!("{amount}.00"));
    }
    let block = json!({
        "@context": "http://schema.org", "@type": "Product", "name": offer.car.title(), "image": frame.photo(&offer.car, 1),
        "brand": "", "offers": offers,
    });
    let site = json!({"@context": "http://schema.org", "@type": "WebSite", "name": frame.site.name, "url": frame.base});
    format!(
        "<script type=\"application/ld+json\">{site}</script>\n<script type=\"application/ld+json\">{block}</script>\n"
    )
}

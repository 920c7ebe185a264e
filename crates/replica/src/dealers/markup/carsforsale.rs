//! Carsforsale.com: price and mileage in slots of one class; VIN and stock number only on the car's page.

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells};
use crate::text::{escape, thousands};

#[derive(Debug)]
pub(in crate::dealers) struct Carsforsale;

impl Markup for Carsforsale {
    fn platform(&self) -> Option<&'static str> {
        Some("Carsforsale")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://cdn05.carsforsale.com/dealer/site.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/cars-for-sale")
    }
    fn link_text(&self) -> &'static str {
        "For Sale"
    }
    fn per_page(&self) -> usize {
        // Pages behind the first are asked for by POST, behind a test for robots: this lot has one.
        1_000
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: true, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/details/used-{}/{}", car.slug(), 128_000_000 + car.id)
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let cards: String = lot.page(page).into_iter().map(|offer| card(frame, offer)).collect();
        format!(
            "{}<p>{} results</p>\n<ul class=\"vehicle-list\">\n{cards}</ul>\n{}",
            frame.head(self, "Cars For Sale", ""),
            lot.listed.len(),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let facts = [
            ("Price", Some(frame.price_or_sold(offer))),
            ("Stock #", Some(car.stock.clone())),
            ("VIN", car.number.printed().map(str::to_owned)),
            ("Mileage", car.bare_mileage().map(thousands)),
            ("Exterior Color", Some(car.paint.to_owned())),
            ("Interior Color", Some(car.upholstery.to_owned())),
            ("Engine", Some(car.engine.to_owned())),
            ("Transmission", Some(car.transmission.to_owned())),
        ];
        let facts: String =
            facts.into_iter().filter_map(|(label, value)| Some(fact(label, &value?))).collect();
        let others: String = lot.others(car).into_iter().map(|other| card(frame, other)).collect();
        format!(
            "{}<h1>{}</h1>\n{}{facts}<h2>Description</h2>\n<p>{}</p>\n<ul class=\"vehicle-list\">\n{others}</ul>\n{}",
            frame.head(self, &car.title(), ""),
            escape(&car.title()),
            frame.photos(car),
            escape(&car.description()),
            frame.foot()
        )
    }
}

fn fact(label: &str, value: &str) -> String {
    format!(
        "<div class=\"vdp-info-block__info-item\"><div class=\"vehicle-info-icon\"><svg><title>{0}</title></svg></div>\
         <div class=\"vdp-info-block__info-item-text\"><div class=\"vdp-info-block__info-item-title\">{label}</div>\
         <div class=\"vdp-info-block__info-item-description\">{1}</div></div></div>\n",
        label.to_lowercase(),
        escape(value)
    )
}

fn card(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let slot = |label: &str, value: String| {
        format!(
            "<div class=\"vehicle-snapshot__main-info-item\"><div class=\"vehicle-snapshot__label\">{label}</div>\
             <div class=\"vehicle-snapshot__main-info\">{value}</div></div>\n"
        )
    };
    let mileage = car.bare_mileage().map_or_else(|| "N/A".to_owned(), thousands);
    format!(
        "<li class=\"vehicle-snapshot\"><div class=\"vehicle-snapshot__image\"><a href=\"{url}\"><img src=\"{}\" alt=\"\"></a></div>\n\
         <h3 class=\"vehicle-snapshot__title\"><a href=\"{url}\">{}</a></h3>\n<div class=\"vehicle-snapshot__main-info-row\">\n{}{}</div></li>\n",
        frame.photo(car, 1),
        escape(&car.title()),
        slot("Price", frame.list_price(offer)),
        slot("Mileage", mileage),
        url = frame.item(offer),
    )
}

//! Motorcar Marketing: nothing for machines; addresses of a shape of their own.

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, facts, pager};
use crate::text::{escape, slug};

#[derive(Debug)]
pub(in crate::dealers) struct MotorcarMarketing;

impl Markup for MotorcarMarketing {
    fn platform(&self) -> Option<&'static str> {
        Some("Motorcar Marketing")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://www.motorcarsites.com/template/site.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/vehicle_listings/all/vehicles")
    }
    fn link_text(&self) -> &'static str {
        "Our Cars"
    }
    fn per_page(&self) -> usize {
        15
    }
    fn page_parameter(&self) -> &'static str {
        "page_number"
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/vehicle/{}/{}-for-sale-in-{}", car.id, car.slug(), "mesa-az")
    }

    fn item_id(&self, car: &Car) -> String {
        car.id.to_string()
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let tiles: String = lot.page(page).into_iter().map(|offer| tile(frame, offer)).collect();
        let address = |number| format!("{}/vehicle_listings/all/vehicles?page_number={number}", frame.base);
        let pages = pager(lot, page, address, false);
        format!(
            "{}<div class=\"listings\">\n{tiles}</div>\n<ul class=\"pagination\">{pages}</ul>\n{}",
            frame.head(self, "All Vehicles", ""),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let facts: String = facts(car, false)
            .iter()
            .map(|(label, value)| {
                format!("<li><b>{label}:</b> <span class=\"{}\">{}</span></li>\n", slug(label), escape(value))
            })
            .collect();
        let similar: String = lot.others(car).into_iter().map(|other| tile(frame, other)).collect();
        format!(
            "{}<h1>{}</h1>\n<div class=\"vehicle-price\">{}</div>\n{}<ul class=\"specs\">\n{facts}</ul>\n<h2>Description</h2>\n<p>{}</p>\n\
             <h2>Similar Vehicles</h2>\n<div class=\"listings\">\n{similar}</div>\n{}",
            frame.head(self, &car.title(), ""),
            escape(&car.title()),
            frame.price_or_sold(offer),
            frame.photos(car),
            escape(&car.description()),
            frame.foot()
        )
    }
}

fn tile(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    format!(
        "<div class=\"listing-tile\"><a href=\"{url}\"><img src=\"{}\" alt=\"\"></a>\n<h3><a href=\"{url}\">{}</a></h3>\n\
         <div class=\"vehicle-price\">{}</div></div>\n",
        frame.photo(car, 1),
        escape(&car.title()),
        frame.list_price(offer),
        url = frame.item(offer),
    )
}

/// What the platform shows in place of every page of a site that is down, as if nothing were wrong.
pub(in crate::dealers) fn maintenance(frame: Frame<'_>) -> String {
    format!(
        "{}<h1>Down For Maintenance</h1>\n<p>Please check back soon.</p>\n{}",
        frame.head(&MotorcarMarketing, "Down For Maintenance", ""),
        frame.foot()
    )
}

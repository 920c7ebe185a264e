//! AutoManager's WebManager: panels with their facts in attributes.

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, facts, status_word};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct AutoManager;

impl Markup for AutoManager {
    fn platform(&self) -> Option<&'static str> {
        Some("AutoManager")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://automanagerprodcdn.azureedge.net/wmthemes/fluid/default.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/view-inventory")
    }
    fn link_text(&self) -> &'static str {
        "View Inventory"
    }
    fn per_page(&self) -> usize {
        24
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: true, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/vehicle-details/{}-{}", car.slug(), car.hex)
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let panels: String = lot.page(page).into_iter().map(|offer| panel(frame, offer)).collect();
        let pages: String = (1..=lot.pages()).map(|n| format!("<a href=\"?page={n}\">{n}</a>")).collect();
        format!(
            "{}<div id=\"inv-list\" class=\"grid-view\">\n{panels}</div>\n<div class=\"pagination\">{pages}</div>\n{}",
            frame.head(self, "View Inventory", ""),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let mut facts = facts(car, true);
        facts.push(("Stock #", car.stock.clone()));
        if offer.is_sold() {
            facts.push(("Status", status_word(offer.state).to_owned()));
        }
        let rows: String = facts
            .iter()
            .map(|(label, value)| format!("<tr><td>{label}</td><td>{}</td></tr>\n", escape(value)))
            .collect();
        format!(
            "{}<h1>{}</h1>\n{}{}<table class=\"details\">\n{rows}</table>\n<h2>Description</h2>\n<div>{}</div>\n{}",
            frame.head(self, &car.title(), ""),
            escape(&car.title()),
            if offer.is_sold() { String::new() } else { price(frame, &frame.price(offer)) },
            frame.photos(car),
            escape(&car.description()),
            frame.foot()
        )
    }
}

/// The slot of the price: the sign in an element of its own.
fn price(frame: Frame<'_>, text: &str) -> String {
    let sign = super::currency(frame.site.country).0;
    match text.strip_prefix(sign) {
        Some(digits) => format!(
            "<div class=\"pricelabel internetpricelabel\">Internet Price</div>\n\
             <div class=\"pricevalue1 accent-color1\"><b><span class=\"currency-symbol\">{sign}</span>{digits}</b></div>\n"
        ),
        None => format!("<div class=\"pricelabel\">{text}</div>\n"),
    }
}

fn panel(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let mileage = car.bare_mileage().map_or_else(String::new, |value| value.to_string());
    let vin = car.number.printed().unwrap_or_default();
    let attributes: String = [
        ("title", car.title()),
        ("make", car.make.to_owned()),
        ("model", car.model.clone()),
        ("trim", car.trim.clone()),
        ("year", car.year.to_string()),
        ("engine", car.engine.to_owned()),
        ("transmission", car.transmission.to_owned()),
        ("mileage", mileage),
        ("extcolor", car.paint.to_owned()),
        ("intcolor", car.upholstery.to_owned()),
        ("fuel", "Gasoline".to_owned()),
        ("photo", frame.photo(car, 1)),
    ]
    .iter()
    .map(|(name, value)| format!(" data-display{name}=\"{}\"", escape(value)))
    .collect();
    format!(
        "<div class=\"clearfix inventory-panel inv-fluid palette-bg2 vehicle lot-00\" data-id=\"{}\"{attributes}><a href=\"{}\">View</a>\n\
         <div class=\"inventory-details\"><div><span class=\"vin\">{vin}</span></div><div><span class=\"stocknumber\">{}</span></div></div>\n{}\
         <div class=\"carguru\"><span data-cg-vin=\"{vin}\" data-cg-price=\"{}.0000\"></span></div></div>\n",
        car.hex,
        frame.item(offer),
        car.stock,
        price(frame, &frame.list_price(offer)),
        offer.price + 490,
    )
}

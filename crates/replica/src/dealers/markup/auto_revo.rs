//! AutoRevo: tiles with spans and terms of their own; its robots.txt closes every query.

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, facts, pager, status_word, terms};
use crate::text::{escape, thousands};

#[derive(Debug)]
pub(in crate::dealers) struct AutoRevo;

impl Markup for AutoRevo {
    fn platform(&self) -> Option<&'static str> {
        Some("AutoRevo")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://assets.autorevo-powersites.com/site.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/vehicles")
    }
    fn link_text(&self) -> &'static str {
        "Showroom"
    }
    fn per_page(&self) -> usize {
        25
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: true, code: false, silent: false, price_when_sold: true }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/vehicles/{}/{}", car.id, car.slug())
    }
    fn robots(&self, _frame: Frame<'_>) -> String {
        "User-agent: *\nDisallow: /*?*\nDisallow: /inventory_images/\n".to_owned()
    }
    fn closes_pager(&self) -> bool {
        true
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let tiles: String = lot.page(page).into_iter().map(|offer| tile(frame, offer)).collect();
        let count = lot.listed.len();
        let pages = pager(lot, page, |number| format!("{}/vehicles?page={number}", frame.base), true);
        // The word is in the styles of every page.
        let style = "<style>.sold_overlay{position:absolute} .sold{color:red}</style>\n";
        format!(
            "{}<p class=\"result_count\">{count} matches out of {count} vehicles.</p>\n<div id=\"inventory\">\n{tiles}</div>\n\
             <ul class=\"pagination\">{pages}</ul>\n{}",
            frame.head(self, "Vehicles", style),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let mut facts = facts(car, true);
        facts.push(("Stock", car.stock.clone()));
        if offer.is_sold() {
            facts.push(("Status", status_word(offer.state).to_owned()));
        }
        format!(
            "{}<h1>{}</h1>\n<h3 class=\"website_price\"><span>{}</span></h3>\n{}<dl>\n{}</dl>\n<h2>Comments</h2>\n<p>{}</p>\n{}",
            frame.head(self, &car.title(), ""),
            escape(&car.title()),
            frame.price(offer),
            frame.photos(car),
            terms(&facts),
            escape(&car.description()),
            frame.foot()
        )
    }
}

fn tile(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let sold = if offer.is_sold() {
        "<img class=\"sold_overlay\" src=\"https://x-img.autorevo.com/sold.png\" alt=\"\">"
    } else {
        ""
    };
    let term = |name: &str, label: &str, value: String| {
        format!("<dt>{label}</dt><dd class=\"{name}_value\">{}</dd>", escape(&value))
    };
    let facts: String = [
        ("vin", "VIN:", car.number.printed().map(str::to_owned)),
        ("mileage", "Mileage:", car.bare_mileage().map(thousands)),
        ("stock", "Stock #:", Some(car.stock.clone())),
        ("ext_color", "Exterior:", Some(car.paint.to_owned())),
    ]
    .into_iter()
    .filter_map(|(name, label, value)| Some(term(name, label, value?)))
    .collect();
    let payment = offer.amount().map_or_else(String::new, |amount| {
        format!("<h3 class=\"secondary_price\"><span>{}/mo</span></h3>", frame.amount(amount / 72))
    });
    let trim = if car.trim.is_empty() {
        String::new()
    } else {
        format!(" <span class=\"trim\">{}</span>", escape(&car.trim))
    };
    format!(
        "<section class=\"inventory_item new_vehicle\">\n<h2><a href=\"{url}\"><span class=\"year\">{}</span> <span class=\"make\">{}</span> \
         <span class=\"model\">{}</span>{trim}</a></h2>\n<a href=\"{url}\"><img src=\"{}\" alt=\"\">{sold}</a>\n<dl>{facts}</dl>\n\
         <h3 class=\"website_price\"><span>{}</span></h3>{payment}\n</section>\n",
        car.year,
        escape(car.make),
        escape(&car.model),
        frame.photo(car, 1),
        frame.list_price(offer),
        url = frame.item(offer),
    )
}

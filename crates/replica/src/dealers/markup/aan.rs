//! AAN, the "All Auto Network": a page that loads its list in portions, with the addresses in scripts.

use serde_json::json;

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, facts, number, status_word, terms};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct AllAutoNetwork;

/// Path of the portions: on the host itself, even where several sites share one.
pub(in crate::dealers) const PORTIONS: &str = "/isapi_xml.php";

/// The number by which a site's portions are asked for.
pub(in crate::dealers) fn page_id(site: usize) -> usize {
    740 + site
}

impl Markup for AllAutoNetwork {
    fn platform(&self) -> Option<&'static str> {
        Some("AAN")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://www.allautonetwork.com/themes/aanWordpress/aan.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/inventory/")
    }
    fn link_text(&self) -> &'static str {
        "Cars For Sale"
    }
    fn per_page(&self) -> usize {
        24
    }
    fn first_page(&self) -> usize {
        2
    }
    fn list_page(&self, path: &str, query: &[(String, String)]) -> Option<usize> {
        match path {
            "/inventory/" => Some(1),
            PORTIONS => Some(number(query, "offset")? / self.per_page() + 2),
            _ => None,
        }
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: true, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/{}-c-{}/", car.slug(), car.id)
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        if page == 1 {
            return format!(
                "{}<h1>Our Cars</h1>\n<div id=\"results\"></div>\n<script>let pageID='{}'; let limit=24;</script>\n{}",
                frame.head(
                    self,
                    "Inventory",
                    "<link href=\"/wp-content/themes/aanWordpress/style.css\" rel=\"stylesheet\">"
                ),
                page_id(frame.number),
                frame.foot()
            );
        }
        let cards: String = lot.page(page).into_iter().map(|offer| card(frame, offer)).collect();
        let makes: Vec<&str> = lot.page(page).into_iter().map(|offer| offer.car.make).collect();
        format!("{}\n{}\n{}\n{cards}", lot.listed.len(), json!({"make": makes}), json!({"location": ["All"]}))
    }

    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let mut facts = facts(car, true);
        facts.push(("Stock", car.stock.clone()));
        if offer.is_sold() {
            facts.push(("Status", status_word(offer.state).to_owned()));
        }
        let price = match offer.amount() {
            Some(amount) if !offer.is_sold() => format!(" For Sale ({})", frame.amount(amount)),
            _ => String::new(),
        };
        // Tables elsewhere belong to similar cars.
        let similar: String = lot
            .others(car)
            .into_iter()
            .map(|other| {
                format!("<dl><dt>VIN</dt><dd>{}</dd></dl>", other.car.number.printed().unwrap_or_default())
            })
            .collect();
        let call = if offer.amount().is_none() && !offer.is_sold() {
            format!("<div class=\"search-results-price\">{}</div>\n", frame.price(offer))
        } else {
            String::new()
        };
        format!(
            "{}<h1>{}</h1>\n{}{call}<div id=\"details\"><div class=\"datatable\"><dl>\n{}</dl></div></div>\n\
             <h2>Description</h2>\n<p>{}</p>\n<div class=\"similar\">{similar}</div>\n{}",
            frame.head(self, &format!("{}{price}", car.title()), ""),
            escape(&car.title()),
            frame.photos(car),
            terms(&facts),
            escape(&car.description()),
            frame.foot()
        )
    }
}

fn card(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let price = match offer.amount() {
        // A price before a reduction stays, struck out.
        Some(amount) if offer.price < car.first_price => format!(
            "<div class=\"search-results-price\"><h4><s>{}</s></h4><h4>{}</h4></div>",
            frame.amount(car.first_price),
            frame.amount(amount)
        ),
        Some(_) => format!("<div class=\"search-results-price\"><h4>{}</h4></div>", frame.list_price(offer)),
        None => format!("<div class=\"search-results-price-call\">{}</div>", frame.price(offer)),
    };
    let photo = if car.index.is_multiple_of(9) {
        format!("{}/images/ina_f.jpg", frame.base)
    } else {
        frame.photo(car, 1)
    };
    let mut facts = vec![("Stock:", car.stock.clone())];
    facts.extend(car.bare_mileage().map(|value| ("Mileage:", value.to_string())));
    facts.push(("Ext Color:", car.paint.to_owned()));
    format!(
        "<div class=\"search-results-item\"><img src=\"{photo}\" alt=\"\"><div class=\"description\" onclick=\"document.location.href='{}'\">\
         <h2>{}</h2><dl>\n{}</dl>{price}</div></div>\n",
        frame.item(offer),
        escape(&car.title()),
        terms(&facts),
    )
}

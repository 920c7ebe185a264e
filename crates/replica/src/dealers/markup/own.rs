//! A site of the dealer's own making, with blocks that repeat: a large one that publishes its list for machines, too, and a
//! careless one that leaves prices out.

use serde_json::{Value, json};

use super::{Car, Frame, Lot, Marks, Markup, Offer, State, Tells, currency, facts, pager, terms};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct Own {
    /// The large site, else the careless one.
    pub is_large: bool,
}

impl Markup for Own {
    fn platform(&self) -> Option<&'static str> {
        None
    }
    fn script(&self) -> Option<&'static str> {
        None
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/inventory")
    }
    fn link_text(&self) -> &'static str {
        "Inventory"
    }
    fn per_page(&self) -> usize {
        if self.is_large { 48 } else { 20 }
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: true }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: self.is_large, silent: false, price_when_sold: self.is_large }
    }
    fn list_tells_price(&self, car: &Car) -> bool {
        self.is_large || !car.index.is_multiple_of(3)
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/inventory/{}", car.numbered_slug())
    }
    fn is_tagged(&self) -> bool {
        self.is_large
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let offers = lot.page(page);
        let blocks: String = offers.iter().map(|offer| self.block(frame, offer)).collect();
        let pages = pager(lot, page, |number| format!("{}/inventory?page={number}", frame.base), true);
        let head = if self.is_large { structured_list(frame, lot, &offers) } else { String::new() };
        format!(
            "{}<main><div class=\"cars\">\n{blocks}</div>\n<ul class=\"pagination\">{pages}</ul></main>\n{}",
            frame.head(self, "Inventory", &head),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let mut facts = facts(car, false);
        facts.push(("Stock", car.stock.clone()));
        facts.push(("Status", super::status_word(offer.state).to_owned()));
        let head = if self.is_large { structured(frame, offer) } else { String::new() };
        let price = if self.is_large { frame.price(offer) } else { frame.price_or_sold(offer) };
        format!(
            "{}<main><h1>{}</h1>\n<div class=\"price\">{price}</div>\n{}<dl>\n{}</dl>\n<h2>Description</h2>\n<p>{}</p></main>\n{}",
            frame.head(self, &car.title(), &head),
            escape(&car.title()),
            frame.photos(car),
            terms(&facts),
            escape(&car.description()),
            frame.foot()
        )
    }
}

impl Own {
    fn block(&self, frame: Frame<'_>, offer: &Offer) -> String {
        let car = &offer.car;
        let price = if self.list_tells_price(car) {
            format!("<div class=\"price\">{}</div>", frame.list_price(offer))
        } else {
            String::new()
        };
        let mark =
            if offer.state == State::Pending { "<span class=\"mark\">Sale Pending</span>" } else { "" };
        let mileage = car.mileage().map_or_else(String::new, |text| format!("<li>{text}</li>"));
        format!(
            "<div class=\"car\"><a href=\"{url}\"><img src=\"{}\" alt=\"\"></a>{mark}\n<h3><a href=\"{url}\">{}</a></h3>\n{price}\n\
             <ul>{mileage}<li>Stock #{}</li></ul></div>\n",
            frame.photo(car, 1),
            escape(&car.title()),
            car.stock,
            url = frame.item(offer),
        )
    }
}

fn offers(frame: Frame<'_>, offer: &Offer) -> Value {
    let mut offers = json!({"@type": "Offer", "priceCurrency": currency(frame.site.country).1});
    if let Some(amount) = offer.amount() {
        offers["price"] = json!(amount);
    }
    offers
}

fn structured_list(frame: Frame<'_>, lot: &Lot, shown: &[&Offer]) -> String {
    let entries: Vec<Value> = shown
        .iter()
        .enumerate()
        .map(|(at, offer)| {
            let mut item = json!({
                "@type": "Car", "name": offer.car.title(), "url": frame.item(offer), "offers": offers(frame, offer),
            });
            if let Some(number) = offer.car.number.printed() {
                item["vehicleIdentificationNumber"] = json!(number);
            }
            json!({"@type": "ListItem", "position": at + 1, "item": item})
        })
        .collect();
    let list = json!({
        "@context": "https://schema.org", "@type": "ItemList", "numberOfItems": lot.listed.len(), "itemListElement": entries,
    });
    format!("<script type=\"application/ld+json\">{list}</script>\n")
}

fn structured(frame: Frame<'_>, offer: &Offer) -> String {
    let mut offers = offers(frame, offer);
    offers["availability"] = json!(match offer.state {
        State::Sold | State::Gone => "https://schema.org/SoldOut",
        State::Pending => "https://schema.org/Reserved",
        State::Offered | State::Away => "https://schema.org/InStock",
    });
    let mut block = json!({
        "@context": "https://schema.org", "@type": "Car", "name": offer.car.title(), "url": frame.item(offer), "offers": offers,
        "brand": {"@type": "Brand", "name": offer.car.make}, "model": offer.car.model, "vehicleModelDate": offer.car.year.to_string(),
        "sku": offer.car.stock,
    });
    if let Some(number) = offer.car.number.printed() {
        block["vehicleIdentificationNumber"] = json!(number);
    }
    format!("<script type=\"application/ld+json\">{block}</script>\n")
}

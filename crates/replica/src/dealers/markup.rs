//! The pages of each platform, as its sites really have them.

mod aan;
mod auto_manager;
mod auto_revo;
mod carsforsale;
mod dealer_accelerate;
mod dealer_center;
mod hand_made;
mod motorcar_marketing;
mod own;
mod shopify;
mod squarespace;
mod wordpress;

pub(super) use aan::{AllAutoNetwork, PORTIONS, page_id};
pub(super) use auto_manager::AutoManager;
pub(super) use auto_revo::AutoRevo;
pub(super) use carsforsale::Carsforsale;
pub(super) use dealer_accelerate::DealerAccelerate;
pub(super) use dealer_center::DealerCenter;
pub(super) use hand_made::HandMade;
pub(super) use motorcar_marketing::{MotorcarMarketing, maintenance};
pub(super) use own::Own;
pub(super) use shopify::Shopify;
pub(super) use squarespace::Squarespace;
pub(super) use wordpress::WordPress;

use super::car::{Asked, Car, Number};
use super::life::{Marks, State};
use super::lot::{Lot, Offer};
use crate::pages::site::Site;
use crate::text::{escape, thousands};

/// The site that a page belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub site: &'a Site,
    /// Number of the site.
    pub number: usize,
    /// The site's URL, without a slash.
    pub base: &'a str,
}

/// What a platform's pages tell, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tells {
    /// The mileage is a bare number.
    pub bare_mileage: bool,
    /// The currency stands beside an amount by its code.
    pub code: bool,
    /// A price on request is told by saying nothing.
    pub silent: bool,
    /// What was asked stays on the page of what is sold.
    pub price_when_sold: bool,
}

/// Another document of a site.
pub(super) struct Document {
    pub content_type: &'static str,
    pub text: String,
}

/// Makes the pages of a platform. Paths are below the site's URL and begin with a slash.
pub(super) trait Markup: Sync + std::fmt::Debug {
    /// The platform's name, as `bat_parse_inventory` knows it.
    fn platform(&self) -> Option<&'static str>;
    /// A script of the platform, as every page of the site loads it.
    fn script(&self) -> Option<&'static str>;
    /// What the head of every page of the site has of the platform.
    fn head(&self) -> String {
        self.script().map_or_else(String::new, |url| format!("<script src=\"{url}\" defer></script>\n"))
    }
    /// Path of the list's first page; none if there is no list.
    fn list_path(&self) -> Option<&'static str>;
    /// Text of the link to the list on the home page.
    fn link_text(&self) -> &'static str;
    /// Cars on a page of the list.
    fn per_page(&self) -> usize;
    /// First page of the list that shows cars.
    fn first_page(&self) -> usize {
        1
    }
    /// The list of what was sold, where there is one: its address, and the text of the link to it.
    fn sold_list(&self) -> Option<(&'static str, &'static str)> {
        None
    }
    /// Page of the list that a request asks for, from 1.
    fn list_page(&self, path: &str, query: &[(String, String)]) -> Option<usize> {
        (Some(path) == self.list_path()).then(|| number(query, self.page_parameter()).unwrap_or(1))
    }
    /// Query parameter that holds the number of a page.
    fn page_parameter(&self) -> &'static str {
        "page"
    }
    fn marks(&self) -> Marks;
    fn tells(&self) -> Tells;
    /// Whether the list tells what is asked for a car.
    fn list_tells_price(&self, _car: &Car) -> bool {
        true
    }
    fn item_path(&self, car: &Car) -> String;
    /// The dealer's number of a car, as the pages print it.
    fn item_id(&self, car: &Car) -> String {
        car.stock.clone()
    }
    /// A page of the list.
    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String;
    /// A car's page.
    fn item(&self, frame: Frame<'_>, lot: &Lot, offer: &Offer) -> String;
    fn robots(&self, _frame: Frame<'_>) -> String {
        "User-agent: *\nDisallow: /private/\n".to_owned()
    }
    /// Whether `robots.txt` closes all pages of the list but the first.
    fn closes_pager(&self) -> bool {
        false
    }
    /// What else there is at a path: sitemaps, data. `page`: the number of the page that is asked for.
    fn document(&self, _frame: Frame<'_>, _lot: &Lot, _path: &str, _page: usize) -> Option<Document> {
        None
    }
    /// Whether pages of the list have an `ETag`.
    fn is_tagged(&self) -> bool {
        false
    }
    /// Whether pages are in Latin-1, and only they themselves say so.
    fn is_latin_1(&self) -> bool {
        false
    }
}

/// A number in a query.
fn number(query: &[(String, String)], name: &str) -> Option<usize> {
    query.iter().find(|(key, _)| key == name)?.1.parse().ok()
}

/// Currency of a country: sign and code.
pub(super) fn currency(country: &str) -> (&'static str, &'static str) {
    match country {
        "US" => ("$", "USD"),
        "CA" => ("$", "CAD"),
        "GB" => ("£", "GBP"),
        _ => ("€", "EUR"),
    }
}

impl Frame<'_> {
    /// `$42,500`.
    fn amount(self, amount: i64) -> String {
        format!("{}{}", currency(self.site.country).0, thousands(amount))
    }

    /// What stands in the place of the price.
    fn price(self, offer: &Offer) -> String {
        match offer.car.asked {
            Asked::Amount => self.amount(offer.price),
            Asked::Request(words) => words.to_owned(),
            Asked::Zero => format!("{}0", currency(self.site.country).0),
        }
    }

    /// What stands there once the car is sold on sites that then take the price away.
    fn price_or_sold(self, offer: &Offer) -> String {
        if offer.is_sold() { "SOLD".to_owned() } else { self.price(offer) }
    }

    /// What stands in the place of the price on a list, typing errors included.
    fn list_price(self, offer: &Offer) -> String {
        match offer.amount() {
            Some(amount) if offer.has_typo => self.amount(amount * 10),
            _ => self.price(offer),
        }
    }

    /// URL of a car's page.
    fn item(self, offer: &Offer) -> String {
        format!("{}{}", self.base, offer.path)
    }

    /// A picture of a car on the site itself.
    fn photo(self, car: &Car, number: usize) -> String {
        format!("{}/photos/{}/{}-{number}.jpg", self.base, car.id, car.slug())
    }

    /// Start of a page: its head, and the site's name over a menu.
    fn head(self, markup: &dyn Markup, title: &str, more: &str) -> String {
        let own = markup.head();
        let list = markup.list_path().unwrap_or("/");
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{} | {name}</title>\n{own}{more}</head>\n\
             <body><header><a class=\"logo\" href=\"{base}/\">{name}</a><nav><a href=\"{base}{list}\">{}</a> <a href=\"{base}/contact\">Contact</a></nav></header>\n",
            escape(title),
            markup.link_text(),
            name = escape(&self.site.name),
            base = self.base,
        )
    }

    /// End of a page.
    fn foot(self) -> String {
        format!("<footer><p>{}</p></footer>\n</body></html>\n", escape(&self.site.name))
    }

    /// Pictures of a car.
    fn photos(self, car: &Car) -> String {
        (1..=3).map(|n| format!("<img src=\"{}\" alt=\"\">\n", self.photo(car, n))).collect()
    }
}

/// Word for a state, where a page names it.
fn status_word(state: State) -> &'static str {
    match state {
        State::Offered | State::Away => "Available",
        State::Pending => "Sale Pending",
        State::Sold | State::Gone => "Sold",
    }
}

/// Labels and values of a car, as most platforms name them; what is not known is left out.
fn facts(car: &Car, bare: bool) -> Vec<(&'static str, String)> {
    let mileage = if bare { car.bare_mileage().map(thousands) } else { car.mileage() };
    let trim = (!car.trim.is_empty()).then(|| car.trim.clone());
    [
        ("Year", Some(car.year.to_string())),
        ("Make", Some(car.make.to_owned())),
        ("Model", Some(car.model.clone())),
        ("Trim", trim),
        ("VIN", car.number.printed().map(str::to_owned)),
        ("Mileage", mileage),
        ("Exterior Color", Some(car.paint.to_owned())),
        ("Interior Color", Some(car.upholstery.to_owned())),
        ("Engine", Some(car.engine.to_owned())),
        ("Transmission", Some(car.transmission.to_owned())),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

/// Facts as a list of terms.
fn terms(facts: &[(&str, String)]) -> String {
    facts.iter().map(|(label, value)| format!("<dt>{label}</dt><dd>{}</dd>\n", escape(value))).collect()
}

/// Links to all pages of a list, the next one marked as such where the platform does.
fn pager(lot: &Lot, page: usize, address: impl Fn(usize) -> String, rel: bool) -> String {
    (1..=lot.pages())
        .map(|number| {
            let class = if number == page { " class=\"active\"" } else { "" };
            let rel = if rel && number == page + 1 { " rel=\"next\"" } else { "" };
            format!("<li{class}><a{rel} href=\"{}\">{number}</a></li> ", escape(&address(number)))
        })
        .collect()
}

//! One thing for sale.

use serde::{Deserialize, Serialize};

use super::price::Price;
use super::title::without_marks;
use crate::text::collapse;
use crate::value::{chassis, mileage};

/// One thing that a dealer offers, as its page tells of it. What the page does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The item's own page: absolute, without tracking and fragment.
    pub url: Option<String>,
    /// The dealer's own number: the stock number, else the number in the address of the item's page.
    pub item_id: Option<String>,
    /// Title as printed, without the chassis number behind it.
    pub title: Option<String>,
    /// Model year.
    pub year: Option<i32>,
    /// Make.
    pub make: Option<String>,
    /// Model, where the page tells it apart from trim and body, or it is the one word behind the make.
    pub model: Option<String>,
    /// Trim, where the page tells it apart.
    pub trim: Option<String>,
    /// The chassis number, if it is a VIN of 17 characters.
    pub vin: Option<String>,
    /// The chassis number as printed, of any form.
    pub chassis: Option<String>,
    /// What the dealer asks for it, in whole units. Never what it was sold for.
    pub asking_price: Option<i64>,
    /// ISO 4217 code of the prices; `None` if the page prints no more than a `$`, which is that of many
    /// countries.
    pub currency: Option<String>,
    /// Whether the page says that the price is told on request.
    pub price_on_request: bool,
    /// What the odometer shows.
    pub mileage: Option<Mileage>,
    /// Colour of the body.
    pub exterior_color: Option<String>,
    /// Colour and material of the inside.
    pub interior_color: Option<String>,
    /// Transmission as printed.
    pub transmission: Option<String>,
    /// Engine as printed.
    pub engine: Option<String>,
    /// Whether it can be bought; `None` if the page does not say.
    pub status: Option<Status>,
    /// What it was sold for, in whole units; only where the page says just that.
    pub sold_price: Option<i64>,
    /// Pictures, absolute URLs.
    pub image_urls: Vec<String>,
    /// The dealer's text, plain.
    pub description: Option<String>,
}

/// Whether an item can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// For sale.
    InStock,
    /// Sold.
    Sold,
    /// A sale is pending, or a deposit was taken.
    Pending,
}

/// A mileage as printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mileage {
    /// Number; `None` for "TMU" alone.
    pub value: Option<i32>,
    /// `mi`, `km` or `h`; `None` if the page prints none.
    pub unit: Option<String>,
    /// True mileage unknown.
    pub tmu: bool,
}

/// Words that stand where there is no value.
const PLACEHOLDERS: [&str; 16] = [
    "-",
    "--",
    "---",
    "n/a",
    "na",
    "none",
    "null",
    "nil",
    "undefined",
    "unknown",
    "unspecified",
    "not specified",
    "tbd",
    "tba",
    "other",
    "exempt",
];

/// Longest value of a field that is no text.
const LONGEST: usize = 120;

/// A value without surrounding space; `None` for placeholders, templates and whole paragraphs.
pub(super) fn value(text: &str) -> Option<String> {
    let text = collapse(text);
    let lower = text.to_lowercase();
    let refused = text.is_empty()
        || text.chars().count() > LONGEST
        || PLACEHOLDERS.contains(&lower.as_str())
        || text.contains("{{")
        || text.contains("}}")
        || !text.chars().any(char::is_alphanumeric);
    (!refused).then_some(text)
}

impl Mileage {
    /// A mileage printed in the place for it: `81321 Miles`, `8,038`, `412 Kilometers (TMU)`, `TMU`. A bare
    /// number has the unit that its label names, if any. Zero and what is counted since some event are none.
    pub(super) fn of(text: &str, unit: Option<&str>) -> Option<Self> {
        let text = collapse(text);
        if let Some(found) = mileage::mileage(&text) {
            let told = found.tmu || found.value.is_some_and(|value| value > 0);
            return told.then_some(Self { value: found.value, unit: found.unit, tmu: found.tmu });
        }
        let digits = text.trim_end_matches('*').trim();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
        let value: i32 = digits.replace(',', "").parse().ok().filter(|value| plain && *value > 0)?;
        Some(Self { value: Some(value), unit: unit.map(str::to_owned), tmu: false })
    }
}

impl Item {
    /// Takes from another reading of the same item what this one lacks. Shops write 0 where they do not know a price: an
    /// amount is more than that none is told.
    pub(super) fn fill(&mut self, other: Self) {
        let is_told = self.price_on_request && other.asking_price.is_none();
        if self.asking_price.is_none() && self.sold_price.is_none() && !is_told {
            self.asking_price = other.asking_price;
            self.sold_price = other.sold_price;
            self.price_on_request = other.price_on_request;
            self.currency = self.currency.take().or(other.currency);
        }
        if self.chassis.is_none() {
            self.chassis = other.chassis;
            self.vin = other.vin;
        }
        self.year = self.year.or(other.year);
        self.status = self.status.or(other.status);
        self.mileage = self.mileage.take().or(other.mileage);
        for (own, other) in [
            (&mut self.url, other.url),
            (&mut self.item_id, other.item_id),
            (&mut self.title, other.title),
            (&mut self.make, other.make),
            (&mut self.model, other.model),
            (&mut self.trim, other.trim),
            (&mut self.exterior_color, other.exterior_color),
            (&mut self.interior_color, other.interior_color),
            (&mut self.transmission, other.transmission),
            (&mut self.engine, other.engine),
            (&mut self.description, other.description),
        ] {
            *own = own.take().or(other);
        }
        if self.image_urls.is_empty() {
            self.image_urls = other.image_urls;
        }
    }

    /// Sets the chassis number, and the VIN if it is one.
    pub(super) fn set_number(&mut self, text: &str) {
        if self.chassis.is_none() {
            // A filler of 17 characters is no number of any kind.
            let filler =
                |number: &String| number.len() == 17 && chassis::vin(number).is_none() && is_filler(number);
            self.chassis =
                value(text).and_then(|text| chassis::chassis(&text)).filter(|number| !filler(number));
            self.vin = self.chassis.as_deref().and_then(chassis::vin);
        }
    }

    /// Sets the price from what stands in its place.
    pub(super) fn set_price(&mut self, price: Price) {
        if self.asking_price.is_none() && !self.price_on_request {
            self.asking_price = price.amount;
            self.price_on_request = price.on_request;
            self.currency = self.currency.take().or(price.currency);
        }
        if price.sold {
            self.status = Some(Status::Sold);
        } else if price.pending {
            self.status.get_or_insert(Status::Pending);
        }
        self.sold_price = self.sold_price.or(price.sold_for);
    }

    /// Sets the title, and what it tells of the vehicle where nothing better does: its number, and whether it is sold.
    pub(super) fn set_title(&mut self, text: &str) {
        if self.title.is_none() {
            let (text, marked) = without_marks(text);
            let (title, number) = super::title::without_number(text);
            // "SOLD, s/n CSX 3356": the mark may stand before the number.
            let (title, marked_before) = without_marks(&title);
            self.title = value(title);
            self.status = self.status.or(marked).or(marked_before);
            if let Some(number) = number {
                self.set_number(&number);
            }
        }
    }

    /// Completes the item from its title.
    pub(super) fn tidy(&mut self) {
        let Some(title) = self.title.clone() else { return };
        let read = super::title::read(&title);
        self.year = self.year.or(read.year);
        self.make = self.make.take().or_else(|| read.make.clone());
        if self.make == read.make {
            self.model = self.model.take().or(read.model);
        }
    }

    /// Whether anything is known of the item that tells it from others.
    pub(super) fn is_known(&self) -> bool {
        self.title.is_some() || self.chassis.is_some() || (self.make.is_some() && self.model.is_some())
    }

    /// Whether the item's own page is worth reading for what a list leaves out.
    pub(super) fn lacks_something(&self) -> bool {
        let priced =
            self.asking_price.is_some() || self.price_on_request || self.status == Some(Status::Sold);
        self.title.is_none() || self.chassis.is_none() || !priced
    }
}

/// Whether a number repeats so few characters that it is no number.
fn is_filler(number: &str) -> bool {
    let mut seen: Vec<u8> = number.bytes().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() < 5
}

//! A car that a dealer has, had, or will have.

use super::kinds::{KINDS, Kind};
use super::number;
use crate::model::details::Vehicle;
use crate::model::names;
use crate::random::Random;
use crate::text::slug;

/// What the dealer asks for a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Amount,
    /// Told on request, in these words.
    Request(&'static str),
    /// Told on request: `$0` stands in the place of the price.
    Zero,
}

/// What stands in the place of the chassis number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Number {
    Vin(String),
    Short(String),
    /// Seventeen ones.
    Filler,
    None,
}

impl Number {
    /// As printed; nothing if there is none.
    pub fn printed(&self) -> Option<&str> {
        match self {
            Self::Vin(number) | Self::Short(number) => Some(number),
            Self::Filler => Some(number::FILLER),
            Self::None => None,
        }
    }
}

/// What the odometer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Odometer {
    /// None for "TMU" alone.
    pub value: Option<i64>,
    /// `mi` or `km`.
    pub unit: &'static str,
    /// True mileage unknown.
    pub tmu: bool,
}

/// A car that stands on BaT, too.
#[derive(Debug, Clone)]
pub(super) struct Link<'a> {
    pub vehicle: &'a Vehicle,
    pub vin: &'a str,
    /// Canonical URL of its newest listing.
    pub url: String,
}

/// A car.
#[derive(Debug, Clone)]
pub(super) struct Car {
    /// Its place in the order in which the dealer takes cars in.
    pub index: usize,
    pub year: i32,
    pub make: &'static str,
    pub model: String,
    pub trim: String,
    pub number: Number,
    /// What was asked first, in whole units.
    pub first_price: i64,
    pub asked: Asked,
    pub odometer: Option<Odometer>,
    pub paint: &'static str,
    pub upholstery: &'static str,
    pub engine: &'static str,
    pub transmission: &'static str,
    /// The dealer's own number.
    pub stock: String,
    /// The platform's number.
    pub id: usize,
    /// The platform's number, where it is one of 32 hexadecimal digits.
    pub hex: String,
    /// Canonical URL of its newest listing on BaT.
    pub listing: Option<String>,
}

/// Words that stand in the place of a price.
const ON_REQUEST: &[&str] = &["Call for Price", "Inquire", "POA", "Price on request"];

impl Car {
    /// The car of a number at a site; the one of a BaT listing, if one is given.
    pub fn make(seed: u64, site: usize, index: usize, link: Option<Link<'_>>) -> Self {
        let mut random = Random::of(seed, "dealer's car", (site as u64) << 32 | index as u64);
        let kind = &KINDS[random.below(KINDS.len())];
        let year = random.between(kind.years.0.into(), kind.years.1.into()) as i32;
        let number = number(&mut random, kind, year, index);
        let mut car = Self {
            index,
            year,
            make: kind.make,
            model: kind.model.to_owned(),
            trim: kind.trim.to_owned(),
            number,
            first_price: first_price(&mut random),
            asked: match random.below(12) {
                0 => Asked::Request(random.pick(ON_REQUEST)),
                1 if random.chance(40) => Asked::Zero,
                _ => Asked::Amount,
            },
            odometer: odometer(&mut random),
            paint: random.pick(names::PAINTS),
            upholstery: random.pick(names::UPHOLSTERY),
            engine: kind.engine,
            transmission: kind.transmission,
            stock: format!("{}{:04}", random.pick(&["A", "B", "C", "F", "K", "P"]), 1_000 + index),
            id: 4_000 + index * 7 + random.below(7),
            hex: random.hex(32),
            listing: None,
        };
        if let Some(link) = link {
            car.become_one(&link);
        }
        car
    }

    /// Takes over what the listing says of the vehicle.
    fn become_one(&mut self, link: &Link<'_>) {
        let kind = link.vehicle.kind;
        let title = kind.titles.first().copied().unwrap_or(kind.model);
        let (model, trim) = title.split_once(' ').unwrap_or((title, ""));
        self.year = link.vehicle.year.unwrap_or(self.year);
        self.make = kind.make;
        self.model = model.to_owned();
        self.trim = trim.to_owned();
        self.number = Number::Vin(link.vin.to_owned());
        self.engine = kind.engine;
        self.transmission = kind.transmission;
        self.listing = Some(link.url.clone());
    }

    /// `1983 Mercedes-Benz 380 SL`.
    pub fn title(&self) -> String {
        format!("{} {} {} {}", self.year, self.make, self.model, self.trim).trim_end().to_owned()
    }

    /// `1983-mercedes-benz-380-sl`: other cars may have the same.
    pub fn slug(&self) -> String {
        slug(&self.title())
    }

    /// `1983-mercedes-benz-380-sl-4012`.
    pub fn numbered_slug(&self) -> String {
        format!("{}-{}", self.slug(), self.id)
    }

    /// The mileage in words; none if the dealer tells none.
    pub fn mileage(&self) -> Option<String> {
        let Odometer { value, unit, tmu } = self.odometer?;
        let Some(value) = value else { return Some("TMU".to_owned()) };
        let unit = if unit == "km" { "Kilometers" } else { "Miles" };
        let value = crate::text::thousands(value);
        Some(if tmu { format!("{value} {unit} (TMU)") } else { format!("{value} {unit}") })
    }

    /// The mileage as a bare number, for platforms that have no more room.
    pub fn bare_mileage(&self) -> Option<i64> {
        self.odometer?.value
    }

    /// The dealer's text.
    pub fn description(&self) -> String {
        format!(
            "This {} {} wears {} over {}. It was sold new to a doctor, and $4,500 was spent on its brakes in {}. \
             The engine is a {} with a {} transmission.",
            self.year,
            self.make,
            self.paint.to_lowercase(),
            self.upholstery.to_lowercase(),
            self.year + 20,
            self.engine,
            self.transmission.to_lowercase(),
        )
    }
}

fn number(random: &mut Random, kind: &Kind, year: i32, index: usize) -> Number {
    let (draw, modern) = (random.below(25), year >= 1981 && !kind.maker.is_empty());
    let vin = if modern {
        number::vin(random, kind.maker, year, index)
    } else {
        number::short(random, year, index)
    };
    match draw {
        0 => Number::Filler,
        1 if !modern => Number::None,
        _ if modern => Number::Vin(vin),
        _ => Number::Short(vin),
    }
}

/// What is asked, from that of a project to that of a Cobra.
fn first_price(random: &mut Random) -> i64 {
    match random.below(10) {
        0 => random.between(1_000, 3_900) * 1_000,
        1..=3 => random.between(100, 900) * 1_000 - 5,
        _ => random.between(25, 380) * 250,
    }
}

fn odometer(random: &mut Random) -> Option<Odometer> {
    let value = random.between(120, 148_000);
    let odometer = |value, unit, tmu| Some(Odometer { value, unit, tmu });
    match random.below(12) {
        0 => None,
        1 => odometer(None, "mi", true),
        2 => odometer(Some(value), "km", false),
        3 => odometer(Some(value), "mi", true),
        _ => odometer(Some(value), "mi", false),
    }
}

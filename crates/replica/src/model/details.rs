//! The bullets of "Listing Details", with all the ways in which they are written, and what they mean.

use serde_json::{Value, json};

use super::kinds::{Form, Kind};
use super::names;
use crate::random::Random;
use crate::text::thousands;

/// The vehicle of a listing: what several listings of the same one share.
#[derive(Debug, Clone)]
pub(crate) struct Vehicle {
    pub kind: &'static Kind,
    pub year: Option<i32>,
    pub chassis: Chassis,
    pub mileage: Option<Mileage>,
    pub paint: &'static str,
    pub repainted: bool,
    pub upholstery: Option<&'static str>,
    pub extras: Vec<&'static str>,
}

/// A chassis bullet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chassis {
    /// The bullet's markup; none on lots without one.
    pub html: Option<String>,
    /// The bullet's text.
    pub text: Option<String>,
    /// The number without notes.
    pub number: Option<String>,
    /// The number if it is a VIN.
    pub vin: Option<String>,
    /// A separate bullet with the engine's number.
    pub engine_number: Option<String>,
}

/// A mileage bullet and its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Mileage {
    pub text: String,
    pub value: Option<i64>,
    pub unit: Option<&'static str>,
    pub shown: bool,
    pub tmu: bool,
}

impl Mileage {
    /// As `bat_parse_listing` gives it.
    pub fn truth(&self) -> Value {
        json!({"value": self.value, "unit": self.unit, "shown": self.shown, "tmu": self.tmu, "text": self.text.trim()})
    }
}

impl Vehicle {
    /// A vehicle of a kind.
    pub fn make(random: &mut Random, kind: &'static Kind) -> Self {
        let year =
            (kind.years.0 > 0).then(|| random.between(kind.years.0.into(), kind.years.1.into()) as i32);
        let vehicle = kind.form == Form::Vehicle;
        let mut extras: Vec<&'static str> = Vec::new();
        for _ in 0..random.between(3, 11) {
            let extra = random.pick(names::EXTRAS);
            if !extras.contains(&extra) {
                extras.push(extra);
            }
        }
        Self {
            kind,
            year,
            chassis: if kind.form == Form::Parts {
                Chassis::default()
            } else {
                chassis(random, kind, year.unwrap_or(0))
            },
            mileage: match kind.form {
                Form::Vehicle => mileage(random),
                Form::Boat => Some(hours(random)),
                Form::Parts => None,
            },
            paint: random.pick(names::PAINTS),
            repainted: random.chance(12),
            upholstery: vehicle.then(|| random.pick(names::UPHOLSTERY)),
            extras,
        }
    }

    /// All bullets: (markup, text), in page order. Trailing spaces are the site's own.
    pub fn bullets(&self) -> Vec<(String, String)> {
        let mut bullets = Vec::new();
        if let (Some(html), Some(text)) = (&self.chassis.html, &self.chassis.text) {
            bullets.push((html.clone(), text.clone()));
        }
        let mut plain: Vec<String> = self.chassis.engine_number.iter().cloned().collect();
        plain.extend(self.mileage.iter().map(|mileage| mileage.text.clone()));
        if self.kind.form != Form::Parts {
            plain.push(format!("{} ", self.kind.engine));
            plain.push(self.kind.transmission.to_owned());
            plain.extend(self.kind.drivetrain.map(str::to_owned));
            plain.push(if self.repainted {
                format!("Repainted in {}", self.paint)
            } else {
                format!("{} Paint ", self.paint)
            });
            plain.extend(self.upholstery.map(|upholstery| format!("{upholstery} Upholstery ")));
        }
        plain.extend(self.extras.iter().map(|&extra| extra.to_owned()));
        bullets.extend(plain.into_iter().map(|text| (text.replace('&', "&amp;"), text)));
        bullets
    }
}

const VIN_LETTERS: &[&str] = &[
    "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "U", "V", "W", "X",
    "Y", "Z", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
];

fn vin(random: &mut Random, maker: &str) -> String {
    let mut vin = maker.to_owned();
    if random.chance(15) {
        vin.push_str("ZZZ");
    }
    while vin.len() < 11 {
        vin.push_str(random.pick(VIN_LETTERS));
    }
    format!("{vin}{:06}", random.between(1, 999_999))
}

/// Chassis bullets: VIN or short number, linked or not, with the notes that follow some.
fn chassis(random: &mut Random, kind: &Kind, year: i32) -> Chassis {
    let modern = year >= 1981 && !kind.maker.is_empty();
    let number = if modern { vin(random, kind.maker) } else { short_number(random) };
    let valid = modern.then(|| number.clone());
    let linked =
        format!("<a href=\"https://www.google.com/search?q={number}\" target=\"_blank\">{number}</a>");
    let make = |html: String, text: String, number: Option<String>, vin: Option<String>| Chassis {
        html: Some(html),
        text: Some(text),
        number,
        vin,
        engine_number: None,
    };
    let noted = |note: &str| {
        make(
            format!("Chassis: {linked}{note}"),
            format!("Chassis: {number}{note}"),
            Some(number.clone()),
            valid.clone(),
        )
    };
    match random.below(40) {
        0 => noted(" (see text)"),
        1 => noted(" (Canadian-market)"),
        2 => noted("; see text"),
        3 => noted(", Engine: S54B32"),
        4 => noted(" / Engine: 7654321"),
        5 => make(
            format!("Chassis:{number}"),
            format!("Chassis:{number}"),
            Some(number.clone()),
            valid.clone(),
        ),
        6 => Chassis { engine_number: Some("Engine: HM20700391".to_owned()), ..noted("") },
        7 if !modern => make("Chassis: N/A".to_owned(), "Chassis: N/A".to_owned(), None, None),
        8 if !modern => make("Chassis: Withheld".to_owned(), "Chassis: Withheld".to_owned(), None, None),
        9 if modern => {
            let typo = format!("{}@{}", &number[..2], &number[3..]);
            make(format!("Chassis: {typo}"), format!("Chassis: {typo}"), Some(typo), None)
        }
        _ => noted(""),
    }
}

fn short_number(random: &mut Random) -> String {
    let number = random.between(10_000, 999_999);
    match random.below(6) {
        0 => format!("FJ40{number}"),
        1 => format!("HBJ7L{number}"),
        2 => format!("136375A{number}"),
        3 => format!("00011BX5S{number:06}"),
        4 => format!("11304412{number:06}"),
        _ => number.to_string(),
    }
}

/// Mileage bullets in the shares and spellings of the real site; some lots have none.
fn mileage(random: &mut Random) -> Option<Mileage> {
    let thousand = random.between(2, 220);
    let exact = random.between(12, 99_900);
    let miles = |text: String, value: i64, shown: bool, tmu: bool| {
        Some(Mileage { text, value: Some(value), unit: Some("mi"), shown, tmu })
    };
    let kilometers = |text: String, value: i64, shown: bool, tmu: bool| {
        Some(Mileage { text, value: Some(value), unit: Some("km"), shown, tmu })
    };
    let value = thousand * 1_000;
    let in_miles = thousand * 62 / 100;
    match random.below(40) {
        0 | 1 => None,
        2 => Some(Mileage { text: "TMU".to_owned(), value: None, unit: None, shown: false, tmu: true }),
        3 => kilometers(format!("{thousand}k Kilometers (~{in_miles}k Miles) Shown"), value, true, false),
        4 => kilometers(format!("{thousand}k Kilometers Shown (~{in_miles}k Miles), TMU"), value, true, true),
        5 => kilometers(format!("{thousand}k Kilometers ({in_miles}k Miles)"), value, false, false),
        6 => kilometers(format!("{thousand}k Kilometers (~{in_miles} Miles) Shown"), value, true, false),
        7 => kilometers(format!("~{} Kilometers Shown, TMU", thousands(exact)), exact, true, true),
        8 => miles(format!("{thousand}k Miles Indicated"), value, true, false),
        9 => miles(format!("{thousand}k Chassis Miles"), value, false, false),
        10 => miles(format!("{thousand}k Chassis Miles Shown"), value, true, false),
        11 => miles(format!("{thousand}k Miles Shown TMU"), value, true, true),
        12 => miles(format!("{thousand}k Miles Shown,"), value, true, false),
        13 => miles(format!("{thousand}K Miles"), value, false, false),
        14 => miles(format!("~{thousand}k Miles Shown, TMU"), value, true, true),
        15 => miles(format!("{thousand}k Miles Shown on Repaired Speedometer"), value, true, false),
        16 => miles(format!("{thousand}k miles"), value, false, false),
        17 => miles(format!("{} miles", thousands(exact)), exact, false, false),
        18 => miles(format!("{exact} Miles Shown").replace("  ", " "), exact, true, false),
        19..=28 => miles(format!("{thousand}k Miles Shown"), value, true, false),
        29..=33 => miles(format!("{thousand}k Miles Shown, TMU"), value, true, true),
        _ => miles(format!("{thousand}k Miles "), value, false, false),
    }
}

fn hours(random: &mut Random) -> Mileage {
    if random.chance(30) {
        let text = "Total Runtime Unknown".to_owned();
        return Mileage { text, value: None, unit: None, shown: false, tmu: true };
    }
    let value = random.between(90, 6_000);
    let text = format!("{} Hours Shown, Total Runtime Unknown", thousands(value));
    Mileage { text, value: Some(value), unit: Some("h"), shown: true, tmu: true }
}

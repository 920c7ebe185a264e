//! Labels and their values.

use scraper::ElementRef;

use super::item::{Item, Mileage, value};
use super::mark;
use super::price::price;
use super::scope::{Scope, is_heading, short_text};
use crate::dom::Attributes;
use crate::text::collapse;
use crate::value::title;

/// What a label tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Number,
    ItemId,
    Year,
    Make,
    Model,
    Trim,
    Price,
    SoldPrice,
    Mileage(Option<&'static str>),
    Exterior,
    Interior,
    Transmission,
    Engine,
    Status,
}

/// Longest label and longest value.
const LABEL: usize = 30;
const VALUE: usize = 100;

/// The field that a label names, whatever its punctuation.
fn field(label: &str) -> Option<Field> {
    if label.len() > LABEL {
        return None;
    }
    let kept: String = label.chars().map(|c| if c.is_alphanumeric() || c == '/' { c } else { ' ' }).collect();
    let label = collapse(&kept).to_lowercase();
    // That of an engine is not the engine.
    match label.strip_suffix(" number").or_else(|| label.strip_suffix(" no")).unwrap_or(&label) {
        "vin" | "chassis" | "serial" | "vin/chassis" | "vin / chassis" | "frame" => {
            return Some(Field::Number);
        }
        "stock" | "stk" => return Some(Field::ItemId),
        _ => {}
    }
    Some(match &*label {
        "s/n" => Field::Number,
        "stock id" | "stockno" => Field::ItemId,
        "year" | "model year" => Field::Year,
        "make" | "manufacturer" => Field::Make,
        "model" => Field::Model,
        "trim" => Field::Trim,
        "price" | "asking price" | "our price" | "internet price" | "selling price" | "asking" => {
            Field::Price
        }
        "sold price" | "sold for" => Field::SoldPrice,
        "mileage" | "odometer" | "odometer reading" => Field::Mileage(None),
        "miles" => Field::Mileage(Some("mi")),
        "kilometers" | "kilometres" | "km" | "kms" => Field::Mileage(Some("km")),
        "exterior color" | "exterior colour" | "ext color" | "ext colour" | "exterior" | "color"
        | "colour" | "body color" | "paint color" => Field::Exterior,
        "interior color" | "interior colour" | "int color" | "int colour" | "interior" | "upholstery" => {
            Field::Interior
        }
        "transmission" | "trans" | "gearbox" => Field::Transmission,
        "engine" | "engine size" | "motor" => Field::Engine,
        "status" | "availability" => Field::Status,
        _ => return None,
    })
}

/// The labels of a part of a page with their values.
pub(super) fn pairs(scope: &Scope<'_>) -> Vec<(Field, String)> {
    let mut pairs = Vec::new();
    for element in &scope.elements {
        match element.value().name() {
            "tr" => of_row(*element, &mut pairs),
            "td" | "th" | "label" => {}
            _ => pairs.extend(of_siblings(*element).or_else(|| of_leaf(*element))),
        }
    }
    for line in &scope.lines {
        pairs.extend(of_line(&line.text));
    }
    pairs
}

/// Cells of a row: label and value in turn, wherever a label stands.
fn of_row(row: ElementRef<'_>, pairs: &mut Vec<(Field, String)>) {
    let mut cells = row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).peekable();
    while let Some(cell) = cells.next() {
        let Some(field) = short_text(cell).and_then(|label| field(&label)) else { continue };
        let text = cells.peek().copied().and_then(short_text);
        if let Some(text) = text.filter(|text| self::field(text).is_none() || field == Field::Status) {
            cells.next();
            pairs.push((field, text));
        }
    }
}

/// An element that is a label, and the element behind it.
fn of_siblings(element: ElementRef<'_>) -> Option<(Field, String)> {
    let label = short_text(element).filter(|text| text.len() <= LABEL)?;
    let field = field(&label)?;
    let next = element.next_siblings().find_map(ElementRef::wrap)?;
    if is_heading(element.value().name())
        || matches!(next.value().name(), "input" | "select" | "textarea" | "label")
    {
        return None;
    }
    if element.value().name() == "dt" && next.value().name() != "dd" || is_entry(element) && is_entry(next) {
        return None;
    }
    let text = short_text(next)
        .filter(|text| text.len() <= VALUE && self::field(text).is_none() && of_line(text).is_none())?;
    Some((field, text))
}

/// Whether an element is one of several of its kind, such as tabs: an entry of a list, a link, a button.
fn is_entry(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "li" | "a" | "button") || element.attribute("role") == Some("tab")
}

/// An element with a label and its value: `Stock #B11002`, `VIN: 1234`.
fn of_leaf(element: ElementRef<'_>) -> Option<(Field, String)> {
    if element.child_elements().next().is_some() {
        return None;
    }
    of_line(&short_text(element)?)
}

/// A line with a label, a colon or `#`, and the value.
fn of_line(line: &str) -> Option<(Field, String)> {
    let (label, rest) = line.split_once([':', '#'])?;
    let rest = rest.trim_start_matches([':', '#', ' ']);
    let field = field(label)?;
    // "(Stock # B11019)": the bracket belongs to the whole.
    let rest = if rest.contains('(') { rest } else { rest.trim_end_matches([')', ' ']) };
    (rest.len() <= VALUE && !rest.contains(':')).then(|| (field, rest.to_owned()))
}

impl Item {
    /// Takes what labels tell. A field for which they tell different things stays unknown.
    pub(super) fn read_pairs(&mut self, pairs: &[(Field, String)]) {
        let mut pairs: Vec<(Field, String)> = pairs
            .iter()
            .filter_map(|(field, text)| {
                // A value may repeat its label.
                let inner = of_line(text).filter(|(inner, _)| inner == field).map(|(_, text)| text);
                Some((*field, value(inner.as_ref().unwrap_or(text))?))
            })
            .collect();
        pairs.sort();
        pairs.dedup();
        let same = |a: &(Field, String), b: &(Field, String)| a.0 == b.0;
        for run in pairs.chunk_by(same) {
            if let [(field, text)] = run {
                self.read_field(*field, text);
            }
        }
    }

    /// Takes the value of one field, if that is still unknown.
    pub(super) fn read_field(&mut self, field: Field, text: &str) {
        let Some(text) = value(text) else { return };
        let slot = match field {
            Field::Number => return self.set_number(&text),
            Field::Price => {
                let nothing = || super::price::number(&text).filter(|amount| *amount == 0);
                if let Some(price) = price(&text) {
                    self.set_price(price);
                } else if nothing().is_some() && self.asking_price.is_none() {
                    self.price_on_request = true;
                }
                return;
            }
            Field::SoldPrice => {
                if let (None, Some(price)) = (self.sold_price, price(&text)) {
                    self.sold_price = price.amount;
                    self.currency = self.currency.take().or(price.currency);
                }
                return;
            }
            Field::Mileage(unit) => {
                self.mileage = self.mileage.take().or_else(|| Mileage::of(&text, unit));
                return;
            }
            Field::Year => {
                let alone = text.split_whitespace().count() == 1;
                self.year = self.year.or_else(|| title::year(&text).filter(|_| alone));
                return;
            }
            Field::Status => {
                self.status = self.status.or_else(|| mark::status(&text));
                return;
            }
            Field::Make => {
                self.make = self.make.take().or_else(|| super::make::typed(&text));
                return;
            }
            Field::ItemId => &mut self.item_id,
            Field::Model => &mut self.model,
            Field::Trim => &mut self.trim,
            Field::Exterior => &mut self.exterior_color,
            Field::Interior => &mut self.interior_color,
            Field::Transmission => &mut self.transmission,
            Field::Engine => &mut self.engine,
        };
        if slot.is_none() {
            *slot = Some(text);
        }
    }
}

//! Values of schema.org that are numbers, in the forms in which they are published.

use serde_json::Value;

use super::super::item::Mileage;
use crate::schema_org::string;

/// A number of items.
pub fn count(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|count| *count >= 0)
}

/// How many values a value is.
pub fn count_of(value: &Value) -> usize {
    value.as_array().map_or(1, Vec::len)
}

/// The year that a date begins with.
pub fn year(text: &str) -> Option<i32> {
    let text = text.trim();
    let year = text.get(..4)?;
    let ends = text.get(4..)?.chars().next().is_none_or(|c| !c.is_alphanumeric());
    crate::value::title::year(year).filter(|_| ends)
}

/// A mileage: a number, a text, or a QuantitativeValue with its unit.
pub fn mileage(value: &Value) -> Option<Mileage> {
    let unit = ["unitCode", "unitText"].iter().find_map(|key| unit(value.get(*key)?.as_str()?));
    let text = string(value)?;
    let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'));
    Mileage::of(whole.map_or(text.as_str(), |(whole, _)| whole), unit)
}

/// The unit that a UN/CEFACT code or a word names.
fn unit(code: &str) -> Option<&'static str> {
    match code.trim().to_ascii_lowercase().as_str() {
        "smi" | "mi" | "mile" | "miles" => Some("mi"),
        "kmt" | "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => Some("km"),
        _ => None,
    }
}

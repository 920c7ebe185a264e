//! Values of schema.org in the forms in which they are published.

use serde_json::Value;

use super::super::item::Mileage;
use crate::dom::{Document, text};
use crate::text::{decode, decode_again};

/// A number of items.
pub fn count(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|count| *count >= 0)
}

/// How many values a value is.
pub fn count_of(value: &Value) -> usize {
    value.as_array().map_or(1, Vec::len)
}

/// A value as text: a string or a number; the first of a list; the `@value`, `value` or `name` of an object.
pub fn string(value: &Value) -> Option<String> {
    string_within(value, usize::MAX)
}

/// The same, of a text that is written with no more than so many bytes.
pub fn string_within(value: &Value, most: usize) -> Option<String> {
    match value {
        Value::String(text) if text.len() > most => None,
        Value::String(text) => {
            let text = decode_again(decode(text).into_owned());
            (!text.trim().is_empty()).then_some(text)
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => {
            values.first().filter(|first| !first.is_array()).and_then(|first| string_within(first, most))
        }
        Value::Object(object) => ["@value", "value", "name"]
            .iter()
            .find_map(|key| object.get(*key))
            .filter(|value| !value.is_object() && !value.is_array())
            .and_then(|value| string_within(value, most)),
        _ => None,
    }
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

/// Text without markup.
pub fn plain(markup: &str) -> Option<String> {
    if markup.contains('<') {
        crate::text::non_empty(&text(Document::parse(markup).html.root_element()))
    } else {
        crate::text::non_empty(markup)
    }
}

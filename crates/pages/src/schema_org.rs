//! Values of schema.org in the forms in which they are published, in JSON-LD and in microdata turned into the same.

use serde_json::Value;

use crate::dom::{Document, text};
use crate::text::{decode, decode_again, non_empty};

/// What an object says, where a text is looked for: the surest first. The name of a `PropertyValue` is its label.
const SAYS: [&str; 3] = ["@value", "value", "name"];

/// A value as text: a string or a number; the first of a list; the `@value`, `value` or `name` of an object.
pub(crate) fn string(value: &Value) -> Option<String> {
    string_within(value, usize::MAX)
}

/// The same, of a text that is written with no more than so many bytes.
pub(crate) fn string_within(value: &Value, most: usize) -> Option<String> {
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
        Value::Object(object) => SAYS
            .iter()
            .find_map(|key| object.get(*key))
            .filter(|value| !value.is_object() && !value.is_array())
            .and_then(|value| string_within(value, most)),
        _ => None,
    }
}

/// Text without markup.
pub(crate) fn plain(markup: &str) -> Option<String> {
    if markup.contains('<') {
        non_empty(&text(Document::parse(markup).html.root_element()))
    } else {
        non_empty(markup)
    }
}

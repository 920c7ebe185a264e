//! Microdata as the JSON-LD that says the same.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};
use serde_json::{Map, Value};

use crate::dom::{Attributes, Document, text};

/// Most names of one property.
const MOST_NAMES: usize = 4;

/// The page's items that stand in no other, as objects with `@type`.
pub(crate) fn items(document: &Document) -> Vec<Value> {
    let outer = document.all("[itemscope][itemtype]");
    outer.into_iter().filter(|item| item.attribute("itemprop").is_none()).map(object).collect()
}

/// One item with its properties. The tree is never deeper than [`Document`] makes it, so recursion is safe.
pub(crate) fn object(item: ElementRef<'_>) -> Value {
    let mut object = Map::new();
    object.insert("@type".to_owned(), item.attribute("itemtype").unwrap_or_default().into());
    for child in item.children() {
        properties(child, &mut object);
    }
    Value::Object(object)
}

/// Adds the properties that stand in a node to the item around it. The first of a name counts.
fn properties(node: NodeRef<'_, Node>, object: &mut Map<String, Value>) {
    let Some(element) = ElementRef::wrap(node) else { return };
    let scope = element.attribute("itemscope").is_some();
    if let Some(names) = element.attribute("itemprop") {
        let value = if scope { self::object(element) } else { Value::String(value(element)) };
        // Each name repeats the value: of an item in items in items, the names would multiply.
        let most = if scope { 1 } else { MOST_NAMES };
        for name in names.split_whitespace().take(most) {
            add(object, name, value.clone());
        }
    }
    if !scope {
        for child in element.children() {
            properties(child, object);
        }
    }
}

/// Several values of a property are a list.
fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// Value of a property that is no item.
fn value(element: ElementRef<'_>) -> String {
    let attribute = match element.value().name() {
        "meta" => Some("content"),
        "a" | "area" | "link" => Some("href"),
        "img" | "source" | "video" | "audio" | "iframe" | "embed" => Some("src"),
        "time" => Some("datetime"),
        "data" | "meter" => Some("value"),
        _ => None,
    };
    let found = attribute.and_then(|name| element.attribute(name)).or_else(|| element.attribute("content"));
    found.map_or_else(|| text(element), |value| value.trim().to_owned())
}

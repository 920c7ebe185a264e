//! Businesses in JSON-LD, and in microdata turned into the same.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::address::{Address, whole};
use super::hours;
use crate::schema_org::{plain, string, string_within};
use crate::text::non_empty;

/// Types of businesses, with how much each tells: a dealer more than any business, that more than any
/// organization.
const TYPES: [(&str, u8); 24] = [
    ("autodealer", 3),
    ("motorcycledealer", 3),
    ("automotivebusiness", 3),
    ("autorepair", 3),
    ("autobodyshop", 3),
    ("autorental", 3),
    ("autopartsstore", 3),
    ("autowash", 3),
    ("motorcyclerepair", 3),
    ("localbusiness", 2),
    ("professionalservice", 2),
    ("selfstorage", 2),
    ("sportsclub", 2),
    ("store", 2),
    ("onlinebusiness", 2),
    ("onlinestore", 2),
    ("shoppingcenter", 2),
    ("entertainmentbusiness", 2),
    ("museum", 2),
    ("autoauction", 2),
    ("organization", 1),
    ("corporation", 1),
    ("ngo", 1),
    ("sportsorganization", 1),
];

/// Longest part of an address, and longest URL, in bytes. Many businesses may mean one object, and each would copy it.
const LONGEST_PART: usize = 1_000;
const LONGEST_URL: usize = 2_000;

/// Deepest place in a block where a business is looked for.
const DEEPEST: usize = 6;

/// What the businesses of a page say, as far as they agree.
#[derive(Clone, Debug, Default)]
pub(super) struct Business {
    pub name: Option<String>,
    pub description: Option<String>,
    pub telephone: Option<String>,
    pub email: Option<String>,
    pub address: Option<Address>,
    pub position: Option<(f64, f64)>,
    pub logo: Option<String>,
    pub image: Option<String>,
    pub hours: Option<String>,
    pub same_as: Vec<String>,
}

/// The objects of a page's blocks.
#[derive(Default)]
struct Graph<'a> {
    businesses: Vec<(u8, &'a Map<String, Value>)>,
    by_id: HashMap<&'a str, &'a Value>,
}

impl Business {
    /// Reads the businesses among the values of a page's blocks.
    pub fn of(values: &[Value]) -> Self {
        let mut graph = Graph::default();
        values.iter().for_each(|value| graph.collect(value, 0));
        let graph = &graph;
        Self {
            name: graph.agreed(|object| non_empty(&string(object.get("name")?)?)),
            description: graph
                .agreed(|object| string(object.get("description")?))
                .and_then(|text| plain(&text)),
            telephone: graph.agreed(|object| graph.contact(object, "telephone")),
            email: graph.agreed(|object| graph.contact(object, "email")),
            address: graph.agreed(|object| address(graph.resolve(object.get("address")?))),
            position: graph.agreed(|object| geo(graph.resolve(object.get("geo")?))),
            logo: graph.agreed(|object| graph.url(object.get("logo")?)),
            image: graph.agreed(|object| graph.url(object.get("image")?)),
            hours: graph.agreed(hours::published),
            same_as: graph
                .businesses
                .iter()
                .filter_map(|(_, object)| object.get("sameAs"))
                .flat_map(strings)
                .collect(),
        }
    }
}

impl<'a> Graph<'a> {
    /// Collects objects where a page puts its own business: at the top, in `@graph`, and as what a page or a
    /// site is about or published by.
    fn collect(&mut self, value: &'a Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, depth + 1)),
            Value::Object(object) => {
                if let Some(id) = object.get("@id").and_then(Value::as_str)
                    && object.len() > 1
                {
                    self.by_id.entry(id).or_insert(value);
                }
                if let Some(rank) = rank(object) {
                    self.businesses.push((rank, object));
                }
                for key in ["@graph", "mainEntity", "about", "publisher"] {
                    object.get(key).into_iter().for_each(|value| self.collect(value, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// The value that all businesses of the most telling type that has one agree on.
    fn agreed<T: PartialEq>(&self, read: impl Fn(&'a Map<String, Value>) -> Option<T>) -> Option<T> {
        for rank in [3, 2, 1] {
            let of_rank = self.businesses.iter().filter(|(of, _)| *of == rank);
            let mut values = of_rank.filter_map(|(_, object)| read(object));
            if let Some(first) = values.next() {
                return values.all(|value| value == first).then_some(first);
            }
        }
        None
    }

    /// The object that a reference by `@id` means.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let reference =
            value.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("@id"));
        // One step only: references may turn in a loop.
        reference.and_then(Value::as_str).and_then(|id| self.by_id.get(id)).copied().unwrap_or(value)
    }

    /// Address of a picture: a string, a list, an ImageObject or a reference to one.
    fn url(&self, value: &'a Value) -> Option<String> {
        match self.resolve(value) {
            Value::String(url) => picture_url(url),
            Value::Array(values) => values.iter().find_map(|value| match value {
                Value::Array(_) => None,
                value => self.url(value),
            }),
            Value::Object(object) => {
                let url = object.get("url").or_else(|| object.get("contentUrl"))?;
                url.as_str().and_then(picture_url)
            }
            _ => None,
        }
    }

    /// A phone number or e-mail address: the business's own, else that of its only contact point.
    fn contact(&self, object: &'a Map<String, Value>, key: &str) -> Option<String> {
        let first = |value: &Value| strings(value).into_iter().find_map(|text| non_empty(&text));
        object.get(key).and_then(first).or_else(|| match object.get("contactPoint")? {
            Value::Object(point) => point.get(key).and_then(first),
            Value::Array(points) => match points.as_slice() {
                [point] => point.get(key).and_then(first),
                _ => None,
            },
            _ => None,
        })
    }
}

fn picture_url(url: &str) -> Option<String> {
    if url.len() <= LONGEST_URL { non_empty(url) } else { None }
}

/// How much an object's type tells of it being a business.
fn rank(object: &Map<String, Value>) -> Option<u8> {
    let types = strings(object.get("@type")?);
    let ranks = types.iter().flat_map(|types| types.split_whitespace()).filter_map(|name| {
        let name = name.rsplit(['/', '#', ':']).next()?.to_ascii_lowercase();
        TYPES.iter().find(|(known, _)| *known == name).map(|(_, rank)| *rank)
    });
    ranks.max()
}

/// The strings of a string or list.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// A PostalAddress. An address given as one string is taken apart where it has the form of one, else kept whole,
/// as the street.
fn address(value: &Value) -> Option<Address> {
    match value {
        Value::String(_) => {
            let text = non_empty(&string(value)?)?;
            whole(&text).or_else(|| Address { street: Some(text), ..Address::default() }.known())
        }
        Value::Array(values) => match values.as_slice() {
            [one] => address(one),
            _ => None,
        },
        Value::Object(object) => {
            let part = |key: &str| string_within(object.get(key)?, LONGEST_PART);
            Address {
                street: part("streetAddress"),
                city: part("addressLocality"),
                state: part("addressRegion"),
                zip_code: part("postalCode"),
                country: part("addressCountry"),
            }
            .known()
        }
        _ => None,
    }
}

/// GeoCoordinates.
fn geo(value: &Value) -> Option<(f64, f64)> {
    let part = |key: &str| string_within(value.get(key)?, LONGEST_PART);
    position(&part("latitude")?, &part("longitude")?)
}

/// Latitude and longitude in degrees; `None` if out of range, or at 0, 0, where no business is.
pub(super) fn position(latitude: &str, longitude: &str) -> Option<(f64, f64)> {
    let degrees =
        |text: &str, limit: f64| text.trim().parse::<f64>().ok().filter(|value| value.abs() <= limit);
    let (latitude, longitude) = (degrees(latitude, 90.0)?, degrees(longitude, 180.0)?);
    (latitude != 0.0 || longitude != 0.0).then_some((latitude, longitude))
}

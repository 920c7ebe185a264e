//! Businesses in JSON-LD, and in microdata turned into the same.

mod object;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use url::Url;

use super::address::{Address, whole};
use super::hours;
use super::social::alike;
use crate::schema_org::{plain, string, string_within};
use crate::text::non_empty;
use object::{Site, id, is_page, name};

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

/// Most names under which the page's own business is known.
const MOST_NAMES: usize = 20;

/// Deepest place in a block where a business is looked for.
const DEEPEST: usize = 6;

/// What the objects of a page say of its own business, as far as they agree.
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
    businesses: Vec<Found<'a>>,
    by_id: HashMap<&'a str, &'a Value>,
}

/// A business among the objects.
struct Found<'a> {
    /// How much its type tells.
    rank: u8,
    object: &'a Map<String, Value>,
    /// Whether it is the page's own. What others of its rank say only contradicts.
    is_own: bool,
}

impl Business {
    /// Reads the businesses among the values of a page's blocks. `page` is where the page was fetched.
    pub fn of(values: &[Value], page: Option<&Url>) -> Self {
        let mut graph = Graph::default();
        values.iter().for_each(|value| graph.collect(value, 0));
        graph.choose(page);
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
                .filter(|found| found.is_own)
                .filter_map(|found| found.object.get("sameAs"))
                .flat_map(strings)
                .collect(),
        }
    }
}

impl<'a> Graph<'a> {
    /// Collects objects where a page puts its own business: at the top, in `@graph`, as who publishes something, and as what a
    /// page or a site is about. What an article is about is another's.
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
                    self.businesses.push(Found { rank, object, is_own: true });
                }
                let about: &[&str] = if is_page(object) { &["mainEntity", "about"] } else { &[] };
                for key in ["@graph", "publisher"].iter().chain(about) {
                    object.get(*key).into_iter().for_each(|value| self.collect(value, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// Tells the page's own business from others: it is the one with an address on the page's site, else the one of the most
    /// telling type. Objects with the same name or `@id`, or without a name, mean the same one. What has its address on another
    /// site is a stranger's, such as of those who made the site.
    fn choose(&mut self, page: Option<&Url>) {
        let site = |object: &Map<String, Value>| page.map_or(Site::Unknown, |page| Site::of(object, page));
        self.businesses.retain(|found| site(found.object) != Site::Other);
        let is_at_home = |found: &Found<'_>| site(found.object) == Site::Own;
        let best = self.businesses.iter().map(|found| (is_at_home(found), found.rank)).max();
        let Some((at_home, rank)) = best else { return };
        let is_chosen = |found: &Found<'_>| if at_home { is_at_home(found) } else { found.rank == rank };
        let chosen = || self.businesses.iter().filter(|found| is_chosen(found));
        let mut names: Vec<String> = chosen().filter_map(|found| name(found.object)).collect();
        names.sort();
        names.dedup();
        names.truncate(MOST_NAMES);
        let ids: HashSet<&str> = chosen().filter_map(|found| id(found.object)).collect();
        let is_same = |object: &Map<String, Value>| {
            id(object).is_some_and(|id| ids.contains(id))
                || names.is_empty()
                || name(object).is_none_or(|name| names.iter().any(|own| alike(own, &name)))
        };
        let own: Vec<bool> =
            self.businesses.iter().map(|found| is_chosen(found) || is_same(found.object)).collect();
        self.businesses.iter_mut().zip(own).for_each(|(found, is_own)| found.is_own = is_own);
    }

    /// The value that the page's own business has in the objects of the most telling type that has one, if all of that type
    /// agree on it.
    fn agreed<T: PartialEq>(&self, read: impl Fn(&'a Map<String, Value>) -> Option<T>) -> Option<T> {
        for rank in [3, 2, 1] {
            let of_rank = || self.businesses.iter().filter(|found| found.rank == rank);
            if let Some(first) = of_rank().filter(|found| found.is_own).find_map(|found| read(found.object)) {
                let mut values = of_rank().filter_map(|found| read(found.object));
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

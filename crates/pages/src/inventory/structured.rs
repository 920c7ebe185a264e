//! Vehicles in JSON-LD, and in microdata turned into the same.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::item::{Item, value};
use super::{LONGEST_URL, Page, offer, picture, title};
use crate::schema_org::{plain, string, string_within};
use crate::website::{json, microdata};

mod values;

use values::{count, count_of, mileage, year};

/// Types of vehicles, in small letters.
const VEHICLES: [&str; 7] =
    ["car", "vehicle", "motorvehicle", "motorcycle", "busortruck", "motorizedbicycle", "usedcar"];

/// Deepest place in a block where a vehicle is looked for.
const DEEPEST: usize = 12;

/// Most addresses of one vehicle that are looked at.
const MOST_ADDRESSES: usize = 8;

/// Properties below which a page puts its vehicles.
const WAYS: [&str; 9] = [
    "@graph",
    "mainEntity",
    "about",
    "itemListElement",
    "item",
    "itemOffered",
    "makesOffer",
    "offers",
    "hasOfferCatalog",
];

/// The vehicles of a page's structured data.
#[derive(Default)]
pub(super) struct Structured {
    /// Those that a list holds.
    pub listed: Vec<Item>,
    /// Those that stand by themselves.
    pub alone: Vec<Item>,
    /// How many items the list says it has.
    pub total: Option<i64>,
}

/// In what an object stands.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// The offer that it is what is offered by.
    offer: Option<&'a Map<String, Value>>,
    /// The address that its entry of a list has.
    address: Option<&'a Value>,
    /// Whether it stands in a list.
    listed: bool,
    /// How deep it stands in its block.
    depth: usize,
}

/// An object that is a vehicle.
struct Vehicle<'a> {
    object: &'a Map<String, Value>,
    around: Around<'a>,
}

/// The objects of a page's blocks.
#[derive(Default)]
struct Graph<'a> {
    vehicles: Vec<Vehicle<'a>>,
    by_id: HashMap<&'a str, &'a Value>,
    totals: Vec<i64>,
}

impl Structured {
    /// Reads the page's JSON-LD; where that tells of no vehicle, its microdata.
    pub fn of(page: &Page<'_>) -> Self {
        let found = Self::read(page, &json::blocks(&page.document.json_ld));
        if !found.alone.is_empty() || !found.listed.is_empty() {
            return found;
        }
        let mut read = Self::read(page, &microdata::items(&page.document));
        read.total = read.total.or(found.total);
        read
    }

    fn read(page: &Page<'_>, values: &[Value]) -> Self {
        let mut graph = Graph::default();
        values.iter().for_each(|value| graph.collect(value, Around::default()));
        graph.totals.dedup();
        let mut found = Self {
            total: graph.totals.first().copied().filter(|_| graph.totals.len() == 1),
            ..Self::default()
        };
        for Vehicle { object, around } in &graph.vehicles {
            let item = graph.item(page, object, *around);
            if item.is_known() {
                if around.listed { found.listed.push(item) } else { found.alone.push(item) }
            }
        }
        found
    }
}

/// The item that a vehicle's object of schema.org tells of.
pub(super) fn item_of(page: &Page<'_>, object: &Value) -> Option<Item> {
    Some(Graph::default().item(page, object.as_object()?, Around::default()))
}

impl<'a> Graph<'a> {
    /// Collects vehicles, with what they stand in.
    fn collect(&mut self, value: &'a Value, around: Around<'a>) {
        if around.depth > DEEPEST {
            return;
        }
        let below = Around { depth: around.depth + 1, ..around };
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, below)),
            Value::Object(object) => self.collect_object(value, object, below),
            _ => {}
        }
    }

    fn collect_object(&mut self, value: &'a Value, object: &'a Map<String, Value>, below: Around<'a>) {
        if let Some(id) = object.get("@id").and_then(Value::as_str)
            && object.len() > 1
        {
            self.by_id.entry(id).or_insert(value);
        }
        if is(object, &["breadcrumblist"]) {
            return;
        }
        let list = is(object, &["itemlist", "offercatalog"]);
        if list {
            self.totals.extend(object.get("numberOfItems").and_then(count));
        }
        if is_vehicle(object) {
            self.vehicles.push(Vehicle { object, around: below });
            return;
        }
        let offer = if object.contains_key("itemOffered") { Some(object) } else { below.offer };
        let entry = object.get("url").filter(|_| is(object, &["listitem"]));
        for key in WAYS {
            let Some(value) = object.get(key) else { continue };
            let many = key == "makesOffer" && count_of(value) > 1;
            let listed = below.listed || list || many;
            self.collect(value, Around { offer, address: entry.or(below.address), listed, ..below });
        }
    }

    /// The object that a reference by `@id` means.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let reference =
            value.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("@id"));
        // One step only: references may turn in a loop. Many objects may hold the same reference, in what they mean.
        let id = reference.and_then(Value::as_str).filter(|id| id.len() <= LONGEST_URL);
        id.and_then(|id| self.by_id.get(id)).copied().unwrap_or(value)
    }

    fn item(&self, page: &Page<'_>, object: &'a Map<String, Value>, around: Around<'a>) -> Item {
        let text = |key: &str| object.get(key).and_then(string);
        let short = |key: &str| text(key).and_then(|text| value(&text));
        let mut item = Item::default();
        if let Some(name) = text("name") {
            item.set_title(&name);
        }
        item.url = self.address(page, object, around.address);
        if let Some(number) = text("vehicleIdentificationNumber").or_else(|| text("serialNumber")) {
            item.set_number(&number);
        }
        item.item_id = short("sku").or_else(|| short("productID"));
        item.make = ["brand", "manufacturer"].iter().find_map(|key| super::make::typed(&text(key)?));
        item.model = short("model");
        item.trim = short("vehicleConfiguration");
        let dates = ["vehicleModelDate", "modelDate", "productionDate", "releaseDate"];
        item.year = dates.iter().find_map(|key| year(&text(key)?));
        item.exterior_color = short("color");
        item.interior_color = short("vehicleInteriorColor");
        item.transmission = short("vehicleTransmission");
        item.engine = object.get("vehicleEngine").and_then(|engine| {
            string(engine).or_else(|| string(engine.get("engineType")?)).and_then(|text| value(&text))
        });
        item.mileage = object.get("mileageFromOdometer").and_then(mileage);
        item.description = text("description").and_then(|text| plain(&text));
        item.image_urls = object.get("image").map(|images| self.pictures(page, images)).unwrap_or_default();
        let own = object.get("offers").map(|offers| self.offers(offers)).unwrap_or_default();
        offer::read(&mut item, own.into_iter().chain(around.offer));
        item
    }

    /// Address of the vehicle's page: its own, that of its offer, or of its `entry` in a list. In microdata it may stand among
    /// those of other things, such as of a word of schema.org's.
    fn address(
        &self,
        page: &Page<'_>,
        object: &'a Map<String, Value>,
        entry: Option<&'a Value>,
    ) -> Option<String> {
        let offered = object.get("offers").and_then(|offer| self.resolve(offer).get("url"));
        let stated = object.get("url").into_iter().chain(offered).chain(entry);
        let one = |value: &Value| string_within(value, LONGEST_URL);
        let mut addresses = stated.flat_map(|value| match value {
            Value::Array(values) => values.iter().take(MOST_ADDRESSES).filter_map(one).collect(),
            value => one(value).into_iter().collect::<Vec<_>>(),
        });
        let here = |address: String| page.resolve(&address).filter(|url| page.is_here(url));
        addresses.find_map(here).map(super::canonical)
    }

    /// An offer or those of a list, references followed: as many as are read, since many vehicles may mean one list.
    fn offers(&self, value: &'a Value) -> Vec<&'a Map<String, Value>> {
        let of = |offers: &'a Vec<Value>| {
            let first = offers.iter().take(offer::MOST);
            first.filter_map(|offer| self.resolve(offer).as_object()).collect()
        };
        match value {
            Value::Array(offers) => of(offers),
            value => {
                let object = self.resolve(value).as_object();
                // An AggregateOffer may hold the offers themselves.
                let inner = object.and_then(|object| object.get("offers")).and_then(Value::as_array);
                inner.map_or_else(|| object.into_iter().collect(), of)
            }
        }
    }

    fn pictures(&self, page: &Page<'_>, value: &'a Value) -> Vec<String> {
        let one = |value: &'a Value| {
            let url = match self.resolve(value) {
                Value::String(url) => url,
                Value::Object(object) => object.get("url").or_else(|| object.get("contentUrl"))?.as_str()?,
                _ => return None,
            };
            (url.len() <= LONGEST_URL).then(|| url.to_owned())
        };
        match value {
            Value::Array(values) => picture::urls(page, values.iter().filter_map(one)),
            value => picture::urls(page, one(value).into_iter()),
        }
    }
}

/// Whether an object's types have one of these names, in small letters.
fn is(object: &Map<String, Value>, names: &[&str]) -> bool {
    let named = |text: &str| {
        text.split_whitespace().any(|name| {
            let name = name.rsplit(['/', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
            names.contains(&name.as_str())
        })
    };
    match object.get("@type") {
        Some(Value::String(kind)) => named(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(named),
        _ => false,
    }
}

/// Whether an object is a vehicle: by its type, or a product with a VIN or a title that begins with a year.
fn is_vehicle(object: &Map<String, Value>) -> bool {
    let vehicle = is(object, &VEHICLES);
    let named = || object.get("name").and_then(string).is_some_and(|name| title::year_led(&name).is_some());
    vehicle || (is(object, &["product"]) && (object.contains_key("vehicleIdentificationNumber") || named()))
}

//! Which page is believed for which field, and how much.
//!
//! The order of belief: structured data and links of the front pages, then what further pages say, then the front pages'
//! running text. Confidence, 0 to 1: a base for the method; each further place that says the same halves the doubt; a place
//! that says otherwise takes a quarter away.

use std::collections::BTreeMap;

use bat_pages::Website;
use serde_json::{Value, json};

use super::super::rows;
use super::locality::Locality;
use super::{Place, SitePage};
use crate::store::merge::{Fields, is_missing};

/// Key in a row's metadata of what is noted here.
pub(super) const NOTED: &str = "bat_profile";

/// The groups of fields that a site may fill. The fields of a group belong together: all come from one page. The first
/// page that tells the group's first field, in the order of belief, tells it all.
pub const PROFILE: [&[&str]; 7] =
    [&["business_name"], &["description"], &["phone"], &["email"], PLACE, POSITION, &["social_links"]];

const PLACE: &[&str] = &["address", "city", "state", "zip_code", "country"];
const POSITION: &[&str] = &["latitude", "longitude"];

/// Fields that have one right value: two that differ contradict each other.
const EXACT: [&str; 7] = ["phone", "email", "address", "city", "state", "zip_code", "country"];

/// Most that is believed of anything.
const MOST: f64 = 0.99;

/// What of the pages is believed.
pub(super) struct Belief {
    /// The fields that are missing in the row, by the URL of the page that tells them.
    pub fields: BTreeMap<String, Fields>,
    /// What is noted of each of these fields.
    provenance: Fields,
    /// What has no column, and was noted before.
    noted: Fields,
    /// The same, new.
    extras: Fields,
}

impl Belief {
    /// Weighs what the pages say of these groups of fields.
    pub fn of(row: &Fields, pages: &[SitePage], is_shared: bool, groups: &[&[&str]], time: &str) -> Belief {
        let noted = row.get("metadata").and_then(|metadata| metadata.get(NOTED)).and_then(Value::as_object);
        let noted = noted.cloned().unwrap_or_default();
        let (fields, provenance, extras) = (BTreeMap::new(), Fields::new(), Fields::new());
        let mut belief = Belief { fields, provenance, noted, extras };
        let told: Vec<Fields> = pages.iter().map(|page| rows::website(&page.website)).collect();
        let held = Locality::of_row(row);
        let is_elsewhere = |page: &SitePage| held.is_elsewhere(&Locality::of_page(&page.website), is_shared);
        let mut place = Locality::default();
        for group in groups {
            let doubt = |page: &SitePage| match *group {
                group if group == PLACE || group == POSITION => {
                    let told = Locality::of_page(&page.website);
                    (held.may_be_completed_by(&told) && !place.contradicts(&told)).then_some(false)
                }
                ["phone"] | ["email"] => Some(is_elsewhere(page)),
                _ => Some(false),
            };
            let Some(best) = best_page(pages, group, doubt) else { continue };
            if *group == PLACE {
                place = Locality::of_page(&pages[best].website);
            }
            for field in group.iter().filter(|field| is_missing(row, field)) {
                belief.take(&pages[best], field, best, &told, is_elsewhere(&pages[best]), time);
            }
        }
        if !groups.is_empty() {
            belief.add_hours(pages, |page| (!is_elsewhere(page)).then_some(false));
        }
        belief
    }

    /// Takes over what the page at `best` tells of a field, if it does; `told` is what each page tells.
    fn take(
        &mut self,
        page: &SitePage,
        field: &str,
        best: usize,
        told: &[Fields],
        is_elsewhere: bool,
        time: &str,
    ) {
        let Some(value) = told[best].get(field).filter(|value| !value.is_null()) else { return };
        let others = told.iter().enumerate().filter(|(at, _)| *at != best);
        let others: Vec<&Value> = others.filter_map(|(_, told)| told.get(field)).collect();
        let mut confidence = confidence(&page.website, field, value, &others);
        if is_elsewhere && EXACT.contains(&field) {
            confidence = rounded(confidence * 0.75);
        }
        let facts = Fields::from_iter([
            ("method".to_owned(), json!(method(&page.website, field))),
            ("confidence".to_owned(), json!(confidence)),
            ("time".to_owned(), json!(time)),
        ]);
        self.put(page.page.url.as_str(), field, value.clone(), facts);
        if field == "phone" && page.website.phone_text.is_some() {
            self.extras.insert("phone_text".to_owned(), json!(page.website.phone_text));
        }
    }

    /// A missing field's value, by the page that tells it; `facts` is what is noted of it beside that page's URL.
    pub fn put(&mut self, url: &str, field: &str, value: Value, mut facts: Fields) {
        self.fields.entry(url.to_owned()).or_default().insert(field.to_owned(), value);
        facts.insert("source_url".to_owned(), json!(url));
        self.provenance.insert(field.to_owned(), Value::Object(facts));
    }

    /// The opening hours, where none are noted. Those of another place are not this one's.
    fn add_hours(&mut self, pages: &[SitePage], doubt: impl Fn(&SitePage) -> Option<bool>) {
        if self.noted.contains_key("opening_hours") {
            return;
        }
        let page = best_page(pages, &["opening_hours"], doubt).map(|best| &pages[best]);
        if let Some(hours) = page.and_then(|page| page.website.opening_hours.as_ref()) {
            self.extras.insert("opening_hours".to_owned(), json!(hours));
        }
    }

    /// What is to be noted of the row; `None` if nothing is new.
    pub fn noted(&self) -> Option<Value> {
        if self.provenance.is_empty() && self.extras.is_empty() {
            return None;
        }
        let mut noted = self.noted.clone();
        noted.extend(self.extras.clone());
        let mut fields = noted.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
        fields.extend(self.provenance.clone());
        noted.insert("fields".to_owned(), Value::Object(fields));
        Some(Value::Object(noted))
    }
}

/// What a page calls the field of a column.
fn name(field: &str) -> &str {
    if field == "business_name" { "name" } else { field }
}

fn method<'a>(website: &'a Website, field: &str) -> &'a str {
    website.sources.get(name(field)).map_or("text", String::as_str)
}

/// Place of a method in the order of belief; smaller is better.
fn rank(place: Place, method: &str) -> u8 {
    match (place, method) {
        (Place::Front, "json-ld" | "microdata") => 0,
        (Place::Front, "text") => 4,
        (Place::Front, _) => 1,
        (Place::Further, "text") => 3,
        (Place::Further, _) => 2,
    }
}

/// The page that is believed for a group of fields: of those that tell its first field, else of those that tell any.
/// `doubt`: `None` of a page that is not believed at all, true of one that others go before.
fn best_page(pages: &[SitePage], group: &[&str], doubt: impl Fn(&SitePage) -> Option<bool>) -> Option<usize> {
    group.iter().find_map(|field| {
        let tells = |page: &SitePage| page.website.sources.contains_key(name(field));
        let telling = pages.iter().enumerate().filter(|(_, page)| tells(page));
        let ranked = telling.filter_map(|(at, page)| {
            Some(((doubt(page)?, rank(page.place, method(&page.website, field))), at))
        });
        ranked.min().map(|(_, at)| at)
    })
}

/// What a method alone is worth.
pub(super) fn worth(method: &str) -> f64 {
    match method {
        "json-ld" => 0.9,
        "microdata" | "link" => 0.85,
        "meta" | "tel" | "mailto" | "default" => 0.8,
        "map" | "img" | "title" => 0.7,
        "hero" | "style" | "touch-icon" => 0.5,
        _ => 0.6,
    }
}

/// How sure a value is: `others` is what the other pages say of the field.
fn confidence(website: &Website, field: &str, value: &Value, others: &[&Value]) -> f64 {
    let others: Vec<&&Value> = others.iter().filter(|other| !other.is_null()).collect();
    let same = others.iter().filter(|other| is_same(value, other)).count();
    let confirmed = website.confirmed_by.get(name(field)).map_or(0, Vec::len) + same;
    let doubt = (1.0 - worth(method(website, field))) * 0.5_f64.powi(i32::try_from(confirmed).unwrap_or(8));
    let is_contradicted = EXACT.contains(&field) && same < others.len();
    let sure = (1.0 - doubt).min(MOST);
    rounded(if is_contradicted { sure * 0.75 } else { sure })
}

pub(super) fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}

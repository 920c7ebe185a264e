//! The admin interface under `/_replica/`, for tests that are not written in Rust. It leaves no trace in the log.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::request::Request;
use super::response::Response;
use crate::config::Robots;
use crate::dealers;
use crate::faults::Rule;
use crate::model::listing::State;
use crate::model::thread::Change;
use crate::pages::parts::Part;
use crate::truth;
use crate::world::{Directory, World};

/// Answers an admin request.
pub(super) fn respond(shared: &Shared, request: &Request) -> Response {
    match (request.method.as_str(), request.path()) {
        ("GET", "/_replica/log") => Response::json(200, &json!(shared.log.entries())),
        ("POST", "/_replica/log/clear") => {
            shared.log.clear();
            Response::json(200, &json!({"cleared": true}))
        }
        ("GET", "/_replica/truth") => Response::json(200, &truth::all(&shared.world)),
        ("GET", "/_replica/truth/listings") => listings(&shared.world, &request.query()),
        ("GET", "/_replica/truth/thread") => result(thread(&shared.world, &request.query())),
        ("GET", "/_replica/truth/partners") => Response::json(200, &truth::partners(&shared.world)),
        ("GET", "/_replica/truth/members") => Response::json(200, &truth::members(&shared.world)),
        ("GET", "/_replica/truth/sites") => Response::json(200, &truth::sites(&shared.world)),
        ("GET", "/_replica/truth/inventory") => result(inventory(&shared.world, &request.query())),
        ("GET", "/_replica/faults") => {
            let rules: Vec<Value> = shared
                .faults
                .list()
                .iter()
                .map(|(rule, struck)| json!({"rule": rule, "struck": struck}))
                .collect();
            Response::json(200, &json!(rules))
        }
        ("POST", "/_replica/faults") => result(add_faults(shared, &request.body)),
        ("DELETE", "/_replica/faults") => {
            shared.faults.clear();
            Response::json(200, &json!({"cleared": true}))
        }
        ("POST", "/_replica/set") => result(set(&shared.world, &request.body)),
        _ => Response::json(404, &json!({"error": "no such admin request"})),
    }
}

fn result(result: Result<Value, String>) -> Response {
    match result {
        Ok(value) => Response::json(200, &value),
        Err(error) => Response::json(400, &json!({"error": error})),
    }
}

/// Truth of listings, by `url`, `slug`, `seller`, `status`, with `limit` and `offset`.
fn listings(world: &World, query: &[(String, String)]) -> Response {
    let get = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let number = |name: &str| get(name).and_then(|value| value.parse().ok());
    let slug = get("url").map(slug).or_else(|| get("slug"));
    let listings = world.listings();
    let chosen: Vec<Value> = listings
        .iter()
        .filter(|listing| slug.is_none_or(|slug| listing.slug == slug))
        .filter(|listing| get("seller").is_none_or(|seller| world.members[listing.seller].username == seller))
        .filter(|listing| get("status").is_none_or(|status| truth::status(listing.state) == status))
        .skip(number("offset").unwrap_or(0))
        .take(number("limit").unwrap_or(usize::MAX))
        .map(|listing| truth::listing(world, listing))
        .collect();
    Response::json(200, &json!(chosen))
}

/// Truth of a listing's thread, by the `url` of the listing.
fn thread(world: &World, query: &[(String, String)]) -> Result<Value, String> {
    let url = query.iter().find(|(key, _)| key == "url").map_or("", |(_, value)| value.as_str());
    let listing = world.find(slug(url)).ok_or_else(|| no_such_listing(url))?;
    Ok(truth::thread(world, &listing))
}

/// Truth of the inventory of a `site`, by its slug, or of all sites, at a `crawl`.
fn inventory(world: &World, query: &[(String, String)]) -> Result<Value, String> {
    let get = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let crawl = get("crawl").map(|text| text.parse().map_err(|_| no_such_crawl(text))).transpose()?;
    if let Some(crawl) = crawl {
        check_crawl(crawl)?;
    }
    match get("site") {
        Some(slug) => dealers::site(world, slug, crawl).ok_or_else(|| format!("no such site: {slug:?}")),
        None => Ok(dealers::all(world, crawl)),
    }
}

/// An error if there is no crawl of this number.
fn check_crawl(crawl: u32) -> Result<(), String> {
    if (1..=dealers::LAST_CRAWL).contains(&crawl) { Ok(()) } else { Err(no_such_crawl(&crawl.to_string())) }
}

fn no_such_crawl(text: &str) -> String {
    format!("crawl is a number from 1 to {}, not {text:?}", dealers::LAST_CRAWL)
}

/// The last part of a listing's URL.
fn slug(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn no_such_listing(url: &str) -> String {
    format!("no such listing: {url:?}")
}

/// Adds one rule, or a list of rules.
fn add_faults(shared: &Shared, body: &[u8]) -> Result<Value, String> {
    let rules = parse_rules(body)?;
    let count = rules.len();
    for rule in rules {
        shared.faults.add(rule).map_err(|error| error.to_string())?;
    }
    Ok(json!({"added": count}))
}

/// One rule, or a list of rules.
pub(crate) fn parse_rules(body: &[u8]) -> Result<Vec<Rule>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let list = if value.is_array() { value } else { json!([value]) };
    serde_json::from_value(list).map_err(|error| error.to_string())
}

/// What can be set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    /// `open`, `real`, or a text.
    robots: Option<String>,
    rel_next: Option<bool>,
    gzip: Option<bool>,
    /// `full`, `half`, `empty`.
    directory: Option<String>,
    feed_shift: Option<usize>,
    feed_cap: Option<usize>,
    /// Number of the crawl that the dealers' inventories are shown for.
    crawl: Option<u32>,
    /// Parts that listing pages are served without: a name such as `essentials.location`, or a list; empty: whole pages.
    drop: Option<Value>,
    /// URL or slug of a listing to change.
    listing: Option<String>,
    /// Its new state.
    status: Option<String>,
    /// Its new highest bid; with the status `sold_after_auction` the price that was agreed.
    price: Option<i64>,
    /// What happens to its thread.
    thread: Option<Change>,
    /// Its new end, Unix seconds.
    ends_at: Option<i64>,
    /// Offers its vehicle again: the answer is the new listing. With `seller` and `ends_at` of its own, or the same
    /// seller and a week.
    #[serde(default)]
    relist: bool,
    /// Account that offers it again.
    seller: Option<String>,
}

/// One part of a listing's page, or a list of parts.
fn parts(names: &Value) -> Result<Vec<Part>, String> {
    let list = names.as_array().cloned().unwrap_or_else(|| vec![names.clone()]);
    let part = |name: &Value| {
        name.as_str().and_then(Part::named).ok_or_else(|| format!("no such part of a listing's page: {name}"))
    };
    list.iter().map(part).collect()
}

fn set(world: &World, body: &[u8]) -> Result<Value, String> {
    let setting: Setting = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let directory = match setting.directory.as_deref() {
        None => None,
        Some("full") => Some(Directory::Full),
        Some("half") => Some(Directory::Half),
        Some("empty") => Some(Directory::Empty),
        Some(other) => return Err(format!("directory is full, half or empty, not {other:?}")),
    };
    let state = match setting.status.as_deref() {
        None => None,
        Some(name) => Some(State::named(name).ok_or_else(|| format!("no such status: {name:?}"))?),
    };
    setting.crawl.map_or(Ok(()), check_crawl)?;
    let dropped = setting.drop.as_ref().map(parts).transpose()?;
    world.switch(|switches| {
        switches.robots = match setting.robots.as_deref() {
            None => switches.robots.clone(),
            Some("open") => Robots::Open,
            Some("real") => Robots::Real,
            Some(text) => Robots::Text(text.to_owned()),
        };
        switches.rel_next = setting.rel_next.unwrap_or(switches.rel_next);
        switches.gzip = setting.gzip.unwrap_or(switches.gzip);
        switches.directory = directory.unwrap_or(switches.directory);
        switches.feed_cap = setting.feed_cap.unwrap_or(switches.feed_cap);
        switches.crawl = setting.crawl.unwrap_or(switches.crawl);
        switches.feed_shift = setting.feed_shift.unwrap_or(switches.feed_shift);
    });
    if let Some(parts) = dropped {
        world.drop_parts(parts);
    }
    let Some(listing) = setting.listing else { return Ok(json!({"set": true})) };
    let slug = slug(&listing);
    let missing = || no_such_listing(&listing);
    if setting.relist {
        let seller = match setting.seller.as_deref() {
            None => None,
            Some(name) => Some(world.member(name).ok_or_else(|| format!("no such account: {name:?}"))?),
        };
        let new = world.relist(slug, seller, setting.ends_at).ok_or_else(missing)?;
        return Ok(truth::listing(world, &new));
    }
    if let Some(change) = setting.thread
        && !world.change(slug, |listing| listing.thread_changes.push(change))
    {
        return Err(missing());
    }
    if let Some(price) = setting.price
        && !world.price(slug, price, state)
    {
        return Err(missing());
    }
    let advances = state.is_some() || setting.ends_at.is_some();
    if advances && !world.advance(slug, state, setting.ends_at) {
        return Err(missing());
    }
    world.find(slug).map(|listing| truth::listing(world, &listing)).ok_or_else(missing)
}

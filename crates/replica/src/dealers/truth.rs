//! What a reader of a dealer's site should find.

use serde_json::{Value, json};

use super::car::{Asked, Car, Number, Odometer};
use super::habit::{Habit, Trouble};
use super::life::State;
use super::lot::{Answer, Lot, Offer};
use super::markup::currency;
use crate::world::World;

/// Truth of all sites at a crawl; the current one if none is given.
pub(crate) fn all(world: &World, crawl: Option<u32>) -> Value {
    (0..world.sites.len()).map(|number| of(world, number, crawl)).collect()
}

/// Truth of the site with a slug. None if there is no such site.
pub(crate) fn site(world: &World, slug: &str, crawl: Option<u32>) -> Option<Value> {
    let number = world.sites.iter().position(|site| site.slug == slug)?;
    Some(of(world, number, crawl))
}

fn of(world: &World, number: usize, crawl: Option<u32>) -> Value {
    let crawl = crawl.unwrap_or_else(|| world.switches().crawl);
    let lot = world.dealers.lot(number, crawl);
    let (site, base) = (&world.sites[number], &world.site_urls[number]);
    let markup = lot.markup;
    let nothing = lot.habit == Habit::Nothing;
    let list_path = markup.list_path().filter(|_| !nothing);
    let shown = |offer: &&Offer| offer.answer == Answer::Page;
    let gone = lot.offers.iter().filter(|offer| !shown(offer));
    json!({
        "site": site.slug,
        "url": base,
        "crawl": lot.crawl,
        "habit": lot.habit.name(),
        "platform": markup.platform().filter(|_| !nothing && lot.trouble != Trouble::Wall),
        "list_url": list_path.map(|path| format!("{base}{path}")),
        "list_pages": lot.pages(),
        "sitemap_url": (!nothing && list_path.is_none()).then(|| format!("{base}/sitemap_index.xml")),
        "is_whole": is_whole(&lot, world.own_hosts),
        "items": lot.offers.iter().filter(shown).map(|offer| item(&lot, offer, base, site.country)).collect::<Vec<_>>(),
        "gone": gone.map(|offer| gone_item(offer, base)).collect::<Vec<_>>(),
    })
}

/// Whether who keeps to `robots.txt` can see every car that is for sale.
fn is_whole(lot: &Lot, own_hosts: bool) -> bool {
    match lot.trouble {
        Trouble::Wall | Trouble::Maintenance | Trouble::EmptyList => false,
        // Below a host of others the site's own robots.txt counts for nothing: neither its rules nor its sitemap.
        _ if lot.habit == Habit::WordPress => own_hosts,
        _ => !(own_hosts && lot.markup.closes_pager() && lot.pages() > 1),
    }
}

fn item(lot: &Lot, offer: &Offer, base: &str, country: &str) -> Value {
    let car = &offer.car;
    let tells = lot.markup.tells();
    let priced = !offer.is_sold() || tells.price_when_sold;
    let asking_price = offer.amount().filter(|_| priced);
    let list_price = asking_price
        .filter(|_| offer.list_page.is_some() && lot.markup.list_tells_price(car))
        .map(|price| if offer.has_typo { price * 10 } else { price });
    let (sign, code) = currency(country);
    let chassis = match &car.number {
        Number::Vin(number) | Number::Short(number) => Some(number),
        Number::Filler | Number::None => None,
    };
    json!({
        "url": format!("{base}{}", offer.path),
        "item_id": lot.markup.item_id(car),
        "title": car.title(),
        "year": car.year,
        "make": car.make,
        "model": car.model,
        "vin": chassis.filter(|_| matches!(car.number, Number::Vin(_))),
        "chassis": chassis,
        "asking_price": asking_price,
        "price_on_request": priced && car.asked != Asked::Amount && !tells.silent,
        // A bare `$` is that of many countries.
        "currency": asking_price.map(|_| code).filter(|_| tells.code || sign != "$"),
        "status": status(offer.state),
        "mileage": mileage(car, tells.bare_mileage),
        "on_list": offer.list_page.is_some(),
        "list_page": offer.list_page,
        "list_price": list_price,
        "in_sitemap": lot.markup.list_path().is_none() && is_shown(offer.state),
        "is_of_listing": car.listing,
    })
}

/// Whether the site shows the car among what it has.
fn is_shown(state: State) -> bool {
    matches!(state, State::Offered | State::Pending | State::Sold)
}

fn status(state: State) -> &'static str {
    match state {
        State::Offered | State::Away => "in_stock",
        State::Pending => "pending",
        State::Sold | State::Gone => "sold",
    }
}

fn mileage(car: &Car, bare: bool) -> Option<Value> {
    let Odometer { value, unit, tmu } = car.odometer?;
    if bare {
        return value.map(|value| json!({"value": value, "unit": null, "tmu": false}));
    }
    Some(json!({"value": value, "unit": value.map(|_| unit), "tmu": tmu}))
}

fn gone_item(offer: &Offer, base: &str) -> Value {
    json!({
        "url": format!("{base}{}", offer.path),
        "vin": match &offer.car.number { Number::Vin(vin) => Some(vin), _ => None },
        "answer": if offer.answer == Answer::Redirect { 302 } else { 404 },
        "returns": offer.state == State::Away,
    })
}

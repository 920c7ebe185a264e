//! Makes the auctions: one after the other in the order of their ends, relisted vehicles among them.

use std::collections::HashMap;
use std::sync::Arc;

use super::details::Vehicle;
use super::directory::Row;
use super::kinds::{Form, KINDS};
use super::listing::{Currency, Listing, Markup, State};
use super::members::Member;
use super::names;
use crate::random::Random;
use crate::text;
use crate::time;

/// What the listings are made from.
pub(crate) struct Ground<'a> {
    pub seed: u64,
    pub now: i64,
    pub rows: &'a [Row],
    pub members: &'a [Member],
    /// Accounts below this number sell.
    pub sellers: usize,
}

/// `count` listings, oldest end first.
pub(crate) fn listings(ground: &Ground<'_>, count: usize) -> Vec<Listing> {
    let mut slugs: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Listing> = Vec::with_capacity(count);
    let live = if count == 0 { 0 } else { (count / 18).max(6).min(count) };
    for index in 0..count {
        let mut random = Random::of(ground.seed, "listing", index as u64);
        let ends_at = ends_at(ground.now, &mut random, index, count - live, count);
        let listing = listing(ground, &mut random, &all, &mut slugs, ends_at);
        all.push(listing);
    }
    all
}

/// Ends lie between 2014 and next week, closer together towards today.
fn ends_at(now: i64, random: &mut Random, index: usize, closed: usize, count: usize) -> i64 {
    if index >= closed {
        let step = 7 * 86_400 / (count - closed).max(1) as i64;
        return now + 1_800 + (index - closed) as i64 * step + random.between(0, step.min(600));
    }
    let start = time::midnight(2014, 8, 1);
    let share = (index as f64 + 0.5) / closed as f64;
    let bent = 1.0 - (1.0 - share).powi(2);
    let jitter = random.between(0, 600);
    (start + ((now - 7_200 - start) as f64 * bent) as i64 + jitter).min(now - 3_600)
}

fn listing(
    ground: &Ground<'_>,
    random: &mut Random,
    earlier: &[Listing],
    slugs: &mut HashMap<String, usize>,
    ends_at: i64,
) -> Listing {
    let index = earlier.len();
    let again = relisted(random, earlier);
    let seller = match again {
        Some(first) if random.chance(25) => first.seller,
        _ => seller(ground, random),
    };
    let (vehicle, chain) = match again {
        Some(first) => (Arc::clone(&first.vehicle), first.chain),
        None => {
            let kind = &KINDS[kind(random)];
            (Arc::new(Vehicle::make(random, kind)), index)
        }
    };
    let (location, country) = location(ground, random, seller);
    let markup = markup(random, ends_at);
    let location = if markup == Markup::OldEssentials { without_zip(location) } else { location };
    let state = if ends_at > ground.now { State::Live } else { closed_state(random, markup) };
    let base_bid = bid(random, vehicle.kind.form);
    let (title, slug) = (title(random, &vehicle), unique_slug(&vehicle, random, slugs));
    let dealer = ground.members[seller].dealer;
    Listing {
        index,
        post_id: 4_000_000 + index as i64 * 71_003 + random.between(0, 70_000),
        lot: 553 + index as i64 * 160 + random.between(0, 150),
        slug,
        title,
        no_reserve: !matches!(state, State::ReserveNotMet | State::SoldAfter) && random.chance(30),
        premium: base_bid > 60_000 && random.chance(60),
        state,
        currency: currency(random, country, ends_at),
        base_bid,
        later_bids: Vec::new(),
        thread_changes: Vec::new(),
        agreed: base_bid + (base_bid / 16 / 250 + 1) * 250,
        seller,
        ends_at,
        opened_at: ends_at - 7 * 86_400,
        markup,
        location,
        country,
        vehicle,
        chain,
        photos: photos(random),
        videos: [0, 0, 1, 2, 4][random.below(5)],
        views: random.between(900, 31_000),
        watchers: random.between(60, 2_100),
        charges: dealer.then(|| charges(random)),
        revision: 0,
    }
}

/// 89 to 398 photos, mostly at the lower end: pages of 400 to 650 kilobytes.
fn photos(random: &mut Random) -> usize {
    let high = if random.chance(6) { 398 } else { 220 };
    random.between(89, high) as usize
}

/// One listing in twelve offers a vehicle that was offered before.
fn relisted<'a>(random: &mut Random, earlier: &'a [Listing]) -> Option<&'a Listing> {
    if earlier.len() < 12 || !random.chance(8) {
        return None;
    }
    let candidate = &earlier[random.below(earlier.len())];
    let known = candidate.vehicle.chassis.number.is_some() && candidate.vehicle.kind.form == Form::Vehicle;
    known.then_some(candidate)
}

/// Parts are rarer than vehicles.
fn kind(random: &mut Random) -> usize {
    let kind = random.below(KINDS.len());
    if KINDS[kind].form == Form::Vehicle || random.chance(60) { kind } else { random.below(24) }
}

/// The first partner sells a fifth of everything, the second a tenth; a fifth comes from non-partners.
fn seller(ground: &Ground<'_>, random: &mut Random) -> usize {
    let partners = ground.members.iter().take_while(|member| member.site.is_some()).count();
    match random.below(10) {
        0 | 1 => 0,
        2 => 1.min(ground.sellers - 1),
        3 | 4 => partners + random.below(ground.sellers - partners),
        _ => random.below(partners.max(1)),
    }
}

fn location(ground: &Ground<'_>, random: &mut Random, seller: usize) -> (String, &'static str) {
    let account = &ground.members[seller].username;
    let rows: Vec<&Row> = ground.rows.iter().filter(|row| row.username.to_lowercase() == *account).collect();
    if rows.is_empty() || random.chance(8) {
        let (place, country) = names::PLACES[random.below(names::PLACES.len())];
        return (place.to_owned(), country);
    }
    let row = rows[random.below(rows.len())];
    let city = row.city.as_deref().unwrap_or("Muncie");
    let city = city.split([' ', '/', '–']).next().filter(|_| city.contains(['/', '–'])).unwrap_or(city);
    let printed = match (row.country, row.state.as_deref()) {
        ("US", _) => format!(
            "{city}, {} {:05}",
            title_case(row.region.unwrap_or_default()),
            random.between(10_001, 99_499)
        ),
        ("CA", Some("AB")) => format!("{city}, Alberta, Canada"),
        ("CA", Some("ON")) => format!("{city}, Ontario, Canada"),
        ("CA", _) => format!("{city}, British Columbia, Canada"),
        (code, _) => format!("{city}, {}", super::members::country_name(code)),
    };
    (if random.chance(10) { format!("{printed} ") } else { printed }, row.country)
}

/// `NORTH CAROLINA` → `North Carolina`.
fn title_case(words: &str) -> String {
    let word = |word: &str| format!("{}{}", &word[..1], word[1..].to_lowercase());
    words.split(' ').filter(|word| !word.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

fn without_zip(location: String) -> String {
    location.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '`').to_owned()
}

fn markup(random: &mut Random, ends_at: i64) -> Markup {
    let before = |year: i16| ends_at < time::midnight(year, 1, 1);
    if before(2022) {
        match random.below(10) {
            0 | 1 => Markup::Ancient,
            2..=7 => Markup::OldEssentials,
            _ => Markup::Current,
        }
    } else if !before(2023) && before(2025) && random.chance(50) {
        Markup::ButtonGroups
    } else {
        Markup::Current
    }
}

fn closed_state(random: &mut Random, markup: Markup) -> State {
    match random.below(100) {
        0..=70 => State::Sold,
        71..=77 => State::SoldAfter,
        78..=94 => State::ReserveNotMet,
        // The oldest markup is only known of sold and unsold auctions.
        _ if markup == Markup::Ancient => State::Sold,
        95..=97 => State::Withdrawn,
        _ => State::NoBids,
    }
}

fn bid(random: &mut Random, form: Form) -> i64 {
    let high = if form == Form::Parts { 4_000 } else { 180_000 };
    let amount = random.between(1_500, high);
    match random.below(10) {
        0 => amount,
        1..=4 => (amount / 1_000).max(1) * 1_000,
        _ => (amount / 250).max(1) * 250,
    }
}

fn currency(random: &mut Random, country: &str, ends_at: i64) -> Currency {
    let foreign = ends_at > time::midnight(2022, 1, 1) && random.chance(60);
    match country {
        "GB" if foreign => Currency("GBP", "£"),
        "DE" | "FR" | "NL" | "BE" if foreign => Currency("EUR", "€"),
        "CA" if foreign => Currency("CAD", "$"),
        _ => Currency("USD", "$"),
    }
}

fn charges(random: &mut Random) -> String {
    random
        .pick(&["$0", "USD $85", "$245.28 Document Fee", "$499 documentation fee, $50 title", "None"])
        .to_owned()
}

/// Titles as sellers and editors phrase them: mileage, ownership, paint or engine before the year.
fn title(random: &mut Random, vehicle: &Vehicle) -> String {
    let name = vehicle.kind.titles[random.below(vehicle.kind.titles.len())];
    let Some(year) = vehicle.year else { return name.to_owned() };
    let name = format!("{} {name}", vehicle.kind.make);
    let short = vehicle.mileage.as_ref().filter(|mileage| {
        mileage.unit == Some("mi") && !mileage.tmu && mileage.value.is_some_and(|value| value < 40_000)
    });
    if let Some(value) = short.and_then(|mileage| mileage.value).filter(|_| random.chance(70)) {
        let miles = if value % 1_000 == 0 { format!("{}k", value / 1_000) } else { text::thousands(value) };
        return format!("{miles}-Mile {year} {name}");
    }
    match random.below(14) {
        0 => format!("31-Years-Owned {year} {name}"),
        1 => format!("Original-Owner {year} {name}"),
        2 => format!("{} {year} {name}", vehicle.paint),
        3 => format!("Turbo K20/K24–Powered {year} {name}"),
        4 if vehicle.kind.form == Form::Vehicle => format!("2.7L-Powered {year} {name}"),
        5 => format!("Euro {year} {name}"),
        6 => format!("{year} {name} “Project”"),
        _ => format!("{year} {name}"),
    }
}

/// Slugs as WordPress makes them: a count behind all but the first, percent-encoded signs, neither of which
/// says anything about the lot.
fn unique_slug(vehicle: &Vehicle, random: &mut Random, slugs: &mut HashMap<String, usize>) -> String {
    let name = vehicle.kind.titles[0];
    let words = match vehicle.year {
        Some(year) => format!("{year} {} {}", vehicle.kind.make, vehicle.kind.model),
        None if random.chance(40) => name.split_whitespace().last().unwrap_or(name).to_owned(),
        None => name.to_owned(),
    };
    let plain = words.replace('×', "x").replace(['’', '+', '“', '”', '′'], "").replace('″', " e28033 ");
    let slug = text::slug(&plain).replace("-e28033-", "%e2%80%b3-");
    let count = slugs.entry(slug.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { slug } else { format!("{slug}-{count}") }
}

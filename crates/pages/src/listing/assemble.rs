//! Puts a listing together from what the parts of its page say.

use super::bid_table::bid_table;
use super::essentials::{self, Essentials, essentials};
use super::intro::{Intro, intro, original};
use super::outcome::{Evidence, Outcome, Stated, stated};
use super::parts::Parts;
use super::taxonomy::{Taxonomy, taxonomy};
use super::thread::thread;
use super::{Listing, Status, article, gallery, history};
use crate::tree::text_of_html;
use crate::value::{chassis, color, date, mileage, powertrain, title};
use crate::{number, place, text};

/// Reads the listing from its parts.
pub(super) fn listing(parts: &Parts<'_>) -> Listing {
    let intro = intro(parts.intro);
    let table = bid_table(parts.bid_table);
    let essentials = essentials(parts.essentials);
    let thread = thread(&parts.scripts);
    let taxonomy = taxonomy(&intro.groups);
    let evidence =
        Evidence { parts, intro: &intro, table: &table, thread: thread.as_ref(), old: old_result(parts) };
    let outcome = evidence.outcome();
    let (no_reserve, title) = heading(parts, &intro);
    let mut listing = Listing {
        url: [&parts.canonical, &parts.og_url]
            .into_iter()
            .flatten()
            .find_map(|url| crate::listing_url::listing_url(url)),
        listing_id: parts.listing_id,
        lot_number: essentials.lot_number.or_else(|| lot_in_head(parts)),
        year: title.as_deref().and_then(|title| year(title, &taxonomy)),
        title,
        no_reserve,
        premium: intro.tags.map(|tags| tags.premium || intro.premium_class),
        alumni: intro.tags.map(|tags| tags.alumni),
        ends_at: table.ends_at.clone().or_else(|| intro.ends.and_then(date::from_unix)),
        country: country(&taxonomy, essentials.location.as_deref(), intro.flag.as_deref()),
        description: article::article(parts.article),
        bid_count: table.bids.or_else(|| thread.as_ref().map(|thread| thread.bids)),
        comment_count: intro.comments.or_else(|| thread.as_ref().map(|thread| thread.comments)),
        view_count: counter(parts.views),
        watcher_count: counter(parts.watchers),
        history: history::history(parts.history),
        ..Listing::default()
    };
    put_outcome(&mut listing, outcome);
    put_essentials(&mut listing, essentials);
    put_taxonomy(&mut listing, taxonomy);
    put_pictures(&mut listing, parts, intro.image);
    read_details(&mut listing);
    listing
}

fn put_outcome(listing: &mut Listing, outcome: Outcome) {
    listing.status = outcome.status;
    listing.currency = outcome.currency;
    listing.current_bid = outcome.current_bid;
    listing.high_bid = outcome.high_bid;
    listing.sale_price = outcome.sale_price;
    listing.sold_after_auction = outcome.sold_after_auction;
    listing.buyer_username = outcome.buyer;
    listing.high_bidder_username = outcome.high_bidder;
}

fn put_essentials(listing: &mut Listing, essentials: Essentials) {
    listing.seller_username = essentials.seller_username;
    listing.seller_name = essentials.seller_name;
    listing.seller_type = essentials.seller_type;
    listing.dealer_charges = essentials.dealer_charges;
    listing.location = essentials.location;
    listing.vin = essentials.chassis.as_deref().and_then(chassis::vin);
    listing.chassis = essentials.chassis;
    listing.details = essentials.details;
}

fn put_taxonomy(listing: &mut Listing, taxonomy: Taxonomy) {
    listing.make = taxonomy.make;
    listing.model = taxonomy.model;
    listing.era = taxonomy.era;
    listing.origin = taxonomy.origin;
    listing.categories = taxonomy.categories;
}

/// Pictures of the gallery only: those within the article are the same ones again. The main picture is the one
/// that the page's metadata name.
fn put_pictures(listing: &mut Listing, parts: &Parts<'_>, shown: Option<String>) {
    if let Some(photos) = gallery::photos(parts.photos) {
        listing.image_count = i32::try_from(photos.len()).ok();
        listing.image_urls = photos;
    }
    listing.video_count = gallery::video_count(parts.videos);
    listing.primary_image_url = parts
        .og_image
        .as_deref()
        .and_then(original)
        .or(shown)
        .or_else(|| listing.image_urls.first().cloned());
}

/// What the bullets say of the vehicle: of each kind the first.
fn read_details(listing: &mut Listing) {
    let details = &listing.details;
    let first = |is_so: fn(&str) -> bool| details.iter().find(|bullet| is_so(bullet)).cloned();
    listing.mileage = mileage_of(details);
    listing.engine = first(powertrain::is_engine);
    listing.transmission = first(powertrain::is_transmission);
    listing.drivetrain = first(powertrain::is_drivetrain);
    listing.exterior_color = details.iter().find_map(|bullet| color::exterior(bullet));
    listing.interior_color = details.iter().find_map(|bullet| color::interior(bullet));
}

/// The first mileage with a number. "TMU" may stand apart, in a bullet of its own.
fn mileage_of(details: &[String]) -> Option<mileage::Mileage> {
    let all = details.iter().filter_map(|bullet| mileage::mileage(bullet));
    let (numbers, unknown): (Vec<_>, Vec<_>) = all.partition(|mileage| mileage.value.is_some());
    let is_unknown = !unknown.is_empty();
    let mut mileage = numbers.into_iter().chain(unknown).next()?;
    mileage.tmu |= is_unknown;
    Some(mileage)
}

/// Title, and whether the lot is offered without reserve. Since 2023 the heading shows that by a tag; before, all
/// titles carried it, and the page's metadata do to this day.
fn heading(parts: &Parts<'_>, intro: &Intro) -> (Option<bool>, Option<String>) {
    let fallback = parts.heading.map(text_of_html);
    let heading = intro.title.clone().or(fallback);
    let head = parts.head_title.as_deref().and_then(title::from_head_title);
    let titles = [heading, parts.og_title.clone(), head].into_iter().flatten();
    let titles: Vec<(bool, String)> = titles
        .map(|printed| title::without_no_reserve(&text::decode_again(printed)))
        .filter(|(_, title)| !title.is_empty())
        .collect();
    let tagged = intro.tags.is_some_and(|tags| tags.no_reserve);
    let no_reserve = tagged || titles.iter().any(|(prefixed, _)| *prefixed);
    let known = intro.tags.is_some() || !titles.is_empty();
    (known.then_some(no_reserve), titles.into_iter().next().map(|(_, title)| title))
}

/// Year of the title. A lot of parts has one only in front: in "BMW 2002 Wheels" and "Seats for 1973 Porsche 911"
/// the number tells what they fit.
fn year(title: &str, taxonomy: &Taxonomy) -> Option<i32> {
    let of_parts = taxonomy.make.is_none() && !taxonomy.categories.is_empty();
    let part = title.split_whitespace().next().unwrap_or_default();
    title::year(if of_parts { part } else { title })
}

/// `(Lot #239,408)` in the head's title, `Lot #239,408.` in its description.
fn lot_in_head(parts: &Parts<'_>) -> Option<i64> {
    [&parts.head_title, &parts.description].into_iter().flatten().find_map(|text| {
        let (_, rest) = text.rsplit_once("Lot #")?;
        essentials::lot(&format!("#{rest}"))
    })
}

/// Country of the lot: BaT's own "Located in …", else the printed place. The flag comes last: its element is the
/// tag of the *currency*, which is that of the sale and not always that of the place.
fn country(taxonomy: &Taxonomy, location: Option<&str>, flag: Option<&str>) -> Option<String> {
    let located_in = taxonomy.located_in.as_deref().and_then(place::country_code);
    located_in
        .or_else(|| location.and_then(place::country_of_location))
        .or_else(|| flag.and_then(place::country_code))
}

/// Result before 2022: a label such as "Sold for" or "Winning Bid" and the value behind it.
fn old_result(parts: &Parts<'_>) -> Option<Stated> {
    parts.data_labels.iter().zip(&parts.data_values).find_map(|(label, value)| {
        let label = text_of_html(label);
        let value = text_of_html(value);
        let label = match label.trim_end_matches(':').to_ascii_lowercase().as_str() {
            "winning bid" => "sold for".to_owned(),
            "high bid" => "bid to".to_owned(),
            other => other.to_owned(),
        };
        stated(&format!("{label} {value}")).filter(|stated| {
            // "Ended" is the label of a date; what else there is says how it ended.
            stated.status != Status::Ended
        })
    })
}

/// "6,993 views" → 6993.
fn counter(html: Option<&str>) -> Option<i32> {
    i32::try_from(number::first(&text_of_html(html?))?).ok()
}

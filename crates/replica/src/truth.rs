//! What a reader of the pages should find: computed from the model, never by reading a page.

use serde_json::{Value, json};

use crate::model::kinds::{Form, PARTS_MAKE};
use crate::model::listing::{Listing, Markup, State};
use crate::model::thread::{Kind, Post};
use crate::pages::{article, directory, gallery, member};
use crate::text::member_url;
use crate::time;
use crate::world::World;

/// Everything: `listings`, `partners`, `members`, `sites`.
pub(crate) fn all(world: &World) -> Value {
    let listings: Vec<Value> = world.listings().iter().map(|each| listing(world, each)).collect();
    json!({
        "now": world.now, "listings": listings, "partners": partners(world), "members": members(world),
        "sites": sites(world),
    })
}

/// The status that a page shows.
pub(crate) fn status(state: State) -> &'static str {
    match state {
        State::Live => "live",
        State::Sold | State::SoldAfter => "sold",
        State::ReserveNotMet => "reserve_not_met",
        State::Withdrawn => "withdrawn",
        State::NoBids => "ended",
    }
}

/// A listing, with the keys of `bat_parse_listing`. `replica` holds what no page says: the generation of the
/// markup and whether the page is gone.
pub(crate) fn listing(world: &World, listing: &Listing) -> Value {
    let thread = world.thread(listing);
    let mut truth = auction(world, listing, &thread);
    for part in [lot(world, listing), counts(world, listing, &thread)] {
        if let (Value::Object(truth), Value::Object(part)) = (&mut truth, part) {
            truth.extend(part);
        }
    }
    if listing.markup == Markup::Ancient {
        // The old page has neither tags nor taxonomy nor history, videos, or watchers.
        for key in ["premium", "alumni", "make", "model", "era", "origin"] {
            truth[key] = Value::Null;
        }
        for key in ["categories", "history"] {
            truth[key] = json!([]);
        }
        for key in ["video_count", "watcher_count"] {
            truth[key] = Value::Null;
        }
    }
    for part in world.switches().dropped {
        part.forget(&mut truth, listing.markup);
    }
    truth["replica"] = json!({
        "markup": format!("{:?}", listing.markup), "gone": crate::server::gone(listing), "alumni": listing.is_alumni(),
        "chain": listing.chain,
    });
    truth
}

/// The thread of a listing, with the keys of `bat_parse_thread`.
pub(crate) fn thread(world: &World, listing: &Listing) -> Value {
    let posts = world.thread(listing);
    let is_bid = |post: &&Post| matches!(post.kind, Kind::Bid | Kind::CanceledBid);
    let username = |post: &Post| {
        let author = post.author.filter(|_| !post.deleted);
        author.map(|author| world.members[author].username.clone())
    };
    let bid = |post: &Post| {
        json!({
            "id": post.id,
            "username": username(post),
            "amount": post.told,
            "currency": post.told.map(|_| listing.currency.0),
            "canceled": post.kind == Kind::CanceledBid,
            "placed_at": time::iso(post.timestamp),
        })
    };
    let comment = |post: &Post| {
        json!({
            "id": post.id,
            "username": username(post),
            "is_seller": post.author == Some(listing.seller),
            "kind": post.kind.name(),
            "body": post.shown,
            "likes": post.likes,
            "parent_id": null,
            "posted_at": time::iso(post.timestamp),
        })
    };
    json!({
        "bids": posts.iter().filter(is_bid).map(bid).collect::<Vec<_>>(),
        "comments": posts.iter().filter(|post| !is_bid(post)).map(comment).collect::<Vec<_>>(),
    })
}

fn last_bidder(thread: &[Post]) -> Option<usize> {
    thread.iter().rev().find(|post| post.kind == Kind::Bid).and_then(|post| post.author)
}

/// State, money, people, time.
fn auction(world: &World, listing: &Listing, thread: &[Post]) -> Value {
    let state = listing.state;
    let bidder = last_bidder(thread).map(|bidder| world.members[bidder].username.clone());
    let seller = &world.members[listing.seller];
    let unsold = matches!(state, State::ReserveNotMet | State::Withdrawn);
    json!({
        "url": listing.url(),
        "listing_id": listing.post_id,
        "lot_number": listing.lot,
        "title": listing.title,
        "status": status(state),
        // Without a bid, no amount is on the page, and so no currency.
        "currency": (state != State::NoBids).then_some(listing.currency.0),
        "current_bid": (state == State::Live).then(|| listing.high_bid()),
        "high_bid": unsold.then(|| listing.high_bid()),
        "sale_price": state.is_sold().then(|| listing.result()),
        "sold_after_auction": state == State::SoldAfter,
        "no_reserve": listing.no_reserve,
        "premium": listing.premium,
        "alumni": listing.is_alumni(),
        "seller_username": seller.username,
        "seller_name": seller.name,
        "seller_type": if seller.dealer { "dealer" } else { "private_party" },
        "dealer_charges": listing.charges,
        "buyer_username": bidder.clone().filter(|_| state.is_sold()),
        "high_bidder_username": bidder,
        "ends_at": time::iso(listing.ends_at),
        "location": listing.location.trim(),
        "country": listing.country,
    })
}

/// What is offered.
fn lot(world: &World, listing: &Listing) -> Value {
    let vehicle = &listing.vehicle;
    let kind = vehicle.kind;
    let some = |text: &'static str| (kind.form != Form::Parts).then_some(text);
    let is_parts = kind.make == PARTS_MAKE;
    let mut categories: Vec<&str> = kind.categories.to_vec();
    if is_parts {
        // What stands as make and model of a parts lot are categories.
        let kind_of_parts = kind.model.rsplit(" – ").next().unwrap_or(kind.model);
        categories.splice(0..0, [PARTS_MAKE, kind_of_parts]);
    }
    json!({
        "make": (!is_parts).then_some(kind.make),
        "model": (!is_parts).then_some(kind.model),
        "era": vehicle.year.map(|year| format!("{}s", year / 10 * 10)),
        "origin": kind.origin,
        "categories": categories,
        "year": vehicle.year,
        "chassis": vehicle.chassis.number,
        "vin": vehicle.chassis.vin,
        "mileage": vehicle.mileage.as_ref().map(crate::model::details::Mileage::truth),
        "engine": some(kind.engine),
        "transmission": some(kind.transmission).filter(|text| text.contains("Trans")),
        "drivetrain": kind.drivetrain,
        "exterior_color": some(vehicle.paint),
        "interior_color": vehicle.upholstery,
        "details": vehicle.bullets().iter().map(|(_, text)| text.trim().to_owned()).collect::<Vec<_>>(),
        "description": article::paragraphs(world.seed, listing).join("\n\n"),
        "primary_image_url": listing.main_image(),
    })
}

/// Gallery, counters, history.
fn counts(world: &World, listing: &Listing, thread: &[Post]) -> Value {
    let images = gallery::photo_urls(world.seed, listing);
    let count = |kind: Kind| thread.iter().filter(|post| post.kind == kind).count();
    let history: Vec<Value> = world.history(listing).iter().map(|entry| history_entry(entry)).collect();
    json!({
        "image_count": images.len(),
        "image_urls": images,
        "video_count": listing.videos,
        "bid_count": count(Kind::Bid),
        "comment_count": count(Kind::Comment),
        "view_count": listing.views,
        "watcher_count": listing.watchers,
        "history": history,
    })
}

fn history_entry(entry: &Listing) -> Value {
    let live = entry.state == State::Live;
    let amount = !live && entry.state != State::NoBids;
    json!({
        "url": entry.url(),
        "date": (!live).then(|| time::pacific_day(entry.ends_at)),
        "amount": amount.then(|| entry.result()),
        "currency": amount.then_some(entry.currency.0),
        // "Listed by", without an amount, says nothing of the outcome.
        "sold": amount.then(|| entry.state.is_sold()),
    })
}

/// The rows that the directory serves now, with the keys of `bat_parse_partners`.
pub(crate) fn partners(world: &World) -> Value {
    let row = |row: &crate::model::directory::Row| {
        let referral = directory::referral(world, row);
        let origin: String = referral.split('/').take(3).collect::<Vec<_>>().join("/");
        let username = row.username.to_lowercase();
        json!({
            "name": row.name, "city": row.city, "state": row.state, "country": row.country,
            "website": origin, "referral_url": referral, "bat_username": username,
            "bat_profile_url": member_url(&username), "geographic_key": row.geographic_key(),
        })
    };
    world.served_rows().iter().map(row).collect()
}

/// Every account that sells: the first page as `bat_parse_member` gives it, and `all_listings`.
pub(crate) fn members(world: &World) -> Value {
    (0..world.sellers)
        .map(|number| {
            let account = &world.members[number];
            let all = world.listings_of(number);
            let shown: Vec<Value> = shown(world, number);
            json!({
                "username": account.username, "display_name": account.name,
                "listing_count": member::stated(world, number), "listings": shown,
                "next_url": (world.switches().rel_next && all.len() > member::SHOWN)
                    .then(|| format!("{}?page=2", member_url(&account.username))),
                "member_since": member::since(account.since), "location": account.location,
                "website": member::website(world, number),
                "all_listings": all.iter().map(|listing| listing.url()).collect::<Vec<_>>(),
            })
        })
        .collect()
}

/// The member's own listings on the first page, live ones first.
fn shown(world: &World, number: usize) -> Vec<Value> {
    let all = world.listings_of(number);
    let entry = |listing: &Listing| json!({"url": listing.url(), "title": listing.title});
    let first: Vec<_> = all.iter().take(member::SHOWN).collect();
    let live = first.iter().filter(|listing| listing.state == State::Live).map(|listing| entry(listing));
    let saved =
        world.saved.of(&world.members[number]).map(|saved| json!({"url": saved.url, "title": saved.title}));
    let past = first.iter().filter(|listing| listing.state != State::Live).map(|listing| entry(listing));
    live.chain(saved).chain(past).collect()
}

/// The partners' own sites, by URL of their home page.
pub(crate) fn sites(world: &World) -> Value {
    let site = |(site, base): (&crate::pages::site::Site, &String)| (format!("{base}/"), site.truth(base));
    world.sites.iter().zip(&world.site_urls).map(site).collect::<serde_json::Map<_, _>>().into()
}

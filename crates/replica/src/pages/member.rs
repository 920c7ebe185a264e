//! A member page, `/member/<username>/`.

use std::fmt::Write as _;
use std::sync::Arc;

use super::auction::list_card;
use crate::model::listing::{Listing, State};
use crate::model::thread::Kind;
use crate::random::Random;
use crate::text::{escape, member_url, thousands};
use crate::time;
use crate::world::World;

/// How many listings a page shows; the rest hides behind "Show more".
pub(crate) const SHOWN: usize = 25;

/// What the page states as the number of listings. One account's counter lags behind, as seen on the real site.
pub(crate) fn stated(world: &World, member: usize) -> usize {
    let all = world.listings_of(member).len() + world.saved.of(&world.members[member]).count();
    if member == 3 { all.saturating_sub(1) } else { all }
}

/// Name and web site of the member, as shown.
pub(crate) fn website(world: &World, member: usize) -> Option<String> {
    world.members[member].site.map(|site| format!("{}/", world.site_urls[site]))
}

/// The page of a member, from 1; pages after the first exist only where paging is switched on.
pub(crate) fn render(world: &World, number: usize, page: usize) -> String {
    let member = &world.members[number];
    let all = world.listings_of(number);
    let pages = all.len().div_ceil(SHOWN).max(1);
    let shown: Vec<Arc<Listing>> = all.iter().skip((page - 1) * SHOWN).take(SHOWN).cloned().collect();
    let next = (world.switches().rel_next && page < pages)
        .then(|| format!("{}?page={}", member_url(&member.username), page + 1));
    let mut out = head(world, number, next.as_deref());
    let (live, past): (Vec<_>, Vec<_>) = shown.iter().partition(|listing| listing.state == State::Live);
    out.push_str("<section class=\"section-listings section-current-listings\"><h2>Current Listings</h2>\n");
    live.iter().for_each(|listing| out.push_str(&list_card(listing)));
    out.push_str(
        "</section>\n<section class=\"section-listings section-past-listings\"><h2>Past Listings</h2>\n",
    );
    if page == 1 {
        for saved in world.saved.of(member) {
            let _ = writeln!(
                out,
                "<div class=\"listing-card listing-card-separate\"><h3><a href=\"{}\">{}</a></h3></div>",
                saved.url, saved.title
            );
        }
    }
    past.iter().for_each(|listing| out.push_str(&list_card(listing)));
    if all.len() > SHOWN {
        out.push_str("<button class=\"button\" data-item-type=\"listings\">Show more</button>\n");
    }
    if let Some(next) = &next {
        let _ = writeln!(out, "<a class=\"next\" rel=\"next\" href=\"{}\">Older listings</a>", escape(next));
    }
    out.push_str("</section>\n");
    foreign(&mut out, world, number);
    out.push_str("</div></main>\n<footer class=\"site-footer\"></footer>\n</body></html>\n");
    out
}

fn head(world: &World, number: usize, next: Option<&str>) -> String {
    let member = &world.members[number];
    let name = escape(&member.name);
    let website = website(world, number).map_or_else(String::new, |url| {
        format!(
            "<div class=\"member-website\">Website: <a href=\"{0}\" rel=\"nofollow ugc\">{0}</a></div>\n",
            escape(&url)
        )
    });
    let location = member.location.as_ref().map_or_else(String::new, |place| {
        format!("<div class=\"member-location\">Location: {}</div>\n", escape(place))
    });
    let counter = |label: &str, value: i64| {
        format!("<li><strong>{}</strong> <span>{label}</span></li>", thousands(value))
    };
    format!(
        "<!doctype html>\n<html lang=\"en-US\"><head>\n<meta charset=\"UTF-8\">\n<title>{name} |  Bring a Trailer</title>\n\
         <link rel=\"canonical\" href=\"{url}\" />\n{next}</head>\n\
         <body class=\"author author-{lower} author-{id} wp-theme-bringatrailer loggedout\">\n<header class=\"site-header\"></header>\n<main><div class=\"container\">\n\
         <div class=\"member-header\"><h1 class=\"post-title\">{name}</h1>\n<div class=\"member-since\">Member since {since}</div>\n{location}{website}\
         <ul class=\"member-counters\">{listings}{bids}{comments}{stories}{wins}</ul></div>\n",
        url = member_url(&member.username),
        next = next
            .map_or_else(String::new, |next| format!("<link rel=\"next\" href=\"{}\" />\n", escape(next))),
        lower = escape(&member.username),
        id = member.id,
        since = since(member.since),
        listings = counter("Listings", stated(world, number) as i64),
        bids = counter("Bids", member.bids),
        comments = counter("Comments", member.comments),
        stories = counter("Success Stories", member.stories),
        wins = counter("Auction wins", member.wins),
    )
}

/// `July 2015`.
pub(crate) fn since(unix: i64) -> String {
    let day = time::long(unix);
    let (month, rest) = day.split_once(' ').unwrap_or((&day, ""));
    format!("{month} {}", rest.rsplit(' ').next().unwrap_or_default())
}

/// Other people's auctions: won ones, comments about others, the sidebar.
fn foreign(out: &mut String, world: &World, number: usize) {
    let mut random = Random::of(world.seed, "member", number as u64);
    let listings = world.listings();
    let others: Vec<&Arc<Listing>> = listings.iter().filter(|listing| listing.seller != number).collect();
    if others.is_empty() {
        return;
    }
    out.push_str("<section class=\"section-won-listings\"><h2>Auction Wins</h2>\n");
    for _ in 0..5 {
        out.push_str(&list_card(others[random.below(others.len())]));
    }
    out.push_str("<button data-item-type=\"auction_wins\">Show more</button></section>\n<section class=\"section-comments\"><h2>Comments</h2>\n");
    for _ in 0..10 {
        let other = others[random.below(others.len())];
        let _ = writeln!(
            out,
            "<div class=\"comment\"><p>{}</p><a href=\"{}\">{}</a></div>",
            Kind::Comment.name(),
            other.url(),
            escape(&other.full_title())
        );
    }
    out.push_str("<button data-item-type=\"comments\">Show more</button></section>\n<div class=\"sidebar\"><div class=\"current-auctions group\">\n");
    for other in others.iter().rev().take(6) {
        out.push_str(&super::auction::sidebar_card(other));
    }
    out.push_str("</div></div>\n");
}

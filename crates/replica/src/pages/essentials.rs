//! "BaT Essentials" in its three generations, and "BaT History".

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::listing::View;
use super::parts::Part;
use crate::model::kinds::Form;
use crate::model::listing::{Listing, Markup, State};
use crate::text::{escape, member_url, percent, texturize};
use crate::time;

fn party(view: &View<'_>) -> &'static str {
    if view.seller().dealer { "Dealer" } else { "Private Party" }
}

fn bullets(view: &View<'_>) -> String {
    if !view.shows(Part::Details) {
        return String::new();
    }
    view.listing.vehicle.bullets().iter().map(|(html, _)| format!("<li>{html}</li>")).collect()
}

fn maps(location: &str) -> String {
    format!("https://www.google.com/maps/place/{}", percent(location.trim()).replace("%2C", ","))
}

/// `div.essentials`, the seller's bell link and the counters.
pub(crate) fn render(view: &View<'_>) -> String {
    let listing = view.listing;
    let seller = view.seller();
    let watch = STANDARD.encode(format!(
        "https://bringatrailer.com/wp-admin/admin-ajax.php?action=bat_profile_seller_subscribe_toggle&seller={}",
        seller.id
    ));
    let bell = format!(
        "<a class=\"button button-notransform class-toggle-link poppable-link\" href=\"https://bringatrailer.com/account/login/?redirect={watch}\" data-watched=\"no\" id=\"button-notifications\" aria-label=\"Subscribe to notifications from the seller\" role=\"button\"><span class=\"bell-icon user-subscription-icon\"></span></a>"
    );
    let link = format!(
        "<a href=\"{}\" target=\"_blank\">{}</a>",
        member_url(&seller.username),
        escape(&seller.name)
    );
    let items = if listing.markup == Markup::OldEssentials {
        old(view, &link, &bell)
    } else {
        current(view, &link, &bell)
    };
    format!(
        "\n<div class=\"essentials\">\n\t<h2 class=\"title\">BaT Essentials</h2>\n\n\t{items}</div>\n\n<div data-pusher=\"post;stats;{}\"></div>\n\n<div class=\"listing-actions-stats\">\n\t{}\n</div>\n",
        listing.post_id,
        super::bids::counters(view)
    )
}

/// Today's: one line, the location as bare text between two items.
fn current(view: &View<'_>, link: &str, bell: &str) -> String {
    let listing = view.listing;
    let mut out = format!("<div class=\"item item-seller\"><strong>Seller</strong>: {link} {bell}</div>");
    if view.shows(Part::Location) {
        let _ = write!(
            out,
            "<strong>Location</strong>: <a href=\"{}\" target=\"_blank\">{}</a>",
            maps(&listing.location),
            escape(&listing.location)
        );
    }
    if listing.index.is_multiple_of(5) {
        out.push_str("[<a href=\"#listing-bid-verified-checkout-caramel-container\"><span>Verified Checkout Available</span></a>]");
    }
    let _ =
        write!(out, "<div class=\"item\"><strong>Listing Details</strong><ul>{}</ul></div>", bullets(view));
    if view.shows(Part::Party) {
        let _ = write!(
            out,
            "<div class=\"item additional\"><strong>Private Party or Dealer</strong>: {}</div>",
            party(view)
        );
    }
    if let Some(charges) = &listing.charges {
        let _ = write!(
            out,
            "<div class=\"item additional\"><strong>Additional charges from this dealer</strong>: {charges}</div>"
        );
    }
    let _ = write!(out, "<div class=\"item\"><strong>Lot</strong> #{}</div>", listing.lot);
    out
}

/// As written from 2014 to 2021, served in today's shell.
fn old(view: &View<'_>, link: &str, bell: &str) -> String {
    let listing = view.listing;
    let charges = listing.charges.as_ref().map_or_else(String::new, |charges| {
        format!("<div class=\"item additional\">Additional charges from this dealer: {charges}</div>")
    });
    let location = format!(
        "<div class=\"item\"><b>Location: <a class=\"branded-text\" href=\"{}\">{}</a></b></div>",
        maps(&listing.location),
        escape(&listing.location)
    );
    let party = format!("<div class=\"item additional\">Private Party or Dealer: {}</div>", party(view));
    format!(
        "<div class=\"item item-seller\"><b>Seller</b>: {link} {bell}</div>{}<div class=\"item\"><b>Listing Details</b><ul>{}</ul></div>{}{charges}<div class=\"item\"><b>Lot</b> #{}</div>",
        if view.shows(Part::Location) { location.as_str() } else { "" },
        bullets(view),
        if view.shows(Part::Party) { party.as_str() } else { "" },
        listing.lot
    )
}

/// The list of the page before 2022.
pub(crate) fn ancient(view: &View<'_>) -> String {
    let listing = view.listing;
    let seller = view.seller();
    let item = |text: String| format!("<li class=\"listing-essentials-item\">{text}</li>\n");
    let mut out = String::from("<ul class=\"listing-essentials-items\">\n");
    out.push_str(&item(format!("Lot #{}", listing.lot)));
    out.push_str(&item(format!(
        "Seller: <a href=\"{}\">{}</a>",
        member_url(&seller.username),
        escape(&seller.name)
    )));
    if view.shows(Part::Location) {
        out.push_str(&item(format!(
            "Location: <a href=\"{}\">{}</a>",
            maps(&listing.location),
            escape(&listing.location)
        )));
    }
    if view.shows(Part::Details) {
        for (html, _) in listing.vehicle.bullets() {
            out.push_str(&item(html));
        }
    }
    if view.shows(Part::Party) {
        out.push_str(&item(format!("Private Party or Dealer: {}", party(view))));
    }
    if let Some(charges) = &listing.charges {
        out.push_str(&item(format!("Additional charges from this dealer: {charges}")));
    }
    let kind = listing.vehicle.kind;
    let mut filed: Vec<&str> = kind.categories.to_vec();
    filed.push(kind.origin);
    if kind.form != Form::Parts {
        filed.push(kind.make);
    }
    let links: Vec<String> = filed
        .iter()
        .map(|name| {
            format!("<a href=\"https://bringatrailer.com/{}/\">{}</a>", crate::text::slug(name), escape(name))
        })
        .collect();
    let _ = writeln!(
        out,
        "<li class=\"listing-essentials-item listing-essentials-item-categories\">Categories: {}</li>\n</ul>",
        links.join(", ")
    );
    out
}

/// `div.history`: this listing and all others of the vehicle, newest first.
pub(crate) fn history(view: &View<'_>) -> String {
    let mut out = format!(
        "<hr />\n    <div class=\"history\">\n        <h2 class=\"title\">\n            <span>\n                BaT History                <small>({})</small>\n            </span>\n        </h2>\n\n        <div class=\"content\">\n            <div class=\"items\">\n",
        view.history.len()
    );
    for entry in view.history {
        out.push_str(&item(view, entry));
    }
    out + "            </div>\n        </div>\n    </div>\n"
}

fn item(view: &View<'_>, entry: &Listing) -> String {
    let current = entry.index == view.listing.index;
    let seller = escape(&view.members[entry.seller].name);
    let amount = entry.currency.full(entry.result());
    let text = match entry.state {
        State::Sold | State::SoldAfter => {
            let buyer = if current {
                view.last_bidder().map_or("", |member| member.name.as_str())
            } else {
                "a bidder"
            };
            format!(
                "<em>Sold by <strong>{seller}</strong> to <strong>{}</strong> for <strong>{amount}.00</strong></em>",
                escape(buyer)
            )
        }
        State::ReserveNotMet | State::Withdrawn => {
            format!("<em>Listed by <strong>{seller}</strong>, bid to <strong>{amount}.00</strong></em>")
        }
        State::Live | State::NoBids => format!("<em>Listed by <strong>{seller}</strong></em>"),
    };
    let date = match entry.state {
        State::Live => String::new(),
        _ if current => format!("<br />{}", time::long(entry.ends_at)),
        _ => format!(
            "<br /><span class=\"date-localize\" data-timestamp=\"{}\" data-format=\"LL\">{}</span>",
            entry.ends_at,
            time::long(entry.ends_at)
        ),
    };
    let identifier = match (current, entry.state) {
        (true, State::Live) => "<div class=\"active identifier\">This Listing</div>",
        (true, _) => "<div class=\"identifier\">This Listing</div>",
        _ => "",
    };
    format!(
        "\n<a href=\"{url}\" class=\"item {class}\" title=\"{title}\" target=\"_blank\">\n    <div class=\"thumbnail\">\n        <img width=\"144\" height=\"96\" src=\"{image}?fit=144%2C96\" class=\"attachment-media-block size-media-block wp-post-image\" alt=\"{alt}\" srcset=\" \" decoding=\"async\" loading=\"lazy\" />    </div>\n    <div class=\"message\">\n        {identifier}{text}{date}    </div>\n</a>\n",
        url = entry.url(),
        class = if current { "current" } else { "" },
        title = texturize(&entry.full_title()),
        alt = escape(&entry.full_title()),
        image = entry.main_image(),
    )
}

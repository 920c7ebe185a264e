//! The top of a listing page: heading, tags, result, taxonomy.

use super::listing::View;
use super::parts::Part;
use crate::model::kinds::{Form, PARTS_MAKE};
use crate::model::listing::{Listing, Markup, State};
use crate::model::names::COUNTRIES;
use crate::model::thread::Kind;
use crate::text::{escape, slug, texturize};
use crate::time;

/// Heading as the page prints it: the prefix "No Reserve: " stood in it until 2023.
pub(crate) fn heading(listing: &Listing) -> String {
    let prefixed = listing.ends_at < time::midnight(2023, 1, 1);
    texturize(&if prefixed { listing.full_title() } else { listing.title.clone() })
}

/// The intro of today's page.
pub(crate) fn render(view: &View<'_>) -> String {
    let listing = view.listing;
    let id = listing.post_id;
    let premium = if listing.premium { "listing-type-premium" } else { "" };
    let image = listing.main_image();
    let alt = escape(&listing.full_title());
    let widths = [300, 768, 620, 1536, 460, 144, 940, 1240];
    let set: Vec<String> = widths.iter().map(|width| format!("{image}?w={width} {width}w")).collect();
    format!(
        "<div class=\"listing\">\n<div class=\"listing-intro {premium}\" data-listing-intro-id=\"{id}\" data-current-user-id=\"0\">\n\
         \t<div class=\"listing-intro-header\">\n\t\t<div class=\"listing-sticky\">\n\t\t\t<div class=\"column-limited-width\">\n\t\t\t\t<div class=\"listing-intro-top\">\n\
         \t\t\t\t\t\t\t\t\t\t<h1 class=\"post-title listing-post-title\">{heading}</h1>\n{tags}\n\t\t\t\t</div>\n\n{available}\n\t\t\t</div>\n\t\t</div>\n\t</div>\n\
         \t<div class=\"listing-intro-image column-limited-width-full-mobile\" tabindex=\"0\">\n\
         \t\t<img width=\"940\" height=\"626\" src=\"{image}?fit=940%2C626\" class=\"post-image wp-post-image\" alt=\"{alt}\" decoding=\"async\" fetchpriority=\"high\" srcset=\"{set}\" />\t</div>\n\
         \t<div class=\"container\">\n\t\t<div class=\"column column-groups-wrap start_scrolled end_scrolled\">\n\t\t\t\t<div class=\"column-groups\">\n\t\t\t\t{groups}\n\t\t\t\t</div>\n\t\t</div>\n\t</div>\n</div>\n",
        heading = heading(listing),
        tags = tags(listing),
        available = available(view),
        set = set.join(", "),
        groups = groups(listing),
    )
}

fn tags(listing: &Listing) -> String {
    let (code, _, shown, name) = country(listing.country);
    let mut out = format!(
        "<div class=\"item-tags\">\n\t\t<div class=\"item-tag item-tag-currency \">\n\t\t<img class=\"countries-flags\" src=\"https://bringatrailer.com/wp-content/themes/bringatrailer/assets/img/countries/{}.svg\" alt=\"{name}\" />\t\t<span class=\"show-country-name\">{shown}</span>\n\t</div>\n",
        code.to_lowercase()
    );
    for (present, class, letter, label) in [
        (listing.premium, "premium", "P", "Premium"),
        (listing.no_reserve, "noreserve", "N", "No Reserve"),
        (listing.is_alumni(), "repeat", "A", "Alumni"),
    ] {
        if present {
            out.push_str(&format!(
                "\t<div class=\"item-tag item-tag-{class}\"><abbr>{letter}</abbr><span>{label}</span></div>\n"
            ));
        }
    }
    out + "\t</div>"
}

fn country(code: &str) -> (&'static str, &'static str, &'static str, &'static str) {
    COUNTRIES.iter().copied().find(|country| country.0 == code).unwrap_or(COUNTRIES[0])
}

/// `div.listing-available`, which the thread's closing event repeats inside a script.
pub(crate) fn available(view: &View<'_>) -> String {
    let listing = view.listing;
    let id = listing.post_id;
    let end = listing.ends_at;
    let bid = listing.currency.full(listing.result());
    let on = |format: &str| match view.shows(Part::End) {
        false => String::new(),
        true => format!(
            "<span class=\"date date-localize\" data-timestamp=\"{end}\" data-format=\"L\">{format}{}</span>",
            time::short(end)
        ),
    };
    let closed = |text: String| {
        format!(
            "<span data-listing-currently=\"{id}\"></span><span class=\"info-value noborder-tiny\">{text}</span>"
        )
    };
    let state = match listing.state {
        State::Live => format!(
            "<span data-listing-currently=\"{id}\"><span class=\"info-label\">Current Bid:</span> <strong class=\"info-value\">{bid}</strong></span><span class=\"info-label\">Ends in</span><strong class=\"info-value noborder-tiny\"><span class=\"listing-available-countdown\" data-countdown=\"{id}\" data-until=\"{end}\"></span><span class=\"listing-end-processing-notice\">Checking for last second bids...</span></strong>"
        ),
        State::Sold | State::SoldAfter => closed(format!("Sold for <strong>{bid}</strong> {}", on("on "))),
        State::ReserveNotMet => closed(format!("Bid to <strong>{bid}</strong> {}", on("on "))),
        State::Withdrawn => closed(format!("Withdrawn {}", on("on "))),
        State::NoBids => closed(format!("Ended {}", on("on "))),
    };
    let comments = view.count(Kind::Comment);
    let word = if comments == 1 { "Comment" } else { "Comments" };
    let button = if listing.state == State::Live { "Place Bid" } else { "View Result" };
    format!(
        "<div class=\"listing-available\">\n\t\t\t\t<div class=\"listing-available-info\">\n\t\t\t\t\t{state}<a class=\"comments-anchor-link\" href=\"#comments-anchor\"><img src=\"https://bringatrailer.com/wp-content/themes/bringatrailer/assets/img/listings/comments.svg\" alt=\"comments-icon\" class=\"comments_header_icon\" /><span class=\"comments_header_html\" data-realtime_id=\"{id}\" data-realtime_prop=\"comments-updated.header_html\"><span class=\"info-value\">{comments}</span><span class=\"info-label\">{word}</span></span></a>\t\t\t\t</div>\n\n\t\t\t\t<div class=\"listing-available-actions\">\n\t\t\t\t\t<a class=\"button button-black\" href=\"#listing-bid\">{button}</a>\t\t\t\t</div>\n\t\t\t</div>"
    )
}

/// Make, model, era, origin, categories, location: links since 2025, buttons before.
fn groups(listing: &Listing) -> String {
    let kind = listing.vehicle.kind;
    let make = slug(kind.make);
    let mut groups = vec![("Make", kind.make.to_owned(), format!("{make}/"))];
    let model =
        if kind.make == PARTS_MAKE { kind.model.to_owned() } else { format!("{} {}", kind.make, kind.model) };
    groups.push(("Model", model, format!("{make}/{}/", slug(kind.model))));
    if let Some(year) = listing.vehicle.year {
        let era = format!("{}s", year / 10 * 10);
        groups.push(("Era", era.clone(), format!("{era}/")));
    }
    groups.push(("Origin", kind.origin.to_owned(), format!("{}/", kind.origin.to_lowercase())));
    for category in kind.categories {
        groups.push(("Category", (*category).to_owned(), format!("{}/", slug(category))));
    }
    let country = country(listing.country).3;
    groups.push(("Location", format!("Located in {country}"), format!("location/{}/", slug(country))));
    let mut out = String::new();
    for (label, text, path) in groups {
        let text = texturize(&text);
        out.push_str(&if listing.markup == Markup::ButtonGroups {
            format!("<button class=\"group-title\"><strong class=\"group-title-label\">{label}</strong>{text}</button>")
        } else {
            format!("<div class=\"group-item-wrap\"><div class=\"group-item\"><a class=\"group-link\" href=\"https://bringatrailer.com/{path}\"><strong class=\"group-title-label\">{label}</strong>{text}</a></div></div>")
        });
    }
    out
}

/// The heading and result line of the page before 2022.
pub(crate) fn ancient(view: &View<'_>) -> String {
    let listing = view.listing;
    let label = if listing.state.is_sold() { "Sold For" } else { "High Bid" };
    let categories = if listing.vehicle.kind.form == Form::Parts { " category-parts" } else { "" };
    let end = match view.shows(Part::End) {
        false => String::new(),
        true => format!(
            "<span class=\"data-label\">Ended On</span> <span class=\"data-value date-localize\" data-timestamp=\"{}\">{}</span>",
            listing.ends_at,
            time::long(listing.ends_at)
        ),
    };
    format!(
        "<div class=\"listing{categories}\">\n<h1 class=\"post-title listing-post-title\">{}</h1>\n\
         <div class=\"listing-available-info\"><span class=\"data-label\">{label}</span> <span class=\"data-value price\">{}</span> {end}</div>\n",
        heading(listing),
        listing.currency.amount(listing.result()),
    )
}

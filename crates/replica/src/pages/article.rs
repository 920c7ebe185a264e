//! The article of a listing.

use std::fmt::Write as _;

use super::listing::View;
use crate::model::kinds::Form;
use crate::model::listing::Listing;
use crate::random::Random;
use crate::text::{escape, texturize};

const SENTENCES: &[&str] = &[
    "The body was stripped and refinished under previous ownership, and the trim was replated.",
    "The wheels wear tires with 2019 date codes, and a full-size spare is housed in the trunk.",
    "Braking is handled by discs all around, and the fluid was flushed this spring.",
    "The cabin has a three-spoke steering wheel, a period radio, and a carpeted rear shelf.",
    "The seller states that the clock works, and that the heater is “more than adequate”.",
    "Service in the last two years is said to have included a valve adjustment and a new water pump.",
    "Corrosion is noted on the floors – pictures are in the gallery below.",
    "The car was acquired by the current owner in 2016 and kept in Oregon & Idaho since.",
    "A 12-page folder of receipts, the owner’s manual, and two keys accompany the lot.",
];

/// Paragraphs of the article, plain text.
pub(crate) fn paragraphs(seed: u64, listing: &Listing) -> Vec<String> {
    let mut random = Random::of(seed, "article", listing.index as u64);
    let kind = listing.vehicle.kind;
    let lead = match listing.vehicle.year {
        Some(year) if kind.form == Form::Vehicle => format!(
            "This {year} {} {} is finished in {} and powered by a {}. It is now offered by the seller with a clean title.",
            kind.make,
            kind.titles[0],
            listing.vehicle.paint.to_lowercase(),
            kind.engine.to_lowercase()
        ),
        Some(year) => format!(
            "This {year} {} {} is offered at no cost of storage until June.",
            kind.make, kind.titles[0]
        ),
        None => format!("This lot is {}, offered from a collection in original packaging.", kind.titles[0]),
    };
    let mut paragraphs = vec![lead];
    for _ in 0..random.between(4, 8) {
        let (first, second) = (random.pick(SENTENCES), random.pick(SENTENCES));
        paragraphs.push(format!("{first} {second}"));
    }
    paragraphs
}

/// The cut-off beginning that JSON-LD and the feeds carry.
pub(crate) fn teaser(view: &View<'_>) -> String {
    teaser_of(view.seed, view.listing)
}

/// The same, outside a page.
pub(crate) fn teaser_of(seed: u64, listing: &Listing) -> String {
    let text = paragraphs(seed, listing).join(" ");
    let words: Vec<&str> = text.split(' ').take(50).collect();
    format!("{}…", words.join(" "))
}

/// `div.post-excerpt`, pictures and advertisement between the paragraphs.
pub(crate) fn render(view: &View<'_>) -> String {
    let listing = view.listing;
    let alt = escape(&listing.title);
    let mut out = format!(
        "<div class=\"container container-flex\"><div class=\"column column-left column-flex-left\">\n\
         <div class=\"post-{id} bat-listing type-bat-listing status-paid has-post-thumbnail hentry category-{origin}\">\n\t<div class=\"post-excerpt\" tabindex=\"0\">\n        ",
        id = listing.post_id,
        origin = listing.vehicle.kind.origin.to_lowercase()
    );
    for (number, paragraph) in paragraphs(view.seed, listing).iter().enumerate() {
        let _ = writeln!(out, "<p>{}</p>", texturize(paragraph));
        let image = super::gallery::photo(view.seed, listing, number);
        let set: Vec<String> = [2048, 300, 768, 1536, 460, 144]
            .iter()
            .map(|width| format!("{image}?w={width} {width}w"))
            .collect();
        let _ = writeln!(
            out,
            "<p><img loading=\"lazy\" decoding=\"async\" class=\"alignnone size-large wp-image-{}\" src=\"{image}?w=620&#038;resize=620%2C413\" alt=\"{alt}\" width=\"620\" height=\"413\" srcset=\"{}\" sizes=\"auto, (max-width: 620px) 100vw, 620px\" /></p>",
            listing.post_id - 900 + number as i64,
            set.join(", ")
        );
    }
    out.push_str("<div id=\"carfax-snapshot\"></div><div class=\"carfax\"><div class=\"carfax-snapshot-embedded\" data-snapshotkey=\"none\"></div></div>\n");
    out.push_str("<p><a href=\"https://www.tirerack.com/tires/bring-a-trailer?utm_source=bat-listing&amp;utm_medium=referral\" target=\"_blank\" rel=\"noopener\"><img loading=\"lazy\" class=\"hide-mobile alignnone\" src=\"https://bringatrailer.com/wp-content/uploads/2025/09/widget.png?w=620\" alt=\"BaT recommends tires for this vehicle\" /></a></p>\n");
    let _ = writeln!(
        out,
        "<div class=\"listing-nicknames\">Filed under: <a href=\"https://bringatrailer.com/search/{0}/\">{0}</a></div>\t</div>",
        listing.vehicle.kind.model.split(' ').next().unwrap_or_default()
    );
    out
}

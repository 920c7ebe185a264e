//! What holds for every parser and every page, however broken: no panic, output bounded by the page, nothing that
//! PostgreSQL's text cannot hold, and the same again when written as JSON and read back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

#[path = "every_parser/parsers.rs"]
mod parsers;

use parsers::PARSERS;

/// Markup and scripts that some parser looks for, and what breaks them.
const PIECES: [&str; 60] = [
    "<div class=\"essentials\">",
    "<li>Chassis: WP0AB2A8",
    "<li>4k Miles Shown",
    "<a href=\"https://bringatrailer.com/member/Some_One/\">",
    "<a href=\"https://bringatrailer.com/listing/1999-example/\">1999 Example</a>",
    "<table id=\"listing-bid\"><tr><td class=\"listing-stats-label\">Winning Bid</td><td>USD $42,000 by x</td>",
    "<script>\nvar BAT_VMS = {\"comments\":[",
    "{\"id\":7,\"type\":\"bat-bid\",\"bidAmount\":1e300,\"markup\":\"<p>\\u0000&#0;",
    "\"},",
    "]};</script>",
    "<script>\nvar auctionsCurrentInitialData = {\"items\":[{\"url\":\"/listing/x/\",\"sold_text\":\"Sold for $5 on 1/2/26\"}]};</script>",
    "{\"items\":[{\"id\":1,\"url\":\"https://bringatrailer.com/listing/a/\",\"title\":\"\\u0000\\ud800\"}]}",
    "<div class=\"listing-card\" data-listing_id=1><a href=/listing/b/>",
    "<h1>1967 AC Cobra</h1>",
    "<h2>EUROPE</h2>",
    "<tr><td>BaT Username: <a href=/member/x/>x</a></td><td><a href=http://x.example/>Visit the X’s website</a> Mesa, AZ</td></tr>",
    "<section class=\"section-past-listings\"><h3>Past Listings</h3>",
    "<p>Member since July 2015 1,959 Listings</p>",
    "<script type=\"application/ld+json\">{\"@type\":\"Car\",\"name\":\"1967 AC\\u0000\",\"offers\":{\"price\":1e308},",
    "\"geo\":{\"latitude\":33.123456789012345,\"longitude\":-1.1e-7},\"telephone\":\"480 461 7777\"}</script>",
    "<script type=application/ld+json>{'@type':'AutoDealer',geo:{latitude:'12.0000000000000001',longitude:'5'}}</script>",
    "<base href=\"http://a.example/\u{0}b/c?d#e\">",
    "<dl><dt>VIN</dt><dd>WP0AB2A89CS712345</dd><dt>Price</dt><dd>$1,095,000</dd></dl>",
    "<img srcset='/a.jpg 600w, /b.jpg 1200w'>",
    "<iframe src='https://www.google.com/maps/embed?pb=!2d-80.84!3d35.33'></iframe>",
    "<a href='mailto:a@mesa-motors.com%00?x'>m</a>",
    "<meta charset=\"utf-16\"><meta property=og:image content=/h.jpg>",
    "5527 Desert Rd. Mesa, AZ 85201 ",
    "Phone: 480-461-1234 x0001",
    "Mon - Fri: 9am - 5pm",
    "<a href=?page=2 rel=next>",
    "cdn.shopify.com",
    "allautonetwork.com",
    "{\"products\":[{\"title\":\"1967 AC\",\"handle\":\"\\u0000\"}]}",
    "&#0;",
    "&#x110000;",
    "&#xD800;",
    "&amp;#215;",
    "&nbsp",
    "<",
    ">",
    "\"",
    "'",
    "<!--",
    "-->",
    "<![CDATA[",
    "</div>",
    "</a>",
    "</script>",
    "<template>",
    "\\",
    "\\u",
    "{",
    "[",
    "$",
    "İ",
    "ß",
    "\u{202e}",
    "é\u{301}\u{feff}",
    "\n",
];

fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_260_501),
        failure_persistence: None,
        ..Config::default()
    }
}

fn check(page: &[u8]) {
    PARSERS.iter().for_each(|parser| (parser.check)(page));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes(page in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&page);
    }

    #[test]
    fn any_text(page in any::<String>()) {
        check(page.as_bytes());
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec((0..PIECES.len(), "[\\PC\n]{0,4}"), 0..20)) {
        let page: String = pieces.iter().map(|(at, noise)| format!("{}{noise}", PIECES[*at])).collect();
        check(page.as_bytes());
    }
}

#[test]
fn no_page_at_all_and_a_page_of_each_piece_alone() {
    check(b"");
    PIECES.iter().for_each(|piece| check(piece.as_bytes()));
}

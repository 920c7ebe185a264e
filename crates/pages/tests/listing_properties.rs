//! What holds for every page, however broken: no panic, output no larger than the page, amounts that fit the
//! state.

use bat_pages::kind::{PageKind, impostor};
use bat_pages::listing::{Listing, Status};
use bat_pages::parse_listing;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const PAGES: [&str; 3] = [
    include_str!("listing_pages/modern.html"),
    include_str!("listing_pages/bold_essentials.html"),
    include_str!("listing_pages/one_list.html"),
];

/// Pieces that break markup where they are put.
const BREAKERS: [&str; 16] = [
    "<",
    ">",
    "\"",
    "'",
    "<!--",
    "-->",
    "<script>",
    "</div>",
    "</ul>",
    "&",
    "&#",
    "\u{0}",
    "é",
    "<template>",
    "{\"",
    "\\",
];

/// The same cases on every run.
fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_260_424),
        failure_persistence: None,
        ..Config::default()
    }
}

fn check(html: &str) -> Listing {
    let listing = parse_listing(html);
    let json = serde_json::to_string(&listing).map(|json| json.len()).unwrap_or(usize::MAX);
    // Keys and `null`s are a constant; texts may be escaped in JSON; a VIN, a colour or a title repeats a part.
    assert!(json <= 4_000 + html.len() * 12, "{json} bytes out of {}", html.len());
    let is = |status: Status| listing.status == Some(status);
    assert!(listing.sale_price.is_none() || is(Status::Sold));
    assert!(listing.buyer_username.is_none() || is(Status::Sold));
    assert!(listing.sold_after_auction != Some(true) || is(Status::Sold));
    assert!(listing.current_bid.is_none() || is(Status::Live));
    assert!(listing.high_bid.is_none() || !(is(Status::Sold) || is(Status::Live)));
    assert!(listing.vin.as_ref().is_none_or(|vin| vin.len() == 17));
    for kind in [PageKind::Directory, PageKind::Member, PageKind::Listing, PageKind::Website] {
        let _ = impostor(kind, html);
    }
    listing
}

/// The nearest character boundary at or before a share of the text.
fn at(text: &str, share: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let offset = (text.len() as f64 * share) as usize;
    text.floor_char_boundary(offset.min(text.len()))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn arbitrary_markup(pieces in prop::collection::vec(prop::sample::select(
        ["<div class='essentials'>", "<li>", "</div>", "Seller: x", "<table id=listing-bid>", "<tr>", "<td class=listing-stats-label>",
         "High Bid", "USD $5", "<strong>", "</strong>", "<div class=listing-intro>", "<h1>", "&#215;", "12k Miles", "<a href='/member/x/'>",
         "<script>var BAT_VMS = {\"comments\":[", "]}", "</script>", "<p>", "<!--", "<b", " x='"].to_vec()), 0..60)) {
        check(&pieces.concat());
    }

    #[test]
    fn truncated_pages(page in 0..3_usize, share in 0.0..1.0_f64) {
        let page = PAGES[page];
        check(&page[..at(page, share)]);
    }

    #[test]
    fn broken_pages(page in 0..3_usize, share in 0.0..1.0_f64, breaker in 0..BREAKERS.len(), times in 1..4_usize) {
        let page = PAGES[page];
        let (before, after) = page.split_at(at(page, share));
        check(&format!("{before}{}{after}", BREAKERS[breaker].repeat(times)));
    }

    #[test]
    fn pages_with_a_piece_missing(page in 0..3_usize, from in 0.0..1.0_f64, length in 0.0..0.3_f64) {
        let page = PAGES[page];
        let (start, end) = (at(page, from), at(page, (from + length).min(1.0)));
        check(&format!("{}{}", &page[..start], &page[end..]));
    }
}

#[test]
fn the_unbroken_pages_hold_too() {
    for page in PAGES {
        assert!(check(page).title.is_some());
    }
}

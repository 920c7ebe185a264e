//! What holds for every page of the catalogue, however broken: no panic, output in proportion to the page.

use std::time::{Duration, Instant};

use bat_pages::{Catalogue, parse_catalogue};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const PAGE: &str = "<html><body><div class=\"listing-card listing-card-separate\" data-listing_id=\"111\" \
    data-timestamp_end=\"1776716700\"><a href=\"https://bringatrailer.com/listing/one/\"></a><h3>1999 Example</h3>\
    <div class=\"item-tags\"><b class=\"item-tag-noreserve\">No Reserve</b></div><div class=\"item-results\"></div>\
    <span class=\"bid-formatted\">USD $4,444</span></div><script>\n/* <![CDATA[ */\nvar auctionsCompletedInitialData = \
    {\"items\":[{\"id\":7,\"url\":\"https:\\/\\/bringatrailer.com\\/listing\\/two\\/\",\"title\":\"4&#215;4 \\u00d7\",\
    \"sold_text\":\"Sold for GBP \\u00a316,000 <span> on 4\\/2\\/26 <\\/span>\",\"timestamp_end\":1775156828,\
    \"currency\":\"GBP\",\"country_code\":\"GB\"}],\"page_current\":1,\"pages_total\":63,\"items_total\":1491};\n</script>";

fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_260_420),
        failure_persistence: None,
        ..Config::default()
    }
}

fn check(body: &str) -> Catalogue {
    let catalogue = parse_catalogue(body);
    let json = serde_json::to_string(&catalogue).map(|json| json.len()).unwrap_or(usize::MAX);
    // Keys and `null`s of an item are 300 bytes for the 20 of `{"url":"/listing/x"}`.
    assert!(json <= 4_000 + body.len() * 20, "{json} bytes out of {}", body.len());
    for item in &catalogue.items {
        assert!(item.url.starts_with("https://bringatrailer.com/listing/"));
        assert!(item.amount.is_none_or(|amount| amount > 0));
        assert!(item.listing_id.is_none_or(|id| id > 0));
    }
    catalogue
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
        check(&format!("{{\"items\":[{text}]}}"));
        check(&format!("[{{\"url\":\"/listing/x/\",\"sold_text\":{text:?}}}]"));
    }

    #[test]
    fn truncated_pages(share in 0.0..1.0_f64) {
        check(&PAGE[..at(PAGE, share)]);
    }

    #[test]
    fn broken_pages(share in 0.0..1.0_f64, breaker in prop::sample::select(
        ["<", ">", "\"", "'", "<!--", "<script>", "</div>", "</a>", "&", "\0", "é", "{", "]", "\\", "<template>"].to_vec())) {
        let (before, after) = PAGE.split_at(at(PAGE, share));
        check(&format!("{before}{breaker}{after}"));
    }

    #[test]
    fn any_result(text in "(Sold for|Bid to|Withdrawn|sold) ?[A-Z]{0,3} ?[$£€]?[0-9,.]{0,30} (on )?[0-9/]{0,12}.{0,10}") {
        check(&serde_json::json!([{"url": "/listing/x/", "sold_text": text}]).to_string());
    }
}

#[test]
fn the_unbroken_page_holds_too() {
    assert_eq!(check(PAGE).items.len(), 2);
}

/// 4 MB of what makes a careless parser quadratic.
#[test]
fn hostile_pages_end_in_time() {
    const SIZE: usize = 4 << 20;
    let filled = |start: &str, piece: &str| format!("{start}{}", piece.repeat(SIZE / piece.len()));
    for (name, body) in [
        ("cards", filled("", "<div class=listing-card>")),
        ("cards with lots", filled("", "<a class=listing-card href=/listing/x/></a>")),
        ("brackets", filled("{\"items\":", "[")),
        ("items", filled("[", "{\"url\":\"/listing/x/\"},")),
        ("scripts", filled("", "<script>var auctionsCurrentInitialData = [{},</script>")),
        ("assignments", filled("<script>\n", "var auctionsCurrentInitialData = [\n")),
        ("spans", filled("<div class=listing-card>", "<span>")),
    ] {
        let started = Instant::now();
        check(&body);
        let limit = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_secs(1) };
        assert!(started.elapsed() < limit, "{name} took {:?}", started.elapsed());
    }
}

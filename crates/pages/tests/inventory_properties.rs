//! What holds for every page of a dealer's site, however broken: no panic, output in proportion to the page.

use std::time::{Duration, Instant};

use bat_pages::inventory::MOST_ENTRANCES;
use bat_pages::{Inventory, entrances_of_sitemap, inventory_entrances, parse_inventory, parse_sitemap};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const URL: &str = "https://dealer.example.com/inventory";
const CAR: &str = "https://dealer.example.com/vehicles/7/1967-ac-cobra";

/// A page with something for every reader.
const PAGE: &str = "<html><head><title>1967 AC Cobra For Sale ($1,095,000) | Dealer</title><base href=\"/x/\">\
    <script type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"ItemList\",\"numberOfItems\":3,\"itemListElement\":[\
    {\"item\":{\"@type\":[\"Product\",\"Vehicle\"],\"name\":\"1967 AC Cobra\",\"url\":\"/vehicles/7/1967-ac-cobra\",\
    \"image\":[\"/a.jpg\",{\"url\":\"/b.jpg\"}],\"mileageFromOdometer\":{\"value\":\"5\",\"unitCode\":\"SMI\"},\
    \"offers\":{\"price\":\"38500.00\",\"priceCurrency\":\"USD\",\"availability\":\"SoldOut\"}}}]}]}</script></head><body>\
    <img src=\"https://cdn.dealeraccelerate.com/t/1/2/3/790x1024/1967-ac-cobra.avif\"><h1>1967 AC Cobra</h1>\
    <div id=details><dl><dt>Stock:</dt><dd>B7</dd><dt>VIN</dt><dd>CSX 3356</dd><dt>Mileage</dt><dd>5 miles</dd></dl></div>\
    <table><tr><td>Price</td><td>$1,095,000 USD</td><th>Engine<td>427ci V8</tr></table><h3>Comments</h3><p>Nice.</p>\
    <div itemscope itemtype=https://schema.org/Car><span itemprop=\"name model\">1968 Ford Mustang</span></div>\
    <ul><li><h3><a href=/vehicles/8/1968-ford-mustang>1968 Ford Mustang</a></h3><span class=price>$9,000</span>\
    <div class=sold style=\"background-image:url(/c.jpg)\"></div></li></ul>\
    <div class=inventory-panel data-displaytitle=\"1969 BMW 2002\"><span class=vin>1</span><b class=pricevalue1>$5</b></div>\
    <div class=\"search-results-item\" onclick=\"document.location.href='/1969-bmw-c-9.htm'\"><h4>1969 BMW 2002</h4></div>\
    <div class=pagination><a href=\"?page=2\">2</a></div><p>Page 1 of 3 , 41 cars</p></body></html>";

/// Texts that make a page one of each platform.
const PLATFORMS: [&str; 9] = [
    "",
    "allautonetwork.com",
    "imagescf.dealercenter.net",
    "cf-img.autorevo.com",
    "wm.automanager.com",
    "cdn05.carsforsale.com",
    "www.motorcarmarketing.com",
    "cdn.shopify.com",
    "/wp-content/",
];

fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_260_421),
        failure_persistence: None,
        ..Config::default()
    }
}

fn check_at(body: &str, url: &str) -> Inventory {
    let inventory = parse_inventory(body, url);
    let json = serde_json::to_string(&inventory).map(|json| json.len()).unwrap_or(usize::MAX);
    // An item's keys and `null`s are 400 bytes, for the 16 of `<h1>1967 a</h1>`; an address of two bytes becomes one of
    // thirty.
    assert!(json <= 4_000 + body.len() * 60, "{json} bytes out of {}", body.len());
    for item in &inventory.items {
        for url in item.image_urls.iter().chain(&item.url) {
            assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        }
        assert!(item.url.as_ref().is_none_or(|url| !url.contains('#')));
        assert!(item.year.is_none_or(|year| (1885..=2049).contains(&year)));
        assert!(item.asking_price.is_none_or(|price| price > 1));
        assert!(!(item.price_on_request && item.asking_price.is_some()));
        assert!(item.vin.as_ref().is_none_or(|vin| vin.len() == 17));
        assert!(item.vin.is_none() || item.chassis.is_some());
    }
    assert!(!inventory.is_item_page || inventory.items.len() == 1);
    inventory
}

fn check_entrances(body: &str, url: &str) {
    let found = inventory_entrances(body, url);
    assert!(found.current.len() <= MOST_ENTRANCES && found.sold.len() <= MOST_ENTRANCES);
    let all: Vec<String> = [found.current, found.sold].concat();
    assert!(
        all.iter().all(|url| url.starts_with("http") && url.len() <= 1_000 && !url.contains('#')),
        "{all:?}"
    );
    let found = entrances_of_sitemap(&all);
    assert!(
        found.lists.len() + found.sold_lists.len() + found.items.len() + found.sitemaps.len() <= all.len()
    );
    let named = parse_sitemap(body);
    assert!(named.urls.iter().chain(&named.sitemaps).all(|url| url.starts_with("http")));
}

fn check(body: &str) {
    check_entrances(body, URL);
    check_at(body, URL);
    check_at(body, CAR);
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
    fn arbitrary_text(text in any::<String>(), url in any::<String>()) {
        check(&text);
        check_at(PAGE, &url);
        check_entrances(PAGE, &url);
        check(&format!("<urlset><url><loc>https://dealer.example.com/{text}</loc></url></urlset>"));
        check(&format!("<a href={text:?}>Inventory</a><a href=/inventory>{text}</a>"));
        check(&format!("<script type=\"application/ld+json\">{{\"@type\":\"Car\",\"name\":{text:?}}}</script>"));
        check(&format!("<h1>1967 AC {text}</h1><table><tr><td>Stock<td>{text}<td>Price<td>{text}</table>"));
        check(&format!("{{\"products\":[{{\"title\":\"1967 AC Cobra\",\"handle\":{text:?}}}]}}"));
        check(&format!("[{{\"vin\":\"1\",\"make\":{text:?},\"stockno\":{text:?},\"url_link\":{text:?},\"price\":{text:?}}}]"));
    }

    #[test]
    fn truncated_pages(share in 0.0..1.0_f64, platform in prop::sample::select(PLATFORMS.to_vec())) {
        check(&format!("<!-- {platform} -->{}", &PAGE[..at(PAGE, share)]));
    }

    #[test]
    fn broken_pages(share in 0.0..1.0_f64, platform in prop::sample::select(PLATFORMS.to_vec()), breaker in prop::sample::select(
        ["<", ">", "\"", "'", "<!--", "<script>", "</div>", "</a>", "&", "\0", "é", "{", "]", "\\", "<template>", "99999999999999999999"].to_vec())) {
        let (before, after) = PAGE.split_at(at(PAGE, share));
        check(&format!("<!-- {platform} -->{before}{breaker}{after}"));
    }

    #[test]
    fn any_price(text in "(Sold for|Call|Asking|was)? ?(US|C)?[$£€-]?[0-9,.]{0,30} ?(USD|/mo|month)?.{0,10}") {
        check(&format!("<h1>1967 AC Cobra</h1><p>Stock: 7<p>Engine: V8<p class=price>{text}</p>"));
        check(&serde_json::json!({"products": [{"title": "1967 AC Cobra", "variants": [{"price": text}]}]}).to_string());
    }

    #[test]
    fn any_address(path in "(/[a-z0-9%.:_-]{0,12}){0,5}", query in "([?&#=a-z0-9%_]{0,20})") {
        check_at(PAGE, &format!("https://dealer.example.com{path}{query}"));
        check_entrances(PAGE, &format!("https://dealer.example.com{path}{query}"));
        check_entrances(&format!("<a href=\"{path}{query}\">Inventory</a>"), URL);
        entrances_of_sitemap(&[format!("https://dealer.example.com{path}{query}")]);
        check(&format!("<ul><li><a href=\"{path}{query}\">1967 AC Cobra</a><li><a href=\"/{query}{path}\">1968 BMW 2002</a></ul>"));
    }
}

#[test]
fn the_unbroken_page_holds_too() {
    for platform in PLATFORMS {
        check(&format!("<!-- {platform} -->{PAGE}"));
    }
    assert_eq!(check_at(PAGE, CAR).items.len(), 1);
}

/// 256 kB of what makes a careless parser quadratic.
#[test]
fn hostile_pages_end_in_time() {
    const SIZE: usize = 1 << 18;
    let filled = |start: &str, piece: &str| format!("{start}{}", piece.repeat(SIZE / piece.len()));
    let ld = "<script type=\"application/ld+json\">";
    for (name, body) in [
        ("headings", filled("", "<h2>1967 AC Cobra</h2>")),
        ("nested headings", filled("", "<div><h2>1967 AC</h2>")),
        ("links", filled("", "<a href=/vehicles/7/1967-a>1967 AC</a>")),
        (
            "links to many cars",
            (0..SIZE / 40).map(|n| format!("<a href=/vehicles/{n}/1967-ac>1967 AC</a>")).collect(),
        ),
        ("labels", filled("", "<span>Stock</span>")),
        ("rows", filled("<table>", "<tr><td>VIN<td>CSX 3356")),
        ("a row", filled("<table><tr>", "<td>VIN<td>7")),
        ("pagers", filled("", "<div class=pagination><a href=?page=2>")),
        ("prices", filled("", "<div class=price>$1")),
        (
            "cards",
            filled("allautonetwork.com", "<div class=invebox onclick=\"x='/a-c-1.htm'\"><h4>1967 AC</h4>"),
        ),
        ("snapshots", filled("", "<li class=vehicle-snapshot><div class=vehicle-snapshot>")),
        (
            "links to many lists",
            (0..SIZE / 40).map(|n| format!("<a href=/inventory-{n}>Inventory</a>")).collect(),
        ),
        ("cars as JSON", filled("[", "{\"make\":\"AC\",\"vin\":\"7\",\"url_link\":\"/a\"},") + "{}]"),
        (
            "marks of what is sold",
            filled("<img src=cdn.dealeraccelerate.com>", "<div class=sold><a href=/vehicles/8/1968-ac>x</a>"),
        ),
        ("sentences", filled("", "<p>there are no vehicles no cars 0 results")),
        ("a long link", filled("<a href=\"/", "inventory/")),
        ("a long name", filled("<a href=/x>", "inventory ")),
        ("brackets", filled(ld, "[")),
        ("objects", filled(ld, "{\"@graph\":")),
        (
            "vehicles",
            filled(
                &format!("{ld}["),
                "{\"@type\":\"Car\",\"name\":\"1967 AC\",\"offers\":{\"@id\":\"#a\"}},",
            ),
        ),
        ("items in items", filled("", "<div itemscope itemtype=Car itemprop=\"a b c d\">")),
        ("names", filled("<p itemscope itemtype=Car><b itemprop=\"", "name ")),
        ("backgrounds", filled("", "<i style=\"background-image:url(\">")),
    ] {
        for url in [URL, CAR] {
            let started = Instant::now();
            check_at(&body, url);
            check_entrances(&body, url);
            let limit = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_secs(2) };
            assert!(started.elapsed() < limit, "{name} took {:?}", started.elapsed());
        }
    }
}

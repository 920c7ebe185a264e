//! Web sites of partners: what holds of every page, whatever it is made of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use bat_pages::website::Picture;
use bat_pages::{Website, parse_website};
use proptest::prelude::*;

const URL: &str = "https://www.mesa-motors.com/about/";

/// Pieces of pages that some reader looks for.
const PIECES: [&str; 34] = [
    "<header>",
    "</header>",
    "<footer>",
    "</footer>",
    "<address>",
    "<div class=contact>",
    "<div class='hero slider'>",
    "<div class='vehicle-card'>",
    "</div>",
    "<br>",
    "5527 Desert Rd. Mesa, AZ 85201 ",
    "1 King St, Toronto, ON M5V 2T6",
    "5 High Street, Henley, RG9 1AA",
    "37073 Göttingen, Germany",
    "Phone: 480-461-1234 ",
    "Fax: (480) 461-9999 ",
    "Toll Free 800.461.0227",
    "Mon - Fri: 9am - 5pm",
    "Sunday: closed",
    "info [at] mesa-motors (dot) com",
    "<a href='tel:+1-480-461-5555'>480 461 5555</a>",
    "<a href='mailto:a@mesa-motors.com?x'>m</a>",
    "<a href='/contact#x'>Contact</a>",
    "<a href='../about'>About us</a>",
    "<a href='https://instagram.com/mesamotors?x=1'></a>",
    "<a href='/'><img class=logo alt='Mesa Motors logo' src='/logo.png'></a>",
    "<img srcset='/a.jpg 600w, /b.jpg 1200w'>",
    "<link rel=icon sizes=32x32 href=i.png>",
    "<meta property=og:image content=/hall.jpg>",
    "<title>Home | Mesa Motors</title>",
    "<iframe src='https://www.google.com/maps/embed?pb=!2d-80.84!3d35.33'></iframe>",
    "<span style='direction:rtl;unicode-bidi:bidi-override'>moc.asem@a</span>",
    "<script type='application/ld+json'>{'@type':'Store',\"telephone\":\"480 461 7777\",sameAs:['https://x.com/mesa']}</script>",
    "<p itemscope itemtype=http://schema.org/Store><i itemprop=openingHours content='Mo 9-5'>",
];

/// Every picture of a page.
fn pictures(site: &Website) -> impl Iterator<Item = &Picture> {
    let lists = [
        &site.logo_candidates,
        &site.favicon_candidates,
        &site.banner_candidates,
        &site.primary_image_candidates,
    ];
    lists.into_iter().flatten()
}

/// Fails unless what was read is well formed.
fn check(site: &Website) {
    let links = site.contact_urls.iter().chain(&site.about_urls);
    let urls =
        pictures(site).map(|picture| &picture.url).chain(site.social_links.values()).chain(links.clone());
    for url in urls {
        let url = url::Url::parse(url).unwrap();
        assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{url}");
    }
    for url in links {
        assert_eq!(url::Url::parse(url).unwrap().host_str(), Some("www.mesa-motors.com"));
    }
    assert!(site.contact_urls.len() <= 3 && site.about_urls.len() <= 3);
    assert!(pictures(site).count() <= 32);
    for (single, candidates) in [
        (&site.logo_url, &site.logo_candidates),
        (&site.favicon_url, &site.favicon_candidates),
        (&site.banner_url, &site.banner_candidates),
        (&site.primary_image_url, &site.primary_image_candidates),
    ] {
        assert!(single.as_ref().is_none_or(|url| candidates.iter().any(|candidate| candidate.url == *url)));
    }
    assert_eq!(site.latitude.is_some(), site.longitude.is_some());
    assert!(site.phone.is_some() || site.phone_text.is_none());
    // The printed number is the same one: its last digits say so.
    if let (Some(phone), Some(printed)) = (&site.phone, &site.phone_text) {
        let digits: String = printed.chars().filter(char::is_ascii_digit).collect();
        assert!(phone.ends_with(digits.trim_start_matches(['0', '1'])), "{phone} {printed}");
    }
    let fields = serde_json::to_value(site).unwrap();
    assert!(!fields.to_string().contains("\\u0000"));
    for field in site.sources.keys() {
        assert!(!fields[field].is_null(), "{field} has a source and no value");
    }
    for field in site.confirmed_by.keys() {
        assert!(site.sources.contains_key(field), "{field} is confirmed and not told");
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        rng_algorithm: prop::test_runner::RngAlgorithm::ChaCha,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_251_126),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_read_is_well_formed(
        pieces in proptest::collection::vec((0..PIECES.len(), "[\\PC\n]{0,6}"), 0..30),
    ) {
        let html: String = pieces.iter().map(|(at, noise)| format!("{}{noise}", PIECES[*at])).collect();
        check(&parse_website(&html, URL));
    }

    #[test]
    fn an_address_of_north_america_is_read_as_it_is_printed(
        number in 1..99_999_u32,
        street in "[A-Z][a-z]{2,9}",
        city in "[A-Z][a-z]{3,9}( [A-Z][a-z]{3,9})?",
        zip in 501..99_950_u32,
    ) {
        let lines = format!("<footer>{number} {street} Road<br>{city}, AZ {zip:05}</footer>");
        let site = parse_website(&lines, URL);
        prop_assert_eq!(site.address, Some(format!("{number} {street} Road")));
        prop_assert_eq!((site.city, site.zip_code), (Some(city), Some(format!("{zip:05}"))));
    }
}

/// A quadratic reader needs half a minute for some of these pages, a linear one a second or two.
#[test]
fn hostile_pages_take_linear_time() {
    let more = [
        "<div class=contact>",
        "<p class=contact>1 Main St. Mesa",
        "1 St. St. Ave. ",
        "[at]",
        "(",
        "Monday 9:00 ",
        "Tel 480-461-1234 ",
        "480-461-1234<br>",
        "<a href=/contact>Contact</a>",
        "<a href='https://x.com/a'>",
        "<div class=slider><img srcset='a 1w, b 2w'>",
        "<div style='background:url(",
        "<span style='direction:rtl;unicode-bidi:bidi-override'>",
        "<img srcset='a 1w, ",
        "powered by <a href=//x.com>",
    ];
    for piece in PIECES.iter().chain(&more) {
        let page = piece.repeat(200_000 / piece.len());
        let start = Instant::now();
        check(&parse_website(&page, URL));
        assert!(start.elapsed() < Duration::from_secs(20), "{piece}: {:?}", start.elapsed());
    }
}

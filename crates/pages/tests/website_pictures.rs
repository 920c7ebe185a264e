//! Web sites of partners: their pictures. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};

const URL: &str = "https://www.mesa-motors.com/about/";

fn parse(html: &str) -> Website {
    parse_website(html, URL)
}

#[test]
fn logos_by_precedence() {
    let logo = |html: &str| parse(html).logo_url;
    let at = |path: &str| Some(format!("https://www.mesa-motors.com{path}"));
    assert_eq!(logo("<img src=/a.png itemprop=logo><meta content=/b.png property=og:logo>"), at("/b.png"));
    assert_eq!(logo("<header><img src='/img/brand.png' class='site-logo'></header>"), at("/img/brand.png"));
    assert_eq!(
        logo("<a href='/'><img src='data:image/gif;base64,R0' data-src='/img/mesa-logo.png'></a>"),
        at("/img/mesa-logo.png")
    );
    assert_eq!(logo("<div><img src='../img/main-logo.png' alt=''></div>"), at("/img/main-logo.png"));
    for html in [
        "<header><img src='/carfax-logo.png'></header>",
        "<header><img src='/i/paypal_logo.png'></header>",
        "<footer><a href='/'><img src='/logo.png'></a></footer>",
        "<header><img src='/logo.png' width=16></header>",
        "<header><img src='data:image/png;base64,AA' alt=logo></header>",
        "<p><img src='/porsche-logo.png'></p>",
        "<header><img src='/hero.jpg'></header>",
    ] {
        assert_eq!(logo(html), None, "{html}");
    }
}

#[test]
fn the_best_own_icon_wins() {
    let icon = |html: &str| parse(html).favicon_url;
    let at = |path: &str| Some(format!("https://www.mesa-motors.com{path}"));
    let ico = "<link href=/favicon.ico rel='shortcut icon' sizes=any>";
    let small = "<link rel=icon sizes=16x16 href=/16.png>";
    let large = "<link rel='icon' sizes='96x96' href='/96.png'>";
    let touch = "<link rel=apple-touch-icon-precomposed href=/touch.png>";
    assert_eq!(icon(&format!("{ico}{small}{large}{touch}")), at("/96.png"));
    assert_eq!(icon(&format!("{ico}{small}{touch}")), at("/touch.png"));
    assert_eq!(icon(&format!("{small}{ico}")), at("/favicon.ico"));
    assert_eq!(
        icon(&format!("{large}<link type=image/svg+xml href=icon.svg rel=ICON>")),
        at("/about/icon.svg")
    );
    assert_eq!(icon("<meta name=msapplication-TileImage content=/tile.png>"), at("/tile.png"));
    assert_eq!(
        icon("<base href='https://cdn.mesa-motors.com/x/'><link rel=icon href=i.png>").as_deref(),
        Some("https://cdn.mesa-motors.com/x/i.png")
    );
    for href in
        ["data:image/png;base64,AA", "https://www.google.com/s2/favicons?domain=x", "javascript:x", ""]
    {
        assert_eq!(icon(&format!("<link rel=icon href='{href}'>")), None, "{href}");
    }
    assert_eq!(icon("<link rel=mask-icon href=/mask.svg>"), None);
}

#[test]
fn banners_are_wide_pictures_of_the_business() {
    let banner = |html: &str| parse(html).banner_url;
    assert_eq!(
        banner("<meta content='//img.mesa.com/hall.jpg' property='og:image'>").as_deref(),
        Some("https://img.mesa.com/hall.jpg")
    );
    for html in [
        "<meta property=og:image content=/logo.png>",
        "<meta property=og:image content=/cropped-x-270x270.png>",
        "<meta property=og:image content=/a.jpg><meta property=og:image:width content=300><meta property=og:image:height content=300>",
        "<meta property=og:type content=product><meta property=og:image content=/car.jpg>",
        "<meta property=og:image content='data:image/png;base64,AA'>",
    ] {
        assert_eq!(banner(html), None, "{html}");
    }
    let html = "<meta property=og:image content=/a.jpg><meta property=og:image content=/b.jpg><meta property=og:image:width content=1200>";
    assert_eq!(parse(html).primary_image_url.as_deref(), Some("https://www.mesa-motors.com/b.jpg"));
}

//! Web sites of partners: candidates for their pictures and for their name. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::website::Picture;
use bat_pages::{Website, parse_website};

const SITE: &str = "https://www.mesa-motors.com";

fn parse(html: &str) -> Website {
    parse_website(html, &format!("{SITE}/"))
}

/// Candidates as `method path`.
fn short(pictures: &[Picture]) -> Vec<String> {
    let path = |picture: &Picture| picture.url.strip_prefix(SITE).unwrap_or(&picture.url).to_owned();
    pictures.iter().map(|picture| format!("{} {}", picture.method, path(picture))).collect()
}

#[test]
fn logos_in_the_order_of_their_sources() {
    let site = parse(
        "<link rel=apple-touch-icon href=/touch.png><meta property=og:logo content=/meta.png>\
         <script type='application/ld+json'>{\"@type\":\"AutoDealer\",\"logo\":\"/data.png\"}</script>\
         <header><a class=logo href='/' style=\"background-image:url('/style.png')\"></a>\
         <img class=logo src=/first.png><img class=logo src=/ferrari.png></header>\
         <a href='/'><img alt='our logo' src=/home.png></a><img itemprop=logo src=/marked.png>\
         <footer><img class=logo src=/foot.png></footer>",
    );
    let expected = [
        "json-ld /data.png",
        "meta /meta.png",
        "microdata /marked.png",
        "img /first.png",
        "img /home.png",
        "style /style.png",
        "touch-icon /touch.png",
    ];
    assert_eq!(short(&site.logo_candidates), expected);
    assert_eq!(site.logo_url.as_deref(), Some("https://www.mesa-motors.com/data.png"));
}

/// A background or an icon may be anything: whoever takes it for the logo has to look at it first.
#[test]
fn a_background_or_an_icon_is_no_logo_by_itself() {
    let site = parse(
        "<header><a class=logo href='/' style='background: url(&quot;/l.png&quot;) no-repeat'></a></header>\
         <link rel=apple-touch-icon href=/touch.png>",
    );
    assert_eq!(short(&site.logo_candidates), ["style /l.png", "touch-icon /touch.png"]);
    assert_eq!((site.logo_url, site.sources.get("logo_url")), (None, None));
    assert_eq!(short(&parse("<a class=mesa-logo href='/'></a>").logo_candidates), Vec::<String>::new());
}

#[test]
fn a_logo_that_leads_to_another_site_is_that_ones() {
    let html = "<header><a href='https://www.desertclub.com/'><img class=logo src=/club.png></a></header>";
    assert_eq!(short(&parse(html).logo_candidates), Vec::<String>::new());
    let home = html.replace("www.desertclub.com", "mesa-motors.com");
    assert_eq!(short(&parse(&home).logo_candidates), ["img /club.png"]);
}

#[test]
fn badges_are_nobodys_logo() {
    for name in
        ["visa-logo.png", "ebay_logo.png", "bbb/logo.png", "logo-powered-by.png", "motorious-logo.svg"]
    {
        let html = format!("<header><a href='/'><img class=logo src='/img/{name}'></a></header>");
        assert_eq!(short(&parse(&html).logo_candidates), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn icons_the_best_first() {
    let site = parse(
        "<link rel='shortcut icon' href=/favicon.ico><link rel=icon sizes=32x32 href=/32.png>\
         <link rel=icon sizes=192x192 href=/192.png><link rel=icon href=/i.svg><link rel=icon href=/i.svg>\
         <link rel=mask-icon href=/mask.svg><meta name=msapplication-TileImage content=/tile.png>",
    );
    let expected = ["link /i.svg", "link /192.png", "link /32.png", "link /favicon.ico", "meta /tile.png"];
    assert_eq!(short(&site.favicon_candidates), expected);
    assert_eq!(site.favicon_url.as_deref(), Some("https://www.mesa-motors.com/i.svg"));
}

#[test]
fn banners_and_the_pictures_at_the_pages_head() {
    let site = parse(
        "<meta property=og:image content=/a.jpg><meta property=og:image content=/TemplateThumbnail.jpg>\
         <meta property=og:image content=/b.jpg><meta property=og:image:width content=1200>\
         <div class=cycle-slide><img src=/small.jpg width=300><img src='/small-2.jpg' srcset='/x.jpg 320w'></div>\
         <div class='hero-image' style='background-image:url(/hero.jpg)'></div>\
         <div class=slider><img src='data:image/gif;base64,R0' data-srcset='/s-600.jpg 600w, /s-1600.jpg 1600w'></div>\
         <div class='slider inventory'><img src=/car.jpg></div>",
    );
    assert_eq!(short(&site.primary_image_candidates), ["meta /b.jpg", "meta /a.jpg"]);
    let expected = ["meta /b.jpg", "meta /a.jpg", "hero /hero.jpg", "hero /s-1600.jpg"];
    assert_eq!(short(&site.banner_candidates), expected);
    assert_eq!(site.banner_url, site.primary_image_url);
}

#[test]
fn a_picture_at_the_pages_head_is_no_banner_by_itself() {
    let site = parse("<div class=hero><img src=/hall.jpg></div>");
    assert_eq!((short(&site.banner_candidates), site.banner_url), (vec!["hero /hall.jpg".to_owned()], None));
    let of_car = parse("<meta property=og:type content=product><div class=hero><img src=/car.jpg></div>");
    assert_eq!(short(&of_car.banner_candidates), Vec::<String>::new());
}

#[test]
fn addresses_that_a_script_fills_in_are_none() {
    let site = parse("<meta property=og:image content='//cdn.mesa-motors.com/hall_{width}x.jpg'>");
    assert_eq!((site.primary_image_url, site.banner_url), (None, None));
}

#[test]
fn candidates_are_few() {
    let images: String = (0..500).map(|at| format!("<meta property=og:image content=/{at}.jpg>")).collect();
    assert_eq!(parse(&images).primary_image_candidates.len(), 8);
}

#[test]
fn a_name_needs_two_places_or_data() {
    let page = |title: &str, alt: &str| {
        let logo = format!("<header><a href='/'><img class=logo src=/l.png alt='{alt}'></a></header>");
        let site = parse(&format!("<title>{title}</title>{logo}"));
        site.name
    };
    assert_eq!(page("Home | Mesa Motors", "Mesa Motors Logo").as_deref(), Some("Mesa Motors"));
    assert_eq!(page("Mesa-Motors &#8211; Cars", "mesa motors").as_deref(), Some("mesa motors"));
    assert_eq!(page("Home | Mesa Motors", "home"), None);
    assert_eq!(page("Classic cars", "Mesa Motors"), None);
    assert_eq!(page("Mesa Motors", ""), None);
    let heading = "<title>1967 Ford Mustang</title><div class=page-header><h1>1967 Ford Mustang</h1></div>";
    assert_eq!(parse(heading).name, None);
}

#[test]
fn the_domain_in_capitals_is_no_name() {
    let name = |name: &str, url: &str| {
        parse_website(&format!("<meta property=og:site_name content='{name}'>"), url).name
    };
    assert_eq!(name("MESACLASSICMOTORS", "http://www.mesaclassicmotors.com/"), None);
    assert_eq!(
        name("MesaClassicMotors", "http://www.mesaclassicmotors.com/").as_deref(),
        Some("MesaClassicMotors")
    );
    assert_eq!(name("MESA", "http://mesa.com/").as_deref(), Some("MESA"));
}

#[test]
fn a_description_that_is_a_link_is_none() {
    let html = "<meta property=og:description content='Check out http://WWW.MESACLASSICMOTORS.COM/INDEX!'>";
    assert_eq!(parse(html).description, None);
}

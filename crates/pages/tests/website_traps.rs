//! Web sites of partners: what misleads readers of pictures and contacts. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};

const SITE: &str = "https://www.mesa-motors.com";

fn parse(html: &str) -> Website {
    parse_website(html, &format!("{SITE}/"))
}

fn at(path: &str) -> Option<String> {
    Some(format!("{SITE}{path}"))
}

#[test]
fn scripts_of_data_in_every_spelling() {
    for (start, end) in [
        ("<script type='application/ld+json'>", "</script>"),
        ("<script type='application/ld+json' />", "</script>"),
        ("<SCRIPT TYPE='APPLICATION/LD+JSON'>", "</SCRIPT\n>"),
    ] {
        let html = format!("{start}{{\"@type\":\"AutoDealer\",\"name\":\"Mesa &amp;amp; Sons\"}}{end}");
        assert_eq!(parse(&html).name.as_deref(), Some("Mesa & Sons"), "{start}");
    }
}

#[test]
fn keys_that_mean_something_to_scripts() {
    let html = "<script type=application/ld+json>{\"__proto__\":{\"name\":\"Evil\"},\"constructor\":{\"name\":\"Evil\"},\"@type\":\"AutoDealer\"}</script>";
    assert_eq!(parse(html).name, None);
}

#[test]
fn values_of_a_business_in_every_form() {
    let site = parse(
        "<script type=application/ld+json>{\"@type\":[\"AutoDealer\",\"LocalBusiness\"],\"name\":[\"Mesa Motors\"],\
         \"telephone\":[\"480-461-1234\"],\"logo\":{\"@type\":\"ImageObject\",\"url\":\"/logo.png\"},\
         \"sameAs\":\"https://www.facebook.com/mesamotors\"}</script>",
    );
    assert_eq!((site.name.as_deref(), site.phone.as_deref()), (Some("Mesa Motors"), Some("+14804611234")));
    assert_eq!(site.logo_url, at("/logo.png"));
    assert_eq!(site.social_links["facebook"], "https://www.facebook.com/mesamotors");
}

#[test]
fn a_logo_by_reference() {
    let site = parse(
        "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"Organization\",\"name\":\"Mesa\",\"logo\":{\"@id\":\"#logo\"}},\
         {\"@type\":\"ImageObject\",\"@id\":\"#logo\",\"url\":\"/mesa.png\"}]}</script>",
    );
    assert_eq!(site.logo_url, at("/mesa.png"));
}

#[test]
fn badges_of_others_are_no_logo() {
    for name in [
        "google-play-badge-logo.png",
        "app-store-logo.svg",
        "bbb-logo.png",
        "carfax-logo.png",
        "bringatrailer-logo.png",
        "hagerty-logo.png",
        "paypal-logo.png",
        "flag-logo.png",
        "sprite-logo.png",
        "spinner-logo.gif",
    ] {
        let html = format!("<header><a href='/'><img class=logo src='/img/{name}'></a></header>");
        assert_eq!(parse(&html).logo_url, None, "{name}");
    }
}

#[test]
fn a_logo_without_a_picture_is_none() {
    assert_eq!(parse("<header><a class=rkm-logo href='/'></a></header>").logo_url, None);
}

#[test]
fn lazy_and_responsive_logos() {
    for inside in [
        "<img class=logo src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP' data-src=/logo.png>",
        "<img class=logo data-lazy-src=/logo.png>",
        "<img class=logo data-original=/logo.png>",
        "<img class=logo src='/logo.png'>",
        "<img class=logo src=//www.mesa-motors.com/logo.png>",
    ] {
        let html = format!("<header><a href='/'>{inside}</a></header>");
        assert_eq!(parse(&html).logo_url, at("/logo.png"), "{inside}");
    }
    let set = "<header><a href='/'><img class=logo srcset='/s.png 100w, /l.png 400w'></a></header>";
    assert_eq!(parse(set).logo_url, at("/l.png"));
}

#[test]
fn attributes_in_any_order_and_quotes() {
    for meta in [
        "<meta property='og:image' content='/hall.jpg?a=1&amp;b=2'>",
        "<meta content=\"/hall.jpg?a=1&amp;b=2\" property=og:image>",
        "<META CONTENT='/hall.jpg?a=1&b=2' data-x=1 PROPERTY='og:image' />",
        "<meta property=og:image:secure_url content='/hall.jpg?a=1&amp;b=2'>",
    ] {
        assert_eq!(parse(meta).banner_url, at("/hall.jpg?a=1&b=2"), "{meta}");
    }
}

#[test]
fn banners_that_are_a_platform_s_default_or_the_logo() {
    for html in [
        "<meta property=og:image content=/assets/social-share.jpg>",
        "<meta property=og:image content=/wp-content/uploads/cropped-icon-270x270.png>",
        "<meta property=og:image content=/logo.png><header><a href='/'><img class=logo src=/logo.png></a></header>",
    ] {
        assert_eq!(parse(html).banner_url, None, "{html}");
    }
}

#[test]
fn icons_of_every_kind() {
    let icon = |html: &str| parse(html).favicon_url;
    assert_eq!(
        icon("<link rel='icon' sizes='48×48' href=/48.png><link rel=icon sizes=16x16 href=/16.png>"),
        at("/48.png")
    );
    assert_eq!(
        icon("<link rel='icon' sizes='any' href=/i.svg><link rel=icon sizes=192x192 href=/192.png>"),
        at("/i.svg")
    );
    assert_eq!(icon("<link rel='shortcut icon' href=/favicon.ico>"), at("/favicon.ico"));
    for html in [
        "<link rel=mask-icon href=/mask.svg color=#000>",
        "<link rel=manifest href=/manifest.json>",
        "<link rel=icon href='https://t1.gstatic.com/faviconV2?url=x'>",
    ] {
        assert_eq!(icon(html), None, "{html}");
    }
}

#[test]
fn telephone_links_of_every_spelling() {
    for (href, phone) in [
        ("tel:+1-8303762154", "+18303762154"),
        ("tel:7044459105", "+17044459105"),
        ("tel:17073328331", "+17073328331"),
        ("tel:+1-704-445-9105;ext=12", "+17044459105"),
        ("tel:(704)%20445-9105", "+17044459105"),
        ("tel://7044459105", "+17044459105"),
        ("tel:704-445-9105 x12", "+17044459105"),
    ] {
        assert_eq!(
            parse(&format!("<header><a href='{href}'>Call</a></header>")).phone.as_deref(),
            Some(phone),
            "{href}"
        );
    }
}

#[test]
fn numbers_that_nobody_has() {
    for number in ["555-0100", "704-555-0123", "123-456-7890", "000-000-0000", "(111) 111-1111"] {
        assert_eq!(
            parse(&format!("<header><a href='tel:{number}'>Call</a></header>")).phone,
            None,
            "{number}"
        );
    }
}

#[test]
fn letters_stand_for_digits() {
    let html = "<header><a href='tel:800-445-CARS'>800-445-CARS</a></header>";
    assert_eq!(parse(html).phone.as_deref(), Some("+18004452277"));
}

#[test]
fn mail_hidden_by_cloudflare() {
    for (code, mail) in [
        ("ee96988b948a8fae808f988b9cc08d8183", "xvezda@naver.com"),
        ("0f676a6363604f6a776e627f636a216c6062", "hello@example.com"),
    ] {
        let html =
            format!("<a href='/cdn-cgi/l/email-protection#{code}?subject=x'>[email&#160;protected]</a>");
        // A placeholder's address is none, hidden or not.
        let expected = (!mail.ends_with("example.com")).then_some(mail);
        assert_eq!(parse(&html).email.as_deref(), expected, "{mail}");
    }
}

#[test]
fn mail_links_with_junk_behind() {
    let html = "<a href=\"mailto:Sales@SpecialtySales.com).\n\t\">Mail</a>";
    assert_eq!(parse(html).email.as_deref(), Some("Sales@specialtysales.com"));
}

#[test]
fn mail_of_who_made_the_site_is_not_the_business_s() {
    for mail in [
        "support@godaddy.com",
        "x@sentry.wixpress.com",
        "abc@sentry.io",
        "user@domain.com",
        "icon@2x.png",
        "info@example.com",
    ] {
        assert_eq!(parse(&format!("<footer><a href='mailto:{mail}'>m</a></footer>")).email, None, "{mail}");
    }
}

#[test]
fn anchors_without_text_are_profiles_too() {
    let html = "<a class=facebook href='https://www.facebook.com/MesaMotors'></a><a href='https://www.threads.net/@mesamotors'></a>\
        <a href='https://www.pinterest.com/mesamotors/'></a>";
    let site = parse(html);
    assert_eq!(site.social_links["facebook"], "https://www.facebook.com/MesaMotors");
    for href in [
        "https://www.facebook.com/plugins/like.php?href=x",
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.facebook.com/squarespace",
        "https://twitter.com/wordpress",
        "https://www.pinterest.com/pin/create/button/",
        "https://www.instagram.com/",
    ] {
        assert!(parse(&format!("<a href='{href}'>x</a>")).social_links.is_empty(), "{href}");
    }
}

#[test]
fn an_address_of_two_lines() {
    let site = parse("<address>5527 Lakeview Road<br>Charlotte, NC 28269</address>");
    assert_eq!(site.address.as_deref(), Some("5527 Lakeview Road"));
    assert_eq!(
        (site.city.as_deref(), site.state.as_deref(), site.zip_code.as_deref()),
        (Some("Charlotte"), Some("NC"), Some("28269"))
    );
    for (line, state, zip) in [
        ("Benicia, CA 94520", "CA", "94520"),
        ("Benicia, CA. 94520", "CA", "94520"),
        ("Benicia, California 94520", "California", "94520"),
        ("Benicia, CA 94520-1234", "CA", "94520-1234"),
    ] {
        let site = parse(&format!("<address>1 Main Street<br>{line}</address>"));
        assert_eq!((site.state.as_deref(), site.zip_code.as_deref()), (Some(state), Some(zip)), "{line}");
    }
}

#[test]
fn descriptions_that_say_nothing() {
    for text in ["Home", "Mesa Motors", "Just another WordPress site", "Classic cars"] {
        let html = format!("<title>Mesa Motors</title><meta name=description content='{text}'>");
        assert_eq!(parse(&html).description, None, "{text}");
    }
}

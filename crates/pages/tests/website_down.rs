//! Pages that stand in for a business's own: a lapsed domain, a web server without a site, repairs; those of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::website::names_business;
use bat_pages::{Website, parse_website};

fn parse(html: &str) -> Website {
    parse_website(html, "https://www.mesa-motors.com/")
}

#[test]
fn a_page_that_stands_in_for_a_site_tells_nothing_of_the_business() {
    let broker = "<meta name=description content='Buy it now'><meta property=og:site_name content=Broker>\
        <img class=logo src=/logo.png><p>Call 480-461-1234 or <a href=mailto:sales@broker.com>write</a>\
        <a href=https://www.facebook.com/broker>f</a><address>1 Desert Road<br>Mesa, AZ 85201</address>\
        <script type=application/ld+json>{\"@type\":\"Organization\",\"name\":\"Broker\",\"telephone\":\"480-461-1234\"}</script>";
    let down = Website { is_down: true, ..Website::default() };
    for html in [
        "<title>mesa-motors.com</title><p>This domain is for sale.",
        "<title>mesa-motors.com is parked FREE</title><p>This page is parked free, courtesy of a registrar.",
        "<script>window.onload=function(){window.location.href=\"/lander\"}</script>",
        "<script src=https://img.sedoparking.com/a.js></script>",
        "<title>Account Suspended</title><h1>Account Suspended</h1>",
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>",
        "<title>Down For Maintenance</title>",
        "<h1>Website Expired</h1>",
    ] {
        assert_eq!(parse(html), down, "{html}");
        assert_eq!(parse(&format!("{html}{broker}")), down, "{html}");
    }
}

#[test]
fn a_site_that_is_there_is_not_down() {
    let menu = "<nav><a href=/a>A</a><a href=/b>B</a><a href=/c>C</a><a href=/d>D</a></nav>";
    let phone = "<footer>Phone: 480-461-1234</footer>";
    let long = "Sales of classic cars since 1967. ".repeat(60);
    for html in [
        // What garages do.
        "<title>Mesa Motors</title><p>Repairs, restoration and scheduled maintenance.".to_owned(),
        "<title>Mesa Motors</title><p>Vehicle maintenance and storage".to_owned(),
        format!("<title>Maintenance | Mesa Motors</title>{menu}"),
        format!("<title>Coming Soon</title>{menu}"),
        format!("<title>Mesa Motors</title><p>{long}<p>Buy this domain"),
    ] {
        let page = parse(&format!("{html}{phone}"));
        assert!(!page.is_down, "{html}");
        assert_eq!(page.phone.as_deref(), Some("+14804611234"), "{html}");
    }
}

/// Links within the page lead nowhere else.
#[test]
fn links_of_a_page_to_itself_do_not_make_it_a_site() {
    let html = "<title>Coming Soon</title><a href=#a>A</a><a href=/#b>B</a><a href=#c>C</a><a href=https://mesa-motors.com.broker.example/>D</a>";
    assert!(parse(html).is_down);
}

#[test]
fn a_page_names_a_business_whatever_the_letters_case_accents_and_legal_form() {
    for html in [
        "<title>MESA MOTORS - Classic cars</title>",
        "<h1>Welcome to <b>Mesa</b> Motors!</h1>",
        "<meta property='og:site_name' content='Mesa Motors'>",
        "<img src=/logo.png alt='Mesa-Motors logo'>",
        "<footer>&copy; Mésa Motors, Inc.</footer>",
    ] {
        for name in ["Mesa Motors", "mesa motors LLC", "Mesa Motors, Inc.", "Mésa Motors Co. Ltd."] {
            assert!(names_business(html, name), "{html}: {name}");
        }
    }
    assert!(names_business("<p>Bob &amp; Sons</p>", "Bob and Sons"));
    assert!(names_business("<p>The Company</p>", "Company"), "a name is more than its legal form");
}

#[test]
fn a_page_of_somebody_else_does_not_name_a_business() {
    for html in [
        "<title>Costa Mesa Motorsports</title>",
        "<p>Mesa</p><p>Classic Motors</p>",
        "<a href=https://lucky.example/?from=mesa-motors.com>Casino</a>",
        "<script>var site = 'Mesa Motors';</script>",
        "",
    ] {
        assert!(!names_business(html, "Mesa Motors"), "{html}");
    }
    assert!(!names_business("<p>anything</p>", "***"));
}

//! Web sites of partners whose structured data tells of others as well. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::website::{is_blank, is_network};
use bat_pages::{Website, parse_website};
use serde_json::{Value, json};

fn json_ld(data: &Value) -> Website {
    let html = format!("<script type=\"application/ld+json\">{data}</script>");
    parse_website(&html, "https://www.mesa-motors.com/")
}

/// Those who made the site.
fn maker(kind: &str) -> Value {
    json!({
        "@type": kind, "name": "PixelWorks", "url": "https://pixelworks.example.org/", "telephone": "(602) 253-4100",
        "email": "hello@pixelworks.org", "description": "We make web sites for dealers of cars, and have done so since 1999.",
        "sameAs": ["https://www.facebook.com/pixelworks"],
        "address": { "streetAddress": "5 Main Street", "addressLocality": "Portland", "addressRegion": "OR" },
    })
}

#[test]
fn what_the_dealer_does_not_tell_is_not_taken_from_who_made_the_site() {
    let dealer = json!({ "@type": "AutoDealer", "name": "Mesa Motors", "telephone": "(480) 461-1234" });
    let mut nowhere = maker("Organization");
    nowhere.as_object_mut().unwrap().remove("url");
    for stranger in [maker("Organization"), maker("AutoDealer"), nowhere] {
        for data in [json!([dealer, stranger]), json!([stranger, dealer])] {
            let site = json_ld(&data);
            assert_eq!(site.phone.as_deref(), Some("+14804611234"), "{data}");
            assert_eq!((site.email, site.description, site.city), (None, None, None), "{data}");
            assert!(site.social_links.is_empty(), "{:?}", site.social_links);
        }
    }
}

#[test]
fn who_has_an_address_on_the_site_goes_before_a_more_telling_type() {
    let mut stranger = maker("ProfessionalService");
    stranger.as_object_mut().unwrap().remove("url");
    for own in [
        json!({ "url": "https://mesa-motors.com/" }),
        json!({ "@id": "https://www.mesa-motors.com/#organization" }),
        json!({ "url": ["https://www.facebook.com/mesa", "https://shop.mesa-motors.com"] }),
    ] {
        let mut dealer =
            json!({ "@type": "Organization", "name": "Mesa Motors", "telephone": "(480) 461-1234" });
        dealer.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let site = json_ld(&json!([stranger, dealer]));
        assert_eq!(
            (site.name.as_deref(), site.phone.as_deref()),
            (Some("Mesa Motors"), Some("+14804611234"))
        );
        assert_eq!((site.email, site.description, site.city), (None, None, None), "{own}");
    }
}

#[test]
fn objects_of_one_name_or_number_or_without_a_name_are_one_business() {
    let own = json!({ "@type": "Organization", "@id": "#us", "name": "Mesa Motors", "url": "https://mesa-motors.com/" });
    for other in [
        json!({ "@type": "AutoDealer", "name": "MESA MOTORS, Inc.", "telephone": "(480) 461-1234" }),
        json!({ "@type": "AutoDealer", "telephone": "(480) 461-1234" }),
        json!({ "@type": "AutoDealer", "@id": "#us", "name": "The Desert's Finest", "telephone": "(480) 461-1234" }),
    ] {
        assert_eq!(json_ld(&json!([own, other])).phone.as_deref(), Some("+14804611234"), "{other}");
    }
    // Another of the same type contradicts.
    let branch = json!({ "@type": "Organization", "name": "Desert Sons", "telephone": "(480) 461-9999" });
    let phone = json!({ "telephone": "(480) 461-1234" });
    let mut own = own;
    own.as_object_mut().unwrap().extend(phone.as_object().unwrap().clone());
    assert_eq!(json_ld(&json!([own, branch])).phone, None);
}

#[test]
fn what_an_article_is_about_is_another_s() {
    let ferrari =
        json!({ "@type": "Organization", "name": "Ferrari S.p.A.", "telephone": "+39 0536 949111" });
    for kind in ["Article", "BlogPosting", "Product", "Event"] {
        let site = json_ld(&json!({ "@type": kind, "about": ferrari, "mainEntity": ferrari }));
        assert_eq!((site.name, site.phone), (None, None), "{kind}");
    }
    for kind in ["WebSite", "WebPage", "https://schema.org/AboutPage", "ContactPage"] {
        for key in ["about", "mainEntity"] {
            let site = json_ld(&json!({ "@type": kind, key: ferrari }));
            assert_eq!(site.name.as_deref(), Some("Ferrari S.p.A."), "{kind} {key}");
        }
    }
}

#[test]
fn a_network_is_nobody_s_own_site() {
    let is_network = |url: &str| is_network(&url::Url::parse(url).unwrap());
    assert!(is_network("https://www.facebook.com/mesamotors") && is_network("https://m.facebook.com./x"));
    assert!(!is_network("https://www.mesa-motors.com/") && !is_network("https://notfacebook.com/"));
}

#[test]
fn a_page_without_anything_to_read_or_to_load_is_blank() {
    for html in ["", " \n\u{feff}", "<html><head></head><body> </body></html>", "<!-- nothing -->"] {
        assert!(is_blank(html), "{html}");
    }
    for html in ["x", "<script src=\"/app.js\"></script>", "<img src=\"a.png\">", "<title>Mesa</title>"] {
        assert!(!is_blank(html), "{html}");
    }
}

//! Saved pages of real sites: read from the shared folder, never copied. What they say was read off their
//! markup by eye.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use bat_pages::charset::decode;
use bat_pages::{Website, parse_website};
use serde_json::{Value, json};

mod saved_pages;

/// What the parser reads of a saved page that was fetched at `url`; `None` where the pages are absent.
fn saved(name: &str, url: &str) -> Option<Website> {
    Some(parse_website(&decode(&saved_pages::bytes("dealers", name)?, None), url))
}

/// Fails unless a page says exactly this: every other field must be empty.
fn says(name: &str, url: &str, expected: Value) {
    let Some(website) = saved(name, url) else { return };
    let found: BTreeMap<String, Value> = serde_json::to_value(website)
        .unwrap()
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, value)| !is_empty(value) && *key != "sources")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    assert_eq!(serde_json::to_value(found).unwrap(), expected, "{name}");
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn candidate(url: &str, method: &str) -> Value {
    json!([{ "url": url, "method": method }])
}

/// A hand-made page of 2014: everything stands in the middle of the text, the description is the builder's.
#[test]
fn a_hand_made_inventory_page() {
    let title = "http://checkeredflagclassics.com/images/title_welcome.png";
    says(
        "cfc_inventory_page.html",
        "http://checkeredflagclassics.com/CURENT_INVENTORY_.php",
        json!({
            "phone": "+14088478788",
            "phone_text": "408-847-8788",
            "email": "bill@checkeredflagclassics.com",
            "address": "7743 MONTEREY ST.",
            "city": "GILROY",
            "state": "CA",
            "zip_code": "95020",
            "country": "US",
            "opening_hours": "MONDAY-FRIDAY . 10am to 5pm Sat. 10am to 3pm SUNDAY By appointment",
            "banner_url": title,
            "primary_image_url": title,
            "banner_candidates": candidate(title, "meta"),
            "primary_image_candidates": candidate(title, "meta"),
            "contact_urls": ["http://checkeredflagclassics.com/Contact_Us.html"],
        }),
    );
}

/// Its page of one car names the car's picture and nothing of the business.
#[test]
fn a_hand_made_page_of_a_car() {
    let car = "http://checkeredflagclassics.com/images/56bb5ed16e23c00d634dff39efc5c080_n3sr.jpg";
    says(
        "cfc_detail_page.html",
        "http://checkeredflagclassics.com/2011_TOYOTA_FJ.html",
        json!({
            "primary_image_url": car,
            "primary_image_candidates": candidate(car, "meta"),
            "contact_urls": ["http://checkeredflagclassics.com/Contact_Us.html"],
        }),
    );
}

/// A table as the page's head: "Tel:", "Fax:", "Showroom Location:", bullets between the parts.
#[test]
fn a_head_made_of_a_table() {
    for name in ["fantasy_junction_inventory_page.html", "fantasy_junction_detail_page.html"] {
        says(
            name,
            "http://www.fantasyjunction.com/inventory",
            json!({
                "description": "Brokers of Fine Collector Automobiles and Vintage Race Cars",
                "phone": "+15106537555",
                "phone_text": "+1 510 653 7555",
                "address": "1145 Park Avenue",
                "city": "Emeryville",
                "state": "California",
                "zip_code": "94608",
                "country": "US",
                "social_links": {
                    "facebook": "https://www.facebook.com/pages/Fantasy-Junction/112068145534919",
                    "x": "http://www.twitter.com/FantasyJunction",
                },
                "contact_urls": ["http://www.fantasyjunction.com/contactUs"],
                "about_urls": ["http://www.fantasyjunction.com/aboutUs"],
            }),
        );
    }
}

/// What both pages of My Hot Cars say.
fn my_hot_cars() -> Value {
    let logo = "http://www.myhotcars.com/images/logo.png";
    let icon = "http://www.myhotcars.com/favicon.ico";
    json!({
        "phone": "+19252920922",
        "phone_text": "925-292-0922",
        "address": "2476 Nissen Dr.",
        "city": "Livermore",
        "state": "CA",
        "zip_code": "94551",
        "country": "US",
        "logo_url": logo,
        "favicon_url": icon,
        "logo_candidates": candidate(logo, "img"),
        "favicon_candidates": candidate(icon, "link"),
        "social_links": {
            "facebook": "https://www.facebook.com/MyHotCars",
            "instagram": "http://instagram.com/myhotcars",
            "x": "https://twitter.com/MyHotCars",
            "youtube": "http://www.youtube.com/user/bkassabian",
        },
        "contact_urls": ["http://www.myhotcars.com/contacts.htm"],
    })
}

/// No comma between street and town, a freephone number beside the showroom's, the vendor's link in the foot.
#[test]
fn a_vendors_inventory_page() {
    let mut expected = my_hot_cars();
    expected["description"] = "MyHotCars has the Best Classic, Collector, and Muscle Cars For Sale online. Our inventory includes Classic Corvettes, Camaros, Mustangs, and other Classic and Collector Cars. Visit Us Today!".into();
    says("mhc_inventory_page.html", "http://www.myhotcars.com/inventory.htm", expected);
}

/// Days and hours in the cells of a list; a Carfax logo that is not the dealer's.
#[test]
fn a_vendors_page_of_a_car() {
    let mut expected = my_hot_cars();
    expected["description"] = "The Premier Classic and Muscle Car Dealer in California. Our brand new showroom located in Livermore, California. 25 years of serving customers classic and muscle car needs. Our knowledgeable sales staff with help you find just the right car for you at the best possible price. Integrity, Honesty and Dependability. MY HOT CARS, INC.".into();
    expected["opening_hours"] = "Monday: 10:00am to 7:00pm; Tuesday: 10:00am to 7:00pm; Wednesday: 10:00am to 7:00pm; Thursday: 10:00am to 7:00pm; Friday: 10:00am to 7:00pm; Saturday: 10:00am to 6:00pm; Sunday: 10:00am to 5:00pm".into();
    says("mhc_detail_page.html", "http://www.myhotcars.com/1965-a-c-cobra-c-963.htm", expected);
}

/// Four showrooms without ZIP codes: no address and no phone is the business's. "Contact us" opens a dialog.
#[test]
fn four_showrooms_have_no_address_in_common() {
    let logo = "https://www.specialtysales.com/images/header/main-logo-redesign.png";
    let icon = "https://www.specialtysales.com/images/urlicon.ico";
    let expected = json!({
        "name": "Specialty Sales Classics",
        "logo_url": logo,
        "favicon_url": icon,
        "logo_candidates": candidate(logo, "img"),
        "favicon_candidates": candidate(icon, "link"),
    });
    let mut of_car = expected.clone();
    of_car["email"] = "Sales@specialtysales.com".into();
    says("specialty_inventory_page.html", "https://www.specialtysales.com/inventory", expected);
    says("specialty_detail_page.html", "https://www.specialtysales.com/inventory/B11019", of_car);
}

/// Tiles of cars have the number of the branch that has the car; the rest of these excerpts is about cars.
#[test]
fn pages_of_cars_alone_say_nothing_of_the_business() {
    for name in [
        "gateway_srp.html",
        "gateway_sold_srp.html",
        "gateway_live_vdp.html",
        "gateway_sold_vdp.html",
        "crescent_srp.html",
        "santan_card_and_vdp.html",
        "streetside_srp.html",
        "JSONLD_with_JS_comment.html",
        "JSONLD_with_control_characters.html",
        "JSONLD_with_control_characters_comment.html",
    ] {
        says(name, "https://dealer.example.com/", json!({}));
    }
}

/// A page that is added to the folder is read by some test, or this one fails.
#[test]
fn every_saved_page_has_its_test() {
    let Some(folder) = saved_pages::folder("dealers") else { return };
    let this = include_str!("website_saved.rs");
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let unread: Vec<String> = names.filter(|name| !this.contains(&format!("\"{name}\""))).collect();
    assert_eq!(unread, Vec::<String>::new());
}

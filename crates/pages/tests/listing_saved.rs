//! Saved pages of the real site, every key checked against what the pages show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![recursion_limit = "512"]

use bat_pages::kind::{PageKind, impostor};
use serde_json::{Value, json};

mod saved_pages;

const UPLOADS: &str = "https://bringatrailer.com/wp-content/uploads/";

fn saved(name: &str) -> Option<String> {
    saved_pages::text("pages", name)
}

/// Checks a page against the expected keys. Long texts are checked by their ends and their length.
fn check(page: &str, mut expected: Value, images: [&str; 3], description: (&str, &str, usize)) {
    assert_eq!(impostor(PageKind::Listing, page), None);
    let listing = bat_pages::parse_listing(page);
    let urls = &listing.image_urls;
    assert_eq!(listing.primary_image_url.as_deref(), Some(format!("{UPLOADS}{}", images[0]).as_str()));
    assert_eq!(urls.first(), Some(&format!("{UPLOADS}{}", images[1])));
    assert_eq!(urls.last(), Some(&format!("{UPLOADS}{}", images[2])));
    assert_eq!(i32::try_from(urls.len()).ok(), listing.image_count);
    assert!(urls.iter().all(|url| url.starts_with(UPLOADS) && !url.contains(['?', '\\', '&'])));
    let text = listing.description.clone().unwrap();
    assert!(text.starts_with(description.0), "{text}");
    assert!(text.ends_with(description.1), "{text}");
    assert_eq!(text.split("\n\n").count(), description.2);
    for foreign in ["Filed under", "Tire Rack", "tirerack", "Did you mean", "<", "&"] {
        assert!(!text.contains(foreign), "{foreign} in {text}");
    }
    let mut actual = serde_json::to_value(&listing).unwrap();
    for checked in ["primary_image_url", "image_urls", "description"] {
        actual.as_object_mut().unwrap().remove(checked);
    }
    let (actual, expected) = (actual.as_object().unwrap(), expected.as_object_mut().unwrap());
    for (key, value) in expected.iter() {
        assert_eq!(actual.get(key), Some(value), "{key}");
    }
    assert_eq!(actual.len(), expected.len(), "every key is checked");
}

#[test]
fn sold() {
    let Some(page) = saved("listing-sold.html") else { return };
    let expected = json!({
        "url": "https://bringatrailer.com/listing/2009-porsche-cayman-46/",
        "listing_id": 112_195_219, "lot_number": 239_408, "title": "2009 Porsche Cayman 6-Speed",
        "status": "sold", "currency": "USD", "current_bid": null, "high_bid": null, "sale_price": 42_000,
        "sold_after_auction": false, "no_reserve": false, "premium": false, "alumni": false,
        "seller_username": "prescott_collection", "seller_name": "Prescott_Collection",
        "seller_type": "private_party", "dealer_charges": null, "buyer_username": "duke280",
        "high_bidder_username": "duke280", "ends_at": "2026-04-24T18:55:42Z",
        "location": "Hendersonville, North Carolina 28791", "country": "US", "make": "Porsche",
        "model": "987 Cayman", "era": "2000s", "origin": "German", "categories": [], "year": 2009,
        "chassis": "WP0AA29829U760958", "vin": "WP0AA29829U760958",
        "mileage": {"value": 13_000, "unit": "mi", "shown": false, "tmu": false, "text": "13k Miles"},
        "engine": "2.9-Liter Flat-Six", "transmission": "Six-Speed Manual Transaxle", "drivetrain": null,
        "exterior_color": "Arctic Silver Metallic", "interior_color": "Black Leather",
        "details": ["Chassis: WP0AA29829U760958", "13k Miles", "2.9-Liter Flat-Six", "Fabspeed Exhaust System",
            "Six-Speed Manual Transaxle", "Arctic Silver Metallic Paint", "Black Leather Upholstery",
            "17″ Cayman II Wheels", "Deployable Rear Spoiler", "Heated & Ventilated Seats",
            "Automatic Climate Control", "Cruise Control", "Clean Carfax Report"],
        "image_count": 141, "video_count": 1, "bid_count": 28, "comment_count": 64, "view_count": 6_993,
        "watcher_count": 792,
        "history": [{"url": "https://bringatrailer.com/listing/2009-porsche-cayman-46/", "date": "2026-04-24",
            "amount": 42_000, "currency": "USD", "sold": true}],
    });
    let images = [
        "2026/04/2009_porsche_cayman_dscf0029-73298.jpg",
        "2026/04/DSCF0029-93350-scaled.jpg",
        "2026/04/2009_porsche_cayman_1000015309-82612-scaled.jpg",
    ];
    let description = (
        "This 2009 Porsche Cayman was purchased new by owner, and it has 13k miles.",
        "\n\nThe Carfax report is free of accidents or other reported damage.",
        7,
    );
    check(&page, expected, images, description);
}

#[test]
fn live() {
    let Some(page) = saved("listing-live.html") else { return };
    let expected = json!({
        "url": "https://bringatrailer.com/listing/2026-porsche-911-gt3-6/",
        "listing_id": 112_614_088, "lot_number": 241_153, "title": "2026 Porsche 911 GT3 Weissach 6-Speed",
        "status": "live", "currency": "USD", "current_bid": 300_000, "high_bid": null, "sale_price": null,
        "sold_after_auction": false, "no_reserve": false, "premium": false, "alumni": false,
        "seller_username": "motorenn", "seller_name": "Motorenn", "seller_type": "dealer",
        "dealer_charges": "$0", "buyer_username": null, "high_bidder_username": "brutaltruth",
        "ends_at": "2026-05-05T19:09:00Z", "location": "Los Angeles, California 90045", "country": "US",
        "make": "Porsche", "model": "992 911 GT3", "era": "2020s", "origin": "German", "categories": [],
        "year": 2026, "chassis": "WP0AC2A94TS287162", "vin": "WP0AC2A94TS287162",
        "mileage": {"value": 61, "unit": "mi", "shown": false, "tmu": false, "text": "61 Miles"},
        "engine": "4.0-Liter Flat-Six", "transmission": "Six-Speed Manual Transaxle", "drivetrain": null,
        "exterior_color": "Lugano Blue", "interior_color": "Black Leather and Race-Tex",
        "details": ["Chassis: WP0AC2A94TS287162", "61 Miles", "4.0-Liter Flat-Six", "Six-Speed Manual Transaxle",
            "Lugano Blue Paint", "Black Leather and Race-Tex Upholstery",
            "20\" and 21\" Forged Magnesium Lightweight Wheels", "Weissach Package", "Chrono Package",
            "HD-Matrix Design LED Headlights", "Porsche Ceramic Composite Brakes", "Front-Axle Lift",
            "Heated Carbon-Fiber Bucket Seats", "Bose Sound System", "Window Sticker",
            "Total Price of $308k in 2026", "Clean Carfax Report"],
        "image_count": 138, "video_count": 3, "bid_count": 1, "comment_count": 11, "view_count": 1_460,
        "watcher_count": 455,
        "history": [{"url": "https://bringatrailer.com/listing/2026-porsche-911-gt3-6/", "date": null,
            "amount": null, "currency": null, "sold": null}],
    });
    let images = [
        "2026/04/2026_porsche_911-gt3_jcz4517-34531.jpg",
        "2026/04/2026_porsche_911-gt3__JCZ4517-65523-scaled.jpg",
        "2026/04/2026_porsche_911-gt3_DME20report-30168.jpg",
    ];
    let description = (
        "This 2026 Porsche 911 GT3 was ordered with a six-speed manual transaxle in addition to 20″ and 21″ forged",
        "\n\nThe Carfax report is free of accidents or other reported damage.",
        9,
    );
    check(&page, expected, images, description);
}

#[test]
fn reserve_not_met() {
    let Some(page) = saved("listing-reserve-not-met.html") else { return };
    let expected = json!({
        "url": "https://bringatrailer.com/listing/2001-ferrari-360-spider-89/",
        "listing_id": 103_907_129, "lot_number": 218_674, "title": "2001 Ferrari 360 Spider",
        "status": "reserve_not_met", "currency": "USD", "current_bid": null, "high_bid": 53_000,
        "sale_price": null, "sold_after_auction": false, "no_reserve": false, "premium": false, "alumni": false,
        "seller_username": "nimat14405", "seller_name": "Nimat14405", "seller_type": "dealer",
        "dealer_charges": "USD $85", "buyer_username": null, "high_bidder_username": "strotter13",
        "ends_at": "2025-11-07T20:45:12Z", "location": "Sacramento, California 95841", "country": "US",
        "make": "Ferrari", "model": "360", "era": "2000s", "origin": "Italian", "categories": ["Convertibles"],
        "year": 2001, "chassis": "ZFFYT53A010124655", "vin": "ZFFYT53A010124655",
        "mileage": {"value": 36_000, "unit": "mi", "shown": false, "tmu": false, "text": "36k Miles"},
        "engine": "3.6-Liter V8", "transmission": "Six-Speed F1 Sequential Transaxle", "drivetrain": null,
        "exterior_color": "Giallo Modena", "interior_color": "Nero Leather",
        "details": ["Chassis: ZFFYT53A010124655", "36k Miles", "3.6-Liter V8",
            "Six-Speed F1 Sequential Transaxle", "Limited-Slip Differential", "Giallo Modena Paint",
            "Nero Leather Upholstery", "Black Power-Operated Soft Top", "18\" Five-Spoke Alloy Wheels",
            "Scuderia Ferrari Fender Shields", "Challenge-Style Rear Grille",
            "Power-Adjustable Daytona-Style Seats", "Jensen Head Unit w/Apple Carplay & Android Auto",
            "Clean Carfax Report"],
        "image_count": 156, "video_count": 1, "bid_count": 24, "comment_count": 28, "view_count": 4_727,
        "watcher_count": 376,
        "history": [{"url": "https://bringatrailer.com/listing/2001-ferrari-360-spider-89/",
            "date": "2025-11-07", "amount": 53_000, "currency": "USD", "sold": false}],
    });
    let images = [
        "2025/10/IMG_2114-10659.jpg",
        "2025/10/IMG_2113-10654.jpg",
        "2025/10/2001_ferrari_360-spider_IMG_2127-47179.jpg",
    ];
    let description = (
        "This 2001 Ferrari 360 Spider is powered by a 3.6-liter V8 paired with a six-speed F1 sequential transaxle",
        "\n\nThe Carfax report shows no accidents or damage.",
        8,
    );
    check(&page, expected, images, description);
}

#[test]
fn a_model_page_is_no_listing() {
    let Some(page) = saved("model-porsche-911-gt3.html") else { return };
    assert!(impostor(PageKind::Listing, &page).is_some());
    let listing = bat_pages::parse_listing(&page);
    assert_eq!((listing.status, listing.seller_username, listing.lot_number), (None, None, None));
}

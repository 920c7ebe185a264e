//! Cars that a dealer's list shows at two addresses.

use serde_json::json;

use crate::inventory_moved::{Car, Dealer, car};

/// From now on the list has these pages. `is_priced`: whether they tell what a car costs, or only its own page does.
fn show(dealer: &Dealer, is_priced: bool, pages: &[&[Car]]) {
    dealer.site.heal();
    for (place, cars) in pages.iter().enumerate() {
        let price = |car: &Car| format!("<div class=\"price\">${}</div>", car.price);
        let block = |car: &Car| match is_priced {
            true => car.on_list(true),
            false => car.on_list(true).replace(&price(car), ""),
        };
        let blocks: String = cars.iter().map(block).collect();
        let next = match place + 1 < pages.len() {
            true => format!("<a rel=\"next\" href=\"{}?page={}\">Next</a>", dealer.list, place + 2),
            false => String::new(),
        };
        let body = format!(
            "<html><head><title>Inventory</title></head><body><h1>Inventory</h1>{blocks}
             <div class=\"pagination\">{next}</div></body></html>"
        );
        let query = if place == 0 { "$".to_owned() } else { format!("[?]page={}$", place + 1) };
        dealer.site.fault(&format!("^{}{query}", dealer.list), json!({ "kind": "body", "body": body }), None);
    }
    for car in pages.iter().copied().flatten() {
        dealer.site.fault(
            &format!("^/cars/{}$", car.slug),
            json!({ "kind": "body", "body": car.own_page() }),
            None,
        );
    }
    dealer.site.fault("^/cars/", json!({ "kind": "status", "status": 404 }), None);
}

/// The address of the first car, and when it was written last.
fn addressed(dealer: &mut Dealer) -> String {
    dealer.client.text(
        "SELECT concat_ws(' ', listing_url, metadata->'bat_partners'->'listing_url'->>'time')
         FROM dealer_inventory ORDER BY vin DESC LIMIT 1",
    )
}

#[test]
fn a_car_at_two_addresses_of_one_page_is_one_row_at_the_one_that_it_has() {
    for first in [[car("f", 0), car("a", 0)], [car("a", 0), car("f", 0)]] {
        let mut dealer = Dealer::start(true);
        show(&dealer, true, &[&[car("a", 0), car("b", 1)]]);
        dealer.crawl();
        show(&dealer, true, &[&[first[0], first[1], car("b", 1)]]);
        for _ in 0..3 {
            dealer.crawl();
            assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"]);
        }
        show(&dealer, true, &[&[car("f", 0), car("b", 1)]]);
        dealer.crawl();
        assert_eq!(dealer.item(0), ["in_stock f 40000 1 active in_stock"]);
    }
}

#[test]
fn a_car_at_two_addresses_of_two_pages_keeps_its_own_while_that_is_shown() {
    let (a, f) = (car("a", 0), car("f", 0));
    for (first, second, is_priced) in [(f, a, true), (a, f, true), (f, a, false), (a, f, false)] {
        let mut dealer = Dealer::start(true);
        show(&dealer, is_priced, &[&[a, car("b", 1)], &[car("c", 2)]]);
        dealer.crawl();
        show(&dealer, is_priced, &[&[first, car("b", 1)], &[second, car("c", 2)]]);
        dealer.crawl();
        let before = addressed(&mut dealer);
        for _ in 0..3 {
            dealer.crawl();
            assert_eq!(addressed(&mut dealer), before);
            assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"]);
        }
        // It is no longer shown at its own, of which the next crawl but one is sure.
        show(&dealer, is_priced, &[&[f, car("b", 1)], &[car("c", 2)]]);
        dealer.crawl();
        dealer.crawl();
        assert_eq!(dealer.item(0), ["in_stock f 40000 1 active in_stock"]);
        // One that has moved is there at once.
        show(&dealer, is_priced, &[&[car("z", 0), car("b", 1)], &[car("c", 2)]]);
        dealer.crawl();
        assert_eq!(dealer.item(0), ["in_stock z 40000 1 active in_stock"]);
    }
}

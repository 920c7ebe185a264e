//! What is believed of the prices of a dealer's items.

use serde_json::json;

use crate::inventory::let_a_day_pass;
use crate::lot::{Car, Lot};

const VIN: &str = "1M8GDM9AXKP042788";
const PRICES: &str = "d.asking_price::bigint, d.doubted_price::bigint";

#[test]
fn a_price_that_jumps_is_asked_for_until_the_item_s_own_page_answers() {
    for fault in [
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "body", "body": "<p>Something went wrong</p>" }),
    ] {
        let mut lot = Lot::with(Car::told("1990 Porsche 911", VIN, 120_000));
        let mut client = lot.server.client();
        client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
        lot.sync(&mut client, "");
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("120000", 0));
        let car = lot.car();
        (car.price_on_list, car.price, car.fault) = (Some(48_000), Some(48_000), Some(fault));
        for day in 1..=2 {
            lot.sync(&mut client, "");
            assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("120000 48000", day));
            let_a_day_pass(&mut client);
        }
        lot.car().fault = None;
        lot.sync(&mut client, "");
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("48000", 3));
    }
}

#[test]
fn an_own_page_that_contradicts_its_list_is_asked_once() {
    let mut lot = Lot::with(Car::told("1990 Porsche 911", VIN, 120_000));
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    lot.car().price_on_list = Some(12_000);
    for _ in 0..3 {
        lot.sync(&mut client, "");
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("120000 12000", 1));
        let_a_day_pass(&mut client);
    }
}

#[test]
fn a_price_that_only_the_own_page_ever_told_is_believed_when_it_jumps() {
    let mut lot = Lot::with(Car { price_on_list: None, ..Car::told("1990 Porsche 911", VIN, 100_000) });
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, PRICES), "100000");
    lot.car().price = Some(40_000);
    let_a_day_pass(&mut client);
    // A second walk of the same day changes nothing.
    for _ in 0..2 {
        lot.sync(&mut client, "");
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("40000", 2));
    }
}

#[test]
fn an_own_page_must_say_a_price_twice_against_what_a_list_told_before() {
    for is_accepted in [false, true] {
        let mut lot = Lot::with(Car::told("1990 Porsche 911", VIN, 100_000));
        let mut client = lot.server.client();
        lot.sync(&mut client, "");
        let car = lot.car();
        (car.price_on_list, car.price) = (None, Some(40_000));
        for _ in 0..2 {
            lot.sync(&mut client, "");
            assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("100000 40000", 1));
        }
        let problem = client.json("SELECT to_jsonb(p) FROM bat_problems AS p WHERE problem = 'prices jump'");
        assert_eq!(problem["example_error"], "1990 Porsche 911 asks 100000, then 40000");
        if is_accepted {
            lot.sync(&mut client, ", accept => true");
        } else {
            let_a_day_pass(&mut client);
            lot.sync(&mut client, "");
        }
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("40000", 2));
    }
}

#[test]
fn a_price_that_a_person_wrote_is_no_measure_of_the_site_s() {
    let lot = Lot::with(Car::told("1990 Porsche 911", VIN, 119_000));
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    lot.write(&mut client, "asking_price = 1000");
    for _ in 0..2 {
        let_a_day_pass(&mut client);
        lot.sync(&mut client, "");
        assert_eq!((lot.row(&mut client, PRICES).as_str(), lot.asked()), ("1000", 0));
    }
}

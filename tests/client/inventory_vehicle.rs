//! The vehicles of a dealer's items, and what the dealer is said to have of them.

use crate::inventory::let_a_day_pass;
use crate::lot::{Car, Lot};
use crate::server::Session;

const VIN: &str = "1M8GDM9AXKP042788";
/// The same with a slip of two characters.
const CORRECTED_VIN: &str = "1M8GDM9A1KP042789";
const OTHER_VIN: &str = "1G1YY22G965104378";
const LINK: &str = "v.vin, o.status, o.listing_status, o.asking_price::bigint";

fn porsche() -> Car {
    Car::told("1990 Porsche 911", VIN, 90_000)
}

fn links(client: &mut Session, vin: &str) -> i64 {
    client.number(&format!(
        "SELECT count(*) FROM organization_vehicles AS o JOIN vehicles AS v ON v.id = o.vehicle_id
         WHERE v.vin = '{vin}' AND o.relationship_type = 'inventory'"
    ))
}

#[test]
fn a_vehicle_has_what_the_list_told_and_what_the_own_page_told() {
    let car = Car { vin_on_list: None, miles_on_list: Some(12_345), has_picture_on_list: true, ..porsche() };
    let lot = Lot::with(car);
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    assert_eq!(
        lot.row(&mut client, "v.vin, v.mileage, v.mileage_unit, v.image_count"),
        format!("{VIN} 12345 mi 1")
    );
    assert_eq!(lot.row(&mut client, "v.primary_image_url = d.image_urls[1]"), "t");
}

#[test]
fn what_a_person_says_of_an_item_its_link_says_too() {
    let lot = Lot::with(porsche());
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, LINK), format!("{VIN} active in_stock 90000"));
    lot.write(&mut client, "status = 'sold', asking_price = 80000, sale_price = 70000");
    lot.sync(&mut client, "");
    assert_eq!(
        lot.row(&mut client, &format!("{LINK}, o.sale_price::bigint")),
        format!("{VIN} past sold 80000 70000")
    );
    lot.write(&mut client, "status = 'promised to Bob'");
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, LINK), format!("{VIN} active promised to Bob 80000"));
}

#[test]
fn the_vin_that_a_person_corrects_is_that_of_the_vehicle() {
    let lot = Lot::with(porsche());
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    lot.write(&mut client, &format!("vin = '{OTHER_VIN}'"));
    for _ in 0..2 {
        lot.sync(&mut client, "");
        assert_eq!(lot.row(&mut client, LINK), format!("{OTHER_VIN} active in_stock 90000"));
        assert_eq!(client.number(&format!("SELECT count(*) FROM vehicles WHERE vin = '{VIN}'")), 0);
    }
}

#[test]
fn the_vehicle_that_a_person_chooses_is_what_the_dealer_has() {
    let lot = Lot::with(porsche());
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    let mine = client.text("INSERT INTO vehicles (title) VALUES ('mine') RETURNING id");
    lot.write(&mut client, &format!("vehicle_id = '{mine}'"));
    for _ in 0..2 {
        lot.sync(&mut client, "");
        assert_eq!(
            lot.row(&mut client, "v.id, v.title, v.make, v.vin, o.status, o.asking_price::bigint"),
            format!("{mine} mine Porsche active 90000")
        );
        assert_eq!(links(&mut client, VIN), 0);
        assert_eq!(client.number(&format!("SELECT count(*) FROM vehicles WHERE vin = '{VIN}'")), 0);
    }
}

#[test]
fn a_vin_that_the_site_corrects_leaves_no_link_to_a_vehicle_that_others_know() {
    for is_noted in [false, true] {
        let mut lot = Lot::with(porsche());
        let mut client = lot.server.client();
        lot.sync(&mut client, "");
        let of_vehicle = format!("FROM vehicles WHERE vin = '{VIN}'");
        client
            .batch_execute(&format!(
                "INSERT INTO organization_vehicles (organization_id, vehicle_id, relationship_type)
                 SELECT '{}', id, 'serviced_by' {of_vehicle}",
                lot.id
            ))
            .unwrap();
        if is_noted {
            client
                .batch_execute(&format!(
                    "UPDATE organization_vehicles SET notes = 'mine'
                     WHERE relationship_type = 'inventory' AND vehicle_id = (SELECT id {of_vehicle})"
                ))
                .unwrap();
        }
        let car = lot.car();
        (car.vin, car.vin_on_list) = (Some(CORRECTED_VIN), Some(CORRECTED_VIN));
        lot.sync(&mut client, "");
        assert_eq!(lot.row(&mut client, LINK), format!("{CORRECTED_VIN} active in_stock 90000"));
        assert_eq!(links(&mut client, VIN), i64::from(is_noted));
        assert_eq!(client.number(&format!("SELECT count(*) {of_vehicle}")), 1);
    }
}

#[test]
fn an_item_whose_vehicle_was_deleted_gets_another() {
    let lot = Lot::with(porsche());
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    client
        .batch_execute(
            "UPDATE dealer_inventory SET metadata = jsonb_set(metadata, '{mine}', 'true');
             DELETE FROM organization_vehicles; DELETE FROM vehicles",
        )
        .unwrap();
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, LINK), format!("{VIN} active in_stock 90000"));
}

#[test]
fn a_vehicle_that_two_dealers_offer_says_what_the_first_of_them_says() {
    let mut lot = Lot::with(porsche());
    let mut client = lot.server.client();
    lot.sync(&mut client, "");
    // As another dealer's inventory would have told it first.
    client
        .batch_execute(&format!(
            "UPDATE dealer_inventory SET dealer_id = b.id, listing_url = 'http://other.example/1'
             FROM (SELECT id FROM businesses WHERE id <> '{}' ORDER BY id LIMIT 1) AS b
             WHERE vin = '{VIN}';
             DELETE FROM organization_vehicles;
             UPDATE vehicles SET discovery_url = 'http://other.example/1', trim = NULL,
                 metadata = jsonb_set(metadata, '{{bat_partners,discovery_url,value}}', '\"http://other.example/1\"')
             WHERE vin = '{VIN}'",
            lot.id
        ))
        .unwrap();
    let told = "v.title, v.mileage, v.discovery_url LIKE 'http://other%'";
    let car = lot.car();
    (car.title, car.miles_on_list) = ("1990 Porsche 911 Carrera", Some(777));
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, told), "1990 Porsche 911 777 t");
    lot.car().miles_on_list = Some(778);
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, told), "1990 Porsche 911 777 t");
    // The other one has it no longer.
    client
        .batch_execute(
            "UPDATE dealer_inventory SET status = 'gone' WHERE listing_url = 'http://other.example/1'",
        )
        .unwrap();
    lot.car().miles_on_list = Some(779);
    let_a_day_pass(&mut client);
    lot.sync(&mut client, "");
    assert_eq!(lot.row(&mut client, told), "1990 Porsche 911 Carrera 779 f");
}

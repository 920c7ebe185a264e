//! Cars of a dealer whose addresses change, are used again, or lead elsewhere.

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers, ended, let_a_day_pass, work};
use crate::inventory_change::{count, sync};
use crate::inventory_search::path;
use crate::server::{Server, Session};
use crate::site::Site;

const VINS: [&str; 6] = [
    "WP0ZZZ99ZKS197103",
    "ZFFYT53A010124655",
    "WBSBG9329SEY75413",
    "1G1YY32G8X5113021",
    "JT2JA82J6R0012345",
    "SCFAD01E88GA09876",
];

/// A car as the dealer's site shows it.
#[derive(Clone, Copy)]
pub struct Car {
    pub slug: &'static str,
    /// Which of the VINs it has.
    number: usize,
    pub price: i64,
}

pub fn car(slug: &'static str, number: usize) -> Car {
    Car { slug, number, price: 40_000 + 1_000 * i64::try_from(number).unwrap() }
}

impl Car {
    fn vin(self) -> &'static str {
        VINS[self.number]
    }

    fn title(self) -> String {
        format!("198{} Porsche 911 Carrera", self.number)
    }

    /// On the list; with its VIN and the dealer's number, if that tells them.
    pub fn on_list(self, tells_vin: bool) -> String {
        let Car { slug, number, price } = self;
        let known = format!("<li>VIN: {}</li><li>Stock # S{number}</li>", self.vin());
        format!(
            "<div class=\"car\"><h3><a href=\"/cars/{slug}\">{}</a></h3><div class=\"price\">${price}</div><ul><li>12,345 miles</li>{}</ul></div>",
            self.title(),
            if tells_vin { &known } else { "" }
        )
    }

    pub fn own_page(self) -> String {
        let Car { slug, number, price } = self;
        let product = json!({
            "@context": "https://schema.org", "@type": "Car", "name": self.title(), "url": format!("/cars/{slug}"),
            "vehicleIdentificationNumber": self.vin(), "sku": format!("S{number}"),
            "vehicleModelDate": format!("198{number}"),
            "offers": { "@type": "Offer", "price": price, "priceCurrency": "USD" },
        });
        format!(
            "<script type=\"application/ld+json\">{product}</script><h1>{}</h1><p>VIN: {}</p>",
            self.title(),
            self.vin()
        )
    }
}

/// A dealer and where his list is.
pub struct Dealer {
    pub site: Site,
    _server: Server,
    pub client: Session,
    pub id: String,
    pub list: String,
    tells_vin: bool,
}

impl Dealer {
    pub fn start(tells_vin: bool) -> Dealer {
        let (site, server) = dealers();
        let mut client = server.client();
        let (id, truth) = dealer(&site, &mut client, "dealer_center");
        let list = path(truth["list_url"].as_str().unwrap());
        Dealer { site, _server: server, client, id, list, tells_vin }
    }

    /// From now on the site shows these cars and no others.
    fn shows(&self, cars: &[Car]) {
        self.shows_but(cars, &[]);
    }

    /// The same, but for these answers. The first rule for a path counts.
    fn shows_but(&self, cars: &[Car], answers: &[(&str, Value)]) {
        self.site.heal();
        for (slug, answer) in answers {
            self.answers(slug, answer.clone());
        }
        for car in cars {
            self.answers(car.slug, json!({ "kind": "body", "body": car.own_page() }));
        }
        self.site.fault("^/cars/", json!({ "kind": "status", "status": 404 }), None);
        let blocks: String = cars.iter().map(|car| car.on_list(self.tells_vin)).collect();
        self.lists(&blocks);
    }

    fn lists(&self, blocks: &str) {
        let body = format!(
            "<html><head><title>Inventory</title></head><body><h1>Inventory</h1>{blocks}</body></html>"
        );
        self.site.fault(&format!("^{}([?#]|$)", self.list), json!({ "kind": "body", "body": body }), None);
    }

    fn answers(&self, slug: &str, answer: Value) {
        self.site.fault(&format!("^/cars/{slug}$"), answer, None);
    }

    pub fn crawl(&mut self) {
        let_a_day_pass(&mut self.client);
        sync(&mut self.client, &self.id, "");
        work(&mut self.client);
        assert_eq!(ended(&mut self.client, &self.id), "complete");
    }

    /// The item of a VIN: state, last part of its address, price, entries of its history, and how its dealer's link stands.
    pub fn item(&mut self, number: usize) -> Vec<String> {
        self.client.column(&format!(
            "SELECT concat_ws(' ', d.status, regexp_replace(d.listing_url, '.*/', ''), d.asking_price,
                 jsonb_array_length(d.price_history), o.status, o.listing_status)
             FROM dealer_inventory AS d
             LEFT JOIN organization_vehicles AS o ON o.vehicle_id = d.vehicle_id AND o.organization_id = d.dealer_id
             WHERE d.dealer_id = '{}' AND d.vin = '{}' ORDER BY 1",
            self.id, VINS[number]
        ))
    }
}

#[test]
fn an_address_that_is_used_again_is_another_car() {
    let mut dealer = Dealer::start(true);
    dealer.shows(&[car("a", 0), car("b", 1), car("c", 2)]);
    dealer.crawl();
    assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"]);
    dealer
        .client
        .batch_execute(&format!("UPDATE dealer_inventory SET sale_price = 99 WHERE vin = '{}'", VINS[0]))
        .unwrap();
    dealer.shows(&[car("a", 3), car("b", 1), car("c", 2)]);
    for _ in 0..4 {
        dealer.crawl();
    }
    assert_eq!(dealer.item(3), ["in_stock a 43000 1 active in_stock"]);
    assert_eq!(dealer.item(0), [format!("gone a#{} 40000 1 past gone", VINS[0])]);
    let of_person = "SELECT vin FROM dealer_inventory WHERE sale_price = 99";
    assert_eq!(dealer.client.column(of_person), [VINS[0]]);
    // And it comes back.
    dealer.shows(&[car("a", 0), car("b", 1), car("c", 2), car("d", 3)]);
    dealer.crawl();
    assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"]);
    assert_eq!(dealer.item(3), ["in_stock d 43000 1 active in_stock"]);
}

#[test]
fn cars_whose_addresses_are_only_numbered_stay_themselves() {
    let mut dealer = Dealer::start(true);
    let slugs = ["1", "2", "3", "4"];
    let shown =
        |from: usize| -> Vec<Car> { slugs.iter().enumerate().map(|(n, slug)| car(slug, from + n)).collect() };
    dealer.shows(&shown(0));
    dealer.crawl();
    let ids = format!(
        "SELECT id FROM dealer_inventory WHERE dealer_id = '{}' AND vin <> '{}' ORDER BY vin",
        dealer.id, VINS[0]
    );
    let before = dealer.client.column(&ids);
    dealer.shows(&shown(1)[..3]);
    for _ in 0..4 {
        dealer.crawl();
    }
    assert_eq!(dealer.client.column(&ids), before);
    for number in 1..4 {
        let price = 40_000 + 1_000 * number;
        assert_eq!(dealer.item(number), [format!("in_stock {number} {price} 1 active in_stock")]);
    }
    assert_eq!(dealer.item(0).len(), 1);
    assert!(dealer.item(0)[0].starts_with("gone "), "{:?}", dealer.item(0));
}

#[test]
fn a_corrected_vin_is_the_same_car() {
    let mut dealer = Dealer::start(true);
    dealer.shows(&[car("a", 0), car("b", 1)]);
    dealer.crawl();
    let rows =
        format!("SELECT id FROM dealer_inventory WHERE dealer_id = '{}' ORDER BY listing_url", dealer.id);
    let before = dealer.client.column(&rows);
    dealer.site.heal();
    let wrong = "WP0ZZZ99ZKS197130";
    let corrected = car("a", 0).on_list(true).replace(VINS[0], wrong).replace("<li>Stock # S0</li>", "");
    dealer.lists(&(corrected + &car("b", 1).on_list(true)));
    dealer.crawl();
    assert_eq!(dealer.client.column(&rows), before);
    assert_eq!(
        dealer.client.column("SELECT vin FROM dealer_inventory ORDER BY listing_url LIMIT 1"),
        [wrong]
    );
    assert_eq!(count(&mut dealer.client, &dealer.id, "status = 'in_stock'"), 2);
}

#[test]
fn an_address_that_leads_to_another_car_is_that_of_one_that_is_gone() {
    for tells_vin in [true, false] {
        let mut dealer = Dealer::start(tells_vin);
        dealer.shows(&[car("a", 0), car("b", 1), car("c", 2)]);
        dealer.crawl();
        assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"]);
        let away = json!({ "kind": "redirect", "to": "/cars/b" });
        dealer.shows_but(&[car("b", 1), car("c", 2)], &[("a", away)]);
        for _ in 0..4 {
            dealer.crawl();
        }
        assert_eq!(dealer.item(0), ["gone a 40000 1 past gone"], "{tells_vin}");
        assert_eq!(dealer.item(1), ["in_stock b 41000 1 active in_stock"], "{tells_vin}");
    }
}

#[test]
fn a_car_that_only_its_own_page_tells_to_be_the_same_stays_its_row_at_a_new_address() {
    let mut dealer = Dealer::start(false);
    dealer.shows(&[car("a", 0), car("b", 1), car("c", 2)]);
    dealer.crawl();
    let ids = format!("SELECT id FROM dealer_inventory WHERE dealer_id = '{}' ORDER BY vin", dealer.id);
    let before = dealer.client.column(&ids);
    dealer.shows(&[car("x", 0), car("y", 1), car("z", 2)]);
    for _ in 0..4 {
        dealer.crawl();
    }
    assert_eq!(dealer.client.column(&ids), before);
    for (number, slug) in ["x", "y", "z"].into_iter().enumerate() {
        let price = 40_000 + 1_000 * number;
        assert_eq!(dealer.item(number), [format!("in_stock {slug} {price} 1 active in_stock")]);
    }
    let vehicles = "SELECT count(*) FROM vehicles WHERE discovery_source = 'dealer_inventory'";
    assert_eq!(dealer.client.number(vehicles), 3);
}

#[test]
fn a_new_car_whose_own_page_could_not_be_read_is_asked_for_again() {
    for answer in [
        json!({ "kind": "status", "status": 404 }),
        json!({ "kind": "body", "body": "<html><title>Error</title><body><h1>Something went wrong</h1></body></html>" }),
    ] {
        let mut dealer = Dealer::start(false);
        dealer.shows_but(&[car("a", 0), car("b", 1), car("c", 2)], &[("a", answer.clone())]);
        dealer.crawl();
        assert_eq!(dealer.item(0), [""; 0]);
        assert_eq!(dealer.item(1), ["in_stock b 41000 1 active in_stock"]);
        dealer.shows(&[car("a", 0), car("b", 1), car("c", 2)]);
        dealer.crawl();
        assert_eq!(dealer.item(0), ["in_stock a 40000 1 active in_stock"], "{answer}");
        assert_eq!(count(&mut dealer.client, &dealer.id, "true"), 3);
    }
}

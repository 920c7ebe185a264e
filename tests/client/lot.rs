//! A dealer with a few cars of the test's own.

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers};
use crate::inventory_change::sync;
use crate::server::{Server, Session};
use crate::site::Site;

/// A car, with what the list and its own page tell of it.
#[derive(Clone, Default)]
pub struct Car {
    pub title: &'static str,
    pub price_on_list: Option<i64>,
    pub price: Option<i64>,
    pub vin_on_list: Option<&'static str>,
    pub vin: Option<&'static str>,
    pub miles_on_list: Option<u32>,
    pub has_picture_on_list: bool,
    /// What goes wrong with its own page.
    pub fault: Option<Value>,
}

impl Car {
    /// A car of which list and own page tell all alike.
    pub fn told(title: &'static str, vin: &'static str, price: i64) -> Car {
        Car {
            title,
            price_on_list: Some(price),
            price: Some(price),
            vin_on_list: Some(vin),
            vin: Some(vin),
            ..Car::default()
        }
    }

    /// The path of its own page.
    pub fn path(&self) -> String {
        format!("/inventory/{}", self.title.to_lowercase().replace(' ', "-"))
    }

    fn block(&self, base: &str) -> String {
        let url = format!("{base}{}", self.path());
        let price = self
            .price_on_list
            .map_or_else(String::new, |price| format!("<div class=\"price\">${price}</div>"));
        let miles = self.miles_on_list.map_or_else(String::new, |miles| format!("<li>{miles} miles</li>"));
        let vin = self.vin_on_list.map_or_else(String::new, |vin| format!("<li>VIN: {vin}</li>"));
        let picture = match self.has_picture_on_list {
            true => format!("<img src=\"{base}/photos/{}.jpg\" alt=\"\">", self.path().len()),
            false => String::new(),
        };
        format!(
            "<div class=\"car\"><a href=\"{url}\">{picture}</a><h3><a href=\"{url}\">{}</a></h3>{price}<ul>{miles}{vin}</ul></div>\n",
            self.title
        )
    }

    fn page(&self, base: &str) -> String {
        let mut words = self.title.split(' ');
        let (year, make) = (words.next(), words.next());
        let mut told = json!({
            "@context": "https://schema.org", "@type": "Car", "name": self.title, "url": format!("{base}{}", self.path()),
            "brand": { "@type": "Brand", "name": make }, "model": words.collect::<Vec<&str>>().join(" "),
            "vehicleModelDate": year, "vehicleIdentificationNumber": self.vin,
            "offers": { "@type": "Offer", "priceCurrency": "USD", "availability": "https://schema.org/InStock" },
        });
        if let Some(price) = self.price {
            told["offers"]["price"] = json!(price);
        }
        format!(
            "<html><head><title>{title}</title><script type=\"application/ld+json\">{told}</script></head>
             <body><main><h1>{title}</h1><p>A fine car.</p></main></body></html>",
            title = self.title
        )
    }
}

/// The dealer.
pub struct Lot {
    pub site: Site,
    pub server: Server,
    /// The id of his organization.
    pub id: String,
    base: String,
    pub cars: Vec<Car>,
}

impl Lot {
    /// A dealer who has a car, and two others.
    pub fn with(car: Car) -> Lot {
        let (site, server) = dealers();
        let (id, truth) = dealer(&site, &mut server.client(), "careless");
        let base = truth["url"].as_str().unwrap().trim_end_matches('/').to_owned();
        let others = [
            Car::told("1991 BMW M5", "1HGCM82633A004352", 40_000),
            Car::told("1995 Ford Mustang", "5GZCZ43D13S812715", 30_000),
        ];
        let cars = std::iter::once(car).chain(others).collect();
        Lot { site, server, id, base, cars }
    }

    /// The car.
    pub fn car(&mut self) -> &mut Car {
        &mut self.cars[0]
    }

    /// Reads the inventory as it is now.
    pub fn sync(&self, client: &mut Session, more: &str) -> Value {
        self.site.heal();
        let blocks: String = self.cars.iter().map(|car| car.block(&self.base)).collect();
        let list = format!(
            "<html><head><title>Inventory</title></head>
             <body><main><div class=\"cars\">\n{blocks}</div></main></body></html>"
        );
        self.site.fault("^/inventory([?]|$)", json!({ "kind": "body", "body": list }), None);
        for car in &self.cars {
            let page = json!({ "kind": "body", "body": car.page(&self.base) });
            self.site.fault(&car.path(), car.fault.clone().unwrap_or(page), None);
        }
        sync(client, &self.id, more)
    }

    /// How often the car's own page was asked for.
    pub fn asked(&self) -> usize {
        self.site.requests(&self.cars[0].path()).len()
    }

    /// A value of the car's row, of which it is selected with its vehicle (`v`) and its dealer's link to that (`o`).
    pub fn row(&self, client: &mut Session, value: &str) -> String {
        client.text(&format!(
            "SELECT concat_ws(' ', {value})
             FROM dealer_inventory AS d
             LEFT JOIN vehicles AS v ON v.id = d.vehicle_id
             LEFT JOIN organization_vehicles AS o ON o.vehicle_id = d.vehicle_id
                 AND o.organization_id = d.dealer_id AND o.relationship_type = 'inventory'
             WHERE d.dealer_id = '{}' AND d.listing_url = '{}{}'",
            self.id,
            self.base,
            self.cars[0].path()
        ))
    }

    /// Writes to the car's row as a person does.
    pub fn write(&self, client: &mut Session, set: &str) {
        let written = client.number(&format!(
            "WITH w AS (
                 UPDATE dealer_inventory SET {set} WHERE dealer_id = '{}' AND listing_url = '{}{}' RETURNING id
             )
             SELECT count(*) FROM w",
            self.id,
            self.base,
            self.cars[0].path()
        ));
        assert_eq!(written, 1);
    }
}

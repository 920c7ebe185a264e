//! Saved pages of dealers on DealerAccelerate.

use bat_pages::inventory::{Item, Status};

use crate::{assert_items, saved, text};

pub const GATEWAY: &str = "https://www.gatewayclassiccars.com";
const GATEWAY_PHOTOS: &str = "https://cdn.dealeraccelerate.com/gatewayclassiccars";

fn mercedes() -> Item {
    Item {
        url: Some(format!("{GATEWAY}/vehicles/san/1300/1983-mercedes-benz-380-sl")),
        item_id: text("1300"),
        title: text("1983 Mercedes-Benz 380 SL"),
        year: Some(1983),
        make: text("Mercedes-Benz"),
        asking_price: Some(22_500),
        currency: text("USD"),
        status: Some(Status::InStock),
        image_urls: vec![format!(
            "{GATEWAY_PHOTOS}/18/53795/1120072/790x1024/w39/1983-mercedes-benz-380-sl.avif"
        )],
        ..Item::default()
    }
}

fn charger() -> Item {
    Item {
        url: Some(format!("{GATEWAY}/vehicles/kcm/1440/1966-dodge-charger")),
        item_id: text("1440"),
        title: text("1966 Dodge Charger"),
        year: Some(1966),
        make: text("Dodge"),
        model: text("Charger"),
        status: Some(Status::Sold),
        image_urls: vec![format!("{GATEWAY_PHOTOS}/9/53147/1002167/790x1024/w22/1966-dodge-charger.avif")],
        ..Item::default()
    }
}

#[test]
fn dealer_accelerate_list() {
    let Some(page) = saved("gateway_srp.html", &format!("{GATEWAY}/vehicles")) else { return };
    let packard = Item {
        url: Some(format!("{GATEWAY}/vehicles/tul/867/1939-packard-110")),
        item_id: text("867"),
        title: text("1939 Packard 110"),
        year: Some(1939),
        make: text("Packard"),
        model: text("110"),
        asking_price: Some(53_000),
        status: Some(Status::InStock),
        image_urls: vec![format!("{GATEWAY_PHOTOS}/20/53768/1090996/790x1024/w45/1939-packard-110.avif")],
        ..Item::default()
    };
    assert_items(&page.items, &[mercedes(), packard]);
    assert_eq!(page.platform.as_deref(), Some("DealerAccelerate"));
    assert_eq!(page.next_url, Some(format!("{GATEWAY}/vehicles?page=2")));
    assert_eq!((page.is_item_page, page.items_total), (false, Some(1755)));
    // Neither tells a chassis number.
    assert_eq!(
        page.item_urls,
        [
            format!("{GATEWAY}/vehicles/san/1300/1983-mercedes-benz-380-sl"),
            format!("{GATEWAY}/vehicles/tul/867/1939-packard-110")
        ]
    );
}

#[test]
fn dealer_accelerate_sold_list() {
    let Some(page) = saved("gateway_sold_srp.html", &format!("{GATEWAY}/vehicles/sold")) else { return };
    assert_items(&page.items, &[charger()]);
    assert_eq!(page.next_url, Some(format!("{GATEWAY}/vehicles/sold?page=2")));
    assert_eq!((page.is_item_page, page.items_total), (false, None));
}

#[test]
fn dealer_accelerate_cars() {
    let url = mercedes().url.unwrap();
    let Some(live) = saved("gateway_live_vdp.html", &url) else { return };
    // The rail of related cars carries a sold ribbon: it says nothing of this one.
    let number = text("WDB10704512019953");
    assert_items(&live.items, &[Item { vin: number.clone(), chassis: number, ..mercedes() }]);
    let sold = saved("gateway_sold_vdp.html", &charger().url.unwrap()).unwrap();
    // What is still asked for a sold car is not what it was sold for.
    let expected = Item {
        chassis: text("XP29E61188575"),
        asking_price: Some(33_000),
        currency: text("USD"),
        sold_price: None,
        ..charger()
    };
    assert_items(&sold.items, &[expected]);
    for page in [live, sold] {
        assert!(page.is_item_page);
        assert_eq!((page.next_url, page.item_urls.len()), (None, 0));
    }
}

#[test]
fn dealer_accelerate_microdata_tiles() {
    let Some(page) = saved("streetside_srp.html", "https://www.streetsideclassics.com/vehicles") else {
        return;
    };
    let base = "https://www.streetsideclassics.com/vehicles";
    let photos = "https://cdn.dealeraccelerate.com/streetside/6/52353";
    let bel_air = Item {
        url: Some(format!("{base}/8471-dfw/1955-chevrolet-bel-air-resto-mod-show-car")),
        item_id: text("9352-ATL"),
        title: text("1955 Chevrolet Bel Air"),
        year: Some(1955),
        make: text("Chevrolet"),
        asking_price: Some(67_995),
        status: Some(Status::InStock),
        image_urls: vec![format!("{photos}/4861000/790x1024/1955-chevrolet-bel-air-resto-mod-show-car")],
        ..Item::default()
    };
    // Sold, on the list of what is for sale, with what was asked.
    let truck = Item {
        url: Some(format!("{base}/5252-phx/1973-ford-f-100-ls3-restomod")),
        item_id: text("5252-PHX"),
        title: text("1973 Ford F-100"),
        year: Some(1973),
        make: text("Ford"),
        model: text("F-100"),
        asking_price: Some(62_995),
        status: Some(Status::Sold),
        image_urls: vec![format!("{photos}/4862012/790x1024/1973-ford-f-100-ls3-restomod")],
        ..Item::default()
    };
    assert_items(&page.items, &[bel_air, truck]);
    assert_eq!(page.next_url, Some(format!("{base}?page=2")));
}

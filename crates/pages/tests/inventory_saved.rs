//! Saved pages of dealers' sites: read from the shared folder, never copied. What is expected was read off the pages,
//! item by item.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::charset::decode;
use bat_pages::inventory::{Item, Mileage, Status};
use bat_pages::{Inventory, parse_inventory};

#[path = "inventory_saved/dealer_accelerate.rs"]
mod dealer_accelerate;
#[path = "inventory_saved/fantasy_junction.rs"]
mod fantasy_junction;
#[path = "inventory_saved/my_hot_cars.rs"]
mod my_hot_cars;
mod saved_pages;
#[path = "inventory_saved/specialty.rs"]
mod specialty;
#[path = "inventory_saved/whole_pages.rs"]
mod whole_pages;

/// What a saved page gives, as if fetched from `url`; `None` where the pages are absent.
fn saved(name: &str, url: &str) -> Option<Inventory> {
    Some(parse_inventory(&text_of(name)?, url))
}

/// Text of a saved page.
fn text_of(name: &str) -> Option<String> {
    Some(decode(&saved_pages::bytes("dealers", name)?, None))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn mileage(value: i32, unit: Option<&str>) -> Option<Mileage> {
    Some(Mileage { value: Some(value), unit: owned(unit), tmu: false })
}

/// Year at the start of a title.
fn year(title: &str) -> Option<i32> {
    Some(title[..4].parse().unwrap())
}

/// Compares item by item, so that a failure names the one that differs.
fn assert_items(found: &[Item], expected: &[Item]) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn blocks_that_are_about_no_vehicle_give_none() {
    for name in [
        "JSONLD_with_JS_comment.html",
        "JSONLD_with_control_characters.html",
        "JSONLD_with_control_characters_comment.html",
    ] {
        let Some(page) = saved(name, "https://example.com/") else { return };
        assert_eq!(page, Inventory::default(), "{name}");
    }
}

#[test]
fn auto_manager_list() {
    let Some(page) = saved("crescent_srp.html", "https://www.crescentauto.net/view-inventory") else {
        return;
    };
    let base = "https://www.crescentauto.net/vehicle-details/";
    let expected = [
        Item {
            url: Some(format!("{base}2020-kia-sportage-lx-suv-2da335a0bc82478291cd19df195290f4")),
            item_id: text("809535"),
            title: text("2020 Kia Sportage LX SUV"),
            year: Some(2020),
            make: text("Kia"),
            model: text("Sportage"),
            trim: text("LX"),
            vin: text("KNDPMCAC5L7809535"),
            chassis: text("KNDPMCAC5L7809535"),
            asking_price: Some(10_500),
            mileage: mileage(147_759, None),
            exterior_color: text("White"),
            interior_color: text("Black"),
            transmission: text("Automatic"),
            engine: text("2.4L I4 181hp"),
            image_urls: vec!["https://automanager.blob.core.windows.net/wmphotos/012532/a.jpg".to_owned()],
            ..Item::default()
        },
        Item {
            url: Some(format!("{base}2019-tesla-model-3-ff0011")),
            item_id: text("ff0011"),
            title: text("2019 Tesla Model 3"),
            year: Some(2019),
            make: text("Tesla"),
            model: text("Model 3"),
            vin: text("5YJ3E1EB2KF510708"),
            chassis: text("5YJ3E1EB2KF510708"),
            price_on_request: true,
            mileage: mileage(61_234, None),
            ..Item::default()
        },
    ];
    assert_items(&page.items, &expected);
    assert_eq!(page.platform.as_deref(), Some("AutoManager"));
    assert_eq!(page.next_url.as_deref(), Some("https://www.crescentauto.net/view-inventory?page=2"));
    assert_eq!((page.is_item_page, page.items_total, page.item_urls.len()), (false, None, 0));
}

#[test]
fn carsforsale_card_and_car() {
    let list = "https://www.santan.example/cars-for-sale";
    let car = "https://www.santan.example/details/used-2016-cadillac-srx/128898143";
    let Some(page) = saved("santan_card_and_vdp.html", list) else { return };
    let card = Item {
        url: text(car),
        item_id: text("128898143"),
        title: text("2016 Cadillac SRX Luxury Collection"),
        year: Some(2016),
        make: text("Cadillac"),
        asking_price: Some(12_999),
        mileage: mileage(118_410, None),
        image_urls: vec!["https://cdn05.carsforsale.com/abc/480x360/2016-cadillac-srx.jpg".to_owned()],
        ..Item::default()
    };
    assert_items(&page.items, &[card]);
    assert_eq!(page.item_urls, [car]);
    // The same file holds a part of the car's own page.
    let page = saved("santan_card_and_vdp.html", car).unwrap();
    let number = text("3GYFNBE3XGS540155");
    let expected = Item {
        url: text(car),
        item_id: text("5871"),
        vin: number.clone(),
        chassis: number,
        ..Item::default()
    };
    assert_items(&page.items, &[expected]);
    assert!(page.is_item_page);
}

#[test]
fn aan_list() {
    let Some(page) = saved("mhc_inventory_page.html", "http://www.myhotcars.com/inventory.htm") else {
        return;
    };
    let site = "http://www.myhotcars.com";
    let expected =
        my_hot_cars::ROWS.map(|(path, number, title, stock, miles, outside, inside, price, make, model)| {
            Item {
                url: Some(format!("{site}/{path}")),
                item_id: text(stock),
                title: text(title),
                year: year(title),
                make: owned(make),
                model: owned(model),
                asking_price: Some(price),
                mileage: mileage(miles, None),
                exterior_color: text(outside),
                interior_color: text(inside),
                image_urls: vec![format!("{site}/galleria_images/{number}/{number}_main_f.jpg")],
                ..Item::default()
            }
        });
    assert_items(&page.items, &expected);
    assert_eq!(page.platform.as_deref(), Some("AAN"));
    // The page shows 50 of them and loads the others by a script of its own.
    assert_eq!((page.items_total, page.next_url, page.item_urls.len()), (Some(85), None, 50));
}

#[test]
fn aan_car() {
    let url = "http://www.myhotcars.com/1965-ac-cobra-factory-five-c-963.htm";
    let Some(page) = saved("mhc_detail_page.html", url) else { return };
    let folder = "http://www.myhotcars.com/galleria_images/963/963_";
    let [found] = page.items.as_slice() else { panic!("{:?}", page.items) };
    assert_eq!(found.image_urls[..2], [format!("{folder}main_l.jpg"), format!("{folder}p2_l.jpg")]);
    assert_eq!(found.image_urls.len(), 40);
    let expected = Item {
        url: text(url),
        item_id: text("14099"),
        title: text("1965 A/C Cobra Factory Five"),
        year: Some(1965),
        make: text("A/C"),
        model: text("Cobra"),
        trim: text("Factory Five"),
        chassis: text("FFR4467K"),
        asking_price: Some(48_995),
        mileage: mileage(5_507, None),
        exterior_color: text("Silver"),
        interior_color: text("Black"),
        transmission: text("Manual 5-Speed"),
        engine: text("302 V-8 Supercharged"),
        image_urls: found.image_urls.clone(),
        ..Item::default()
    };
    assert_items(&page.items, &[expected]);
    assert!(page.is_item_page);
}

#[test]
fn hand_made_list_of_blocks() {
    let Some(page) = saved("fantasy_junction_inventory_page.html", "http://fantasyjunction.com/inventory")
    else {
        return;
    };
    let site = "http://fantasyjunction.com";
    let expected = fantasy_junction::ROWS.map(
        |(path, photo, title, chassis, price, miles, engine, transmission, pending, make, model)| Item {
            url: Some(format!("{site}/cars/{path}")),
            title: text(title),
            year: year(title),
            make: owned(make),
            model: owned(model),
            vin: text(chassis).filter(|number| number.starts_with("ZFF")),
            chassis: text(chassis),
            asking_price: Some(price),
            currency: text("USD"),
            mileage: miles.and_then(|miles| mileage(miles, Some("mi"))),
            engine: owned(engine),
            transmission: owned(transmission),
            // "SALE PENDING" or "Inventory", in a cell of its own.
            status: Some(if pending { Status::Pending } else { Status::InStock }),
            image_urls: vec![format!("{site}/img/cars/small/{photo}.jpg")],
            ..Item::default()
        },
    );
    assert_items(&page.items, &expected);
    assert_eq!(page.platform, None);
    assert_eq!(page.next_url, Some(format!("{site}/cars/index/Inventory/page:2")));
    assert_eq!((page.items_total, page.item_urls.len()), (Some(41), 0));
}

#[test]
fn hand_made_car_with_a_table_of_labels() {
    let url = "http://fantasyjunction.com/cars/1481-Ford-Thunderbird-312%20c.i.%208-Cylinder";
    let Some(page) = saved("fantasy_junction_detail_page.html", url) else { return };
    let [found] = page.items.as_slice() else { panic!("{:?}", page.items) };
    let photo = |number: u32| format!("http://fantasyjunction.com/img/cars/xlarge/{number}.jpg");
    assert_eq!(found.image_urls[..3], [photo(83073), photo(83065), photo(83068)]);
    assert_eq!(found.image_urls.len(), 75);
    let description = found.description.clone().unwrap();
    assert!(description.starts_with("1956 Ford Thunderbird s/n P6FH233347 White with Red Interior Intended"));
    assert!(description.ends_with("hard and soft tops, as well as original handbook."));
    let expected = Item {
        url: text(url),
        item_id: text("FJ1529"),
        title: text("1956 Ford Thunderbird"),
        year: Some(1956),
        make: text("Ford"),
        model: text("Thunderbird"),
        chassis: text("P6FH233347"),
        asking_price: Some(42_500),
        mileage: mileage(81_321, Some("mi")),
        exterior_color: text("Colonial White"),
        interior_color: text("Two Tone Red with White"),
        transmission: text("Automatic"),
        engine: text("312 c.i. 8-Cylinder"),
        status: Some(Status::InStock),
        image_urls: found.image_urls.clone(),
        description: Some(description),
        ..Item::default()
    };
    assert_items(&page.items, &[expected]);
    assert!(page.is_item_page);
}

#[test]
fn hand_made_list_of_links() {
    let site = "http://www.specialtysales.com";
    let Some(page) = saved("specialty_inventory_page.html", &format!("{site}/inventory")) else { return };
    let expected = specialty::ROWS.map(|(number, title, stock, price, photo, make, model)| Item {
        url: Some(format!("{site}/vehicles/{number}")),
        item_id: text(stock),
        title: text(title),
        year: year(title),
        make: owned(make),
        model: owned(model),
        asking_price: Some(price),
        image_urls: vec![format!("{site}/uploads/gallery/vehicle/{number}/{photo}")],
        ..Item::default()
    });
    assert_items(&page.items, &expected);
    assert_eq!(
        (page.platform, page.next_url, page.items_total, page.item_urls.len()),
        (None, None, None, 173)
    );
}

#[test]
fn hand_made_car_with_several_pairs_in_a_row() {
    let url = "http://www.specialtysales.com/vehicles/11019";
    let Some(page) = saved("specialty_detail_page.html", url) else { return };
    let [found] = page.items.as_slice() else { panic!("{:?}", page.items) };
    let folder = "http://www.specialtysales.com/uploads/gallery/vehicle/11019/2009_jaguar_xk_none_";
    assert_eq!(found.image_urls[..2], [format!("{folder}df33.jpg"), format!("{folder}386b.jpg")]);
    assert_eq!(found.image_urls.len(), 76);
    let number = text("SAJWA43B295B31642");
    let expected = Item {
        url: text(url),
        item_id: text("B11019"),
        title: text("2009 Jaguar xk 2 Door Coupe"),
        year: Some(2009),
        make: text("Jaguar"),
        vin: number.clone(),
        chassis: number,
        asking_price: Some(36_990),
        mileage: mileage(42_562, None),
        transmission: text("6-Speed Automatic"),
        engine: text("4.2"),
        image_urls: found.image_urls.clone(),
        ..Item::default()
    };
    assert_items(&page.items, &[expected]);
    assert!(page.is_item_page);
}

const CHECKERED_FLAG: &str = "http://checkeredflagclassics.com";

/// Pictures without any text, each with a link: no items, but the addresses of theirs.
#[test]
fn list_of_bare_pictures() {
    let url = format!("{CHECKERED_FLAG}/CURENT_INVENTORY_.php");
    let Some(page) = saved("cfc_inventory_page.html", &url) else { return };
    assert_eq!(page.platform.as_deref(), Some("GoDaddy Website Builder"));
    assert_eq!((page.is_item_page, page.items.len(), page.next_url.as_deref()), (false, 0, None));
    assert_eq!(page.item_urls.len(), 36);
    for file in
        ["2011_TOYOTA_FJ.html", "1964_THUNDERBIRD.html", "2007_SALEENhtml.php", "1996_CADILLAC_ELDORADO.html"]
    {
        assert!(page.item_urls.contains(&format!("{CHECKERED_FLAG}/{file}")), "{file}");
    }
    assert!(!page.item_urls.iter().any(|url| url.contains("Contact_Us")));
}

/// A price in the middle of the text is not read: nothing says that it is one.
#[test]
fn car_known_by_address_and_title_alone() {
    let url = format!("{CHECKERED_FLAG}/2011_TOYOTA_FJ.html");
    let Some(page) = saved("cfc_detail_page.html", &url) else { return };
    let photo = |number: u32| format!("{CHECKERED_FLAG}/uploads/DSCN{number}.JPG");
    let expected = Item {
        url: Some(url),
        title: text("2011 TOYOTA FJ"),
        year: Some(2011),
        make: text("Toyota"),
        model: text("FJ"),
        image_urls: vec![photo(4563), photo(4572), photo(4569), photo(4564), photo(4567)],
        ..Item::default()
    };
    assert_items(&page.items, &[expected]);
    assert!(page.is_item_page);
}

//! What saved pages say as a whole: where the lists are, and what kind of list each is.

use bat_pages::inventory_entrances;

use super::dealer_accelerate::GATEWAY;
use super::{CHECKERED_FLAG, saved, text_of};

/// The lists that saved pages lead to: of what is for sale, and of what was sold.
#[test]
fn entrances_of_saved_pages() {
    for (name, url, platform, current, sold) in [
        (
            "mhc_detail_page.html",
            "http://www.myhotcars.com/1965-a-c-cobra-factory-five-c-963.htm",
            Some("AAN"),
            "http://www.myhotcars.com/inventory.htm",
            Some("http://www.myhotcars.com/sold-vehicles.htm"),
        ),
        (
            "fantasy_junction_detail_page.html",
            "http://fantasyjunction.com/cars/1481-Ford-Thunderbird-312%20c.i.%208-Cylinder",
            None,
            "http://fantasyjunction.com/inventory",
            Some("http://fantasyjunction.com/carsSold"),
        ),
        (
            "specialty_inventory_page.html",
            "http://www.specialtysales.com/inventory",
            None,
            "http://www.specialtysales.com/inventory",
            Some("http://www.specialtysales.com/inventory/sold"),
        ),
        (
            "streetside_srp.html",
            "https://www.streetsideclassics.com/",
            Some("DealerAccelerate"),
            "https://www.streetsideclassics.com/vehicles",
            Some("https://www.streetsideclassics.com/vehicles/sold"),
        ),
        (
            "gateway_srp.html",
            "https://www.gatewayclassiccars.com/",
            Some("DealerAccelerate"),
            "https://www.gatewayclassiccars.com/vehicles",
            Some("https://www.gatewayclassiccars.com/vehicles/sold"),
        ),
    ] {
        let Some(html) = text_of(name) else { return };
        let found = inventory_entrances(&html, url);
        assert_eq!(found.platform.as_deref(), platform, "{name}");
        assert_eq!(found.current.first().map(String::as_str), Some(current), "{name}: {found:?}");
        assert_eq!(found.sold.first().map(String::as_str), sold, "{name}: {found:?}");
    }
}

#[test]
fn what_saved_pages_say_of_themselves() {
    for (name, url, is_sold_list) in [
        ("gateway_sold_srp.html", format!("{GATEWAY}/vehicles/sold"), true),
        ("gateway_srp.html", format!("{GATEWAY}/vehicles"), false),
        ("streetside_srp.html", "https://www.streetsideclassics.com/vehicles".to_owned(), false),
        ("fantasy_junction_inventory_page.html", "http://fantasyjunction.com/inventory".to_owned(), false),
        ("specialty_inventory_page.html", "http://www.specialtysales.com/inventory".to_owned(), false),
        ("mhc_inventory_page.html", "http://www.myhotcars.com/inventory.htm".to_owned(), false),
        ("cfc_inventory_page.html", format!("{CHECKERED_FLAG}/CURENT_INVENTORY_.php"), false),
        ("crescent_srp.html", "https://www.crescentauto.net/view-inventory".to_owned(), false),
    ] {
        let Some(page) = saved(name, &url) else { return };
        assert_eq!(
            (page.is_sold_list, page.says_empty, page.is_down),
            (is_sold_list, false, false),
            "{name}"
        );
    }
}

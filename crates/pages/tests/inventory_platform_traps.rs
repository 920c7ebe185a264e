//! What misleads readers of each platform's pages, each on a small page of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::inventory::{Item, Status};
use bat_pages::{Inventory, parse_inventory};

const SITE: &str = "https://dealer.example.com";

fn read(path: &str, html: &str) -> Inventory {
    parse_inventory(html, &format!("{SITE}{path}"))
}

fn platform(html: &str) -> Option<String> {
    read("/", html).platform
}

#[test]
fn the_more_telling_host_counts_before_dealer_com() {
    for (mark, name) in [
        ("https://cdn.dealeraccelerate.com/a.jpg", "DealerAccelerate"),
        ("https://cdn-dev.dealeraccelerate.net/a.jpg", "DealerAccelerate"),
        ("https://dealeraccelerate-all.s3.amazonaws.com/rkm/a.jpg", "DealerAccelerate"),
        ("https://x-img.autorevo.com/a.jpg", "AutoRevo"),
        ("https://dlron.us/a.js", "DealerOn"),
    ] {
        let html = format!("<script src=https://static.dealer.com/a.js></script><img src={mark}>");
        assert_eq!(platform(&html).as_deref(), Some(name), "{mark}");
    }
}

#[test]
fn credits_and_pictures_of_others_are_no_platform() {
    for html in [
        "<footer>Powered by Speed Digital, DealerAccelerate, Dealer.com and Carsforsale.com</footer>",
        "<h1>Motorcar Marketing of Reno</h1>",
        // The host of pictures alone proves nothing.
        "<img src=https://imageserver.dealercarsearch.com/a.jpg>",
        "<a href=https://www.shopify.com/>Shopify</a>",
    ] {
        assert_eq!(platform(html), None, "{html}");
    }
}

#[test]
fn further_platforms_by_their_hosts() {
    for (html, name) in [
        ("<script>var a={\"site_platform\": \"dcs\"}</script>", "Dealer Car Search"),
        ("<img src=https://static.overfuel.com/a.jpg>", "Overfuel"),
        ("<script>var sdDataLayer = {}</script>", "DealerOn"),
        ("<link href=/wp-content/plugins/dealerinspire/a.css>", "Dealer Inspire"),
        ("<script>pushData('VehicleObject_1', {})</script>", "DealerFire"),
        ("<img src=https://mesa.ebizautos.com/a.jpg>", "eBizAutos"),
        ("<img src=https://images.dealersync.com/a.jpg>", "DealerSync"),
        ("<img src=https://carimages.d2cmedia.ca/a.jpg>", "D2C Media"),
        ("<img src=https://lirp.cdn-website.com/a.jpg>", "Duda"),
        ("<script src=https://cdn2.editmysite.com/a.js></script>", "Weebly"),
        ("<meta name=\"generator\" content=\"Ghost 5.75\">", "Ghost"),
    ] {
        assert_eq!(platform(html).as_deref(), Some(name), "{html}");
    }
}

const ACCELERATE: &str = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg>";

#[test]
fn dealer_accelerate_links_of_every_shape() {
    for (path, id) in [
        ("/vehicles/san/1300/1983-mercedes-benz-380-sl", "1300"),
        ("/vehicles/5450-nsh/1961-chevrolet-impala", "5450-nsh"),
        ("/vehicles/8718/2017-ford-gt", "8718"),
        ("/inventory/476/1995-porsche-911", "476"),
        ("/vehicles/bin1260-j/1998-bmw-z3", "bin1260-j"),
        ("/vehicles/bw4525/1963-bmw-isetta", "bw4525"),
    ] {
        let page = read("/vehicles", &format!("{ACCELERATE}<a href={path} title='1983 Car'>x</a>"));
        assert_eq!(page.items[0].item_id.as_deref(), Some(id), "{path}");
        assert_eq!(page.items[0].url, Some(format!("{SITE}{path}")), "{path}");
    }
    for path in
        ["/vehicles/sold", "/news/2019-in-review", "/vehicles/featured/1967-ac-cobra", "/vehicles?page=2"]
    {
        assert_eq!(
            read("/vehicles", &format!("{ACCELERATE}<a href={path}>1983 Car</a>")).items,
            [],
            "{path}"
        );
    }
}

#[test]
fn dealer_accelerate_marks_what_is_sold_by_a_word_of_a_class() {
    let status = |class: &str| {
        let html = format!(
            "{ACCELERATE}<article><a href=/vehicles/7/1998-bmw-z3 title='1998 BMW Z3'><i class='{class}'></i></a></article>"
        );
        read("/vehicles", &html).items[0].status
    };
    for class in [
        "vehicle-grid__link-sold",
        "vlp-ribbon sold",
        "inventory-price sold",
        "cam-sold-banner",
        "sold vehicle-grid__price",
    ] {
        assert_eq!(status(class), Some(Status::Sold), "{class}");
    }
    for class in ["unsold", "soldier", "price", "vlp-ribbon new"] {
        assert_eq!(status(class), Some(Status::InStock), "{class}");
    }
}

/// What the dealer's block says of a car's page counts before the marks on it; without a block the marks count, but not
/// those of other cars, of links, or of what is hidden.
#[test]
fn dealer_accelerate_status_of_a_car_s_page() {
    let status = |more: &str| {
        let html = format!(
            "{ACCELERATE}<h1>1998 BMW Z3</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>{more}"
        );
        let page = read("/vehicles/7/1998-bmw-z3", &html);
        assert!(page.is_item_page);
        page.items[0].status
    };
    assert_eq!(status("<div class='cam-sold-banner'></div>"), Some(Status::Sold));
    assert_eq!(status("<span class='price sold'>Sold</span>"), Some(Status::Sold));
    for more in [
        "<a class='btn sold' href=/vehicles/sold>Sold</a>",
        "<div class=related><a href=/vehicles/8/1966-dodge-charger><div class='vlp-ribbon sold'>Sold</div></a></div>",
        "<div style='display:none'><div class='sold-ribbon'>Sold</div></div>",
        "<div class=modal><p class=sold>Sold</p></div>",
        "<p class=sold-by>Sold by Mesa Motors</p>",
    ] {
        assert_eq!(status(more), None, "{more}");
    }
    let block = "<script type=application/ld+json>{\"@type\":\"Car\",\"name\":\"1998 BMW Z3\",\"offers\":{\"availability\":\"InStock\"}}</script>";
    assert_eq!(status(&format!("{block}<div class='cam-sold-banner'></div>")), Some(Status::InStock));
}

#[test]
fn copies_on_another_market_are_not_own_stock() {
    let html =
        format!("{ACCELERATE}<a href=https://buy.motorious.com/vehicles/7/1998-bmw-z3>1998 BMW Z3</a>");
    assert_eq!(read("/vehicles", &html).items, []);
}

fn feed(rows: &str) -> Inventory {
    read("/api/cars", rows)
}

const ROW: &str = r#"{"vin":"WP0ZZZ99ZTS392124","year":"1996","make":"Porsche","model":"911","trim":"Turbo - one owner!",
    "ext_color":"Red","int_color":"Black","stockno":"A7","mileage":"8,038","price":"150000","url_link":"/1996-porsche-911-c-12/",
    "image_link":"https://cdn.example.com/a.jpg?1700000000","sold":"","pending_sale":"0"}"#;

#[test]
fn aan_list_as_json() {
    let page = feed(&format!("[{ROW}]"));
    assert_eq!((page.platform.as_deref(), page.is_item_page), (Some("AAN"), false));
    let expected = Item {
        url: Some(format!("{SITE}/1996-porsche-911-c-12/")),
        item_id: Some("A7".to_owned()),
        title: Some("1996 Porsche 911 Turbo".to_owned()),
        year: Some(1996),
        make: Some("Porsche".to_owned()),
        model: Some("911".to_owned()),
        trim: Some("Turbo".to_owned()),
        vin: Some("WP0ZZZ99ZTS392124".to_owned()),
        chassis: Some("WP0ZZZ99ZTS392124".to_owned()),
        asking_price: Some(150_000),
        mileage: Some(bat_pages::inventory::Mileage { value: Some(8_038), unit: None, tmu: false }),
        exterior_color: Some("Red".to_owned()),
        interior_color: Some("Black".to_owned()),
        status: Some(Status::InStock),
        image_urls: vec!["https://cdn.example.com/a.jpg?1700000000".to_owned()],
        ..Item::default()
    };
    assert_eq!(page.items, [expected]);
}

#[test]
fn aan_states_of_the_json() {
    for (from, to, status) in [
        ("\"sold\":\"\"", "\"sold\":\"Sold\"", Some(Status::Sold)),
        ("\"pending_sale\":\"0\"", "\"pending_sale\":\"1\"", Some(Status::Pending)),
        ("\"pending_sale\":\"0\"", "\"coming_soon\":\"1\"", None),
        ("\"price\":\"150000\"", "\"price\":0", Some(Status::InStock)),
    ] {
        let page = feed(&format!("[{}]", ROW.replace(from, to)));
        assert_eq!(page.items[0].status, status, "{to}");
    }
    assert!(feed(&format!("[{}]", ROW.replace("150000", "0"))).items[0].price_on_request);
}

/// The list keeps the row of an earlier sale when the car is back.
#[test]
fn aan_stale_rows_of_a_car_that_is_for_sale_again() {
    let sold = ROW.replace("\"sold\":\"\"", "\"sold\":\"Sold\"").replace("c-12", "c-3");
    for rows in [format!("[{sold},{ROW}]"), format!("[{ROW},{sold}]")] {
        let page = feed(&rows);
        assert_eq!(page.items.len(), 1, "{rows}");
        assert_eq!(page.items[0].status, Some(Status::InStock));
        assert_eq!(page.items[0].url, Some(format!("{SITE}/1996-porsche-911-c-12/")));
    }
    let other = ROW.replace("WP0ZZZ99ZTS392124", "WP0ZZZ99ZTS392125").replace("c-12", "c-4");
    assert_eq!(feed(&format!("[{ROW},{other}]")).items.len(), 2);
}

#[test]
fn json_that_is_no_list_of_cars() {
    for body in
        ["[]", "[1,2]", "[{\"id\":1}]", "{\"cars\":[]}", "[{\"vin\":null}]", "[{\"vin\":\"x\",\"make\":"]
    {
        let page = feed(body);
        assert_eq!((page.items.len(), page.platform), (0, None), "{body}");
    }
}

#[test]
fn aan_cards_open_by_scripts_of_two_kinds() {
    for click in
        ["document.location.href='/1967-ac-cobra-c-12.htm'", "getDetailed(&quot;/1967-ac-cobra-c-12/&quot;)"]
    {
        let page = read(
            "/inventory.htm",
            &format!("<div class=inventory-card onclick=\"{click}\"><h4>1967 AC Cobra</h4></div>"),
        );
        assert_eq!(page.items[0].item_id.as_deref(), Some("12"), "{click}");
    }
}

#[test]
fn auto_revo_classes_and_conditions_that_are_false() {
    let html = "<section class='inventory_item new_vehicle'><h2><a href=/vehicles/7>2004 Volkswagen Beetle</a></h2>\
        <img src=https://cf-img.autorevo.com/a.jpg></section><style>.sold_overlay{}</style><p>88 matches out of 88 vehicles.</p>";
    let page = read("/vehicles", html);
    assert_eq!((page.items[0].status, page.items_total), (Some(Status::InStock), Some(88)));
}

#[test]
fn auto_manager_digits_parted_from_their_sign() {
    let html = "<link href=https://wm.automanager.com/a.css><div class=inventory-panel data-displaytitle='1967 AC Cobra'>\
        <div class=pricevalue1><b><span class=currency-symbol>$</span>10,500</b></div><i data-cg-price=10990></i></div>";
    assert_eq!(read("/view-inventory", html).items[0].asking_price, Some(10_500));
}

#[test]
fn motorcar_marketing_two_prices_are_none() {
    let html = "<img src=https://www.motorcarsites.com/motorcarsites.com/img/a.jpg><h1>1967 AC Cobra</h1><b>$42,500</b><b>$39,900</b>";
    assert_eq!(read("/vehicle/7/1967-ac-cobra-for-sale-in-reno", html).items[0].asking_price, None);
}

#[test]
fn motorcar_marketing_s_dead_tenants_are_down() {
    let html = "<title>Down For Maintenance</title><img src=https://www.motorcarsites.com/motorcarsites.com/img/a.jpg><h1>Down For Maintenance</h1>";
    let page = read("/vehicle_listings/all/vehicles", html);
    assert!(page.is_down && !page.says_empty);
}

#[test]
fn dealer_sync_templates_are_no_cars() {
    let html = "<img src=https://images.dealersync.com/a.jpg><div><div><h3>{{Year}} {{Make}}</h3></div><div><h3>{{Vin}}</h3></div></div>";
    assert_eq!(read("/inventory", html).items, []);
}

#[test]
fn shopify_variants_of_different_prices_and_availability() {
    let of = |variants: &str| {
        read(
            "/products.json",
            &format!("{{\"products\":[{{\"title\":\"1967 AC Cobra\",\"variants\":[{variants}]}}]}}"),
        )
        .items
        .remove(0)
    };
    let two = of(r#"{"price":"100.00","available":false},{"price":"200.00","available":true}"#);
    assert_eq!((two.asking_price, two.status), (None, Some(Status::InStock)));
    assert_eq!(of(r#"{"price":"38500.00"}"#).status, None);
}

#[test]
fn wordpress_pages_whose_blocks_name_no_car() {
    let html = "<link href=/wp-content/a.css><script type=application/ld+json>{\"@graph\":[{\"@type\":\"Organization\",\"name\":\"1967 Motors\"},\
        {\"@type\":\"WebSite\"},{\"@type\":\"CollectionPage\",\"name\":\"Inventory\"}]}</script>";
    assert_eq!(read("/inventory/", html).items, []);
}

#[test]
fn webflow_collections_are_lists_of_blocks() {
    let html = "<html data-wf-site=1><div class=w-dyn-items><div class=w-dyn-item><a href=/cars/cobra><h3>1967 AC Cobra</h3></a></div>\
        <div class=w-dyn-item><a href=/cars/z3><h3>1998 BMW Z3</h3></a></div></div>\
        <div class=w-pagination-wrapper><a href='?1a2b_page=2' class=w-pagination-next>Next</a></div>";
    let page = read("/inventory", html);
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.next_url, Some(format!("{SITE}/inventory?1a2b_page=2")));
}

/// A database's text cannot hold them.
#[test]
fn nuls_in_json_go() {
    let products =
        r#"{"products":[{"title":"1967 AC\u0000 Cobra","body_html":"a\u0000b","handle":"\u0000x"}]}"#;
    let cars = ROW.replace("Red", "R\\u0000ed");
    for page in [read("/products.json", products), feed(&format!("[{cars}]"))] {
        assert_eq!(page.items.len(), 1);
        assert!(!format!("{page:?}").contains("\\0"), "{page:?}");
    }
}

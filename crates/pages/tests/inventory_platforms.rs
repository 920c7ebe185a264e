//! The markup of each platform as far as it is known, each on a small page of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::inventory::Status;
use bat_pages::{Inventory, parse_inventory};

const SITE: &str = "https://dealer.example.com";

fn read(path: &str, html: &str) -> Inventory {
    parse_inventory(html, &format!("{SITE}{path}"))
}

#[test]
fn dealer_accelerate_takes_no_other_query_along() {
    let html = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg><a href=/vehicles/bin1260-j/1998-bmw-z3>\
        <h3>1998 BMW Z3</h3></a><ul class=pagination><li><a rel=next href='/vehicles?sort=price&amp;page=2'>2</a></ul>";
    let page = read("/vehicles", html);
    assert_eq!(page.next_url, Some(format!("{SITE}/vehicles?page=2")));
    assert_eq!(page.items[0].item_id.as_deref(), Some("bin1260-j"));
    assert_eq!(page.items[0].status, Some(Status::InStock));
}

#[test]
fn dealer_accelerate_cars_to_come_are_not_in_stock() {
    let html = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg><a href=/vehicles/7/1998-bmw-z3><h3>1998 BMW Z3</h3></a>";
    assert_eq!(read("/vehicles/coming-soon", html).items[0].status, None);
}

#[test]
fn dealer_accelerate_words_in_a_car_s_page_tell_no_status() {
    let html = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg><h1>1998 BMW Z3</h1>\
        <dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl><div class=modal>Sale pending</div>";
    let page = read("/vehicles/7/1998-bmw-z3", html);
    assert!(page.is_item_page);
    assert_eq!(page.items[0].status, None);
}

#[test]
fn aan_cards_of_what_a_page_loads() {
    let html = "77\n{}\n{}\n<div class=search-results-item><a onclick=\"getDetailed('/1967-ac-cobra-c-12/')\"><h2>1967 AC Cobra</h2></a>\
        <div class=search-results-price><h4>$50,000</h4><h4>$42,500</h4></div></div>\
        <div class=search-results-item><a onclick=\"getDetailed('/1968-ford-mustang-c-13/')\"><h2>1968 Ford Mustang</h2></a>\
        <div class=search-results-price-call>Call</div><img src=/ina_f.jpg></div>";
    let page = read("/isapi_xml.php?module=inventory&pageID=741&limit=24&offset=24", html);
    assert_eq!((page.platform.as_deref(), page.items_total, page.items.len()), (Some("AAN"), Some(77), 2));
    assert_eq!(page.items[0].url, Some(format!("{SITE}/1967-ac-cobra-c-12/")));
    assert_eq!((page.items[0].item_id.as_deref(), page.items[0].asking_price), (Some("12"), Some(42_500)));
    assert!(page.items[1].price_on_request);
    assert_eq!(page.items[1].image_urls, [""; 0]);
    let next = "/isapi_xml.php?module=inventory&pageID=741&limit=24&offset=48";
    assert_eq!(page.next_url, Some(format!("{SITE}{next}")));
    // The last portion.
    assert_eq!(read("/isapi_xml.php?module=inventory&pageID=741&limit=24&offset=72", html).next_url, None);
}

#[test]
fn aan_pages_name_what_they_load() {
    let page =
        read("/inventory/", "<link href=/themes/aanWordpress/a.css><script>let pageID='741';</script>");
    let portion = "/isapi_xml.php?module=inventory&pageID=741&limit=24&offset=0";
    assert_eq!(page.next_url, Some(format!("{SITE}{portion}")));
}

#[test]
fn aan_price_in_the_title_and_trim_without_sales_copy() {
    let html = "<title>1967 AC Cobra For Sale ($134,900) | Dealer</title><script src=isapi_xml.php></script>\
        <div id=details><div class=datatable><dl><dt>Make</dt><dd>AC</dd><dt>Trim</dt><dd>427 - Must see!</dd></dl></div></div>\
        <dl><dt>VIN</dt><dd>3VWFE21C04M000001</dd></dl>";
    let page = read("/1967-ac-cobra-c-12/", html);
    let item = &page.items[0];
    assert_eq!(
        (item.asking_price, item.trim.as_deref(), item.vin.as_deref()),
        (Some(134_900), Some("427"), None)
    );
}

#[test]
fn dealer_center_cards() {
    let html = "<div class=dws-vehicle-listing-item data-vehicle-vin=3VWFE21C04M000001 data-vehicle-stock-no=A7 \
        data-dws-title='2004 Volkswagen Beetle'><a href=/inventory/volkswagen/beetle/a7/>View</a>\
        <div data-background-image='https://imagescf.dealercenter.net/640/480/a.jpg'></div>\
        <span class=dws-vehicle-price-value>$18,500</span><div class=dws-vehicle-field-mileage>\
        <span class=dws-vehicle-field-value>8,038</span></div></div>\
        <div class=dws-vehicle-listing-item data-dws-title='1967 AC Cobra'><div data-background-image=/vehicle-image-notavailable.jpg></div></div>";
    let page = read("/inventory/", html);
    let item = &page.items[0];
    assert_eq!(page.platform.as_deref(), Some("DealerCenter"));
    assert_eq!(item.url, Some(format!("{SITE}/inventory/volkswagen/beetle/a7/")));
    assert_eq!((item.item_id.as_deref(), item.asking_price), (Some("A7"), Some(18_500)));
    assert_eq!(item.vin.as_deref(), Some("3VWFE21C04M000001"));
    assert_eq!(item.mileage.as_ref().unwrap().value, Some(8_038));
    assert_eq!(item.image_urls, ["https://imagescf.dealercenter.net/640/480/a.jpg"]);
    assert_eq!((page.items[1].asking_price, page.items[1].image_urls.len()), (None, 0));
}

#[test]
fn dealer_center_car() {
    let field = |name: &str, value: &str| {
        format!(
            "<div class=dws-icons-feature-{name}><span class=dws-vehicle-fields-value>{value}</span></div>"
        )
    };
    let html = format!(
        "<img src=https://imagescf.dealercenter.net/a.jpg><h1>2004 Volkswagen Beetle</h1>{}{}{}\
        <span class=dws-vdp-single-field-value-vehicleprice>$23,494 *</span>",
        field("vin", "3VWFE21C04M000001"),
        field("stock-number", "A7"),
        field("mileage", "8,038")
    );
    let page = read("/inventory/volkswagen/beetle/a7/", &html);
    let item = &page.items[0];
    assert!(page.is_item_page);
    assert_eq!(
        (item.item_id.as_deref(), item.asking_price, item.year),
        (Some("A7"), Some(23_494), Some(2004))
    );
    assert_eq!(item.vin.as_deref(), Some("3VWFE21C04M000001"));
}

#[test]
fn auto_revo_tiles() {
    let tile = |more: &str, vin: &str| {
        format!(
            "<section class=inventory_item><h2><a href=/vehicles/7><span class=year>2004</span> <span class=make>Volkswagen</span> \
            <span class=model>Beetle</span> <span class=trim>GLS</span></a></h2><dl><dd class=vin_value>{vin}</dd>\
            <dd class=stock_value>A7</dd><dd class=mileage_value>8,038</dd></dl><h3 class=website_price><span>$18,500</span></h3>\
            <h3 class=secondary_price><span>$299</span></h3>{more}<img src=https://cf-img.autorevo.com/a.jpg></section>"
        )
    };
    let item = read("/vehicles", &tile("", "3VWFE21C04M000001")).items.remove(0);
    assert_eq!((item.asking_price, item.status), (Some(18_500), Some(Status::InStock)));
    assert_eq!(
        (item.make.as_deref(), item.model.as_deref(), item.trim.as_deref()),
        (Some("Volkswagen"), Some("Beetle"), Some("GLS"))
    );
    let item =
        read("/vehicles", &tile("<img class=sold_overlay src=/s.png>", "11111111111111111")).items.remove(0);
    // The filler passes the check digit, too.
    assert_eq!((item.vin, item.chassis, item.status), (None, None, Some(Status::Sold)));
}

#[test]
fn auto_manager_prices_of_other_sites_and_unknown_models() {
    let html = "<link href=https://wm.automanager.com/a.css><div class=inventory-panel data-displaytitle='1967 AC Cobra' \
        data-displaymodel=Other><span data-cg-price=10990></span></div>";
    let item = &read("/view-inventory", html).items[0];
    assert_eq!((item.asking_price, item.price_on_request), (None, false));
    assert_eq!(item.model.as_deref(), Some("Cobra"));
}

#[test]
fn motorcar_marketing_links_and_similar_vehicles() {
    let head = "<img src=https://www.motorcarsites.com/img/a.jpg>";
    let html = format!(
        "{head}<div><div><a href=/vehicle/7/1967-ac-cobra-for-sale-in-reno>1967 AC Cobra</a><b>$42,500</b></div>\
        <div><a href=/vehicle/8/1968-ford-mustang-for-sale-in-reno>1968 Ford Mustang</a></div></div>"
    );
    let page = read("/vehicle_listings/all/vehicles", &html);
    assert_eq!(
        (page.items.len(), page.items[0].asking_price, page.items[1].asking_price),
        (2, Some(42_500), None)
    );
    assert_eq!(page.items[0].item_id.as_deref(), Some("7"));
    let html = format!("{head}<h1>1967 AC Cobra</h1><b>$42,500</b><h2>Similar Vehicles</h2><b>$9,000</b>");
    let page = read("/vehicle/7/1967-ac-cobra-for-sale-in-reno", &html);
    assert_eq!((page.is_item_page, page.items[0].asking_price), (true, Some(42_500)));
    assert_eq!(read("/", &format!("{head}<h1>Down For Maintenance</h1>")).items, []);
}

#[test]
fn shopify_products_as_json() {
    let json = r#"{"products":[{"id":7,"title":"1967 AC Cobra","handle":"1967-ac-cobra","body_html":"<p>Nice</p>",
        "variants":[{"price":"38500.00","available":true}],"images":[{"src":"https://cdn.shopify.com/a.jpg"}]},
        {"id":8,"title":"1968 Ford Mustang","variants":[{"price":"0.00","available":false}]},
        {"id":9,"title":"Dealer Shirt","variants":[{"price":"20.00","available":true}]}]}"#;
    let page = read("/products.json", json);
    assert_eq!((page.platform.as_deref(), page.items.len()), (Some("Shopify"), 2));
    let item = &page.items[0];
    assert_eq!(item.url, Some(format!("{SITE}/products/1967-ac-cobra")));
    assert_eq!(
        (item.item_id.as_deref(), item.asking_price, item.status),
        (Some("7"), Some(38_500), Some(Status::InStock))
    );
    assert_eq!((item.image_urls.len(), item.description.as_deref()), (1, Some("Nice")));
    assert_eq!((page.items[1].price_on_request, page.items[1].status), (true, Some(Status::Sold)));
}

/// A list of two blocks, the first with this inside.
fn blocks(head: &str, inside: &str) -> Option<Status> {
    let html = format!(
        "{head}<div><div><h2><a href=/a>1967 AC Cobra</a></h2>{inside}</div><div><h2><a href=/b>1968 Ford Mustang</a></h2></div></div>"
    );
    read("/collections/all", &html).items[0].status
}

#[test]
fn shopify_badges_that_every_block_hides_say_nothing() {
    let head = "<script src=https://cdn.shopify.com/a.js></script>";
    assert_eq!(blocks(head, "<span class=badge>Sold</span>"), None);
    assert_eq!(blocks(head, "<div class='price price--sold-out'>$5,000</div>"), Some(Status::Sold));
    // On a site of one's own the mark is what visitors see.
    assert_eq!(blocks("", "<span class=badge>Sold</span>"), Some(Status::Sold));
}

#[test]
fn squarespace_marks_what_is_sold_by_class() {
    let head = "<img src=https://static1.squarespace.com/a.png>";
    assert_eq!(blocks(head, "<div class='product-mark sold-out'>sold out</div>"), Some(Status::Sold));
    assert_eq!(blocks(head, "<div>Sold</div>"), None);
}

#[test]
fn wordpress_listings_are_numbered_by_their_posts() {
    let html = "<link href=/wp-content/a.css><div><div class=listing id=listing-41><h2><a href=/a>1967 AC Cobra</a></h2></div>\
        <div class=listing id=listing-42><h2><a href=/b>1968 Ford Mustang</a></h2></div></div>";
    let ids: Vec<_> = read("/inventory/", html).items.into_iter().map(|item| item.item_id).collect();
    assert_eq!(ids, [Some("41".to_owned()), Some("42".to_owned())]);
}

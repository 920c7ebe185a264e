//! Quirks of dealers' own sites, each on a small page of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::inventory::{Item, Status};
use bat_pages::{Inventory, parse_inventory};

const LIST: &str = "https://dealer.example.com/inventory";
const CAR: &str = "https://dealer.example.com/inventory/1967-ac-cobra";

fn list(html: &str) -> Inventory {
    parse_inventory(html, LIST)
}

/// The item of a page about one.
fn car(html: &str) -> Item {
    let mut page = parse_inventory(html, CAR);
    assert!(page.is_item_page, "{page:?}");
    assert_eq!(page.items.len(), 1);
    page.items.remove(0)
}

/// The item of a page with one JSON-LD block.
fn ld(block: &str) -> Item {
    car(&format!("<script type=\"application/ld+json\">{block}</script>"))
}

/// The item of a page with a table of one row a field.
fn labelled(rows: &[(&str, &str)]) -> Item {
    let rows: String =
        rows.iter().map(|(label, value)| format!("<tr><td>{label}</td><td>{value}</td></tr>")).collect();
    car(&format!(
        "<h1>1967 AC Cobra</h1><table><tr><td>Stock</td><td>7</td></tr><tr><td>Engine</td><td>V8</td></tr>{rows}</table>"
    ))
}

/// A list of two blocks, the first with this inside.
fn block(inside: &str) -> Item {
    let page = list(&format!(
        "<div><div><h2><a href=/a>1967 AC Cobra</a></h2>{inside}</div><div><h2><a href=/b>1968 Ford Mustang</a></h2></div></div>"
    ));
    assert_eq!(page.items.len(), 2, "{page:?}");
    page.items.into_iter().next().unwrap()
}

#[test]
fn an_empty_page_offers_nothing() {
    for html in ["", "<html></html>", "<h1>Inventory</h1><p>Nothing for sale today.", "{}", "null"] {
        assert_eq!(list(html), Inventory::default(), "{html}");
    }
}

#[test]
fn platforms_are_told_by_hosts_and_never_by_words() {
    for (html, platform) in [
        ("<img src=https://cdn.dealeraccelerate.com/x/logo.svg>", "DealerAccelerate"),
        ("<script src=/wp-content/themes/aanWordpress/a.js></script>", "AAN"),
        (
            "<img src=https://imagescf.dealercenter.net/640/480/a.jpg><link href=/wp-content/a.css>",
            "DealerCenter",
        ),
        ("<img src=https://cf-img.autorevo.com/a.jpg>", "AutoRevo"),
        ("<link href=https://automanagerprodcdn.azureedge.net/a.css>", "AutoManager"),
        ("<img src=https://cdn05.carsforsale.com/a.jpg>", "Carsforsale"),
        (
            "<img src=https://www.motorcarsites.com/img/a.jpg><a href=//www.motorcarsites.com/dealers/1/>",
            "Motorcar Marketing",
        ),
        ("<script src=https://cdn.shopify.com/a.js></script>", "Shopify"),
        ("<script>Static.SQUARESPACE_CONTEXT = {}</script>", "Squarespace"),
        ("<link href=/wp-content/themes/vehica/a.css>", "WordPress"),
        ("<img src=https://static.wixstatic.com/a.jpg>", "Wix"),
        ("<html data-wf-site=1>", "Webflow"),
        ("<script>DDC.dataLayer = {}</script>", "Dealer.com"),
    ] {
        assert_eq!(list(html).platform.as_deref(), Some(platform), "{html}");
    }
    let wix = "<script>{\"excludeFromAutoRevoke\":1}</script><img src=https://static.wixstatic.com/a.jpg>";
    assert_eq!(list(wix).platform.as_deref(), Some("Wix"));
    assert_eq!(list("<p>Motorcar Marketing, AutoRevo, Shopify, WordPress").platform, None);
}

// JSON-LD as published.

#[test]
fn json_ld_in_every_wrapping() {
    let vehicle = r#"{"@type":"Car","name":"1967 AC Cobra","vehicleIdentificationNumber":"CSX3356"}"#;
    for block in [
        vehicle.to_owned(),
        format!("[{vehicle}]"),
        format!("{{\"@graph\":[{vehicle}]}}"),
        format!("{{\"@graph\":[[{vehicle}]]}}"),
        format!("{{\"@type\":\"WebPage\",\"mainEntity\":{vehicle}}}"),
        format!("<!-- {vehicle} -->"),
        format!("//<![CDATA[\n{vehicle}\n//]]>"),
        format!("// the car\n{vehicle}"),
        format!("/* the car */ {vehicle};"),
        format!("\u{feff}{vehicle}"),
        vehicle.replace('"', "&quot;"),
        vehicle.replace('}', ",}"),
        vehicle.replace("AC Cobra", "AC\n\tCobra"),
        format!("{{\"@type\":\"WebSite\"}}{vehicle}"),
        vehicle.replace("\"Car\"", "[\"Product\",\"Vehicle\"]"),
        vehicle.replace("\"Car\"", "\"https://schema.org/Car\""),
        vehicle.replace("\"Car\"", "\"schema:vehicle\""),
        vehicle.replace("\"Car\"", "\"Product\""),
    ] {
        let item = ld(&block);
        assert_eq!(item.title.as_deref(), Some("1967 AC Cobra"), "{block}");
        assert_eq!(item.chassis.as_deref(), Some("CSX3356"), "{block}");
    }
}

#[test]
fn json_ld_within_an_html_comment_is_none() {
    let page = list(
        "<!-- <script type=\"application/ld+json\">{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\"}</script> -->",
    );
    assert_eq!(page.items, []);
}

#[test]
fn an_unquoted_type_and_a_json_object_of_another_type_are_no_vehicle() {
    assert_eq!(
        list("<script type=application/ld+json>{\"@type\":\"Product\",\"name\":\"Shirt\"}</script>").items,
        []
    );
}

#[test]
fn json_ld_fields_in_every_form() {
    let item = ld(
        r#"{"@type":"Car","name":"A car","brand":{"@type":"Brand","name":"Alfa Romeo"},"model":["Spider"],
        "vehicleModelDate":"1967-01-01","vehicleIdentificationNumber":"zar11542000123456",
        "mileageFromOdometer":{"@type":"QuantitativeValue","value":"67,466","unitCode":"KMT"},
        "color":"Red","vehicleInteriorColor":"Black","vehicleTransmission":"Manual",
        "vehicleEngine":{"@type":"EngineSpecification","engineType":"Inline-4"},"sku":"A17",
        "image":[{"@type":"ImageObject","url":"/a.jpg"},"b.jpg"],"description":"<p>Nice &amp; red</p>"}"#,
    );
    assert_eq!(
        (item.year, item.make.as_deref(), item.model.as_deref()),
        (Some(1967), Some("Alfa Romeo"), Some("Spider"))
    );
    assert_eq!(item.vin.as_deref(), Some("ZAR11542000123456"));
    let mileage = item.mileage.unwrap();
    assert_eq!((mileage.value, mileage.unit.as_deref()), (Some(67_466), Some("km")));
    assert_eq!(
        (item.exterior_color.as_deref(), item.interior_color.as_deref()),
        (Some("Red"), Some("Black"))
    );
    assert_eq!((item.transmission.as_deref(), item.engine.as_deref()), (Some("Manual"), Some("Inline-4")));
    assert_eq!(item.item_id.as_deref(), Some("A17"));
    assert_eq!(
        item.image_urls,
        ["https://dealer.example.com/a.jpg", "https://dealer.example.com/inventory/b.jpg"]
    );
    assert_eq!(item.description.as_deref(), Some("Nice & red"));
}

fn offered(offers: &str) -> Item {
    ld(&format!(
        "{{\"@graph\":[{{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\",\"offers\":{offers}}},{{\"@id\":\"#o\",\"price\":\"38500\"}}]}}"
    ))
}

#[test]
fn prices_of_json_ld_in_every_form() {
    for offers in [
        r#"{"price":38500}"#,
        r#"{"price":38500.00}"#,
        r#"{"price":"38500.00"}"#,
        r#"{"price":"38,500"}"#,
        r#"{"price":"$38,500"}"#,
        r#"[{"price":"38500"}]"#,
        r##"{"@id":"#o"}"##,
        r#"{"priceSpecification":{"price":"38500"}}"#,
        r#"{"@type":"AggregateOffer","lowPrice":38500,"highPrice":38500}"#,
        r#"[{"price":399,"businessFunction":"http://purl.org/goodrelations/v1#LeaseOut"},{"price":38500}]"#,
        r#"[{"price":399,"paymentFrequency":"monthly"},{"price":38500}]"#,
    ] {
        assert_eq!(offered(offers).asking_price, Some(38_500), "{offers}");
    }
    for offers in [
        r#"{"price":"-5500"}"#,
        r#"{"price":-5500}"#,
        r#"{"price":"0"}"#,
        r#"{"price":""}"#,
        r#"{"price":1}"#,
        r#"[{"price":38500},{"price":39500}]"#,
        r#"{"lowPrice":1000,"highPrice":38500}"#,
        r#"{"price":399,"priceSpecification":{"billingIncrement":1}}"#,
        "null",
    ] {
        assert_eq!(offered(offers).asking_price, None, "{offers}");
    }
    assert!(offered(r#"{"price":"0.00"}"#).price_on_request);
    assert_eq!(offered(r#"{"price":"38500","priceCurrency":"cad"}"#).currency.as_deref(), Some("CAD"));
}

#[test]
fn availability_in_every_form() {
    for (text, status) in [
        ("InStock", Some(Status::InStock)),
        ("https://schema.org/InStock", Some(Status::InStock)),
        ("in stock", Some(Status::InStock)),
        ("http://schema.org/SoldOut", Some(Status::Sold)),
        ("OutOfStock", Some(Status::Sold)),
        ("Discontinued", None),
        ("PreOrder", None),
        ("", None),
    ] {
        assert_eq!(offered(&format!("{{\"availability\":\"{text}\"}}")).status, status, "{text}");
    }
}

#[test]
fn an_item_list_wraps_its_vehicles() {
    let page = list(
        r#"<script type="application/ld+json">{"@type":"ItemList","numberOfItems":1755,"itemListElement":[
        {"@type":"ListItem","item":{"@type":"Car","name":"1967 AC Cobra","url":"/a?utm_source=x#top"}},
        {"@type":"ListItem","item":{"@type":"Car","name":"1968 Ford Mustang","url":"/b"}}]}</script>"#,
    );
    assert_eq!((page.is_item_page, page.items.len(), page.items_total), (false, 2, Some(1755)));
    assert_eq!(page.items[0].url.as_deref(), Some("https://dealer.example.com/a"));
}

#[test]
fn of_several_vehicles_the_page_is_about_the_one_with_its_address() {
    let item = ld(&format!(
        r#"[{{"@type":"Car","name":"1968 Ford Mustang","url":"/b"}},{{"@type":"Car","name":"1967 AC Cobra","url":"{CAR}"}}]"#
    ));
    assert_eq!(item.title.as_deref(), Some("1967 AC Cobra"));
}

#[test]
fn a_list_that_describes_one_of_its_cars_is_a_list() {
    let page = list(
        r#"<script type="application/ld+json">{"@type":"Car","name":"1967 AC Cobra","url":"/a","color":"Red"}</script>
        <ul><li><h2><a href=/a>1967 AC Cobra</a></h2><li><h2><a href=/b>1968 Ford Mustang</a></h2></ul>"#,
    );
    assert_eq!((page.is_item_page, page.items.len()), (false, 2));
    assert_eq!(page.items[0].exterior_color.as_deref(), Some("Red"));
}

#[test]
fn what_a_dealer_offers_has_the_price_of_the_offer_around_it() {
    let item = ld(
        r#"{"@type":"AutoDealer","name":"Dealer","priceRange":[5000,29995],"makesOffer":{"@type":"Offer",
        "priceSpecification":{"price":"16995"},"itemOffered":{"@type":"Car","manufacturer":"Ram","model":"1500",
        "releaseDate":"2018","mileageFromOdometer":"41000"}}}"#,
    );
    assert_eq!((item.make.as_deref(), item.year, item.asking_price), (Some("Ram"), Some(2018), Some(16_995)));
    assert_eq!(item.mileage.unwrap().value, Some(41_000));
}

#[test]
fn references_that_turn_in_a_loop_end() {
    let page = list(
        r##"<script type="application/ld+json">{"@graph":[{"@type":"Car","@id":"#a","name":"1967 AC Cobra",
        "offers":{"@id":"#b"}},{"@id":"#b","offers":{"@id":"#b"},"itemOffered":{"@id":"#a"}}]}</script>"##,
    );
    assert_eq!(page.items.len(), 1);
}

#[test]
fn microdata_counts_where_json_ld_is_silent() {
    let html = "<div itemscope itemtype=https://schema.org/Car><span itemprop=name>1967 AC Cobra</span>\
        <div itemprop=offers itemscope itemtype=https://schema.org/Offer><meta itemprop=price content=38500>\
        <link itemprop=itemCondition href=https://schema.org/UsedCondition></div></div>";
    assert_eq!(car(html).asking_price, Some(38_500));
    let both = format!(
        "{html}<script type=\"application/ld+json\">{{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\",\"offers\":{{\"price\":40000}}}}</script>"
    );
    assert_eq!(car(&both).asking_price, Some(40_000));
}

// Values.

#[test]
fn prices_in_their_place() {
    for (text, amount) in [
        ("$42,500", 42_500),
        ("$1,095,000 USD", 1_095_000),
        ("$62,900.00", 62_900),
        ("$48995", 48_995),
        ("$2,,500.00", 2_500),
        ("Asking Price: $42,500", 42_500),
        ("&pound;42,500", 42_500),
        ("42,500 EUR", 42_500),
        ("$23,494 *", 23_494),
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request), (Some(amount), false), "{text}");
    }
    for text in [
        "$399/mo",
        "$399 per month",
        "$99 weekly",
        "$500 deposit",
        "from $42,500",
        "Starting at $42,500",
        "-$5,500",
        "was $42,500",
        "MSRP $42,500",
        "$42,500 $39,500",
        "$40,000 - $45,000",
        "42,500",
        "$1",
        "$",
        "SOLD",
        "$99,999,999,999,999,999,999",
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request), (None, false), "{text}");
    }
}

#[test]
fn a_price_on_request_is_no_price() {
    for text in [
        "Call",
        "Call for price",
        "CALL!",
        "Inquire",
        "POA",
        "P.O.A.",
        "Price on request",
        "Contact us",
        "$0",
        "$0.00",
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request), (None, true), "{text}");
    }
}

#[test]
fn currencies_are_those_printed() {
    for (text, currency) in [
        ("$42,500", None),
        ("$42,500 USD", Some("USD")),
        ("USD $42,500", Some("USD")),
        ("US$42,500", Some("USD")),
        ("C$42,500", Some("CAD")),
        ("$42,500 CAD", Some("CAD")),
        ("£42,500", Some("GBP")),
        ("€42,500", Some("EUR")),
        ("42,500 €", Some("EUR")),
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.currency.as_deref()), (Some(42_500), currency), "{text}");
    }
}

#[test]
fn mileages_with_their_unit() {
    for (label, text, value, unit, tmu) in [
        ("Mileage", "81321 Miles", Some(81_321), Some("mi"), false),
        ("Mileage", "412 Kilometers (TMU)", Some(412), Some("km"), true),
        ("Mileage", "TMU", None, None, true),
        ("Mileage", "8,038", Some(8_038), None, false),
        ("Miles", "8,038", Some(8_038), Some("mi"), false),
        ("Kilometers", "8,038", Some(8_038), Some("km"), false),
    ] {
        let found = labelled(&[(label, text)]).mileage.unwrap();
        assert_eq!((found.value, found.unit.as_deref(), found.tmu), (value, unit, tmu), "{text}");
    }
    for text in [
        "n/a",
        "0",
        "0 miles",
        "Exempt",
        "655 miles since restoration",
        "-",
        "&nbsp;",
        "many",
        "12345678901234",
    ] {
        assert_eq!(labelled(&[("Mileage", text)]).mileage, None, "{text}");
    }
}

#[test]
fn short_chassis_numbers_are_legal() {
    for (text, chassis, vin) in [
        ("P6FH233347", Some("P6FH233347"), None),
        ("CSX 3356", Some("CSX 3356"), None),
        ("194377S112233", Some("194377S112233"), None),
        ("3VWFE21C04M000001", Some("3VWFE21C04M000001"), Some("3VWFE21C04M000001")),
        ("11111111111111111", None, None),
        ("1111111111111111A", None, None),
        ("00000000000000000", None, None),
        ("N/A", None, None),
        ("{{Vin}}", None, None),
    ] {
        let item = labelled(&[("VIN", text)]);
        assert_eq!((item.chassis.as_deref(), item.vin.as_deref()), (chassis, vin), "{text}");
    }
}

#[test]
fn a_number_of_17_characters_elsewhere_is_not_the_cars() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Chassis</dt><dd>CSX 3356</dd><dt>Engine</dt><dd>V8</dd></dl>\
        <h3>Similar vehicles</h3><dl><dt>VIN</dt><dd>3VWFE21C04M000001</dd><dt>Mileage</dt><dd>12 miles</dd></dl>";
    let item = car(html);
    assert_eq!((item.chassis.as_deref(), item.vin, item.mileage), (Some("CSX 3356"), None, None));
}

#[test]
fn related_cars_without_a_heading_are_not_the_page_s() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>\
        <div><div><h3>1968 Ford Mustang</h3><p>Mileage: 5 miles</p><span class=price>$9,000</span></div>\
        <div><h3>1969 Ford Mustang</h3><p>Mileage: 6 miles</p></div></div>";
    let item = car(html);
    assert_eq!((item.title.as_deref(), item.mileage, item.asking_price), (Some("1967 AC Cobra"), None, None));
}

#[test]
fn labels_that_disagree_tell_nothing() {
    let item = labelled(&[("Exterior Color", "Red"), ("Ext. Color", "Blue"), ("Int Color:", "Black")]);
    assert_eq!((item.exterior_color, item.interior_color.as_deref()), (None, Some("Black")));
}

#[test]
fn labels_in_every_markup() {
    for html in [
        "<dl><dt>Stock #</dt><dd>B7</dd><dt>Transmission:</dt><dd>Manual</dd></dl>",
        "<table><tr><th>Stock No.<td>B7<th>Transmission<td>Manual</table>",
        "<ul><li>Stock #: B7<li>Transmission: Manual</ul>",
        "<ul><li><b>Stock Number:</b> B7</li><li><b>Trans:</b> Manual</li></ul>",
        "<div><span>Stock</span><span>B7</span></div><div><span>Gearbox</span><span>Manual</span></div>",
        "Stock #B7<br>Transmission: Manual",
    ] {
        let item = car(&format!("<h1>1967 AC Cobra</h1>{html}"));
        assert_eq!(
            (item.item_id.as_deref(), item.transmission.as_deref()),
            (Some("B7"), Some("Manual")),
            "{html}"
        );
    }
}

#[test]
fn years_back_to_1885_and_none_before() {
    for (title, year) in [
        ("1885 Benz Patent-Motorwagen", Some(1885)),
        ("1903 Curved Dash Oldsmobile", Some(1903)),
        ("1973.5 Porsche 911 T", Some(1973)),
        ("'67 Camaro Convertible", Some(1967)),
        ("\u{2019}32 Ford Roadster", Some(1932)),
    ] {
        let page =
            list(&format!("<div><div><h2>{title}</h2></div><div><h2>1968 Ford Mustang</h2></div></div>"));
        assert_eq!(page.items[0].year, year, "{title}");
    }
    // Which century '12 is of, nobody knows.
    for title in
        ["1769 Cugnot Fardier", "2500 Miles Only", "'12 Ford Focus", "1967", "1967 1968", "12345 Street"]
    {
        let page =
            list(&format!("<div><div><h2>{title}</h2></div><div><h2>1968 Ford Mustang</h2></div></div>"));
        assert_eq!(page.items, [], "{title}");
    }
}

#[test]
fn makes_of_several_words_and_makes_unknown() {
    for (title, make, model) in [
        ("1959 Alfa Romeo Giulietta", Some("Alfa Romeo"), Some("Giulietta")),
        ("1965 ASTON MARTIN DB5", Some("Aston Martin"), Some("DB5")),
        ("1958 Austin-Healey 100-6", Some("Austin-Healey"), Some("100-6")),
        ("1966 Land Rover Series IIA Pickup", Some("Land Rover"), None),
        ("1956 Avia III", None, None),
        ("1933 Ford Roadster", Some("Ford"), None),
        ("1986 Ferrari 328 Replica", None, None),
        ("1970 Fordson Major", None, None),
    ] {
        let page =
            list(&format!("<div><div><h2>{title}</h2></div><div><h2>1968 Ford Mustang</h2></div></div>"));
        let item = &page.items[0];
        assert_eq!((item.make.as_deref(), item.model.as_deref()), (make, model), "{title}");
    }
}

#[test]
fn notes_typed_into_the_make_go() {
    for (typed, make) in [
        ("X Sold Chevrolet", Some("Chevrolet")),
        ("A *Inbound* Chevrolet", Some("Chevrolet")),
        ("Iso", Some("Iso")),
    ] {
        assert_eq!(
            ld(&format!("{{\"@type\":\"Car\",\"name\":\"A car\",\"brand\":\"{typed}\"}}")).make.as_deref(),
            make
        );
    }
}

#[test]
fn placeholders_are_no_values() {
    for text in ["null", "N/A", "-", "undefined", "&#45;", "&nbsp;", "{{Color}}", "TBD"] {
        assert_eq!(labelled(&[("Exterior Color", text)]).exterior_color, None, "{text}");
    }
}

#[test]
fn an_asking_price_is_never_a_sale_price() {
    let item = labelled(&[("Price", "$42,500"), ("Status", "Sold")]);
    assert_eq!((item.asking_price, item.sold_price, item.status), (Some(42_500), None, Some(Status::Sold)));
    let item = labelled(&[("Sold Price", "$40,000")]);
    assert_eq!((item.asking_price, item.sold_price), (None, Some(40_000)));
    let item = block("<span class=price>Sold for $40,000</span>");
    assert_eq!((item.asking_price, item.sold_price, item.status), (None, Some(40_000), Some(Status::Sold)));
}

#[test]
fn statuses_in_their_place() {
    for (text, status) in [
        ("Inventory", Some(Status::InStock)),
        ("Available", Some(Status::InStock)),
        ("SALE PENDING", Some(Status::Pending)),
        ("Sold", Some(Status::Sold)),
        ("Arriving soon", None),
    ] {
        assert_eq!(labelled(&[("Status", text)]).status, status, "{text}");
    }
    // A word of the page that is not in the car's block says nothing of it.
    let page = list(
        "<div><div><h2>1967 AC Cobra</h2></div><div><h2>1968 Ford Mustang</h2></div></div><p>Sold</p><div class=modal>Sale pending</div>",
    );
    assert!(page.items.iter().all(|item| item.status.is_none()));
}

// Lists.

#[test]
fn amounts_that_are_not_asked_are_passed_over() {
    for inside in [
        "<span class=price>$42,500</span><span class=msrp-price>$50,000</span>",
        "<span class=old-price>$50,000</span><span class=price>$42,500</span>",
        "<del>$50,000</del> <span>$42,500</span>",
        "<p>$42,500</p><p>$399/mo</p>",
        "<p>$42,500</p><p>With over $60,000 in recent work</p>",
        "<dl><dt>MSRP</dt><dd>$50,000</dd></dl><p>$42,500</p>",
        "<span>Market value</span> <span>$50,000</span><p>$42,500</p>",
        "<span class=price>$42,500</span><span class=price>$42,500</span>",
    ] {
        assert_eq!(block(inside).asking_price, Some(42_500), "{inside}");
    }
    assert_eq!(block("<p>$42,500</p><p>$39,500</p>").asking_price, None);
    assert_eq!(block("<span class=payment-price>$399</span>").asking_price, None);
}

/// On a page about one car an amount by itself may be anything: a fee, a payment, another car's price.
#[test]
fn a_bare_amount_of_a_car_s_page_is_not_its_price() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    assert_eq!(car(&format!("{html}<p>$295</p>")).asking_price, None);
    assert_eq!(car(&format!("{html}<h2 class=car-price>$42,500</h2><p>$295</p>")).asking_price, Some(42_500));
}

#[test]
fn menus_are_no_lists() {
    let page =
        list("<nav><ul><li><a href=/a>1967 AC Cobra</a><li><a href=/b>1968 Ford Mustang</a></ul></nav>");
    assert_eq!(page.items, []);
}

#[test]
fn two_cars_of_one_title_are_two() {
    let page = list(
        "<ul><li><h3>1989 Chevrolet Corvette</h3><a href=/1>More</a><li><h3>1989 Chevrolet Corvette</h3><a href=/2>More</a></ul>",
    );
    let urls: Vec<_> = page.items.iter().map(|item| item.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://dealer.example.com/1", "https://dealer.example.com/2"]);
}

#[test]
fn a_car_linked_twice_is_one() {
    let page = list(
        "<ul><li><a href=/1?utm_source=x>1967 AC Cobra</a><li><a href=/1#photos>1967 AC Cobra</a><li><a href=/2>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items.len(), 2);
}

#[test]
fn links_lose_tracking_and_fragment_but_no_other_query() {
    let page = list(
        "<ul><li><a href='/car?id=7&amp;utm_medium=a&amp;fbclid=b#x'>1967 AC Cobra</a><li><a href='/car?'>1968 Ford Mustang</a></ul>",
    );
    let urls: Vec<_> = page.items.iter().map(|item| item.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://dealer.example.com/car?id=7", "https://dealer.example.com/car"]);
}

#[test]
fn links_to_other_sites_are_not_the_items() {
    let item = block("<a href=https://buy.example.org/a>Elsewhere</a>");
    assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/a"));
    let page = list(
        "<ul><li><a href=https://other.org/1>1967 AC Cobra</a><li><a href=javascript:void(0)>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items, []);
}

#[test]
fn links_resolve_against_the_base() {
    let page = list(
        "<base href=https://dealer.example.com/shop/><ul><li><a href=a>1967 AC Cobra</a><li><a href=b>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items[0].url.as_deref(), Some("https://dealer.example.com/shop/a"));
}

#[test]
fn the_next_page_in_every_form() {
    for (url, html, next) in [
        (LIST, "<link rel=next href='?page=2'>", "/inventory?page=2"),
        (LIST, "<a rel='next nofollow' href='/inventory/page/2/'>&raquo;</a>", "/inventory/page/2/"),
        (LIST, "<div class=pagination><a href='?page=2'>Next &gt;</a></div>", "/inventory?page=2"),
        (
            LIST,
            "<ul class=pagination><li class=active><a href='?page_no=1'>1</a><li><a href='?page_no=2'>2</a></ul>",
            "/inventory?page_no=2",
        ),
        (
            "https://dealer.example.com/inventory?page=2",
            "<div class=paging><a href='?page=1'>1</a> <a href='?page=3'>3</a></div>",
            "/inventory?page=3",
        ),
        (
            "https://dealer.example.com/inventory/page/2/",
            "<a class=page-numbers href=/inventory/page/3/>3</a>",
            "/inventory/page/3/",
        ),
    ] {
        assert_eq!(
            parse_inventory(html, url).next_url,
            Some(format!("https://dealer.example.com{next}")),
            "{html}"
        );
    }
    for html in [
        "<div class=pagination><a href='#'>Next</a></div>",
        "<a rel=next href=https://other.org/?page=2>2</a>",
        "<div class=pagination><a href='?page=1'>1</a></div>",
        "<div class=carousel><a href='?slide=2'>2</a></div>",
    ] {
        assert_eq!(list(html).next_url, None, "{html}");
    }
}

#[test]
fn totals_as_the_page_states_them() {
    for (html, total) in [
        ("<p>88 matches out of 88 vehicles.", Some(88)),
        ("<p>Page 1 of 3 , 41 cars", Some(41)),
        ("<p>Showing 1 - 24 of 1,077 results", Some(1_077)),
        ("<p>Showing 24 of 77 vehicles<p>Showing 24 of 78 vehicles", None),
        ("<p>We have sold 5000 cars", None),
        ("<p>Over 500 vehicles in stock", None),
    ] {
        assert_eq!(list(html).items_total, total, "{html}");
    }
}

#[test]
fn lists_name_the_pages_of_items_that_they_tell_too_little_of() {
    let page = list(
        "<ul><li><h3><a href=/1>1967 AC Cobra, s/n CSX 3356</a></h3><p>$1,095,000\
        <li><h3><a href=/2>1968 Ford Mustang</a></h3><p>$40,000</ul><a href=/cars/1969-bmw-2002><img src=a.jpg></a>\
        <a href=/blog/1969-was-a-year>Blog</a><a href=/1969-photo.jpg>Photo</a>",
    );
    let site = "https://dealer.example.com";
    assert_eq!(page.item_urls, [format!("{site}/2"), format!("{site}/cars/1969-bmw-2002")]);
    assert_eq!(page.items[0].chassis.as_deref(), Some("CSX 3356"));
    assert_eq!(page.items[0].title.as_deref(), Some("1967 AC Cobra"));
}

#[test]
fn pictures_loaded_later_and_as_backgrounds_count() {
    for inside in [
        "<img src='data:image/gif;base64,x' data-src=/a.jpg>",
        "<img data-lazy-src=/a.jpg>",
        "<div style=\"background-image: url('/a.jpg')\"></div>",
        "<div data-background-image=/a.jpg></div>",
        "<a href=/a.jpg><img src=/small.jpg></a>",
    ] {
        assert_eq!(block(inside).image_urls, ["https://dealer.example.com/a.jpg"], "{inside}");
    }
    for inside in [
        "<img src=/logo.jpg>",
        "<img src=/ina_f.jpg>",
        "<img src=/button.png>",
        "<img data-src='/a_{width}x.jpg'>",
    ] {
        assert_eq!(block(inside).image_urls, [""; 0], "{inside}");
    }
}

#[test]
fn the_text_under_its_heading_is_the_description() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>\
        <h3>Description</h3><p>First.</p><p>Second.</p><h3>Contact</h3><p>Call us.</p>";
    assert_eq!(car(html).description.as_deref(), Some("First. Second."));
}

//! JSON-LD as it is published, and microdata beside it.

use super::*;

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

/// A list with cards, and its structured data of these cars: names, and what stands beside them.
fn cards(entries: &[&str]) -> Vec<Item> {
    let page = list(&format!(
        r#"<script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{}]}}</script>
        <ul><li><h2><a href=/a>1967 AC Cobra</a></h2><p>VIN: CSX3356</p><li><h2><a href=/b>1968 Ford Mustang</a></h2></ul>"#,
        entries.join(",")
    ));
    page.items
}

#[test]
fn the_entry_of_a_list_tells_the_address_of_its_car() {
    let items = cards(&[
        r#"{"@type":"ListItem","url":"/b","item":{"@type":"Car","name":"Mustang GT","color":"Red"}}"#,
        r#"{"@type":"ListItem","url":"/a","item":{"@type":"Car","name":"Cobra 427","color":"Blue"}}"#,
    ]);
    let told: Vec<_> =
        items.iter().map(|item| (item.url.as_deref().unwrap(), item.exterior_color.as_deref())).collect();
    let host = "https://dealer.example.com";
    assert_eq!(told, [(&*format!("{host}/a"), Some("Blue")), (&*format!("{host}/b"), Some("Red"))]);
}

#[test]
fn cars_without_address_are_those_of_the_cards_by_number_or_title() {
    let items = cards(&[
        r#"{"@type":"Car","name":"1968 FORD Mustang","vehicleIdentificationNumber":"8R01S100001","color":"Red"}"#,
        r#"{"@type":"Car","name":"Cobra 427","vehicleIdentificationNumber":"CSX3356","color":"Blue"}"#,
    ]);
    let colors: Vec<_> = items.iter().map(|item| item.exterior_color.as_deref()).collect();
    assert_eq!(colors, [Some("Blue"), Some("Red")]);
    assert_eq!(items[1].chassis.as_deref(), Some("8R01S100001"));
    assert_eq!(items[1].url.as_deref(), Some("https://dealer.example.com/b"));
}

#[test]
fn cars_without_address_beside_as_many_cards_are_none_of_their_own() {
    let other = r#"{"@type":"Car","name":"1968 Mustang fastback","color":"Red"}"#;
    assert_eq!(cards(&[other]).len(), 2);
    // Two chassis numbers are two cars.
    let twin =
        r#"{"@type":"Car","name":"1967 AC Cobra","vehicleIdentificationNumber":"CSX3357","color":"Red"}"#;
    let items = cards(&[twin]);
    assert_eq!((items.len(), &items[0].exterior_color), (2, &None));
    // Of two that are called the same nobody knows which is the card's.
    let same = r#"{"@type":"Car","name":"1968 Ford Mustang","color":"Red"}"#;
    assert!(cards(&[same, same]).iter().all(|item| item.exterior_color.is_none()));
    // The cards are not all.
    assert_eq!(cards(&[other, twin, same]).len(), 4);
}

#[test]
fn a_price_of_zero_is_none_beside_one_that_is_printed() {
    let offered = |price: &str| {
        car(&format!(
            r#"<script type="application/ld+json">{{"@type":"Car","name":"1967 AC Cobra","offers":{{"price":"0","priceCurrency":"USD"}}}}</script>
            <h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd>{price}</dl>"#
        ))
    };
    let item = offered("<dt>Price</dt><dd>$38,500</dd>");
    assert_eq!((item.asking_price, item.price_on_request), (Some(38_500), false));
    let item = offered("");
    assert_eq!((item.asking_price, item.price_on_request), (None, true));
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

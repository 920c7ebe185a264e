//! Structured data as sites break it, on pages of vehicles. The reader of the blocks is that of partners' web sites, whose
//! tests hold more.

use super::*;

const COBRA: &str = r#"{"@type":"Car","name":"1967 AC Cobra","vehicleIdentificationNumber":"CSX3356"}"#;

#[track_caller]
fn assert_cobra(html: &str) {
    let item = car(html);
    assert_eq!(item.title.as_deref(), Some("1967 AC Cobra"), "{html}");
    assert_eq!(item.chassis.as_deref(), Some("CSX3356"), "{html}");
}

#[test]
fn a_vehicle_in_one_of_several_blocks() {
    let site = r#"{"@type":"WebSite","name":"Dealer"}"#;
    let script = |block: &str| format!("<script type=\"application/ld+json\">{block}</script>");
    assert_cobra(&format!("{}{}{}", script(site), script(COBRA), script("{\"@type\":")));
    assert_cobra(&format!("{}<p>{}", script(""), script(COBRA)));
}

#[test]
fn types_of_every_spelling() {
    for kind in [
        "\"http://schema.org/Car\"",
        "\"https://schema.org/Vehicle\"",
        "\"schema:Vehicle\"",
        "\"CAR\"",
        "\"Motorcycle\"",
        "\"BusOrTruck\"",
        "\"MotorizedBicycle\"",
        "[\"Product\",\"Car\"]",
        "[\"https://schema.org/Product\",\"https://schema.org/MotorVehicle\"]",
    ] {
        let block = COBRA.replace("\"Car\"", kind);
        assert_cobra(&format!("<script type=\"application/ld+json\">{block}</script>"));
    }
}

#[test]
fn scripts_of_every_spelling() {
    for (start, end) in [
        ("<script type='application/ld+json'>", "</script>"),
        ("<SCRIPT TYPE=\"Application/LD+JSON; charset=utf-8\">", "</SCRIPT >"),
        ("<script id=a type = 'application/ld+json' >", "</script\n>"),
        // Self-closed: to a browser it is open all the same.
        ("<script type='application/ld+json' />", "</script>"),
    ] {
        assert_cobra(&format!("{start}{COBRA}{end}<p>text"));
    }
}

#[test]
fn json_that_is_none() {
    for block in [
        "{'@type':'Car',name:'1967 AC Cobra',vehicleIdentificationNumber:'CSX3356'}".to_owned(),
        COBRA.replace("\",\"vehicle", "\"\n\"vehicle"),
        COBRA.replace("AC Cobra", "AC\u{1} Cobra"),
        COBRA.replace("AC Cobra", "AC\\ Cobra"),
        format!("{COBRA},"),
        format!("// a comment \"with quotes\"\n{COBRA}"),
        format!("{COBRA}{{\"@type\":\"WebPage\"}}"),
        format!("{{\"@type\":\"WebPage\"}}\n{COBRA}"),
    ] {
        assert_cobra(&format!("<script type=\"application/ld+json\">{block}</script>"));
    }
    let quoted = ld(&COBRA.replace("AC Cobra", "AC \"Cobra\" Roadster"));
    assert_eq!(quoted.title.as_deref(), Some("1967 AC \"Cobra\" Roadster"));
}

#[test]
fn blocks_without_anything() {
    for block in ["", " ", "null", "\"1967 AC Cobra\"", "[]", "{}", "[null,[]]", "{\"@graph\":null}", "{"] {
        let page = list(&format!("<script type=\"application/ld+json\">{block}</script>"));
        assert_eq!(page.items, [], "{block}");
    }
}

#[test]
fn entities_escaped_once_and_twice() {
    for name in ["1967 AC Cobra &quot;427&quot;", "1967 AC Cobra &amp;quot;427&amp;quot;"] {
        assert_eq!(
            ld(&COBRA.replace("1967 AC Cobra", name)).title.as_deref(),
            Some("1967 AC Cobra \"427\""),
            "{name}"
        );
    }
}

#[test]
fn keys_that_mean_something_to_scripts() {
    let block =
        COBRA.replace("{\"@type\"", "{\"__proto__\":{\"offers\":{\"price\":5}},\"constructor\":1,\"@type\"");
    assert_eq!(ld(&block).asking_price, None);
}

#[test]
fn availability_that_limits_or_is_absent() {
    let of = |offer: &str| ld(&COBRA.replace("}", &format!(",\"offers\":{offer}}}"))).status;
    assert_eq!(of(r#"{"availability":"https://schema.org/LimitedAvailability"}"#), Some(Status::InStock));
    assert_eq!(of(r#"{"availability":"Discontinued"}"#), None);
    assert_eq!(of(r#"{"price":5000}"#), None);
    assert_eq!(of(r#"{"availability":null}"#), None);
}

/// Some sites drop the block once the car is sold: what is left tells no status.
#[test]
fn a_block_that_is_dropped_is_not_in_stock() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    assert_eq!(car(html).status, None);
}

#[test]
fn mileages_in_every_form() {
    for (text, value, unit) in [
        ("41000", 41_000, None),
        ("\"41,000\"", 41_000, None),
        ("\"41000 miles\"", 41_000, Some("mi")),
        (r#"{"value":"67466","unitCode":"SMI"}"#, 67_466, Some("mi")),
        (r#"{"value":67466,"unitText":"km"}"#, 67_466, Some("km")),
        (r#"{"value":67466.0}"#, 67_466, None),
        (r#"[{"value":67466}]"#, 67_466, None),
    ] {
        let block = COBRA.replace("}", &format!(",\"mileageFromOdometer\":{text}}}"));
        let block = if text.contains('}') {
            format!("{}{}", &COBRA[..COBRA.len() - 1], format_args!(",\"mileageFromOdometer\":{text}}}"))
        } else {
            block
        };
        let mileage = ld(&block).mileage.unwrap_or_else(|| panic!("{text}"));
        assert_eq!((mileage.value, mileage.unit.as_deref()), (Some(value), unit), "{text}");
    }
}

#[test]
fn brands_models_and_pictures_in_every_form() {
    let base = &COBRA[..COBRA.len() - 1];
    for brand in ["\"AC\"", "{\"name\":\"AC\"}", "[\"AC\"]", "[{\"@type\":\"Brand\",\"name\":\"AC\"}]"] {
        assert_eq!(ld(&format!("{base},\"brand\":{brand}}}")).make.as_deref(), Some("AC"), "{brand}");
    }
    for model in ["\"Cobra\"", "{\"@type\":\"ProductModel\",\"name\":\"Cobra\"}", "[\"Cobra\"]"] {
        assert_eq!(ld(&format!("{base},\"model\":{model}}}")).model.as_deref(), Some("Cobra"), "{model}");
    }
    for image in ["\"/a.jpg\"", "[\"/a.jpg\"]", "{\"url\":\"/a.jpg\"}", "[{\"contentUrl\":\"/a.jpg\"}]"] {
        let item = ld(&format!("{base},\"image\":{image}}}"));
        assert_eq!(item.image_urls, ["https://dealer.example.com/a.jpg"], "{image}");
    }
}

/// Generators write "new" into the block of every used car.
#[test]
fn the_condition_that_a_block_states_changes_nothing() {
    let base = &COBRA[..COBRA.len() - 1];
    let plain = ld(COBRA);
    for condition in ["NewCondition", "https://schema.org/UsedCondition", "new"] {
        let block = format!(
            "{base},\"itemCondition\":\"{condition}\",\"offers\":{{\"itemCondition\":\"{condition}\"}}}}"
        );
        assert_eq!(ld(&block), plain, "{condition}");
    }
}

#[test]
fn microdata_skips_addresses_of_the_vocabulary_and_resolves_against_the_base() {
    let html = "<base href=https://dealer.example.com/shop/><ul>\
        <li itemscope itemtype=http://schema.org/Car><link itemprop=url href=https://schema.org/UsedCondition>\
        <a itemprop=url href=cobra><span itemprop=name>1967 AC Cobra</span></a>\
        <li itemscope itemtype=http://schema.org/Car><a itemprop=url href=mustang><span itemprop=name>1968 Ford Mustang</span></a></ul>";
    let urls: Vec<_> = list(html).items.into_iter().map(|item| item.url).collect();
    let at = |path: &str| Some(format!("https://dealer.example.com/shop/{path}"));
    assert_eq!(urls, [at("cobra"), at("mustang")]);
}

#[test]
fn blocks_of_plugins_that_name_no_vehicle() {
    for block in [
        r#"{"@graph":[{"@type":"WebPage","name":"1967 AC Cobra"},{"@type":"BreadcrumbList","itemListElement":[
            {"@type":"ListItem","name":"{{Year}} {{Make}} {{Model}}","item":{"@type":"Car","name":"1967 AC Cobra"}}]}]}"#,
        r#"{"@type":"Article","headline":"1967 AC Cobra"}"#,
    ] {
        let page = list(&format!("<script type=\"application/ld+json\">{block}</script>"));
        assert_eq!(page.items, [], "{block}");
    }
}

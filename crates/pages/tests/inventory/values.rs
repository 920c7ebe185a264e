//! Prices, mileages, numbers, years, makes, states.

use super::*;

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
fn the_number_of_an_engine_is_not_the_engine() {
    let item = car(
        "<h1>1967 Jaguar E-Type</h1><table><tr><th>Chassis No.<td>1E12345<th>Engine No.<td>7E4567-9\
         <tr><th>Gearbox No.<td>EJ1234<th>Engine<td>4.2L I6<tr><th>Trim Number<td>8<th>Model No.<td>9</table>",
    );
    assert_eq!((item.chassis.as_deref(), item.engine.as_deref()), (Some("1E12345"), Some("4.2L I6")));
    assert_eq!((item.transmission, item.trim), (None, None));
    assert_eq!(item.model.as_deref(), Some("E-Type"));
}

#[test]
fn tabs_are_no_labels() {
    for tabs in [
        "<ul><li>Exterior</li><li>Interior</li><li>Mechanical</li></ul>",
        "<ul><li><a href=#1>Exterior</a></li><li><a href=#2>Interior</a></li><li><a href=#3>Mechanical</a></li></ul>",
        "<div><a href=#1>Engine</a><a href=#2>Undercarriage</a></div>",
        "<div><button>Engine</button><button>Undercarriage</button></div>",
        "<div><span role=tab>Engine</span><span role=tab>Undercarriage</span></div>",
    ] {
        let html = format!(
            "<h1>1967 AC Cobra</h1>{tabs}<dl><dt>Stock</dt><dd>7</dd><dt>Trans</dt><dd>Manual</dd></dl>"
        );
        let item = car(&html);
        assert_eq!((item.interior_color, item.exterior_color, item.engine), (None, None, None), "{tabs}");
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
        ("1960 Austin Healey 3000", Some("Austin-Healey"), Some("3000")),
        ("1960 Austin Healey", Some("Austin-Healey"), None),
        ("1960 Austin Seven", Some("Austin"), Some("Seven")),
        ("1930 Pierce Arrow Model B", Some("Pierce-Arrow"), None),
        ("1938 TALBOT LAGO T150", Some("Talbot-Lago"), Some("T150")),
        ("1934 Hispano Suiza K6", Some("Hispano-Suiza"), Some("K6")),
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

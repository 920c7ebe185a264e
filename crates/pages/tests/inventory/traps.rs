//! Values that mislead, beside those of the other tests.

use super::*;

#[test]
fn words_in_the_price_s_place() {
    for (text, status) in [
        ("SOLD", Some(Status::Sold)),
        ("Sold!", Some(Status::Sold)),
        ("Pending", Some(Status::Pending)),
        ("SALE PENDING", Some(Status::Pending)),
        ("Deposit Taken", Some(Status::Pending)),
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request, item.status), (None, false, status), "{text}");
        let item = block(&format!("<span class=price>{text}</span>"));
        assert_eq!((item.asking_price, item.price_on_request, item.status), (None, false, status), "{text}");
    }
    for text in ["0.00", "0", "$0.00", "Price upon request", "Please inquire", "Call for pricing"] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request, item.status), (None, true, None), "{text}");
    }
    for text in [
        "1",
        "$399 / month",
        "$99/week",
        "$1,000 down payment",
        "payments from $299",
        "$2,000 deposit",
        "($5,500)",
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request), (None, false), "{text}");
    }
}

#[test]
fn mileages_with_words_and_since_some_event() {
    for (label, text, value, unit) in [
        ("Mileage", "1,629 Actual Mile", 1_629, Some("mi")),
        ("Odometer", "81321 Miles", 81_321, Some("mi")),
        ("Mileage", "8038 original miles", 8_038, Some("mi")),
        ("KM", "12,000", 12_000, Some("km")),
    ] {
        let found = labelled(&[(label, text)]).mileage.unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found.value, found.unit.as_deref(), found.tmu), (Some(value), unit, false), "{text}");
    }
    for (label, text) in [
        ("Miles since restoration", "655"),
        ("Mileage since rebuild", "655"),
        ("Mileage", "655 since restoration"),
        ("Mileage", "NA"),
        ("Mileage", "Exempt"),
        ("Mileage", "null"),
        ("Mileage", "{{Mileage}}"),
    ] {
        assert_eq!(labelled(&[(label, text)]).mileage, None, "{label}: {text}");
    }
}

#[test]
fn numbers_that_are_no_vin() {
    for text in ["17345678901234567", "1HGCM82633A00435", "1HGCM82633I004352", "IOQ11111111111111"] {
        let item = labelled(&[("VIN", text)]);
        assert_eq!(item.vin, None, "{text}");
    }
    let html = "<h1>1967 Ford GT</h1><dl><dt>Chassis</dt><dd>P/1046</dd><dt>Engine</dt><dd>V8</dd></dl>\
        <script>var a = '3VWFE21C04M000001';</script><p>See 3VWFE21C04M000001 too.</p>";
    let item = car(html);
    assert_eq!((item.chassis.as_deref(), item.vin), (Some("P/1046"), None));
}

#[test]
fn titles_as_dealers_type_them() {
    for (title, year, make, chassis) in [
        ("1967 AC  427 Shelby Cobra, s/n CSX 3356", Some(1967), Some("AC"), Some("CSX 3356")),
        ("1973.5 Porsche 911 T", Some(1973), Some("Porsche"), None),
        ("1972 De Tomaso Pantera", Some(1972), Some("De Tomaso"), None),
        ("1955 Rolls-Royce Silver Cloud", Some(1955), Some("Rolls-Royce"), None),
        ("1971 Mercedes-Benz 280SL Roadster", Some(1971), Some("Mercedes-Benz"), None),
    ] {
        let page =
            list(&format!("<div><div><h2>{title}</h2></div><div><h2>1968 Ford Mustang</h2></div></div>"));
        let item = &page.items[0];
        assert_eq!(
            (item.year, item.make.as_deref(), item.chassis.as_deref()),
            (year, make, chassis),
            "{title}"
        );
    }
}

#[test]
fn half_years_of_titles() {
    for title in ["1964½ Ford Mustang", "1964.5 Ford Mustang"] {
        let page = list(&format!("<div><h2>{title}</h2></div><div><h2>1968 Ford Mustang</h2></div>"));
        let item = &page.items[0];
        let read = (item.year, item.make.as_deref(), item.model.as_deref());
        assert_eq!(read, (Some(1964), Some("Ford"), Some("Mustang")), "{title}");
    }
}

#[test]
fn model_years_that_are_dates_or_early() {
    for (text, year) in [
        ("2025-01-01", Some(2025)),
        ("1967", Some(1967)),
        ("1886", Some(1886)),
        ("1884", None),
        ("67", None),
        ("1967-1969", Some(1967)),
        ("20250101", None),
    ] {
        let block = format!("{{\"@type\":\"Car\",\"name\":\"A car\",\"vehicleModelDate\":\"{text}\"}}");
        assert_eq!(ld(&block).year, year, "{text}");
    }
}

#[test]
fn placeholders_in_every_field() {
    for text in ["null", "N/A", "-", "undefined", "&#45;", "&nbsp;", "{{Year}}"] {
        let item = labelled(&[
            ("VIN", text),
            ("Make", text),
            ("Model", text),
            ("Trim", text),
            ("Mileage", text),
            ("Transmission", text),
            ("Interior", text),
            ("Price", text),
        ]);
        assert_eq!((item.chassis, item.trim, item.mileage), (None, None, None), "{text}");
        assert_eq!((item.transmission, item.interior_color), (None, None), "{text}");
        assert_eq!((item.make.as_deref(), item.model.as_deref()), (Some("AC"), Some("Cobra")), "{text}");
        assert_eq!((item.asking_price, item.price_on_request), (None, false), "{text}");
    }
}

#[test]
fn struck_amounts_are_those_of_before() {
    for inside in [
        "<s>$50,000</s> <b>$42,500</b>",
        "<strike>$50,000</strike><b>$42,500</b>",
        "<span class=was>$50,000</span><span class=now>$42,500</span>",
        "<span class=price style='text-decoration: line-through'>$50,000</span><span class=price>$42,500</span>",
    ] {
        assert_eq!(block(inside).asking_price, Some(42_500), "{inside}");
    }
}

#[test]
fn cells_with_several_pairs_and_a_label_without_value() {
    let html = "<h1>1967 AC Cobra</h1><table><tr><th>Stock<td>B7<th>VIN<td>CSX 3356<tr><th>Engine<td><th>Transmission<td>Manual</table>";
    let item = car(html);
    assert_eq!((item.item_id.as_deref(), item.chassis.as_deref()), (Some("B7"), Some("CSX 3356")));
    assert_eq!((item.engine, item.transmission.as_deref()), (None, Some("Manual")));
}

#[test]
fn refused_paths_are_no_items() {
    for path in [
        "/author/1967-joe",
        "/tag/1967-camaro",
        "/category/1967-cars",
        "/1967-camaro/feed",
        "/blog/1967-camaro",
        "/wp-json/1967-a",
        "/cart/1967-a",
    ] {
        let page = list(&format!("<a href={path}><img src=a.jpg></a>"));
        assert_eq!(page.item_urls, [""; 0], "{path}");
    }
}

#[test]
fn a_status_in_a_cell_of_its_own() {
    let of = |cell: &str| block(&format!("<table><tr><td>5-Speed</td><td>{cell}</td></tr></table>")).status;
    assert_eq!(of("Inventory"), Some(Status::InStock));
    assert_eq!(of("Available"), Some(Status::InStock));
    assert_eq!(of("SALE PENDING"), Some(Status::Pending));
    assert_eq!(of("Red"), None);
    // A button of the block is no cell.
    assert_eq!(block("<a href=/inventory>Inventory</a><p>Available</p>").status, None);
}

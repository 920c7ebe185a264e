//! Web sites of partners: where they are and when they are open. One test per quirk; names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};

fn parse(html: &str) -> Website {
    parse_website(html, "https://www.mesa-motors.com/about/")
}

/// Street, city, state, postal code and country.
fn place(site: &Website) -> [Option<&str>; 5] {
    [&site.address, &site.city, &site.state, &site.zip_code, &site.country].map(|part| part.as_deref())
}

/// The place that lines of an `<address>` element tell.
#[track_caller]
fn tells(lines: &[&str], expected: [&str; 5]) {
    let site = parse(&format!("<address>{}</address>", lines.join("<br>")));
    let expected = expected.map(|part| Some(part).filter(|part| !part.is_empty()));
    assert_eq!(place(&site), expected, "{lines:?}");
}

#[test]
fn addresses_of_the_united_states() {
    let mesa = ["5527 Desert Road", "Mesa", "AZ", "85201", "US"];
    tells(&["5527 Desert Road", "Mesa, AZ 85201"], mesa);
    tells(&["Mesa Motors, 5527 Desert Road, Mesa, AZ 85201, USA"], mesa);
    tells(&["Visit us: 5527 Desert Road • Mesa, AZ 85201 USA"], mesa);
    tells(&["5527 Desert Road | Mesa, AZ, 85201"], mesa);
    tells(&["5527 Desert Road, Mesa AZ 85201"], mesa);
    tells(&["5527 Desert Road Mesa, AZ 85201"], mesa);
    tells(&["5527 Desert Road", "Mesa AZ. 85201 United States"], mesa);
    tells(
        &["5527 Desert Road", "Suite 5", "Mesa, AZ 85201"],
        ["5527 Desert Road, Suite 5", "Mesa", "AZ", "85201", "US"],
    );
    tells(
        &["1 Hill Dr. Charleston, West Virginia 25301-1234"],
        ["1 Hill Dr.", "Charleston", "West Virginia", "25301-1234", "US"],
    );
    tells(&["Open since 1999", "Mesa, AZ 85201"], ["", "Mesa", "AZ", "85201", "US"]);
    tells(&["10 AM to 5 PM", "Mesa, AZ 85201"], ["", "Mesa", "AZ", "85201", "US"]);
}

#[test]
fn a_town_in_a_sentence_has_no_other_word_of_it() {
    for line in ["Located in Mesa, AZ 85201", "Proudly serving Mesa, AZ 85201", "Visit Mesa, AZ 85201"] {
        assert_eq!(place(&parse(&format!("<footer><p>{line}</p></footer>"))), [None; 5], "{line}");
    }
    tells(&["5 Rue Road", "Fond du Lac, WI 54935"], ["5 Rue Road", "Fond du Lac", "WI", "54935", "US"]);
}

#[test]
fn addresses_of_canada() {
    tells(&["1 King St W", "Toronto, ON M5V 2T6"], ["1 King St W", "Toronto", "ON", "M5V 2T6", "CA"]);
    tells(
        &["1 King Rd., Victoria, British Columbia V8V1A1 Canada"],
        ["1 King Rd.", "Victoria", "British Columbia", "V8V1A1", "CA"],
    );
}

/// A county may stand between town and postcode: then neither is told apart from the other.
#[test]
fn addresses_of_the_united_kingdom() {
    tells(&["5 High Street", "Henley", "RG9 1AA"], ["5 High Street", "Henley", "", "RG9 1AA", "GB"]);
    tells(&["Mesa Ltd, 5 High Street, London SW1A 1AA"], ["5 High Street", "London", "", "SW1A 1AA", "GB"]);
    tells(
        &["Unit 5, Mill Lane", "Henley", "RG9 1AA", "United Kingdom"],
        ["Unit 5, Mill Lane", "Henley", "", "RG9 1AA", "GB"],
    );
    tells(&["5 High Street, Henley, Oxfordshire, RG9 1AA"], ["", "", "", "RG9 1AA", "GB"]);
    tells(&["5 High Street, Henley, Oxfordshire RG9 1AA"], ["", "", "", "RG9 1AA", "GB"]);
}

#[test]
fn addresses_of_the_continent_need_a_country() {
    let expected = [Some("Lange Straße 12a"), Some("Göttingen"), None, Some("37073"), Some("DE")];
    let html = "<address>Lange Straße 12a<br>D-37073 Göttingen</address>";
    assert_eq!(place(&parse_website(html, "https://garage.de/")), expected);
    assert_eq!(place(&parse(&html.replace("</a", "<br>Germany</a"))), expected);
    assert_eq!(place(&parse(html)), [None; 5]);
    tells(
        &["Keizersgracht 1", "1012 AB Amsterdam", "Netherlands"],
        ["Keizersgracht 1", "Amsterdam", "", "1012 AB", "NL"],
    );
    let years = "<footer>Est. 12 Years<br>2024 Garage Muster</footer>";
    assert_eq!(place(&parse_website(years, "https://garage.de/")), [None; 5]);
}

/// Where a street ends before its town is told by a comma, or by the street's last word if that is the only one.
#[test]
fn streets_that_may_end_in_two_places_give_no_address() {
    for line in [
        "5 Park Place Drive Mesa, AZ 85201",
        "100 Park Avenue South Mesa, AZ 85201",
        "100 Main St. Suite B Mesa, AZ 85201",
        "100 Broadway Mesa, AZ 85201",
        "120 W. St. Clair Ave. Mesa, AZ 85201",
    ] {
        assert_eq!(place(&parse(&format!("<address>{line}</address>"))), [None; 5], "{line}");
    }
    tells(&["100 Main St. St. Louis, MO 63101"], ["100 Main St.", "St. Louis", "MO", "63101", "US"]);
}

#[test]
fn addresses_in_running_text_need_their_street_and_no_rival() {
    let text = "<p>Come and see us.</p><p>5527 Desert Road<br>Mesa, AZ 85201</p>";
    let site = parse(text);
    assert_eq!(place(&site), [Some("5527 Desert Road"), Some("Mesa"), Some("AZ"), Some("85201"), Some("US")]);
    assert_eq!(site.sources["address"], "text");
    assert_eq!(place(&parse("<p>This car is in Mesa, AZ 85201</p><p>Mesa, AZ 85201</p>")), [None; 5]);
    assert_eq!(place(&parse(&format!("{text}<p>1 Hill Road<br>Tempe, AZ 85280</p>"))), [None; 5]);
}

/// The head names the street, the foot does not: both mean one place.
#[test]
fn contact_blocks_that_agree_are_one_address() {
    let site = parse(
        "<div class='footer-bottom'>Mesa, AZ 85201</div>\
         <div id=contactInfo>5527 Desert Road<br>Mesa, AZ 85201-1234</div>",
    );
    assert_eq!(
        (site.address.as_deref(), site.zip_code.as_deref()),
        (Some("5527 Desert Road"), Some("85201-1234"))
    );
}

#[test]
fn the_place_of_a_vehicle_is_not_that_of_the_business() {
    let tile = "<div class='vehicle-card'><p class=location>5 Hill Rd, Tempe, AZ 85280</p></div>";
    assert_eq!(place(&parse(tile)), [None; 5]);
    let site = parse(&format!("{tile}<p>5527 Desert Road<br>Mesa, AZ 85201</p>"));
    assert_eq!(site.city.as_deref(), Some("Mesa"));
}

#[test]
fn an_address_in_json_ld_may_be_one_string() {
    let json_ld = |address: &str| {
        parse(&format!(
            "<script type='application/ld+json'>{{\"@type\":\"AutoDealer\",\"address\":\"{address}\"}}</script>"
        ))
    };
    let mesa = [Some("5527 Desert Road"), Some("Mesa"), Some("AZ"), Some("85201"), Some("US")];
    assert_eq!(place(&json_ld("5527 Desert Road, Mesa, AZ 85201, USA")), mesa);
    assert_eq!(place(&json_ld("Somewhere in Mesa")), [Some("Somewhere in Mesa"), None, None, None, None]);
}

#[test]
fn a_part_of_an_address_in_json_ld_may_be_a_number_or_a_value_with_a_label() {
    for zip in [
        "85201",
        "\"85201\"",
        "{\"@value\":85201}",
        "{\"@type\":\"PropertyValue\",\"name\":\"ZIP\",\"value\":\"85201\"}",
        "[{\"value\":85201}]",
    ] {
        let site = parse(&format!(
            "<script type='application/ld+json'>{{\"@type\":\"AutoDealer\",\"address\":\
            {{\"addressLocality\":\"Mesa\",\"addressRegion\":{{\"name\":\"AZ\"}},\"postalCode\":{zip}}}}}</script>"
        ));
        assert_eq!(place(&site), [None, Some("Mesa"), Some("AZ"), Some("85201"), Some("US")], "{zip}");
    }
}

#[test]
fn maps_tell_the_position_of_their_pin() {
    let embedded = |src: &str| {
        let site = parse(&format!("<iframe width=1 src=\"{src}\"></iframe>"));
        site.latitude.zip(site.longitude)
    };
    let google =
        "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d3256.1!2d-80.84!3d35.33!2m3!1f0!2f0!3f0";
    assert_eq!(embedded(google), Some((35.33, -80.84)));
    let street_view =
        "https://www.google.com/maps/embed?pb=!4v1!6m8!1m7!1sabc!2m2!1d35.33!2d-80.84!3f120!4f0";
    assert_eq!(embedded(street_view), Some((35.33, -80.84)));
    assert_eq!(embedded("https://maps.google.co.uk/maps?q=51.5,-0.12&amp;output=embed"), Some((51.5, -0.12)));
    assert_eq!(embedded("https://www.openstreetmap.org/?mlat=51.5&amp;mlon=-0.12"), Some((51.5, -0.12)));
    for src in [
        "https://www.google.com/maps/embed?pb=!1m18!1d3256.1",
        "https://maps.google.com/maps?q=Mesa+Motors",
        "https://www.google.com/maps/embed?pb=!2d-280.84!3d35.33",
        "https://maps.mesa.com/maps?q=51.5,-0.12",
        "https://www.youtube.com/embed/x?q=51.5,-0.12",
        "about:blank",
    ] {
        assert_eq!(embedded(src), None, "{src}");
    }
    let lazy = parse(&format!("<iframe src='about:blank' data-src='{google}'></iframe>"));
    assert_eq!((lazy.latitude, lazy.sources["latitude"].as_str()), (Some(35.33), "map"));
}

#[test]
fn where_a_map_is_looked_at_is_no_pin() {
    let link = |href: &str| parse(&format!("<a href='{href}'>map</a>")).latitude;
    assert_eq!(link("https://www.google.com/maps/place/Mesa/@35.4,-80.9,17z"), None);
    assert_eq!(
        link("https://www.google.com/maps/place/Mesa/@35.4,-80.9,17z/data=!3m1!4b1!8m2!3d35.33!4d-80.84"),
        Some(35.33)
    );
    let two = "<iframe src='https://maps.google.com/maps?q=1.5,2.5'></iframe><iframe src='https://maps.google.com/maps?q=3.5,4.5'></iframe>";
    assert_eq!(parse(two).latitude, None);
}

#[test]
fn opening_hours_stay_text() {
    let json_ld = |hours: &str| {
        let site =
            parse(&format!("<script type='application/ld+json'>{{\"@type\":\"Store\",{hours}}}</script>"));
        site.opening_hours
    };
    assert_eq!(
        json_ld("\"openingHours\":[\"Mo-Fr 09:00-17:00\",\"Sa 10:00-14:00\"]").as_deref(),
        Some("Mo-Fr 09:00-17:00; Sa 10:00-14:00")
    );
    let specification = "\"openingHoursSpecification\":[{\"dayOfWeek\":[\"https://schema.org/Monday\",\"Tuesday\"],\"opens\":\"09:00\",\"closes\":\"17:00\"},{\"dayOfWeek\":\"Sunday\"}]";
    assert_eq!(json_ld(specification).as_deref(), Some("Monday, Tuesday 09:00-17:00"));
    assert_eq!(json_ld("\"openingHours\":{\"a\":[]}"), None);
    assert_eq!(json_ld("\"openingHours\":\", Tu 09:00-17:00, , \"").as_deref(), Some("Tu 09:00-17:00"));
    assert_eq!(json_ld("\"openingHours\":\", , \""), None);
    let footer = |html: &str| parse(&format!("<footer>{html}</footer>")).opening_hours;
    assert_eq!(
        footer("<p>Mon - Fri: 9am &ndash; 5pm</p><p>Sunday closed</p>").as_deref(),
        Some("Mon - Fri: 9am – 5pm; Sunday closed")
    );
    assert_eq!(
        footer("<table><tr><td>Monday</td><td>9:00 - 17:00</td></tr></table>").as_deref(),
        Some("Monday 9:00 - 17:00")
    );
    assert_eq!(
        footer("Tuesdays &amp; Wednesday: 9:00 to 17:00").as_deref(),
        Some("Tuesdays & Wednesday: 9:00 to 17:00")
    );
    assert_eq!(
        footer("Weekdays 9am-5pm, weekends by appointment").as_deref(),
        Some("Weekdays 9am-5pm, weekends by appointment")
    );
    assert_eq!(footer("Cars and Coffee: Saturday, June 5, 9:00 am"), None);
    assert_eq!(footer("Sunny mornings from 9:00 am, monthly"), None);
    assert_eq!(footer("Sunny Monterey, 5 montages, est. 1999 in Mesa"), None);
    assert_eq!(parse("<p>The auction ends Monday at 9:00 am</p>").opening_hours, None);
}

#[test]
fn hours_of_two_showrooms_are_none() {
    let block = |hours: &str| format!("<div class=contact-card>Monday {hours}</div>");
    assert_eq!(parse(&format!("{}{}", block("9am-5pm"), block("10am-4pm"))).opening_hours, None);
    assert_eq!(parse(&block("9am-5pm").repeat(2)).opening_hours.as_deref(), Some("Monday 9am-5pm"));
}

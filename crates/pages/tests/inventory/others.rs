//! What a page about one car shows of others: nothing of it is the car's.

use super::*;

const OWN: &str = "<ul><li>Stock #: B7<li>Engine: V8</ul>";

#[test]
fn the_block_that_the_page_is_called_after_is_the_car_s() {
    for related in [
        "<h2>More cars</h2><div><h3>1968 Ford Mustang</h3><p>Mileage: 5,000 miles</p><span class=price>$49,000</span></div>",
        "<div><div><h3>1968 Ford Mustang</h3><p>Mileage: 5,000 miles</p><span class=price>$49,000</span></div></div>",
        "<div><h2><a href=/b>1968 Ford Mustang</a></h2><p>Mileage: 5,000 miles</p><span class=price>$49,000</span></div>",
    ] {
        for title in ["1967 AC Cobra | Mesa", "1967 AC COBRA - Mesa", "1967 AC Cobra"] {
            let item = car(&format!("<title>{title}</title><h2>1967 AC Cobra</h2>{OWN}{related}"));
            assert_eq!(item.title.as_deref(), Some("1967 AC Cobra"), "{title} {related}");
            assert_eq!((item.item_id.as_deref(), item.engine.as_deref()), (Some("B7"), Some("V8")));
            assert_eq!((item.asking_price, item.mileage), (None, None), "{title} {related}");
        }
    }
}

#[test]
fn a_second_heading_of_the_car_s_is_no_other_car() {
    let html = "<title>1967 AC Cobra | Mesa</title><div><h2>1967 AC Cobra</h2><p>Stock #: B7</p></div>\
        <div><h3>1967 AC Cobra</h3><p>Engine: V8</p></div>";
    let item = car(html);
    assert_eq!((item.item_id.as_deref(), item.engine.as_deref()), (Some("B7"), Some("V8")));
}

#[test]
fn a_car_that_links_to_its_own_page_is_not_what_the_page_is_about() {
    let html = format!(
        "<title>1967 AC Cobra | Mesa</title>{OWN}<div><h3><a href=/b>1968 Ford Mustang</a></h3>\
         <p>Mileage: 5,000 miles</p><span class=price>$49,000</span></div><p>Call us</p>"
    );
    let item = car(&format!("<h3>Details</h3>{html}"));
    assert_eq!((item.asking_price, item.mileage), (None, None));
}

#[test]
fn an_article_s_header_is_not_the_site_s() {
    let entry = "<article><header class=\"entry-header\"><h1>1967 AC Cobra</h1></header>";
    let related = "<div><h3>1968 Ford Mustang</h3><span class=price>$49,000</span></div>";
    let item = car(&format!("<title>AC Cobra</title>{entry}{OWN}</article>{related}"));
    assert_eq!((item.title.as_deref(), item.asking_price), (Some("1967 AC Cobra"), None));
    let item = car(&format!("{entry}{OWN}<footer><p class=price>$42,500</p></footer></article>"));
    assert_eq!(item.asking_price, Some(42_500));
}

#[test]
fn lists_whose_cards_have_headers() {
    for card in ["article", "li", "div class=vehicle-card"] {
        let html = format!(
            "<div><{card}><header><h2><a href=/a>1967 AC Cobra</a></h2></header><footer>$42,500</footer></{0}>\
             <{card}><header><h2><a href=/b>1968 BMW 2002</a></h2></header></{0}></div>",
            card.split(' ').next().unwrap()
        );
        let page = list(&html);
        assert_eq!(page.items.len(), 2, "{card}");
        assert_eq!(page.items[0].asking_price, Some(42_500), "{card}");
    }
    let menu = "<header><h2><a href=/a>1967 AC Cobra</a></h2><h2><a href=/b>1968 BMW 2002</a></h2></header>";
    assert_eq!(list(menu).items, []);
    assert_eq!(list(&menu.replace("header", "footer")).items, []);
}

#[test]
fn what_stands_below_a_heading_over_others() {
    for heading in [
        "You might also like",
        "You May Also Like\u{2026}",
        "Cars you may be interested in",
        "Related products",
        "Other vehicles",
        "Other Vehicles In Our Inventory",
        "Similar vehicles",
        "Similar",
        "Related",
        "More from our inventory",
        "More cars",
        "Recently viewed",
        "Customers also viewed",
        "Recommended cars",
    ] {
        for heading in [
            format!("<h3>{heading}</h3>"),
            format!("<div class=\"section-title\">{heading}</div>"),
            format!("<p class=heading><b>{heading}</b></p>"),
        ] {
            let item = car(&format!(
                "<h1>1967 AC Cobra</h1>{OWN}{heading}<div><div class=title>1968 Ford Mustang</div>\
                 <p>Mileage: 5,000 miles</p><span class=price>$25</span></div>"
            ));
            assert_eq!((item.asking_price, item.mileage), (None, None), "{heading}");
        }
    }
}

#[test]
fn headings_over_more_of_the_same_car() {
    for heading in [
        "<h3>More details</h3>",
        "<h3>Other features</h3>",
        "<h3>More about this vehicle</h3>",
        "<h3>Also included</h3>",
        "<h3>You will like it</h3>",
        "<h3>1967 More Cars Special</h3>",
        "<ul><li><a href=#related class=title>Similar vehicles</a></ul>",
        "<p>Similar vehicles bring more.</p>",
    ] {
        let item = car(&format!("<h1>1967 AC Cobra</h1>{OWN}{heading}<span class=price>$42,500</span>"));
        assert_eq!(item.asking_price, Some(42_500), "{heading}");
    }
}

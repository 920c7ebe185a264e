//! Lists of a single car, and pages about a car that show a single other one.

use super::*;

fn at(path: &str, html: &str) -> Inventory {
    parse_inventory(html, &format!("https://dealer.example.com{path}"))
}

const CARD: &str =
    "<div class=card><h3><a href=/cars/cobra>1967 AC Cobra</a></h3><p>$42,500</p><img src=/a.jpg></div>";

#[test]
fn a_list_s_last_page_with_one_car() {
    for (path, html) in [
        (
            "/inventory?page=3",
            format!(
                "<h1>Inventory</h1><div class=grid>{CARD}</div><div class=pagination><a href=?page=2>2</a></div>"
            ),
        ),
        ("/inventory/page/3/", format!("<h1>Our cars</h1><ul><li>{CARD}</ul><h4>Mesa Motors</h4><p>$99</p>")),
        ("/garage", format!("<main>{CARD}</main>")),
        ("/", format!("<h1>Welcome to Mesa Motors</h1><div>{CARD}</div>")),
    ] {
        let page = at(path, &html);
        let [item] = page.items.as_slice() else { panic!("{path}: {page:?}") };
        assert!(!page.is_item_page, "{path}");
        assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/cars/cobra"), "{path}");
        assert_eq!(item.asking_price, Some(42_500), "{path}");
        assert_eq!(item.image_urls, ["https://dealer.example.com/a.jpg"], "{path}");
    }
}

#[test]
fn a_single_card_takes_nothing_from_the_page_around_it() {
    let page = list(&format!(
        "<img src=/hero.jpg><h1>Cars for sale</h1><div>{}</div><h2>Shirts</h2><p>$25</p><img src=/shirt.jpg>",
        CARD.replace("<p>$42,500</p>", "")
    ));
    let [item] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((item.asking_price, item.image_urls.len()), (None, 1));
}

#[test]
fn a_single_card_with_a_main_heading_and_labels_is_no_item_page() {
    let labels = "<ul><li>Stock: 7<li>Engine: V8</ul>";
    for card in [
        format!("<h1><a href=/cars/cobra>1967 AC Cobra</a></h1>{labels}"),
        format!("<a href=/cars/cobra><h1>1967 AC Cobra</h1></a>{labels}"),
        format!("<h1>1967 AC Cobra</h1>{labels}<a href=/cars/cobra>Details</a>"),
    ] {
        let page = list(&format!("<div><div>{card}</div></div>"));
        let [item] = page.items.as_slice() else { panic!("{page:?}") };
        assert!(!page.is_item_page, "{card}");
        assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/cars/cobra"), "{card}");
        assert_eq!((item.item_id.as_deref(), item.engine.as_deref()), (Some("7"), Some("V8")));
    }
}

#[test]
fn a_car_s_page_whose_heading_links_to_itself() {
    let labels = "<dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    for link in ["/inventory/1967-ac-cobra", "#top", "/inventory/1967-ac-cobra#photos", "/"] {
        let html = format!("<h1><a href={link}>1967 AC Cobra</a></h1>{labels}");
        for path in ["/inventory/1967-ac-cobra", "/inventory/1967-ac-cobra?from=list"] {
            assert!(at(path, &html).is_item_page, "{link} {path}");
        }
    }
}

#[test]
fn a_car_s_page_with_a_single_other_car_is_no_list() {
    let other = "<div><h3><a href=/cars/mustang>1968 Ford Mustang</a></h3><p>$9,000</p></div>";
    for (path, html) in [
        ("/garage/cobra", format!("<h1>AC Cobra</h1><ul><li>Stock: 7<li>Engine: V8</ul>{other}")),
        ("/garage/cobra", format!("<h1>AC Cobra</h1><h2>You might also like</h2>{other}")),
        ("/garage/cobra", format!("<title>1967 AC Cobra</title><p>Lovely.</p>{other}")),
        ("/inventory/cobra/1234", format!("<h1>AC Cobra</h1><p>Lovely.</p>{other}")),
        ("/cars/1967-ac-cobra", format!("<h1>AC Cobra</h1><p>Lovely.</p>{other}")),
    ] {
        let page = at(path, &html);
        assert!(page.items.iter().all(|item| item.year != Some(1968)), "{html}: {page:?}");
    }
}

#[test]
fn a_car_s_page_at_a_list_s_address() {
    let labels = "<dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    for link in ["/contact-us", "/", "tel:4804611234"] {
        let page = list(&format!("<h1>1967 AC Cobra</h1>{labels}<a href={link}>Ask us</a>"));
        assert!(page.is_item_page && page.items.len() == 1, "{link}: {page:?}");
    }
}

#[test]
fn a_list_of_one_car_that_is_called_after_it() {
    let labels = "<ul><li>Stock: 7<li>Engine: V8</ul>";
    let page = list(&format!(
        "<title>1967 AC Cobra | Mesa</title><div><h1>1967 AC Cobra</h1>{labels}<a href=/cars/cobra>Details</a></div>"
    ));
    assert!(!page.is_item_page, "{page:?}");
    assert_eq!(page.items[0].url.as_deref(), Some("https://dealer.example.com/cars/cobra"));
}

#[test]
fn a_heading_without_link_and_price_is_no_car() {
    let page = list("<h1>Inventory</h1><h2>1967 was a good year</h2><p>We think so.</p>");
    assert_eq!(page.items, []);
}

//! What pages say of themselves: lists of what was sold, empty lists, sites that are not there.

use super::*;

const TWO: &str =
    "<ul><li><h3><a href=/1>1967 AC Cobra</a></h3><li><h3><a href=/2>1968 BMW 2002</a></h3></ul>";

#[test]
fn lists_of_what_was_sold_by_their_address() {
    for path in [
        "/vehicles/sold",
        "/inventory/sold?page=2",
        "/sold-vehicles.htm",
        "/carsSold",
        "/inventory?status=Sold",
    ] {
        let page = parse_inventory(TWO, &format!("https://dealer.example.com{path}"));
        assert!(page.is_sold_list, "{path}");
        assert!(page.items.iter().all(|item| item.status == Some(Status::Sold)), "{path}");
    }
    for path in ["/vehicles", "/inventory?status=available", "/unsold", "/inventory?q=sold", "/"] {
        let page = parse_inventory(TWO, &format!("https://dealer.example.com{path}"));
        assert!(!page.is_sold_list, "{path}");
        assert!(page.items.iter().all(|item| item.status.is_none()), "{path}");
    }
}

#[test]
fn lists_of_what_was_sold_by_their_heading() {
    for heading in [
        "<h1>Sold Inventory</h1>",
        "<h1>Previously Sold Vehicles</h1>",
        "<h1>Recently sold</h1>",
        "<title>Sold Archive | Dealer</title>",
        "<title>Dealer - Sold cars</title>",
        "<h1>Past Inventory</h1>",
    ] {
        assert!(list(&format!("{heading}{TWO}")).is_sold_list, "{heading}");
    }
    for heading in [
        "<h1>Inventory</h1><h2>Recently sold</h2>",
        "<h1>1967 AC Cobra - SOLD</h1>",
        "<title>Classic cars bought and sold | Dealer</title>",
        "<nav><a href=/sold>Sold</a></nav>",
        "<h1>How we sold your car</h1>",
    ] {
        assert!(!list(&format!("{heading}{TWO}")).is_sold_list, "{heading}");
    }
}

#[test]
fn tiles_without_a_mark_are_not_in_stock_on_a_list_of_what_was_sold() {
    let html = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg>\
        <a href=/vehicles/7/1967-ac-cobra title='1967 AC Cobra'>x</a><a href=/vehicles/8/1968-bmw-2002 title='1968 BMW 2002'>x</a>";
    let status =
        |path: &str| parse_inventory(html, &format!("https://dealer.example.com{path}")).items[0].status;
    assert_eq!(status("/vehicles"), Some(Status::InStock));
    assert_eq!(status("/vehicles/sold?page=3"), Some(Status::Sold));
    assert_eq!(status("/vehicles/incoming"), None);
}

#[test]
fn a_page_about_one_sold_car_is_no_list() {
    let html = "<h1>Sold</h1><script type=application/ld+json>{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\"}</script>";
    let page = parse_inventory(html, "https://dealer.example.com/sold/1967-ac-cobra");
    assert!(page.is_item_page && !page.is_sold_list, "{page:?}");
}

#[test]
fn pages_that_say_that_there_is_nothing() {
    for html in [
        "<p>No vehicles found.",
        "<div>0 matches out of 0 vehicles.</div>",
        "<h2>Sorry, no results found</h2>",
        "<p>There are currently no vehicles in our showroom, please call.",
        "<p>No cars match your search.",
        "<p>We have no inventory at this time",
        "<p>Sorry, there are no products in this collection",
        "<p>Check back soon!",
        "<p>Showing 0 results",
        "{\"products\":[]}",
    ] {
        let page = list(html);
        assert!(page.says_empty && !page.is_down, "{html}");
        assert_eq!(page.items, [], "{html}");
    }
}

#[test]
fn pages_that_do_not_say_so_are_not_empty() {
    for html in [
        "",
        "<h1>Inventory</h1><div id=root></div>",
        "<div hidden>No vehicles found</div>",
        "<div style='display: none'>No results found</div>",
        "<div class=d-none>0 results</div>",
        "<script type=text/template><p>No vehicles found</p></script>",
        "<footer>Check back soon</footer>",
        "<header>0 vehicles in your garage</header>",
        "<p>10 results",
        "<p>There is no inventory like ours",
        "<p>No vehicle is too old for us",
        "<a href=/cars/1969-bmw-2002><img src=a.jpg></a><p>No more results found",
    ] {
        assert!(!list(html).says_empty, "{html}");
    }
    assert!(!list(&format!("{TWO}<p>No vehicles found in Texas")).says_empty);
    // A front page that invites to come back is no list.
    assert!(!parse_inventory("<h1>Welcome</h1><p>Check back soon", "https://dealer.example.com/").says_empty);
}

#[test]
fn sites_that_are_not_there() {
    for html in [
        "<title>Down For Maintenance</title><h1>Down For Maintenance</h1>",
        "<title>Site Maintenance</title><p>We will be back.",
        "<title>Dealer | Under Construction</title>",
        "<title>Coming Soon</title><p>Something great",
        "<title>dealer.example.com</title><p>This domain is for sale. Buy this domain",
        "<p>This Web page is parked FREE, courtesy of GoDaddy.com",
        "<script>window.onload=function(){window.location.href=\"/lander\"}</script>",
        "<script src=https://img.sedoparking.com/a.js></script>",
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>",
        "<html><body><h1>It works!</h1></body></html>",
        "<title>Apache2 Ubuntu Default Page: It works</title>",
        "<title>IIS Windows Server</title><img src=iisstart.png>",
        "<title>Account Suspended</title><p>This Account has been suspended.",
        "<h1>Website Expired</h1><p>This account has expired.",
    ] {
        let page = list(html);
        assert!(page.is_down && !page.says_empty, "{html}");
    }
}

const MENU: &str = "<nav><a href=/a>A</a><a href=/b>B</a><a href=/c>C</a><a href=/d>D</a></nav>";

#[test]
fn sites_that_are_there() {
    let long = "Sales of classic cars since 1967. ".repeat(60);
    for html in [
        String::new(),
        "<h1>Inventory</h1><p>No vehicles found".to_owned(),
        "<title>Car domain</title><p>Vehicle maintenance and storage".to_owned(),
        format!("<title>Dealer</title><p>{long}<p>Our shop follows scheduled maintenance"),
        format!("<title>Under construction: our new showroom</title><p>{long}"),
        "<h1>2025 Porsche 911 coming soon</h1>".to_owned(),
        format!("<title>Coming Soon</title>{TWO}"),
        // A list of what is to come, and a page about services: the rest of the site is there.
        format!("<h1>Coming Soon</h1>{MENU}"),
        format!("<title>Maintenance | Dealer</title>{MENU}"),
    ] {
        assert!(!list(&html).is_down, "{html}");
    }
}

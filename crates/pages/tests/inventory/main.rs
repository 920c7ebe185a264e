//! Quirks of dealers' own sites, each on a small page of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod addresses;
mod amounts;
mod json_ld;
mod lists;
mod malformed;
mod others;
mod paging;
mod prices;
mod single;
mod sold;
mod state;
mod traps;
mod values;

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

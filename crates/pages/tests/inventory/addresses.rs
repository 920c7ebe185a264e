//! The addresses of items: spelt in several ways on one page, and yet each of one item.

use bat_pages::inventory::are_of_one_site;
use url::Url;

use super::*;

/// A list with blocks and a JSON-LD block that has the first of them under this address.
fn with_block(url: &str) -> String {
    format!(
        "<script type=application/ld+json>[{{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\",\"url\":\"{url}\",\"color\":\"Red\"}},\
        {{\"@type\":\"Car\",\"name\":\"1968 BMW 2002\",\"url\":\"/cars/bmw\"}}]</script>\
        <ul><li><h3><a href=/cars/cobra/>1967 AC Cobra</a></h3><li><h3><a href=/cars/bmw>1968 BMW 2002</a></h3></ul>"
    )
}

#[test]
fn a_block_and_a_link_that_spell_an_address_differently_are_of_one_item() {
    for url in [
        "https://www.dealer.example.com/cars/cobra",
        "http://dealer.example.com/cars/cobra/",
        "http://www.dealer.example.com/cars/cobra/",
        "/cars/cobra",
    ] {
        let page = list(&with_block(url));
        assert_eq!(page.items.len(), 2, "{url}: {page:?}");
        let item = &page.items[0];
        // The page's own link is the one that is followed.
        assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/cars/cobra/"), "{url}");
        assert_eq!(item.exterior_color.as_deref(), Some("Red"), "{url}");
        assert_eq!(page.item_urls[0], "https://dealer.example.com/cars/cobra/", "{url}");
        assert_eq!(page.item_urls.len(), 2, "{url}");
    }
}

#[test]
fn addresses_that_differ_in_a_letter_s_case_are_of_two_items() {
    let html = "<ul><li><h3><a href='/cars?id=aB'>1967 AC Cobra</a></h3><li><h3><a href='/cars?id=Ab'>1967 AC Cobra</a></h3></ul>";
    assert_eq!(list(html).items.len(), 2);
}

#[test]
fn a_tile_and_a_block_that_spell_an_address_differently_are_of_one_item() {
    let html = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg>\
        <script type=application/ld+json>{\"@type\":\"ItemList\",\"itemListElement\":[\
        {\"@type\":\"Car\",\"name\":\"1967 AC Cobra\",\"url\":\"http://www.dealer.example.com/vehicles/7/1967-ac-cobra/\",\"color\":\"Red\"}]}</script>\
        <a href=/vehicles/7/1967-ac-cobra title='1967 AC Cobra'>x</a><a href=/vehicles/8/1968-bmw-2002 title='1968 BMW 2002'>x</a>";
    let page = list(html);
    assert_eq!(page.items.len(), 2, "{page:?}");
    let item = &page.items[0];
    assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/vehicles/7/1967-ac-cobra"));
    assert_eq!(item.exterior_color.as_deref(), Some("Red"));
}

#[test]
fn of_several_vehicles_the_page_is_about_the_one_with_its_address_however_spelt() {
    let item = ld(r#"[{"@type":"Car","name":"1968 Ford Mustang","url":"/b"},
        {"@type":"Car","name":"1967 AC Cobra","url":"http://www.dealer.example.com/inventory/1967-ac-cobra/"}]"#);
    assert_eq!((item.title.as_deref(), item.url.as_deref()), (Some("1967 AC Cobra"), Some(CAR)));
}

#[test]
fn a_link_whose_host_ends_with_the_dot_of_a_full_name_stays_on_the_site() {
    for host in ["dealer.example.com.", "www.dealer.example.com", "www.dealer.example.com."] {
        let html = format!(
            "<ul><li><h3><a href=https://{host}/cars/cobra>1967 AC Cobra</a></h3>\
            <li><h3><a href=https://{host}/cars/bmw>1968 BMW 2002</a></h3></ul>"
        );
        let page = list(&html);
        assert_eq!(page.items.len(), 2, "{host}");
        assert_eq!(page.items[0].url, Some(format!("https://{host}/cars/cobra")));
    }
}

#[test]
fn hosts_of_one_registrable_domain_are_of_one_site() {
    let are = |one: &str, other: &str| {
        let url = |host| Url::parse(&format!("https://{host}/")).unwrap();
        are_of_one_site(&url(one), &url(other))
    };
    assert!(are("dealer.co.uk", "stock.dealer.co.uk"));
    assert!(are("dealer.co.uk", "www.dealer.co.uk."), "the dot of a full name");
    assert!(are("127.0.0.1", "127.0.0.1"));
    assert!(!are("dealer.co.uk", "other.co.uk"));
    assert!(!are("dealer.blogspot.com", "other.blogspot.com"), "each has a site of its own there");
    assert!(!are("127.0.0.1", "127.0.0.2"));
}

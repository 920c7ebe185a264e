//! Where sites have their lists: links, platforms' customs, sitemaps.
#![allow(clippy::unwrap_used, clippy::panic)]

use bat_pages::inventory::{MOST_ENTRANCES, SEEDS};
use bat_pages::{Entrances, entrances_of_sitemap, inventory_entrances};

const SITE: &str = "https://dealer.example.com";
const HOME: &str = "https://www.dealer.example.com/";

fn of(html: &str) -> Entrances {
    inventory_entrances(html, HOME)
}

fn link(href: &str, text: &str) -> String {
    format!("<a href=\"{href}\">{text}</a>")
}

fn urls(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("{SITE}{path}")).collect()
}

fn on_home(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("https://www.dealer.example.com{path}")).collect()
}

#[test]
fn a_link_in_a_paragraph_is_called_like_its_picture() {
    let html =
        "<p><a href=/x><picture><source srcset=/a.webp><img src=/a.png alt=Inventory></picture></a></p>";
    assert_eq!(of(html).current, on_home(&["/x"]));
}

#[test]
fn a_link_with_a_drawing_ends_where_it_ends() {
    let html = "<a href=/x><svg><path d='M0 0'/></svg>Home</a> Inventory";
    assert_eq!(of(html).current, Vec::<String>::new());
}

#[test]
fn links_by_their_text_or_their_address() {
    for (href, text) in [
        ("/x", "Inventory"),
        ("/x", "Current Inventory"),
        ("/x", "Cars for sale"),
        ("/x", "Available"),
        ("/x", "Showroom"),
        ("/x", "Our Collection"),
        ("/x", "Current"),
        ("/x", "Current Stock"),
        ("/x", "Vehicles"),
        ("/x", "Classic Cars"),
        ("/x", "<img src=/a.png alt='View our inventory'>"),
        ("/current-inventory", "Browse"),
        ("/inventory.htm", ""),
        ("/newandusedcars", "Inventory"),
        ("/collections/cars", "Browse"),
        ("/carsForSale", "Browse"),
        ("/consignment-inventory", "Consignment inventory"),
    ] {
        assert_eq!(of(&link(href, text)).current, on_home(&[href]), "{href} {text}");
    }
}

#[test]
fn pages_that_are_no_list_are_none() {
    for (href, text) in [
        ("/", "Cars for sale"),
        ("#inventory", "Inventory"),
        ("javascript:;", "Inventory"),
        ("mailto:sales@dealer.example.com", "Cars for sale"),
        ("/author/joe/", "Cars"),
        ("/tag/cars-for-sale/", "Cars for sale"),
        ("/category/inventory", "Inventory"),
        ("/inventory/feed", "Inventory"),
        ("/blog/cars-for-sale", "Cars for sale"),
        ("/wp-json/wp/v2/inventory", "Inventory"),
        ("/cart", "Cars in cart"),
        ("/finance-cars", "Financing available"),
        ("/sell-us-your-car", "Cars we sell"),
        ("/consignYourCar", "Current consignments"),
        ("/service", "Vehicles serviced"),
        ("/parts-for-sale", "Parts for sale"),
        ("/current-projects", "Current projects"),
        ("/contact", "Contact our showroom"),
        ("/cars-and-coffee", "Cars &amp; Coffee"),
        ("/inventory/1967-ac-cobra", "1967 AC Cobra"),
        ("/inventory?page=2", "2"),
        ("/inventory/page/2/", "2"),
        ("https://bringatrailer.com/member/dealer/", "Current auctions and cars for sale"),
        ("https://other.org/inventory", "Inventory"),
        ("https://parts.example.com/inventory", "Inventory"),
        ("/x", "We have sold more cars than anybody else in town, come and see our inventory today"),
    ] {
        let found = of(&link(href, text));
        assert_eq!((found.current, found.sold), (vec![], vec![]), "{href} {text}");
    }
}

#[test]
fn lists_of_what_was_sold_are_never_current() {
    for (href, text) in [
        ("/vehicles/sold", "Sold"),
        ("/sold-vehicles.htm", "Sold Inventory"),
        ("/inventory/sold", "Previously Sold Vehicles"),
        ("/carsSold", "Cars Sold"),
        ("/sold-archive", "Archive"),
        ("/x", "Past inventory"),
        ("/inventory?status=sold", "Inventory"),
        ("/cars?a=b&amp;sold=365_days", "Inventory"),
    ] {
        let found = of(&link(href, text));
        assert_eq!(found.current, [""; 0], "{href} {text}");
        assert_eq!(found.sold, on_home(&[&href.replace("&amp;", "&")]), "{href} {text}");
    }
}

#[test]
fn lists_of_a_choice_are_neither() {
    for (href, text) in [
        ("/vehicles/incoming", "Incoming vehicles"),
        ("/vehicles/coming-soon", "Coming soon"),
        ("/vehicles/featured", "Featured vehicles"),
        ("/vehicles/new_arrivals", "New Arrivals"),
        ("/inventory/new", "Newly Arrived Vehicles"),
        ("/inventory/price-reduced", "Price Reduced"),
    ] {
        let found = of(&link(href, text));
        assert_eq!((found.current, found.sold), (vec![], vec![]), "{href} {text}");
    }
}

#[test]
fn the_likeliest_comes_first_and_each_once() {
    let html = [
        link("/inventory?make=Porsche", "Porsche inventory"),
        link("/the-cars", "Our collection"),
        link("/inventory/", "Inventory"),
        link("https://dealer.example.com/inventory#top", "See our inventory"),
        link("http://www.dealer.example.com/inventory?utm_source=a", "Inventory"),
    ];
    assert_eq!(of(&html.concat()).current, on_home(&["/inventory/", "/inventory?make=Porsche", "/the-cars"]));
}

#[test]
fn lists_are_bounded_in_number() {
    let html: String = (0..100)
        .map(|n| link(&format!("/inventory-{n}"), "Inventory") + &link(&format!("/sold-{n}"), "Sold cars"))
        .collect();
    let found = of(&html);
    assert_eq!((found.current.len(), found.sold.len()), (MOST_ENTRANCES, MOST_ENTRANCES));
}

#[test]
fn another_host_of_the_same_registrable_domain_is_the_site() {
    let html = link("https://autogroup.theshopclubs.com/", "Cars for sale")
        + &link("https://evil-theshopclubs.com/", "Inventory");
    let found = inventory_entrances(&html, "https://theshopclubs.com/club");
    assert_eq!(found.current, ["https://autogroup.theshopclubs.com/"]);
}

#[test]
fn the_name_of_the_site_itself_refuses_nothing() {
    let found = inventory_entrances(&link("/inventory", "Inventory"), "https://fast-wheels-service.com/");
    assert_eq!(found.current, ["https://fast-wheels-service.com/inventory"]);
}

#[test]
fn shops_of_one_host_are_different_sites() {
    for (own, other) in [
        ("https://a.myshopify.com/", "https://b.myshopify.com/collections/cars"),
        ("https://a.co.uk/", "https://b.co.uk/inventory"),
        ("https://192.0.2.1/", "https://192.0.2.2/inventory"),
        ("no URL", "https://a.example.com/inventory"),
    ] {
        assert_eq!(inventory_entrances(&link(other, "Inventory"), own), Entrances::default(), "{own}");
    }
}

#[test]
fn a_platform_has_its_list_by_custom() {
    for (mark, platform, path) in [
        ("https://cdn.dealeraccelerate.com/x/logo.svg", "DealerAccelerate", "/vehicles"),
        ("/wp-content/themes/aanWordpress/a.js", "AAN", "/inventory/"),
        ("https://imagescf.dealercenter.net/640/480/a.jpg", "DealerCenter", "/inventory/"),
        ("https://cf-img.autorevo.com/a.jpg", "AutoRevo", "/vehicles"),
        ("https://automanagerprodcdn.azureedge.net/a.css", "AutoManager", "/view-inventory"),
        ("https://cdn05.carsforsale.com/a.jpg", "Carsforsale", "/cars-for-sale"),
        (
            "https://www.motorcarsites.com/motorcarsites.com/img/a.jpg",
            "Motorcar Marketing",
            "/vehicle_listings/all/vehicles",
        ),
        ("https://cdn.shopify.com/a.js", "Shopify", "/products.json?limit=250&page=1"),
        ("/wp-content/a.css", "WordPress", "/inventory/"),
        ("https://static.dealer.com/a.js", "Dealer.com", "/used-inventory/index.htm"),
        ("https://dlron.us/a.js", "DealerOn", "/searchused.aspx"),
    ] {
        let found = of(&format!("<img src='{mark}'>"));
        assert_eq!(found.platform.as_deref(), Some(platform));
        assert_eq!(found.current.first(), on_home(&[path]).first(), "{platform}");
    }
    assert_eq!(of("<img src=https://static.wixstatic.com/a.jpg>").current, [""; 0]);
}

#[test]
fn a_plain_link_comes_before_the_platform_s_custom_and_a_vague_one_behind() {
    let mark = "<img src=https://cdn.dealeraccelerate.com/x/logo.svg>";
    let html = format!("{mark}{}{}", link("/collection", ""), link("/inventory", "Inventory"));
    assert_eq!(of(&html).current, on_home(&["/inventory", "/vehicles", "/collection"]));
}

#[test]
fn a_sitemap_tells_lists_from_items() {
    let items = urls(&[
        "/vehicles/san/1300/1983-mercedes-benz-380-sl",
        "/1965-a-c-cobra-factory-five-c-963.htm",
        "/2011_TOYOTA_FJ.html",
        "/inventory/porsche/911/B1234/",
        "/details/used-2016-cadillac-srx/128898143",
        "/vehicle-details/2020-kia-sportage-lx-suv-2da335a0bc82478291cd19df195290f4",
        "/vehicles/11002",
        "/cars/1257-AC%20-427%20Shelby%20Cobra",
        "/listing/ferrari-testarossa/",
        "/used-porsche-WP0ZZZ99ZTS392124",
        "/products/1972-bmw-2002",
        "/inventory/detail.aspx?id=17",
        "/for-sale/porsche-356-1959",
    ]);
    let lists = urls(&["/inventory", "/cars-for-sale/", "/vehicles/"]);
    let sold = urls(&["/inventory/sold", "/sold-cars"]);
    let others = urls(&[
        "/",
        "/about-us",
        "/blog/1967-was-a-good-year",
        "/2024/05/1967-camaro-sold/",
        "/inventory/aston-martin",
        "/inventory/classic-cars/coupe",
        "/products/cap-with-logo",
        "/author/joe",
        "/tag/1967-camaro",
        "/vehicles/featured",
        "/wp-content/uploads/1967-camaro.jpg",
        "/inventory/page/2",
    ]);
    for url in &items {
        assert_eq!(entrances_of_sitemap(std::slice::from_ref(url)).items, std::slice::from_ref(url));
    }
    for url in &others {
        assert_eq!(entrances_of_sitemap(std::slice::from_ref(url)).items, [""; 0], "{url}");
    }
    let all: Vec<String> = [others, items.clone(), lists.clone(), sold.clone()].concat();
    let found = entrances_of_sitemap(&all);
    assert_eq!(found.items, items);
    assert_eq!(found.lists, urls(&["/cars-for-sale/", "/inventory", "/vehicles/"]));
    assert_eq!(found.sold_lists, sold);
    assert_eq!(found.sitemaps, [""; 0]);
}

#[test]
fn sitemaps_called_after_vehicles_come_first() {
    let all = urls(&[
        "/post-sitemap.xml",
        "/page-sitemap.xml",
        "/post_tag-sitemap.xml",
        "/category-sitemap.xml",
        "/sitemap_2.xml",
        "/inventory_usedcars-sitemap.xml",
        "/sitemap_products_1.xml?from=1&to=2",
        "/wp-sitemap-posts-listings-1.xml.gz",
        "/wp-sitemap-users-1.xml",
    ]);
    assert_eq!(
        entrances_of_sitemap(&all).sitemaps,
        urls(&[
            "/inventory_usedcars-sitemap.xml",
            "/sitemap_products_1.xml?from=1&to=2",
            "/wp-sitemap-posts-listings-1.xml.gz",
            "/page-sitemap.xml",
            "/sitemap_2.xml",
            "/post-sitemap.xml",
        ])
    );
}

#[test]
fn the_last_resort_is_paths_of_this_site() {
    assert!(SEEDS.iter().all(|path| path.starts_with('/') && !path.starts_with("//")));
}

#[test]
fn a_large_sitemap_is_sorted_in_time() {
    let urls: Vec<String> = (0..10_000)
        .map(|n| format!("{SITE}/inventory/used-1967-camaro-{n}/{}", "x-".repeat(n % 50)))
        .collect();
    let started = std::time::Instant::now();
    let found = entrances_of_sitemap(&urls);
    assert!(found.items.len() + found.lists.len() <= urls.len());
    let limit = std::time::Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 3 });
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
}

//! Lists of items: what is one, where it leads, and what follows it.

use super::*;

#[test]
fn amounts_that_are_not_asked_are_passed_over() {
    for inside in [
        "<span class=price>$42,500</span><span class=msrp-price>$50,000</span>",
        "<span class=old-price>$50,000</span><span class=price>$42,500</span>",
        "<del>$50,000</del> <span>$42,500</span>",
        "<p>$42,500</p><p>$399/mo</p>",
        "<p>$42,500</p><p>With over $60,000 in recent work</p>",
        "<dl><dt>MSRP</dt><dd>$50,000</dd></dl><p>$42,500</p>",
        "<span>Market value</span> <span>$50,000</span><p>$42,500</p>",
        "<span class=price>$42,500</span><span class=price>$42,500</span>",
    ] {
        assert_eq!(block(inside).asking_price, Some(42_500), "{inside}");
    }
    assert_eq!(block("<p>$42,500</p><p>$39,500</p>").asking_price, None);
    assert_eq!(block("<span class=payment-price>$399</span>").asking_price, None);
}

#[test]
fn a_regular_price_is_the_price_where_there_is_no_other() {
    let page = |prices: &str| {
        format!(
            "<body><h1>1967 AC Cobra</h1><table><tr><td>Stock</td><td>7</td></tr><tr><td>Engine</td><td>V8</td></tr></table><div class=\"single-car-prices\">{prices}</div></body>"
        )
    };
    let regular = "<div class=\"single-regular-price text-center\"><span class=\"h3\">$33,500</span></div>";
    assert_eq!(car(&page(regular)).asking_price, Some(33_500));
    let reduced =
        format!("{regular}<div class=\"single-sale-price\"><span class=\"h3\">$29,900</span></div>");
    assert_eq!(car(&page(&reduced)).asking_price, Some(29_900));
}

/// On a page about one car an amount by itself may be anything: a fee, a payment, another car's price.
#[test]
fn a_bare_amount_of_a_car_s_page_is_not_its_price() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    assert_eq!(car(&format!("{html}<p>$295</p>")).asking_price, None);
    assert_eq!(car(&format!("{html}<h2 class=car-price>$42,500</h2><p>$295</p>")).asking_price, Some(42_500));
}

#[test]
fn menus_are_no_lists() {
    let page =
        list("<nav><ul><li><a href=/a>1967 AC Cobra</a><li><a href=/b>1968 Ford Mustang</a></ul></nav>");
    assert_eq!(page.items, []);
}

#[test]
fn two_cars_of_one_title_are_two() {
    let page = list(
        "<ul><li><h3>1989 Chevrolet Corvette</h3><a href=/1>More</a><li><h3>1989 Chevrolet Corvette</h3><a href=/2>More</a></ul>",
    );
    let urls: Vec<_> = page.items.iter().map(|item| item.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://dealer.example.com/1", "https://dealer.example.com/2"]);
}

#[test]
fn a_car_linked_twice_is_one() {
    let page = list(
        "<ul><li><a href=/1?utm_source=x>1967 AC Cobra</a><li><a href=/1#photos>1967 AC Cobra</a><li><a href=/2>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items.len(), 2);
}

#[test]
fn links_lose_tracking_and_fragment_but_no_other_query() {
    let page = list(
        "<ul><li><a href='/car?id=7&amp;utm_medium=a&amp;fbclid=b#x'>1967 AC Cobra</a><li><a href='/car?'>1968 Ford Mustang</a></ul>",
    );
    let urls: Vec<_> = page.items.iter().map(|item| item.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://dealer.example.com/car?id=7", "https://dealer.example.com/car"]);
}

#[test]
fn links_to_other_sites_are_not_the_items() {
    let item = block("<a href=https://buy.example.org/a>Elsewhere</a>");
    assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/a"));
    let page = list(
        "<ul><li><a href=https://other.org/1>1967 AC Cobra</a><li><a href=javascript:void(0)>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items, []);
}

#[test]
fn links_resolve_against_the_base() {
    let page = list(
        "<base href=https://dealer.example.com/shop/><ul><li><a href=a>1967 AC Cobra</a><li><a href=b>1968 Ford Mustang</a></ul>",
    );
    assert_eq!(page.items[0].url.as_deref(), Some("https://dealer.example.com/shop/a"));
}

#[test]
fn lists_name_the_pages_of_items_that_they_tell_too_little_of() {
    let page = list(
        "<ul><li><h3><a href=/1>1967 AC Cobra, s/n CSX 3356</a></h3><p>$1,095,000\
        <li><h3><a href=/2>1968 Ford Mustang</a></h3><p>$40,000</ul><a href=/cars/1969-bmw-2002><img src=a.jpg></a>\
        <a href=/blog/1969-was-a-year>Blog</a><a href=/1969-photo.jpg>Photo</a>",
    );
    let site = "https://dealer.example.com";
    assert_eq!(page.item_urls, [format!("{site}/2"), format!("{site}/cars/1969-bmw-2002")]);
    assert_eq!(page.items[0].chassis.as_deref(), Some("CSX 3356"));
    assert_eq!(page.items[0].title.as_deref(), Some("1967 AC Cobra"));
}

#[test]
fn pictures_loaded_later_and_as_backgrounds_count() {
    for inside in [
        "<img src='data:image/gif;base64,x' data-src=/a.jpg>",
        "<img data-lazy-src=/a.jpg>",
        "<div style=\"background-image: url('/a.jpg')\"></div>",
        "<div data-background-image=/a.jpg></div>",
        "<a href=/a.jpg><img src=/small.jpg></a>",
    ] {
        assert_eq!(block(inside).image_urls, ["https://dealer.example.com/a.jpg"], "{inside}");
    }
    for inside in [
        "<img src=/logo.jpg>",
        "<img src=/ina_f.jpg>",
        "<img src=/button.png>",
        "<img data-src='/a_{width}x.jpg'>",
    ] {
        assert_eq!(block(inside).image_urls, [""; 0], "{inside}");
    }
}

#[test]
fn the_description_ends_where_another_block_begins() {
    for behind in [
        "<div class=\"modal hidden\"><p>This vehicle has a sale pending.</p></div>",
        "<div class=similar><dl><dt>VIN</dt><dd>HBJ8L10336</dd></dl></div><p>Call us.</p>",
    ] {
        let item = car(&format!(
            "<h1>1967 AC Cobra</h1><table><tr><td>Stock</td><td>7</td></tr><tr><td>Engine</td><td>V8</td></tr></table>
             <h3>Description</h3><p>One owner.</p><ul><li>Books</li></ul>{behind}"
        ));
        assert_eq!(item.description.as_deref(), Some("One owner. Books"), "{behind}");
    }
}

#[test]
fn the_text_under_its_heading_is_the_description() {
    let html = "<h1>1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>\
        <h3>Description</h3><p>First.</p><p>Second.</p><h3>Contact</h3><p>Call us.</p>";
    assert_eq!(car(html).description.as_deref(), Some("First. Second."));
}

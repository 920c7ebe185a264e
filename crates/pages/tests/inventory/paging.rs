//! Where lists go on.

use super::*;

#[test]
fn the_next_page_in_every_form() {
    for (url, html, next) in [
        (LIST, "<link rel=next href='?page=2'>", "/inventory?page=2"),
        (LIST, "<a rel='next nofollow' href='/inventory/page/2/'>&raquo;</a>", "/inventory/page/2/"),
        (LIST, "<div class=pagination><a href='?page=2'>Next &gt;</a></div>", "/inventory?page=2"),
        (
            LIST,
            "<ul class=pagination><li class=active><a href='?page_no=1'>1</a><li><a href='?page_no=2'>2</a></ul>",
            "/inventory?page_no=2",
        ),
        (
            "https://dealer.example.com/inventory?page=2",
            "<div class=paging><a href='?page=1'>1</a> <a href='?page=3'>3</a></div>",
            "/inventory?page=3",
        ),
        (
            "https://dealer.example.com/inventory/page/2/",
            "<a class=page-numbers href=/inventory/page/3/>3</a>",
            "/inventory/page/3/",
        ),
    ] {
        assert_eq!(
            parse_inventory(html, url).next_url,
            Some(format!("https://dealer.example.com{next}")),
            "{html}"
        );
    }
    for html in [
        "<div class=pagination><a href='#'>Next</a></div>",
        "<a rel=next href=https://other.org/?page=2>2</a>",
        "<div class=pagination><a href='?page=1'>1</a></div>",
        "<div class=carousel><a href='?slide=2'>2</a></div>",
    ] {
        assert_eq!(list(html).next_url, None, "{html}");
    }
}

#[test]
fn totals_as_the_page_states_them() {
    for (html, total) in [
        ("<p>88 matches out of 88 vehicles.", Some(88)),
        ("<p>Page 1 of 3 , 41 cars", Some(41)),
        ("<p>Showing 1 - 24 of 1,077 results", Some(1_077)),
        ("<p>Showing 24 of 77 vehicles<p>Showing 24 of 78 vehicles", None),
        ("<p>We have sold 5000 cars", None),
        ("<p>Over 500 vehicles in stock", None),
    ] {
        assert_eq!(list(html).items_total, total, "{html}");
    }
}

#[test]
fn a_list_that_counts_items_goes_on_at_the_nearest_behind() {
    let pager = "<div class=pagination><a href='?start=0'>1</a><a href='?start=48'>3</a><a href='?start=24'>2</a><a href='?start=72'>4</a></div>";
    for (own, next) in [("", "?start=24"), ("?start=24", "?start=48"), ("?start=48", "?start=72")] {
        let page = parse_inventory(pager, &format!("{LIST}{own}"));
        assert_eq!(page.next_url, Some(format!("{LIST}{next}")), "{own}");
    }
    assert_eq!(parse_inventory(pager, &format!("{LIST}?start=72")).next_url, None);
    let offsets = "<ul class=pager><li><a href='?offset=20'>21-40</a></ul>";
    assert_eq!(list(offsets).next_url, Some(format!("{LIST}?offset=20")));
}

#[test]
fn squarespace_goes_on_with_what_is_older() {
    let older = "<nav class=blog-list-pagination><a href='?offset=1700000000000&amp;reversePaginate=true'>Newer Posts</a>\
        <a href='?offset=1485000000000'>Older Posts</a></nav>";
    assert_eq!(list(older).next_url, Some(format!("{LIST}?offset=1485000000000")));
    let last = "<nav class=blog-list-pagination><a href='?offset=1700000000000&amp;reversePaginate=true'>Newer</a></nav>";
    assert_eq!(parse_inventory(last, &format!("{LIST}?offset=1485000000000")).next_url, None);
}

#[test]
fn pages_numbered_in_the_path_or_by_a_collection() {
    for (own, href) in [
        ("/srp-page-2/", "/srp-page-3/"),
        ("?1a2b3c4d_page=2", "?1a2b3c4d_page=3"),
        ("?page_number=2", "?page_number=3"),
        ("?page_no=2", "?page_no=3"),
        ("/page/2/", "/page/3/"),
    ] {
        let number = if href.starts_with('?') { href.to_owned() } else { format!("/inventory{href}") };
        let html = format!("<div class=pagination><a href='{number}'>3</a></div>");
        assert_eq!(
            parse_inventory(&html, &format!("{LIST}{own}")).next_url,
            Some(format!("{LIST}{href}")),
            "{own}"
        );
    }
}

#[test]
fn arrows_words_and_classes_of_the_link_to_the_next_page() {
    for link in [
        "<a href='?page=2'>&rsaquo;</a>",
        "<a href='?page=2'>&raquo;</a>",
        "<a href='?page=2' class=next><i></i></a>",
        "<a href='?page=2' aria-label='Next page'><svg></svg></a>",
        "<a href='?page=2'>Load more</a>",
    ] {
        assert_eq!(
            list(&format!("<div class=pagination>{link}</div>")).next_url,
            Some(format!("{LIST}?page=2")),
            "{link}"
        );
    }
    for link in [
        "<li class=disabled><a href='?page=2' class=next>&rsaquo;</a>",
        "<a href='?page=2' class='next disabled'>Next</a>",
        "<a href='?page=2' aria-disabled=true>Next</a>",
        "<a href='?page=9'>Last</a>",
    ] {
        assert_eq!(list(&format!("<ul class=pagination>{link}</ul>")).next_url, None, "{link}");
    }
    // Behind the last page the arrow leads back.
    let back = "<div class=pagination><a href='?page=4'>&raquo;</a></div>";
    assert_eq!(parse_inventory(back, &format!("{LIST}?page=5")).next_url, None);
}

#[test]
fn products_go_on_until_a_page_is_empty() {
    let of = |body: &str, query: &str| {
        parse_inventory(body, &format!("https://shop.example.com/products.json{query}")).next_url
    };
    let site = "https://shop.example.com/products.json";
    let some = "{\"products\":[{\"title\":\"Cap\"}]}";
    assert_eq!(of(some, "?limit=250&page=1"), Some(format!("{site}?limit=250&page=2")));
    assert_eq!(of(some, "?page=9&limit=250"), Some(format!("{site}?limit=250&page=10")));
    assert_eq!(of(some, ""), Some(format!("{site}?page=2")));
    assert_eq!(of("{\"products\":[]}", "?limit=250&page=3"), None);
    assert_eq!(of(some, "?page=99999999999999"), None);
    let collection = parse_inventory(some, "https://shop.example.com/collections/cars/products.json?page=1");
    assert_eq!(
        collection.next_url.as_deref(),
        Some("https://shop.example.com/collections/cars/products.json?page=2")
    );
}

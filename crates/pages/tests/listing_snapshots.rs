//! Whole listings of hand-made pages, one in each markup of the site's history.

use bat_pages::parse_listing;

#[test]
fn modern_markup() {
    insta::assert_json_snapshot!(parse_listing(include_str!("listing_pages/modern.html")));
}

#[test]
fn bold_essentials_of_2014_to_2021() {
    insta::assert_json_snapshot!(parse_listing(include_str!("listing_pages/bold_essentials.html")));
}

#[test]
fn one_list_before_2022() {
    insta::assert_json_snapshot!(parse_listing(include_str!("listing_pages/one_list.html")));
}

//! How the auction stands: one test for each quirk that misled earlier readers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod listing_pages;

use bat_pages::listing::Status;
use bat_pages::parse_listing;
use listing_pages::{
    BUYER_LINK, LIVE, MODERN, RESERVE_NOT_MET, SOLD_HEADER, SOLD_RECORD, SOLD_TITLE, modern, replaced,
};

#[test]
fn trap_02_json_ld_price_of_an_unsold_car_is_no_sale_price() {
    assert!(MODERN.contains("\"price\":99999"));
    let listing = modern(&RESERVE_NOT_MET);
    assert_eq!(listing.status, Some(Status::ReserveNotMet));
    assert_eq!((listing.sale_price, listing.high_bid, listing.current_bid), (None, Some(21_250), None));
    let live = modern(&LIVE);
    assert_eq!(live.status, Some(Status::Live));
    assert_eq!((live.sale_price, live.high_bid, live.current_bid), (None, None, Some(21_250)));
}

#[test]
fn trap_03_currency_inside_or_outside_of_the_bold_amount() {
    let no_header = modern(&[(SOLD_HEADER, "View Result")]);
    assert_eq!((no_header.sale_price, no_header.currency.as_deref()), (Some(21_250), Some("USD")));
    let pounds = modern(&[(SOLD_HEADER, "Sold for <strong>GBP £16,000</strong>")]);
    assert_eq!((pounds.sale_price, pounds.currency.as_deref()), (Some(16_000), Some("GBP")));
}

#[test]
fn trap_04_end_without_padding() {
    let mut replacements = LIVE.to_vec();
    replacements.push((
        "<span class=\"date-localize\" data-timestamp=\"1776716700\">",
        "<span data-auction-ends=\"2026-5-5-19-09-00\">",
    ));
    assert_eq!(modern(&replacements).ends_at.as_deref(), Some("2026-05-05T19:09:00Z"));
}

#[test]
fn trap_05_the_end_is_utc_and_never_read_off_the_printed_date() {
    let listing = modern(&[("1776716700", "1776747600")]);
    assert_eq!(listing.ends_at.as_deref(), Some("2026-04-21T05:00:00Z"));
    let printed_only = modern(&[("data-timestamp=\"1776716700\"", "")]);
    assert_eq!(printed_only.ends_at, None);
}

#[test]
fn trap_07_high_bidder_of_an_unsold_car_is_only_in_the_thread() {
    let listing = modern(&RESERVE_NOT_MET);
    assert_eq!(listing.buyer_username, None);
    assert_eq!(listing.high_bidder_username.as_deref(), Some("buyer_one"));
    let mut canceled = RESERVE_NOT_MET.to_vec();
    canceled.push(("\"timestamp\":1776700002,\"type\":\"bat-bid\"", "\"type\":\"bat-bid-canceled\""));
    canceled.push(("\"authorName\":\"Buyer_One\",\"authorUrl\":\"https:\\/\\/bringatrailer.com\\/member\\/buyer_one\\/\",\"authorDeleted\":false,\"id\":1,", "\"authorUrl\":\"https:\\/\\/bringatrailer.com\\/member\\/first\\/\","));
    assert_eq!(modern(&canceled).high_bidder_username.as_deref(), Some("first"));
}

#[test]
fn trap_08_the_bid_box_repeated_in_a_script_does_not_count() {
    assert!(MODERN.contains("number-bids-value\\\">77"));
    let listing = modern(&[]);
    assert_eq!((listing.bid_count, listing.sale_price), (Some(2), Some(21_250)));
    let no_table = modern(&[("id=\"listing-bid\" data", "id=\"other\" data")]);
    assert_eq!(no_table.bid_count, Some(2));
}

#[test]
fn trap_16_a_deal_after_the_auction() {
    let record = ",{\"authorName\":\"nocera76\",\"authorUrl\":\"https:\\/\\/bringatrailer.com\\/member\\/nocera76\\/\",\"content\":\"Sold on 04\\/21\\/2026 for $24,000 to nocera76\",\"type\":\"bat-rnm-accepted\"}],\"postAuthor\"";
    let mut accepted = RESERVE_NOT_MET.to_vec();
    accepted.push(("],\"postAuthor\"", record));
    let listing = modern(&accepted);
    assert_eq!((listing.status, listing.sale_price), (Some(Status::Sold), Some(24_000)));
    assert_eq!((listing.sold_after_auction, listing.high_bid), (Some(true), None));
    assert_eq!(listing.buyer_username.as_deref(), Some("nocera76"));
    assert_eq!(listing.high_bidder_username.as_deref(), Some("buyer_one"));

    accepted[0] = (SOLD_HEADER, "Sold for <strong>USD $24,000</strong>");
    assert_eq!(modern(&accepted).sale_price, Some(24_000));

    let price_is_no_bid =
        modern(&[("21,250.00 to", "23,000.00 to"), (SOLD_HEADER, "Sold for <strong>USD $24,000</strong>")]);
    assert_eq!((price_is_no_bid.sale_price, price_is_no_bid.sold_after_auction), (Some(24_000), Some(true)));
    assert_eq!(modern(&[]).sold_after_auction, Some(false));
    assert_eq!(modern(&LIVE).sold_after_auction, Some(false));
}

#[test]
fn trap_23_amounts_stay_in_their_currency() {
    let page = MODERN.replace("USD", "EUR").replace("$21,250", "€21,250");
    let listing = parse_listing(&page);
    assert_eq!((listing.currency.as_deref(), listing.sale_price), (Some("EUR"), Some(21_250)));
    assert_eq!(listing.history[0].currency.as_deref(), Some("EUR"));
}

#[test]
fn trap_28_deleted_users() {
    let mut deleted = RESERVE_NOT_MET.to_vec();
    deleted.push(("\"authorDeleted\":false", "\"authorDeleted\":true"));
    assert_eq!(modern(&deleted).high_bidder_username, None);
    let seller = modern(&[(
        "<a href=\"https://bringatrailer.com/member/Seller_One/\" target=\"_blank\">Seller_One (The Seller)</a>",
        "Gone Member",
    )]);
    assert_eq!((seller.seller_username, seller.seller_name.as_deref()), (None, Some("Gone Member")));
}

#[test]
fn trap_29_comments_after_the_closing_record() {
    let listing = modern(&[(SOLD_HEADER, ""), ("id=\"listing-bid\" data", "id=\"x\" data")]);
    assert_eq!((listing.status, listing.sale_price), (Some(Status::Sold), Some(21_250)));
    assert_eq!(listing.buyer_username.as_deref(), Some("buyer_one"));
}

#[test]
fn trap_31_the_line_of_the_current_bid_is_empty_once_closed() {
    assert!(MODERN.contains("<span data-listing-currently=\"112000001\"></span>"));
    assert_eq!(modern(&[]).current_bid, None);
}

#[test]
fn withdrawn_listings() {
    for header in [
        "Withdrawn on <span data-timestamp=\"1776716700\">4/19/2026</span>",
        "This listing has been withdrawn by BaT because something was not fair",
    ] {
        let listing = modern(&[
            (SOLD_HEADER, header),
            (SOLD_TITLE, "closed on April 19, 2026"),
            (SOLD_RECORD, "x"),
            (">Winning Bid<", ">Listing Withdrawn<"),
        ]);
        assert_eq!((listing.status, listing.sale_price), (Some(Status::Withdrawn), None), "{header}");
        assert_eq!(listing.buyer_username, None);
    }
}

#[test]
fn a_bare_dollar_is_the_dollar_that_the_page_names() {
    let record = |markup: &str| {
        format!(
            ",{{\"content\":\"Sold on 04\\/21\\/2026 for $24,000 to nocera76\",{markup}\"type\":\"bat-rnm-accepted\"}}],\"postAuthor\""
        )
    };
    let page = replaced(MODERN, &RESERVE_NOT_MET);
    let canadian = page.replace("USD", "CAD");
    let marked = "\"markup\":\"<p>Sold on 04\\/21\\/2026 for CAD $24,000 to <a>nocera76<\\/a>\",";
    let foreign = page.replace("USD <strong>", "<strong>").replace("USD $21,250", "$21,250");
    for (page, markup, currency) in
        [(&canadian, "", "CAD"), (&canadian, marked, "CAD"), (&foreign, marked, "CAD"), (&page, "", "USD")]
    {
        let page = page.replace("],\"postAuthor\"", &record(markup));
        let listing = parse_listing(&page);
        assert_eq!(
            (listing.sale_price, listing.currency.as_deref()),
            (Some(24_000), Some(currency)),
            "{markup}"
        );
    }
}

#[test]
fn a_bare_dollar_is_the_us_dollar_where_nothing_names_another() {
    let listing = parse_listing(&MODERN.replace("USD ", ""));
    assert_eq!((listing.sale_price, listing.currency.as_deref()), (Some(21_250), Some("USD")));
}

#[test]
fn the_bid_of_a_withdrawn_listing_names_its_currency() {
    let bid = "\"type\":\"bat-bid\",\"markup\":\"<p>GBP \\u00a321,250 bid placed by <a>Buyer_One<\\/a>\"";
    let withdrawn = [
        (SOLD_HEADER, "Withdrawn on <span data-timestamp=\"1776716700\">4/19/2026</span>"),
        (SOLD_TITLE, "closed on April 19, 2026"),
        (SOLD_RECORD, "x"),
        (">Winning Bid<", ">Listing Withdrawn<"),
        ("\"type\":\"bat-bid\"", bid),
    ];
    let listing = modern(&withdrawn);
    assert_eq!((listing.high_bid, listing.currency.as_deref()), (Some(21_250), Some("GBP")));
}

#[test]
fn auctions_without_a_bid_have_ended() {
    let record = "No bids were placed on 4\\/20\\/26";
    let listing = modern(&[
        (SOLD_HEADER, "Ended"),
        (SOLD_TITLE, "closed on April 20, 2026"),
        (SOLD_RECORD, record),
        (">Winning Bid<", ">High Bid<"),
        ("USD <strong>$21,250</strong>", "None"),
        (BUYER_LINK, ""),
        ("\"type\":\"bat-bid\"", "\"type\":\"bat-bid-canceled\""),
    ]);
    assert_eq!((listing.status, listing.high_bid, listing.sale_price), (Some(Status::Ended), None, None));
    assert_eq!(listing.high_bidder_username, None);
}

#[test]
fn a_sale_told_in_a_comment_is_no_sale() {
    let mut told = LIVE.to_vec();
    told.push(("Sold to me for $1 ] }; nice", "Sold on 4\\/20\\/26 for USD $1 to Someone"));
    let listing = modern(&told);
    assert_eq!((listing.status, listing.buyer_username), (Some(Status::Live), None));
}

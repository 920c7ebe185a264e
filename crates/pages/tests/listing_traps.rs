//! One test for each quirk of the listing pages that misled earlier readers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::listing::{Listing, SellerType, Status};
use bat_pages::parse_listing;

const MODERN: &str = include_str!("listing_pages/modern.html");
const BOLD: &str = include_str!("listing_pages/bold_essentials.html");
const ONE_LIST: &str = include_str!("listing_pages/one_list.html");

/// The modern page with some of its text replaced. Each replacement must find its text.
fn modern(replacements: &[(&str, &str)]) -> Listing {
    parse_listing(&replaced(MODERN, replacements))
}

fn replaced(page: &str, replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(page.to_owned(), |page, (from, to)| {
        assert!(page.contains(from), "{from}");
        page.replace(from, to)
    })
}

const SOLD_HEADER: &str = "Sold for <strong>USD $21,250</strong>";
const SOLD_RECORD: &str = "Sold on 4\\/20\\/26 for USD $21,250.00 to Buyer_One";
const SOLD_TITLE: &str = "sold for $21,250 on April 20, 2026";
const BUYER_LINK: &str = "<span data-listing-high-bidder-link=\"112000001\">by <a href=\"https://bringatrailer.com/member/Buyer_One/\" target=\"_blank\">Buyer_One</a></span>";

/// The modern page as it would be with the reserve not met.
const RESERVE_NOT_MET: [(&str, &str); 5] = [
    (SOLD_HEADER, "Bid to <strong>USD $21,250</strong>"),
    (SOLD_RECORD, "Reserve not met on 4\\/20\\/26 at USD $21,250"),
    (SOLD_TITLE, "closed on April 20, 2026"),
    (">Winning Bid<", ">High Bid<"),
    (BUYER_LINK, "(Reserve Not Met)"),
];

/// The modern page as it would be while live.
const LIVE: [(&str, &str); 6] = [
    (
        "Sold for <strong>USD $21,250</strong> <span class=\"date date-localize\" data-timestamp=\"1776716700\" data-format=\"L\">on 4/20/26</span>",
        "Current Bid: <strong>USD $21,250</strong> Ends in <span data-until=\"1776716700\"></span>",
    ),
    (SOLD_TITLE, "ending April 20"),
    ("class=\"listing-closed\"", "class=\"\""),
    ("class=\"listing-stats ended\"", "class=\"listing-stats \""),
    (">Winning Bid<", ">Current Bid<"),
    ("\"type\":\"bat-bid-reserve\"", "\"type\":\"comment\""),
];

#[test]
fn trap_01_no_reserve_is_in_the_title_or_in_a_tag() {
    let listing = modern(&[]);
    assert_eq!(
        (listing.title.as_deref(), listing.no_reserve),
        (Some("1970 Example K5 Blazer 4×4"), Some(true))
    );
    let without = modern(&[("No Reserve: 1970", "1970"), ("item-tag-noreserve", "item-tag-x")]);
    assert_eq!(without.no_reserve, Some(false));
    let in_the_heading = parse_listing(ONE_LIST);
    assert_eq!(in_the_heading.title.as_deref(), Some("1984 Example 911 Carrera"));
    assert_eq!(in_the_heading.no_reserve, Some(true));
}

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
fn trap_06_location_stands_outside_of_any_item() {
    let listing = modern(&[]);
    assert_eq!(listing.location.as_deref(), Some("Salem, Oregon 97301"));
    assert_eq!(parse_listing(BOLD).location.as_deref(), Some("Springfield, OH"));
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
fn trap_09_prices_and_listings_of_the_sidebar_stay_out() {
    let bare = modern(&[("class=\"listing-intro", "class=\"x"), ("class=\"history\"", "class=\"x\"")]);
    let json = serde_json::to_string(&bare).unwrap();
    for foreign in ["10000", "EUR", "Other Car", "/listing/other/", "2026-05-01"] {
        assert!(!json.contains(foreign), "{foreign} in {json}");
    }
    assert_eq!(bare.view_count, Some(6_993));
}

#[test]
fn trap_10_lot_number_with_a_comma_in_the_head_and_without_in_the_body() {
    assert_eq!(modern(&[]).lot_number, Some(240_001));
    assert_eq!(modern(&[("<strong>Lot</strong> #240001", "")]).lot_number, Some(240_001));
    assert_ne!(modern(&[]).listing_id, modern(&[]).lot_number);
    assert_eq!(parse_listing(BOLD).lot_number, Some(553));
}

#[test]
fn trap_11_kilometres_with_miles_in_brackets() {
    let mileage = modern(&[("52k Miles Shown, TMU", "205k Kilometers (~127k Miles) Shown")]).mileage.unwrap();
    assert_eq!((mileage.value, mileage.unit.as_deref()), (Some(205_000), Some("km")));
}

#[test]
fn trap_12_tmu_with_and_without_a_number() {
    let with = modern(&[]).mileage.unwrap();
    assert_eq!((with.value, with.tmu), (Some(52_000), true));
    let without = modern(&[("52k Miles Shown, TMU ", "TMU ")]).mileage.unwrap();
    assert_eq!((without.value, without.tmu, without.text.as_str()), (None, true, "TMU"));
}

#[test]
fn trap_13_lots_without_year_and_vin() {
    let sign = modern(&[
        ("1970 Example K5 Blazer", "Example Neon Sign"),
        (
            "Chassis: <a href=\"https://www.google.com/search?q=KE180F123456\" target=\"_blank\">KE180F123456</a> (see text)",
            "Double-Sided",
        ),
    ]);
    assert_eq!((sign.year, sign.chassis, sign.vin), (None, None, None));
    let withheld = modern(&[("KE180F123456", "Withheld")]);
    assert_eq!((withheld.chassis, withheld.vin), (None, None));
    let garbage = modern(&[("KE180F123456", "JH@DD0107BS202742")]);
    assert_eq!((garbage.chassis.as_deref(), garbage.vin), (Some("JH@DD0107BS202742"), None));
}

#[test]
fn trap_14_parts_and_automobilia_is_no_make() {
    let listing = modern(&[
        ("</strong>Example</a>", "</strong>Parts and Automobilia</a>"),
        (
            "</strong>Example K5 Blazer</a>",
            "</strong>Parts and Automobilia &#8211; Seats &#038; Interior</a>",
        ),
        ("1970 Example K5 Blazer 4&#215;4", "Seats for 1973 Example"),
    ]);
    assert_eq!((listing.make, listing.model, listing.year), (None, None, None));
    assert_eq!(
        listing.categories,
        ["Parts and Automobilia", "Seats & Interior", "Truck & 4x4", "Convertibles"]
    );
}

#[test]
fn trap_15_entities_once_and_twice() {
    assert_eq!(modern(&[]).title.as_deref(), Some("1970 Example K5 Blazer 4×4"));
    let twice = modern(&[("4&#215;4</h1>", "4&amp;#215;4 Screamin&amp;#039; &quot;Eagle&quot;</h1>")]);
    assert_eq!(twice.title.as_deref(), Some("1970 Example K5 Blazer 4×4 Screamin' \"Eagle\""));
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
    assert_eq!(modern(&LIVE).sold_after_auction, None);
}

#[test]
fn trap_17_other_auctions_of_the_same_car() {
    let history = modern(&[]).history;
    let seen: Vec<_> =
        history.iter().map(|entry| (entry.date.as_deref(), entry.amount, entry.sold)).collect();
    assert_eq!(
        seen,
        [(Some("2026-04-20"), Some(21_250), Some(true)), (Some("2024-03-02"), Some(18_000), Some(false))]
    );
    let stamped = modern(&[(
        "March 2, 2024",
        "<span class=\"date-localize\" data-timestamp=\"1709400000\">on 3/2/24</span>",
    )]);
    assert_eq!(stamped.history[1].date.as_deref(), Some("2024-03-02"));
}

#[test]
fn trap_18_dealer_or_private_party_is_what_the_page_says() {
    assert_eq!(modern(&[]).seller_type, Some(SellerType::Dealer));
    assert_eq!(
        modern(&[("</strong>: Dealer<", "</strong>: Private Party<")]).seller_type,
        Some(SellerType::PrivateParty)
    );
    assert_eq!(modern(&[("</strong>: Dealer<", "</strong>: <")]).seller_type, None);
}

#[test]
fn trap_19_accounts_are_lower_case_and_names_are_as_shown() {
    let listing = modern(&[]);
    assert_eq!(listing.seller_username.as_deref(), Some("seller_one"));
    assert_eq!(listing.seller_name.as_deref(), Some("Seller_One"));
    assert_eq!(listing.buyer_username.as_deref(), Some("buyer_one"));
}

#[test]
fn trap_20_hidden_tags_do_not_apply() {
    assert_eq!(modern(&[]).alumni, Some(false));
    assert_eq!(modern(&[(" style=\"display: none;\"", "")]).alumni, Some(true));
}

#[test]
fn trap_21_counters_are_this_listings_own() {
    let listing = modern(&[("data-stats-id=\"112000001\"", "data-stats-id=\"7\"")]);
    assert_eq!((listing.view_count, listing.watcher_count), (None, None));
}

#[test]
fn trap_23_amounts_stay_in_their_currency() {
    let page = MODERN.replace("USD", "EUR").replace("$21,250", "€21,250");
    let listing = parse_listing(&page);
    assert_eq!((listing.currency.as_deref(), listing.sale_price), (Some("EUR"), Some(21_250)));
    assert_eq!(listing.history[0].currency.as_deref(), Some("EUR"));
}

#[test]
fn trap_24_dealer_charges_are_free_text() {
    assert_eq!(modern(&[]).dealer_charges.as_deref(), Some("$245.28 Document Fee"));
}

#[test]
fn trap_25_a_translated_page_has_the_canonical_url() {
    let listing = modern(&[(
        "rel=\"canonical\" href=\"https://bringatrailer.com/",
        "rel=\"canonical\" href=\"https://bringatrailer.com/it/",
    )]);
    assert_eq!(listing.url.as_deref(), Some("https://bringatrailer.com/listing/1970-example-k5/"));
}

#[test]
fn trap_26_trailing_spaces() {
    let listing = modern(&[
        ("Salem, Oregon 97301 ", "Salem, Oregon 97301\u{a0} "),
        ("Black Vinyl Upholstery", "Black Vinyl Upholstery  \n"),
    ]);
    assert_eq!(listing.location.as_deref(), Some("Salem, Oregon 97301"));
    assert!(listing.details.iter().all(|bullet| bullet.trim() == bullet));
}

#[test]
fn trap_27_percent_encoded_slugs() {
    let listing = modern(&[(
        "rel=\"canonical\" href=\"https://bringatrailer.com/listing/1970-example-k5/",
        "rel=\"canonical\" href=\"https://bringatrailer.com/listing/13x5%e2%80%b3-wheels/",
    )]);
    assert_eq!(
        listing.url,
        bat_pages::listing_url("https://bringatrailer.com/listing/13x5%e2%80%b3-wheels/")
    );
    assert!(listing.url.is_some());
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
fn trap_30_years_of_two_and_four_digits() {
    for printed in ["4/20/26", "4/20/2026", "04/20/2026", "April 20, 2026"] {
        let listing = modern(&[("<br />April 20, 2026    </div>", &format!("<br />{printed}</div>"))]);
        assert_eq!(listing.history[0].date.as_deref(), Some("2026-04-20"), "{printed}");
    }
}

#[test]
fn trap_31_the_line_of_the_current_bid_is_empty_once_closed() {
    assert!(MODERN.contains("<span data-listing-currently=\"112000001\"></span>"));
    assert_eq!(modern(&[]).current_bid, None);
}

#[test]
fn trap_32_mileage_comes_from_the_bullets_not_from_the_title() {
    let listing = modern(&[
        ("1970 Example K5 Blazer", "8k-Mile 1970 Example K5 Blazer"),
        ("<li>52k Miles Shown, TMU </li>", ""),
    ]);
    assert_eq!((listing.mileage, listing.year), (None, Some(1970)));
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

#[test]
fn pop_ups_are_neither_the_title_nor_the_article() {
    let bare = modern(&[
        ("class=\"post-excerpt\" tabindex=\"0\"", "class=\"x\""),
        ("<h1 class=\"post-title listing-post-title\">1970 Example K5 Blazer 4&#215;4</h1>", ""),
    ]);
    assert_eq!(bare.description, None);
    assert_eq!(bare.title.as_deref(), Some("1970 Example K5 Blazer 4×4"));
}

#[test]
fn the_article_has_no_nicknames_pictures_snapshots_or_advertisements() {
    let description = modern(&[]).description.unwrap();
    assert_eq!(
        description,
        "This 1970 Example K5 has a 350ci V8 & 18″ wheels.\n\nIt was repainted in red. The seller has it since 1999."
    );
}

#[test]
fn the_country_is_that_of_the_place_not_of_the_currency_flag() {
    let abroad = [("Located in United States", "Located in Germany")];
    assert_eq!(modern(&abroad).country.as_deref(), Some("DE"));
    let by_place =
        [("Located in United States", "Located in Nowhere"), ("Salem, Oregon 97301 ", "Munich, Germany")];
    assert_eq!(modern(&by_place).country.as_deref(), Some("DE"));
    let by_flag = [
        ("Located in United States", "x"),
        ("Salem, Oregon 97301 ", "x"),
        ("alt=\"United States\"", "alt=\"France\""),
    ];
    assert_eq!(modern(&by_flag).country.as_deref(), Some("FR"));
}

#[test]
fn an_end_tag_that_is_missing_does_not_let_the_next_part_in() {
    let listing = modern(&[(
        "<div class=\"item\"><strong>Lot</strong> #240001</div></div>",
        "<div class=\"item\"><strong>Lot</strong> #240001",
    )]);
    assert_eq!((listing.history.len(), listing.lot_number), (2, Some(240_001)));
    assert_eq!(listing.details.len(), 10);
}

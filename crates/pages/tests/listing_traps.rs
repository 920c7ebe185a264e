//! One test for each quirk of the listing pages that misled earlier readers; those of the auction's outcome are
//! in `listing_outcome.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod listing_pages;

use bat_pages::listing::SellerType;
use bat_pages::parse_listing;
use listing_pages::{BOLD, ONE_LIST, modern};

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
fn trap_06_location_stands_outside_of_any_item() {
    let listing = modern(&[]);
    assert_eq!(listing.location.as_deref(), Some("Salem, Oregon 97301"));
    assert_eq!(parse_listing(BOLD).location.as_deref(), Some("Springfield, OH"));
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
fn trap_12_tmu_in_a_bullet_apart() {
    for bullets in ["<li>56k Miles Shown</li><li>TMU</li>", "<li>TMU</li><li>56k Miles Shown</li>"] {
        let mileage = modern(&[("<li>52k Miles Shown, TMU </li>", bullets)]).mileage.unwrap();
        assert_eq!((mileage.value, mileage.tmu), (Some(56_000), true), "{bullets}");
        assert_eq!(mileage.text, "56k Miles Shown");
    }
}

#[test]
fn half_years_of_titles() {
    let listing = modern(&[("1970 Example K5 Blazer 4&#215;4", "1964&#189; Example K5 Blazer 4&#215;4")]);
    assert_eq!((listing.year, listing.model.as_deref()), (Some(1964), Some("K5 Blazer")));
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
fn trap_30_years_of_two_and_four_digits() {
    for printed in ["4/20/26", "4/20/2026", "04/20/2026", "April 20, 2026"] {
        let listing = modern(&[("<br />April 20, 2026    </div>", &format!("<br />{printed}</div>"))]);
        assert_eq!(listing.history[0].date.as_deref(), Some("2026-04-20"), "{printed}");
    }
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

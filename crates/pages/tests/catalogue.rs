//! Pages of the catalogue: one test per quirk. Lots are invented.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::listing::Status;
use bat_pages::{Catalogue, CatalogueItem, parse_catalogue};
use serde_json::{Value, json};

/// An item as the feed prints it, with its placeholders, and some of its keys replaced.
fn item(replaced: &Value) -> Value {
    let mut item = json!({
        "active": false, "categories": null, "comments": "0", "current_bid": 18_250,
        "current_bid_formatted": "USD $18,250", "current_bid_label": "Bid:", "country": null, "country_code": "US",
        "country_code_alpha3": "USA", "currency": "USD", "excerpt": "For USD $1", "noreserve": false, "premium": false,
        "pusher": "post;list;101", "repeat": false, "sold_text": "Sold for USD $18,250 <span> on 4/20/2026 </span>",
        "timestamp_end": 1_776_716_700, "title": "1999 Example", "url": "https://bringatrailer.com/listing/one/",
        "views": "0 Views", "watchers": "0 Watchers", "year": null, "id": 101,
    });
    item.as_object_mut().unwrap().extend(replaced.as_object().unwrap().clone());
    item
}

fn feed(items: &[Value]) -> String {
    json!({"items": items, "items_total": 238_733, "items_per_page": 36, "page_current": 2, "pages_total": 6_632})
        .to_string()
}

fn one(replaced: Value) -> CatalogueItem {
    let mut items = parse_catalogue(&feed(&[item(&replaced)])).items;
    assert_eq!(items.len(), 1);
    items.remove(0)
}

fn result(sold_text: &str) -> (Option<Status>, Option<String>, Option<i64>, Option<String>) {
    let item =
        one(json!({"sold_text": sold_text, "current_bid": 0, "current_bid_formatted": "", "currency": null}));
    (item.status, item.currency, item.amount, item.ended_on)
}

fn card(slug: &str, attributes: &str, results: &str, rest: &str) -> String {
    format!(
        "<div class=\"listing-card listing-card-separate \" {attributes}><div class=\"thumbnail\"><a class=\"image-overlay\" \
         href=\"https://bringatrailer.com/listing/{slug}/\" title=\"x\"></a></div><div class=\"content\"><h3><a \
         href=\"https://bringatrailer.com/listing/{slug}/\">No Reserve: 1970 Example 4&#215;4</a></h3>\
         <div class=\"item-results\">{results}</div>{rest}</div></div>"
    )
}

#[test]
fn the_feed_its_embedded_forms_and_a_bare_list_read_the_same() {
    let json = feed(&[item(&json!({}))]);
    let object = parse_catalogue(&json);
    assert_eq!((object.page, object.pages_total, object.items_total), (Some(2), Some(6_632), Some(238_733)));
    for name in ["auctionsCompletedInitialData", "auctionsCurrentInitialData"] {
        let page = format!(
            "<html><script nonce='x'>\n/* <![CDATA[ */\n        var {name} = {json};\n/* ]]> */\n</script></html>"
        );
        assert_eq!(parse_catalogue(&page), object);
    }
    let list = json!([item(&json!({}))]).to_string();
    let bare = parse_catalogue(&format!("<script>var auctionsCurrentInitialData = {list};</script>"));
    assert_eq!((bare.page, bare.pages_total, bare.items_total), (None, None, None));
    assert_eq!(bare.items, object.items);
    assert_eq!(parse_catalogue(&list).items, object.items);
}

#[test]
fn trap_01_no_reserve_is_in_the_title_or_a_key() {
    let item = one(json!({"title": "No Reserve: 1999 Example"}));
    assert_eq!((item.title.as_deref(), item.no_reserve), (Some("1999 Example"), Some(true)));
    assert_eq!(one(json!({"noreserve": true})).no_reserve, Some(true));
    assert_eq!(one(json!({})).no_reserve, Some(false));
    assert_eq!(one(json!({"noreserve": null})).no_reserve, None);
}

#[test]
fn trap_05_the_printed_date_is_no_instant() {
    let item = one(
        json!({"timestamp_end": 1_777_056_942, "sold_text": "Sold for USD $1 <span> on 4/23/26 </span>"}),
    );
    assert_eq!(item.ends_at.as_deref(), Some("2026-04-24T18:55:42Z"));
    assert_eq!(item.ended_on.as_deref(), Some("2026-04-23"));
    let without = one(json!({"timestamp_end": 0}));
    assert_eq!((without.ends_at, without.ended_on.as_deref()), (None, Some("2026-04-20")));
}

#[test]
fn trap_15_entities_and_signs_in_one_feed() {
    for title in
        ["1970 Example 4&#215;4", "1970 Example 4×4", "1970 Example 4&amp;#215;4", "1970 Example 4\u{d7}4"]
    {
        assert_eq!(one(json!({"title": title})).title.as_deref(), Some("1970 Example 4×4"));
    }
    let title = "Screamin&#039; &quot;Eagle&quot;";
    assert_eq!(one(json!({"title": title})).title.as_deref(), Some("Screamin' \"Eagle\""));
}

#[test]
fn trap_16_the_price_of_a_deal_after_the_auction_is_not_the_last_bid() {
    let item =
        one(json!({"current_bid": 17_000, "sold_text": "Sold for USD $18,250 <span> on 4/20/26 </span>"}));
    assert_eq!(item.amount, Some(18_250));
    let unreadable = one(json!({"current_bid": 17_000, "sold_text": "Sold for a price"}));
    assert_eq!((unreadable.status, unreadable.amount), (Some(Status::Sold), None));
}

#[test]
fn trap_20_hidden_tags_and_templates_are_no_tags_and_no_lots() {
    let rest = "<div class=\"item-tags\"><div class=\"item-tag item-tag-premium\" style=\"display: none;\">Premium</div>\
                <div class=\"item-tag item-tag-repeat\"><span>Alumni</span></div></div>";
    let page = format!(
        "<script type=\"text/html\" id=\"listing-card-template\">{}</script>\
         <a class=\"listing-card bg-white-transparent\" href=\"https://bringatrailer.com/listing/two/\" \
         data-pusher=\"post;list;102\"><h3>2001 Example</h3><div class=\"item-results\">Bid to GBP £5 \
         <span>on 04/20/2026</span></div>{rest}</a><a class=\"listing-card\" data-bind=\"attr: x\"></a>",
        card("template", "", "", "")
    );
    let items = parse_catalogue(&page).items;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].listing_id, items[0].status), (Some(102), Some(Status::ReserveNotMet)));
    assert_eq!(
        (items[0].premium, items[0].alumni, items[0].no_reserve),
        (Some(false), Some(true), Some(false))
    );
    assert_eq!(items[0].ended_on.as_deref(), Some("2026-04-20"));
}

#[test]
fn trap_21_placeholders_are_no_data() {
    let live = one(json!({
        "active": true, "sold_text": false, "current_bid": 0, "current_bid_formatted": "USD $0", "timestamp_end": "0",
        "id": 0, "country_code": "", "country_code_alpha3": "", "title": ""
    }));
    assert_eq!((live.status, live.amount, live.ends_at), (Some(Status::Live), None, None));
    assert_eq!((live.listing_id, live.country, live.title), (None, None, None));
    let keys = serde_json::to_value(one(json!({}))).unwrap();
    assert!(["views", "watchers", "comments", "year"].iter().all(|key| keys.get(key).is_none()));
}

#[test]
fn trap_22_pages_beyond_the_ten_thousandth_item_are_empty() {
    let json = "{\"items\":[],\"items_total\":238733,\"items_per_page\":48,\"page_current\":209,\"pages_total\":4974}";
    let catalogue = parse_catalogue(json);
    assert_eq!((catalogue.page, catalogue.pages_total), (Some(209), Some(4_974)));
    assert_eq!(catalogue.items, []);
}

#[test]
fn trap_23_and_30_every_form_of_a_result() {
    let sold = |currency: &str, amount, date: &str| {
        (Some(Status::Sold), Some(currency.to_owned()), Some(amount), Some(date.to_owned()))
    };
    for (text, expected) in [
        ("Sold for USD $7,500 <span> on 4/20/2026 </span>", sold("USD", 7_500, "2026-04-20")),
        ("Sold for USD $7,500 <span> on 4/2/26 </span>", sold("USD", 7_500, "2026-04-02")),
        ("Sold for USD $7,500 <span> on 04/20/2026 </span>", sold("USD", 7_500, "2026-04-20")),
        ("Sold for GBP \u{a3}16,000 <span> on 4/20/2026 </span>", sold("GBP", 16_000, "2026-04-20")),
        ("Sold for EUR &euro;10,000 <span> on 4/20/2026 </span>", sold("EUR", 10_000, "2026-04-20")),
        ("Sold for CAD $21,500 <span> on 4/20/2026 </span>", sold("CAD", 21_500, "2026-04-20")),
        ("Sold for $516,997 on 3/26/26", sold("USD", 516_997, "2026-03-26")),
        (
            "Sold for USD $2,626 <span> on 13/45/26 </span>",
            (Some(Status::Sold), Some("USD".to_owned()), Some(2_626), None),
        ),
        (
            "Bid to USD $18,250 <span> on 4/20/2026 </span>",
            (
                Some(Status::ReserveNotMet),
                Some("USD".to_owned()),
                Some(18_250),
                Some("2026-04-20".to_owned()),
            ),
        ),
        ("Withdrawn on 9/23/2026", (Some(Status::Withdrawn), None, None, Some("2026-09-23".to_owned()))),
        ("Something else on 9/23/2026", (None, None, None, Some("2026-09-23".to_owned()))),
    ] {
        assert_eq!(result(text), expected, "{text}");
    }
}

#[test]
fn the_items_own_code_counts_more_than_a_bare_sign() {
    let currency = |sold_text: &str, bid: &str, code: Value| {
        one(json!({"sold_text": sold_text, "current_bid_formatted": bid, "currency": code})).currency
    };
    let bare = "Sold for $21,500 <span> on 4/20/2026 </span>";
    for (sold_text, bid, code, expected) in [
        (bare, "", json!("CAD"), "CAD"),
        (bare, "CAD $21,500", json!(null), "CAD"),
        (bare, "$21,500", json!(null), "USD"),
        ("Sold for GBP £21,500", "", json!("CAD"), "GBP"),
    ] {
        assert_eq!(currency(sold_text, bid, code).as_deref(), Some(expected), "{sold_text} {bid}");
    }
}

#[test]
fn live_lots_have_no_result() {
    let bid = json!({"active": true, "sold_text": false, "current_bid": 300_000, "currency": "GBP",
        "current_bid_formatted": "GBP \u{a3}300,000"});
    let live = one(bid);
    assert_eq!((live.status, live.amount, live.ended_on), (Some(Status::Live), Some(300_000), None));
    assert_eq!(live.currency.as_deref(), Some("GBP"));
    assert_eq!(one(json!({"active": null, "sold_text": false})).status, Some(Status::Live));
    assert_eq!(one(json!({"active": false, "sold_text": false})).status, Some(Status::Ended));
    assert_eq!(one(json!({"active": null, "sold_text": null})).status, None);
}

#[test]
fn trap_25_and_27_language_prefixes_and_percent_encoded_slugs() {
    let slug = "13x5%e2%80%b3-fps-wheels-for-bmw";
    for url in [
        format!("https://bringatrailer.com/listing/{slug}/"),
        format!("https://www.bringatrailer.com/de/listing/{slug}"),
        "https://bringatrailer.com/listing/13x5\u{2033}-fps-wheels-for-bmw/?x=1&#038;y".to_owned(),
    ] {
        assert_eq!(one(json!({"url": url})).url, format!("https://bringatrailer.com/listing/{slug}/"));
    }
    let foreign = [item(&json!({"url": "https://bringatrailer.com/porsche/"})), item(&json!({"url": null}))];
    assert_eq!(parse_catalogue(&feed(&foreign)).items, []);
}

#[test]
fn a_lot_that_is_shown_twice_is_one_and_the_json_knows_more() {
    let cards =
        card("one", "data-listing_id=\"101\"", "", "") + &card("two", "data-listing_id=\"102\"", "", "");
    let script = format!(
        "<script>var auctionsCompletedInitialData = {};</script>",
        feed(&[item(&json!({})), item(&json!({}))])
    );
    let items = parse_catalogue(&format!("{cards}{cards}{script}")).items;
    let ids: Vec<_> = items.iter().map(|item| (item.listing_id, item.status)).collect();
    assert_eq!(ids, [(Some(101), Some(Status::Sold)), (Some(102), None)]);
}

#[test]
fn server_rendered_cards() {
    let bid = "<span class=\"bid-formatted bold\">EUR €10,000</span><img class=\"countries-flags\" alt=\"Germany\">";
    let attributes = "data-listing_id=\"111\" data-timestamp_end=\"1776716700\"";
    let results = "Sold for USD $21,250 <span> on 4/20/26 </span>";
    // The end tag of the first card is missing.
    let live = card("live", attributes, "", bid);
    let page = format!("{}{}", live.trim_end_matches("</div>"), card("sold", "", results, ""));
    let items = parse_catalogue(&page).items;
    let seen: Vec<_> = items
        .iter()
        .map(|item| (item.status, item.amount, item.currency.as_deref(), item.country.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(Status::Live), Some(10_000), Some("EUR"), Some("DE")),
            (Some(Status::Sold), Some(21_250), Some("USD"), None)
        ]
    );
    assert_eq!((items[0].listing_id, items[0].title.as_deref()), (Some(111), Some("1970 Example 4×4")));
    assert_eq!(items[0].ends_at.as_deref(), Some("2026-04-20T20:25:00Z"));
    assert_eq!(
        (items[0].no_reserve, items[0].premium, items[1].ends_at.as_deref()),
        (Some(true), None, None)
    );
}

#[test]
fn what_is_no_catalogue_is_empty() {
    for body in [
        "",
        "{",
        "[",
        "[1,null,{}]",
        "{\"code\":\"rest_invalid_param\",\"data\":{\"status\":400}}",
        "<p>x</p>",
        "{\"items\":false,\"pages_total\":-1}",
        "<script>var auctionsCompletedInitialData = </script>",
        "null",
    ] {
        assert_eq!(parse_catalogue(body), Catalogue::default(), "{body}");
    }
}

#[test]
fn a_list_with_gaps_and_an_item_that_is_none() {
    let gapped = json!({"items": {"0": item(&json!({})), "2": 7}, "pages_total": "3"}).to_string();
    let catalogue = parse_catalogue(&gapped);
    assert_eq!((catalogue.items.len(), catalogue.pages_total), (1, Some(3)));
}

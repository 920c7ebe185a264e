//! The saved page of a model: every lot on it, as its markup shows them to a reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::listing::Status::{self, Live, ReserveNotMet, Sold};
use bat_pages::parse_catalogue;
use serde_json::{Value, json};

mod saved_pages;

/// Post id, slug, title, state, amount, end, printed date, and which of no reserve, premium and alumni it is.
type Row = (i64, &'static str, &'static str, Status, i64, &'static str, &'static str, &'static str);

/// What the embedded JSON holds, in its order, and then the live lots, which the page shows as cards.
#[rustfmt::skip]
const ROWS: [Row; 31] = [
    (110_973_652, "2022-porsche-911-gt3-135", "2022 Porsche 911 GT3", ReserveNotMet, 225_000, "2026-04-02T19:07:08Z", "2026-04-02", ""),
    (106_613_403, "2022-porsche-911-gt3-touring-137", "Dark Sea Blue 2022 Porsche 911 GT3 Touring", Sold, 305_000, "2026-04-01T19:33:00Z", "2026-04-01", ""),
    (109_957_396, "2018-porsche-911-gt3-180", "15k-Mile 2018 Porsche 911 GT3", Sold, 183_000, "2026-03-31T18:40:34Z", "2026-03-31", ""),
    (110_746_635, "2023-porsche-911-gt3-touring-46", "752-Mile Gulf Blue 2023 Porsche 911 GT3 Touring 6-Speed", Sold, 352_000, "2026-03-31T18:01:00Z", "2026-03-31", ""),
    (110_453_799, "2018-porsche-911-gt3-158-2", "616-Mile 2018 Porsche 911 GT3 6-Speed", Sold, 221_000, "2026-03-30T19:49:32Z", "2026-03-30", "a"),
    (111_121_128, "seats-206", "Euro Porsche 996 GT3 Recaro Seats", Sold, 6_900, "2026-03-29T18:05:31Z", "2026-03-29", "n"),
    (108_526_570, "2019-porsche-911-gt3-rs-weissach-97", "2019 Porsche 911 GT3 RS Weissach", Sold, 229_000, "2026-03-29T17:38:44Z", "2026-03-29", ""),
    (110_742_918, "2016-porsche-911-gt3-rs-103", "11k-Mile 2016 Porsche 911 GT3 RS", ReserveNotMet, 189_000, "2026-03-27T19:31:23Z", "2026-03-27", ""),
    (107_978_229, "2008-porsche-911-gt3-cup", "2008 Porsche 911 GT3 Cup", Sold, 99_999, "2026-03-27T18:55:56Z", "2026-03-27", ""),
    (110_595_473, "2023-porsche-911-gt3-rs-30", "76-Mile 2023 Porsche 911 GT3 RS Tribute to Carrera RS Package", Sold, 448_000, "2026-03-27T17:29:22Z", "2026-03-27", "p"),
    (110_345_959, "2011-porsche-911-gt3-rs-42", "10k-Mile 2011 Porsche 911 GT3 RS", Sold, 516_997, "2026-03-26T17:10:00Z", "2026-03-26", "npa"),
    (110_831_698, "seats-204", "Porsche Sport Bucket Seats", Sold, 15_500, "2026-03-24T19:33:55Z", "2026-03-24", "na"),
    (107_690_296, "2022-porsche-911-gt3-touring-141", "2022 Porsche 911 GT3 Touring 6-Speed", Sold, 277_000, "2026-03-24T17:41:42Z", "2026-03-24", ""),
    (110_163_658, "2019-porsche-911-gt3-touring-44", "19k-Mile 2019 Porsche 911 GT3 Touring 6-Speed", Sold, 232_992, "2026-03-23T17:21:16Z", "2026-03-23", "n"),
    (110_198_032, "2026-porsche-911-gt3-touring-6", "2026 Porsche 911 GT3 Touring 6-Speed", ReserveNotMet, 325_000, "2026-03-20T19:43:43Z", "2026-03-20", ""),
    (110_407_089, "seats-203", "Euro Porsche 996 GT3 Recaro Seats", Sold, 6_200, "2026-03-19T19:34:22Z", "2026-03-19", "na"),
    (109_737_237, "engine-242", "3.8L Porsche 996 GT3 RSR Flat-Six Sprint Engine", Sold, 33_000, "2026-03-18T19:25:06Z", "2026-03-18", "n"),
    (106_582_451, "2024-porsche-911-gt3-touring-12", "2024 Porsche 911 GT3 Touring 6-Speed", Sold, 305_000, "2026-03-17T19:54:09Z", "2026-03-17", ""),
    (110_039_527, "2026-porsche-911-gt3-4", "2026 Porsche 911 GT3", ReserveNotMet, 296_000, "2026-03-17T19:47:42Z", "2026-03-17", ""),
    (110_240_550, "2004-porsche-911-gt3-125", "26k-Mile 2004 Porsche 911 GT3", Sold, 117_000, "2026-03-16T17:58:07Z", "2026-03-16", ""),
    (109_884_615, "wheels-442", "20×9.5″ and 21×12.5″ Center-Lock HRE 522M Wheels for Porsche 992", Sold, 7_500, "2026-03-15T18:58:01Z", "2026-03-15", "n"),
    (109_465_817, "2018-porsche-911-gt3-176", "9k-Mile 2018 Porsche 911 GT3 6-Speed", ReserveNotMet, 217_000, "2026-03-14T19:31:47Z", "2026-03-14", ""),
    (109_739_566, "2007-porsche-911-gt3-105", "2007 Porsche 911 GT3 Cup", Sold, 57_497, "2026-03-13T17:40:48Z", "2026-03-13", ""),
    (109_843_153, "2019-porsche-911-gt3-34", "2019 Porsche 911 GT3 Cup", Sold, 145_000, "2026-03-13T17:11:58Z", "2026-03-13", ""),
    (111_205_833, "engine-254", "4.0L Porsche 997 GT3 Flat-Six Engine Project", Live, 4_444, "2026-04-03T19:48:00Z", "", ""),
    (111_478_843, "display-model-29", "Porsche 911 GT3 RS Wooden Display Model", Live, 2_000, "2026-04-03T20:01:00Z", "", "n"),
    (110_495_421, "2022-porsche-911-gt3-touring-147", "Blue Turquoise 2022 Porsche 911 GT3 Touring 6-Speed", Live, 280_000, "2026-04-07T17:01:00Z", "", ""),
    (111_283_694, "2022-porsche-911-gt3-138", "Slate Gray 2022 Porsche 911 GT3 6-Speed", Live, 210_000, "2026-04-07T17:58:00Z", "", ""),
    (110_829_711, "seats-209", "Euro Porsche 996 GT3 Recaro Seats", Live, 2_096, "2026-04-07T19:11:00Z", "", "n"),
    (110_634_532, "2026-porsche-911-gt3-touring-13", "Oak Metallic Neo 2026 Porsche 911 GT3 Touring 6-Speed", Live, 250_000, "2026-04-08T18:43:00Z", "", ""),
    (110_754_951, "2023-porsche-911-gt3-touring-47", "Fish Silvergray Metallic 2023 Porsche 911 GT3 Touring 6-Speed", Live, 228_911, "2026-04-08T19:17:00Z", "", ""),
];

/// The saved page of a model, if it is at hand.
fn saved() -> Option<String> {
    saved_pages::text("pages", "model-porsche-911-gt3.html")
}

/// What the page embeds as JSON, read by a decoder that knows nothing of the site.
fn embedded(page: &str) -> Value {
    let (_, rest) = page.split_once("var auctionsCompletedInitialData = ").unwrap();
    serde_json::Deserializer::from_str(rest).into_iter().next().unwrap().unwrap()
}

/// A title as a reader sees it: entities of numbers, which are all that the page has.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("&#");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| {
        let (number, rest) = part.split_once(';').unwrap();
        format!("{text}{}{rest}", char::from_u32(number.parse().unwrap()).unwrap())
    })
}

/// What the catalogue must hold of an item of the page's JSON, by key.
fn expected(item: &Value) -> Value {
    let text = |key: &str| item[key].as_str().unwrap();
    // `Sold for USD $183,000 <span> on 3/31/26 </span>`
    let (result, _) = text("sold_text").split_once(" <span>").unwrap();
    let (ending, money) = match result.strip_prefix("Sold for ") {
        Some(money) => ("sold", money),
        None => ("reserve_not_met", result.strip_prefix("Bid to ").unwrap()),
    };
    let (currency, printed) = money.split_once(" $").unwrap();
    let amount: i64 = printed.replace(',', "").parse().unwrap();
    assert_eq!(text("currency"), currency);
    json!({
        "listing_id": item["id"],
        "url": text("url"),
        "title": unescaped(text("title")),
        "status": ending,
        "currency": currency,
        "amount": amount,
        "ends_at": jiff::Timestamp::from_second(item["timestamp_end"].as_i64().unwrap()).unwrap().to_string(),
        "no_reserve": item["noreserve"].as_bool().unwrap(),
        "premium": item["premium"].as_bool().unwrap(),
        "alumni": item["repeat"].as_bool().unwrap(),
        "country": text("country_code"),
    })
}

#[test]
fn every_field_of_every_item_is_what_the_json_of_the_page_says() {
    let Some(page) = saved() else { return };
    let embedded = embedded(&page);
    let actual = serde_json::to_value(parse_catalogue(&page)).unwrap();
    let items = embedded["items"].as_array().unwrap();
    assert_eq!(items.len(), 24);
    for (number, item) in items.iter().enumerate() {
        assert_eq!(actual["items"][number], expected(item));
    }
    for (key, name) in
        [("page", "page_current"), ("pages_total", "pages_total"), ("items_total", "items_total")]
    {
        assert_eq!(actual[key], embedded[name], "{key}");
    }
}

#[test]
fn the_keys_are_those_of_the_design() {
    let Some(page) = saved() else { return };
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys.join(" ")
    };
    let catalogue = serde_json::to_value(parse_catalogue(&page)).unwrap();
    assert_eq!(keys(&catalogue), "items items_total page pages_total");
    for item in catalogue["items"].as_array().unwrap() {
        assert_eq!(
            keys(item),
            "alumni amount country currency ends_at listing_id no_reserve premium status title url"
        );
    }
}

#[test]
fn every_lot_of_a_model_page() {
    let Some(page) = saved() else { return };
    let catalogue = parse_catalogue(&page);
    assert_eq!(
        (catalogue.page, catalogue.pages_total, catalogue.items_total),
        (Some(1), Some(63), Some(1_491))
    );
    assert_eq!(catalogue.items.len(), ROWS.len());
    for (item, (id, slug, title, status, amount, ends_at, ended_on, is)) in catalogue.items.iter().zip(ROWS) {
        assert_eq!(item.listing_id, Some(id));
        assert_eq!(item.url, format!("https://bringatrailer.com/listing/{slug}/"));
        assert_eq!(item.title.as_deref(), Some(title));
        assert_eq!((item.status, item.amount), (Some(status), Some(amount)), "{slug}");
        assert_eq!(item.currency.as_deref(), Some("USD"), "{slug}");
        assert_eq!(item.ends_at.as_deref(), Some(ends_at), "{slug}");
        assert_eq!(item.ended_on.as_deref().unwrap_or_default(), ended_on, "{slug}");
        assert_eq!(item.no_reserve, Some(is.contains('n')), "{slug}");
        assert_eq!(item.premium, Some(is.contains('p')), "{slug}");
        assert_eq!(item.alumni, Some(is.contains('a')), "{slug}");
        assert_eq!(item.country.as_deref(), Some("US"), "{slug}");
    }
}

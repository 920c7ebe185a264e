//! What holds for every value: what is printed as the site prints it is read as what it is, and what was read is the
//! same when it is read again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::value::{chassis, color, date, mileage, money, title};
use bat_pages::{geographic_key, listing_url, place};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

/// Signs as the site prints them behind a code, and what they tell alone.
const CURRENCIES: [(&str, &str); 7] =
    [("USD", "$"), ("CAD", "$"), ("AUD", "$"), ("GBP", "£"), ("EUR", "€"), ("JPY", "¥"), ("CHF", "")];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn config() -> Config {
    Config {
        cases: 512,
        rng_seed: RngSeed::Fixed(20_260_502),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A number with commas between thousands.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn printed_amounts(amount in 0..1_000_000_000_i64, at in 0..CURRENCIES.len(), cents in any::<bool>(), before in "(Sold for |Bid to |)", after in "( on 4/2/26|)") {
        let (code, sign) = CURRENCIES[at];
        let cents = if cents { ".00" } else { "" };
        let read = money::money(&format!("{before}{code} {sign}{}{cents}{after}", grouped(amount)));
        let expected = money::Money { currency: Some(code.to_owned()), bare_dollar: false, amount };
        prop_assert_eq!(read, Some(expected));
    }

    #[test]
    fn printed_dates(year in 1970..2069_i32, month in 1..=12_usize, day in 1..=28_u32) {
        let expected = Some(format!("{year}-{month:02}-{day:02}"));
        let name = MONTHS[month - 1];
        for text in [format!("{name} {day}, {year}"), format!("{month}/{day}/{year}"), format!("{year}-{month:02}-{day:02}")] {
            prop_assert_eq!(date::printed_date(&text), expected.clone(), "{}", text);
        }
        let short = format!("{month}/{day}/{:02}", year % 100);
        if year < 2069 {
            prop_assert_eq!(date::printed_date(&short), expected, "{}", short);
        }
    }

    #[test]
    fn printed_ends(seconds in 1..4_102_444_800_i64) {
        let printed = date::from_unix(seconds).unwrap();
        let fields: Vec<i64> = printed.trim_end_matches('Z').split(['-', 'T', ':']).map(|field| field.parse().unwrap()).collect();
        let unpadded: Vec<String> = fields.iter().map(i64::to_string).collect();
        prop_assert_eq!(date::unpadded(&unpadded.join("-")), Some(printed));
    }

    #[test]
    fn printed_mileages(value in 1..2_000_000_i32, thousands in any::<bool>(), kilometres in any::<bool>(), shown in any::<bool>(), tmu in any::<bool>()) {
        let number = if thousands { format!("{}k", value / 1000 + 1) } else { grouped(i64::from(value)) };
        let unit = if kilometres { "Kilometers" } else { "Miles" };
        let (word, unknown) = (if shown { " Shown" } else { "" }, if tmu { ", TMU" } else { "" });
        let text = format!("{number} {unit}{word}{unknown}");
        let expected = mileage::Mileage {
            value: Some(if thousands { (value / 1000 + 1) * 1000 } else { value }),
            unit: Some(if kilometres { "km" } else { "mi" }.to_owned()),
            shown,
            tmu,
            text: text.clone(),
        };
        prop_assert_eq!(mileage::mileage(&text), Some(expected));
    }

    #[test]
    fn a_mileage_is_read_again_from_its_own_text(text in "[0-9,k.]{1,8} ?(Miles|Kilometers|Hours|Mile|Shown| |\\(|\\)|TMU|,|~){0,6}\\PC{0,5}") {
        if let Some(read) = mileage::mileage(&text) {
            prop_assert_eq!(mileage::mileage(&read.text), Some(read.clone()));
            prop_assert!(read.value.is_none_or(|value| value >= 0));
            prop_assert_eq!(read.value.is_some(), read.unit.is_some());
        }
    }

    #[test]
    fn numbers_of_vehicles(number in "[A-HJ-NPR-Z]{3}[A-HJ-NPR-Z0-9]{13}[0-9]", note in "( \\(note\\)|; engine 5|, | / 7|)") {
        let read = chassis::chassis(&format!(" {number}{note}"));
        prop_assert_eq!(read.as_deref(), Some(number.as_str()));
        if let Some(vin) = chassis::vin(&number.to_lowercase()) {
            prop_assert_eq!(&vin, &number);
            prop_assert_eq!(chassis::vin(&vin), Some(vin.clone()));
            prop_assert_eq!(chassis::chassis(&vin), Some(vin));
        }
    }

    #[test]
    fn what_was_read_is_read_the_same_again(text in "\\PC{0,60}") {
        if let Some(number) = chassis::chassis(&text) {
            prop_assert_eq!(chassis::chassis(&number), Some(number));
        }
        let (_, bare) = title::without_no_reserve(&text);
        prop_assert_eq!(title::year(&bare), title::year(&text));
        if let Some(title) = title::from_head_title(&format!("{text} for sale on BaT Auctions - x")) {
            prop_assert_eq!(title::from_head_title(&format!("{title} for sale on BaT Auctions")), Some(title));
        }
        for paint in [color::exterior(&text), color::interior(&text)].into_iter().flatten() {
            prop_assert!(paint.len() <= text.len() && !paint.trim().is_empty());
        }
        if let Some(code) = place::country_code(&text) {
            prop_assert_eq!(place::country_code(&code), Some(code.clone()));
        }
    }

    #[test]
    fn years_of_titles(year in 1885..=2049_i32, words in "( [A-Z][a-z]{2,8}){1,4}") {
        prop_assert_eq!(title::year(&format!("{year}{words}")), Some(year));
        prop_assert_eq!(title::year(&format!("No Reserve: {year}{words}")), Some(year));
    }

    #[test]
    fn keys_of_keys(name in "[A-Za-zÀ-ÿ&' -]{1,60}", city in "[A-Za-zÀ-ÿ .-]{0,40}", state in "[A-Z]{2}", country in "[A-Z]{2}") {
        if let Some(key) = geographic_key(&name, Some(&city), Some(&state), Some(&country)) {
            let parts: Vec<&str> = key.split('|').collect();
            prop_assert_eq!(parts.len(), 4);
            let again = geographic_key(parts[0], Some(parts[1]), Some(parts[2]), Some(parts[3]));
            prop_assert_eq!(again, Some(key));
        }
    }

    #[test]
    fn every_form_of_a_listing_url_is_one(slug in "[a-z0-9][a-z0-9-]{0,40}", query in "(\\?[a-z=&0-9]{0,10}|)", fragment in "(#[a-z0-9-]{0,10}|)", slash in any::<bool>()) {
        let canonical = format!("https://bringatrailer.com/listing/{slug}/");
        let path = format!("/listing/{slug}{}", if slash { "/" } else { "" });
        for start in ["https://bringatrailer.com", "http://bringatrailer.com", "https://www.bringatrailer.com", "//bringatrailer.com", "", "HTTPS://BringATrailer.com"] {
            let url = format!("{start}{path}{query}{fragment}");
            prop_assert_eq!(listing_url(&url), Some(canonical.clone()), "{}", url);
        }
    }
}

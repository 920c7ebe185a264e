//! The page of invented data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use scraper::{Html, Selector};

use crate::data::{Currency, Month, Partner, Problem, Report, Run, Status, Vehicle};
use crate::render;

const HOSTILE: &str = r#""><script>alert(1)</script><img src=x onerror='alert(2)'>{{ 7*7 }}&lt;\u{202e}"#;

fn some() -> Report {
    let partner = |name: &str, state: Option<&str>, country: &str, sold: i64| Partner {
        id: format!("id-{name}"),
        business_name: Some(name.to_owned()),
        city: Some("Springfield".to_owned()),
        state: state.map(str::to_owned),
        country: Some(country.to_owned()),
        bat_username: Some(name.to_lowercase()),
        listings: sold * 2,
        sold,
        reserve_not_met: 1,
        sell_through: Some(0.999),
        currency: Some("USD".to_owned()),
        volume: Some(1_234_567.0),
        median_price: Some(80_375.5),
        last_sale_on: Some("2026-04-28".to_owned()),
        stated_listings: Some(1200),
        coverage: Some(0.5),
        inventory_in_stock: 3,
        website: Some("https://example.com/".to_owned()),
        ..Partner::default()
    };
    let month = |month: &str, sold: i64, volume: f64, median_price: Option<f64>| Month {
        month: month.to_owned(),
        sold,
        reserve_not_met: 2,
        sold_in_currency: sold,
        volume,
        median_price,
    };
    Report {
        made_at: "2026-05-01 12:00".to_owned(),
        status: Status {
            health: "healthy".to_owned(),
            doing: "bat_work: 20 tasks done, 60 left".to_owned(),
            partners: 4,
            listings: 12_345,
            ..Status::default()
        },
        runs: vec![Run {
            run_id: 7,
            job: "bat_work".to_owned(),
            state: "at a page".to_owned(),
            tasks_done: 20,
            tasks_left: 60,
            tasks_per_second: Some(0.5),
            time_left: Some("00:02:00".to_owned()),
            page: Some("listing https://bringatrailer.com/listing/x/".to_owned()),
        }],
        problems: vec![Problem {
            problem: "tasks are dead".to_owned(),
            kind: Some("listing".to_owned()),
            count: 8,
            example_url: Some("https://bringatrailer.com/listing/x/".to_owned()),
            example_error: Some("the page is gone".to_owned()),
            what_to_do: Some("SELECT bat_retry('listing');".to_owned()),
            ..Problem::default()
        }],
        partners: vec![
            partner("One", Some("AZ"), "US", 9),
            partner("Two", Some("AZ"), "US", 5),
            partner("Three", Some("BC"), "CA", 2),
            partner("Four", None, "DE", 1),
        ],
        currencies: vec![
            Currency { currency: Some("USD".to_owned()), sold: 16 },
            Currency { currency: Some("EUR".to_owned()), sold: 1 },
        ],
        months: vec![
            month("2026-03", 4, 400_000.0, Some(90_000.0)),
            month("2026-04", 8, 800_000.0, Some(80_375.5)),
            month("2026-05", 0, 0.0, None),
        ],
        vehicles: vec![Vehicle {
            url: "https://bringatrailer.com/listing/x/".to_owned(),
            title: Some("1967 Volvo P1800 & Spares".to_owned()),
            status: Some("sold".to_owned()),
            currency: Some("USD".to_owned()),
            amount: Some(31_250.0),
            ends_on: Some("2026-04-30".to_owned()),
            image_url: Some("https://bringatrailer.com/x.jpg".to_owned()),
            partner: Some("One".to_owned()),
        }],
        ..Report::default()
    }
}

fn all<'a>(page: &'a Html, selector: &str, attribute: &'a str) -> Vec<&'a str> {
    page.select(&Selector::parse(selector).unwrap()).filter_map(|element| element.attr(attribute)).collect()
}

fn words(page: &Html, selector: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
}

#[test]
fn the_page_of_all() {
    insta::assert_snapshot!(render(&some()).unwrap());
}

#[test]
fn the_page_of_nothing_says_so() {
    let html = render(&Report::default()).unwrap();
    let page = Html::parse_document(&html);
    let main = words(&page, "main").concat();
    for sentence in [
        "No partner is stored yet.",
        "No auction of a partner has ended yet.",
        "None is stored yet.",
        "None.",
    ] {
        assert!(main.contains(sentence), "{sentence}: {main}");
    }
    assert!(all(&page, "svg", "role").is_empty());
}

#[test]
fn the_page_of_one_partner_is_named_after_it() {
    let mut report = some();
    report.partners.truncate(1);
    report.partner = Some(report.partners[0].clone());
    let page = Html::parse_document(&render(&report).unwrap());
    assert_eq!(words(&page, "title")[0], "One");
    assert_eq!(words(&page, "h1"), ["One"]);
    assert_eq!(all(&page, "[data-figure=listings]", "data-value"), ["18"]);
    assert_eq!(
        all(&page, "header a", "href"),
        ["https://example.com/", "https://bringatrailer.com/member/one/"]
    );
}

#[test]
fn what_others_wrote_stays_text() {
    let mut report = some();
    let text = Some(HOSTILE.to_owned());
    let partner = &mut report.partners[0];
    (partner.business_name, partner.city, partner.state) = (text.clone(), text.clone(), text.clone());
    (partner.country, partner.bat_username, partner.currency) = (text.clone(), text.clone(), text.clone());
    partner.last_sale_on.clone_from(&text);
    report.partner = Some(partner.clone());
    let vehicle = &mut report.vehicles[0];
    (vehicle.title, vehicle.status, vehicle.currency) = (text.clone(), text.clone(), text.clone());
    (vehicle.ends_on, vehicle.partner, vehicle.image_url) = (text.clone(), text.clone(), text.clone());
    vehicle.url = HOSTILE.to_owned();
    let problem = &mut report.problems[0];
    (problem.example_error, problem.what_to_do) = (text.clone(), text.clone());
    (problem.kind, problem.example_url) = (text.clone(), text.clone());
    report.currencies[0].currency.clone_from(&text);
    report.months[1].month = HOSTILE.to_owned();
    report.status.last_message.clone_from(&text);
    report.status.last_job.clone_from(&text);
    report.status.doing = HOSTILE.to_owned();
    report.runs[0].page = text;
    let html = render(&report).unwrap();
    let page = Html::parse_document(&html);
    assert_eq!(words(&page, "script").len(), 0);
    assert_eq!(words(&page, "img").len(), 0, "the picture's URL is none");
    let everything = Selector::parse("*").unwrap();
    let attributes = page.select(&everything).flat_map(|element| element.value().attrs());
    let handlers: Vec<&str> =
        attributes.map(|(name, _)| name).filter(|name| name.starts_with("on")).collect();
    assert_eq!(handlers, Vec::<&str>::new());
    assert_eq!(words(&page, "h1"), [HOSTILE]);
    assert_eq!(words(&page, ".cards h3"), [HOSTILE]);
}

#[test]
fn links_lead_to_the_web_or_nowhere() {
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com/x",
        "/x",
        "ftp://example.com/",
        "https://bringatrailer.com@evil.example/",
        "blob:https://example.com/x",
        "",
    ] {
        let mut report = some();
        report.vehicles[0].url = url.to_owned();
        report.vehicles[0].image_url = Some(url.to_owned());
        report.problems[0].example_url = Some(url.to_owned());
        report.partners[0].website = Some(url.to_owned());
        report.partner = Some(report.partners[0].clone());
        let page = Html::parse_document(&render(&report).unwrap());
        let links = [all(&page, "a", "href"), all(&page, "img", "src")].concat();
        let others: Vec<_> = links
            .into_iter()
            .filter(|link| !link.starts_with('#') && !link.starts_with("https://bringatrailer.com/member/"))
            .collect();
        assert_eq!(others, Vec::<&str>::new(), "{url}");
    }
}

#[test]
fn a_username_is_one_segment_of_the_link() {
    let mut report = some();
    report.partners[0].bat_username = Some("../../logout?x#y".to_owned());
    let page = Html::parse_document(&render(&report).unwrap());
    let link = all(&page, "[data-partner=id-One] a", "href")[0].to_owned();
    assert_eq!(link, "https://bringatrailer.com/member/..%2F..%2Flogout%3Fx%23y/");
}

#[test]
fn it_asks_for_nothing_but_pictures() {
    let html = render(&some()).unwrap();
    let page = Html::parse_document(&html);
    for tag in ["script", "iframe", "object", "embed", "form", "base", "link:not([href='data:,'])", "[style]"]
    {
        assert_eq!(words(&page, tag).len(), 0, "{tag}");
    }
    assert!(!html.contains("@import") && !html.contains("url("));
    let policy = all(&page, "meta[http-equiv='Content-Security-Policy']", "content")[0];
    assert!(
        policy.starts_with("default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline';"),
        "{policy}"
    );
    assert_eq!(all(&page, "img", "loading"), ["lazy"]);
    assert_eq!(all(&page, "img", "referrerpolicy"), ["no-referrer"]);
    assert_eq!(all(&page, "img", "alt"), ["1967 Volvo P1800 & Spares"]);
}

#[test]
fn it_can_be_used_without_seeing_it() {
    let page = Html::parse_document(&render(&some()).unwrap());
    assert_eq!(all(&page, "html", "lang"), ["en"]);
    for landmark in ["header", "nav[aria-label]", "main", "footer"] {
        assert_eq!(words(&page, landmark).len(), 1, "{landmark}");
    }
    let levels: Vec<u32> = page
        .select(&Selector::parse("h1, h2, h3, h4").unwrap())
        .map(|heading| heading.value().name()[1..].parse().unwrap())
        .collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1 && pair[1] > 1), "{levels:?}");
    assert_eq!(words(&page, "table").len(), words(&page, "table > caption").len());
    assert_eq!(words(&page, "th:not([scope])").len(), 0);
    let ids = all(&page, "[id]", "id");
    for (selector, attribute) in [("[aria-labelledby]", "aria-labelledby"), ("nav a, .skip", "href")] {
        for names in all(&page, selector, attribute) {
            for name in names.split(' ') {
                let name = name.trim_start_matches('#');
                assert_eq!(ids.iter().filter(|id| **id == name).count(), 1, "{name}");
            }
        }
    }
    assert_eq!(words(&page, "svg").len(), words(&page, "svg[role=img] > title + desc").len());
    assert_eq!(
        words(&page, ".scroll").len(),
        words(&page, ".scroll[tabindex='0'][role=region][aria-label]").len()
    );
}

/// Relative luminance of a colour, as WCAG 2 defines it.
fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn text_stands_out_in_light_and_dark() {
    let style = include_str!("../templates/style.css");
    let (light, dark) = style.split_once("prefers-color-scheme").unwrap();
    for scheme in [light, dark] {
        let color = |name: &str| {
            let at = scheme.find(&format!("--{name}: #")).unwrap() + name.len() + 4;
            &scheme[at..at + 7]
        };
        for (text, back) in [
            ("text", "page"),
            ("text", "panel"),
            ("muted", "page"),
            ("muted", "panel"),
            ("link", "page"),
            ("link", "panel"),
            ("good", "good-back"),
            ("bad", "bad-back"),
            ("text", "plain-back"),
            ("text", "photo"),
            ("muted", "empty"),
            ("on-light", "s1"),
            ("on-light", "s2"),
            ("on-dark", "s3"),
            ("on-dark", "s4"),
        ] {
            let mut both = [luminance(color(text)), luminance(color(back))];
            both.sort_by(f64::total_cmp);
            let contrast = (both[1] + 0.05) / (both[0] + 0.05);
            assert!(contrast >= 4.5, "{text} on {back}: {contrast:.2}");
        }
    }
}

#[test]
fn each_number_is_on_the_page() {
    let page = Html::parse_document(&render(&some()).unwrap());
    assert_eq!(all(&page, "[data-figure=listings]", "data-value"), ["12345"]);
    assert_eq!(words(&page, "[data-figure=listings]"), ["12,345"]);
    assert_eq!(all(&page, "[data-chart=volume] [data-month]", "data-value"), ["400000", "800000", "0"]);
    assert_eq!(all(&page, "[data-chart=median] [data-month='2026-04']", "data-value"), ["80375.5"]);
    assert_eq!(all(&page, "[data-chart=sell-through] [data-month='2026-04']", "data-value"), ["0.8"]);
    assert_eq!(all(&page, "[data-state=AZ]", "data-partners"), ["2"]);
    assert_eq!(all(&page, "[data-place]", "data-place"), ["Canada", "Germany"]);
    assert_eq!(words(&page, "[data-partner=id-One] td")[4], "99\u{a0}%");
    assert!(words(&page, "[data-other-currencies]")[0].contains("left out: 1 in EUR"));
    assert_eq!(words(&page, "[data-run='7'] [data-left]"), ["60"]);
}

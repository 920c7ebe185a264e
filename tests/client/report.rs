//! The page of `bat_report`: its numbers, what others wrote, and a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use scraper::{Html, Selector};

use crate::server::{Server, Session};
use crate::site::Site;

fn filled(site: &Site) -> Server {
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 50)").unwrap();
    client.batch_execute("SELECT bat_enqueue('inventory')").unwrap();
    client.batch_execute("CALL bat_work(60, '{inventory,inventory_item}')").unwrap();
    server
}

fn page(client: &mut Session, call: &str) -> Html {
    Html::parse_document(&client.text(&format!("SELECT {call}")))
}

/// An attribute of the elements that a selector names.
fn all(page: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
}

fn words(page: &Html, selector: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
}

#[test]
fn each_number_on_the_page_is_the_one_that_sql_counts() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    client
        .batch_execute(
            "UPDATE bat_listings SET currency = 'EUR'
             WHERE url IN (SELECT url FROM bat_listings WHERE status = 'sold' ORDER BY url LIMIT 2)",
        )
        .unwrap();
    let html = page(&mut client, "bat_report()");
    for (figure, sql) in [
        ("partners", "SELECT count(*) FROM businesses"),
        ("listings", "SELECT count(*) FROM bat_listings"),
        ("listings_live", "SELECT count(*) FROM bat_listings WHERE status = 'live'"),
        ("listings_sold", "SELECT count(*) FROM bat_listings WHERE status = 'sold'"),
        ("vehicles", "SELECT count(*) FROM vehicles"),
        ("in_stock", "SELECT count(*) FROM dealer_inventory WHERE status IN ('in_stock', 'pending')"),
    ] {
        assert_eq!(
            all(&html, &format!("[data-figure={figure}]"), "data-value"),
            client.column(sql),
            "{figure}"
        );
    }
    let partners = "SELECT b.id FROM businesses AS b LEFT JOIN bat_listings AS l ON l.organization_id = b.id
        GROUP BY b.id
        ORDER BY count(*) FILTER (WHERE l.status = 'sold') DESC, count(l.url) DESC, b.business_name, b.id LIMIT 20";
    assert_eq!(all(&html, "[data-partner]", "data-partner"), client.column(partners));
    let states =
        "SELECT state || ' ' || count(*) FROM businesses WHERE country = 'US' GROUP BY state ORDER BY state";
    let tiles =
        all(&html, "[data-state]", "data-state").into_iter().zip(all(&html, "[data-state]", "data-partners"));
    let mut tiles: Vec<String> =
        tiles.filter(|(_, count)| count != "0").map(|(state, count)| format!("{state} {count}")).collect();
    tiles.sort();
    assert_eq!(tiles, client.column(states));
    the_months_are_those_of_plain_sql(&mut client, &html);
    let newest = "SELECT url FROM bat_listings WHERE organization_id IS NOT NULL ORDER BY ends_at DESC NULLS LAST, url LIMIT 12";
    assert_eq!(all(&html, "[data-vehicle]", "data-vehicle"), client.column(newest));
    let problems = "SELECT count FROM bat_problems ORDER BY count DESC, problem";
    assert_eq!(all(&html, "[data-problem]", "data-count"), client.column(problems));
}

fn the_months_are_those_of_plain_sql(client: &mut Session, html: &Html) {
    let sold = "FROM bat_listings WHERE status = 'sold' AND currency = 'USD' AND organization_id IS NOT NULL GROUP BY 1";
    let by_month = "SELECT to_char(ends_at AT TIME ZONE 'America/Los_Angeles', 'YYYY-MM') AS month";
    for (chart, value) in
        [("volume", "sum(sale_price)"), ("median", "percentile_cont(0.5) WITHIN GROUP (ORDER BY sale_price)")]
    {
        let bars = format!("[data-chart={chart}] [data-month][data-value]:not([data-value='0'])");
        let shown: Vec<String> = all(html, &bars, "data-month")
            .into_iter()
            .zip(all(html, &bars, "data-value"))
            .map(|(month, value)| format!("{month} {value}"))
            .collect();
        let expected = client.column(&format!(
            "SELECT month || ' ' || trim_scale(value::numeric)
             FROM ({by_month}, {value} AS value {sold}) AS m
             WHERE month > (SELECT to_char(max(ends_at AT TIME ZONE 'America/Los_Angeles') - interval '24 months', 'YYYY-MM')
                 FROM bat_listings WHERE status IN ('sold', 'reserve_not_met') AND organization_id IS NOT NULL)
             ORDER BY month"
        ));
        assert!(!expected.is_empty());
        assert_eq!(shown, expected, "{chart}");
    }
    assert_eq!(words(html, "[data-other-currencies]").len(), 1);
}

#[test]
fn the_page_of_one_partner_is_of_that_partner_alone() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    let id = client.text("SELECT id FROM bat_partner_overview ORDER BY sold DESC LIMIT 1");
    let html = page(&mut client, &format!("bat_report('{id}')"));
    assert_eq!(
        words(&html, "h1"),
        client.column(&format!("SELECT business_name FROM businesses WHERE id = '{id}'"))
    );
    assert_eq!(all(&html, "[data-partner]", "data-partner"), std::slice::from_ref(&id));
    for (figure, condition) in
        [("listings", "true"), ("live", "status = 'live'"), ("sold", "status = 'sold'")]
    {
        let sql = format!("SELECT count(*) FROM bat_listings WHERE organization_id = '{id}' AND {condition}");
        assert_eq!(
            all(&html, &format!("[data-figure={figure}]"), "data-value"),
            client.column(&sql),
            "{figure}"
        );
    }
    let others = all(&html, "[data-vehicle]", "data-vehicle").into_iter().filter(|url| {
        client.number(&format!(
            "SELECT count(*) FROM bat_listings WHERE url = '{url}' AND organization_id = '{id}'"
        )) != 1
    });
    assert_eq!(others.count(), 0);
    let failure = client.error("SELECT bat_report('00000000-0000-4000-8000-000000000000')");
    assert_eq!(failure.sqlstate, "P0002");
    let id = client.text("INSERT INTO businesses (business_name) VALUES ('A neighbour') RETURNING id");
    let failure = client.error(&format!("SELECT bat_report('{id}')"));
    let words = format!("organization {id} is no partner, and no listing of it is stored");
    assert_eq!((failure.sqlstate.as_str(), failure.message), ("55000", words));
}

#[test]
fn an_end_without_end_is_of_no_month() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 50, skip_enrich => true)").unwrap();
    client
        .batch_execute(
            "UPDATE bat_listings AS l SET ends_at = p.time
             FROM (
                 SELECT url, CASE row_number() OVER (ORDER BY url) WHEN 1 THEN 'infinity' ELSE '-infinity' END::timestamptz AS time
                 FROM bat_listings WHERE status = 'sold' AND organization_id IS NOT NULL ORDER BY url LIMIT 2
             ) AS p
             WHERE p.url = l.url;
             SET statement_timeout = '10s'",
        )
        .unwrap();
    let html = page(&mut client, "bat_report()");
    let months = client.column(
        "SELECT DISTINCT to_char(ends_at AT TIME ZONE 'America/Los_Angeles', 'YYYY-MM') FROM bat_listings
         WHERE status IN ('sold', 'reserve_not_met') AND organization_id IS NOT NULL AND isfinite(ends_at)",
    );
    let shown = all(&html, "[data-month]", "data-month");
    assert!(!months.is_empty() && shown.contains(months.iter().max().unwrap()), "{shown:?}");
}

/// A partner with these listings: number, status, currency, price, end, vehicle.
fn listings(client: &mut Session, rows: &str) {
    client
        .batch_execute(&format!(
            "SELECT bat_setup();
             INSERT INTO businesses (id, business_name, geographic_key, metadata)
             VALUES ('00000000-0000-4000-8000-000000000001', 'One', 'one', '{{\"directory_position\": 1}}');
             INSERT INTO vehicles (id, make) VALUES ('00000000-0000-4000-8000-00000000000a', 'BMW');
             INSERT INTO bat_listings (url, listing_id, status, currency, sale_price, ends_at, vehicle_id, organization_id)
             SELECT 'https://bringatrailer.com/listing/' || r.id || '/', r.id, r.status, r.currency, r.price,
                 r.ends_at::timestamptz, r.vehicle::uuid, '00000000-0000-4000-8000-000000000001'
             FROM (VALUES {rows}) AS r (id, status, currency, price, ends_at, vehicle)"
        ))
        .unwrap();
}

#[test]
fn a_car_that_is_offered_again_is_shown_once_and_whatever_came_after_it() {
    let server = Server::start("");
    let mut client = server.client();
    let car = "'00000000-0000-4000-8000-00000000000a'";
    let others: String =
        (10..30).map(|id| format!(", ({id}, 'sold', 'USD', 1, '2026-08-01 12:00+00', NULL)")).collect();
    listings(
        &mut client,
        &format!(
            "(1, 'reserve_not_met', 'USD', NULL, '2026-05-31 12:00+00', {car}),
             (2, 'live', 'USD', NULL, '2026-06-10 12:00+00', {car}){others}"
        ),
    );
    let html = page(&mut client, "bat_report()");
    assert_eq!(all(&html, "[data-vehicle]", "data-vehicle"), ["https://bringatrailer.com/listing/2/"]);
}

#[test]
fn sales_in_an_unknown_currency_are_summed_up_where_most_are() {
    let server = Server::start("");
    let mut client = server.client();
    listings(
        &mut client,
        "(1, 'sold', NULL, 10000, '2026-05-10 12:00+00', NULL), (2, 'sold', NULL, 30000, '2026-05-11 12:00+00', NULL)",
    );
    let html = page(&mut client, "bat_report()");
    let month = words(&html, "[data-month]").join(" ");
    assert!(month.contains("40,000"), "{month}");
}

#[test]
fn it_is_made_without_tables_and_by_a_reader() {
    let server = Server::start("");
    let mut client = server.client();
    let html = page(&mut client, "bat_report()");
    assert_eq!(all(&html, "[data-health]", "data-health"), ["not set up"]);
    client.batch_execute("SELECT bat_setup(); CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN").unwrap();
    client.batch_execute("SELECT bat_grant('reader')").unwrap();
    let mut reader = server.session("reader", "postgres");
    let html = page(&mut reader, "bat_report()");
    assert_eq!(all(&html, "[data-health]", "data-health"), ["healthy"]);
    assert_eq!(reader.text("SELECT pg_typeof(bat_report())"), "\"text/html\"");
    assert_eq!(server.session("nobody", "postgres").error("SELECT bat_report()").sqlstate, "42501");
}

/// What somebody may have put into a title.
const HOSTILE: &str =
    r#""><script>document.title='owned'</script><img src=x onerror="document.title='owned'">{{ 7*7 }}"#;

fn with_hostile_rows(client: &mut Session) {
    let text = HOSTILE.replace('\'', "''");
    client
        .batch_execute(&format!(
            "SELECT bat_setup();
             INSERT INTO businesses (id, business_name, geographic_key, city, state, country, bat_username, website,
                 discovered_via, status)
             VALUES ('00000000-0000-4000-8000-000000000001', '{text}', 'a', '{text}', '{text}', '{text}', '{text}',
                 'javascript:alert(1)', 'bat_local_partners', 'active');
             INSERT INTO vehicles (id, primary_image_url) VALUES
                 ('00000000-0000-4000-8000-00000000000a', 'javascript:alert(1)'),
                 ('00000000-0000-4000-8000-00000000000b', 'https://pictures.example/x.jpg');
             INSERT INTO bat_listings (url, listing_id, title, status, currency, sale_price, ends_at, vehicle_id, organization_id)
             VALUES
                 ('javascript:alert(2)', 2, '{text}', 'sold', '{text}', 7, '2026-01-05', '00000000-0000-4000-8000-00000000000a',
                  '00000000-0000-4000-8000-000000000001'),
                 ('https://bringatrailer.com/listing/x/', 1, '{text}', '{text}', 'USD', 8, '2026-02-05',
                  '00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-000000000001')"
        ))
        .unwrap();
}

#[test]
fn what_others_wrote_stays_text() {
    let server = Server::start("");
    let mut client = server.client();
    with_hostile_rows(&mut client);
    for call in ["bat_report()", "bat_report('00000000-0000-4000-8000-000000000001')"] {
        let html = page(&mut client, call);
        assert_eq!(words(&html, "script, iframe, object, [onerror]").len(), 0, "{call}");
        assert_eq!(words(&html, ".cards h3"), [HOSTILE, HOSTILE], "{call}");
        assert_eq!(all(&html, "img", "src"), ["https://pictures.example/x.jpg"], "{call}");
        assert_eq!(all(&html, "a[href^='javascript']", "href").len(), 0, "{call}");
    }
}

/// The browser, if there is one.
fn browser() -> Option<PathBuf> {
    let found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    found.iter().map(PathBuf::from).find(|path| path.exists())
}

/// Opens a file in a browser that reaches no network. Returns the document as it is then, and what the console said.
fn open(browser: &Path, folder: &Path, file: &Path, arguments: &[&str]) -> (String, Vec<String>) {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args([
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
            "--v=0",
            "--timeout=20000",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", file.display()))
        .env("HOME", folder)
        .output()
        .expect("the browser starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    (String::from_utf8_lossy(&output.stdout).into_owned(), said)
}

#[test]
fn a_browser_shows_it_without_a_word_on_its_console_and_without_network() {
    let Some(browser) = browser() else {
        eprintln!("skipped: there is no chromium; `make test-browser` installs it and runs this test");
        return;
    };
    let server = Server::start("");
    let mut client = server.client();
    with_hostile_rows(&mut client);
    let folder = std::env::temp_dir().join(format!("bat_partners_browser_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("report.html");
    let html = client.text("SELECT bat_report()");
    std::fs::write(&file, &html).unwrap();
    let (document, said) = open(&browser, &folder, &file, &["--dump-dom"]);
    // That a picture cannot be had is told by the browser itself, of every page.
    let errors: Vec<&String> = said.iter().filter(|line| !line.contains("Failed to load resource")).collect();
    assert_eq!(errors, Vec::<&String>::new());
    let shown = Html::parse_document(&document);
    assert_eq!(words(&shown, "head > title"), ["Bring a Trailer partners"], "no script ran");
    assert_eq!(words(&shown, ".cards h3"), [HOSTILE, HOSTILE]);
    assert_eq!(words(&shown, "section").len(), 6);
    // The same page with a script: the console tells that the page's policy forbids it, so it would tell of other errors, too.
    std::fs::write(&file, html.replace("</body>", "<script>document.title = 'owned'</script></body>"))
        .unwrap();
    let (document, said) = open(&browser, &folder, &file, &["--dump-dom"]);
    assert!(said.iter().any(|line| line.contains("Content Security Policy")), "{said:?}");
    assert_eq!(words(&Html::parse_document(&document), "head > title"), ["Bring a Trailer partners"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

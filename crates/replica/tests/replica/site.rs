//! The site's pages: the same for the same seed, of the real size and structure, and as the truth says.
use std::collections::HashSet;
use std::io::Read as _;
use std::sync::LazyLock;

use crate::client::{get, send};
use bat_replica::{Config, Replica, Robots};
use serde_json::Value;

/// One replica for all tests that change nothing.
static SITE: LazyLock<Replica> =
    LazyLock::new(|| Replica::start(Config { listings: 400, rel_next: true, ..Config::default() }).unwrap());
static TRUTH: LazyLock<Value> = LazyLock::new(|| SITE.truth());

fn listings() -> &'static Vec<Value> {
    TRUTH["listings"].as_array().unwrap()
}

fn path(truth: &Value) -> String {
    truth["url"].as_str().unwrap().replace("https://bringatrailer.com", "")
}

fn page(truth: &Value) -> String {
    get(SITE.port(), &path(truth)).text()
}

/// The first listing that is so and whose page is there.
fn find(is_so: impl Fn(&Value) -> bool) -> &'static Value {
    listings().iter().find(|truth| truth["replica"]["gone"] == false && is_so(truth)).unwrap()
}

fn current(truth: &Value) -> bool {
    truth["replica"]["markup"] == "Current"
}

#[test]
fn same_seed_same_bytes_other_seed_other_bytes() {
    let start = |seed| Replica::start(Config { seed, listings: 30, ..Config::default() }).unwrap();
    let (first, second, other) = (start(1), start(1), start(2));
    let truth = first.truth()["listings"].clone();
    assert_eq!(truth, second.truth()["listings"]);
    for listing in truth.as_array().unwrap().iter().rev().take(5) {
        let path = path(listing);
        let page = get(first.port(), &path).body;
        assert!(page == get(second.port(), &path).body && page == get(first.port(), &path).body);
        assert_ne!(page, get(other.port(), &path).body);
    }
}

#[test]
fn listing_pages_have_the_real_size() {
    for truth in listings().iter().step_by(9).filter(|truth| truth["replica"]["gone"] == false) {
        let length = get(SITE.port(), &path(truth)).body.len();
        let ancient = truth["replica"]["markup"] == "Ancient";
        assert!(
            (400_000..650_000).contains(&length) || ancient && length > 370_000,
            "{} {length}",
            path(truth)
        );
    }
}

#[test]
fn gzip_gives_the_same_page_smaller() {
    let path = path(find(current));
    let plain = get(SITE.port(), &path).body;
    let packed = send(SITE.port(), "GET", &path, &[("Accept-Encoding", "br, gzip")], "");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < plain.len() / 3);
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain);
    let refused = send(SITE.port(), "GET", &path, &[("Accept-Encoding", "gzip;q=0")], "");
    assert_eq!(refused.header("content-encoding"), None);
}

#[test]
fn a_sold_page_has_the_real_structure_and_traps() {
    let truth =
        find(|truth| truth["status"] == "sold" && truth["sold_after_auction"] == false && current(truth));
    let html = page(truth);
    for part in [
        "|  Bring a Trailer</title>",
        "<div class=\"essentials\">",
        "</div><strong>Location</strong>: <a href=",
        "<table class=\"listing-stats ended\" id=\"listing-bid\"",
        "class=\"listing-closed\"",
        "Winning Bid",
        "var BAT_VMS = {",
        "\"biddable_markup\":{\"box\":",
        "data-gallery-items=\"[{&quot;context&quot;",
        "BaT History",
        "\"contentGroup\":\"listing-detail-page-closed\"",
        "<span data-listing-currently=",
        "type=\"text/html\" id=\"comment-type-bat-bid\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert_eq!(html.matches("<h1").count(), 9);
    assert_eq!(html.matches("class=\"post-excerpt\"").count(), 3);
    assert_eq!(html.matches("data-stats-item=\"views\"").count(), 2);
    assert_eq!(html.matches("application/ld+json").count(), 3);
    assert!(html.matches("class=\"current-auction current-auction-featured").count() >= 22);
    assert_eq!(html.matches("\"type\":\"bat-bid\"").count() as i64, truth["bid_count"].as_i64().unwrap());
    assert_eq!(html.matches("\"type\":\"comment\"").count() as i64, truth["comment_count"].as_i64().unwrap());
    assert_eq!(html.matches("&quot;dimensions&quot;").count() as i64, truth["image_count"].as_i64().unwrap());
}

#[test]
fn the_thread_is_valid_json_with_the_closing_event_not_always_last() {
    let mut last = HashSet::new();
    for truth in listings().iter().filter(|truth| truth["status"] == "sold").take(12) {
        let html = page(truth);
        let start = html.find("var BAT_VMS = ").unwrap() + "var BAT_VMS = ".len();
        let vms: Value =
            serde_json::Deserializer::from_str(&html[start..]).into_iter().next().unwrap().unwrap();
        let comments = vms["comments"].as_array().unwrap();
        assert!(comments.is_sorted_by_key(|comment| comment["timestamp"].as_i64()));
        last.insert(comments.last().unwrap()["type"].as_str().unwrap().to_owned());
    }
    assert!(last.contains("comment") && last.len() > 1, "{last:?}");
}

#[test]
fn every_state_and_form_occurs() {
    let all = |key: &str| listings().iter().map(|truth| truth[key].to_string()).collect::<HashSet<_>>();
    assert_eq!(all("status").len(), 5);
    assert!(all("currency").len() >= 3);
    let forms: HashSet<String> =
        listings().iter().map(|truth| truth["replica"]["markup"].to_string()).collect();
    assert_eq!(forms.len(), 4);
    for (key, wanted) in
        [("sold_after_auction", true), ("alumni", true), ("no_reserve", true), ("premium", true)]
    {
        find(|truth| truth[key] == wanted);
    }
    find(|truth| truth["year"].is_null() && truth["chassis"].is_null());
    find(|truth| truth["mileage"]["unit"] == "km");
    find(|truth| truth["mileage"]["tmu"] == true);
    find(|truth| truth["dealer_charges"].is_string());
    find(|truth| path(truth).contains("%e2%80%b3"));
    find(|truth| truth["history"].as_array().is_some_and(|history| history.len() > 1));
}

#[test]
fn live_and_unsold_pages_keep_their_secrets() {
    let live = page(find(|truth| truth["status"] == "live"));
    assert!(
        live.contains("class=\"listing-stats \"")
            && live.contains("data-until=")
            && !live.contains("listing-closed")
    );
    assert!(live.contains("data-auction-ends=\"2026-4-") || live.contains("data-auction-ends=\"2026-5-"));
    let unsold = find(|truth| truth["status"] == "reserve_not_met" && current(truth));
    let html = page(unsold);
    assert!(html.contains("(Reserve Not Met)") && !html.contains("data-listing-high-bidder-link"));
    assert!(html.contains("for sale on BaT Auctions - closed on "));
    assert!(unsold["high_bidder_username"].is_string() && unsold["sale_price"].is_null());
    let price = format!("\"price\":{}", unsold["high_bid"]);
    assert!(html.contains(&price), "the page's data names the bid of an unsold lot as its price");
}

#[test]
fn paths_redirect_as_on_the_real_site() {
    let truth = find(current);
    let (port, path) = (SITE.port(), path(truth));
    let bare = get(port, path.trim_end_matches('/'));
    assert_eq!((bare.status, bare.header("location")), (301, Some(path.as_str())));
    let upper = path.replacen("/listing/", "", 1).to_uppercase();
    let upper = get(port, &format!("/listing/{upper}"));
    assert_eq!((upper.status, upper.header("location")), (301, Some(path.as_str())));
    let german = get(port, &format!("/de{path}"));
    assert!(
        german.status == 200
            && german
                .text()
                .contains(&format!("<link rel=\"canonical\" href=\"https://bringatrailer.com{path}\""))
    );
    assert_eq!(get(port, "/listing/no-such-lot/").status, 404);
    let gone = listings().iter().find(|truth| truth["replica"]["gone"] == true).unwrap();
    assert_eq!(get(port, &self::path(gone)).status, 410);
    let date = get(port, &path).header("last-modified").unwrap().to_owned();
    assert_eq!(send(port, "GET", &path, &[("If-Modified-Since", &date)], "").status, 304);
}

#[test]
fn directory_has_83_rows_in_31_regions_and_its_oddities() {
    let html = get(SITE.port(), "/local-partners/").text();
    assert_eq!(html.matches("BaT username: <a href=\"https://bringatrailer.com/member/").count(), 83);
    assert_eq!(html.matches("<h3>").count(), 31);
    assert_eq!(html.matches("<h2>").count(), 4);
    assert_eq!(html.matches("‘s website").count(), 4);
    assert_eq!(html.matches("/member/foundryclubs/").count(), 3);
    assert!(html.contains("/member/2StrokesLater/") && html.contains("/member/2strokeslater/"));
    for oddity in [
        "Tübingen, Germany",
        "San Diego &#8211; North County, CA",
        "Cedar Rapids / Waterloo, IA",
        "Weir&#8217;s Motors",
        "Hollis &#038; Brandt",
    ] {
        assert!(html.contains(oddity), "{oddity}");
    }
    assert_eq!(TRUTH["partners"].as_array().unwrap().len(), 83);
}

#[test]
fn a_member_s_listings_can_all_be_walked() {
    let member = &TRUTH["members"][0];
    let name = member["username"].as_str().unwrap();
    let all: HashSet<String> = member["all_listings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|url| url.as_str().unwrap().to_owned())
        .collect();
    assert!(all.len() > 50);
    let mut seen = HashSet::new();
    for page in 1..=all.len().div_ceil(25) {
        let html = get(SITE.port(), &format!("/member/{}/?page={page}", name.to_uppercase())).text();
        assert_eq!(html.contains("rel=\"next\""), page < all.len().div_ceil(25));
        let own =
            &html[html.find("section-current-listings").unwrap()..html.find("section-won-listings").unwrap()];
        seen.extend(
            own.split("<h3><a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
        let foreign = &html[html.find("section-won-listings").unwrap()..];
        assert!(foreign.contains("/listing/"));
    }
    assert_eq!(seen, all);
    assert_eq!(get(SITE.port(), &format!("/member/{name}/page/2/")).status, 200);
    assert_eq!(get(SITE.port(), "/member/nobody-at-all/").status, 404);
}

#[test]
fn feed_has_its_limits() {
    let filter =
        |query: &str| get(SITE.port(), &format!("/wp-json/bringatrailer/1.0/data/listings-filter?{query}"));
    assert_eq!(filter("page=1&per_page=96").status, 400);
    assert_eq!(filter("per_page=24").status, 400);
    let first = filter("page=1&per_page=48&get_items=1").json();
    let closed = listings().iter().filter(|truth| truth["status"] != "live").count();
    assert_eq!(
        (first["items_total"].as_u64(), first["items"].as_array().map(Vec::len)),
        (Some(closed as u64), Some(48))
    );
    assert_eq!(filter("page=209&per_page=48").json()["items"], Value::Array(Vec::new()));
    let sold = filter("page=1&per_page=50&state=sold&minimum_year=1990").json();
    assert!(
        sold["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["sold_text"].as_str().unwrap().starts_with("Sold for "))
    );
    let body = r#"{"page": 2, "per_page": 20, "state": "unsold", "get_items": 1}"#;
    let headers = [("Content-Type", "application/json")];
    let posted =
        send(SITE.port(), "POST", "/wp-json/bringatrailer/1.0/data/listings-filter", &headers, body).json();
    assert_eq!((posted["page_current"].as_u64(), posted["items_per_page"].as_u64()), (Some(2), Some(20)));
    let texts = filter("page=1&per_page=95").text() + &filter("page=3&per_page=95").text();
    assert!(
        texts.contains("/2026 </span>") && texts.contains("/25 </span>"),
        "years of four and of two digits"
    );
    assert!(get(SITE.port(), "/auctions/").text().contains("var auctionsCurrentInitialData = {"));
    assert!(get(SITE.port(), "/auctions/results/").text().contains("var auctionsCompletedInitialData = {"));
}

#[test]
fn partner_sites_answer_with_pages_and_pictures() {
    let truth = TRUTH["sites"].as_object().unwrap();
    assert_eq!(truth.len(), 77);
    for (url, _) in truth.iter().take(8) {
        let path = url.split_once(&SITE.port().to_string()).unwrap().1;
        assert!(get(SITE.port(), path).text().contains("<title>"));
        let icon = get(SITE.port(), &format!("{path}assets/icon.png"));
        assert!(icon.header("content-type") == Some("image/png") && icon.body.starts_with(b"\x89PNG"));
        assert_eq!(get(SITE.port(), &format!("{path}favicon.ico")).status, 200);
        assert_eq!(get(SITE.port(), &format!("{path}contact")).status, 200);
        assert_eq!(get(SITE.port(), &format!("{path}nowhere")).status, 404);
    }
}

#[test]
fn robots_and_saved_pages_come_from_the_settings() {
    let folder = std::env::temp_dir().join(format!("bat-replica-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let saved = "<html><link rel=\"canonical\" href=\"https://bringatrailer.com/listing/a-saved-lot/\" />\
                 <h1 class=\"post-title listing-post-title\">A Saved Lot</h1><div class=\"item item-seller\">Seller: \
                 <a href=\"https://bringatrailer.com/member/saver/\">Saver</a></div></html>";
    std::fs::write(folder.join("one.html"), saved).unwrap();
    let config = Config {
        listings: 60,
        pages: Some(folder.clone()),
        robots: Robots::Text("hello".to_owned()),
        ..Config::default()
    };
    let replica = Replica::start(config).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    assert_eq!(get(replica.port(), "/robots.txt").text(), "hello");
    assert_eq!(get(replica.port(), "/listing/a-saved-lot/").text(), saved);
    assert!(
        get(replica.port(), "/member/saver/")
            .text()
            .contains("https://bringatrailer.com/listing/a-saved-lot/")
    );
    let directory = get(replica.port(), "/local-partners/").text();
    assert_eq!(
        (directory.matches("BaT username").count(), directory.matches("/member/saver/").count()),
        (83, 1)
    );
}

//! The life of a listing: what the rows say after each step, when its page is asked for next, and that nothing is asked
//! for in between.

use std::time::{SystemTime, UNIX_EPOCH};

use bat_replica::Config;
use serde_json::{Value, json};

use crate::fidelity;
use crate::server::{Server, Session};
use crate::site::Site;

const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Unix seconds.
pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A site whose clock is the server's, and its partners indexed.
pub fn begin() -> (Site, Server) {
    let site = Site::start(Config { seed: 2, partners: 8, listings: 150, now: now(), ..Config::default() });
    let server = site.server();
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    (site, server)
}

/// A live listing of a car with a VIN that was never offered before: of a partner, or of somebody else. `is_removed`:
/// whether its page will be gone when it is withdrawn.
pub fn car(site: &Site, is_partners: bool, is_removed: bool) -> Value {
    let partners = site.partners();
    let fits = |listing: &Value| {
        let seller = &listing["seller_username"];
        listing["vin"].is_string()
            && listing["history"].as_array().is_some_and(|history| history.len() == 1)
            && partners.iter().any(|partner| partner["bat_username"] == *seller) == is_partners
            && (listing["replica"]["chain"].as_i64().unwrap() % 4 == 0) == is_removed
    };
    site.listings("?status=live").into_iter().find(fits).expect("a car")
}

pub fn url(listing: &Value) -> String {
    listing["url"].as_str().unwrap().to_owned()
}

/// Makes all waiting visits due, and makes them.
pub fn visit(client: &mut Session) {
    client.batch_execute("UPDATE bat_tasks SET run_after = now() WHERE state = 'ready'").unwrap();
    client.batch_execute("CALL bat_work(30)").unwrap();
}

/// State, standing bid, highest bid, price, and whether it was sold after the auction.
pub fn auction(client: &mut Session, url: &str) -> Value {
    client.json(&format!(
        "SELECT jsonb_build_array(status, current_bid, high_bid, sale_price, sold_after_auction)
         FROM bat_listings WHERE url = '{url}'"
    ))
}

/// Of the vehicle of a listing: its newest auction, how that went, and its last sale.
pub fn vehicle(client: &mut Session, url: &str) -> Value {
    client.json(&format!(
        "SELECT jsonb_build_array(v.bat_auction_url, v.auction_outcome, v.sale_price, v.sale_currency, v.sale_date)
         FROM vehicles AS v JOIN bat_listings AS l ON l.vehicle_id = v.id WHERE l.url = '{url}'"
    ))
}

/// What organizations have to do with the vehicle of a listing.
pub fn links(client: &mut Session, url: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT concat_ws(' ', o.relationship_type, o.status, o.listing_status, o.sale_price)
         FROM organization_vehicles AS o JOIN bat_listings AS l ON l.vehicle_id = o.vehicle_id
         WHERE l.url = '{url}' ORDER BY 1"
    ))
}

/// Place, state, amount and change of each auction of the vehicle of a listing.
pub fn history(client: &mut Session, url: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT concat_ws(' ', h.number, h.url = '{url}', h.status, h.amount, COALESCE(h.change::text, '-'))
         FROM bat_vehicle_history AS h
         WHERE h.vehicle_id = (SELECT l.vehicle_id FROM bat_listings AS l WHERE l.url = '{url}')
         ORDER BY h.number"
    ))
}

/// Fails unless the next visit of a listing is at this time, give or take the time that a test takes.
pub fn assert_next(client: &mut Session, url: &str, expected: i64) {
    let next = client.number(&format!(
        "SELECT extract(epoch FROM run_after)::bigint FROM bat_tasks WHERE key = '{url}' AND state = 'ready'"
    ));
    assert!((next - expected).abs() < 20, "{} seconds later than expected", next - expected);
}

pub fn assert_no_visit(client: &mut Session, url: &str) {
    assert_eq!(client.column(&format!("SELECT run_after FROM bat_tasks WHERE key = '{url}'")), [""; 0]);
}

/// Fails unless each stored row says what its page says.
pub fn assert_faithful(site: &Site, client: &mut Session) {
    let (_, found) = fidelity::compare(site, client);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The day on which an auction ended, where the site is.
fn day(client: &mut Session, ends_at: i64) -> String {
    client.text(&format!("SELECT (to_timestamp({ends_at}) AT TIME ZONE 'America/Los_Angeles')::date"))
}

#[test]
fn a_listing_s_life_from_live_to_sold_and_sold_again() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    let bid = live_until_it_ends(&site, &mut client, &url);

    // Below the reserve.
    let end = now() - MINUTE;
    site.set(json!({ "listing": url, "status": "reserve_not_met", "ends_at": end }));
    visit(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid, null, false]));
    assert_eq!(vehicle(&mut client, &url), json!([url, "reserve_not_met", null, null, null]));
    assert_eq!(links(&mut client, &url), ["consigner past reserve_not_met"]);
    assert_eq!(history(&mut client, &url), [format!("1 t reserve_not_met {bid} -")]);
    assert_next(&mut client, &url, end + 3 * DAY);
    assert_faithful(&site, &mut client);

    // A deal, three days later.
    let (end, price) = (now() - 3 * DAY - HOUR, bid + 1_750);
    site.set(json!({ "listing": url, "ends_at": end }));
    site.set(json!({ "listing": url, "status": "sold_after_auction", "price": price }));
    visit(&mut client);
    let page = client.text(&format!("SELECT bat_page('{url}')"));
    assert!(page.contains("\"type\":\"bat-rnm-accepted\""));
    let sold = json!(["sold", null, null, price, true]);
    assert_eq!(auction(&mut client, &url), sold);
    let sale_day = day(&mut client, end);
    let currency = client.text("SELECT currency FROM bat_listings");
    assert_eq!(vehicle(&mut client, &url), json!([url, "sold", price, currency, sale_day]));
    assert_eq!(links(&mut client, &url), [format!("sold_by past sold {price}")]);
    assert_eq!(history(&mut client, &url), [format!("1 t sold {price} -")]);
    assert_no_visit(&mut client, &url);
    assert_faithful(&site, &mut client);

    // Offered again: one vehicle, two listings.
    let before = client.text(&format!("SELECT to_jsonb(l) FROM bat_listings AS l WHERE url = '{url}'"));
    let new = site.set(json!({ "listing": url, "relist": true }));
    let (again, new_bid) = (self::url(&new), new["current_bid"].as_i64().unwrap());
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{again}')")).unwrap();
    visit(&mut client);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
    assert_eq!(auction(&mut client, &again), json!(["live", new_bid, null, null, false]));
    assert_eq!(vehicle(&mut client, &url), json!([again, "live", price, currency, sale_day]));
    let sale = format!("sold_by past sold {price}");
    assert_eq!(links(&mut client, &url), ["consigner active live".to_owned(), sale]);
    let first = format!("1 f sold {price} -");
    let change = new_bid - price;
    assert_eq!(history(&mut client, &again), [first.clone(), format!("2 t live {new_bid} {change}")]);
    assert_next(&mut client, &again, now() + 6 * HOUR);
    // The earlier listing's row stays as it was, also when its page is read again.
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    let after = client.text(&format!("SELECT to_jsonb(l) FROM bat_listings AS l WHERE url = '{url}'"));
    assert_eq!(after, before);
    assert_eq!(vehicle(&mut client, &url), json!([again, "live", price, currency, sale_day]));
    assert_faithful(&site, &mut client);

    // Sold again.
    let (end, new_price) = (now() - 30, new_bid + 5_000);
    site.set(json!({ "listing": again, "status": "sold", "price": new_price, "ends_at": end }));
    visit(&mut client);
    assert_eq!(auction(&mut client, &again), json!(["sold", null, null, new_price, false]));
    assert_eq!(auction(&mut client, &url), sold);
    let sale_day = day(&mut client, end);
    assert_eq!(vehicle(&mut client, &url), json!([again, "sold", new_price, currency, sale_day]));
    assert_eq!(
        links(&mut client, &url),
        ["consigner past sold".to_owned(), format!("sold_by past sold {new_price}")]
    );
    let change = new_price - price;
    assert_eq!(history(&mut client, &again), [first, format!("2 t sold {new_price} {change}")]);
    assert_eq!(client.number("SELECT days FROM bat_vehicle_history WHERE number = 2"), 3);
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks"), 0);
    assert_faithful(&site, &mut client);
}

/// A live listing, visited more often near its end, and again after an end that was extended. Returns its last bid.
fn live_until_it_ends(site: &Site, client: &mut Session, url: &str) -> i64 {
    let mut bid = 0;
    let steps = [
        (3 * DAY, 6 * HOUR),
        (DAY + 3 * HOUR, 3 * HOUR),
        (20 * HOUR, 2 * HOUR),
        (HOUR, HOUR / 2),
        (10 * MINUTE, 20 * MINUTE),
        // The end has passed, and late bids go on.
        (-10 * MINUTE, 10 * MINUTE),
        (-2 * HOUR, 2 * HOUR),
        (4 * MINUTE, 14 * MINUTE),
    ];
    for (left, next) in steps {
        let raised = site.set(json!({ "listing": url, "ends_at": now() + left }));
        bid = raised["current_bid"].as_i64().unwrap() + 500;
        site.set(json!({ "listing": url, "price": bid }));
        visit(client);
        assert_eq!(auction(client, url), json!(["live", bid, null, null, false]));
        assert_eq!(vehicle(client, url), json!([url, "live", null, null, null]));
        assert_eq!(links(client, url), ["consigner active live"]);
        assert_eq!(history(client, url), [format!("1 t live {bid} -")]);
        assert_next(client, url, now() + next);
        assert_faithful(site, client);
    }
    bid
}

#[test]
fn what_a_person_wrote_survives_a_listing_s_life() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    visit(&mut client);
    client
        .batch_execute(
            "UPDATE vehicles SET exterior_color = 'Mine', description = NULL, sale_price = 1, trim = 'Mine too';
             UPDATE bat_listings SET title = 'My title';
             UPDATE organization_vehicles SET notes = 'my notes', asking_price = 2",
        )
        .unwrap();
    let mine = "SELECT concat_ws('|', v.exterior_color, v.description, v.sale_price, v.trim, l.title, o.notes, o.asking_price)
        FROM vehicles AS v JOIN organization_vehicles AS o ON o.vehicle_id = v.id
        JOIN bat_listings AS l ON l.vehicle_id = v.id ORDER BY l.listing_id, o.created_at LIMIT 1";
    let kept = "Mine|1|Mine too|My title|my notes|2";
    let again = self::url(&site.set(json!({ "listing": url, "relist": true })));
    site.set(json!({ "listing": again, "status": "reserve_not_met" }));
    for (listing, status) in
        [(&url, "reserve_not_met"), (&url, "sold_after_auction"), (&again, "live"), (&again, "sold")]
    {
        site.set(json!({ "listing": listing, "status": status }));
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{listing}')")).unwrap();
        visit(&mut client);
        assert_eq!(client.text(mine), kept, "{listing} {status}");
    }
    assert_eq!(
        client.text("SELECT bat_auction_url || ' ' || auction_outcome FROM vehicles"),
        format!("{again} sold")
    );
}

#[test]
fn a_listing_that_is_withdrawn_is_not_visited_again() {
    let (site, server) = begin();
    let mut client = server.client();
    for is_removed in [false, true] {
        let listing = car(&site, true, is_removed);
        let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
        visit(&mut client);
        let withdrawn = site.set(json!({ "listing": url, "status": "withdrawn" }));
        assert_eq!(withdrawn["replica"]["gone"], is_removed);
        visit(&mut client);
        assert_eq!(auction(&mut client, &url), json!(["withdrawn", null, bid, null, false]));
        assert_eq!(vehicle(&mut client, &url), json!([url, "withdrawn", null, null, null]));
        assert_eq!(links(&mut client, &url), ["consigner past withdrawn"]);
        assert_eq!(history(&mut client, &url), [format!("1 t withdrawn {bid} -")]);
        // A page that is gone leaves its task with the error.
        let left = if is_removed { vec!["dead 02000"] } else { Vec::new() };
        let task = format!("SELECT state || ' ' || last_sqlstate FROM bat_tasks WHERE key = '{url}'");
        assert_eq!(client.column(&task), left);
        assert_eq!(client.text("SELECT status FROM bat_enqueue_due('listing')"), "nothing_to_do");
        assert_faithful(&site, &mut client);
    }
}

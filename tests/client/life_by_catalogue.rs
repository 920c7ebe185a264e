//! The life of a listing as the catalogue alone tells it: `bat_sweep`, and nothing else.

use bat_replica::Config;
use serde_json::{Value, json};

use crate::life::{
    DAY, HOUR, assert_next, assert_no_visit, auction, begin, car, history, links, now, url, vehicle, visit,
};
use crate::server::Session;
use crate::site::{Site, path};

fn sweep(client: &mut Session) {
    client.batch_execute("CALL bat_sweep()").unwrap();
}

/// How often the page of a listing was asked for.
fn reads(site: &Site, url: &str) -> usize {
    site.requests(path(url)).len()
}

#[test]
fn a_partner_s_listing_is_read_again_when_the_catalogue_knows_more() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["live", bid, null, null, false]));
    assert_eq!(links(&mut client, &url), ["consigner active live"]);
    let mut read = reads(&site, &url);
    let mut next_read = |client: &mut Session| {
        sweep(client);
        read += 1;
        // Once, and not again while nothing has changed.
        sweep(client);
        assert_eq!(reads(&site, &url), read);
    };

    site.set(json!({ "listing": url, "status": "reserve_not_met" }));
    next_read(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid, null, false]));
    assert_eq!(links(&mut client, &url), ["consigner past reserve_not_met"]);

    let price = bid + 2_500;
    site.set(json!({ "listing": url, "status": "sold_after_auction", "price": price }));
    next_read(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["sold", null, null, price, true]));
    assert_eq!(links(&mut client, &url), [format!("sold_by past sold {price}")]);

    let new = site.set(json!({ "listing": url, "relist": true, "ends_at": now() + DAY }));
    let again = self::url(&new);
    sweep(&mut client);
    assert_eq!(reads(&site, &again), 1);
    assert_eq!(
        vehicle(&mut client, &url).as_array().unwrap()[..3],
        [json!(again), json!("live"), json!(price)]
    );
    assert_eq!(
        links(&mut client, &url),
        ["consigner active live".to_owned(), format!("sold_by past sold {price}")]
    );

    let end = now() - 30;
    site.set(json!({ "listing": again, "status": "sold", "price": price + 1_000, "ends_at": end }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &again), json!(["sold", null, null, price + 1_000, false]));
    let sold = format!("sold_by past sold {}", price + 1_000);
    assert_eq!(links(&mut client, &url), ["consigner past sold".to_owned(), sold]);
    assert_eq!(
        history(&mut client, &again),
        [format!("1 f sold {price} -"), format!("2 t sold {} 1000", price + 1_000)]
    );
    assert_eq!(reads(&site, &again), 2);
    assert_no_visit(&mut client, &again);
}

#[test]
fn a_listing_whose_page_was_missing_at_its_end_ended_as_the_catalogue_tells() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    sweep(&mut client);
    site.fault(path(&url), json!({ "kind": "status", "status": 404 }), None);
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    visit(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["withdrawn", null, bid, null, false]));

    let end = now() - 90;
    site.set(json!({ "listing": url, "status": "reserve_not_met", "price": bid + 500, "ends_at": end }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid + 500, null, false]));
    assert_eq!(links(&mut client, &url), ["consigner past reserve_not_met"]);
    assert_eq!(history(&mut client, &url), [format!("1 t reserve_not_met {} -", bid + 500)]);
}

#[test]
fn a_light_row_is_kept_up_to_date_without_its_page() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, false, false);
    let url = url(&listing);
    sweep(&mut client);
    assert_eq!(reads(&site, &url), 1);
    assert_no_visit(&mut client, &url);
    let ends_at = |client: &mut Session| {
        client.number(&format!(
            "SELECT extract(epoch FROM ends_at)::bigint FROM bat_listings WHERE url = '{url}'"
        ))
    };

    // Bids, and a later end.
    let (bid, end) = (listing["current_bid"].as_i64().unwrap() + 750, now() + 5 * HOUR);
    site.set(json!({ "listing": url, "price": bid, "ends_at": end }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["live", bid, null, null, false]));
    assert_eq!(ends_at(&mut client), end);

    // Its end, which the results tell.
    let end = now() - 90;
    site.set(json!({ "listing": url, "status": "reserve_not_met", "ends_at": end }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid, null, false]));
    assert_eq!(ends_at(&mut client), end);

    // Sold after all.
    site.set(json!({ "listing": url, "status": "sold_after_auction", "price": bid + 100 }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["sold", null, null, bid + 100, true]));

    // Offered again, and sold: whether at once, the catalogue does not tell.
    let again = self::url(&site.set(json!({ "listing": url, "relist": true })));
    sweep(&mut client);
    site.set(json!({ "listing": again, "status": "sold", "price": bid + 900 }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &again), json!(["sold", null, null, bid + 900, null]));

    assert_eq!((reads(&site, &url), reads(&site, &again)), (1, 1));
    let light = "SELECT count(*) FROM bat_listings WHERE vehicle_id IS NULL AND url IN";
    assert_eq!(client.number(&format!("{light} ('{url}', '{again}')")), 2);
    // The archive has its page as it was while it was live, which a parser of tomorrow will read.
    client.batch_execute("UPDATE bat_pages SET parser_version = -1").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(
        client.number("SELECT count(*) FROM bat_pages WHERE parser_version = -1 AND kind = 'listing'"),
        0
    );
    assert_eq!(auction(&mut client, &again), json!(["sold", null, null, bid + 900, null]));
    // By then the catalogue has nothing to tell, and the safety net leaves light rows alone.
    client.batch_execute("DELETE FROM bat_tasks").unwrap();
    client.batch_execute("SELECT bat_enqueue_due('listing')").unwrap();
    client.batch_execute("CALL bat_work(30)").unwrap();
    assert_eq!((reads(&site, &url), reads(&site, &again)), (1, 1));
}

#[test]
fn a_listing_that_came_out_of_the_archive_is_visited_once_more_itself() {
    let site = Site::start(Config { seed: 2, partners: 8, listings: 150, now: now(), ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    let end = now() - HOUR;
    site.set(json!({ "listing": url, "status": "reserve_not_met", "ends_at": end }));
    site.set(json!({ "robots": "User-agent: *\nDisallow: /member/\n" }));
    // Its seller is no partner yet.
    sweep(&mut client);
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let seller = listing["seller_username"].as_str().unwrap();
    client.batch_execute(&format!("SELECT bat_enqueue('member', '{seller}')")).unwrap();
    client.batch_execute("CALL bat_work(30)").unwrap();
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid, null, false]));
    assert_eq!((reads(&site, &url), links(&mut client, &url).len()), (1, 1));
    assert_next(&mut client, &url, end + 3 * DAY);
    site.set(json!({ "listing": url, "status": "sold_after_auction", "price": bid + 300 }));
    visit(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["sold", null, null, bid + 300, true]));
    assert_eq!(reads(&site, &url), 2);
}

#[test]
fn of_a_page_that_is_gone_the_catalogue_s_word_is_taken() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    sweep(&mut client);
    site.set(json!({ "listing": url, "status": "reserve_not_met" }));
    sweep(&mut client);
    site.set(json!({ "listing": url, "status": "sold_after_auction", "price": bid + 300 }));
    site.fault(path(&url), json!({ "kind": "status", "status": 410 }), None);
    // The first sweep finds that it is gone, the next one takes what the catalogue tells.
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url)[0], "reserve_not_met");
    let read = reads(&site, &url);
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["sold", null, null, bid + 300, true]));
    assert_eq!(
        vehicle(&mut client, &url).as_array().unwrap()[..3],
        [json!(url), json!("sold"), json!(bid + 300)]
    );
    assert_eq!(links(&mut client, &url), [format!("sold_by past sold {}", bid + 300)]);
    sweep(&mut client);
    assert_eq!(reads(&site, &url), read);
}

#[test]
fn a_listing_whose_page_was_never_read_follows_the_catalogue() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing: Value = car(&site, false, false);
    let url = url(&listing);
    site.fault(path(&url), json!({ "kind": "status", "status": 410 }), None);
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url)[0], "live");
    site.set(json!({ "listing": url, "status": "sold", "price": 4_321 }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["sold", null, null, 4_321, null]));
    assert_eq!(reads(&site, &url), 1);
}

#[test]
fn what_a_person_wrote_into_a_row_keeps_no_sweep_from_the_others() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    let other =
        site.listings("?status=live").into_iter().find(|other| other["url"] != listing["url"]).unwrap();
    let other = other["url"].as_str().unwrap();
    sweep(&mut client);
    client
        .batch_execute(&format!(
            "UPDATE bat_listings SET seller_type = 'broker', image_urls = ARRAY[NULL, 'x'] WHERE url = '{url}'"
        ))
        .unwrap();
    site.fault(path(&url), json!({ "kind": "status", "status": 410 }), None);
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    visit(&mut client);
    assert_eq!(auction(&mut client, &url), json!(["withdrawn", null, bid, null, false]));
    site.set(json!({ "listing": url, "status": "sold", "price": bid + 500, "ends_at": now() - 90 }));
    site.set(json!({ "listing": other, "status": "reserve_not_met", "ends_at": now() - 80 }));
    sweep(&mut client);
    assert_eq!(auction(&mut client, &url)[3], json!(bid + 500));
    assert_eq!(auction(&mut client, other)[0], "reserve_not_met");
    let kept = format!("SELECT seller_type FROM bat_listings WHERE url = '{url}'");
    assert_eq!(client.text(&kept), "broker");
}

#[test]
fn a_listing_that_the_table_refuses_keeps_no_sweep_from_the_others() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    client
        .batch_execute(&format!("ALTER TABLE bat_listings ADD CONSTRAINT unwanted CHECK (url <> '{url}')"))
        .unwrap();
    sweep(&mut client);
    let all = i64::try_from(site.listings("").len()).unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), all - 1);
    assert_eq!(
        client.column("SELECT concat_ws(' ', kind, key, last_sqlstate) FROM bat_tasks WHERE state = 'dead' AND last_sqlstate <> '02000'"),
        [format!("listing {url} 23514")]
    );
}

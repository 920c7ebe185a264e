//! The last sale of a vehicle, and of a partner's link: of one auction, whichever is read when.

use serde_json::{Value, json};

use crate::corrected::{import, sell};
use crate::life::{DAY, begin, car, links, now, url, vehicle};
use crate::site::Site;

/// A car of a partner that was sold, sold again, and offered a third time. Returns the three listings, and their prices.
fn offered_three_times(site: &Site) -> ([String; 3], [i64; 2]) {
    let listing = car(site, true, false);
    let first = url(&listing);
    let bid = listing["current_bid"].as_i64().unwrap();
    let prices = [bid + 1_000, bid + 7_000];
    sell(site, &first, prices[0], 900);
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    sell(site, &second, prices[1], 400);
    let third = url(&site.set(json!({ "listing": second, "relist": true })));
    site.set(json!({ "listing": third, "status": "reserve_not_met", "ends_at": now() - 30 * DAY }));
    ([first, second, third], prices)
}

#[test]
fn the_sale_before_is_the_last_one_again() {
    let (site, server) = begin();
    let mut client = server.client();
    let ([first, second, _], prices) = offered_three_times(&site);
    for url in [&first, &second] {
        import(&mut client, url);
    }
    assert_eq!(vehicle(&mut client, &first)[2], json!(prices[1]));
    assert_eq!(links(&mut client, &first), [format!("sold_by past sold {}", prices[1])]);
    let day =
        "SELECT (ends_at AT TIME ZONE 'America/Los_Angeles')::date::text FROM bat_listings WHERE url = ";
    let day = client.text(&format!("{day} '{first}'"));
    site.set(json!({ "listing": second, "status": "reserve_not_met" }));
    import(&mut client, &second);
    let of_vehicle = vehicle(&mut client, &first);
    assert_eq!(
        [&of_vehicle[0], &of_vehicle[1], &of_vehicle[2], &of_vehicle[4]],
        [&json!(second), &json!("reserve_not_met"), &json!(prices[0]), &json!(day)]
    );
    assert_eq!(
        links(&mut client, &first),
        ["consigner past reserve_not_met".to_owned(), format!("sold_by past sold {}", prices[0])]
    );
}

#[test]
fn the_last_sale_is_the_last_one_in_whatever_order_the_auctions_come() {
    let (site, server) = begin();
    let ([first, second, third], prices) = offered_three_times(&site);
    let orders = [
        [&third, &first, &second],
        [&third, &second, &first],
        [&first, &third, &second],
        [&second, &first, &third],
    ];
    for order in orders {
        let mut client = server.client();
        client.batch_execute("TRUNCATE organization_vehicles, bat_listings, vehicles, bat_pages").unwrap();
        for url in order {
            import(&mut client, url);
        }
        let of_vehicle = vehicle(&mut client, &first);
        assert_eq!(
            [&of_vehicle[0], &of_vehicle[1], &of_vehicle[2]],
            [&json!(third), &json!("reserve_not_met"), &json!(prices[1])],
            "{order:?}"
        );
        assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
        assert_eq!(
            links(&mut client, &first),
            ["consigner past reserve_not_met".to_owned(), format!("sold_by past sold {}", prices[1])],
            "{order:?}"
        );
    }
}

#[test]
fn a_sale_whose_page_tells_no_date_has_not_that_of_another_sale() {
    let (site, server) = begin();
    let ([first, second, _], prices) = offered_three_times(&site);
    for is_in_order in [true, false] {
        let mut client = server.client();
        client.batch_execute("TRUNCATE organization_vehicles, bat_listings, vehicles, bat_pages").unwrap();
        if is_in_order {
            import(&mut client, &first);
        }
        site.set(json!({ "drop": "stats.end" }));
        import(&mut client, &second);
        site.set(json!({ "drop": [] }));
        if !is_in_order {
            import(&mut client, &first);
        }
        let of_vehicle = vehicle(&mut client, &first);
        assert_eq!([&of_vehicle[2], &of_vehicle[4]], [&json!(prices[1]), &Value::Null], "{is_in_order}");
        assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
        assert_eq!(
            client.column(
                "SELECT concat_ws(' ', relationship_type, sale_price, sale_date) FROM organization_vehicles"
            ),
            [format!("sold_by {}", prices[1])],
            "{is_in_order}"
        );
    }
}

/// Two auctions of a partner's car that were sold at one price. Returns their URLs.
fn sold_twice_at_one_price(site: &Site) -> [String; 2] {
    let first = url(&car(site, true, false));
    sell(site, &first, 9_000, 900);
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    sell(site, &second, 9_000, 400);
    [first, second]
}

const SALES: &str = "SELECT concat_ws(' ', sale_price, sale_date) FROM vehicles
    UNION ALL SELECT concat_ws(' ', sale_price, sale_date) FROM organization_vehicles WHERE relationship_type = 'sold_by'";

#[test]
fn two_sales_at_one_price_are_two_sales() {
    let (site, server) = begin();
    let mut client = server.client();
    let [first, second] = sold_twice_at_one_price(&site);
    let day =
        "SELECT (ends_at AT TIME ZONE 'America/Los_Angeles')::date::text FROM bat_listings WHERE url = ";
    import(&mut client, &first);
    import(&mut client, &second);
    let [first_day, second_day] = [&first, &second].map(|url| client.text(&format!("{day} '{url}'")));
    assert_eq!(client.column(SALES), [format!("9000 {second_day}"), format!("9000 {second_day}")]);
    // The same again says nothing new.
    let rows = "SELECT string_agg(v.xmin::text, ' ') FROM vehicles AS v";
    let before = client.text(rows);
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    import(&mut client, &first);
    import(&mut client, &second);
    assert_eq!(client.text(rows), before);
    site.set(json!({ "listing": second, "status": "reserve_not_met" }));
    import(&mut client, &second);
    assert_eq!(client.column(SALES), [format!("9000 {first_day}"), format!("9000 {first_day}")]);
}

#[test]
fn an_earlier_sale_at_the_same_price_gives_no_date_to_a_later_one() {
    let (site, server) = begin();
    let mut client = server.client();
    let [first, second] = sold_twice_at_one_price(&site);
    import(&mut client, &first);
    site.set(json!({ "drop": "stats.end" }));
    import(&mut client, &second);
    site.set(json!({ "drop": [] }));
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    import(&mut client, &first);
    assert_eq!(client.column(SALES), ["9000", "9000"]);
}

#[test]
fn the_sale_before_is_found_where_its_page_tells_no_end() {
    let (site, server) = begin();
    let mut client = server.client();
    let ([first, second, third], prices) = offered_three_times(&site);
    sell(&site, &third, prices[1] + 1_000, 30);
    import(&mut client, &first);
    site.set(json!({ "drop": "stats.end" }));
    import(&mut client, &second);
    site.set(json!({ "drop": [] }));
    import(&mut client, &third);
    site.set(json!({ "listing": third, "status": "reserve_not_met" }));
    import(&mut client, &third);
    let sale = prices[1].to_string();
    assert_eq!(client.column(SALES), [sale.clone(), sale]);
}

#[test]
fn a_light_row_that_was_sold_since_its_page_was_read_becomes_a_sale() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    site.set(json!({ "listing": first, "status": "live", "ends_at": now() + DAY }));
    client.batch_execute("UPDATE businesses SET bat_username = 'x' || bat_username").unwrap();
    client.batch_execute("CALL bat_sweep()").unwrap();
    site.set(json!({ "listing": first, "status": "sold", "price": 90_000, "ends_at": now() - 60 }));
    client.batch_execute("CALL bat_sweep()").unwrap();
    let row = format!(
        "SELECT concat_ws(' ', status, sale_price, vehicle_id) FROM bat_listings WHERE url = '{first}'"
    );
    assert_eq!(client.text(&row), "sold 90000");
    client.batch_execute("UPDATE businesses SET bat_username = substr(bat_username, 2)").unwrap();
    client.batch_execute("UPDATE bat_pages SET parser_version = 0; ").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    let of_vehicle = vehicle(&mut client, &first);
    assert_eq!([&of_vehicle[1], &of_vehicle[2]], [&json!("sold"), &json!(90_000)]);
    assert_eq!(links(&mut client, &first), ["sold_by past sold 90000"]);
}

#[test]
fn the_end_of_an_auction_that_was_known_outlives_a_page_that_does_not_tell_it() {
    let (site, server) = begin();
    let mut client = server.client();
    let ([first, ..], _) = offered_three_times(&site);
    import(&mut client, &first);
    let rows = "SELECT (SELECT (ends_at, xmin)::text FROM bat_listings) || (SELECT (sale_date, xmin)::text FROM vehicles)";
    let before = client.text(rows);
    site.set(json!({ "drop": "stats.end" }));
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    import(&mut client, &first);
    assert_eq!(client.text(rows), before);
}

#[test]
fn an_auction_whose_page_does_not_tell_its_end_has_that_of_the_catalogue() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    site.set(json!({ "listing": first, "status": "sold", "price": 90_000, "ends_at": now() - 60 }));
    client.batch_execute("CALL bat_sweep()").unwrap();
    let rows = format!(
        "SELECT concat_ws(' ', l.ends_at, v.sale_date, o.sale_date) FROM bat_listings AS l
         JOIN vehicles AS v ON v.id = l.vehicle_id JOIN organization_vehicles AS o ON o.vehicle_id = v.id
         WHERE l.url = '{first}'"
    );
    let told = client.text(&rows);
    assert_eq!(told.split(' ').count(), 4, "{told}");
    client
        .batch_execute("TRUNCATE organization_vehicles, bat_listings, vehicles, bat_pages, bat_tasks")
        .unwrap();
    site.set(json!({ "drop": "stats.end" }));
    import(&mut client, &first);
    assert_eq!(client.text(&rows), "");
    client.batch_execute("UPDATE bat_catalogue SET covered_until = '2001-01-01'").unwrap();
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(client.text(&rows), told);
    // An end that a person has emptied stays empty.
    client.batch_execute("UPDATE bat_listings SET ends_at = NULL").unwrap();
    for _ in 0..2 {
        client.batch_execute("UPDATE bat_catalogue SET covered_until = '2001-01-01'").unwrap();
        client.batch_execute("CALL bat_sweep()").unwrap();
    }
    assert_eq!(client.number("SELECT count(ends_at) FROM bat_listings WHERE vehicle_id IS NOT NULL"), 0);
}

#[test]
fn of_two_auctions_that_ended_at_once_the_one_made_later_is_the_last() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    let ended = now() - 30 * DAY;
    sell(&site, &first, 50_000, 30);
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    for url in [&first, &second] {
        site.set(json!({ "listing": url, "status": "reserve_not_met", "ends_at": ended }));
        import(&mut client, url);
    }
    assert_eq!(client.number("SELECT count(DISTINCT ends_at) FROM bat_listings"), 1);
    let last = "SELECT bat_auction_url FROM vehicles";
    assert_eq!(client.text(last), second);
    for _ in 0..2 {
        client.batch_execute("UPDATE bat_pages SET parser_version = -1").unwrap();
        client.batch_execute("CALL bat_reparse('listing')").unwrap();
        let counts = "SELECT concat_ws(' ', updated, unchanged) FROM bat_runs ORDER BY id DESC LIMIT 1";
        assert_eq!(client.text(counts), "0 2");
        assert_eq!(client.text(last), second);
    }
}

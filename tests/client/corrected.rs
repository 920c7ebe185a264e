//! What a listing's page said and no longer says: the rows that follow from it are corrected, and nothing is left of it.

use serde_json::{Value, json};

use crate::life::{DAY, auction, begin, car, links, now, url, vehicle};
use crate::server::Session;
use crate::site::{Site, path};

fn import(client: &mut Session, url: &str) {
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
}

/// Relation, and whether the organization is the one that the listing names, of each link.
fn owners(client: &mut Session, url: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT concat_ws(' ', o.relationship_type, o.status, o.organization_id IS NOT DISTINCT FROM l.organization_id)
         FROM organization_vehicles AS o JOIN bat_listings AS l ON l.vehicle_id = o.vehicle_id
         WHERE l.url = '{url}' ORDER BY 1"
    ))
}

/// How many vehicles and links remember something of a page whose URL ends so.
fn remembered(end: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT metadata FROM vehicles UNION ALL SELECT metadata FROM organization_vehicles) AS m
         WHERE m.metadata::text LIKE '%{end}%'"
    )
}

fn sell(site: &Site, url: &str, price: i64, days_ago: i64) {
    let end = now() - days_ago * DAY;
    site.set(json!({ "listing": url, "status": "sold", "price": price, "ends_at": end }));
}

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
fn a_listing_that_gets_another_seller_leaves_no_link_with_the_first() {
    let (site, server) = begin();
    let mut client = server.client();
    for (status, expected) in [("live", "consigner active t"), ("sold", "sold_by past t")] {
        let url = url(&car(&site, true, false));
        site.set(json!({ "listing": url, "status": status }));
        import(&mut client, &url);
        assert_eq!(owners(&mut client, &url), [expected]);
        // Their account was another facility's.
        let moved = client.number(&format!(
                    "WITH wrong AS (
                         SELECT b.id, b.bat_username FROM businesses AS b
                         JOIN bat_listings AS l ON l.organization_id = b.id WHERE l.url = '{url}'
                     ), moved AS (
                     UPDATE businesses AS b
                     SET bat_username = CASE WHEN b.id = w.id THEN NULL ELSE w.bat_username END
                     FROM wrong AS w
                     WHERE b.id = w.id OR b.id = (SELECT o.id FROM businesses AS o WHERE o.id <> w.id ORDER BY o.id LIMIT 1)
                     RETURNING b.id
                     )
                     SELECT count(*) FROM moved"
        ));
        assert_eq!(moved, 2);
        client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
        import(&mut client, &url);
        assert_eq!(owners(&mut client, &url), [expected]);
        client
            .batch_execute(
                "DELETE FROM organization_vehicles; DELETE FROM bat_listings; DELETE FROM vehicles",
            )
            .unwrap();
        client.batch_execute("DELETE FROM businesses; SELECT bat_index_partners()").unwrap();
        site.set(json!({ "listing": url, "status": "live" }));
    }
}

#[test]
fn a_seller_who_is_nobody_s_account_any_more_keeps_its_links() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    import(&mut client, &url);
    let own =
        "SELECT organization_id || ' ' || relationship_type || ' ' || status FROM organization_vehicles";
    let before = client.column(own);
    client
        .batch_execute(
            "UPDATE businesses SET bat_username = 'renamed' WHERE id = (SELECT organization_id FROM bat_listings);
             UPDATE bat_pages SET etag = NULL, last_modified = NULL",
        )
        .unwrap();
    import(&mut client, &url);
    assert_eq!(client.column("SELECT organization_id::text FROM bat_listings"), [""]);
    assert_eq!(client.column(own), before);
}

#[test]
fn a_link_that_a_person_wrote_to_stays() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    import(&mut client, &url);
    client.batch_execute("UPDATE organization_vehicles SET notes = 'mine'").unwrap();
    client
        .batch_execute(
            "UPDATE businesses AS o SET bat_username = b.bat_username FROM businesses AS b, bat_listings AS l
             WHERE b.id = l.organization_id AND o.id = (SELECT id FROM businesses WHERE id <> b.id LIMIT 1);
             UPDATE businesses SET bat_username = NULL WHERE id = (SELECT organization_id FROM bat_listings);
             UPDATE bat_pages SET etag = NULL, last_modified = NULL",
        )
        .unwrap();
    import(&mut client, &url);
    assert_eq!(client.column("SELECT notes FROM organization_vehicles WHERE notes IS NOT NULL"), ["mine"]);
    assert_eq!(client.number("SELECT count(*) FROM organization_vehicles"), 2);
}

#[test]
fn a_sale_that_was_none_is_taken_back() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, bid) = (url(&listing), listing["current_bid"].as_i64().unwrap());
    sell(&site, &url, bid, 1);
    import(&mut client, &url);
    assert_eq!(links(&mut client, &url), [format!("sold_by past sold {bid}")]);
    site.set(json!({ "listing": url, "status": "reserve_not_met" }));
    import(&mut client, &url);
    assert_eq!(auction(&mut client, &url), json!(["reserve_not_met", null, bid, null, false]));
    assert_eq!(vehicle(&mut client, &url), json!([url, "reserve_not_met", null, null, null]));
    assert_eq!(links(&mut client, &url), ["consigner past reserve_not_met"]);
}

#[test]
fn a_price_of_a_person_outlives_the_sale_that_is_taken_back() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    sell(&site, &url, 9_000, 1);
    import(&mut client, &url);
    client.batch_execute("UPDATE vehicles SET sale_price = 1").unwrap();
    site.set(json!({ "listing": url, "status": "withdrawn" }));
    import(&mut client, &url);
    let of_vehicle: Value = vehicle(&mut client, &url);
    assert_eq!(of_vehicle[2], json!(1));
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
fn an_offer_that_was_sold_after_its_auction_is_no_offer_any_more() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    sell(&site, &first, 9_000, 400);
    import(&mut client, &first);
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    import(&mut client, &second);
    for (status, expected) in [
        ("reserve_not_met", ["consigner past reserve_not_met", "sold_by past sold 9000"]),
        ("sold_after_auction", ["consigner past sold", "sold_by past sold 9500"]),
    ] {
        site.set(json!({ "listing": second, "status": status, "price": 9_500, "ends_at": now() - DAY }));
        import(&mut client, &second);
        assert_eq!(links(&mut client, &first), expected, "{status}");
    }
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    let rows = "SELECT string_agg(o.xmin::text, ' ' ORDER BY o.id) FROM organization_vehicles AS o";
    let before = client.text(rows);
    import(&mut client, &second);
    assert_eq!(client.text(rows), before);
}

#[test]
fn a_page_that_was_gone_and_comes_back_is_read_though_it_has_not_changed() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    site.set(json!({ "listing": first, "status": "live", "ends_at": now() + 3 * DAY }));
    import(&mut client, &first);
    let before = vehicle(&mut client, &first);
    site.fault(path(&first), json!({ "kind": "status", "status": 404 }), None);
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{first}')")).unwrap();
    client.batch_execute("CALL bat_work(10, '{listing}')").unwrap();
    assert_eq!(vehicle(&mut client, &first)[1], json!("withdrawn"));
    assert_eq!(client.text("SELECT ends_at <= now() FROM bat_listings"), "t");
    site.heal();
    import(&mut client, &first);
    assert_eq!(vehicle(&mut client, &first), before);
    assert_eq!(client.text("SELECT status || (ends_at > now()) FROM bat_listings"), "livetrue");
    assert_eq!(links(&mut client, &first), ["consigner active live"]);
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
fn a_listing_that_the_site_renames_is_one_row() {
    let (site, server) = begin();
    let mut client = server.client();
    client.batch_execute("SET bat_partners.keep_threads = on").unwrap();
    let old = url(&car(&site, true, false));
    import(&mut client, &old);
    client.batch_execute("UPDATE bat_listings SET title = 'My title'").unwrap();
    let counts = "SELECT concat_ws(' ', (SELECT count(*) FROM bat_listings), (SELECT count(*) FROM vehicles),
        (SELECT count(*) FROM organization_vehicles), (SELECT count(*) FROM bat_pages WHERE kind = 'listing'),
        (SELECT count(*) FROM bat_bids), (SELECT count(*) FROM bat_comments))";
    let before = client.text(counts);
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
    site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
    for asked in [&old, &new] {
        import(&mut client, asked);
        assert_eq!(
            client.column("SELECT url || ' ' || title FROM bat_listings"),
            [format!("{new} My title")]
        );
        assert_eq!(client.column("SELECT bat_auction_url FROM vehicles"), [new.as_str()]);
        assert_eq!(client.number(&remembered(&format!("{old}\""))), 0);
        assert_eq!(client.text(counts), before);
    }
    client.batch_execute("UPDATE bat_pages SET parser_version = 0").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings"), [new.as_str()]);
}

#[test]
fn a_sale_that_is_taken_back_leaves_the_note_of_a_person() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    sell(&site, &first, 9_000, 400);
    import(&mut client, &first);
    client.batch_execute("UPDATE organization_vehicles SET notes = 'mine'").unwrap();
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    import(&mut client, &second);
    assert_eq!(links(&mut client, &first), ["consigner active live", "sold_by past sold 9000"]);
    site.set(json!({ "listing": first, "status": "reserve_not_met" }));
    import(&mut client, &first);
    assert_eq!(client.column("SELECT notes FROM organization_vehicles WHERE notes IS NOT NULL"), ["mine"]);
}

#[test]
fn the_link_of_a_partner_follows_its_own_auctions_whoever_offered_the_vehicle_later() {
    let (site, server) = begin();
    let mut client = server.client();
    let first = url(&car(&site, true, false));
    import(&mut client, &first);
    let second = url(&site.set(json!({ "listing": first, "relist": true })));
    import(&mut client, &second);
    // The second one is another organization's.
    client
        .batch_execute(&format!(
            "UPDATE bat_listings SET organization_id = (
                 SELECT b.id FROM businesses AS b WHERE b.id <> organization_id ORDER BY b.id LIMIT 1
             )
             WHERE url = '{second}'"
        ))
        .unwrap();
    sell(&site, &first, 9_000, 4);
    import(&mut client, &first);
    assert_eq!(links(&mut client, &first), ["sold_by past sold 9000"]);
    assert_eq!(vehicle(&mut client, &first)[0], json!(second));
}

#[test]
fn a_listing_that_a_sweep_meets_under_another_url_is_one_row() {
    let (site, server) = begin();
    let mut client = server.client();
    let new = url(&car(&site, true, false));
    import(&mut client, &new);
    let old = format!("{}-as-it-was/", new.trim_end_matches('/'));
    let light = url(&car(&site, false, false));
    let of_other = format!("{}-as-it-was/", light.trim_end_matches('/'));
    client.batch_execute("CALL bat_sweep()").unwrap();
    let counts = "SELECT concat_ws(' ', (SELECT count(*) FROM bat_listings), (SELECT count(*) FROM vehicles),
        (SELECT count(*) FROM organization_vehicles), (SELECT count(*) FROM bat_pages WHERE kind = 'listing'))";
    let before = client.text(counts);
    // As if both had been imported before the site renamed them.
    for (old, new) in [(&old, &new), (&of_other, &light)] {
        for (table, columns) in [
            ("bat_listings", &["url"][..]),
            ("vehicles", &["bat_auction_url", "discovery_url", "listing_url"]),
            ("organization_vehicles", &[]),
        ] {
            let set: String =
                columns.iter().map(|name| format!("{name} = replace({name}, '{new}', '{old}'), ")).collect();
            let moved = format!("metadata = replace(metadata::text, '{new}', '{old}')::jsonb");
            client
                .batch_execute(&format!(
                    "UPDATE {table} SET {set}{moved} WHERE metadata::text LIKE '%{new}%'"
                ))
                .unwrap();
        }
        client.batch_execute(&format!("UPDATE bat_pages SET url = '{old}' WHERE url = '{new}'")).unwrap();
    }
    assert_eq!(
        client.number(&format!("SELECT count(*) FROM bat_listings WHERE url IN ('{new}', '{light}')")),
        0
    );
    client.batch_execute("UPDATE bat_catalogue SET covered_until = '2001-01-01'").unwrap();
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(client.text(counts), before);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE url LIKE '%-as-it-was/'"), 0);
    assert_eq!(client.number("SELECT count(*) FROM vehicles WHERE bat_auction_url LIKE '%-as-it-was/'"), 0);
    assert_eq!(client.number(&remembered("-as-it-was/\"")), 0);
    // Nothing more is to be done.
    let rows = "SELECT string_agg(l.xmin::text, ' ' ORDER BY l.url) FROM bat_listings AS l";
    let before = client.text(rows);
    client.batch_execute("CALL bat_sweep()").unwrap();
    assert_eq!(client.text(rows), before);
}

#[test]
fn a_listing_that_was_renamed_and_seen_by_both_names_is_one_row() {
    let (site, server) = begin();
    let mut client = server.client();
    let old = url(&car(&site, true, false));
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    for is_whole in [true, false] {
        site.heal();
        import(&mut client, &old);
        site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
        if is_whole {
            import(&mut client, &new);
        } else {
            // What a sweep makes before it has read the page.
            let made = format!(
                "INSERT INTO bat_listings (url, listing_id, status, first_seen_at, metadata)
                 SELECT '{new}', listing_id, 'live', first_seen_at, jsonb_build_object('bat_partners', jsonb_build_object(
                     'url', jsonb_build_object('value', '{new}'), 'status', '{{\"value\": \"live\"}}'::jsonb,
                     'listing_id', jsonb_build_object('value', listing_id),
                     'first_seen_at', jsonb_build_object('value', first_seen_at)
                 )) FROM bat_listings"
            );
            client.batch_execute(&made).unwrap();
            client
                .batch_execute("UPDATE bat_listings SET title = 'My title' WHERE vehicle_id IS NOT NULL")
                .unwrap();
        }
        assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 2);
        site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
        import(&mut client, &old);
        assert_eq!(client.column("SELECT url FROM bat_listings"), [new.as_str()]);
        assert_eq!(client.column("SELECT url FROM bat_pages WHERE kind = 'listing'"), [new.as_str()]);
        if !is_whole {
            assert_eq!(client.text("SELECT title FROM bat_listings"), "My title");
        }
        client.batch_execute("TRUNCATE bat_listings, vehicles, organization_vehicles, bat_pages").unwrap();
    }
}

#[test]
fn a_listing_that_cannot_be_renamed_is_stored_all_the_same() {
    let (site, server) = begin();
    let mut client = server.client();
    let old = url(&car(&site, true, false));
    import(&mut client, &old);
    client
        .batch_execute("CREATE TABLE mine (url text REFERENCES bat_listings); INSERT INTO mine SELECT url FROM bat_listings")
        .unwrap();
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
    site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
    import(&mut client, &old);
    let mut expected = [old, new];
    expected.sort();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), expected);
}

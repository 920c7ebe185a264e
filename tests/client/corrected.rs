//! What a listing's page said and no longer says: the rows that follow from it are corrected, and nothing is left of it.

use serde_json::{Value, json};

use crate::life::{DAY, auction, begin, car, links, now, url, vehicle};
use crate::server::Session;
use crate::site::{Site, path};

pub fn import(client: &mut Session, url: &str) {
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

pub fn sell(site: &Site, url: &str, price: i64, days_ago: i64) {
    let end = now() - days_ago * DAY;
    site.set(json!({ "listing": url, "status": "sold", "price": price, "ends_at": end }));
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
fn a_seller_whose_account_nobody_has_any_more_keeps_its_listing_and_its_links() {
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
    assert_eq!(client.number("SELECT count(organization_id) FROM bat_listings"), 1);
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
fn an_older_page_names_no_other_seller() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let (url, seller) = (url(&listing), listing["seller_username"].as_str().unwrap().to_owned());
    let find = |partner: &&Value| {
        partner["bat_username"].as_str().is_some_and(|name| name != seller && !name.is_empty())
    };
    let partners = site.partners();
    let other = partners.iter().find(find).unwrap()["bat_username"].as_str().unwrap();
    sell(&site, &url, 90_000, 1);
    import(&mut client, &url);
    let page = site.page(&url).replace(&seller, other);
    site.fault(path(&url), json!({ "kind": "body", "body": page }), None);
    client.batch_execute("SET bat_partners.archive_pages = off").unwrap();
    import(&mut client, &url);
    let right = owners(&mut client, &url);
    assert_eq!(right.len(), 1, "{right:?}");
    client.batch_execute("UPDATE bat_pages SET parser_version = 0").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(owners(&mut client, &url), right);
}

#[test]
fn a_sale_that_a_person_has_corrected_before_the_site_did_leaves_no_link() {
    let (site, server) = begin();
    let mut client = server.client();
    let url = url(&car(&site, true, false));
    sell(&site, &url, 90_000, 1);
    import(&mut client, &url);
    client.batch_execute("UPDATE bat_listings SET status = 'withdrawn'").unwrap();
    site.set(json!({ "listing": url, "status": "reserve_not_met" }));
    import(&mut client, &url);
    assert_eq!(links(&mut client, &url), ["consigner past reserve_not_met"]);
}

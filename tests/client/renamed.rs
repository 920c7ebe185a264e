//! A listing whose URL the site has changed stays one row.

use serde_json::{Value, json};

use crate::corrected::import;
use crate::life::{begin, car, url};
use crate::server::Session;
use crate::site::path;

/// How many vehicles and links remember something of a page whose URL ends so.
fn remembered(end: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT metadata FROM vehicles UNION ALL SELECT metadata FROM organization_vehicles) AS m
         WHERE m.metadata::text LIKE '%{end}%'"
    )
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
fn a_listing_that_is_read_at_another_url_first_is_one_row() {
    let (site, server) = begin();
    let mut client = server.client();
    let listing = car(&site, true, false);
    let old = url(&listing);
    import(&mut client, &old);
    client.batch_execute("UPDATE bat_listings SET title = 'My title'").unwrap();
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
    site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
    // By hand, or because a member page shows it: the old URL is never asked for again.
    import(&mut client, &new);
    assert_eq!(client.column("SELECT url || ' ' || title FROM bat_listings"), [format!("{new} My title")]);
    assert_eq!(client.column("SELECT bat_auction_url FROM vehicles"), [new.as_str()]);
    assert_eq!(client.column("SELECT url FROM bat_pages WHERE kind = 'listing'"), [new.as_str()]);
    assert_eq!(client.number("SELECT count(*) FROM organization_vehicles"), 1);
    assert_eq!(client.number(&remembered(&format!("{old}\""))), 0);
}

#[test]
fn a_listing_that_was_renamed_and_is_stored_by_both_names_is_one_row() {
    let (site, server) = begin();
    let mut client = server.client();
    let old = url(&car(&site, true, false));
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    // What a sweep makes before it has read the page.
    let light = format!(
        "INSERT INTO bat_listings (url, listing_id, status, first_seen_at, metadata)
         SELECT '{new}', listing_id, 'live', first_seen_at, jsonb_build_object('bat_partners', jsonb_build_object(
             'url', jsonb_build_object('value', '{new}'), 'status', '{{\"value\": \"live\"}}'::jsonb,
             'listing_id', jsonb_build_object('value', listing_id),
             'first_seen_at', jsonb_build_object('value', first_seen_at)
         )) FROM bat_listings;
         UPDATE bat_listings SET title = 'My title' WHERE vehicle_id IS NOT NULL"
    );
    let whole = format!(
        "INSERT INTO bat_listings
         SELECT (jsonb_populate_record(l, jsonb_build_object(
             'url', '{new}', 'title', 'My title', 'metadata', replace(l.metadata::text, '{old}', '{new}')::jsonb
         ))).*
         FROM bat_listings AS l"
    );
    for made in [light, whole] {
        site.heal();
        import(&mut client, &old);
        client.batch_execute(&made).unwrap();
        assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 2);
        site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
        site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
        import(&mut client, &old);
        assert_eq!(client.column("SELECT url FROM bat_listings"), [new.as_str()]);
        assert_eq!(client.column("SELECT url FROM bat_pages WHERE kind = 'listing'"), [new.as_str()]);
        assert_eq!(client.text("SELECT title FROM bat_listings"), "My title");
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

#[test]
fn the_archived_text_of_a_renamed_listing_does_not_bring_its_old_url_back() {
    let (site, server) = begin();
    let mut client = server.client();
    let old = url(&car(&site, true, false));
    import(&mut client, &old);
    let new = format!("{}-renamed/", old.trim_end_matches('/'));
    let page = site.page(&old).replace(path(&old), path(&new));
    site.fault(path(&old), json!({ "kind": "redirect", "to": path(&new) }), None);
    site.fault(path(&new), json!({ "kind": "body", "body": page }), None);
    // The archive keeps the text that it has, under the new URL.
    client.batch_execute("SET bat_partners.archive_pages = off").unwrap();
    import(&mut client, &new);
    client.batch_execute("UPDATE bat_pages SET parser_version = 0").unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings"), [new.as_str()]);
    assert_eq!(client.column("SELECT bat_auction_url FROM vehicles"), [new.as_str()]);
    assert_eq!(client.number("SELECT count(*) FROM organization_vehicles"), 1);
}

#[test]
fn a_listing_that_gets_another_url_and_another_vin_leaves_the_other_car_s_vehicle() {
    let (site, server) = begin();
    let mut client = server.client();
    let of_vin = |listing: &Value| listing["vin"].as_str().map(str::to_owned);
    let first = car(&site, true, false);
    let mut others = site.partner_listings().into_iter().filter(|listing| {
        listing["url"] != first["url"]
            && of_vin(listing).is_some()
            && listing["history"].as_array().unwrap().len() == 1
            && site.page(listing["url"].as_str().unwrap()).contains(&of_vin(listing).unwrap())
    });
    let second = others.next().expect("another car");
    let (first, vin) = (url(&first), of_vin(&first).unwrap());
    let (old, own) = (url(&second), of_vin(&second).unwrap());
    import(&mut client, &first);
    let right = site.page(&old);
    site.fault(path(&old), json!({ "kind": "body", "body": right.replace(&own, &vin) }), None);
    import(&mut client, &old);
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
    let new = format!("{}-corrected/", old.trim_end_matches('/'));
    site.heal();
    site.fault(path(&old), json!({ "kind": "status", "status": 404 }), None);
    site.fault(path(&new), json!({ "kind": "body", "body": right.replace(path(&old), path(&new)) }), None);
    import(&mut client, &new);
    client.batch_execute("CALL bat_work(30)").unwrap();
    let mut expected = [format!("{first} {vin}"), format!("{new} {own}")];
    expected.sort();
    assert_eq!(
        client.column(
            "SELECT l.url || ' ' || v.vin FROM bat_listings AS l JOIN vehicles AS v ON v.bat_auction_url = l.url AND v.id = l.vehicle_id
             ORDER BY l.url COLLATE \"C\""
        ),
        expected
    );
}

#[test]
fn a_post_that_gets_the_url_of_another_is_a_listing_of_its_own() {
    for is_swept in [true, false] {
        let (site, server) = begin();
        let mut client = server.client();
        let first = car(&site, true, false);
        let second = site.partner_listings().into_iter().find(|listing| {
            listing["vin"].is_string() && listing["url"] != first["url"] && listing["status"] == "live"
        });
        let (first, second) = (url(&first), url(&second.expect("another live car")));
        if is_swept {
            client.batch_execute("CALL bat_sweep()").unwrap();
        } else {
            import(&mut client, &first);
        }
        let row = |client: &mut Session, url: &str| {
            client.column(&format!(
                "SELECT concat_ws(' ', l.listing_id, l.title, v.title, v.bat_auction_url) FROM bat_listings AS l
                 JOIN vehicles AS v ON v.id = l.vehicle_id WHERE l.url = '{url}'"
            ))
        };
        client
            .batch_execute(&format!("UPDATE bat_listings SET title = 'Mine' WHERE url = '{first}'"))
            .unwrap();
        // As if the first had been stored under the second's URL, before the site gave that to the second.
        if is_swept {
            client
                .batch_execute(&format!("DELETE FROM vehicles WHERE bat_auction_url = '{second}'"))
                .unwrap();
            client.batch_execute(&format!("DELETE FROM bat_listings WHERE url = '{second}'")).unwrap();
            client.batch_execute(&format!("DELETE FROM bat_pages WHERE url = '{second}'")).unwrap();
        }
        let moved = format!("metadata = replace(metadata::text, '{first}', '{second}')::jsonb");
        client
            .batch_execute(&format!(
                "UPDATE bat_listings SET url = '{second}', {moved} WHERE url = '{first}';
                 UPDATE vehicles SET bat_auction_url = '{second}', discovery_url = '{second}', listing_url = '{second}', {moved}
                 WHERE bat_auction_url = '{first}';
                 UPDATE organization_vehicles SET {moved} WHERE metadata::text LIKE '%{first}%';
                 UPDATE bat_pages SET url = '{second}', etag = NULL, last_modified = NULL WHERE url = '{first}';
                 DELETE FROM bat_tasks"
            ))
            .unwrap();
        let number = client.text(&format!("SELECT listing_id FROM bat_listings WHERE url = '{second}'"));
        if is_swept {
            client.batch_execute("UPDATE bat_catalogue SET covered_until = '2001-01-01'").unwrap();
            client.batch_execute("CALL bat_sweep()").unwrap();
        } else {
            import(&mut client, &second);
            import(&mut client, &first);
        }
        let (one, other) = (row(&mut client, &first), row(&mut client, &second));
        assert!(one.len() == 1 && one[0].starts_with(&format!("{number} Mine ")), "{is_swept} {one:?}");
        assert!(one[0].ends_with(&first), "{one:?}");
        assert!(
            other.len() == 1 && other[0].ends_with(&second) && !other[0].contains("Mine"),
            "{is_swept} {other:?}"
        );
        assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE url LIKE '%#%'"), 0);
        assert_eq!(client.number("SELECT count(*) - count(DISTINCT listing_id) FROM bat_listings"), 0);
    }
}

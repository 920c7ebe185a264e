//! Which web sites are read again, whose pictures are looked for, and what of a web site needs a person.

use serde_json::Value;

use crate::profiles::{enrich, home, organization, row, serve, start, start_apart};

#[test]
fn a_corrected_web_site_is_read_at_once() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (first, _) = home(&site, "Bare");
    let (corrected, truth) = home(&site, "JsonLd");
    let id = organization(&mut client, &first);
    client.batch_execute("UPDATE businesses SET metadata = '{\"directory_position\": 1}'").unwrap();
    enrich(&mut client, &id);
    let due = "SELECT substring(message FROM '^\\d+')::bigint FROM bat_enqueue_due('enrich')";
    assert_eq!(client.number(due), 0);
    client.batch_execute(&format!("UPDATE businesses SET website = '{corrected}'")).unwrap();
    assert_eq!(client.number(due), 1);
    client.batch_execute("CALL bat_work(20, '{enrich}')").unwrap();
    assert_eq!(row(&mut client, &id)["phone"], truth["phone"]);
    assert_eq!(client.number(due), 0);
    // One that was read before it was noted which site that was.
    client.batch_execute("UPDATE businesses SET metadata = metadata - 'enriched_website'").unwrap();
    assert_eq!(client.number(due), 0);
}

#[test]
fn an_empty_page_is_none_of_a_site() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let id = organization(&mut client, &bare);
    for empty in ["", " \n", "<html><head></head><body></body></html>"] {
        serve(&site, &bare, empty);
        let error = client.error(&format!("SELECT bat_enrich_org('{id}')"));
        assert_eq!(error.sqlstate, "22000", "{}", error.message);
        assert!(error.message.contains("it is empty"), "{}", error.message);
        assert_eq!(row(&mut client, &id)["metadata"]["enriched_at"], Value::Null);
        site.heal();
    }
    enrich(&mut client, &id);
}

#[test]
fn pictures_are_due_where_an_empty_text_stands_for_none() {
    let (_site, server) = start();
    let mut client = server.client();
    let columns = ["favicon_url", "logo_url", "banner_url", "primary_image_url"];
    let needed: Vec<String> = columns
        .iter()
        .map(|column| format!("ALTER COLUMN {column} SET DEFAULT '', ALTER COLUMN {column} SET NOT NULL"))
        .collect();
    client
        .batch_execute(&format!(
            "ALTER TABLE businesses {}; SELECT bat_setup(); SELECT bat_index_partners()",
            needed.join(", ")
        ))
        .unwrap();
    let due =
        "SELECT substring(message FROM 'still due: (\\d+)')::bigint FROM bat_backfill_primary_images(0)";
    let with_site = "SELECT count(*) FROM businesses WHERE website IS NOT NULL OR metadata ? 'referral_url'";
    let all = client.number(with_site);
    assert!(all > 0);
    assert_eq!(client.number(due), all);
    client.batch_execute("SELECT bat_backfill_primary_images(100)").unwrap();
    let found = "SELECT count(*) FROM businesses WHERE logo_url <> ''";
    assert!(client.number(found) > 0);
    // What a person emptied is not looked for.
    client
        .batch_execute(
            "DELETE FROM businesses WHERE logo_url = '';
             UPDATE businesses SET logo_url = '', metadata = metadata - 'bat_images',
                 favicon_url = 'https://mine.example/i.ico', banner_url = 'https://mine.example/b.png',
                 primary_image_url = 'https://mine.example/p.png'",
        )
        .unwrap();
    assert_eq!(client.number(due), 0);
    client.batch_execute("UPDATE businesses SET logo_url = 'https://mine.example/l.png'").unwrap();
    assert_eq!(client.number(due), 0);
}

#[test]
fn web_sites_that_are_no_addresses_are_told() {
    let (_site, server) = start();
    let mut client = server.client();
    let told = "SELECT concat_ws(' ', count, example_key, example_error) FROM bat_problems
                WHERE problem = 'web sites are no addresses'";
    for usable in
        ["www.dealer.com", "https://dealer.com/a", " http://dealer.com ", "dealer.com/cars?x=https://y"]
    {
        organization(&mut client, usable);
    }
    assert_eq!(client.column(told), Vec::<String>::new());
    let id = organization(&mut client, "n/a");
    assert_eq!(client.column(told), [format!("1 {id} n/a")]);
    for text in ["none", "call us. Thanks", "sales@dealer.com", "ftp//x", "http://"] {
        organization(&mut client, text);
    }
    let count = "SELECT count FROM bat_problems WHERE problem = 'web sites are no addresses'";
    assert_eq!(client.number(count), 6);
    let advice =
        client.text("SELECT what_to_do FROM bat_problems WHERE problem = 'web sites are no addresses'");
    // Each may be emptied, or corrected, by the statement that is told.
    let update = &advice[advice.find("UPDATE").unwrap()..];
    client.batch_execute(update).unwrap();
    assert_eq!(client.number(count), 5);
}

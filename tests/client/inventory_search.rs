//! Where a dealer's list is looked for, and what is taken for it.

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers, ended, let_a_day_pass, work};
use crate::inventory_change::{count, sync};
use crate::server::Session;
use crate::site::Site;

/// The dealer's home page, with six cars on it that he does not have on his list.
fn home_with_featured_cars(site: &Site) {
    let cars: String = (1..=6)
        .map(|n| {
            format!("<div><h3><a href=\"/featured-{n}\">196{n} AC Cobra</a></h3><p>Stock #: F{n}</p></div>")
        })
        .collect();
    let body = format!("<html><head><title>Home</title></head><body><h2>Featured</h2>{cars}</body></html>");
    site.fault("^/$", json!({ "kind": "body", "body": body }), None);
}

/// Where the crawls of a dealer have found his list.
fn lists(client: &mut Session, id: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT DISTINCT list_url FROM bat_crawls WHERE dealer_id = '{id}' AND list_url IS NOT NULL"
    ))
}

/// The path of an absolute URL.
pub fn path(url: &str) -> String {
    format!("/{}", url.splitn(4, '/').nth(3).unwrap_or_default())
}

/// Makes the first page of a dealer's list answer with a status.
fn list_answers(site: &Site, truth: &Value, status: u16) {
    let path = path(truth["list_url"].as_str().unwrap());
    site.fault(&format!("^{path}([?#]|$)"), json!({ "kind": "status", "status": status }), None);
}

#[test]
fn a_list_that_cannot_be_had_for_now_is_replaced_by_no_other_page() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "dealer_center");
    sync(&mut client, &id, "");
    let (cars, known) = (count(&mut client, &id, "true"), lists(&mut client, &id));
    home_with_featured_cars(&site);
    list_answers(&site, &truth, 503);
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    let_a_day_pass(&mut client);
    let error = client.error(&format!("SELECT bat_sync_inventory('{id}')"));
    assert_eq!(error.sqlstate, "08006");
    client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}')")).unwrap();
    work(&mut client);
    assert_eq!(ended(&mut client, &id), "incomplete error");
    assert_eq!((count(&mut client, &id, "true"), lists(&mut client, &id)), (cars, known));
    site.heal();
    client.batch_execute("UPDATE bat_hosts SET resting_until = NULL, slowdown = 1").unwrap();
    sync(&mut client, &id, "");
    assert_eq!(ended(&mut client, &id), "complete");
}

#[test]
fn a_list_that_cannot_be_had_for_two_weeks_is_looked_for_anew() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "dealer_center");
    sync(&mut client, &id, "");
    home_with_featured_cars(&site);
    list_answers(&site, &truth, 503);
    client
        .batch_execute(
            "SET bat_partners.max_attempts = 1;
             UPDATE bat_crawls SET started_at = started_at - interval '15 days', finished_at = finished_at - interval '15 days'",
        )
        .unwrap();
    sync(&mut client, &id, "");
    assert_eq!(count(&mut client, &id, "listing_url LIKE '%/featured-%'"), 6);
}

#[test]
fn a_page_that_was_not_believed_is_not_where_the_list_is() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "dealer_center");
    sync(&mut client, &id, "");
    home_with_featured_cars(&site);
    list_answers(&site, &truth, 404);
    // It has been away for long: another page may be taken for it.
    client.batch_execute("UPDATE bat_crawls SET started_at = started_at - interval '15 days'").unwrap();
    let_a_day_pass(&mut client);
    sync(&mut client, &id, "");
    assert_eq!(ended(&mut client, &id), "incomplete under_half");
    site.heal();
    let home = |site: &Site| site.requests("/").iter().filter(|entry| entry["path"] == "/").count();
    let before = home(&site);
    sync(&mut client, &id, "");
    assert_eq!(home(&site), before, "the list is asked for where it was");
    let last = format!("SELECT list_url FROM bat_crawls WHERE dealer_id = '{id}' ORDER BY id DESC LIMIT 1");
    assert_eq!(client.text(&last), truth["list_url"].as_str().unwrap());
}

/// Answers a page of a shop's products.
fn products(site: &Site, page: u32, products: &Value) {
    let fault = json!({
        "kind": "body", "content_type": "application/json", "body": json!({ "products": products }).to_string(),
    });
    site.fault(&format!("^/products.json.*[?&]page={page}$"), fault, None);
}

fn car(number: u32) -> Value {
    json!({
        "id": number, "title": format!("196{number} AC Cobra"), "handle": format!("cobra-{number}"),
        "variants": [{ "price": "50000.00", "available": true }],
    })
}

#[test]
fn a_shop_that_offers_other_things_first_is_read_from_its_first_page_each_time() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "shopify");
    let shirt = json!({ "id": 900, "title": "Shirt", "handle": "shirt" });
    products(&site, 1, &json!([shirt]));
    products(&site, 2, &json!([car(1), car(2)]));
    products(&site, 3, &json!([]));
    sync(&mut client, &id, "");
    assert_eq!(ended(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "status = 'in_stock'"), 2);
    assert!(
        lists(&mut client, &id).iter().all(|url| url.ends_with("page=1")),
        "{:?}",
        lists(&mut client, &id)
    );
    // Later rules come after earlier ones: they are set anew.
    site.heal();
    products(&site, 1, &json!([shirt, car(3)]));
    products(&site, 2, &json!([shirt]));
    products(&site, 3, &json!([car(1), car(2)]));
    products(&site, 4, &json!([]));
    sync(&mut client, &id, "");
    assert_eq!(ended(&mut client, &id), "complete", "a page of shirts is not the end");
    assert_eq!(count(&mut client, &id, "status = 'in_stock' AND missing_count = 0"), 3);
}

#[test]
fn what_its_own_page_says_was_sold_stays_sold_while_its_list_says_nothing_of_it() {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "squarespace");
    sync(&mut client, &id, "");
    let url = client.text(&format!(
        "SELECT listing_url FROM dealer_inventory WHERE dealer_id = '{id}' AND status = 'in_stock' ORDER BY listing_url LIMIT 1"
    ));
    let own = path(&url);
    let title = client.text(&format!("SELECT title FROM dealer_inventory WHERE listing_url = '{url}'"));
    let product = json!({
        "@context": "http://schema.org", "@type": "Product", "name": title,
        "offers": { "@type": "Offer", "availability": "http://schema.org/SoldOut", "url": url },
    });
    let body = format!("<script type=\"application/ld+json\">{product}</script><h1>{title}</h1>");
    site.fault(&own, json!({ "kind": "body", "body": body }), None);
    client.batch_execute(&format!("SELECT bat_enqueue('inventory_item', '{id} {url}')")).unwrap();
    work(&mut client);
    let row = || {
        let row = format!(
            "SELECT to_jsonb(d) - 'page_read_at' - 'last_seen_at' - 'seen_count' - 'last_crawl_id' - 'updated_at'
             FROM dealer_inventory AS d WHERE listing_url = '{url}'"
        );
        server.client().json(&row)
    };
    let sold = row();
    assert_eq!(sold["status"], "sold");
    // A page that says nothing takes that back only if a list has shown the car since.
    let silent =
        json!({ "kind": "body", "body": format!("<h1>{title}</h1><p>Stock #: B1</p><p>Engine: V8</p>") });
    site.heal();
    site.fault(&own, silent, None);
    client.batch_execute(&format!("SELECT bat_enqueue('inventory_item', '{id} {url}')")).unwrap();
    work(&mut client);
    assert_eq!(row()["status"], "sold");
    let sold = row();
    let asked = site.requests(&own).len();
    for _ in 0..2 {
        sync(&mut client, &id, "");
        assert_eq!(row(), sold);
    }
    assert_eq!(site.requests(&own).len(), asked, "its page is not asked again at once");
    // After a week it is; and it says that the car is for sale again.
    site.heal();
    let_a_day_pass(&mut client);
    sync(&mut client, &id, "");
    assert_eq!(row()["status"], "in_stock");
    assert!(row()["sold_seen_at"].is_null());
}

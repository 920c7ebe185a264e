//! A job whose later page cannot be had keeps what the pages before have brought, and says so.

use bat_replica::Config;
use serde_json::{Value, json};

use crate::site::Site;

#[test]
fn a_later_member_page_that_fails_leaves_the_listings_of_the_first() {
    let site = Site::start(Config { partners: 2, listings: 120, rel_next: true, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let sellers: Vec<Value> = site.partners();
    let count_of = |username: &Value| {
        site.partner_listings().iter().filter(|listing| listing["seller_username"] == *username).count()
    };
    let username =
        &sellers.iter().max_by_key(|seller| count_of(&seller["bat_username"])).unwrap()["bat_username"];
    assert!(count_of(username) > 26);
    let username = username.as_str().unwrap();
    for status in [404, 403] {
        site.fault(
            &format!("/member/{username}/?page=2"),
            json!({ "kind": "status", "status": status }),
            None,
        );
        let summary = client.json(&format!(
            "SELECT to_jsonb(s) FROM bat_import_partner_vehicles(
                 (SELECT id FROM businesses WHERE bat_username = '{username}'), skip_existing => false
             ) AS s"
        ));
        let stored = client.number("SELECT count(*) FROM bat_listings");
        assert!(stored >= 20, "{status}: {summary}");
        assert_eq!(summary["status"], "partial", "{summary}");
        assert!(summary["failed"].as_i64().unwrap() >= 1, "{summary}");
        site.heal();
        client
            .batch_execute(
                "UPDATE bat_hosts SET resting_until = NULL; SELECT bat_resume(host) FROM bat_hosts",
            )
            .unwrap();
        client.batch_execute("TRUNCATE bat_listings, vehicles, organization_vehicles, bat_pages").unwrap();
    }
    // The first one is needed.
    site.fault(&format!("/member/{username}/"), json!({ "kind": "status", "status": 404 }), None);
    let call =
        format!("SELECT bat_import_partner_vehicles(id) FROM businesses WHERE bat_username = '{username}'");
    assert_eq!(client.error(&call).sqlstate, "02000");
}

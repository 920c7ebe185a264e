//! Requests that cannot be made at all, and answers that come late or lead elsewhere.

use crate::programs::private_folder;
use crate::server::{Server, Session};
use crate::site::Site;

/// URLs of the ended listings of partners whose pages are there.
fn ended(site: &Site) -> Vec<String> {
    let listings = site.partner_listings();
    let ended = listings.iter().filter(|listing| listing["status"] != "live");
    ended.filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect()
}

fn enqueue(client: &mut Session, urls: &[String]) {
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    client.client.execute(sql, &[&urls]).unwrap();
}

#[test]
fn a_setting_that_cannot_be_used_ends_the_call_and_costs_no_task_an_attempt() {
    let site = Site::small();
    let folder = private_folder("certificates");
    let file = folder.join("ca.pem");
    let server = Server::start(&format!("{}bat_partners.ca_file = '{}'", site.settings(), file.display()));
    let mut client = server.client();
    let urls = ended(&site);
    enqueue(&mut client, &urls[..3]);
    let robots = format!(
        "INSERT INTO bat_hosts (host, robots_status, robots_txt, robots_fetched_at) VALUES ('{}', 200, '', now())",
        site.url().replace("http://", "")
    );
    // Whether it is robots.txt that would be asked for first, or a page.
    for prepared in ["SELECT", &robots] {
        client.batch_execute(prepared).unwrap();
        for call in ["CALL bat_work(60)", &format!("SELECT bat_import_listing('{}')", urls[0])] {
            let failure = client.error(call);
            assert_eq!(failure.sqlstate, "58000", "{failure:?}");
            assert!(failure.message.contains("bat_partners.ca_file"), "{failure:?}");
        }
        assert_eq!(
            client.column("SELECT DISTINCT concat_ws(' ', state, attempts, last_sqlstate) FROM bat_tasks"),
            ["ready 0"]
        );
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches"), 0);
    assert_eq!(client.number("SELECT count(*) FROM bat_hosts WHERE resting_until IS NOT NULL"), 0);
    assert_eq!(site.requests("/").len(), 0);
    // Mended, the same session goes on.
    std::fs::write(file, "").unwrap();
    client.batch_execute("CALL bat_work(60)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 3);
    std::fs::remove_dir_all(folder).unwrap();
}

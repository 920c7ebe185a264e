//! Pictures of organizations by the queue: all of them get their turn.

use bat_replica::{Config, SiteBase};

use crate::site::Site;

#[test]
fn organizations_that_wait_do_not_keep_the_others_from_their_turn() {
    let site =
        Site::start(Config { partners: 60, listings: 30, site_base: SiteBase::Hosts, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    // As where the hosts of the first ones are left alone: nobody works their tasks off.
    let queued = "SELECT count(*) FROM bat_tasks WHERE kind = 'images'";
    for so_far in [25, 50, 60] {
        client.batch_execute("SELECT bat_enqueue_due('images')").unwrap();
        assert_eq!(client.number(queued), so_far);
    }
    client.batch_execute("CALL bat_work(120, '{images}')").unwrap();
    assert_eq!(client.number(queued), 0);
    assert_eq!(client.number("SELECT count(*) FROM businesses WHERE favicon_url IS NULL"), 0);
    assert_eq!(client.number("SELECT count(*) FROM businesses WHERE phone IS NOT NULL"), 0);
    // Those that were looked at are not due for now.
    client.batch_execute("SELECT bat_enqueue_due('images')").unwrap();
    assert_eq!(client.number(queued), 0);
}

#[test]
fn web_sites_that_are_no_urls_do_not_keep_the_others_from_their_turn() {
    let site =
        Site::start(Config { partners: 2, listings: 30, site_base: SiteBase::Hosts, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client
        .batch_execute(
            "INSERT INTO businesses (business_name, website) SELECT 'dealer ' || n, 'n/a' FROM generate_series(1, 30) AS n;
             UPDATE businesses SET metadata = metadata || '{\"directory_position\": 100}' WHERE bat_username IS NOT NULL",
        )
        .unwrap();
    for _ in 0..2 {
        client.batch_execute("SELECT bat_enqueue_due('images')").unwrap();
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE kind = 'images'"), 2);
}

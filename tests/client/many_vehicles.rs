//! More vehicles in one transaction than the server has room for locks.

use bat_replica::Config;

use crate::server::Server;
use crate::site::Site;

#[test]
fn a_call_of_many_listings_does_not_use_up_the_servers_locks() {
    let site = Site::start(Config { partners: 1, listings: 900, rel_next: true, ..Config::default() });
    let server = Server::start(&format!(
        "{}max_connections = 8
        superuser_reserved_connections = 1
        max_wal_senders = 0
        max_worker_processes = 0
        max_locks_per_transaction = 10",
        site.settings()
    ));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client.batch_execute("BEGIN; SELECT bat_import_partner_vehicles(id, 1000) FROM businesses").unwrap();
    // A few are for the tables; without a bound each vehicle would have its own.
    let held = client.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
    let vehicles = client.number("SELECT count(*) FROM vehicles WHERE vin IS NOT NULL");
    assert!(vehicles > 2 * held, "{held} locks for {vehicles} vehicles");
    // The one that was stored last is locked as well as the first: another session waits for the end of this one.
    let mut other = server.client();
    other.batch_execute("SET lock_timeout = '300ms'").unwrap();
    for order in ["ASC", "DESC"] {
        let url = client.text(&format!(
            "SELECT url FROM bat_listings WHERE url IN (SELECT bat_auction_url FROM vehicles WHERE vin IS NOT NULL)
             ORDER BY first_seen_at {order} LIMIT 1"
        ));
        assert_eq!(other.error(&format!("SELECT bat_import_listing('{url}')")).sqlstate, "55P03", "{order}");
    }
    client.batch_execute("COMMIT").unwrap();
}

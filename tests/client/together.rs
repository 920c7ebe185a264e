//! Pages that come faster than they can be stored share a transaction: nothing of that may be seen in the rows.

use std::thread;

use crate::server::{Server, Session};
use crate::site::{Site, path};

/// Listings that are enqueued. The first one is claimed alone.
const LISTINGS: usize = 12;

/// The first of them, and those whose requests are begun while it is stored.
const ASKED_FOR: usize = 6;

/// Whether a worker waits for a lock.
const WAITS: &str =
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%bat_work%')";

/// Makes each insert of a listing wait for an advisory lock on its number in `$urls`, and fail for the one with `$bad`.
const OBSTACLE: &str = "
    CREATE FUNCTION obstruct() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock(array_position('$urls'::text[], NEW.url));
        IF NEW.url = '$bad' THEN RAISE 'not this one'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER obstruct BEFORE INSERT ON bat_listings FOR EACH ROW EXECUTE FUNCTION obstruct();";

/// A site whose listings are enqueued, and obstructed.
fn obstructed(bad: usize) -> (Site, Server, Session, Vec<String>) {
    let site = Site::small();
    let server = site.server();
    let urls: Vec<String> = site.partner_urls().into_iter().take(LISTINGS).collect();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    for url in &urls {
        client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    }
    let bad = urls.get(bad).map_or("", String::as_str);
    let obstacle = OBSTACLE.replace("$urls", &format!("{{{}}}", urls.join(","))).replace("$bad", bad);
    client.batch_execute(&obstacle).unwrap();
    (site, server, client, urls)
}

#[test]
fn pages_share_a_transaction_and_one_that_cannot_be_stored_takes_no_other_down() {
    let (site, server, mut client, urls) = obstructed(4);
    client.batch_execute("SELECT pg_advisory_lock(1)").unwrap();
    let mut worker = server.client();
    let working = thread::spawn(move || worker.batch_execute("CALL bat_work(60, '{listing}', 12)"));
    client.wait_until(WAITS);
    // While the first one cannot be stored, others come.
    site.await_requests("/listing/", ASKED_FOR);
    client.batch_execute("SELECT pg_advisory_unlock(1)").unwrap();
    working.join().unwrap().unwrap();

    let stored: Vec<String> = client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\"");
    let mut wanted: Vec<String> = urls.iter().filter(|url| **url != urls[4]).cloned().collect();
    wanted.sort();
    assert_eq!(stored, wanted);
    assert_eq!(
        client.column("SELECT key || ' ' || state || ' ' || attempts || ' ' || last_error FROM bat_tasks WHERE attempts > 0"),
        [format!("{} ready 1 not this one", urls[4])]
    );
    // The default of created_at is the beginning of the transaction.
    let transactions = client.number("SELECT count(DISTINCT created_at) FROM bat_listings");
    assert!(transactions < 11, "{transactions} transactions for 11 listings");
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches WHERE url LIKE '%/listing/%'"), 12);
    assert_eq!(client.number("SELECT inserted FROM bat_runs WHERE job = 'bat_work'"), 11);
    for url in &urls {
        assert_eq!(site.requests(path(url)).len(), 1, "{url}");
    }
}

#[test]
fn what_a_cancel_or_the_end_of_the_session_undoes_is_done_by_the_next_worker() {
    for end in ["pg_cancel_backend", "pg_terminate_backend"] {
        let (site, server, mut client, urls) = obstructed(LISTINGS);
        client.batch_execute("SELECT pg_advisory_lock(7)").unwrap();
        let mut worker = server.client();
        let pid = worker.number("SELECT pg_backend_pid()");
        // A connection that is ended may close before its client has read why.
        let working =
            thread::spawn(move || worker.client.simple_query("CALL bat_work(60, '{listing}')").is_err());
        client.wait_until(WAITS);
        client.batch_execute(&format!("SELECT {end}({pid})")).unwrap();
        assert!(working.join().unwrap(), "{end}");
        client.batch_execute("SELECT pg_advisory_unlock(7)").unwrap();
        client.batch_execute("CALL bat_work(60, '{listing}')").unwrap();

        let mut wanted = urls.clone();
        wanted.sort();
        assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), wanted, "{end}");
        assert_eq!(client.number("SELECT count(*) FROM bat_tasks WHERE attempts > 0"), 0, "{end}");
        // Each listing is counted once, whatever was undone.
        assert_eq!(client.number("SELECT sum(inserted) FROM bat_runs WHERE job = 'bat_work'"), 12, "{end}");
        assert_eq!(client.number("SELECT count(*) FROM vehicles"), 12, "{end}");
        for url in &urls {
            assert!(site.requests(path(url)).len() <= 2, "{end}: {url}");
        }
    }
}

//! Faults of the server that the work runs in: a full disk, locks, timeouts, other isolation levels, a client that is
//! gone. Each gives an error that can be read, what was committed stays, and the next call goes on where that one ended.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use crate::fidelity::{self, skipped};
use crate::programs::private_folder;
use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::workers;

/// All there is to do, without the partners' own sites.
const INGEST: &str = "CALL bat_ingest(max_pages => 100, skip_enrich => true)";

/// Lets all tasks that wait for another try be tried at once.
const HURRY: &str = "UPDATE bat_tasks SET run_after = now() WHERE state = 'ready' AND attempts > 0";

/// Finishes what is left, and checks that every listing is stored once and as its page says.
fn assert_goes_on(site: &Site, client: &mut Session) {
    client.batch_execute(HURRY).unwrap();
    client.batch_execute(INGEST).unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings ORDER BY url COLLATE \"C\""), site.partner_urls());
    assert_eq!(fidelity::compare(site, client).1, Vec::<String>::new());
    let doubled = "SELECT count(*) - count(DISTINCT bat_auction_url) FROM vehicles";
    assert_eq!(client.number(doubled), 0);
    let left = "SELECT count(*) FROM bat_tasks WHERE state = 'running' OR state = 'dead' AND last_sqlstate <> '02000'";
    assert_eq!(client.number(left), 0);
    assert_eq!(client.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

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

/// Waits until a session waits for a lock on a table.
fn await_lock_wait(witness: &mut Session) {
    witness.wait_until(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'relation')",
    );
}

/// A file system of a few megabytes. Unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn mount() -> Option<SmallDisk> {
        let folder = private_folder("disk");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs"])
            .arg(&folder)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if mounted {
            return Some(SmallDisk(folder));
        }
        let _ = fs::remove_dir(folder);
        None
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = fs::File::create(self.0.join("filler")).unwrap();
        for size in [1 << 16, 1 << 12] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }

    /// A folder on the disk that belongs to the server's user.
    fn tablespace(&self) -> String {
        let folder = private_folder("tablespace");
        let place = self.0.join("tablespace");
        let moved = Command::new("cp").args(["-a", "-T"]).arg(&folder).arg(&place).status().unwrap();
        assert!(moved.success());
        fs::remove_dir(folder).unwrap();
        place.display().to_string()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_full_disk_ends_the_call_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        return skipped::because("this user may not mount a small file system");
    };
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let place = disk.tablespace();
    client.batch_execute(&format!("CREATE TABLESPACE small LOCATION '{place}'")).unwrap();
    client.batch_execute("ALTER DATABASE postgres SET default_tablespace = 'small'").unwrap();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &ended(&site));
    client.batch_execute("CALL bat_work(60, max_tasks => 3)").unwrap();
    let before = client.column("SELECT to_jsonb(l) FROM bat_listings AS l ORDER BY url");

    disk.fill();
    let asked = site.requests("/listing/").len();
    // With a delay that is worth the name nothing is asked for ahead.
    client.batch_execute("SET bat_partners.request_delay = '30ms'").unwrap();
    let failure = client.error("CALL bat_work(60)");
    client.batch_execute("RESET bat_partners.request_delay").unwrap();
    assert_eq!(failure.sqlstate, "53100", "{failure:?}");
    // It does not go on to ask for pages that it cannot store.
    let stored = client.number("SELECT count(*) FROM bat_listings") - before.len() as i64;
    assert!(site.requests("/listing/").len() as i64 - asked as i64 - stored <= 2);
    let after = client.column("SELECT to_jsonb(l) FROM bat_listings AS l ORDER BY url");
    assert!(before.iter().all(|row| after.contains(row)));

    disk.make_room();
    assert_goes_on(&site, &mut client);
}

#[test]
fn a_lock_timeout_puts_the_page_off_and_not_the_work() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &ended(&site)[..4]);
    let mut other = server.client();
    other.batch_execute("BEGIN; LOCK TABLE bat_listings IN SHARE MODE").unwrap();
    client.batch_execute("SET lock_timeout = '100ms'").unwrap();
    client.batch_execute("CALL bat_work(60, max_tasks => 4)").unwrap();
    let told = "SELECT DISTINCT concat_ws(' ', state, last_sqlstate) FROM bat_tasks";
    assert_eq!(client.column(told), ["ready 55P03"]);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 0);
    other.batch_execute("COMMIT").unwrap();
    assert_goes_on(&site, &mut client);
}

#[test]
fn a_lock_timeout_at_the_queue_itself_ends_the_call() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &ended(&site)[..4]);
    let mut other = server.client();
    other.batch_execute("BEGIN; LOCK TABLE bat_tasks IN SHARE MODE").unwrap();
    client.batch_execute("SET lock_timeout = '100ms'").unwrap();
    let failure = client.error("CALL bat_work(60)");
    assert_eq!(failure.sqlstate, "55P03", "{failure:?}");
    other.batch_execute("COMMIT").unwrap();
    assert_goes_on(&site, &mut client);
}

#[test]
fn a_deadlock_puts_the_page_off_and_not_the_work() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&mut client, &ended(&site)[..1]);
    let mut other = server.client();
    // The other session's timer does not strike: the worker is the one that finds the deadlock, and gives way.
    other.batch_execute("SET deadlock_timeout = '10min'; BEGIN; LOCK TABLE organization_vehicles").unwrap();
    let mut worker = server.client();
    let worker = thread::spawn(move || {
        worker.batch_execute("SET deadlock_timeout = '3s'").unwrap();
        worker.batch_execute("CALL bat_work(60, max_tasks => 1)").unwrap();
    });
    await_lock_wait(&mut client);
    other.batch_execute("LOCK TABLE vehicles").unwrap();
    worker.join().unwrap();
    other.batch_execute("COMMIT").unwrap();
    let told = "SELECT concat_ws(' ', state, attempts, last_sqlstate) FROM bat_tasks";
    assert_eq!(client.column(told), ["ready 1 40P01"]);
    assert_goes_on(&site, &mut client);
}

#[test]
fn workers_do_not_care_for_the_default_isolation_level() {
    for level in ["serializable", "repeatable read"] {
        let site = Site::small();
        let server = Server::start(&format!("{}default_transaction_isolation = '{level}'", site.settings()));
        let mut client = server.client();
        client.batch_execute("SELECT bat_index_partners()").unwrap();
        enqueue(&mut client, &ended(&site));
        drop(client);
        // Any error but a crash or a stop fails in there.
        let mut client = workers::beside(&server, 3, "CALL bat_work(60)", || {
            let mut client = server.client();
            client.wait_until("SELECT count(*) = 0 FROM bat_tasks");
            client
        });
        assert_eq!(client.number("SELECT coalesce(sum(count), 0) FROM bat_problems"), 0, "{level}");
        assert_goes_on(&site, &mut client);
        assert_eq!(client.text("SHOW transaction_isolation"), level, "the session's own level is left alone");
    }
}

#[test]
fn a_session_that_idles_in_its_transaction_gives_everything_back() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let mut idle = server.client();
    idle.batch_execute(&format!(
        "SET idle_in_transaction_session_timeout = '100ms'; BEGIN; SELECT bat_import_listing('{url}')"
    ))
    .unwrap();
    client.wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'idle in transaction'");
    client.wait_until("SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'");
    assert!(server.log().contains("due to idle-in-transaction timeout"));
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 0);
    assert_goes_on(&site, &mut client);
}

#[test]
fn a_worker_that_waits_for_a_page_is_not_idle_in_a_transaction() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 0.7 }), Some(1));
    let server = Server::start(&format!("{}idle_in_transaction_session_timeout = '200ms'", site.settings()));
    assert_goes_on(&site, &mut server.client());
}

#[test]
fn a_transaction_timeout_counts_per_page_and_loses_nothing() {
    let site = Site::small();
    let url = site.listing("sold");
    site.fault(path(&url), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let server = site.server();
    let mut client = server.client();
    if client.number("SELECT count(*) FROM pg_settings WHERE name = 'transaction_timeout'") == 0 {
        return skipped::because("this server has no transaction_timeout");
    }
    let mut worker = server.client();
    worker.batch_execute("SET transaction_timeout = '5s'").unwrap();
    let error = worker.client.batch_execute(INGEST).expect_err("the session is ended");
    assert!(error.code().is_none_or(|code| code.code() == "25P04"), "{error:?}");
    assert!(server.log().contains("due to transaction timeout"));
    assert_goes_on(&site, &mut client);
}

/// A `psql` that makes a call, and hangs at a listing whose page takes long.
fn client_that_hangs(site: &Site, server: &Server, url: &str, seconds: f64) -> std::process::Child {
    site.fault(path(url), json!({ "kind": "slow", "seconds": seconds }), Some(1));
    let mut tool = server.tool("psql", "postgres");
    let client = tool.args(["-X", "-q", "-c", INGEST]).stdout(Stdio::null()).stderr(Stdio::null());
    let client = client.spawn().unwrap();
    site.await_requests(path(url), 1);
    client
}

#[test]
fn a_client_that_is_gone_is_noticed_where_the_server_looks_for_it() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = Server::start(&format!("{}client_connection_check_interval = '50ms'", site.settings()));
    let mut gone = client_that_hangs(&site, &server, &url, 60.0);
    gone.kill().unwrap();
    gone.wait().unwrap();
    let mut client = server.client();
    client.wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'CALL%'");
    assert!(server.log().contains("connection to client lost"));
    assert_goes_on(&site, &mut client);
}

#[test]
fn the_work_of_a_client_that_is_gone_is_done_once() {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut gone = client_that_hangs(&site, &server, &url, 1.0);
    gone.kill().unwrap();
    gone.wait().unwrap();
    let mut client = server.client();
    client.wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'CALL%'");
    assert_goes_on(&site, &mut client);
}

//! The drift alarm: fields that are no longer found are told, and nothing else is.

use std::thread;

use bat_replica::Config;
use serde_json::{Value, json};

use crate::server::Session;
use crate::site::Site;

/// A site with so many listings.
fn site_of(listings: usize) -> Site {
    Site::start(Config { listings, rel_next: true, ..Config::default() })
}

/// The URLs of listings in some states, or of all, whose pages are there.
fn urls(site: &Site, states: &[&str]) -> Vec<String> {
    let listings = site.listings("");
    let wanted = listings.iter().filter(|listing| {
        let status = listing["status"].as_str().unwrap_or_default();
        listing["replica"]["gone"] != true && (states.is_empty() || states.contains(&status))
    });
    wanted.filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect()
}

/// One run over the pages of listings, all of which the site sends in full.
fn read(client: &mut Session, urls: &[String]) {
    client
        .batch_execute("SELECT bat_setup(); UPDATE bat_pages SET etag = NULL, last_modified = NULL")
        .unwrap();
    let list = urls.join("','");
    client
        .batch_execute(&format!(
            "SELECT count(bat_enqueue('listing', url)) FROM unnest(ARRAY['{list}']) AS url;
             UPDATE bat_tasks SET run_after = now() WHERE key = ANY (ARRAY['{list}']) AND state = 'ready'"
        ))
        .unwrap();
    client.batch_execute(&format!("CALL bat_work(600, '{{listing}}', {})", urls.len())).unwrap();
    assert_eq!(
        client.text("SELECT tasks || ' ' || failed FROM bat_runs ORDER BY id DESC LIMIT 1"),
        format!("{} 0", urls.len())
    );
}

/// The rows of `bat_problems` about fields.
pub fn problems(client: &mut Session) -> Vec<Value> {
    let all = client.json(
        "SELECT COALESCE(jsonb_agg(p ORDER BY kind), '[]') FROM bat_problems AS p WHERE problem LIKE 'fields %'",
    );
    all.as_array().cloned().unwrap()
}

/// A row of `bat_field_coverage`.
pub fn field(client: &mut Session, kind: &str, field: &str) -> Value {
    client.json(&format!(
        "SELECT to_jsonb(f) FROM bat_field_coverage AS f WHERE kind = '{kind}' AND field = '{field}'"
    ))
}

/// The fields that are said to be lost.
pub fn cliffs(client: &mut Session) -> Vec<String> {
    client.column("SELECT kind || ' ' || field FROM bat_field_coverage WHERE is_cliff ORDER BY 1")
}

const OVER: [&str; 4] = ["sold", "reserve_not_met", "withdrawn", "ended"];

#[test]
fn another_mix_of_states_raises_nothing_and_a_field_that_is_gone_does_until_it_is_back() {
    let site = site_of(120);
    let server = site.server();
    let mut client = server.client();
    let all = urls(&site, &[]);
    for states in [&[][..], &["sold"], &OVER, &["live"], &["reserve_not_met", "live"], &[]] {
        read(&mut client, &urls(&site, states));
        assert_eq!(cliffs(&mut client), Vec::<String>::new(), "after {states:?}");
    }
    let price = field(&mut client, "listing", "sale_price");
    let sold = urls(&site, &["sold"]).len();
    assert_eq!((&price["pages"], &price["filled"]), (&json!(sold), &json!(sold)), "{price}");
    assert_eq!((&price["coverage"], &price["median"]), (&json!(1.0), &json!(1.0)), "{price}");
    let location = field(&mut client, "listing", "location");
    assert_eq!((&location["pages"], &location["filled"]), (&json!(all.len()), &json!(all.len())));

    site.set(json!({ "drop": ["essentials.location", "essentials.party"] }));
    read(&mut client, &all);
    assert_eq!(cliffs(&mut client), ["listing location", "listing seller_type"]);
    let found = problems(&mut client);
    assert_eq!(found.len(), 1, "{found:?}");
    let problem = &found[0];
    assert_eq!((&problem["kind"], &problem["count"]), (&json!("listing"), &json!(2)));
    assert_eq!(problem["problem"], "fields are missing on pages where they used to be");
    assert_eq!(problem["example_key"], "location");
    let pages = all.len();
    assert_eq!(
        problem["example_error"],
        format!("location: 0 of {pages} pages, 100 % before; seller_type: 0 of {pages} pages, 100 % before")
    );
    let example = problem["example_url"].as_str().unwrap();
    assert!(all.iter().any(|url| url == example), "{problem}");
    assert_eq!(client.text(&format!("SELECT bat_page('{example}') LIKE '%<strong>%'")), "t");
    let location = field(&mut client, "listing", "location");
    assert_eq!(location["examples"].as_array().map(Vec::len), Some(3), "{location}");
    // The work itself went on: what the pages still tell is stored.
    let stored = "SELECT count(*) FROM bat_listings WHERE last_seen_at IS NOT NULL AND location IS NULL
                  AND title IS NOT NULL AND lot_number IS NOT NULL AND details <> '{}'";
    assert_eq!(client.number(stored), pages as i64);
    assert_eq!(client.text("SELECT status FROM bat_runs ORDER BY id DESC LIMIT 1"), "done");

    site.set(json!({ "drop": [] }));
    read(&mut client, &all);
    assert_eq!((cliffs(&mut client), problems(&mut client)), (Vec::new(), Vec::new()));
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE location IS NULL"), 0);
}

#[test]
fn small_runs_are_added_up_until_they_are_a_sample() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let few: Vec<String> = urls(&site, &[]).into_iter().take(20).collect();
    for _ in 0..12 {
        read(&mut client, &few);
    }
    let location = field(&mut client, "listing", "location");
    assert_eq!(
        (&location["pages"], &location["samples"], &location["median"]),
        (&json!(60), &json!(3), &json!(1.0)),
        "{location}"
    );
    assert_eq!(location["run_id"], client.number("SELECT max(id) FROM bat_runs"));
    site.set(json!({ "drop": "essentials.location" }));
    read(&mut client, &few);
    // 20 pages of 60 are not half of them.
    assert_eq!(problems(&mut client), Vec::<Value>::new());
    read(&mut client, &few);
    assert_eq!(problems(&mut client)[0]["example_error"], "location: 20 of 60 pages, 100 % before");
    site.set(json!({ "drop": [] }));
    read(&mut client, &few);
    read(&mut client, &few);
    assert_eq!(problems(&mut client), Vec::<Value>::new());
}

/// How many pages the newest run has counted of a kind.
fn counted(client: &mut Session, kind: &str) -> i64 {
    client.number(&format!(
        "SELECT COALESCE(max(c.pages), 0) FROM bat_coverage AS c
         WHERE c.kind = '{kind}' AND c.run_id = (SELECT max(id) FROM bat_runs)"
    ))
}

/// Refuses the rows of one listing.
fn refuse(client: &mut Session, url: &str) {
    client
        .batch_execute(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF NEW.url = '{url}' THEN RAISE EXCEPTION 'refused'; END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON bat_listings FOR EACH ROW EXECUTE FUNCTION refuse()"
        ))
        .unwrap();
}

#[test]
fn a_page_that_is_undone_is_not_counted() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    assert_eq!(counted(&mut client, "directory"), site.partners().len() as i64);
    let username = client.text("SELECT bat_username FROM businesses GROUP BY 1 ORDER BY count(*), 1 LIMIT 1");
    let all: Vec<String> = site
        .listings(&format!("?seller={username}"))
        .iter()
        .filter(|listing| listing["replica"]["gone"] != true)
        .filter_map(|listing| listing["url"].as_str().map(str::to_owned))
        .collect();
    assert!(all.len() > 1, "{all:?}");
    refuse(&mut client, &all[0]);
    // By the queue's workers: each page in a transaction of its own.
    let list = all.join("','");
    client
        .batch_execute(&format!(
            "SELECT count(bat_enqueue('listing', url)) FROM unnest(ARRAY['{list}']) AS url"
        ))
        .unwrap();
    client.batch_execute("CALL bat_work(600, '{listing}')").unwrap();
    assert_eq!(counted(&mut client, "listing"), all.len() as i64 - 1);
    // By a job in the caller's transaction; a savepoint that is rolled back takes all of it along.
    let import = format!(
        "SELECT bat_import_partner_vehicles(id, skip_existing => false) FROM businesses WHERE bat_username = '{username}'"
    );
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    client.batch_execute(&format!("BEGIN; SAVEPOINT s; {import}; ROLLBACK TO s; {import}; COMMIT")).unwrap();
    assert_eq!(counted(&mut client, "listing"), all.len() as i64 - 1);
    assert_eq!(counted(&mut client, "member"), client.number(
        "SELECT count(*) FROM bat_fetches WHERE run_id = (SELECT max(id) FROM bat_runs) AND url LIKE '%/member/%' AND outcome = 'ok'"
    ));
}

#[test]
fn what_is_not_parsed_is_not_counted_and_a_dry_run_leaves_nothing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners(dry_run => true)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_coverage"), 0);
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let url = site.listing("sold");
    let import = format!("SELECT bat_import_listing('{url}')");
    client.batch_execute(&import).unwrap();
    assert_eq!(counted(&mut client, "listing"), 1);
    // Answered with 304.
    client.batch_execute(&import).unwrap();
    assert_eq!(counted(&mut client, "listing"), 0);
    // Refused for what it lacks: not counted, but told as a failure.
    site.fault("/listing/", json!({ "kind": "empty_shell" }), None);
    client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
    client.error(&import);
    let runs = "SELECT count(DISTINCT run_id) FROM bat_coverage WHERE kind = 'listing'";
    assert_eq!(client.number(runs), 1);
}

#[test]
fn a_session_that_is_killed_loses_little() {
    let site = site_of(260);
    let server = site.server();
    let mut client = server.client();
    let list = urls(&site, &[]).join("','");
    client
        .batch_execute(&format!(
            "SELECT bat_setup();
             CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END';
             CREATE TRIGGER slow BEFORE INSERT ON bat_listings FOR EACH ROW EXECUTE FUNCTION slow();
             SELECT count(bat_enqueue('listing', url)) FROM unnest(ARRAY['{list}']) AS url"
        ))
        .unwrap();
    let mut worker = server.client();
    let working = thread::spawn(move || worker.client.batch_execute("CALL bat_work(600)").is_err());
    client.wait_until("SELECT EXISTS (SELECT FROM bat_coverage)");
    client.batch_execute("SELECT pg_terminate_backend(pid) FROM bat_progress").unwrap();
    assert!(working.join().unwrap());
    assert_eq!(client.number("SELECT pages FROM bat_coverage WHERE field = 'url'"), 200);
    client.batch_execute("CALL bat_work(600)").unwrap();
    let (counted, stored) = (
        client.number("SELECT sum(pages) FROM bat_coverage WHERE field = 'url'"),
        client.number("SELECT count(*) FROM bat_listings"),
    );
    assert!(counted <= stored && counted > 200, "{counted} of {stored}");
}

#[test]
fn every_kind_of_page_is_counted_by_all_jobs() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    client.batch_execute("CALL bat_sweep()").unwrap();
    let counted = |client: &mut Session, job: &str| {
        client.column(&format!(
            "SELECT c.kind FROM bat_coverage AS c JOIN bat_runs AS r ON r.id = c.run_id
             WHERE r.job = '{job}' GROUP BY 1 ORDER BY 1"
        ))
    };
    assert_eq!(counted(&mut client, "bat_ingest"), ["directory", "listing", "member", "website"]);
    assert_eq!(counted(&mut client, "bat_sweep"), ["catalogue", "listing", "live_board"]);
    let live = urls(&site, &["live"]).len();
    assert_eq!(field(&mut client, "live_board", "status")["filled"], live);
    assert_eq!(field(&mut client, "catalogue", "title")["filled"], site.listings("").len() - live);
    // What the replica's pages all have is found on all of them.
    for name in ["url", "lot_number", "status", "outcome", "currency", "high_bidder_username", "bid_count"] {
        let found = field(&mut client, "listing", name);
        assert_eq!(found["coverage"], 1.0, "{found}");
    }
    assert_eq!(
        client.column("SELECT DISTINCT samples FROM bat_field_coverage WHERE kind <> 'listing'"),
        ["0"]
    );
}

#[test]
fn pages_that_are_read_again_from_the_archive_are_counted_apart() {
    let site = site_of(120);
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    let listings = client.number("SELECT count(*) FROM bat_listings");
    let now = "SELECT jsonb_agg(f ORDER BY kind, field) FROM bat_field_coverage AS f";
    let before = client.text(now);
    for _ in 0..4 {
        client.batch_execute("UPDATE bat_pages SET parser_version = -1").unwrap();
        client.batch_execute("CALL bat_reparse()").unwrap();
    }
    // As if another version of the parser had read nothing of them.
    client.batch_execute("UPDATE bat_coverage SET filled = 0 WHERE is_of_archive").unwrap();
    assert_eq!((client.text(now), cliffs(&mut client)), (before, Vec::new()));
    assert_eq!(
        client.column(&format!(
            "SELECT DISTINCT r.job || ' ' || (c.pages = {listings}) FROM bat_coverage AS c
             JOIN bat_runs AS r ON r.id = c.run_id WHERE c.is_of_archive AND c.kind = 'listing' AND c.field = 'url'"
        )),
        ["bat_reparse true"]
    );
}

//! The page archive: pages come out as they went in, and `bat_reparse` reads them again with no request.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use crate::programs::succeed;
use crate::server::{Server, Session};
use crate::site::{Site, path};

/// A server whose archive holds the directory, the partners' sites and all their listings.
fn filled(site: &Site) -> Server {
    let server = site.server();
    server.client().batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
    server
}

/// A page as the site serves it.
fn served(site: &Site, url: &str) -> String {
    let address = site.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    let path = path(url);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").expect("a complete answer").1.to_owned()
}

/// As if the rows had been written by an older parser, which read some things otherwise.
const OLDER: &str = "
    UPDATE bat_pages SET parser_version = -1;
    UPDATE bat_listings SET
        parser_version = -1,
        view_count = 7,
        metadata = jsonb_set(
            jsonb_set(metadata, '{bat_partners,parser_version,value}', '-1'),
            '{bat_partners,view_count,value}', '7'
        )";

const ROWS: &str = "
    SELECT md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM (
        SELECT to_jsonb(l) - '{metadata,updated_at,last_seen_at,last_changed_at}'::text[] AS row FROM bat_listings AS l
        UNION ALL SELECT to_jsonb(v) - '{metadata,updated_at}'::text[] FROM vehicles AS v
        UNION ALL SELECT to_jsonb(o) - '{metadata,updated_at}'::text[] FROM organization_vehicles AS o
        UNION ALL SELECT to_jsonb(b) - '{metadata,updated_at}'::text[] FROM businesses AS b
    ) AS rows";

/// When the pages were fetched, and what was, which is no business of the parser's.
const FETCHED: &str =
    "SELECT md5(string_agg(p.url || p.fetched_at || p.body::text, ' ' ORDER BY p.url)) FROM bat_pages AS p";

const STALE: &str = "SELECT count(*) FROM bat_pages WHERE parser_version < 0";

fn summary(client: &mut Session) -> String {
    client.text(
        "SELECT concat_ws(' ', status, found, inserted, updated, unchanged, skipped, failed, requests)
         FROM bat_runs WHERE job = 'bat_reparse' ORDER BY id DESC LIMIT 1",
    )
}

#[test]
fn a_page_comes_out_of_the_archive_as_the_site_served_it() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    let check = |client: &mut Session| {
        for dictionary in ["IS NULL", "IS NOT NULL"] {
            let urls = client.column(&format!(
                "SELECT url FROM bat_pages WHERE kind = 'listing' AND dictionary_id {dictionary} ORDER BY url LIMIT 3"
            ));
            assert!(!urls.is_empty(), "dictionary {dictionary}");
            for url in urls {
                assert!(client.text(&format!("SELECT bat_page('{url}')")) == served(&site, &url), "{url}");
                assert_eq!(
                    client.text(&format!("SELECT bat_page('{}') = bat_page('{url}')", path(&url))),
                    "t"
                );
            }
        }
    };
    check(&mut client);
    assert_eq!(client.text("SELECT bat_page('/listing/never-was/') IS NULL"), "t");
    let file = server.data().join("dump");
    succeed(server.tool("pg_dump", "postgres").args(["-Fc", "-f"]).arg(&file));
    client.batch_execute("CREATE DATABASE restored TEMPLATE template0").unwrap();
    succeed(server.tool("pg_restore", "restored").arg("--exit-on-error").arg(&file));
    check(&mut server.session("postgres", "restored"));
}

#[test]
fn a_page_is_read_by_whoever_may_read_the_archive_and_on_a_standby() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.text("SELECT bat_page('/listing/x/') IS NULL"), "t", "there is no table yet");
    client.batch_execute(&format!("SELECT bat_import_listing('{}')", site.listing("sold"))).unwrap();
    client.batch_execute("CREATE ROLE reader LOGIN").unwrap();
    let sql = format!("SELECT length(bat_page('{}')) > 1000", site.listing("sold"));
    let mut reader = server.session("reader", "postgres");
    for grant in ["EXECUTE ON FUNCTION bat_page(text)", "SELECT ON bat_pages"] {
        assert_eq!(reader.error(&sql).sqlstate, "42501");
        client.batch_execute(&format!("GRANT {grant} TO reader")).unwrap();
    }
    // The first page of its kind needs no dictionary.
    assert_eq!(reader.text(&sql), "t");
    let standby = server.standby();
    let mut client = standby.client();
    client.wait_until("SELECT to_regclass('bat_pages') IS NOT NULL AND EXISTS (SELECT FROM bat_pages)");
    assert_eq!(client.text(&sql), "t");
    assert_eq!(client.error("CALL bat_reparse()").sqlstate, "25006");
}

#[test]
fn rows_of_an_older_parser_are_brought_up_to_date_without_a_request() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    let (before, fetched) = (client.text(ROWS), client.text(FETCHED));
    let pages = client.number("SELECT count(*) FROM bat_pages");
    let asked = site.requests("/").len();
    client.batch_execute("CALL bat_reparse()").unwrap();
    assert_eq!(summary(&mut client), "nothing_to_do 0 0 0 0 0 0 0");
    client.batch_execute(OLDER).unwrap();
    assert_ne!(client.text(ROWS), before);
    client.batch_execute("CALL bat_reparse()").unwrap();
    assert_eq!(client.text(ROWS), before);
    assert_eq!(client.number(STALE), 0);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE parser_version < 0"), 0);
    assert_eq!(site.requests("/").len(), asked);
    let run = client.json("SELECT to_jsonb(r) FROM bat_runs AS r ORDER BY id DESC LIMIT 1");
    assert_eq!((&run["status"], &run["tasks"], &run["failed"]), (&"done".into(), &pages.into(), &0.into()));
    assert_eq!(run["updated"], client.number("SELECT count(*) FROM bat_listings"));
    assert_eq!(client.text(FETCHED), fetched);
}

#[test]
fn unchanged_rows_are_only_marked() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    let memory = "SELECT md5(string_agg(metadata::text, ' ' ORDER BY id)) FROM vehicles";
    let before = client.text(memory);
    client
        .batch_execute(
            "UPDATE bat_pages SET parser_version = -1;
             UPDATE bat_listings SET parser_version = -1,
                 metadata = jsonb_set(metadata, '{bat_partners,parser_version,value}', '-1')",
        )
        .unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    let listings = client.number("SELECT count(*) FROM bat_listings");
    assert_eq!(summary(&mut client), format!("done {listings} 0 0 {listings} 0 0 0"));
    assert_eq!(client.text(memory), before);
    assert_eq!(client.number("SELECT count(*) FROM bat_listings WHERE parser_version < 0"), 0);
    // The other kinds were not asked for.
    assert!(client.number(STALE) > 0);
    // The next import may write the version, as what the importer itself wrote.
    assert_eq!(
        client.number(
            "SELECT count(*) FROM bat_listings
             WHERE metadata #> '{bat_partners,parser_version,value}' <> to_jsonb(parser_version)"
        ),
        0
    );
}

#[test]
fn what_a_person_wrote_stays_and_what_is_newer_than_the_page_too() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    client.batch_execute(OLDER).unwrap();
    let url = site.listing("sold");
    let newer = site.listing("live");
    client
        .batch_execute(&format!(
            "UPDATE bat_listings SET title = 'Mine' WHERE url = '{url}';
             UPDATE bat_listings SET last_seen_at = now() + interval '1 s', location = NULL,
                 metadata = jsonb_set(metadata, '{{bat_partners,location,value}}', 'null') WHERE url = '{newer}'"
        ))
        .unwrap();
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_eq!(
        client
            .text(&format!("SELECT title || ' ' || (view_count <> 7) FROM bat_listings WHERE url = '{url}'")),
        "Mine true"
    );
    // The page is older than the row: it fills what is missing, and replaces nothing.
    assert_eq!(
        client.text(&format!(
            "SELECT view_count || ' ' || (location IS NOT NULL) FROM bat_listings WHERE url = '{newer}'"
        )),
        "7 true"
    );
}

#[test]
fn a_page_that_cannot_be_read_is_counted_and_kept_and_stops_nothing() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    client.batch_execute(OLDER).unwrap();
    let bad = client.column("SELECT url FROM bat_pages WHERE kind = 'listing' ORDER BY url LIMIT 3");
    // One page is of another kind, one is broken, one has lost its dictionary.
    client
        .batch_execute(&format!(
            "UPDATE bat_pages AS p SET body = o.body, dictionary_id = o.dictionary_id, sha256 = o.sha256
             FROM bat_pages AS o WHERE p.url = '{}' AND o.kind = 'directory';
             UPDATE bat_pages SET body = 'broken' WHERE url = '{}';
             UPDATE bat_pages SET dictionary_id = gen_random_uuid() WHERE url = '{}'",
            bad[0], bad[1], bad[2]
        ))
        .unwrap();
    for _ in 0..2 {
        client.batch_execute("CALL bat_reparse()").unwrap();
        assert!(summary(&mut client).ends_with(" 3 0"), "{}", summary(&mut client));
    }
    assert_eq!(summary(&mut client), "failed 3 0 0 0 0 3 0");
    let versions = client.column(&format!(
        "SELECT parser_version FROM bat_pages WHERE url IN ('{}') ORDER BY url",
        bad.join("','")
    ));
    assert_eq!(versions, ["0", "-1", "-1"]);
    assert_eq!(client.number("SELECT count(*) FROM bat_pages WHERE body IS NULL"), 0);
    assert_eq!(client.number(STALE), 2);
}

#[test]
fn it_is_called_at_top_level_with_a_kind_that_exists() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.error("BEGIN; CALL bat_reparse()").sqlstate, "25001");
    client.batch_execute("ROLLBACK").unwrap();
    let failure = client.error("CALL bat_reparse('catalogs')");
    assert_eq!(failure.sqlstate, "22023");
    assert!(failure.message.contains("listing, directory"), "{failure:?}");
}

/// Makes every change of a listing take some time.
const SLOW: &str = "
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
    CREATE TRIGGER slow BEFORE UPDATE ON bat_listings FOR EACH ROW EXECUTE FUNCTION slow()";

#[test]
fn a_cancel_keeps_the_batches_before_it_and_the_next_call_goes_on() {
    let site = Site::start(bat_replica::Config {
        partners: 83,
        listings: 400,
        rel_next: true,
        ..Default::default()
    });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let before = client.text(ROWS);
    client.batch_execute(OLDER).unwrap();
    client.batch_execute(SLOW).unwrap();
    let pages = client.number(STALE);
    let mut worker = server.client();
    let working = thread::spawn(move || worker.error("CALL bat_reparse()").sqlstate);
    client
        .wait_until("SELECT EXISTS (SELECT FROM bat_progress WHERE job = 'bat_reparse' AND tasks_done > 0)");
    let progress = client.json("SELECT to_jsonb(p) FROM bat_progress AS p");
    assert_eq!(progress["state"], "at a page");
    assert_eq!(progress["tasks_done"].as_i64().unwrap() + progress["tasks_left"].as_i64().unwrap(), pages);
    client.batch_execute("SELECT pg_cancel_backend(pid) FROM bat_progress").unwrap();
    assert_eq!(working.join().unwrap(), "57014");
    let left = client.number(STALE);
    assert!(left > 0 && left < pages, "{left} of {pages} are left");
    client.batch_execute("DROP TRIGGER slow ON bat_listings").unwrap();
    client.batch_execute("CALL bat_reparse()").unwrap();
    assert_eq!((client.number(STALE), client.text(ROWS)), (0, before));
    assert_eq!(client.number("SELECT tasks FROM bat_runs ORDER BY id DESC LIMIT 1"), left);
    assert_eq!(
        client.column("SELECT status FROM bat_runs WHERE job = 'bat_reparse' ORDER BY id"),
        ["failed", "done"]
    );
}

#[test]
fn sessions_side_by_side_share_the_pages() {
    let site = Site::start(bat_replica::Config {
        partners: 83,
        listings: 400,
        rel_next: true,
        ..Default::default()
    });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 100, skip_enrich => true)").unwrap();
    let before = client.text(ROWS);
    client.batch_execute(OLDER).unwrap();
    client.batch_execute(SLOW).unwrap();
    let pages = client.number(STALE);
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let mut worker = server.client();
            thread::spawn(move || worker.batch_execute("CALL bat_reparse()").unwrap())
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    assert_eq!((client.number(STALE), client.text(ROWS)), (0, before));
    let runs = "SELECT concat_ws(' ', sum(tasks), sum(failed), sum(skipped), min(tasks) > 0)
                FROM bat_runs WHERE job = 'bat_reparse'";
    assert_eq!(client.text(runs), format!("{pages} 0 0 t"));
}

//! Bad input: each gives its SQLSTATE, a message with the URL, and a hint; what was committed stays.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::server::{Failure, Server};
use crate::site::{Site, path};

/// A site, a server for it, and a sold listing.
fn set_up() -> (Site, Server, String) {
    let site = Site::small();
    let server = site.server();
    let url = site.listing("sold");
    (site, server, url)
}

/// Imports a listing whose page goes wrong; returns the error.
fn import_with(fault: Value) -> (Failure, String) {
    let (site, server, url) = set_up();
    site.fault(path(&url), fault, None);
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); SET bat_partners.max_attempts = 2").unwrap();
    let failure = client.error(&format!("SELECT bat_import_listing('{url}')"));
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), 0);
    (failure, path(&url).to_owned())
}

fn assert_fails(fault: Value, sqlstate: &str, message: &str) {
    let (failure, path) = import_with(fault);
    assert_eq!(failure.sqlstate, sqlstate, "{failure:?}");
    assert!(failure.message.contains(&path) && failure.message.contains(message), "{failure:?}");
    assert!(!failure.hint.is_empty(), "{failure:?}");
}

/// Imports a listing whose page goes wrong in a way that is survived; returns its title.
fn title_with(fault: Value, times: Option<u64>) -> (String, String) {
    let (site, server, url) = set_up();
    let truth = site.listings(&format!("?url={url}"))[0]["title"].as_str().unwrap().to_owned();
    site.fault(path(&url), fault, times);
    let mut client = server.client();
    assert_eq!(client.text(&format!("SELECT status FROM bat_import_listing('{url}')")), "done");
    (client.text("SELECT title FROM bat_listings"), truth)
}

#[test]
fn no_such_organization() {
    let (_site, server, _) = set_up();
    let mut client = server.client();
    for call in ["bat_import_partner_vehicles", "bat_enrich_org"] {
        let failure = client.error(&format!("SELECT {call}('00000000-0000-0000-0000-000000000001')"));
        assert_eq!(failure.sqlstate, "P0002");
        assert!(failure.message.contains("00000000-0000-0000-0000-000000000001") && !failure.hint.is_empty());
    }
}

#[test]
fn an_organization_without_username_or_site() {
    let (_site, server, _) = set_up();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); INSERT INTO businesses (business_name) VALUES ('x')").unwrap();
    for call in ["bat_import_partner_vehicles", "bat_enrich_org"] {
        let failure = client.error(&format!("SELECT {call}(id) FROM businesses"));
        assert_eq!(failure.sqlstate, "55000");
        assert!(!failure.hint.is_empty());
    }
}

#[test]
fn listing_urls_in_every_form_are_one_listing() {
    let (_site, server, url) = set_up();
    let slug = path(&url).trim_start_matches("/listing/").trim_end_matches('/').to_owned();
    let mut client = server.client();
    for form in [
        url.clone(),
        format!("http://www.bringatrailer.com/listing/{slug}"),
        format!("{url}?utm_source=x#comments"),
        format!("https://bringatrailer.com/de/listing/{slug}/?switch_language=1"),
        format!("HTTPS://BRINGATRAILER.COM/listing/{}/", slug.to_uppercase()),
        format!("/listing/{slug}"),
    ] {
        client.batch_execute(&format!("SELECT bat_import_listing('{form}')")).unwrap();
    }
    assert_eq!(client.column("SELECT url FROM bat_listings"), [url]);
}

#[test]
fn a_listing_with_a_percent_encoded_slug() {
    let site = Site::start(bat_replica::Config { partners: 8, listings: 400, ..Default::default() });
    let listings = site.listings("");
    let encoded = listings.iter().filter_map(|listing| listing["url"].as_str()).find(|url| url.contains('%'));
    let url = encoded.expect("the replica has a percent-encoded slug");
    let server = site.server();
    let mut client = server.client();
    client.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    client.batch_execute(&format!("SELECT bat_import_listing('{}')", url.replace("%e2", "%E2"))).unwrap();
    assert_eq!(client.column("SELECT url FROM bat_listings"), [url.to_owned()]);
}

#[test]
fn a_url_of_another_host_or_kind() {
    let (site, server, _) = set_up();
    let mut client = server.client();
    for url in ["https://example.com/listing/x/", "https://bringatrailer.com/member/x/", "", "nonsense"] {
        let failure = client.error(&format!("SELECT bat_import_listing('{url}')"));
        assert_eq!(failure.sqlstate, "22023", "{url}");
        assert!(failure.message.contains(url) && !failure.hint.is_empty());
    }
    assert_eq!(site.requests("/").len(), 0);
}

#[test]
fn gone() {
    for status in [404, 410] {
        assert_fails(json!({ "kind": "status", "status": status }), "02000", &status.to_string());
    }
}

#[test]
fn blocked() {
    assert_fails(json!({ "kind": "status", "status": 403 }), "08004", "403");
    assert_fails(json!({ "kind": "block_page", "status": 200 }), "08004", "challenge");
}

#[test]
fn too_many_requests_for_longer_than_a_caller_waits() {
    assert_fails(json!({ "kind": "status", "status": 429, "retry_after": "7200" }), "08004", "429");
}

#[test]
fn too_many_requests_with_seconds_and_with_a_date_are_waited_for() {
    for wait in [json!({ "retry_after": "1" }), json!({ "retry_after_date": 1 })] {
        let mut fault = json!({ "kind": "status", "status": 429 });
        fault.as_object_mut().unwrap().extend(wait.as_object().unwrap().clone());
        let (title, truth) = title_with(fault, Some(1));
        assert_eq!(title, truth);
    }
}

#[test]
fn a_500_and_then_a_200() {
    let (title, truth) = title_with(json!({ "kind": "status", "status": 500 }), Some(1));
    assert_eq!(title, truth);
}

#[test]
fn a_500_for_ever() {
    assert_fails(json!({ "kind": "status", "status": 500 }), "08006", "500");
}

#[test]
fn a_broken_connection() {
    assert_fails(json!({ "kind": "reset" }), "08006", "could not fetch");
    assert_fails(json!({ "kind": "truncate", "at": 1000 }), "08006", "could not fetch");
}

#[test]
fn a_page_that_drips_for_ever_times_out() {
    let (site, server, url) = set_up();
    site.fault(path(&url), json!({ "kind": "drip", "bytes": 100, "interval_ms": 100 }), None);
    let mut client = server.client();
    client
        .batch_execute("SET bat_partners.request_timeout = '500ms'; SET bat_partners.max_attempts = 1")
        .unwrap();
    let failure = client.error(&format!("SELECT bat_import_listing('{url}')"));
    assert_eq!(failure.sqlstate, "08006");
    assert!(failure.message.contains("timed out"), "{failure:?}");
}

#[test]
fn a_page_that_is_too_large() {
    assert_fails(json!({ "kind": "big", "megabytes": 20 }), "54000", "too large");
    assert_fails(json!({ "kind": "gzip_bomb", "megabytes": 200 }), "54000", "too large");
}

#[test]
fn a_page_that_is_no_text() {
    let body = json!({ "kind": "body", "body": "GIF89a", "content_type": "image/gif" });
    let (failure, _) = import_with(body);
    assert_eq!(failure.sqlstate, "22000");
    assert!(failure.message.contains("image/gif"));
}

#[test]
fn a_redirect_loop() {
    let (failure, _) = import_with(json!({ "kind": "redirect", "to": "{path}" }));
    assert_eq!(failure.sqlstate, "08P01");
    assert!(failure.message.contains("too many redirects"));
}

#[test]
fn an_empty_shell() {
    let (failure, path) = import_with(json!({ "kind": "empty_shell" }));
    assert_eq!(failure.sqlstate, "22000");
    assert!(
        failure.message.contains(&path) && failure.message.contains("neither title nor seller"),
        "{failure:?}"
    );
}

/// A server that may reach the replica by its port alone, since it is the base URL, but no private address.
fn guarded(base_url: &str) -> Server {
    Server::start(&format!("bat_partners.base_url = '{base_url}'\nbat_partners.request_delay = 0\n"))
}

#[test]
fn nul_bytes_and_charsets_are_survived() {
    for fault in [
        json!({ "kind": "nul" }),
        json!({ "kind": "charset", "charset": "windows-1252", "declare": "header" }),
        json!({ "kind": "charset", "charset": "windows-1252", "declare": "meta" }),
        json!({ "kind": "charset", "charset": "utf-16le", "declare": "bom" }),
    ] {
        let (title, truth) = title_with(fault.clone(), None);
        assert_eq!(title, truth, "{fault}");
    }
}

#[test]
fn an_empty_directory_and_half_a_directory() {
    let (site, server, _) = set_up();
    let mut client = server.client();
    site.set(json!({ "directory": "empty" }));
    let failure = client.error("SELECT bat_index_partners()");
    assert_eq!(failure.sqlstate, "22000");
    assert!(failure.message.contains("/local-partners/") && !failure.hint.is_empty(), "{failure:?}");
    site.set(json!({ "directory": "full" }));
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let before = client.number("SELECT count(*) FROM businesses WHERE status = 'active'");
    site.set(json!({ "directory": "half" }));
    // Under a half is broken; what is just a half may be true.
    let half = client.text("SELECT status FROM bat_index_partners(dry_run => true)");
    assert_eq!(half, "done");
    site.set(json!({ "directory": "empty" }));
    client.error("SELECT bat_index_partners()");
    assert_eq!(client.number("SELECT count(*) FROM businesses WHERE status = 'active'"), before);
    // The queue keeps the body of the page that it could not believe.
    client.batch_execute("CALL bat_ingest(skip_enrich => true, skip_import => true)").unwrap();
    assert_eq!(
        client.number("SELECT count(*) FROM bat_pages WHERE kind = 'directory' AND parser_version = 0"),
        1
    );
}

#[test]
fn a_procedure_inside_a_transaction_block() {
    let (site, server, _) = set_up();
    let mut client = server.client();
    for call in ["CALL bat_ingest()", "CALL bat_work()"] {
        client.batch_execute("BEGIN").unwrap();
        let failure = client.error(call);
        assert_eq!(failure.sqlstate, "25001");
        assert!(!failure.hint.is_empty());
        client.batch_execute("ROLLBACK").unwrap();
    }
    assert_eq!(site.requests("/").len(), 0);
}

#[test]
fn an_address_that_is_not_public() {
    let (site, _server, _) = set_up();
    let port = site.url().rsplit(':').next().unwrap().to_owned();
    // By its number, and by a name that resolves to it.
    for (base_url, what) in [(site.url(), "127.0.0.1"), (format!("http://localhost:{port}"), "resolves to")] {
        let server = guarded(&base_url);
        let failure = server.client().error("SELECT bat_import_listing('/listing/x/')");
        assert_eq!(failure.sqlstate, "42501", "{failure:?}");
        assert!(
            failure.message.contains(what) && failure.hint.contains("allow_private_addresses"),
            "{failure:?}"
        );
    }
    assert_eq!(site.requests("/").len(), 0);
}

/// A site with a public name, as a proxy that answers for it: every page redirects to `target`.
fn redirecting_proxy(target: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head: Vec<String> = BufReader::new(&stream)
                .lines()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            let head = if head[0].contains("/robots.txt") {
                "HTTP/1.1 404 Not Found\r\n".to_owned()
            } else {
                format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\n")
            };
            let _ = write!(stream, "{head}Content-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    url
}

#[test]
fn a_redirect_to_an_address_that_is_not_public() {
    for target in ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "file:///etc/passwd"] {
        let proxy = redirecting_proxy(target);
        let server = Server::start(&format!(
            "bat_partners.base_url = 'http://public.example'\nbat_partners.request_delay = 0\nbat_partners.proxy = '{proxy}'\n"
        ));
        let failure = server.client().error("SELECT bat_import_listing('/listing/x/')");
        assert_eq!(failure.sqlstate, "42501", "{failure:?}");
        assert!(failure.message.contains(target), "{failure:?}");
    }
}

#[test]
fn a_redirect_to_another_site_is_not_believed() {
    let proxy = redirecting_proxy("http://another.example/listing/y/");
    let server = Server::start(&format!(
        "bat_partners.base_url = 'http://public.example'\nbat_partners.request_delay = 0\nbat_partners.proxy = '{proxy}'\n"
    ));
    let failure = server.client().error("SELECT bat_import_listing('/listing/x/')");
    assert_eq!(failure.sqlstate, "22000", "{failure:?}");
    assert!(failure.message.contains("another.example"), "{failure:?}");
}

//! Addresses from strangers: a partner's web site, and where a page redirects to.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::server::Server;
use crate::smuggled::Web;

/// What may stand in a partner's website column, with the SQLSTATE that it gives and a word of the message.
fn websites(port: u16) -> Vec<(String, &'static str, &'static str)> {
    let refused = [
        (format!("http://127.0.0.1:{port}/"), "port"),
        (format!("http://localhost:{port}/"), "port"),
        ("http://127.0.0.1/".to_owned(), "127.0.0.1 is not a public address"),
        ("http://2130706433/".to_owned(), "127.0.0.1 is not a public address"),
        ("https://0x7f.1/".to_owned(), "127.0.0.1 is not a public address"),
        ("http://0177.0.0.1/".to_owned(), "127.0.0.1 is not a public address"),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "169.254.169.254 is not a public address"),
        ("http://10.0.0.1/".to_owned(), "10.0.0.1 is not a public address"),
        ("http://100.64.0.1/".to_owned(), "100.64.0.1 is not a public address"),
        ("http://[::1]/".to_owned(), "::1 is not a public address"),
        ("http://[::ffff:7f00:1]/".to_owned(), "is not a public address"),
        ("http://[fd00:ec2::254]/".to_owned(), "is not a public address"),
        ("http://localhost/".to_owned(), "localhost resolves to"),
        ("file:///etc/passwd".to_owned(), "scheme"),
        ("ftp://example.com/".to_owned(), "scheme"),
        ("javascript:alert(1)".to_owned(), "scheme"),
        ("data:text/html,x".to_owned(), "scheme"),
        ("http://user:secret@example.com/".to_owned(), "credentials"),
        ("https://example.com@127.0.0.1/".to_owned(), "credentials"),
        ("http://example.com:5432/".to_owned(), "port"),
    ];
    let no_url = [
        "not a url",
        "//127.0.0.1/",
        "http://",
        "http://[fe80::1%25eth0]/",
        "http://256.1.1.1/",
        "/etc/passwd",
    ];
    refused
        .into_iter()
        .map(|(url, word)| (url, "42501", word))
        .chain(no_url.map(|url| (url.to_owned(), "22023", "is not a URL")))
        .collect()
}

#[test]
fn hostile_web_sites_of_partners_are_refused_and_nothing_is_requested() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let server =
        Server::start("bat_partners.base_url = 'http://127.0.0.1:1'\nbat_partners.request_delay = 0\n");
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    for (website, sqlstate, word) in websites(port) {
        client.batch_execute("TRUNCATE businesses; TRUNCATE bat_tasks").unwrap();
        client
            .client
            .execute(
                "INSERT INTO businesses (business_name, website, metadata)
                 VALUES ('x', $1, '{\"directory_position\": 1}')",
                &[&website],
            )
            .unwrap();
        for call in
            ["SELECT bat_enrich_org(id) FROM businesses", "SELECT bat_sync_inventory(id) FROM businesses"]
        {
            let failure = client.error(call);
            assert_eq!(failure.sqlstate, sqlstate, "{call} of {website}: {failure:?}");
            let text = format!("{failure:?}");
            assert!(
                failure.message.contains(word) && !text.contains("secret"),
                "{call} of {website}: {text}"
            );
        }
        client.batch_execute("CALL bat_ingest(skip_index => true, skip_import => true)").unwrap();
        // What is no URL is no web site: there is nothing to be done.
        let expected = if sqlstate == "42501" { vec!["enrich dead 42501".to_owned()] } else { vec![] };
        assert_eq!(
            client.column("SELECT concat_ws(' ', kind, state, last_sqlstate) FROM bat_tasks"),
            expected,
            "{website}"
        );
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_fetches WHERE status IS NOT NULL"), 0);
    assert_eq!(connections.load(Ordering::Relaxed), 0);
}

/// Where a page may try to send the crawler.
const TARGETS: [&str; 14] = [
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/admin",
    "//127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://public.example:6379/",
    "http://user:secret@public.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
];

/// Of `http://<what><number>.example/…`: the number.
fn number_of(url: &str, what: &str) -> Option<usize> {
    let rest = url.strip_prefix("http://")?.strip_prefix(what)?;
    rest.split('.').next()?.parse().ok()
}

#[test]
fn redirects_of_pages_and_of_robots_txt_to_special_addresses_are_not_followed() {
    let web = Web::start(|url| {
        let redirect = |target: usize| format!("302 Found\r\nLocation: {}", TARGETS[target]);
        match (number_of(url, "page"), number_of(url, "robots"), url.ends_with("/robots.txt")) {
            (Some(target), _, false) => Some(redirect(target)),
            (_, Some(target), true) => Some(redirect(target)),
            _ => None,
        }
    });
    let server = web.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    for (target, url) in TARGETS.iter().enumerate() {
        for what in ["page", "robots"] {
            client
                .batch_execute(&format!(
                    "TRUNCATE businesses; INSERT INTO businesses (business_name, website)
                     VALUES ('x', 'http://{what}{target}.example/')"
                ))
                .unwrap();
            let failure = client.error("SELECT bat_enrich_org(id) FROM businesses");
            assert_eq!(failure.sqlstate, "42501", "{what} to {url}: {failure:?}");
            assert!(!format!("{failure:?}").contains("secret"), "{failure:?}");
        }
    }
    let elsewhere: Vec<String> = web
        .asked()
        .into_iter()
        .filter(|line| !line.starts_with("GET http://page") && !line.starts_with("GET http://robots"))
        .collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}

#[test]
fn an_error_repeats_no_password() {
    let server = Server::start("");
    let mut client = server.client();
    for (call, name) in [
        ("SELECT bat_import_listing('https://user:secret@example.com/listing/x/')", "example.com"),
        ("SELECT bat_enqueue('listing', 'https://user:secret@example.com/listing/x/')", "example.com"),
        ("SET bat_partners.proxy = 'socks5://user:secret@proxy.example'", "bat_partners.proxy"),
        ("SET bat_partners.base_url = 'https://user:secret@site.example'", "bat_partners.base_url"),
    ] {
        let failure = client.error(call);
        assert_eq!(failure.sqlstate, "22023", "{failure:?}");
        assert!(!format!("{failure:?}").contains("secret"), "{failure:?}");
        assert!(failure.message.contains(name), "{failure:?}");
    }
}

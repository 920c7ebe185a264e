//! The replica of the site, for one test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bat_replica::{Config, Replica};
use serde_json::{Value, json};

use crate::server::Server;

/// A running replica. Stopped when dropped.
pub struct Site {
    replica: Replica,
}

impl Site {
    /// Starts a replica with a few partners and listings.
    pub fn small() -> Site {
        Site::start(Config { partners: 8, listings: 60, rel_next: true, ..Config::default() })
    }

    /// Starts a replica.
    pub fn start(config: Config) -> Site {
        Site { replica: Replica::start(config).expect("the replica starts") }
    }

    /// Origin of the site.
    pub fn url(&self) -> String {
        self.replica.base_url().trim_end_matches('/').to_owned()
    }

    /// Lines for postgresql.conf that point the extension at this site, without a delay.
    pub fn settings(&self) -> String {
        format!(
            "bat_partners.base_url = '{}'\nbat_partners.allow_private_addresses = on\nbat_partners.request_delay = 0\n",
            self.url()
        )
    }

    /// A server that is set up for this site.
    pub fn server(&self) -> Server {
        Server::start(&self.settings())
    }

    /// Lets requests whose path starts with `path` go wrong, for the first `times`, or always.
    pub fn fault(&self, path: &str, fault: Value, times: Option<u64>) {
        let mut rule = json!({ "match": path, "fault": fault });
        if let Some(times) = times {
            rule["times"] = json!(times);
        }
        self.rules(&rule);
    }

    /// Adds rules of faults as the replica knows them.
    pub fn rules(&self, rules: &Value) {
        self.admin("POST", "/_replica/faults", Some(rules));
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.admin("DELETE", "/_replica/faults", None);
    }

    /// Changes a switch or a listing. Returns what the listing's page says then; of one that is offered again, what the
    /// new one says.
    pub fn set(&self, change: Value) -> Value {
        self.admin("POST", "/_replica/set", Some(&change))
    }

    /// What the pages of listings say, as the replica knows it.
    pub fn listings(&self, query: &str) -> Vec<Value> {
        list(self.admin("GET", &format!("/_replica/truth/listings{query}"), None))
    }

    /// What the page of a listing says of its thread.
    pub fn thread(&self, url: &str) -> Value {
        self.admin("GET", &format!("/_replica/truth/thread?url={}", url.replace('%', "%25")), None)
    }

    /// A page as the site serves it, by its canonical URL.
    pub fn page(&self, url: &str) -> String {
        self.ask("GET", path(url), None)
    }

    /// What the directory says.
    pub fn partners(&self) -> Vec<Value> {
        list(self.admin("GET", "/_replica/truth/partners", None))
    }

    /// What the dealers have at the crawl that is set, each by himself.
    pub fn inventories(&self) -> Vec<Value> {
        list(self.admin("GET", "/_replica/truth/inventory", None))
    }

    /// Sets the number of the crawl: from each to the next the dealers' inventories live on.
    pub fn crawl(&self, number: u32) {
        self.set(json!({ "crawl": number }));
    }

    /// The requests so far whose path starts with `path`.
    pub fn requests(&self, path: &str) -> Vec<Value> {
        let all = list(self.admin("GET", "/_replica/log", None));
        all.into_iter()
            .filter(|entry| entry["path"].as_str().is_some_and(|at| at.starts_with(path)))
            .collect()
    }

    /// Waits until a path has been asked for so often.
    pub fn await_requests(&self, path: &str, times: usize) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.requests(path).len() < times {
            assert!(Instant::now() < deadline, "{path} was not asked for {times} times");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Canonical URL of a partner's listing in a state.
    pub fn listing(&self, status: &str) -> String {
        let found = self.partner_listings();
        let listing = found.iter().find(|listing| listing["status"] == status);
        listing.and_then(|listing| listing["url"].as_str()).expect("a listing in this state").to_owned()
    }

    /// What the pages of the partners' listings say, without the pages that are gone.
    pub fn partner_listings(&self) -> Vec<Value> {
        let partners = self.partners();
        let is_partner = |listing: &Value| {
            partners.iter().any(|partner| partner["bat_username"] == listing["seller_username"])
        };
        self.listings("")
            .into_iter()
            .filter(|listing| is_partner(listing) && listing["replica"]["gone"] != true)
            .collect()
    }

    /// The URLs of the same, in the order of their bytes.
    pub fn partner_urls(&self) -> Vec<String> {
        let listings = self.partner_listings();
        let mut urls: Vec<String> =
            listings.iter().filter_map(|listing| listing["url"].as_str().map(str::to_owned)).collect();
        urls.sort();
        urls
    }

    fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.ask(method, path, body);
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{method} {path}: {error}: {answer}"))
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> String {
        let address = self.url().replace("http://", "");
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a complete answer");
        assert!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
        body.to_owned()
    }
}

fn list(value: Value) -> Vec<Value> {
    value.as_array().cloned().expect("a list")
}

/// The path of a canonical URL.
pub fn path(url: &str) -> &str {
    url.strip_prefix("https://bringatrailer.com").unwrap_or(url)
}

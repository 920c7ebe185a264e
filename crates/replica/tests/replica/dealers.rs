//! The dealers' own inventories: their pages say what the truth says, at every crawl.

mod life;
mod pages;
mod reader;
mod serving;

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use bat_replica::{Config, Replica, SiteBase};
use serde_json::{Value, json};

use crate::client::{Answer, send};

/// Names of the habits of the first sites, by number.
pub const HABITS: [&str; 16] = [
    "dealer_accelerate",
    "aan",
    "dealer_center",
    "auto_revo",
    "auto_manager",
    "carsforsale",
    "motorcar_marketing",
    "shopify",
    "wordpress",
    "squarespace",
    "hand_made",
    "walled",
    "nothing",
    "moving",
    "large",
    "careless",
];

/// A replica whose sites have hosts of their own. One at a time sets the crawl.
static SITE: LazyLock<Mutex<Dealers>> = LazyLock::new(|| Mutex::new(Dealers::start(SiteBase::Hosts)));

/// The shared replica at its first crawl, for as long as the guard lives.
pub fn dealers() -> MutexGuard<'static, Dealers> {
    let dealers = SITE.lock().unwrap_or_else(PoisonError::into_inner);
    dealers.crawl(1);
    dealers
}

/// A replica with the sites of dealers.
pub struct Dealers {
    replica: Replica,
    slugs: Vec<String>,
}

impl Dealers {
    /// A replica with enough partners for all habits.
    pub fn start(site_base: SiteBase) -> Self {
        let config = Config { partners: 40, listings: 300, site_base, ..Config::default() };
        let replica = Replica::start(config).unwrap();
        let inventories = replica.inventories(None);
        let slugs =
            inventories.as_array().unwrap().iter().map(|site| text(site, "site").to_owned()).collect();
        Self { replica, slugs }
    }

    /// Sets the crawl.
    pub fn crawl(&self, number: u32) {
        let body = json!({"crawl": number}).to_string();
        assert_eq!(send(self.replica.port(), "POST", "/_replica/set", &[], &body).status, 200);
    }

    /// Truth of the site with a number, at the current crawl.
    pub fn truth(&self, number: usize) -> Value {
        self.replica.inventory(&self.slugs[number], None).unwrap()
    }

    /// Truth of the first site with a habit, at a crawl.
    pub fn truth_at(&self, habit: &str, crawl: u32) -> Value {
        let number = HABITS.iter().position(|name| *name == habit).unwrap();
        self.replica.inventory(&self.slugs[number], Some(crawl)).unwrap()
    }

    /// Gets a URL of a site.
    pub fn get(&self, url: &str) -> Answer {
        self.send(url, &[])
    }

    /// Gets a URL of a site, with headers.
    pub fn send(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut headers = headers.to_vec();
        headers.push(("Host", host));
        send(self.replica.port(), "GET", &format!("/{path}"), &headers, "")
    }

    /// The replica itself.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }
}

/// The list under a key.
pub fn list<'a>(truth: &'a Value, key: &str) -> &'a Vec<Value> {
    truth[key].as_array().unwrap()
}

/// The text under a key.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

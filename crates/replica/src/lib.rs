//! A look-alike of the Bring a Trailer web site on loopback, for the demo, the tests and the benchmarks.
//!
//! The pages have the real ones' structure, size and oddities; their contents are invented and follow from a seed:
//! same seed, same bytes. The replica knows the truth about its pages ([`Replica::truth`]), keeps a log of all
//! requests ([`Replica::log`]) and goes wrong on demand ([`Replica::add_fault`]).
//!
//! The partners' own sites have cars for sale, each by a platform and with troubles of its own. They live from crawl to
//! crawl: `POST /_replica/set {"crawl": 2}` shows the second, and [`Replica::inventory`] tells what is true of any.

mod config;
mod dealers;
mod faults;
mod feed;
mod image;
mod log;
pub mod measure;
mod model;
mod page;
mod pages;
mod random;
mod saved;
mod server;
mod text;
mod time;
mod truth;
mod world;

use std::sync::Arc;

pub use config::{Config, DEFAULT_NOW, Robots, SiteBase};
pub use faults::{Declare, Fault, Rule};
pub use log::LogEntry;

/// A running replica; dropping it closes the port.
#[derive(Debug)]
pub struct Replica {
    shared: Arc<server::Shared>,
    host: String,
    port: u16,
    _server: server::Server,
}

impl Replica {
    /// Starts a replica on a thread of its own. When it returns, the site answers.
    ///
    /// # Errors
    /// If an address cannot be bound, the folder of saved pages or the log file cannot be opened, or a fault's
    /// expression is none.
    pub fn start(config: Config) -> std::io::Result<Self> {
        let socket = server::bind(&config)?;
        let port = socket.local_addr()?.port();
        let faults = faults::Faults::default();
        for rule in config.faults.iter().cloned() {
            faults.add(rule).map_err(std::io::Error::other)?;
        }
        let shared = Arc::new(server::Shared {
            world: world::World::new(&config, port)?,
            faults,
            log: log::Log::open(config.log.as_deref())?,
        });
        let server = server::Server::start(socket, &config, Arc::clone(&shared))?;
        Ok(Self { shared, host: config.host, port, _server: server })
    }

    /// `http://127.0.0.1:PORT`, without a slash.
    pub fn base_url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// All requests so far, in the order in which they began.
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared.log.entries()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.shared.log.clear();
    }

    /// Adds a fault. Of several that match a request, the first added strikes.
    ///
    /// # Errors
    /// If the rule's expression is none.
    pub fn add_fault(&self, rule: Rule) -> std::io::Result<()> {
        self.shared.faults.add(rule).map_err(std::io::Error::other)
    }

    /// Drops all faults.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// What a reader of the site should find: `listings` (keys of `bat_parse_listing`), `partners`, `members`, `sites`.
    pub fn truth(&self) -> serde_json::Value {
        truth::all(&self.shared.world)
    }

    /// What a reader of a partner's own site should find of its inventory at a crawl, by the site's slug; at the current
    /// crawl if none is given. None if there is no such site.
    pub fn inventory(&self, site: &str, crawl: Option<u32>) -> Option<serde_json::Value> {
        dealers::site(&self.shared.world, site, crawl)
    }

    /// The same of all sites, by their numbers.
    pub fn inventories(&self, crawl: Option<u32>) -> serde_json::Value {
        dealers::all(&self.shared.world, crawl)
    }
}

/// Reads fault rules: one JSON object, or a list of them.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_faults(json: &str) -> Result<Vec<Rule>, String> {
    server::parse_rules(json.as_bytes())
}

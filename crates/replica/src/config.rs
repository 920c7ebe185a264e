//! What a replica is started with.

use std::path::PathBuf;

use crate::faults::Rule;

/// Settings of a replica. `Config::default()` is a whole site on a free port.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub host: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Everything on the site follows from it.
    pub seed: u64,
    /// Rows of the partner directory; 83 gives all the oddities of the real one.
    pub partners: usize,
    /// Auctions of the site.
    pub listings: usize,
    /// The site's clock, Unix seconds: what ended before it is closed.
    pub now: i64,
    /// Folder of saved pages, served byte for byte at their canonical paths.
    pub pages: Option<PathBuf>,
    /// Faults in force from the start.
    pub faults: Vec<Rule>,
    /// Text of robots.txt.
    pub robots: Robots,
    /// Whether member pages link a next page, so that all listings can be walked.
    pub rel_next: bool,
    /// File that gets one JSON line a request.
    pub log: Option<PathBuf>,
    /// Whether to compress where the client accepts it.
    pub gzip: bool,
    /// Where the partners' own sites are: see [`SiteBase`].
    pub site_base: SiteBase,
    /// Further loopback addresses to listen on: 127.0.0.2, 127.0.0.3, …, at the same port.
    pub extra_hosts: usize,
}

/// The clock of a replica that is not told another time: 28 April 2026, 18:13:20 UTC.
pub const DEFAULT_NOW: i64 = 1_777_400_000;

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            seed: 1,
            partners: 83,
            listings: 1500,
            now: DEFAULT_NOW,
            pages: None,
            faults: Vec::new(),
            robots: Robots::Open,
            rel_next: false,
            log: None,
            gzip: true,
            site_base: SiteBase::Path,
            extra_hosts: 0,
        }
    }
}

/// Which robots.txt to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Robots {
    /// Allows all that the crawler needs, without delay.
    Open,
    /// As on the real site: one second between requests, member pages forbidden.
    Real,
    /// This text.
    Text(String),
}

/// Where the directory's links to the partners' own sites lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteBase {
    /// `http://127.0.0.1:PORT/site/SLUG`: all on the replica's own host.
    Path,
    /// `http://127.0.1.N:PORT`: each site on a loopback address of its own; the replica listens on all of them.
    Hosts,
    /// Another origin. `{slug}`, `{n}` and `{port}` are replaced; requests are told apart by their `Host`.
    Template(String),
}

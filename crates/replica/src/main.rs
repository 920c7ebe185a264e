//! Command line of the replica.

use std::io::Write as _;
use std::path::PathBuf;

use bat_replica::{Config, DEFAULT_NOW, Replica, Robots, SiteBase, parse_faults};
use clap::{Parser, ValueEnum};

/// A look-alike of the Bring a Trailer web site on loopback.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Everything on the site follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rows of the partner directory.
    #[arg(long, default_value_t = 83)]
    partners: usize,
    /// Auctions of the site.
    #[arg(long, default_value_t = 1500)]
    listings: usize,
    /// The site's clock, Unix seconds.
    #[arg(long, default_value_t = DEFAULT_NOW)]
    now: i64,
    /// Folder of saved pages, served byte for byte at their canonical paths.
    #[arg(long)]
    pages: Option<PathBuf>,
    /// File with fault rules: a JSON object or a list.
    #[arg(long)]
    faults: Option<PathBuf>,
    /// `open`, `real`, or a file.
    #[arg(long, default_value = "open")]
    robots: String,
    /// Let member pages link a next page.
    #[arg(long)]
    rel_next: bool,
    /// File that gets one JSON line a request.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Whether to compress where the client accepts it.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    gzip: Switch,
    /// Origin of the partners' own sites, with `{slug}`, `{n}` and `{port}`; `hosts` gives each one an address
    /// 127.0.1.N; paths on the replica's own host if absent.
    #[arg(long)]
    site_base: Option<String>,
    /// Further addresses to listen on: 127.0.0.2, 127.0.0.3, …
    #[arg(long, default_value_t = 0)]
    extra_hosts: usize,
    /// Measure how many pages a second one connection gets, and end.
    #[arg(long)]
    measure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl Options {
    fn config(self) -> Result<Config, Box<dyn std::error::Error>> {
        let faults = match &self.faults {
            Some(file) => parse_faults(&std::fs::read_to_string(file)?)?,
            None => Vec::new(),
        };
        let robots = match self.robots.as_str() {
            "open" => Robots::Open,
            "real" => Robots::Real,
            file => Robots::Text(std::fs::read_to_string(file)?),
        };
        let site_base = match self.site_base.as_deref() {
            None => SiteBase::Path,
            Some("hosts") => SiteBase::Hosts,
            Some(template) => SiteBase::Template(template.trim_end_matches('/').to_owned()),
        };
        Ok(Config {
            host: self.host,
            port: self.port,
            seed: self.seed,
            partners: self.partners,
            listings: self.listings,
            now: self.now,
            pages: self.pages,
            faults,
            robots,
            rel_next: self.rel_next,
            log: self.log,
            gzip: self.gzip == Switch::On,
            site_base,
            extra_hosts: self.extra_hosts,
        })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let measure = options.measure;
    let config = options.config()?;
    if measure {
        let (cold, warm) = bat_replica::measure::measure(config, 5)?;
        for (name, speed) in [("first time", cold), ("cached", warm)] {
            println!(
                "{name}: {} pages, {:.1} kB each, {:.0} pages/s, {:.0} MB/s",
                speed.pages,
                speed.bytes as f64 / speed.pages.max(1) as f64 / 1e3,
                speed.per_second(),
                speed.bytes as f64 / 1e6 / speed.elapsed.as_secs_f64()
            );
        }
        return Ok(());
    }
    let replica = Replica::start(config)?;
    println!("listening on {}", replica.base_url());
    std::io::stdout().flush()?;
    // Serves until the process is ended.
    loop {
        std::thread::park();
    }
}

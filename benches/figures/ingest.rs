//! Throughput of an ingest, against fetching alone.

use std::time::Instant;

use crate::median;
use crate::memory::{self, Sample};
use crate::processor::Processor;
use crate::report::Report;
use crate::server::Server;
use crate::site::Site;

/// Part of the speed of fetching alone that an ingest should reach.
const TARGET_RATIO: f64 = 0.5;

/// Whether the server waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Synced,
    NotSynced,
}

/// An ingest into an empty database.
pub struct Ingest {
    seconds: f64,
    processor: Processor,
    samples: Vec<Sample>,
    server: Server,
}

/// All runs.
#[derive(Default)]
pub struct Runs {
    pub fetch_only: Vec<f64>,
    pub durable: Vec<Ingest>,
    pub lax: Vec<Ingest>,
}

impl Runs {
    /// Memory during the last run under real conditions.
    pub fn last_samples(&self) -> &[Sample] {
        &self.durable.last().expect("a run").samples
    }

    /// The server of the last run under real conditions.
    pub fn last_server(&self) -> &Server {
        &self.durable.last().expect("a run").server
    }
}

/// URLs of so many listings whose pages are there.
pub fn urls(site: &Site, pages: usize) -> Vec<String> {
    let urls: Vec<String> = site
        .listings("")
        .iter()
        .filter(|listing| listing["replica"]["gone"] != true)
        .filter_map(|listing| listing["url"].as_str().map(str::to_owned))
        .take(pages)
        .collect();
    assert_eq!(urls.len(), pages, "the replica has enough listings");
    urls
}

/// Enqueues the listings.
pub fn enqueue(server: &Server, urls: &[String]) {
    let sql = "SELECT bat_enqueue('listing', u) FROM unnest($1::text[]) AS u";
    server.client().client.execute(sql, &[&urls]).unwrap();
}

/// Ingests the listings into a new server.
pub fn run(site: &Site, urls: &[String], disk: Disk) -> Ingest {
    let fsync = if disk == Disk::Synced { "on" } else { "off" };
    let server = Server::start(&format!("{}fsync = {fsync}", site.settings()));
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    enqueue(&server, urls);
    let mut session = server.client();
    let pid = session.number("SELECT pg_backend_pid()");
    let sampler = memory::Sampler::start(&server, pid);
    let started = Instant::now();
    session.batch_execute("CALL bat_work(max_seconds => NULL, kinds => '{listing}')").unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let processor = Processor::of(pid);
    let samples = sampler.stop();
    assert_eq!(session.number("SELECT count(*) FROM bat_tasks"), 0, "all tasks are done");
    assert_eq!(session.number("SELECT count(*) FROM bat_listings"), urls.len() as i64, "all are stored");
    if disk == Disk::NotSynced {
        server.stop("immediate");
    }
    Ingest { seconds, processor, samples, server }
}

/// Tells pages a second and the ratios.
pub fn report(report: &mut Report, runs: &Runs, pages: usize) {
    let rate = |seconds: f64| pages as f64 / seconds;
    let fetch_only = rate(median(runs.fetch_only.iter().copied()));
    let durable = rate(median(runs.durable.iter().map(|run| run.seconds)));
    let lax = rate(median(runs.lax.iter().map(|run| run.seconds)));
    report.figure(
        &format!("{pages} pages fetched only, one connection"),
        format!("{fetch_only:.1} pages/s, {:.2} ms a page", 1000.0 / fetch_only),
    );
    report.figure(
        &format!("{pages} pages ingested, fsync on"),
        format!("{durable:.1} pages/s, {:.2} ms a page", 1000.0 / durable),
    );
    report.target(
        "ratio to fetching only, fsync on",
        format!("{:.2}", durable / fetch_only),
        &format!("at least {TARGET_RATIO}"),
        durable / fetch_only >= TARGET_RATIO,
    );
    let time = |part: fn(&Processor) -> f64| {
        median(runs.durable.iter().map(|run| part(&run.processor) * 1000.0 / pages as f64))
    };
    report.figure(
        "processor time of the backend per page, fsync on",
        format!(
            "SQL {:.2} ms, parsing and packing {:.2} ms, fetching {:.2} ms",
            time(|processor| processor.backend),
            time(|processor| processor.reading),
            time(|processor| processor.fetching)
        ),
    );
    report.figure(
        &format!("{pages} pages ingested, fsync off"),
        format!("{lax:.1} pages/s, {:.2} ms a page, ratio {:.2}", 1000.0 / lax, lax / fetch_only),
    );
}

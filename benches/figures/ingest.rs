//! Throughput of an ingest, against fetching alone.

use std::time::Instant;

use crate::median;
use crate::memory::{self, Sample};
use crate::processor::Processor;
use crate::report::Report;
use crate::server::{Server, Session};
use crate::site::Site;

/// Part of the speed of fetching alone that an ingest should reach.
const TARGET_RATIO: f64 = 0.7;

/// The same without the archive.
const TARGET_RATIO_BARE: f64 = 0.85;

/// Processor time that a page may cost the backend beyond fetching, in milliseconds.
const TARGET_PROCESSOR: f64 = 1.5;

/// Whether the bodies of pages are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    On,
    Off,
}

impl Archive {
    fn word(self) -> &'static str {
        if self == Archive::On { "on" } else { "off" }
    }
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
    pub archived: Vec<Ingest>,
    pub bare: Vec<Ingest>,
}

impl Runs {
    /// Memory during the last run with the archive.
    pub fn last_samples(&self) -> &[Sample] {
        &self.archived.last().expect("a run").samples
    }

    /// The server of the last run with the archive.
    pub fn last_server(&self) -> &Server {
        &self.archived.last().expect("a run").server
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

/// A server that waits for the disk, with the directory's partners.
pub fn server(site: &Site, settings: &str) -> Server {
    let server = Server::start(&format!("{}fsync = on\n{settings}", site.settings()));
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    server
}

/// Works off the listings that are enqueued, in the session.
pub fn work_off(session: &mut Session) {
    session.batch_execute("CALL bat_work(max_seconds => NULL, kinds => '{listing}')").unwrap();
    let due = "SELECT count(*) FROM bat_tasks WHERE run_after <= now()";
    assert_eq!(session.number(due), 0, "all tasks are done");
}

/// Ingests the listings into a new server.
pub fn run(site: &Site, urls: &[String], archive: Archive) -> Ingest {
    let server = server(site, &format!("bat_partners.archive_pages = {}", archive.word()));
    enqueue(&server, urls);
    let mut session = server.client();
    let pid = session.number("SELECT pg_backend_pid()");
    let sampler = memory::Sampler::start(&server, pid);
    let started = Instant::now();
    work_off(&mut session);
    let seconds = started.elapsed().as_secs_f64();
    let processor = Processor::of(pid);
    let samples = sampler.stop();
    assert_eq!(session.number("SELECT count(*) FROM bat_listings"), urls.len() as i64, "all are stored");
    if archive == Archive::Off {
        server.stop("immediate");
    }
    Ingest { seconds, processor, samples, server }
}

/// Tells pages a second, the ratios, and processor time.
pub fn report(report: &mut Report, runs: &Runs, pages: usize) {
    let rate = |seconds: f64| pages as f64 / seconds;
    let fetch_only = rate(median(runs.fetch_only.iter().copied()));
    report.figure(
        &format!("{pages} pages fetched only, one connection"),
        format!("{fetch_only:.1} pages/s, {:.2} ms a page", 1000.0 / fetch_only),
    );
    let kinds = [(Archive::On, &runs.archived, TARGET_RATIO), (Archive::Off, &runs.bare, TARGET_RATIO_BARE)];
    for (archive, runs, target) in kinds {
        let word = archive.word();
        let ingested = rate(median(runs.iter().map(|run| run.seconds)));
        report.figure(
            &format!("{pages} pages ingested, archive {word}"),
            format!("{ingested:.1} pages/s, {:.2} ms a page", 1000.0 / ingested),
        );
        report.target(
            &format!("ratio to fetching only, archive {word}"),
            format!("{:.2}", ingested / fetch_only),
            &format!("at least {target}"),
            ingested / fetch_only >= target,
        );
        processor_time(report, runs, pages, word);
    }
}

fn processor_time(report: &mut Report, runs: &[Ingest], pages: usize, archive: &str) {
    let time = |part: fn(&Processor) -> f64| {
        median(runs.iter().map(|run| part(&run.processor) * 1000.0 / pages as f64))
    };
    let (sql, reading) = (time(|processor| processor.backend), time(|processor| processor.reading));
    report.target(
        &format!("processor time of the backend per page beyond fetching, archive {archive}"),
        format!(
            "{:.2} ms: SQL {sql:.2} ms, parsing and packing {reading:.2} ms; fetching {:.2} ms",
            sql + reading,
            time(|processor| processor.fetching)
        ),
        &format!("at most {TARGET_PROCESSOR} ms"),
        sql + reading <= TARGET_PROCESSOR,
    );
}

//! The measured figures: the first calls, interrupts, pacing, the queue, throughput, memory, unchanged pages, growth. `make bench` prints them.
//!
//! Everything runs against a private server and a replica of the site on this machine. One number as argument
//! sets how many pages are ingested (10,000 without it): `cargo bench --bench figures -- 200`. The word `queue`, `ingest`,
//! `throughput` or `sweep` as argument measures that alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../tests/client/statements.rs"]
mod counted;
mod fetch_only;
mod growth;
mod ingest;
mod install;
mod interrupts;
mod machine;
mod memory;
mod pacing;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/client/politeness.rs"]
mod politeness;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/client/processes.rs"]
mod processes;
mod processor;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/client/programs.rs"]
mod programs;
mod queue;
mod report;
mod second;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/client/server.rs"]
mod server;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/client/site.rs"]
mod site;
mod soak;
mod statements;
mod sweep;
mod watchdog;
#[path = "../../tests/client/workers.rs"]
mod workers;

use bat_replica::Config;

use report::Report;
use site::{Site, path};

/// Pages that are ingested.
const PAGES: usize = 10_000;

/// Runs of each kind; the median counts.
const ROUNDS: usize = 3;

fn main() {
    let pages = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(PAGES);
    // The client is built without a provider for TLS, as the extension's is.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut report = Report::default();
    report.machine(&machine::describe());

    progress("the first calls");
    install::measure(&mut report);
    if only("sweep") {
        progress("the whole catalogue");
        sweep::measure(&mut report);
        return report.print();
    }
    if only("ingest") || only("throughput") {
        measure_ingest(&mut report, pages);
        return report.print();
    }
    progress("the queue");
    queue::measure(&mut report);
    if only("queue") {
        return report.print();
    }
    progress("interrupts");
    interrupts::measure(&mut report);
    progress("two sessions at one host");
    pacing::measure(&mut report);
    measure_ingest(&mut report, pages);
    progress("the whole catalogue");
    sweep::measure(&mut report);
    report.print();
}

/// Throughput, memory, and what pages cost that have not changed.
fn measure_ingest(report: &mut Report, pages: usize) {
    progress("a site of listings");
    // Some auctions of the replica are withdrawn and their pages gone.
    let site = Site::start(Config { listings: pages + pages / 10 + 20, ..Config::default() });
    let urls = ingest::urls(&site, pages);
    let addresses: Vec<String> = urls.iter().map(|url| format!("{}{}", site.url(), path(url))).collect();
    progress("its pages rendered");
    fetch_only::run(&addresses);
    let mut runs = ingest::Runs::default();
    for round in 1..=ROUNDS {
        progress(&format!("{pages} pages, round {round} of {ROUNDS}"));
        runs.fetch_only.push(fetch_only::run(&addresses));
        runs.archived.push(ingest::run(&site, &urls, ingest::Archive::On));
        runs.bare.push(ingest::run(&site, &urls, ingest::Archive::Off));
    }
    ingest::report(report, &runs, pages);
    if only("throughput") {
        return;
    }
    memory::report(report, runs.last_samples(), pages);
    progress("unchanged pages again");
    second::report(report, runs.last_server(), &urls);
    progress("the same pages again and again");
    soak::measure(report, runs.last_server(), &urls);
    progress("statements");
    statements::measure(report, &site, &urls);
    progress("a listing among many");
    growth::measure(report, &site, &urls);
}

/// Whether an argument asks for one part alone.
fn only(part: &str) -> bool {
    std::env::args().any(|argument| argument == part)
}

/// Tells what is being measured.
fn progress(what: &str) {
    eprintln!("  measuring: {what}");
}

/// The middle of some numbers.
fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

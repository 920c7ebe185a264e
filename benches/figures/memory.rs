//! Memory of the backend that ingests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::machine::field;
use crate::report::Report;
use crate::server::Server;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(50);

const TARGET_MB: f64 = 150.0;

/// For the backend's own memory after a hundred thousand pages.
const TARGET_LONG_MB: f64 = 80.0;

/// Growth that counts as none: allocators keep a little.
const NO_GROWTH_MB: f64 = 2.0;

/// Memory after so many pages, in MB.
#[derive(Clone, Copy)]
pub struct Sample {
    pages: i64,
    /// The most that was ever resident, with all pages of shared memory that were touched.
    peak: f64,
    /// Resident now, with the same.
    resident: f64,
    /// Resident now, the backend's own.
    own: f64,
}

/// Looks at a backend while it works.
pub struct Sampler {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Sample>>,
}

impl Sampler {
    /// Starts to look at a backend.
    pub fn start(server: &Server, pid: i64) -> Sampler {
        let over = Arc::new(AtomicBool::new(false));
        let stop = over.clone();
        let mut witness = server.client();
        let thread = thread::spawn(move || {
            let mut samples = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let pages = witness.number(&format!(
                    "SELECT COALESCE(max(found), 0) FROM bat_runs WHERE pid = {pid} AND status = 'running'"
                ));
                samples.extend(sample(pid, pages).filter(|sample| sample.pages > 0));
                thread::sleep(PAUSE);
            }
            samples
        });
        Sampler { over, thread }
    }

    /// Ends it; returns what was seen.
    pub fn stop(self) -> Vec<Sample> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn sample(pid: i64, pages: i64) -> Option<Sample> {
    let file = format!("/proc/{pid}/status");
    let megabytes = |name: &str| -> Option<f64> {
        let kilobytes: f64 = field(&file, name)?.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    Some(Sample {
        pages,
        peak: megabytes("VmHWM")?,
        resident: megabytes("VmRSS")?,
        own: megabytes("RssAnon")?,
    })
}

/// Tells how much of its own a backend had at most in the second tenth of its work, and in the last.
pub fn report_long(report: &mut Report, samples: &[Sample], pages: usize) {
    let most = |tenth: usize| {
        let (from, to) = (samples.len() * tenth / 10, samples.len() * (tenth + 1) / 10);
        samples[from..to].iter().map(|sample| sample.own).fold(0.0, f64::max)
    };
    let (early, late) = (most(1), most(9));
    report.target(
        &format!("own memory of a backend that reads {pages} pages (RssAnon), second and last tenth of them"),
        format!("{early:.1} MB, {late:.1} MB"),
        &format!("under {TARGET_LONG_MB:.0} MB, flat"),
        late < TARGET_LONG_MB && late - early < NO_GROWTH_MB,
    );
}

/// Tells memory at each quarter, the peak, and whether it grows.
pub fn report(report: &mut Report, samples: &[Sample], pages: usize) {
    let last = *samples.last().expect("a look at the backend");
    let at = |quarter: usize| {
        let wanted = (pages * quarter / 4) as i64;
        samples.iter().copied().find(|sample| sample.pages >= wanted).unwrap_or(last)
    };
    for quarter in 1..=4 {
        let sample = at(quarter);
        report.figure(
            &format!("memory of the backend after {} pages", pages * quarter / 4),
            format!(
                "RssAnon {:.1} MB, VmRSS {:.1} MB, VmHWM {:.1} MB",
                sample.own, sample.resident, sample.peak
            ),
        );
    }
    report.target(
        "peak memory of the backend, VmHWM",
        format!("{:.1} MB", last.peak),
        &format!("under {TARGET_MB:.0} MB"),
        last.peak < TARGET_MB,
    );
    // Pages differ in size: the second half may not need more than the first did at its worst.
    let worst =
        |samples: &mut dyn Iterator<Item = &Sample>| samples.map(|sample| sample.own).fold(0.0, f64::max);
    let half = (pages / 2) as i64;
    let first = worst(&mut samples.iter().filter(|sample| sample.pages <= half));
    let second = worst(&mut samples.iter().filter(|sample| sample.pages > half));
    report.target(
        &format!("growth of RssAnon, {half} to {pages} pages"),
        format!("most {first:.1} MB, then {second:.1} MB: {:+.1} MB", second - first),
        &format!("under {NO_GROWTH_MB:.0} MB"),
        second - first < NO_GROWTH_MB,
    );
}

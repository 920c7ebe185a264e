//! Time and memory that each parser takes for the largest page that is fetched, 16 MB, made to be as hard as can be.
//!
//! `cargo bench -p bat_pages --bench limits [-- <parser> [<name of a page>]]`. Each page is read in a process of its
//! own, whose peak of resident memory (`VmHWM`) includes the page itself, and which ends itself where it goes over a
//! limit; as many at a time as there are processors. Ends with a failure if a page takes more than two seconds of
//! processor time or 300 MB. Where a parser reads mere text, and a page only puts the same text into another place, an
//! eighth of it is read, and may take an eighth.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

#[path = "../tests/every_parser/floods.rs"]
mod floods;
#[path = "../tests/every_parser/parsers.rs"]
mod parsers;

use floods::{Flood, floods};
use parsers::{PARSERS, Parser};

/// Size of a page, in bytes.
const SIZE: usize = 16 << 20;

/// The limits for it.
const LIMITS: Limits = Limits { seconds: 2.0, megabytes: 300.0 };

/// How much smaller text in a place is. Not pages: those of more elements than are read at all take the most of 2 MB.
const EIGHTH: usize = 8;

/// The parsers that read text, not pages.
const OF_TEXT: [&str; 15] = [
    "charset",
    "charset_header",
    "address",
    "listing_url",
    "geographic_key",
    "country",
    "country_of",
    "region_of",
    "chassis",
    "color",
    "date",
    "mileage",
    "money",
    "powertrain",
    "title",
];

/// What a process needs before it has read anything: its limit for less is no eighth.
const OWN_MEGABYTES: f64 = 20.0;

/// Argument of the processes that read one page.
const ONE: &str = "--one";

/// How often such a process looks whether it is over a limit.
const LOOK: Duration = Duration::from_millis(50);

/// Processor time and memory that one page may take.
#[derive(Clone, Copy)]
struct Limits {
    seconds: f64,
    megabytes: f64,
}

impl Limits {
    /// The limits for pages that are so many times smaller.
    fn part(self, part: usize) -> Limits {
        let own = if part == 1 { 0.0 } else { OWN_MEGABYTES };
        Limits { seconds: self.seconds / part as f64, megabytes: self.megabytes / part as f64 + own }
    }
}

/// What one page took.
struct Measure {
    parser: &'static str,
    flood: &'static str,
    /// What it may take.
    limits: Limits,
    /// Processor time in seconds and peak of memory in megabytes; none if the process died.
    took: Option<(f64, f64)>,
}

impl Measure {
    /// Whether it took more than it may, or died of it.
    fn is_over(&self) -> bool {
        let is_within = |took: (f64, f64)| took.0 <= self.limits.seconds && took.1 <= self.limits.megabytes;
        !self.took.is_some_and(is_within)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Measure { parser, flood, limits, took } = self;
        match took {
            Some((seconds, megabytes)) => write!(
                formatter,
                "{parser}: {flood}: {seconds:.2} s, {megabytes:.0} MB, of {:.2} s, {:.0} MB",
                limits.seconds, limits.megabytes
            ),
            None => write!(formatter, "{parser}: {flood} ended the process"),
        }
    }
}

/// Processor time of a thread of this process so far, in seconds.
fn processor_time(thread: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{thread}/schedstat")).unwrap_or_default();
    let nanoseconds: f64 = text.split(' ').next().and_then(|field| field.parse().ok()).unwrap_or(f64::NAN);
    nanoseconds / 1e9
}

/// Peak of this process's resident memory, in megabytes.
fn peak() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
}

/// Reads one page with one parser, and prints what it took; when it is over a limit, what it took so far.
fn read_one(parser: &str, page: &Path, limits: Limits) {
    let Some(parser) = PARSERS.iter().find(|known| known.name == parser) else { return };
    let Ok(page) = fs::read(page) else { return };
    // Tables that a parser builds once are none of the page's.
    (parser.run)(b"Salem, Oregon");
    let before = processor_time("thread-self");
    // The process's own numbers are those of its first thread, which reads the page.
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK);
            let (seconds, megabytes) = (processor_time("self") - before, peak());
            if seconds > limits.seconds || megabytes > limits.megabytes {
                println!("{seconds} {megabytes}");
                std::process::exit(0);
            }
        }
    });
    (parser.run)(&page);
    println!("{} {}", processor_time("thread-self") - before, peak());
}

/// Time and memory of one page, in a process of its own.
fn measure(parser: &str, page: &Path, limits: Limits) -> Option<(f64, f64)> {
    let mut program = Command::new(std::env::current_exe().ok()?);
    program.args([ONE, parser]).arg(page);
    program.args([limits.seconds.to_string(), limits.megabytes.to_string()]);
    let text = String::from_utf8(program.output().ok()?.stdout).ok()?;
    let (seconds, megabytes) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, megabytes.parse().ok()?))
}

/// A page in a file, for the processes that read it. Removed when dropped.
struct File(PathBuf);

impl File {
    fn write(flood: &Flood, size: usize) -> Option<File> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("bat_pages_limits_{}_{number}", std::process::id()));
        let file = File(path);
        fs::write(&file.0, flood.page(size)).ok()?;
        Some(file)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What some parsers take for a page of a part of the size.
fn measure_some(flood: &Flood, part: usize, parsers: &[&'static Parser]) -> Vec<Measure> {
    let file = if parsers.is_empty() { None } else { File::write(flood, SIZE / part) };
    let limits = LIMITS.part(part);
    let one = |parser: &&'static Parser| Measure {
        parser: parser.name,
        flood: flood.name,
        limits,
        took: file.as_ref().and_then(|file| measure(parser.name, &file.0, limits)),
    };
    parsers.iter().map(one).collect()
}

/// What every parser takes for a page. Text has no places: those who read no page get a filling in a place smaller.
fn measure_flood(flood: &Flood, parsers: &[&'static Parser]) -> Vec<Measure> {
    let is_small = |parser: &&Parser| flood.is_in_a_place && OF_TEXT.contains(&parser.name);
    let (small, whole): (Vec<_>, Vec<_>) = parsers.iter().copied().partition(is_small);
    let mut found = measure_some(flood, 1, &whole);
    found.extend(measure_some(flood, EIGHTH, &small));
    found
}

/// What all parsers take for all pages: as many at a time as there are processors.
fn measure_everything(floods: &[Flood], parsers: &[&'static Parser]) -> Vec<Measure> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let work = || {
        while let Some(flood) = floods.get(next.fetch_add(1, Ordering::Relaxed)) {
            let measures = measure_flood(flood, parsers);
            measures.iter().filter(|measure| measure.is_over()).for_each(|measure| println!("{measure}"));
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(measures);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The worst of each parser, as one line. Of whole pages: smaller ones have limits of their own.
fn print_worst(parser: &str, measures: &[Measure]) {
    let whole = |measure: &&Measure| measure.parser == parser && measure.limits.seconds == LIMITS.seconds;
    let worst = |what: fn((f64, f64)) -> f64| {
        let measured =
            measures.iter().filter(whole).filter_map(|measure| Some((what(measure.took?), measure.flood)));
        measured.max_by(|left, right| left.0.total_cmp(&right.0)).unwrap_or((f64::NAN, "none"))
    };
    let (slowest, largest) = (worst(|took| took.0), worst(|took| took.1));
    println!("{parser:<16} at most {:.2} s ({}), {:.0} MB ({})", slowest.0, slowest.1, largest.0, largest.1);
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [one, parser, page, seconds, megabytes] = arguments.as_slice()
        && one == ONE
        && let (Ok(seconds), Ok(megabytes)) = (seconds.parse(), megabytes.parse())
    {
        read_one(parser, Path::new(page), Limits { seconds, megabytes });
        return ExitCode::SUCCESS;
    }
    let mut wanted = arguments.iter();
    let (parser, flood) = (wanted.next(), wanted.next());
    let parsers: Vec<&Parser> =
        PARSERS.iter().filter(|known| parser.is_none_or(|name| name == known.name)).collect();
    let floods: Vec<Flood> = floods().filter(|page| flood.is_none_or(|name| name == page.name)).collect();
    let measures = measure_everything(&floods, &parsers);
    parsers.iter().for_each(|parser| print_worst(parser.name, &measures));
    let over = measures.iter().filter(|measure| measure.is_over()).count();
    println!("{} pages read, {over} of them over a limit", measures.len());
    if over == 0 && !measures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! Time and memory that each parser takes for the largest page that is fetched, 16 MB, made to be as hard as can be.
//!
//! `cargo bench -p bat_pages --bench limits [-- <parser> [<name of a page>]]`. Each page is read in a process of its
//! own, whose peak of resident memory (`VmHWM`) includes the page itself. Ends with a failure if a page takes more than
//! two seconds of processor time or 300 MB. `-- --quick` reads pages of 2 MB, and allows an eighth of both.

use std::fs;
use std::process::{Command, ExitCode};

#[path = "../tests/every_parser/floods.rs"]
mod floods;
#[path = "../tests/every_parser/parsers.rs"]
mod parsers;

use floods::floods;
use parsers::PARSERS;

/// Size of a page, in bytes, and the limits for it.
const SIZE: usize = 16 << 20;
const SECONDS: f64 = 2.0;
const MEGABYTES: f64 = 300.0;

/// How much smaller the pages of a quick run are.
const QUICK: usize = 8;

/// What a process needs before it has read anything: its limit of a quick run is no eighth.
const OWN_MEGABYTES: f64 = 20.0;

/// Argument of the processes that read one page.
const ONE: &str = "--one";

/// Processor time of this thread so far, in seconds.
fn processor_time() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
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

/// Reads one page with one parser, and prints what it took.
fn read_one(parser: &str, flood: &str, size: usize) {
    let Some(parser) = PARSERS.iter().find(|known| known.name == parser) else { return };
    let Some(flood) = floods().find(|known| known.name == flood) else { return };
    let page = flood.page(size);
    // Tables that a parser builds once are none of the page's.
    (parser.run)(b"Salem, Oregon");
    let before = processor_time();
    (parser.run)(&page);
    println!("{} {}", processor_time() - before, peak());
}

/// Time and memory of one page, in a process of its own.
fn measure(parser: &str, flood: &str, size: usize) -> Option<(f64, f64)> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).args([ONE, parser, flood, &size.to_string()]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (seconds, megabytes) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, megabytes.parse().ok()?))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [one, parser, flood, size] = arguments.as_slice()
        && one == ONE
    {
        read_one(parser, flood, size.parse().unwrap_or(SIZE));
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let mut wanted = arguments.iter().filter(|argument| *argument != "--quick");
    let (parser, flood) = (wanted.next(), wanted.next());
    let part = if quick { QUICK } else { 1 };
    let limits = (SECONDS / part as f64, MEGABYTES / part as f64 + if quick { OWN_MEGABYTES } else { 0.0 });
    let mut broken = 0;
    for known in PARSERS.iter().filter(|known| parser.is_none_or(|name| name == known.name)) {
        let (mut slowest, mut largest) = ((0.0, ""), (0.0, ""));
        for page in floods().filter(|page| flood.is_none_or(|name| name == page.name)) {
            let Some((seconds, megabytes)) = measure(known.name, page.name, SIZE / part) else {
                println!("{}: {} ended the process", known.name, page.name);
                broken += 1;
                continue;
            };
            if seconds > limits.0 || megabytes > limits.1 {
                println!("{}: {}: {seconds:.2} s, {megabytes:.0} MB", known.name, page.name);
                broken += 1;
            }
            slowest = if seconds > slowest.0 { (seconds, page.name) } else { slowest };
            largest = if megabytes > largest.0 { (megabytes, page.name) } else { largest };
        }
        println!(
            "{:<16} at most {:.2} s ({}), {:.0} MB ({})",
            known.name, slowest.0, slowest.1, largest.0, largest.1
        );
    }
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

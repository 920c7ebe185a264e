//! Processor time of a backend, by its threads: what a page costs, however busy the machine is with other things.

use std::fs;
use std::path::Path;

/// Processor time of a backend so far, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Processor {
    /// Of the thread that runs SQL.
    pub backend: f64,
    /// Of the thread that parses and packs pages.
    pub reading: f64,
    /// Of those that fetch and decompress.
    pub fetching: f64,
}

impl Processor {
    /// That of a process, as far as its threads are still there.
    pub fn of(pid: i64) -> Processor {
        let mut time = Processor::default();
        for task in fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
            let task = task.unwrap();
            let (name, seconds) = read(&task.path().join("stat"));
            match name.as_str() {
                _ if task.file_name().to_string_lossy() == pid.to_string() => time.backend += seconds,
                name if name.starts_with("bat_partners re") => time.reading += seconds,
                _ => time.fetching += seconds,
            }
        }
        time
    }
}

/// Processor time of a process so far, of all its threads that ever were, in seconds.
pub fn total(pid: i64) -> f64 {
    read(Path::new(&format!("/proc/{pid}/stat"))).1
}

/// Name and processor time of a process or a thread.
fn read(file: &Path) -> (String, f64) {
    let stat = fs::read_to_string(file).unwrap();
    let (name, numbers) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ")).unwrap();
    // User and system time are the 14th and 15th number of the line, in hundredths of a second.
    let ticks = numbers.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap());
    (name.to_owned(), ticks.sum::<f64>() / 100.0)
}

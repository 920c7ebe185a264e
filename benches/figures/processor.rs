//! Processor time of a backend, by its threads: what a page costs, however busy the machine is with other things.

use std::fs;

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
    /// That of a process.
    pub fn of(pid: i64) -> Processor {
        let mut time = Processor::default();
        for task in fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
            let task = task.unwrap();
            let stat = fs::read_to_string(task.path().join("stat")).unwrap();
            let (name, numbers) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ")).unwrap();
            // User and system time are the 14th and 15th number of the line, in hundredths of a second.
            let seconds: f64 = numbers
                .split_whitespace()
                .skip(11)
                .take(2)
                .map(|ticks| ticks.parse::<f64>().unwrap() / 100.0)
                .sum();
            match name {
                _ if task.file_name().to_string_lossy() == pid.to_string() => time.backend += seconds,
                _ if name.starts_with("bat_partners re") => time.reading += seconds,
                _ => time.fetching += seconds,
            }
        }
        time
    }
}

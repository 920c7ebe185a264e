//! The machine on which the figures were measured.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use crate::programs::BIN;

/// Processor, memory, kernel, PostgreSQL, date.
pub fn describe() -> Vec<String> {
    let memory: u64 = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or_default();
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let cores = available_parallelism().map_or(1, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let postgres = Command::new(BIN.join("postgres")).arg("--version").output().unwrap();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    vec![
        format!("processor   {processor}, {cores} cores"),
        format!("memory      {:.1} GiB", memory as f64 / 1024.0 / 1024.0),
        format!("kernel      Linux {}", kernel.trim()),
        format!("server      {}", String::from_utf8_lossy(&postgres.stdout).trim()),
        format!("load before {}", load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")),
        format!("date        {}", jiff::Zoned::now().strftime("%Y-%m-%d %H:%M %Z")),
    ]
}

/// The value of the first line `name: value` of a file.
pub fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

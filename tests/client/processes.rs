//! Processes of a server, as the system tells of them.

use std::fs;
use std::process::Command;

/// Sends a signal to a process, which must be there.
pub fn signal(pid: &str, name: &str) {
    assert!(Command::new("kill").args(["-s", name, pid]).status().unwrap().success(), "no process {pid}");
}

/// The processes that this one started and that have not ended.
pub fn children(parent: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().into_string().ok());
    processes
        .filter(|pid| state_and_parent(pid).is_some_and(|(state, of)| state != "Z" && of == parent))
        .collect()
}

/// Whether a process has not ended; a zombie has.
pub fn is_running(pid: &str) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| state != "Z")
}

/// State and parent follow the name, which stands in parentheses.
fn state_and_parent(pid: &str) -> Option<(String, String)> {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = status.rsplit_once(") ")?.1.split(' ').map(str::to_owned);
    Some((fields.next()?, fields.next()?))
}

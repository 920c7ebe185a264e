//! What a run owed to the site, read off the replica's log: distance, rests, robots.txt, `Retry-After`.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

/// The replica notes a request a moment after it was sent; that moment varies by less than this.
pub const TOLERANCE_SECONDS: f64 = 0.02;

/// How long a worker may take from an answer to the commit that tells the others of it.
const COMMIT_SECONDS: f64 = 1.0;

/// Now, as the log tells times: Unix seconds.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// When a request began.
pub fn start(entry: &Value) -> f64 {
    entry["start"].as_f64().unwrap()
}

/// When the last byte of the answer was sent.
pub fn end(entry: &Value) -> f64 {
    entry["end"].as_f64().unwrap()
}

/// What happened from outside, in Unix seconds.
#[derive(Default)]
pub struct Events {
    /// Refused hosts were resumed by hand.
    pub resumed: Vec<f64>,
    /// A worker or the server was killed: what it had not committed is not known to the others.
    pub killed: Vec<f64>,
}

impl Events {
    /// Whether the worker that got this answer lived to tell it.
    fn is_known(&self, entry: &Value) -> bool {
        !self.killed.iter().any(|killed| (start(entry)..end(entry) + COMMIT_SECONDS).contains(killed))
    }

    /// When the rest that a refusal began was ended by hand.
    fn end_of_rest(&self, refusal: &Value) -> f64 {
        self.resumed.iter().copied().find(|resumed| *resumed > end(refusal)).unwrap_or(f64::INFINITY)
    }
}

/// How many requests in a row a busy machine may keep the replica from noting at once; for how long at most, in seconds and in
/// parts of the delay.
const LATE_IN_A_ROW: usize = 3;
const LATE_SECONDS: f64 = 0.25;
const LATE_PART: f64 = 0.75;

/// No two requests to a host began within the delay.
pub fn assert_distances(log: &[Value], delay_seconds: f64) {
    let mut hosts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for entry in log {
        hosts.entry(entry["host"].as_str().unwrap()).or_default().push(start(entry));
    }
    for (host, mut starts) in hosts {
        starts.sort_by(f64::total_cmp);
        if let Some(place) = too_soon(&starts, delay_seconds) {
            let began = starts[0];
            let all: Vec<String> = starts.iter().map(|start| format!("{:.3}", start - began)).collect();
            panic!("request {place} to {host} came too soon; they began at {}", all.join(", "));
        }
    }
}

/// The first request that came within the delay after the one before. One that the replica noted late comes closer to the
/// next than it was sent; but then it has come as much too late after those before it, which tells it from a request that
/// was sent too soon.
fn too_soon(starts: &[f64], delay_seconds: f64) -> Option<usize> {
    let is_kept = |place: usize, before: usize| {
        let distance = starts[place] - starts[place - before];
        distance > delay_seconds * before as f64 - TOLERANCE_SECONDS
    };
    let is_late_at_most = |place: usize| {
        starts[place] - starts[place - 1] > delay_seconds - LATE_SECONDS.min(delay_seconds * LATE_PART)
            && (2..=(1 + LATE_IN_A_ROW).min(place)).any(|before| is_kept(place, before))
    };
    (1..starts.len()).find(|place| !is_kept(*place, 1) && !is_late_at_most(*place))
}

#[test]
fn a_request_that_is_noted_late_is_told_from_one_that_is_sent_too_soon() {
    assert_eq!(too_soon(&[0.0, 1.0, 2.0, 3.0], 1.0), None);
    assert_eq!(too_soon(&[0.0, 1.0, 2.2, 3.0, 4.0], 1.0), None, "the third was noted late");
    assert_eq!(too_soon(&[0.0, 1.0, 2.2, 3.15, 4.0], 1.0), None, "and the fourth");
    assert_eq!(too_soon(&[0.0, 1.0, 1.8, 2.8], 1.0), Some(2));
    assert_eq!(too_soon(&[0.0, 1.0, 1.0, 2.0], 1.0), Some(2));
    assert_eq!(too_soon(&[0.0, 9.0, 9.1], 1.0), Some(2), "a wait before is no excuse");
    assert_eq!(too_soon(&[0.0, 0.5], 1.0), Some(1));
}

/// No request began after a refusal before the rest was ended by hand. Returns how many refusals there were.
pub fn assert_rests(log: &[Value], events: &Events) -> usize {
    let is_refusal = |entry: &&Value| entry["status"] == 403 || entry["fault"] == "block_page";
    let refusals: Vec<&Value> =
        log.iter().filter(is_refusal).filter(|entry| events.is_known(entry)).collect();
    for refusal in &refusals {
        let until = events.end_of_rest(refusal);
        let during = log.iter().find(|entry| start(entry) > end(refusal) && start(entry) < until);
        assert!(
            during.is_none(),
            "after the refusal\n{refusal}\nand before {until} came\n{}",
            during.unwrap()
        );
    }
    refusals.len()
}

/// No request began before the time that the site had asked for: for all its pages with 429, for the page otherwise.
/// Returns how often it asked.
pub fn assert_retry_after(log: &[Value], events: &Events) -> usize {
    let mut asked = 0;
    for answer in log.iter().filter(|entry| events.is_known(entry)) {
        let Some(header) = answer["retry_after"].as_str() else { continue };
        asked += 1;
        let until = match header.parse::<f64>() {
            Ok(seconds) => end(answer) + seconds,
            Err(_) => seconds_of(httpdate::parse_http_date(header).unwrap()),
        };
        let is_meant = |entry: &&Value| answer["status"] == 429 || entry["path"] == answer["path"];
        let early = log
            .iter()
            .filter(is_meant)
            .find(|entry| start(entry) > end(answer) && start(entry) < until - TOLERANCE_SECONDS);
        assert!(early.is_none(), "{answer}\nasked to wait until {until}, but there came\n{}", early.unwrap());
    }
    asked
}

/// No request was made to a path that robots.txt forbids.
pub fn assert_robots(log: &[Value], forbidden: &str) {
    let found = log.iter().find(|entry| entry["path"].as_str().unwrap().starts_with(forbidden));
    assert!(found.is_none(), "robots.txt forbids {}", found.unwrap());
}

fn seconds_of(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

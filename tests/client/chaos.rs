//! Everything at once: three workers, a site that goes wrong in all its ways, a backend killed and a server stopped in
//! the middle. In the end every listing is stored as its page says, and the site was treated as it asked.

use std::thread;
use std::time::{Duration, Instant};

use bat_replica::{Config, Robots};
use serde_json::{Value, json};

use crate::fidelity;
use crate::politeness::{self, Events};
use crate::server::{Server, Session};
use crate::site::Site;
use crate::workers;

const LISTINGS: usize = 300;
const WORKERS: usize = 3;
const DELAY_SECONDS: f64 = 0.06;
const SEED: u64 = 20_260_424;

/// The test fails if it takes longer.
const LONGEST: Duration = Duration::from_secs(85);

/// Path that robots.txt forbids, and tasks that would go there.
const FORBIDDEN: &str = "/member/";
const FORBIDDEN_MEMBERS: [&str; 3] = ["somebody", "someone", "anybody"];

/// What is left when all is done: pages that are gone, pages that robots.txt forbids, and the next visits of live ones.
const FINAL: &str = "t.state = 'dead' AND t.last_sqlstate IN ('02000', '38003')
    OR t.state = 'ready' AND t.last_error IS NULL AND t.run_after > now()";

/// All ways to go wrong, each with the same share: of a hundred requests 15 in all.
fn faults() -> Value {
    let kinds = [
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "status", "status": 502 }),
        json!({ "kind": "status", "status": 503, "retry_after": "2" }),
        json!({ "kind": "status", "status": 408 }),
        json!({ "kind": "status", "status": 429, "retry_after": "1" }),
        json!({ "kind": "status", "status": 429, "retry_after_date": 2 }),
        json!({ "kind": "slow", "seconds": 0.4 }),
        json!({ "kind": "slow", "seconds": 0.2, "then": { "kind": "status", "status": 504 } }),
        json!({ "kind": "drip", "bytes": 8192, "interval_ms": 10 }),
        json!({ "kind": "truncate" }),
        json!({ "kind": "reset" }),
        json!({ "kind": "reset", "after": 4096 }),
        json!({ "kind": "gzip_bomb", "megabytes": 17 }),
        json!({ "kind": "big", "megabytes": 17 }),
        json!({ "kind": "redirect", "to": "{path}" }),
        json!({ "kind": "empty_shell" }),
        json!({ "kind": "nul" }),
        json!({ "kind": "body", "body": "\u{89}PNG", "content_type": "image/png" }),
        json!({ "kind": "block_page", "status": 200 }),
        json!({ "kind": "status", "status": 403 }),
    ];
    // Each strikes a part of what the ones before it left.
    let share = 1.0 - 0.85_f64.powf(1.0 / kinds.len() as f64);
    let rule = |fault: &Value| json!({ "match": "/", "fault": fault, "share": share, "seed": SEED });
    kinds.iter().map(rule).collect()
}

/// Who watches over the work: brings the disasters, and does what an operator would.
struct Overseer<'a> {
    server: &'a Server,
    witness: Session,
    events: Events,
}

impl Overseer<'_> {
    /// Returns when nothing is left to do.
    fn watch(mut self) -> (Session, Events) {
        let deadline = Instant::now() + LONGEST;
        while self.witness.number(&format!("SELECT count(*) FROM bat_tasks AS t WHERE NOT ({FINAL})")) > 0 {
            assert!(Instant::now() < deadline, "{:?}", self.witness.column("SELECT t FROM bat_tasks AS t"));
            let stored = self.witness.number("SELECT count(*) FROM bat_listings");
            match self.events.killed.len() {
                0 if stored >= 100 => self.kill_a_backend(),
                1 if stored >= 200 => self.stop_the_server(),
                _ => self.help(),
            }
            thread::sleep(Duration::from_millis(20));
        }
        (self.witness, self.events)
    }

    fn kill_a_backend(&mut self) {
        let busy = self.witness.column(
            "SELECT a.pid FROM pg_stat_activity AS a
             JOIN bat_runs AS r ON r.pid = a.pid AND r.status = 'running'
             JOIN bat_tasks AS t ON t.run_id = r.id AND t.state = 'running'",
        );
        let Some(pid) = busy.first() else { return };
        self.events.killed.push(politeness::now());
        self.server.kill(pid);
        self.server.await_restart(1);
        self.witness = self.server.await_client();
    }

    fn stop_the_server(&mut self) {
        self.events.killed.push(politeness::now());
        self.server.stop("immediate");
        self.server.launch();
        self.witness = self.server.await_client();
    }

    /// Resumes a host that refused, once all workers have come and seen that it rests; tries at once what the queue
    /// would try in a quarter of an hour, or not at all.
    fn help(&mut self) {
        let rested = self.witness.column(&format!(
            "SELECT h.host FROM bat_hosts AS h
             WHERE h.resting_until > now() + interval '290 seconds' AND {WORKERS} * 2 <= (
                 SELECT count(*) FROM bat_runs AS r
                 WHERE r.started_at > h.updated_at AND r.finished_at IS NOT NULL
             )"
        ));
        for host in rested {
            self.events.resumed.push(politeness::now());
            assert_eq!(self.witness.text(&format!("SELECT bat_resume('{host}')")), "t");
        }
        self.witness
            .batch_execute(&format!(
                "UPDATE bat_tasks SET run_after = now()
                 WHERE state = 'ready' AND last_sqlstate = '22000' AND run_after > now() + interval '1 minute';
                 SELECT bat_retry(t.kind, t.key) FROM bat_tasks AS t WHERE t.state = 'dead' AND NOT ({FINAL})"
            ))
            .unwrap();
    }
}

fn assert_stored(site: &Site, client: &mut Session) {
    let listings = site.listings("");
    let url = |listing: &Value| listing["url"].as_str().unwrap().to_owned();
    let (gone, there): (Vec<&Value>, Vec<&Value>) =
        listings.iter().partition(|listing| listing["replica"]["gone"] == true);
    assert!(!gone.is_empty() && there.len() > 250, "{} gone, {} there", gone.len(), there.len());

    let (compared, found) = fidelity::compare(site, client);
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    assert_eq!(compared, there.len());
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), there.len() as i64);
    assert_eq!(client.number("SELECT count(*) - count(DISTINCT bat_auction_url) FROM vehicles"), 0);
    assert_eq!(client.number("SELECT count(*) - count(DISTINCT vin) FROM vehicles WHERE vin IS NOT NULL"), 0);

    let mut left: Vec<String> = gone.into_iter().map(url).collect();
    left.extend(FORBIDDEN_MEMBERS.map(str::to_owned));
    left.sort();
    assert_eq!(
        client.column("SELECT key FROM bat_tasks WHERE state = 'dead' ORDER BY key COLLATE \"C\""),
        left
    );
}

fn assert_told(client: &mut Session, stored: i64) {
    // Closes the runs of those who were killed.
    client.batch_execute("CALL bat_work(1)").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_runs WHERE status = 'running'"), 0);
    // What a killed worker had not committed is neither stored nor counted: each listing is counted once.
    assert_eq!(client.number("SELECT sum(inserted) FROM bat_runs WHERE job = 'bat_work'"), stored);
    assert_eq!(client.number("SELECT sum(updated + unchanged) FROM bat_runs WHERE job = 'bat_work'"), 0);
}

fn assert_polite(site: &Site, events: &Events) {
    let log = site.requests("/");
    let struck = log.iter().filter(|entry| !entry["fault"].is_null()).count();
    let share = struck as f64 / log.len() as f64;
    assert!((0.1..0.2).contains(&share), "{struck} of {} requests went wrong", log.len());
    politeness::assert_distances(&log, DELAY_SECONDS);
    politeness::assert_robots(&log, FORBIDDEN);
    let refusals = politeness::assert_rests(&log, events);
    let waits = politeness::assert_retry_after(&log, events);
    assert!(refusals >= 2 && waits >= 3, "only {refusals} refusals and {waits} times Retry-After");
    eprintln!("{} requests, {struck} went wrong; {refusals} refusals, {waits} times Retry-After", log.len());
}

#[test]
fn three_workers_store_everything_in_spite_of_faults_a_kill_and_a_stop() {
    let robots = Robots::Text(format!("User-agent: *\nDisallow: {FORBIDDEN}\n"));
    let site = Site::start(Config { partners: 20, listings: LISTINGS, robots, ..Config::default() });
    let delay = format!("bat_partners.request_delay = '{}ms'", DELAY_SECONDS * 1000.0);
    let server = Server::start(&format!("{}{delay}", site.settings()));
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let urls: Vec<String> =
        site.listings("").iter().map(|listing| listing["url"].as_str().unwrap().into()).collect();
    let enqueue = "SELECT bat_enqueue($2, k) FROM unnest($1::text[]) AS k";
    client.client.execute(enqueue, &[&urls, &"listing"]).unwrap();
    client.client.execute(enqueue, &[&FORBIDDEN_MEMBERS.as_slice(), &"member"]).unwrap();
    site.rules(&faults());

    let overseer = Overseer { server: &server, witness: server.client(), events: Events::default() };
    let (mut witness, events) =
        workers::beside(&server, WORKERS, "CALL bat_work(5, NULL, 20)", || overseer.watch());

    assert_eq!(events.killed.len(), 2);
    assert_stored(&site, &mut witness);
    let stored = witness.number("SELECT count(*) FROM bat_listings");
    assert_told(&mut witness, stored);
    assert_polite(&site, &events);
}

//! How soon cancel, terminate and `statement_timeout` act in the middle of a slow page.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::median;
use crate::report::Report;
use crate::server::{Server, Session};
use crate::site::{Site, path};

/// Times that each is tried.
const TIMES: usize = 10;

/// How long the slow page takes.
const SLOW_SECONDS: f64 = 30.0;

/// `statement_timeout` of its tries.
const TIMEOUT: Duration = Duration::from_millis(300);

const TARGET_MS: f64 = 200.0;

/// A slow page and a server to ask for it.
struct Slow {
    site: Site,
    server: Server,
    url: String,
}

/// Measures all three.
pub fn measure(report: &mut Report) {
    let site = Site::small();
    let url = site.listing("sold");
    let server = site.server();
    let mut witness = server.client();
    // Reads robots.txt, so that the tries ask for nothing but the slow page.
    witness.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
    witness.batch_execute("DELETE FROM bat_pages").unwrap();
    site.fault(path(&url), json!({ "kind": "slow", "seconds": SLOW_SECONDS }), None);
    let slow = Slow { site, server, url };
    let before = identity(&mut witness);

    let mut session = Some(slow.server.client());
    let cancels: Vec<f64> = (0..TIMES)
        .map(|_| {
            let victim = session.take().unwrap_or_else(|| slow.server.client());
            let (ms, victim) = slow.interrupt(victim, &mut witness, "pg_cancel_backend", "57014");
            session = Some(victim);
            ms
        })
        .collect();
    tell(report, "cancel", &cancels);
    let terminates: Vec<f64> = (0..TIMES)
        .map(|_| slow.interrupt(slow.server.client(), &mut witness, "pg_terminate_backend", "57P01").0)
        .collect();
    tell(report, "terminate", &terminates);
    let mut victim = slow.server.client();
    let timeouts: Vec<f64> = (0..TIMES).map(|_| slow.time_out(&mut victim)).collect();
    tell(report, "statement_timeout", &timeouts);

    let survived = identity(&mut witness) == before;
    report.target(
        "another session goes on, no restart of the server",
        if survived { "yes" } else { "no" }.to_owned(),
        "yes",
        survived,
    );
}

/// What changes when the server restarts.
fn identity(witness: &mut Session) -> String {
    witness.text("SELECT pg_postmaster_start_time() || ' ' || pg_backend_pid()")
}

fn tell(report: &mut Report, what: &str, milliseconds: &[f64]) {
    let worst = milliseconds.iter().copied().fold(0.0, f64::max);
    report.target(
        &format!("{what} during a page of {SLOW_SECONDS:.0} s, {} times", milliseconds.len()),
        format!("median {:.1} ms, worst {worst:.1} ms", median(milliseconds.iter().copied())),
        &format!("worst under {TARGET_MS:.0} ms"),
        worst < TARGET_MS,
    );
}

impl Slow {
    /// Milliseconds from the request to interrupt until the client has its error, and the session.
    fn interrupt(
        &self,
        mut victim: Session,
        witness: &mut Session,
        function: &str,
        expected: &str,
    ) -> (f64, Session) {
        let pid = victim.number("SELECT pg_backend_pid()");
        let sql = format!("SELECT bat_import_listing('{}')", self.url);
        let asked = self.asked();
        let worker = thread::spawn(move || {
            let error = victim.client.simple_query(&sql).expect_err("it is interrupted");
            let ended = Instant::now();
            (error.as_db_error().map(|error| error.code().code().to_owned()), ended, victim)
        });
        while self.asked() == asked {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(50));
        let started = Instant::now();
        assert_eq!(witness.text(&format!("SELECT {function}({pid})")), "t");
        let (sqlstate, ended, victim) = worker.join().unwrap();
        assert_eq!(sqlstate.as_deref(), Some(expected));
        (ended.duration_since(started).as_secs_f64() * 1000.0, victim)
    }

    /// Milliseconds from the moment at which the timeout is due until the client has its error.
    fn time_out(&self, victim: &mut Session) -> f64 {
        victim.batch_execute(&format!("SET statement_timeout = {}", TIMEOUT.as_millis())).unwrap();
        let asked = self.asked();
        let started = Instant::now();
        let failure = victim.error(&format!("SELECT bat_import_listing('{}')", self.url));
        let elapsed = started.elapsed();
        assert_eq!(failure.sqlstate, "57014");
        assert!(self.asked() > asked, "the page was asked for");
        elapsed.saturating_sub(TIMEOUT).as_secs_f64() * 1000.0
    }

    /// How often the slow page was asked for.
    fn asked(&self) -> usize {
        self.site.requests(path(&self.url)).len()
    }
}

//! Two sessions at one host: the distance between the starts of their requests.

use std::thread;

use crate::report::Report;
use crate::server::Server;
use crate::site::Site;

const DELAY_MS: f64 = 200.0;
const LISTINGS: usize = 40;

/// Works off a few listings in two sessions at once.
pub fn measure(report: &mut Report) {
    let site = Site::small();
    let server = Server::start(&format!("{}bat_partners.request_delay = {DELAY_MS}", site.settings()));
    let urls = crate::ingest::urls(&site, LISTINGS);
    crate::ingest::enqueue(&server, &urls);
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let mut session = server.client();
            thread::spawn(move || {
                session.batch_execute("CALL bat_work(600)").unwrap();
                session.number("SELECT count(*) FROM bat_fetches AS f JOIN bat_runs AS r ON r.id = f.run_id WHERE r.pid = pg_backend_pid()")
            })
        })
        .collect();
    let shares: Vec<i64> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
    let mut starts: Vec<f64> =
        site.requests("/").iter().filter_map(|entry| entry["start"].as_f64()).collect();
    starts.sort_by(f64::total_cmp);
    assert!(starts.len() > LISTINGS, "all pages and robots.txt");
    let distances = || starts.windows(2).map(|pair| (pair[1] - pair[0]) * 1000.0);
    let least = distances().fold(f64::INFINITY, f64::min);
    report.target(
        &format!("two sessions, {} requests ({} and {}): least distance", starts.len(), shares[0], shares[1]),
        format!("{least:.1} ms, median {:.1} ms", crate::median(distances())),
        &format!("at least the delay of {DELAY_MS:.0} ms"),
        least >= DELAY_MS,
    );
}

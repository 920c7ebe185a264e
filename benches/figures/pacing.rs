//! Two sessions at one host: the distance between the starts of their requests.

use std::thread;

use crate::report::Report;
use crate::server::{Server, Session};
use crate::site::Site;
use crate::{ingest, median};

const DELAY_MS: f64 = 200.0;
const LISTINGS: usize = 40;

/// Reads a few listings in two sessions at once: as workers of the queue, and as callers of functions.
pub fn measure(report: &mut Report) {
    let queue = |server: &Server, urls: &[String]| ingest::enqueue(server, urls);
    tell(report, "two workers", queue, |session, _| session.batch_execute("CALL bat_work(600)").unwrap());
    tell(
        report,
        "two callers",
        |_, _| (),
        |session, urls| {
            for url in urls {
                session.batch_execute(&format!("SELECT bat_import_listing('{url}')")).unwrap();
            }
        },
    );
}

fn tell(
    report: &mut Report,
    who: &str,
    prepare: impl Fn(&Server, &[String]),
    read: fn(&mut Session, &[String]),
) {
    let site = Site::small();
    let server = Server::start(&format!("{}bat_partners.request_delay = {DELAY_MS}", site.settings()));
    let urls = ingest::urls(&site, LISTINGS);
    prepare(&server, &urls);
    let workers: Vec<_> = urls
        .chunks(LISTINGS / 2)
        .map(|half| {
            let (mut session, half) = (server.client(), half.to_vec());
            thread::spawn(move || read(&mut session, &half))
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    let mut starts: Vec<f64> =
        site.requests("/").iter().filter_map(|entry| entry["start"].as_f64()).collect();
    starts.sort_by(f64::total_cmp);
    assert!(starts.len() > LISTINGS, "all pages and robots.txt");
    let distances = || starts.windows(2).map(|pair| (pair[1] - pair[0]) * 1000.0);
    let least = distances().fold(f64::INFINITY, f64::min);
    report.target(
        &format!("{who} at one host, {} requests: least distance", starts.len()),
        format!("{least:.1} ms, median {:.1} ms", median(distances())),
        &format!("the delay: {DELAY_MS:.0} ms"),
        least >= DELAY_MS,
    );
}

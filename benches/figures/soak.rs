//! Memory of a backend that reads pages for a long time.

use crate::ingest;
use crate::memory::{self, Sampler};
use crate::report::Report;
use crate::server::Server;

/// Pages that one backend reads.
const PAGES: usize = 100_000;

/// Lets a session read the same pages again and again, whole, as if they were not known.
pub fn measure(report: &mut Report, server: &Server, urls: &[String]) {
    let mut session = server.client();
    session.batch_execute("DELETE FROM bat_pages; SET bat_partners.archive_pages = off").unwrap();
    let pid = session.number("SELECT pg_backend_pid()");
    let sampler = Sampler::start(server, pid);
    let rounds = PAGES.div_ceil(urls.len());
    for _ in 0..rounds {
        ingest::enqueue(server, urls);
        ingest::work_off(&mut session);
    }
    memory::report_long(report, &sampler.stop(), rounds * urls.len());
}

//! What it takes to have the extension: time of its first calls, size of its library.

use std::time::Instant;

use crate::programs::installed;
use crate::report::Report;
use crate::server::Server;
use crate::{ROUNDS, median};

/// How long `CREATE EXTENSION` and the first `bat_setup()` may take together, in milliseconds.
const TARGET: f64 = 300.0;

/// Measures it, in a new database each time.
pub fn measure(report: &mut Report) {
    let server = Server::start("fsync = on");
    let mut witness = server.client();
    let times = (0..ROUNDS).map(|round| {
        witness.batch_execute(&format!("CREATE DATABASE new_{round}")).unwrap();
        let mut session = server.session("postgres", &format!("new_{round}"));
        let started = Instant::now();
        session.batch_execute("CREATE EXTENSION bat_partners; SELECT bat_setup()").unwrap();
        started.elapsed().as_secs_f64() * 1000.0
    });
    let time = median(times.collect::<Vec<_>>());
    report.target(
        "CREATE EXTENSION and the first bat_setup()",
        format!("{time:.0} ms"),
        &format!("under {TARGET:.0} ms"),
        time < TARGET,
    );
    let library = installed("--pkglibdir").join("bat_partners.so");
    let size = std::fs::metadata(&library).map_or(0, |file| file.len());
    report.figure("size of the library", format!("{:.1} MB", size as f64 / 1e6));
}

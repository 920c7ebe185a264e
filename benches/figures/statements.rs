//! How many statements a listing costs that is new.

use crate::ingest;
use crate::programs::installed;
use crate::report::Report;
use crate::site::Site;

/// Listings that are counted over.
const LISTINGS: usize = 400;

const TARGET: f64 = 3.0;

/// The server's own count. The extension's functions, which the loop of the workers calls, are no statements of theirs.
const STATEMENTS: &str = "
    SELECT sum(calls)
    FROM pg_stat_statements
    WHERE NOT toplevel AND query !~ '(bat_perform|bat_next_step|bat_work_off|bat_begin_work|bat_finish_run)\\('
        AND query !~* '^(commit|set )'";

/// Counts them.
pub fn measure(report: &mut Report, site: &Site, urls: &[String]) {
    let figure = format!("statements per new listing, {LISTINGS} listings");
    if !installed("--pkglibdir").join("pg_stat_statements.so").exists() {
        return report.figure(&figure, "not measured: pg_stat_statements is not there".to_owned());
    }
    let counted = "shared_preload_libraries = 'pg_stat_statements'\npg_stat_statements.track = all";
    let server = ingest::server(site, counted);
    let urls = &urls[..LISTINGS.min(urls.len())];
    ingest::enqueue(&server, urls);
    let mut session = server.client();
    session.batch_execute("CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()").unwrap();
    ingest::work_off(&mut session);
    let statements = session.number(STATEMENTS) as f64 / urls.len() as f64;
    report.target(&figure, format!("{statements:.2}"), &format!("at most {TARGET:.0}"), statements <= TARGET);
}

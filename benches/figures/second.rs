//! A second ingest of pages that did not change.

use std::time::Instant;

use crate::ingest;
use crate::report::Report;
use crate::server::{Server, Session};

/// Rows written so far to the tables in the extension's schema that are the user's.
const WRITTEN: &str = "
    SELECT sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)
    FROM pg_stat_user_tables AS s
    JOIN pg_extension AS e ON e.extname = 'bat_partners'
    JOIN pg_class AS c ON c.oid = s.relid AND c.relnamespace = e.extnamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')";

/// Ingests the pages again: first as they come, then as if nothing but their rows were known.
pub fn report(report: &mut Report, server: &Server, urls: &[String]) {
    let mut witness = server.client();
    tell(report, server, &mut witness, urls, "the site answers 304", "");
    // Without the archived page there is nothing to ask for conditionally: the page comes whole, is parsed, and
    // found to say what the rows say.
    witness.batch_execute("DELETE FROM bat_pages").unwrap();
    let setting = "SET bat_partners.archive_pages = off;";
    tell(report, server, &mut witness, urls, "fetched and parsed whole", setting);
}

fn tell(
    report: &mut Report,
    server: &Server,
    witness: &mut Session,
    urls: &[String],
    how: &str,
    setting: &str,
) {
    ingest::enqueue(server, urls);
    let before = written(witness);
    let mut session = server.client();
    session.batch_execute(setting).unwrap();
    let started = Instant::now();
    session.batch_execute("CALL bat_work(max_seconds => NULL, kinds => '{listing}')").unwrap();
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(
        session.number("SELECT count(*) FROM bat_tasks WHERE run_after <= now()"),
        0,
        "all tasks are done"
    );
    drop(session);
    let rows = written(witness) - before;
    report.target(
        &format!("rows written by {} unchanged pages, {how}", urls.len()),
        format!("{rows} in {seconds:.1} s, {:.1} pages/s", urls.len() as f64 / seconds),
        "0",
        rows == 0,
    );
}

/// The count, once every other session has ended: a session tells its own at its end.
fn written(witness: &mut Session) -> i64 {
    witness.wait_until(
        "SELECT (count(*) = 1)::text = 'true' FROM pg_stat_activity WHERE backend_type = 'client backend'",
    );
    witness.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
    witness.number(WRITTEN)
}

//! A second ingest of pages that did not change.

use std::time::Instant;

use crate::ingest;
use crate::report::Report;
use crate::server::{Server, Session};

/// Write-ahead log that a page may cost that did not change, in bytes.
const TARGET_LOG: f64 = 200.0;

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
    // The first change of a page of the disk after a checkpoint is logged whole: that is the disk's, not a page's.
    witness.batch_execute("ALTER SYSTEM SET full_page_writes = off").unwrap();
    witness.batch_execute("SELECT pg_reload_conf()").unwrap();
    witness.wait_until("SELECT (current_setting('full_page_writes') = 'off')::text = 'true'");
    let mut session = server.client();
    session.batch_execute(setting).unwrap();
    let log = witness.number("SELECT pg_current_wal_insert_lsn() - '0/0'");
    let started = Instant::now();
    ingest::work_off(&mut session);
    let seconds = started.elapsed().as_secs_f64();
    let log = witness.number("SELECT pg_current_wal_insert_lsn() - '0/0'") - log;
    drop(session);
    let rows = written(witness) - before;
    report.target(
        &format!("rows written by {} unchanged pages, {how}", urls.len()),
        format!("{rows} in {seconds:.1} s, {:.1} pages/s", urls.len() as f64 / seconds),
        "0",
        rows == 0,
    );
    let log = log as f64 / urls.len() as f64;
    report.target(
        &format!("write-ahead log of an unchanged page, {how}, without full-page images"),
        format!("{log:.0} bytes"),
        &format!("under {TARGET_LOG:.0} bytes"),
        log < TARGET_LOG,
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

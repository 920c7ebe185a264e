//! How many statements the extension runs.

use crate::programs::installed;
use crate::server::Session;

/// Lines for postgresql.conf: the server counts its statements.
pub const COUNTED: &str = "shared_preload_libraries = 'pg_stat_statements'\npg_stat_statements.track = all\n";

/// The server's own count. The extension's functions, which the loop of the workers calls, are no statements of theirs.
const STATEMENTS: &str = "
    SELECT sum(calls)
    FROM pg_stat_statements
    WHERE NOT toplevel AND query !~ '(bat_perform|bat_next_step|bat_work_off|bat_begin_work|bat_finish_run)\\('
        AND query !~* '^(commit|set )'";

/// Whether this installation can count them.
pub fn are_countable() -> bool {
    installed("--pkglibdir").join("pg_stat_statements.so").exists()
}

/// How many statements it takes to work off the listings that are enqueued.
pub fn of_work(session: &mut Session) -> i64 {
    session.batch_execute("CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()").unwrap();
    session.batch_execute("CALL bat_work(max_seconds => NULL, kinds => '{listing}')").unwrap();
    session.number(STATEMENTS)
}

//! An upgraded schema is the fresh one.

use super::{CURRENT, database, server};
use crate::server::Server;

const CONTENTS: &str = include_str!("contents.sql");

/// All that the extension consists of in a new database, created in a version and then changed by a statement.
pub fn contents(server: &Server, version: &str, statement: &str) -> Vec<String> {
    let mut session = database(server, version);
    session.batch_execute(statement).unwrap_or_else(|failure| panic!("{statement}: {failure:?}"));
    session.column(CONTENTS)
}

/// What is in one list and not in the other.
pub fn differences(left: &[String], right: &[String]) -> Vec<String> {
    let only = |mark: &str, these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(|line| format!("{mark} {line}")).collect()
    };
    [only("-", left, right), only("+", right, left)].concat()
}

#[test]
fn an_upgraded_schema_is_the_fresh_one() {
    let (_tree, server, steps) = server("");
    for step in steps {
        let fresh = contents(&server, &step.to, "");
        let upgraded =
            contents(&server, &step.from, &format!("ALTER EXTENSION bat_partners UPDATE TO '{}'", step.to));
        assert!(fresh.len() > 300, "{fresh:#?}");
        let differences = differences(&fresh, &upgraded);
        assert!(
            differences.is_empty(),
            "from {} to {}: a fresh schema (-) and an upgraded one (+) differ\n{}",
            step.from,
            step.to,
            differences.join("\n")
        );
    }
}

#[test]
fn what_an_upgrade_script_may_forget_is_seen() {
    let server = Server::start("");
    let fresh = contents(&server, CURRENT, "");
    for (statement, seen) in [
        ("GRANT EXECUTE ON FUNCTION bat_setup() TO PUBLIC", "routine bat_setup() acl"),
        ("COMMENT ON FUNCTION bat_setup() IS 'else'", "comment on function bat_setup(): else"),
        ("ALTER FUNCTION bat_parse_partners(text) VOLATILE", "routine bat_parse_partners(text)"),
        ("ALTER TABLE bat_runs ADD COLUMN note text", "column bat_runs.note text"),
        ("ALTER TABLE bat_runs ALTER COLUMN message SET DEFAULT ''", "column bat_runs.message text"),
        ("ALTER TABLE bat_tasks DROP CONSTRAINT bat_tasks_kind_check", "- constraint bat_tasks_kind_check"),
        ("DROP INDEX bat_runs_job", "- index CREATE INDEX bat_runs_job"),
        ("ALTER TABLE bat_runs SET (fillfactor = 90)", "relation bat_runs"),
        ("CREATE OR REPLACE VIEW bat_status AS SELECT * FROM bat_status_row() LIMIT 2", "view bat_status"),
        ("ALTER EXTENSION bat_partners DROP VIEW bat_status", "- member view bat_status"),
        (
            "UPDATE pg_extension SET extconfig = extconfig[2:], extcondition = extcondition[2:] WHERE extname = 'bat_partners'",
            "- dumped ",
        ),
        ("ALTER SEQUENCE bat_runs_id_seq CYCLE", "sequence bat_runs_id_seq"),
        ("ALTER TYPE bat_job ADD ATTRIBUTE note text", "type bat_job"),
    ] {
        let differences = differences(&fresh, &contents(&server, CURRENT, statement));
        assert!(differences.iter().any(|line| line.contains(seen)), "{statement}: {differences:#?}");
    }
}

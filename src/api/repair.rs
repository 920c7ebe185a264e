//! What an earlier pipeline left.

use pgrx::prelude::*;

use super::edge::enter;
use crate::jobs::repair;
use crate::store::repair::Finding;

/// Mends what an earlier pipeline left, or tells what it would mend; lists what a person has to look at.
#[pg_extern]
#[allow(clippy::type_complexity, reason = "pgrx reads the columns' names from the type")]
fn bat_repair(
    dry_run: default!(Option<bool>, "true"),
    trust_updated_at: default!(Option<bool>, "false"),
) -> TableIterator<
    'static,
    (
        name!(what, String),
        name!(table_name, String),
        name!(row_id, Option<String>),
        name!(action, String),
        name!(detail, String),
        name!(hint, Option<String>),
    ),
> {
    let dry_run = dry_run.unwrap_or(true);
    let findings = enter(|| repair::repair(dry_run, trust_updated_at.unwrap_or_default()));
    let row = move |finding: Finding| {
        let action = match (finding.is_mended, dry_run) {
            (true, true) => "would mend",
            (true, false) => "mended",
            (false, _) => "left",
        };
        (finding.what, finding.table, finding.row, action.to_owned(), finding.detail, finding.hint)
    };
    TableIterator::new(findings.into_iter().map(row))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_repair(boolean, boolean) IS
    'Mends what an earlier pipeline left in the tables, where that loses nothing that a person wrote, and lists the rest with what to do. dry_run: tells what it would mend, and changes nothing; trust_updated_at: a row whose updated_at equals created_at was never changed by hand, though no trigger sees to that. For the owner of the tables.';
",
    name = "repair_comments",
    requires = [bat_repair]
);

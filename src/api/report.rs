//! The page for a browser.

use pgrx::prelude::*;

use super::edge::enter;
use crate::jobs::report;

/// What is stored, whether all is well and what is being done, as one HTML page.
// The type of the result is what PostgREST knows a page by.
#[pg_extern(
    stable,
    requires = ["media_types"],
    sql = r#"
CREATE FUNCTION bat_report(partner uuid DEFAULT NULL)
RETURNS @extschema@."text/html"
STABLE
LANGUAGE c
AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"#
)]
fn bat_report(partner: Option<pgrx::Uuid>) -> String {
    let partner = partner.map(|id| id.to_string());
    enter(|| report::page(partner.as_deref()))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_report(uuid) IS
    'One HTML page that needs nothing else: health, progress, problems, partners on a map, sales by month, the newest vehicles; of all, or of one partner. psql -XAtc ''SELECT bat_report()'' -o report.html';
",
    name = "report_comments",
    requires = [bat_report]
);

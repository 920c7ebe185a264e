//! What a role may do with the tables: asked before the work, and passed on with new ones.

use pgrx::PgSqlErrorCode;

use super::sql::Store;
use super::tables;
use crate::error::{Error, Result};

/// Tables that are written only while threads are kept, or not at all.
const OF_THREADS: [&str; 2] = ["bat_bids", "bat_comments"];
const UNWRITTEN: [&str; 1] = ["vehicle_images"];

impl Store {
    /// Fails before the first request if this role may not write what the pages bring: otherwise the tasks would die one by
    /// one. `threads`: whether bids and comments are stored.
    pub fn require_privileges(&self, threads: bool) -> Result<()> {
        let written: Vec<String> = tables::names()
            .filter(|name| !UNWRITTEN.contains(name) && (threads || !OF_THREADS.contains(name)))
            .map(str::to_owned)
            .collect();
        let lacking: Vec<String> = self.read(
            "SELECT pg_catalog.to_jsonb(t.name)
             FROM pg_catalog.unnest($1) WITH ORDINALITY AS t (name, place)
             CROSS JOIN pg_catalog.to_regclass(pg_catalog.concat('@.', t.name)) AS c (oid)
             WHERE NOT (
                 pg_catalog.has_table_privilege(c.oid, 'SELECT')
                 AND pg_catalog.has_table_privilege(c.oid, 'INSERT')
                 AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
             )
             ORDER BY t.place",
            &[written.into()],
        )?;
        if lacking.is_empty() {
            return Ok(());
        }
        let role: Vec<String> =
            self.read("SELECT pg_catalog.to_jsonb(pg_catalog.quote_literal(CURRENT_USER))", &[])?;
        let role = role.concat();
        Err(Error::Postgres {
            sqlstate: PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
            message: format!("role {role} may not read and write {}", lacking.join(", ")),
            detail: Some("Nothing was requested, and the queue is as it was.".to_owned()),
            hint: Some(format!(
                "As the extension's owner: SELECT {}.bat_grant({role}, 'operator');",
                self.schema()
            )),
            about: None,
        })
    }

    /// Gives readers and operators what they need of the tables that this role has made. A role that may not call that has
    /// no such tables, or was not made an operator by `bat_grant`.
    pub fn pass_on_grants(&self) -> Result<()> {
        let may: Vec<bool> = self.read(
            "SELECT pg_catalog.to_jsonb(pg_catalog.has_function_privilege(
                 pg_catalog.to_regprocedure('@.bat_pass_on_grants()'),
                 'EXECUTE'
             ))",
            &[],
        )?;
        if may == [true] {
            self.execute("SELECT @.bat_pass_on_grants()", &[])?;
        }
        Ok(())
    }
}

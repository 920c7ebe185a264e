//! Whose the tables are: asked before what only their owner may do.

use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use super::sql::{Store, jsonb};
use super::tables::names;
use crate::error::{Error, Result};

/// A table of the extension's schema that this role does not own.
#[derive(Deserialize)]
struct Foreign {
    table: String,
    /// Quoted as an identifier.
    owner: String,
}

/// What keeps this role from making and changing tables.
#[derive(Deserialize)]
struct Lacking {
    /// This role, quoted as an identifier.
    role: String,
    may_create: bool,
    /// A role that may do all of it, quoted as an identifier.
    able: Option<String>,
}

impl Store {
    /// Fails where this role does not own all of these tables. `hint` tells what to do about it, from an owner.
    pub(super) fn require_ownership(
        &self,
        tables: &[&str],
        hint: impl FnOnce(&str) -> Result<String>,
    ) -> Result<()> {
        let tables: Vec<String> = tables.iter().map(|name| (*name).to_owned()).collect();
        let foreign: Vec<Foreign> = self.rows(
            "SELECT pg_catalog.jsonb_build_object('table', c.relname, 'owner', pg_catalog.quote_ident(r.rolname))
             FROM pg_catalog.pg_class AS c
             JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
             JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) c.relowner
             WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
                 AND c.relname::text OPERATOR(pg_catalog.=) ANY ($2)
                 AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
             ORDER BY c.relname",
            &[self.schema().into(), tables.into()],
        )?;
        let Some(first) = foreign.first() else { return Ok(()) };
        let names: Vec<&str> = foreign.iter().map(|foreign| foreign.table.as_str()).collect();
        Err(Error::Postgres {
            sqlstate: PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
            message: format!("must be owner of {}", names.join(", ")),
            detail: None,
            hint: Some(hint(&first.owner)?),
            about: None,
        })
    }

    /// Fails where this role may not give the tables `changed` what they lack, or may not make `made`, tables or their indexes, and
    /// names who may. PostgreSQL's own error would not.
    pub(super) fn require_rights_to_set_up(&self, changed: &[&str], made: &[&str]) -> Result<()> {
        self.require_ownership(changed, |_| Ok(self.hint_to_set_up(self.lacking(changed, made)?.able)))?;
        if made.is_empty() {
            return Ok(());
        }
        let lacking = self.lacking(changed, made)?;
        if lacking.may_create {
            return Ok(());
        }
        Err(Error::Postgres {
            sqlstate: PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
            message: format!("role {} may make nothing in schema {}", lacking.role, self.schema()),
            detail: Some(format!("Tables, or their indexes, are missing: {}.", made.join(", "))),
            hint: Some(self.hint_to_set_up(lacking.able)),
            about: None,
        })
    }

    fn hint_to_set_up(&self, able: Option<String>) -> String {
        let able = able.unwrap_or_else(|| "a superuser".to_owned());
        format!("As {able}: SELECT {}.bat_setup();", self.schema())
    }

    /// Able is rather an owner of tables that are there than the schema's, and he rather than the extension's: what is made
    /// belongs to whoever makes it.
    fn lacking(&self, changed: &[&str], made: &[&str]) -> Result<Lacking> {
        let known: Vec<&str> = names().collect();
        let lacking = self.row(
            "WITH schema AS (
                 SELECT n.oid, n.nspowner
                 FROM pg_catalog.pg_namespace AS n
                 WHERE pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.=) $1
             ),
             present AS (
                 SELECT c.relname::text AS name, c.relowner AS owner
                 FROM pg_catalog.pg_class AS c
                 JOIN schema AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
                 WHERE $2 OPERATOR(pg_catalog.?) c.relname::text
             ),
             candidate (role, rank) AS (
                 SELECT p.owner, 1 FROM present AS p
                 UNION ALL
                 SELECT s.nspowner, 2 FROM schema AS s
                 UNION ALL
                 SELECT e.extowner, 3
                 FROM pg_catalog.pg_extension AS e
                 WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
             )
             SELECT pg_catalog.jsonb_build_object(
                 'role', pg_catalog.quote_ident(CURRENT_USER),
                 'may_create', pg_catalog.has_schema_privilege(s.oid, 'CREATE'),
                 'able', (
                     SELECT pg_catalog.quote_ident(r.rolname)
                     FROM candidate AS o
                     JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) o.role
                     -- Nobody is pg_database_owner itself.
                     WHERE NOT pg_catalog.starts_with(r.rolname::text, 'pg_')
                         AND pg_catalog.has_function_privilege(
                             r.oid,
                             pg_catalog.to_regprocedure(pg_catalog.concat($1, '.bat_setup()')),
                             'EXECUTE'
                         )
                         AND ($4 OPERATOR(pg_catalog.=) '[]' OR pg_catalog.has_schema_privilege(r.oid, s.oid, 'CREATE'))
                         AND NOT EXISTS (
                             SELECT
                             FROM present AS p
                             WHERE $3 OPERATOR(pg_catalog.?) p.name
                                 AND NOT pg_catalog.pg_has_role(r.oid, p.owner, 'USAGE')
                         )
                     ORDER BY o.rank, r.rolname
                     LIMIT 1
                 )
             )
             FROM schema AS s",
            &[self.schema().into(), jsonb(known.into()), jsonb(changed.into()), jsonb(made.into())],
        )?;
        lacking.ok_or_else(|| Error::Internal(format!("the schema {} is missing", self.schema())))
    }
}

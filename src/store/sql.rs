//! Running SQL: prepared once per session, rows read as JSON into structs, every name qualified.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::rc::Rc;

use pgrx::datum::{DatumWithOid, JsonString};
use pgrx::pg_sys::{self, Oid, PgOid};
use pgrx::spi::{OwnedPreparedStatement, PreparedStatement};
use pgrx::{JsonB, Spi, spi};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rows;
use crate::error::{Error, Result};

/// Prepared statements of a session before all are thrown away.
const CACHED_STATEMENTS: usize = 200;

/// What a session has prepared.
#[derive(Default)]
struct Statements {
    /// The schema that their `@.` stands for.
    schema: String,
    by_text: HashMap<String, Rc<OwnedPreparedStatement>>,
}

thread_local! {
    static STATEMENTS: RefCell<Statements> = RefCell::default();
}

thread_local! {
    /// The queue's table, a member of the extension: where it is, the extension is.
    static QUEUE: Cell<Option<Oid>> = const { Cell::new(None) };
}

/// The schema in which the queue's table is, quoted as an identifier: from the server's caches, without a statement.
fn schema_of_queue() -> Option<String> {
    let queue = QUEUE.get()?;
    // SAFETY: lookups in the system caches; names that they return are copies in the current memory context.
    let name = unsafe {
        let schema = pg_sys::get_rel_namespace(queue);
        if schema == Oid::INVALID {
            // Dropped: the extension may have been made anew.
            QUEUE.set(None);
            return None;
        }
        let name = pg_sys::get_namespace_name(schema);
        if name.is_null() {
            return None;
        }
        CStr::from_ptr(name).to_string_lossy().into_owned()
    };
    Some(spi::quote_identifier(name))
}

/// Access to the tables in the extension's schema.
#[derive(Clone, Debug)]
pub struct Store {
    /// The schema, quoted as an identifier.
    schema: String,
}

impl Store {
    /// Finds the schema in which the extension is installed.
    pub fn open() -> Result<Store> {
        if let Some(schema) = schema_of_queue() {
            return Ok(Store { schema });
        }
        let store = Store::find()?;
        let queue: Vec<u32> = store.read(
            "SELECT pg_catalog.to_jsonb('@.bat_tasks'::pg_catalog.regclass::pg_catalog.oid::pg_catalog.int8)",
            &[],
        )?;
        QUEUE.set(queue.first().copied().map(Oid::from));
        Ok(store)
    }

    /// The type of one of the extension's composite types.
    pub fn composite_type(&self, name: &str) -> Result<Oid> {
        let missing = || Error::Internal(format!("the type {name} is missing"));
        let name = CString::new(name).map_err(|_| missing())?;
        // SAFETY: lookups in the system caches, which answer an unknown oid with an invalid one.
        let oid = unsafe {
            let schema = pg_sys::get_rel_namespace(QUEUE.get().unwrap_or(Oid::INVALID));
            pg_sys::get_rel_type_id(pg_sys::get_relname_relid(name.as_ptr(), schema))
        };
        if oid == Oid::INVALID { Err(missing()) } else { Ok(oid) }
    }

    fn find() -> Result<Store> {
        let finder = Store { schema: String::new() };
        let schema: Vec<String> = finder.read(
            "SELECT pg_catalog.to_jsonb(n.nspname)
             FROM pg_catalog.pg_extension AS e
             JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
             WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'",
            &[],
        )?;
        let schema = schema.into_iter().next();
        let schema = schema.ok_or_else(|| Error::Internal("the extension is not installed".to_owned()))?;
        Ok(Store { schema: spi::quote_identifier(schema) })
    }

    /// The schema, quoted as an identifier.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Replaces `@.` in front of the project's own names by the schema, and spells out its rows ([`rows`]).
    pub fn qualify(&self, sql: &str) -> String {
        rows::expand(sql).replace("@.", &format!("{}.", self.schema))
    }

    /// Runs a statement and returns its rows. The statement's rows must be one jsonb each.
    pub fn rows<T: DeserializeOwned>(&self, sql: &str, arguments: &[DatumWithOid]) -> Result<Vec<T>> {
        self.run(sql, arguments, |table| {
            let mut rows = Vec::new();
            for row in table {
                if let Some(JsonB(value)) = row.get::<JsonB>(1)? {
                    rows.push(serde_json::from_value(value)?);
                }
            }
            Ok(rows)
        })
    }

    /// The rows of a statement that only reads, in the snapshot of the caller and without a transaction id: also on a
    /// standby.
    pub fn read<T: DeserializeOwned>(&self, sql: &str, arguments: &[DatumWithOid]) -> Result<Vec<T>> {
        let rows = self.read_with_bytes(sql, arguments)?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    /// Whether a table is there: not all are made, or adopted, from the beginning.
    pub(super) fn is_there(&self, table: &str) -> Result<bool> {
        let sql = format!("SELECT pg_catalog.to_jsonb(pg_catalog.to_regclass('@.{table}') IS NOT NULL)");
        Ok(self.read::<bool>(&sql, &[])? == [true])
    }

    /// The rows of a statement that only reads: of one jsonb and, if there is a second column, one bytea.
    pub fn read_with_bytes<T: DeserializeOwned>(
        &self,
        sql: &str,
        arguments: &[DatumWithOid],
    ) -> Result<Vec<(T, Option<Vec<u8>>)>> {
        Spi::connect(|client| {
            let prepare = |sql: &str| client.prepare(sql, &types_of(arguments));
            let statement = self.prepared(sql, prepare)?;
            client.select(&*statement, None, arguments).map_err(Error::from).and_then(with_bytes)
        })
    }

    /// The first row of a statement, if it returns any.
    pub fn row<T: DeserializeOwned>(&self, sql: &str, arguments: &[DatumWithOid]) -> Result<Option<T>> {
        Ok(self.rows(sql, arguments)?.into_iter().next())
    }

    /// Runs a statement for its effect; returns the number of rows.
    pub fn execute(&self, sql: &str, arguments: &[DatumWithOid]) -> Result<usize> {
        self.run(sql, arguments, |table| Ok(table.len()))
    }

    fn run<T>(
        &self,
        sql: &str,
        arguments: &[DatumWithOid],
        read: impl FnOnce(spi::SpiTupleTable) -> Result<T>,
    ) -> Result<T> {
        Spi::connect_mut(|client| {
            let prepare = |sql: &str| client.prepare_mut(sql, &types_of(arguments));
            let statement = self.prepared(sql, prepare)?;
            client.update(&*statement, None, arguments).map_err(Error::from).and_then(read)
        })
    }

    /// A statement as the session has prepared it. Whoever runs it holds it: a trigger of the statement may call this
    /// extension, which may throw it away meanwhile.
    fn prepared<'a>(
        &self,
        sql: &str,
        prepare: impl FnOnce(&str) -> spi::SpiResult<PreparedStatement<'a>>,
    ) -> Result<Rc<OwnedPreparedStatement>> {
        let known = STATEMENTS.with_borrow(|statements| {
            let is_of_schema = statements.schema == self.schema;
            is_of_schema.then(|| statements.by_text.get(sql).cloned()).flatten()
        });
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = Rc::new(prepare(&self.qualify(sql))?.keep());
        STATEMENTS.with_borrow_mut(|statements| {
            if statements.schema != self.schema || statements.by_text.len() >= CACHED_STATEMENTS {
                *statements = Statements { schema: self.schema.clone(), ..Statements::default() };
            }
            statements.by_text.insert(sql.to_owned(), statement.clone());
        });
        Ok(statement)
    }
}

fn types_of(arguments: &[DatumWithOid]) -> Vec<PgOid> {
    arguments.iter().map(|argument| PgOid::from(argument.oid())).collect()
}

fn with_bytes<T: DeserializeOwned>(table: spi::SpiTupleTable) -> Result<Vec<(T, Option<Vec<u8>>)>> {
    let columns = table.columns()?;
    let mut rows = Vec::new();
    for row in table {
        let Some(JsonB(value)) = row.get::<JsonB>(1)? else { continue };
        let bytes = if columns > 1 { row.get::<Vec<u8>>(2)? } else { None };
        rows.push((serde_json::from_value(value)?, bytes));
    }
    Ok(rows)
}

/// A json argument, from its text.
pub fn json_text(text: String) -> DatumWithOid<'static> {
    DatumWithOid::from(JsonString(text))
}

/// A jsonb argument.
pub fn jsonb(value: Value) -> DatumWithOid<'static> {
    DatumWithOid::from(JsonB(value))
}

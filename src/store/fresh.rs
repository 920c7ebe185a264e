//! A listing of which nothing is stored yet: its rows are made in one statement, or in that which ends its task.

use std::fmt::Write;

use pgrx::datum::DatumWithOid;
use serde_json::json;
use uuid::Uuid;

use super::batch::Batch;
use super::defaults;
use super::distributed;
use super::listings::TIMES;
use super::merge::{NewRow, Source};
use super::sql::{Store, json_text};
use super::stored::NewRows;
use super::tables::{Column, LISTINGS, ORGANIZATION_VEHICLES, Table, VEHICLES};
use super::upsert::record;
use crate::error::{Error, Result};

/// Inserts of a listing that is new: parts of a WITH clause.
pub(super) struct Inserts {
    /// The parts, separated by commas.
    pub(super) parts: String,
    /// Their arguments.
    pub(super) arguments: Vec<DatumWithOid<'static>>,
    /// How many rows they have inserted, an expression of the statement.
    pub(super) stored: &'static str,
    /// How many they are to insert.
    pub(super) wanted: i64,
}

impl Store {
    /// Stores a listing, its vehicle, and its partner's link. False if nothing was stored: another session was faster, or the
    /// tables are distributed, where a statement writes to one of them. With `batch` the rows are stored when that is run, which
    /// fails if another session was faster.
    pub fn insert_listing(
        &self,
        url: &str,
        rows: NewRows,
        seen_at: &str,
        source: &Source,
        batch: Option<&mut Batch>,
    ) -> Result<bool> {
        if distributed::are_tables() {
            return Ok(false);
        }
        if let Some(batch) = batch {
            batch.insert(url, inserts(url, rows, seen_at, source, batch.next_argument())?);
            return Ok(true);
        }
        let Inserts { parts, arguments, stored, wanted } = inserts(url, rows, seen_at, source, 1)?;
        match self.row::<i64>(&format!("WITH {parts} SELECT pg_catalog.to_jsonb({stored})"), &arguments)? {
            Some(0) => Ok(false),
            Some(inserted) if inserted == wanted => Ok(true),
            inserted => Err(self.why_in_part(url, inserted.unwrap_or_default())?),
        }
    }

    /// Why only so many of a listing's rows could be inserted: listing, vehicle, link.
    fn why_in_part(&self, url: &str, inserted: i64) -> Result<Error> {
        let table = if inserted == 1 { &VEHICLES } else { &ORGANIZATION_VEHICLES };
        // Or its vehicle was stored meanwhile, without it.
        let is_meanwhile = inserted == 1 && self.is_anothers_url(url, None)?;
        Ok(match self.why_not_stored(table)? {
            error @ Error::LeftOut { .. } if !is_meanwhile => error,
            _ => Error::Superseded(format!("what is stored of {url}")),
        })
    }
}

/// The inserts of a listing, its vehicle and its partner's link, under new ids that grow with time: the rows of one day stand
/// together in the indexes, however many there are (UUID version 7, RFC 9562). Where the listing is there already, nothing is
/// inserted. `first`: number of the first argument.
fn inserts(url: &str, rows: NewRows, seen_at: &str, source: &Source, first: usize) -> Result<Inserts> {
    let NewRows { mut listing, vehicle, mut link } = rows;
    let vehicle_id = Uuid::now_v7().to_string();
    listing.insert("url".to_owned(), json!(url));
    listing.insert("vehicle_id".to_owned(), json!(vehicle_id));
    for name in TIMES.iter().chain(&["first_seen_at"]) {
        listing.insert((*name).to_owned(), json!(seen_at));
    }
    if let Some(link) = &mut link {
        link.insert("vehicle_id".to_owned(), json!(vehicle_id));
    }
    let listing = NewRow::of(&LISTINGS, &listing, source)?;
    let vehicle = NewRow::of(&VEHICLES, &vehicle, source)?;
    let link = link.as_ref().map(|link| NewRow::of(&ORGANIZATION_VEHICLES, link, source)).transpose()?;
    let parts = parts(&listing, &vehicle, link.as_ref(), first);
    let (stored, wanted) = match link {
        Some(_) => (
            "(SELECT pg_catalog.count(*) FROM \
             (SELECT FROM listing UNION ALL SELECT FROM vehicle UNION ALL SELECT FROM link) AS stored)",
            3,
        ),
        None => (
            "(SELECT pg_catalog.count(*) FROM (SELECT FROM listing UNION ALL SELECT FROM vehicle) AS stored)",
            2,
        ),
    };
    let mut arguments = vec![vehicle_id.into(), Uuid::now_v7().to_string().into()];
    for row in [Some(listing), Some(vehicle), link].into_iter().flatten() {
        arguments.extend([json_text(row.fields), json_text(row.metadata)]);
        arguments.extend(row.lists.into_iter().map(|(_, list)| list.into()));
    }
    Ok(Inserts { parts, arguments, stored, wanted })
}

/// The inserts, whose arguments follow the ids of vehicle and link.
fn parts(listing: &NewRow, vehicle: &NewRow, link: Option<&NewRow>, ids: usize) -> String {
    let first = ids + 2;
    let second = first + arguments_of(listing);
    let third = second + arguments_of(vehicle);
    let id = |place: usize| format!("${}::pg_catalog.uuid", ids + place);
    let listing = insert(&LISTINGS, listing, "", first, "");
    let vehicle = insert(&VEHICLES, vehicle, &id(0), second, ", listing");
    let mut parts = format!("listing AS ({listing}), vehicle AS ({vehicle})");
    if let Some(link) = link {
        let link = insert(&ORGANIZATION_VEHICLES, link, &id(1), third, ", vehicle");
        // Writing to a String cannot fail.
        let _ = write!(parts, ", link AS ({link})");
    }
    parts
}

/// How many arguments a row takes: its values, its metadata, its lists.
fn arguments_of(row: &NewRow) -> usize {
    2 + row.lists.len()
}

/// Inserts a row under an id, or the default one, if the row before it was inserted. `first`: number of its first argument.
fn insert(table: &Table, row: &NewRow, id: &str, first: usize, before: &str) -> String {
    let (mut names, mut values) = (String::new(), String::new());
    let mut read = Vec::new();
    for column in named(table, row) {
        let name = column.name;
        let _ = write!(names, ", \"{name}\"");
        let _ = match row.lists.iter().position(|(list, _)| *list == name) {
            Some(list) => write!(values, ", ${}", first + 2 + list),
            None => {
                read.push(column);
                write!(values, ", r.\"{name}\"")
            }
        };
    }
    let (key, comma) = if id.is_empty() { ("", "") } else { ("id", ", ") };
    format!(
        "INSERT INTO @.{table} ({key}{comma}metadata{names})
         SELECT {id}{comma}${metadata}::pg_catalog.jsonb{values}
         FROM {record}{before}
         ON CONFLICT ({target}) DO NOTHING
         RETURNING 1",
        table = table.name,
        metadata = first + 1,
        record = record(&format!("pg_catalog.json_to_record(${first})"), read.into_iter()),
        // By name: what violates a constraint of the user's own is an error that names it.
        target = table.unique.first().unwrap_or(&table.primary_key).join(", "),
    )
}

/// The columns to name. Those without a value too, so that most rows need the same statement; but not if that would keep
/// the database from filling in a default.
fn named(table: &Table, row: &NewRow) -> Vec<&'static Column> {
    let has_value = |name: &str| row.columns.iter().any(|column| column.name == name);
    let may_be_named = |name: &str| defaults::may_be_named(table, name) || has_value(name);
    table.data_columns().filter(|column| may_be_named(column.name)).collect()
}

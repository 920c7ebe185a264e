//! A listing of which nothing is stored yet: its rows are made in one statement.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::{Value, json};

use super::listings::TIMES;
use super::merge::{Change, Fields, Policy, Source, merge};
use super::sql::{Store, jsonb};
use super::stored::NewRows;
use super::tables::{Column, LISTINGS, ORGANIZATION_VEHICLES, Table, VEHICLES};
use crate::error::{Error, Result};

thread_local! {
    /// Columns that have a default in the tables as they were last looked at, as `table.column`.
    static DEFAULTS: RefCell<HashSet<String>> = RefCell::default();
}

/// Remembers which columns have a default.
pub(super) fn remember_defaults(columns: impl Iterator<Item = String>) {
    DEFAULTS.set(columns.collect());
}

impl Store {
    /// Stores a listing, its vehicle under a new id, and its partner's link. False if another session was faster, and
    /// nothing was stored.
    pub fn insert_listing(
        &self,
        url: &str,
        vehicle_id: &str,
        rows: &NewRows,
        seen_at: &str,
        source: &Source,
    ) -> Result<bool> {
        let mut listing = rows.listing.clone();
        listing.insert("url".to_owned(), json!(url));
        listing.insert("vehicle_id".to_owned(), json!(vehicle_id));
        for name in TIMES.iter().chain(&["first_seen_at"]) {
            listing.insert((*name).to_owned(), json!(seen_at));
        }
        let mut link = rows.link.clone();
        if let Some(link) = &mut link {
            link.insert("vehicle_id".to_owned(), json!(vehicle_id));
        }
        let new =
            |table, fields: &Fields| merge(table, None, fields, Policy::Keep, source).unwrap_or_default();
        let (listing, vehicle) = (new(&LISTINGS, &listing), new(&VEHICLES, &rows.vehicle));
        let link = link.map(|link| new(&ORGANIZATION_VEHICLES, &link));
        let wanted = 2 + i64::from(link.is_some());
        let sql = statement(&listing, &vehicle, link.as_ref());
        let mut arguments = vec![
            fields(listing.fields),
            jsonb(listing.metadata),
            fields(vehicle.fields),
            jsonb(vehicle.metadata),
            vehicle_id.into(),
        ];
        if let Some(link) = link {
            arguments.extend([fields(link.fields), jsonb(link.metadata)]);
        }
        match self.row::<i64>(&sql, &arguments)? {
            Some(0) => Ok(false),
            Some(inserted) if inserted == wanted => Ok(true),
            // Its vehicle was stored meanwhile, without it.
            _ => Err(Error::Superseded(url.to_owned())),
        }
    }
}

fn fields(fields: Fields) -> pgrx::datum::DatumWithOid<'static> {
    jsonb(Value::Object(fields))
}

/// One statement for all rows. Where the listing is there already, nothing is stored.
fn statement(listing: &Change, vehicle: &Change, link: Option<&Change>) -> String {
    let listing = insert(&LISTINGS, listing, "", "$1", "$2", "");
    let vehicle = insert(&VEHICLES, vehicle, "$5::pg_catalog.uuid", "$3", "$4", ", listing");
    let (link, links) = match link {
        Some(link) => {
            let insert = insert(&ORGANIZATION_VEHICLES, link, "", "$6", "$7", ", vehicle");
            (format!(", link AS ({insert})"), " UNION ALL SELECT FROM link")
        }
        None => (String::new(), ""),
    };
    format!(
        "WITH listing AS ({listing}), vehicle AS ({vehicle}){link}
         SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
         FROM (SELECT FROM listing UNION ALL SELECT FROM vehicle{links}) AS stored"
    )
}

/// Inserts a row under an id, or the default one, if all the others before it were inserted.
fn insert(table: &Table, change: &Change, id: &str, fields: &str, metadata: &str, before: &str) -> String {
    let columns = columns(table, &change.fields);
    let names: String = columns.iter().map(|column| format!(", \"{}\"", column.name)).collect();
    let values: String = columns.iter().map(|column| format!(", r.\"{}\"", column.name)).collect();
    let (key, comma) = if id.is_empty() { ("", "") } else { ("id", ", ") };
    format!(
        "INSERT INTO @.{table} ({key}{comma}metadata{names})
         SELECT {id}{comma}{metadata}{values}
         FROM pg_catalog.jsonb_populate_record(NULL::@.{table}, {fields}) AS r{before}
         ON CONFLICT ({target}) DO NOTHING
         RETURNING 1",
        table = table.name,
        // By name: what violates a constraint of the user's own is an error that names it.
        target = table.unique.first().unwrap_or(&table.primary_key).join(", "),
    )
}

/// The columns to name. Those without a value too, so that most rows need the same statement; but not if that would keep
/// the database from filling in a default.
fn columns(table: &Table, fields: &Fields) -> Vec<&'static Column> {
    DEFAULTS.with_borrow(|defaults| {
        let has_value = |column: &Column| fields.get(column.name).is_some_and(|value| !value.is_null());
        let may_be_null = |column: &Column| {
            !defaults.is_empty() && !defaults.contains(&format!("{}.{}", table.name, column.name))
        };
        table.data_columns().filter(|column| has_value(column) || may_be_null(column)).collect()
    })
}

//! Tables that have the right columns, or could get them, and that an import could still not use: what each is, and what would help.

use std::collections::BTreeSet;

use super::super::tables::Table;
use super::found::{Found, FoundUnique};

/// Columns that several rows of a table may have in common, all of them at once: no unique index may forbid that.
const SHARED: &[(&str, &[&str], &str)] = &[
    (
        "businesses",
        &["bat_username", "website"],
        "several organizations may have one account, and one web site",
    ),
    (
        "organization_vehicles",
        &["organization_id", "vehicle_id"],
        "an organization may have to do with a vehicle in several ways",
    ),
    (
        "bat_listings",
        &["vehicle_id", "organization_id", "seller_username"],
        "a vehicle may be offered several times, by one seller too",
    ),
    ("dealer_inventory", &["vehicle_id"], "a vehicle may be offered by several dealers"),
    ("dealer_inventory", &["dealer_id"], "a dealer has many items"),
    ("vehicle_images", &["vehicle_id"], "a vehicle has many pictures"),
];

/// What is in a table's place, if that is no table.
pub(super) fn stranger(table: &Table, found: &Found) -> Option<String> {
    let (what, word) = match found.kind.as_str() {
        "r" | "p" => return None,
        "v" => ("a view", "VIEW"),
        "m" => ("a materialized view", "MATERIALIZED VIEW"),
        "f" => ("a foreign table", "FOREIGN TABLE"),
        "S" => ("a sequence", "SEQUENCE"),
        "i" | "I" => ("an index", "INDEX"),
        _ => ("a type", "TYPE"),
    };
    let name = table.name;
    Some(format!("{name} is no table but {what}: ALTER {word} {name} RENAME TO another_name"))
}

/// What about a table as a whole keeps an import from writing to it. `lacks_columns`: whether it is to get some.
pub(super) fn obstacles(table: &Table, found: &Found, lacks_columns: bool) -> Vec<String> {
    let name = table.name;
    let mut obstacles = Vec::new();
    if let Some(parent) = &found.parent {
        obstacles.push(format!(
            "{name} is a partition of {parent}, and takes only rows of its bounds: ALTER TABLE {parent} DETACH PARTITION {name}"
        ));
    }
    if found.is_typed && lacks_columns {
        obstacles.push(format!(
            "{name} is a typed table, to which no column can be added: ALTER TABLE {name} NOT OF"
        ));
    }
    obstacles.extend(found.rules.iter().map(|rule| {
        format!(
            "{name} has the rule {rule}, and INSERT … ON CONFLICT allows none: make a trigger of it, and DROP RULE {rule} ON {name}"
        )
    }));
    obstacles.extend(found.unique.iter().filter_map(|unique| forbidding(table, unique)));
    obstacles
}

/// Why a unique index that is to be made cannot be.
pub(super) fn no_unique(table: &Table, found: &Found, unique: &[&str]) -> Option<String> {
    let key = found.partitioned_by.as_ref()?;
    let is_within = key.iter().all(|column| column.as_deref().is_some_and(|column| unique.contains(&column)));
    (!is_within).then(|| {
        let by: Vec<&str> = key.iter().map(|column| column.as_deref().unwrap_or("an expression")).collect();
        format!(
            "{name} is partitioned by ({by}), and needs a unique index on ({columns}), which would have to contain that: put a table in its place that is not",
            name = table.name,
            by = by.join(", "),
            columns = unique.join(", "),
        )
    })
}

/// What a unique index forbids that an import may have to store.
fn forbidding(table: &Table, unique: &FoundUnique) -> Option<String> {
    let within = |columns: &[&str]| {
        let columns: BTreeSet<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        unique.columns.is_subset(&columns)
    };
    let (_, _, why) = SHARED.iter().find(|(of, columns, _)| *of == table.name && within(columns))?;
    let FoundUnique { name, columns, is_constraint, .. } = unique;
    let table = table.name;
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let drop = match is_constraint {
        true => format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
        false => format!("DROP INDEX {name}"),
    };
    Some(format!("{table} has a unique index on ({}), but {why}: {drop}", columns.join(", ")))
}

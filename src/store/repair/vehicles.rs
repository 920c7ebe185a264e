//! Vehicles that were stored twice, because their auction's URL was written in two ways.

use serde::Deserialize;

use super::super::sql::Store;
use super::super::tables::VEHICLES;
use super::references::Pair;
use super::{Finding, MERGED};
use crate::error::Result;

/// The canonical URL of the auction of the row `v`, if it has one.
pub(super) const AUCTION: &str = "COALESCE(
        @.bat_listing_url(v.bat_auction_url),
        @.bat_listing_url(v.discovery_url),
        @.bat_listing_url(v.listing_url)
    )";

/// A vehicle whose auction an older row has already.
#[derive(Clone, Debug, Deserialize)]
pub struct SameListing {
    /// The younger row.
    pub loser: String,
    /// The older one.
    pub kept: String,
    /// The auction's canonical URL.
    pub url: String,
    /// The columns in which rows of this auction have different numbers: two vehicles, or a mistake.
    pub differing: Vec<String>,
}

impl Store {
    /// The vehicles whose auction an older row has already.
    pub fn vehicles_of_same_listing(&self) -> Result<Vec<SameListing>> {
        self.rows(
            &format!(
                "WITH keyed AS (
                     SELECT v.id, v.created_at, NULLIF(pg_catalog.upper(pg_catalog.btrim(v.vin)), '') AS vin,
                         NULLIF(pg_catalog.upper(pg_catalog.btrim(v.chassis_number)), '') AS chassis_number,
                         {AUCTION} AS url
                     FROM @.vehicles AS v
                 ),
                 grouped AS (
                     SELECT
                         k.id,
                         k.url,
                         pg_catalog.first_value(k.id) OVER (
                             PARTITION BY k.url ORDER BY k.created_at NULLS LAST, k.id
                         ) AS kept,
                         pg_catalog.min(k.vin) OVER (PARTITION BY k.url) AS first_vin,
                         pg_catalog.max(k.vin) OVER (PARTITION BY k.url) AS last_vin,
                         pg_catalog.min(k.chassis_number) OVER (PARTITION BY k.url) AS first_chassis_number,
                         pg_catalog.max(k.chassis_number) OVER (PARTITION BY k.url) AS last_chassis_number
                     FROM keyed AS k
                     WHERE k.url IS NOT NULL
                 )
                 SELECT pg_catalog.jsonb_build_object(
                     'loser', g.id,
                     'kept', g.kept,
                     'url', g.url,
                     'differing', pg_catalog.array_remove(ARRAY[
                         CASE WHEN g.first_vin OPERATOR(pg_catalog.<>) g.last_vin THEN 'vin' END,
                         CASE WHEN g.first_chassis_number OPERATOR(pg_catalog.<>) g.last_chassis_number
                             THEN 'chassis_number' END
                     ], NULL)
                 )
                 FROM grouped AS g
                 WHERE g.id OPERATOR(pg_catalog.<>) g.kept
                 ORDER BY g.url COLLATE \"C\", g.id"
            ),
            &[],
        )
    }

    /// Merges vehicles into the older rows of their auctions.
    pub fn merge_vehicles(&self, same: &[SameListing]) -> Result<Vec<Finding>> {
        const WHAT: &str = "vehicle stored twice";
        let (doubtful, sure): (Vec<_>, Vec<_>) =
            same.iter().cloned().partition(|same| !same.differing.is_empty());
        let pairs: Vec<Pair> =
            sure.iter().map(|same| Pair { loser: same.loser.clone(), kept: same.kept.clone() }).collect();
        let blocked = self.merge_all(&VEHICLES, &pairs)?;
        let mut findings = Vec::new();
        for SameListing { loser, kept, url, .. } in sure {
            let row = Some(loser.clone());
            findings.push(match blocked.get(&loser) {
                None => {
                    Finding::mended(WHAT, "vehicles", row, format!("{url}: merged into {kept}; {MERGED}"))
                }
                Some(why) => Finding::left(
                    WHAT,
                    "vehicles",
                    row,
                    format!("{url} is that of {kept} too, but {why}"),
                    "Let those rows agree, or delete one of each two, then call bat_repair again.",
                ),
            });
        }
        findings.extend(doubtful.into_iter().map(|SameListing { loser, kept, url, differing }| {
            let names: Vec<&str> = differing.iter().map(|column| name_of(column)).collect();
            let set: Vec<String> = differing.iter().map(|column| format!("{column} = NULL")).collect();
            Finding::left(
                WHAT,
                "vehicles",
                Some(loser.clone()),
                format!("{url} is that of {kept} too, but their {} differ", names.join(" and ")),
                &self.qualify(&format!(
                    "If they are one vehicle: UPDATE @.vehicles SET {} WHERE id = '{loser}'; then call \
                     bat_repair again. If not, correct bat_auction_url, discovery_url and listing_url of one.",
                    set.join(", ")
                )),
            )
        }));
        Ok(findings)
    }
}

/// What the numbers of a column are called.
fn name_of(column: &str) -> &str {
    if column == "vin" { "VINs" } else { "chassis numbers" }
}

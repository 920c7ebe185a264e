//! Listings whose URL the site has changed.

use serde_json::Value;

use super::distributed;
use super::listings::TIMES;
use super::merge::{Fields, is_imported, is_untouched_but};
use super::sql::Store;
use super::tables::{BIDS, COMMENTS, LISTINGS, ORGANIZATION_VEHICLES, PAGES, VEHICLES};
use crate::error::Result;

/// URLs of a vehicle's auction.
pub(super) const URLS: [&str; 3] = ["bat_auction_url", "discovery_url", "listing_url"];

/// The number of the post that a row is of, if that is another than this one: the site has given its URL to a new post.
pub(super) fn other_post(row: &Fields, listing_id: Option<i64>) -> Option<i64> {
    let held = row.get("listing_id").and_then(Value::as_i64)?;
    (listing_id.is_some_and(|id| id != held) && is_imported(&LISTINGS, row, "listing_id")).then_some(held)
}

/// Where a post is kept whose URL another post has by now, until the site shows it at its new one.
pub fn aside(url: &str, listing_id: i64) -> String {
    format!("{url}#{listing_id}")
}

impl Store {
    /// Under which URLs posts of these numbers are stored.
    pub fn urls_of_posts(&self, listing_ids: &[i64]) -> Result<Vec<(i64, String)>> {
        self.rows(
            "SELECT pg_catalog.jsonb_build_array(l.listing_id, l.url)
             FROM @.bat_listings AS l
             WHERE l.listing_id OPERATOR(pg_catalog.=) ANY ($1)
             ORDER BY l.url",
            &[listing_ids.to_vec().into()],
        )
    }

    /// Moves what is stored of a listing to the URL that the site has given it since, if it is the same post. Of two rows that
    /// stand for it already, the one that was imported whole stays, unless a person wrote to the other. Where the tables are
    /// distributed by their URLs, a row cannot move: the new one stands beside it.
    pub fn rename_listing(&self, old: &str, new: &str, listing_id: i64) -> Result<()> {
        if distributed::are_tables() {
            return Ok(());
        }
        let is_of_post = |row: &Fields| row.get("listing_id").and_then(Value::as_i64) == Some(listing_id);
        let Some(before) = self.locked_listing(old)?.filter(is_of_post) else { return Ok(()) };
        if let Some(there) = self.locked_listing(new)? {
            let is_whole = there.get("vehicle_id").is_some_and(Value::is_string);
            let (spare, url) = if is_whole { (&before, old) } else { (&there, new) };
            // Times are remembered to more digits than a row holds.
            let [last_seen, last_changed] = TIMES;
            let times = ["first_seen_at", last_seen, last_changed];
            if !is_of_post(&there) || !is_untouched_but(&LISTINGS, spare, &times) {
                return Ok(());
            }
            for table in [LISTINGS.name, PAGES.name] {
                self.execute(
                    &format!("DELETE FROM @.{table} AS t WHERE t.url OPERATOR(pg_catalog.=) $1"),
                    &[url.into()],
                )?;
            }
            if is_whole {
                return Ok(());
            }
        }
        if let Some(vehicle) = before.get("vehicle_id").and_then(Value::as_str) {
            self.rename_source(old, new, vehicle)?;
        }
        self.execute(
            "UPDATE @.bat_listings AS l
             SET url = $2,
                 metadata = pg_catalog.jsonb_set(
                     l.metadata, '{bat_partners,url,value}', pg_catalog.to_jsonb($2), create_if_missing => false
                 ),
                 updated_at = pg_catalog.now()
             WHERE l.url OPERATOR(pg_catalog.=) $1",
            &[old.into(), new.into()],
        )?;
        // Read again, the page of the old URL would make the old row anew. The vehicle is to hear of the new one.
        let mut moved = vec![(PAGES.name, ", etag = NULL, last_modified = NULL")];
        for table in [BIDS.name, COMMENTS.name] {
            if self.is_there(table)? {
                moved.push((table, ""));
            }
        }
        for (table, forgotten) in moved {
            self.execute(
                &format!(
                    "UPDATE @.{table} AS t
                     SET url = $2{forgotten}
                     WHERE t.url OPERATOR(pg_catalog.=) $1
                         AND NOT EXISTS (SELECT FROM @.{table} AS n WHERE n.url OPERATOR(pg_catalog.=) $2)"
                ),
                &[old.into(), new.into()],
            )?;
        }
        Ok(())
    }

    /// Lets a vehicle and its links name the page that they follow from by its new URL: in their memory, and where it stands in the
    /// vehicle itself.
    fn rename_source(&self, old: &str, new: &str, vehicle: &str) -> Result<()> {
        for column in URLS {
            self.execute(
                &format!(
                    "UPDATE @.vehicles AS v
                     SET {column} = $2,
                         metadata = pg_catalog.jsonb_set(
                             v.metadata, '{{bat_partners,{column},value}}', pg_catalog.to_jsonb($2)
                         ),
                         updated_at = pg_catalog.now()
                     WHERE v.id OPERATOR(pg_catalog.=) $3::pg_catalog.uuid
                         AND v.{column} OPERATOR(pg_catalog.=) $1
                         AND v.metadata OPERATOR(pg_catalog.#>>) '{{bat_partners,{column},value}}'
                             OPERATOR(pg_catalog.=) $1
                         AND NOT EXISTS (
                             SELECT
                             FROM @.vehicles AS u
                             WHERE u.bat_auction_url OPERATOR(pg_catalog.=) $2 AND u.id OPERATOR(pg_catalog.<>) v.id
                         )"
                ),
                &[old.into(), new.into(), vehicle.into()],
            )?;
        }
        for (table, column) in [(VEHICLES.name, "id"), (ORGANIZATION_VEHICLES.name, "vehicle_id")] {
            self.execute(
                &format!(
                    "UPDATE @.{table} AS t
                     SET metadata = pg_catalog.jsonb_set(t.metadata, '{{bat_partners}}', (
                             SELECT pg_catalog.jsonb_object_agg(
                                 e.key,
                                 CASE (e.value OPERATOR(pg_catalog.->>) 'source_url') WHEN $1
                                     THEN pg_catalog.jsonb_set(e.value, '{{source_url}}', pg_catalog.to_jsonb($2))
                                     ELSE e.value
                                 END
                             )
                             FROM pg_catalog.jsonb_each(t.metadata OPERATOR(pg_catalog.->) 'bat_partners') AS e
                         )),
                         updated_at = pg_catalog.now()
                     WHERE t.{column} OPERATOR(pg_catalog.=) $3::pg_catalog.uuid
                         AND pg_catalog.jsonb_path_exists(
                             t.metadata,
                             '$.bat_partners.*.source_url ? (@ == $url)',
                             pg_catalog.jsonb_build_object('url', $1)
                         )"
                ),
                &[old.into(), new.into(), vehicle.into()],
            )?;
        }
        Ok(())
    }
}

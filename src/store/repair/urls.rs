//! URLs of auctions, written in the one form in which they are looked up.

use super::super::sql::Store;
use super::Finding;
use crate::error::Result;

impl Store {
    /// Writes the URLs of auctions in their canonical form. `not`: vehicles whose auction another row has too, which keep
    /// theirs. What is no auction's URL stays.
    pub fn canonicalize_urls(&self, not: &[String]) -> Result<Vec<Finding>> {
        self.rows(
            "WITH canonical AS (
                 SELECT
                     v.id,
                     v.bat_auction_url AS a,
                     v.discovery_url AS d,
                     v.listing_url AS l,
                     CASE
                         WHEN v.id::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1) THEN v.bat_auction_url
                         ELSE COALESCE(@.bat_listing_url(v.bat_auction_url), v.bat_auction_url)
                     END AS new_a,
                     COALESCE(@.bat_listing_url(v.discovery_url), v.discovery_url) AS new_d,
                     COALESCE(@.bat_listing_url(v.listing_url), v.listing_url) AS new_l
                 FROM @.vehicles AS v
             ),
             written AS (
                 UPDATE @.vehicles AS v
                 SET bat_auction_url = c.new_a, discovery_url = c.new_d, listing_url = c.new_l,
                     updated_at = pg_catalog.now()
                 FROM canonical AS c
                 WHERE v.id OPERATOR(pg_catalog.=) c.id
                     AND (
                         c.a OPERATOR(pg_catalog.<>) c.new_a
                         OR c.d OPERATOR(pg_catalog.<>) c.new_d
                         OR c.l OPERATOR(pg_catalog.<>) c.new_l
                     )
                 RETURNING c.*
             )
             SELECT pg_catalog.jsonb_build_object(
                 'what', 'URL not in its canonical form',
                 'table', 'vehicles',
                 'row', w.id,
                 'is_mended', true,
                 'detail', pg_catalog.concat_ws(
                     '; ',
                     CASE WHEN w.a OPERATOR(pg_catalog.<>) w.new_a
                         THEN pg_catalog.format('bat_auction_url: %s is now %s', w.a, w.new_a) END,
                     CASE WHEN w.d OPERATOR(pg_catalog.<>) w.new_d
                         THEN pg_catalog.format('discovery_url: %s is now %s', w.d, w.new_d) END,
                     CASE WHEN w.l OPERATOR(pg_catalog.<>) w.new_l
                         THEN pg_catalog.format('listing_url: %s is now %s', w.l, w.new_l) END
                 )
             )
             FROM written AS w
             ORDER BY w.new_a COLLATE \"C\", w.id",
            &[not.to_vec().into()],
        )
    }
}

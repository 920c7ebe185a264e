//! A dealer's site that has moved: what is left of the one before.

use super::super::site::site_of;
use super::super::sql::Store;
use crate::error::Result;

impl Store {
    /// The tasks for own pages of a dealer's items that wait or are dead: their URLs.
    pub fn item_tasks(&self, dealer: &str) -> Result<Vec<String>> {
        self.rows(
            "SELECT pg_catalog.to_jsonb(pg_catalog.substr(t.key, pg_catalog.length($1) OPERATOR(pg_catalog.+) 2))
             FROM @.bat_tasks AS t
             WHERE t.kind OPERATOR(pg_catalog.=) 'inventory_item'
                 AND t.state OPERATOR(pg_catalog.<>) 'running'
                 AND pg_catalog.starts_with(t.key, $1 OPERATOR(pg_catalog.||) ' ')",
            &[dealer.into()],
        )
    }

    /// Drops such tasks.
    pub fn forget_item_tasks(&self, dealer: &str, urls: &[String]) -> Result<()> {
        self.execute(
            "DELETE FROM @.bat_tasks AS t
             USING pg_catalog.unnest($2::text[]) AS u (url)
             WHERE t.kind OPERATOR(pg_catalog.=) 'inventory_item'
                 AND t.state OPERATOR(pg_catalog.<>) 'running'
                 AND t.key OPERATOR(pg_catalog.=) pg_catalog.concat($1, ' ', u.url)",
            &[dealer.into(), urls.to_vec().into()],
        )?;
        Ok(())
    }

    /// Whether a dealer's site has moved, and was not read to its end yet where it is now.
    pub fn has_moved(&self, dealer: &str, website: &str) -> Result<bool> {
        let has_moved: Option<bool> = self.row(
            &format!(
                "SELECT pg_catalog.to_jsonb(
                     pg_catalog.bool_or({own} OPERATOR(pg_catalog.<>) {asked})
                     AND NOT pg_catalog.bool_or(
                         {own} OPERATOR(pg_catalog.=) {asked} AND c.state OPERATOR(pg_catalog.=) 'complete'
                     )
                 )
                 FROM @.bat_crawls AS c
                 WHERE c.dealer_id OPERATOR(pg_catalog.=) $1::uuid",
                own = site_of("c.website"),
                asked = site_of("$2"),
            ),
            &[dealer.into(), website.into()],
        )?;
        Ok(has_moved.unwrap_or_default())
    }
}

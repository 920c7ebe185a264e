//! What the page of `bat_report` shows. It reads the views, and what is stored where it is: tables may be missing.

use bat_report::{Currency, Month, Partner, Report, Status, Vehicle};

use super::rows::{is_price, price};
use super::sql::Store;
use crate::error::{Error, Result};

/// Months in the charts.
const MONTHS: i32 = 24;

/// Vehicles with pictures.
const VEHICLES: i32 = 12;

/// Auctions that are looked at for them: some are of one vehicle.
const AUCTIONS: i32 = 120;

/// Which listings count: those of one partner, the first argument, or those of all partners.
fn of(partner: Option<&str>) -> &'static str {
    match partner {
        Some(_) => "l.organization_id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid",
        None => "l.organization_id IS NOT NULL",
    }
}

/// A time as the page prints it: UTC, to the minute.
fn minute(time: &str) -> String {
    format!("pg_catalog.to_char(pg_catalog.timezone('UTC', {time}), 'YYYY-MM-DD HH24:MI')")
}

/// A day in the site's own time zone.
fn day(time: &str) -> String {
    format!("pg_catalog.to_char(pg_catalog.timezone('America/Los_Angeles', {time}), 'YYYY-MM-DD')")
}

impl Store {
    /// All that the page of a partner shows, or that of all partners. One snapshot, nothing written.
    pub fn report(&self, partner: Option<&str>) -> Result<Report> {
        let partners = self.overview(partner)?;
        let mut has_listings = true;
        for table in ["bat_listings", "vehicles", "businesses"] {
            has_listings &= self.is_there(table)?;
        }
        let currencies = if has_listings { self.sold_by_currency(partner)? } else { Vec::new() };
        let main = currencies.first().and_then(|currency| currency.currency.as_deref());
        let made_at: Vec<String> = self.read(
            &format!("SELECT pg_catalog.to_jsonb({})", minute("pg_catalog.statement_timestamp()")),
            &[],
        )?;
        Ok(Report {
            made_at: made_at.into_iter().next().unwrap_or_default(),
            partner: match partner {
                Some(id) => Some(self.one_of(&partners, id)?),
                None => None,
            },
            status: self.status()?,
            runs: self
                .read("SELECT pg_catalog.to_jsonb(p.*) FROM @.bat_progress AS p ORDER BY p.run_id", &[])?,
            problems: self.read(
                "SELECT pg_catalog.to_jsonb(p.*) FROM @.bat_problems AS p ORDER BY p.count DESC, p.problem",
                &[],
            )?,
            months: if has_listings { self.months(partner, main)? } else { Vec::new() },
            vehicles: if has_listings { self.newest_vehicles(partner)? } else { Vec::new() },
            partners,
            currencies,
        })
    }

    /// The partner whose page it is to be.
    fn one_of(&self, partners: &[Partner], id: &str) -> Result<Partner> {
        match partners.first() {
            Some(partner) => Ok(partner.clone()),
            None if self.is_organization(id)? => Err(Error::NothingToReport(id.to_owned())),
            None => Err(Error::NoSuchOrganization(id.to_owned())),
        }
    }

    /// Whether there is an organization with this id, also in a table that was not adopted yet.
    fn is_organization(&self, id: &str) -> Result<bool> {
        if !self.is_there("businesses")? {
            return Ok(false);
        }
        let sql = "SELECT 'true'::jsonb FROM @.businesses AS b
            WHERE pg_catalog.to_jsonb(b.*) OPERATOR(pg_catalog.->>) 'id' OPERATOR(pg_catalog.=) $1";
        Ok(!self.read::<bool>(sql, &[id.into()])?.is_empty())
    }

    fn status(&self) -> Result<Status> {
        let rows: Vec<Status> = self.read(
            &format!(
                "SELECT pg_catalog.to_jsonb(s.*) OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
                     'done_at', {}, 'last_finished_at', {}
                 )
                 FROM @.bat_status AS s",
                minute("s.done_at"),
                minute("s.last_finished_at"),
            ),
            &[],
        )?;
        rows.into_iter().next().ok_or_else(|| Error::Internal("bat_status has no row".to_owned()))
    }

    fn overview(&self, partner: Option<&str>) -> Result<Vec<Partner>> {
        self.read(
            &format!(
                "SELECT pg_catalog.to_jsonb(o.*) OPERATOR(pg_catalog.||)
                     pg_catalog.jsonb_build_object('last_sale_on', {})
                 FROM @.bat_partner_overview AS o
                 WHERE $1 IS NULL OR o.id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                 ORDER BY o.sold DESC, o.listings DESC, o.business_name, o.id",
                day("o.last_sale_at"),
            ),
            &[partner.into()],
        )
    }

    fn sold_by_currency(&self, partner: Option<&str>) -> Result<Vec<Currency>> {
        self.read(
            &format!(
                "SELECT pg_catalog.jsonb_build_object('currency', l.currency, 'sold', pg_catalog.count(*))
                 FROM @.bat_listings AS l
                 WHERE {} AND l.status OPERATOR(pg_catalog.=) 'sold'
                 GROUP BY l.currency
                 ORDER BY pg_catalog.count(*) DESC, l.currency",
                of(partner),
            ),
            &[partner.into()],
        )
    }

    /// The last months in which an auction ended, those between in which none did among them.
    fn months(&self, partner: Option<&str>, currency: Option<&str>) -> Result<Vec<Month>> {
        self.read(
            &format!(
                "WITH counted AS (
                     SELECT
                         pg_catalog.date_trunc('month', pg_catalog.timezone('America/Los_Angeles', l.ends_at)) AS month,
                         pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.=) 'sold') AS sold,
                         pg_catalog.count(*) FILTER (WHERE l.status OPERATOR(pg_catalog.<>) 'sold') AS reserve_not_met,
                         pg_catalog.count(*) FILTER (WHERE p.price IS NOT NULL) AS sold_in_currency,
                         COALESCE(pg_catalog.sum(p.price), 0) AS volume,
                         pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price::pg_catalog.float8) AS median_price
                     FROM @.bat_listings AS l
                     CROSS JOIN LATERAL (
                         SELECT CASE
                             WHEN l.status OPERATOR(pg_catalog.=) 'sold' AND l.currency IS NOT DISTINCT FROM $2
                                 AND {is_sold}
                             THEN l.sale_price
                         END AS price
                     ) AS p
                     WHERE {}
                         AND l.status OPERATOR(pg_catalog.=) ANY (ARRAY['sold', 'reserve_not_met'])
                         -- Not of a time without end either, up to which no months can be listed.
                         AND pg_catalog.isfinite(l.ends_at)
                     GROUP BY 1
                 )
                 SELECT pg_catalog.jsonb_build_object(
                     'month', pg_catalog.to_char(m.month, 'YYYY-MM'),
                     'sold', COALESCE(c.sold, 0),
                     'reserve_not_met', COALESCE(c.reserve_not_met, 0),
                     'sold_in_currency', COALESCE(c.sold_in_currency, 0),
                     'volume', COALESCE(c.volume, 0),
                     'median_price', c.median_price
                 )
                 FROM (
                     SELECT
                         pg_catalog.max(b.month) AS last,
                         GREATEST(
                             pg_catalog.min(b.month),
                             pg_catalog.max(b.month) OPERATOR(pg_catalog.-)
                                 pg_catalog.make_interval(months => $3 OPERATOR(pg_catalog.-) 1)
                         ) AS first
                     FROM counted AS b
                 ) AS e
                 CROSS JOIN LATERAL pg_catalog.generate_series(e.first, e.last, '1 month'::pg_catalog.interval) AS m (month)
                 LEFT JOIN counted AS c ON c.month OPERATOR(pg_catalog.=) m.month
                 ORDER BY m.month",
                of(partner),
                is_sold = is_price("l.sale_price"),
            ),
            &[partner.into(), currency.into(), MONTHS.into()],
        )
    }

    /// Those whose newest auctions end last: what is under way comes first. The keys of these are found in an index that has all
    /// of that, so that the rows of no others are read.
    fn newest_vehicles(&self, partner: Option<&str>) -> Result<Vec<Vehicle>> {
        self.read(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'url', n.url,
                     'title', n.title,
                     'status', n.status,
                     'currency', n.currency,
                     'amount', COALESCE({}, {}, {}),
                     'ends_on', {},
                     'image_url', COALESCE(v.primary_image_url, n.image_urls[1]),
                     'partner', b.business_name
                 )
                 FROM (
                     SELECT DISTINCT ON (a.vehicle_id) a.*
                     FROM (
                         SELECT DISTINCT b.organization_id, b.ends_at
                         FROM (
                             SELECT l.organization_id, l.ends_at
                             FROM @.bat_listings AS l
                             WHERE {} AND l.ends_at IS NOT NULL
                             ORDER BY l.ends_at DESC
                             LIMIT $3
                         ) AS b
                     ) AS k
                     JOIN @.bat_listings AS a
                         ON a.organization_id OPERATOR(pg_catalog.=) k.organization_id
                         AND a.ends_at OPERATOR(pg_catalog.=) k.ends_at
                     ORDER BY a.vehicle_id, a.ends_at DESC, a.listing_id DESC
                 ) AS n
                 JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) n.vehicle_id
                 LEFT JOIN @.businesses AS b ON b.id OPERATOR(pg_catalog.=) n.organization_id
                 ORDER BY n.ends_at DESC, n.url
                 LIMIT $2",
                price("n.sale_price"),
                price("n.high_bid"),
                price("n.current_bid"),
                day("n.ends_at"),
                of(partner),
            ),
            &[partner.into(), VEHICLES.into(), AUCTIONS.into()],
        )
    }
}

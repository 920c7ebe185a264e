//! What is stored of a listing whose page was read, and of those whom it names: one statement; no row is locked.

use pgrx::datum::DatumWithOid;
use serde::Deserialize;
use serde_json::Value;

use super::businesses::{BUSINESS, Business, DIRECTORY_ORDER, IS_MEMBER};
use super::distributed;
use super::merge::{Fields, doubted_auction};
use super::renamed::other_post;
use super::rows::is_price;
use super::sql::Store;
use super::stored::StoredRows;
use super::vehicles::{Auction, Identity, Later};
use crate::error::{Error, Result};

/// Relatives of a listing that are looked at: no vehicle was offered more often.
const MOST_RELATIVES: usize = 20;

/// What is stored of a listing, and of those whom its page names.
#[derive(Debug, Deserialize)]
pub struct Looked {
    /// The organizations whose account sells it, in directory order.
    pub partners: Vec<Business>,
    pub(super) listing: Option<Fields>,
    /// Where the same post is stored under another URL: that one.
    #[serde(default)]
    pub(super) other_url: Option<String>,
    /// Its vehicle, also if it was stored with another listing.
    pub(super) vehicle: Option<Fields>,
    /// Which stored auctions of the vehicle are later.
    pub(super) later: Later,
    /// What organizations have to do with the vehicle.
    pub(super) links: Vec<Fields>,
}

/// The vehicle of a listing: the one that it was stored with (`own`), the one whose auction the URL is, the one with this
/// VIN, or the one with this chassis number that a related listing was stored with (`relatives`: a table of their ids).
/// Arguments: `$1` its URL, `$2` its VIN, `$3` its chassis number. What a listing does not tell is not looked for.
pub(super) fn candidate(identity: &Identity, own: &str, relatives: &str) -> String {
    let by_vin = match identity.vin {
        Some(_) => {
            "UNION ALL
             SELECT u.id, 4, u.created_at FROM @.vehicles AS u WHERE u.vin OPERATOR(pg_catalog.=) $2"
        }
        None => "",
    };
    let by_chassis = match identity.chassis {
        Some(_) if !identity.relatives.is_empty() => format!(
            "UNION ALL
             SELECT u.id, 5, u.created_at
             FROM {relatives} AS r (id)
             -- One by one, by their keys: no other plan, however small the table was when it was made.
             CROSS JOIN LATERAL (
                 SELECT v.id, v.created_at, v.vin, v.chassis_number
                 FROM @.vehicles AS v
                 WHERE v.id OPERATOR(pg_catalog.=) r.id
                 LIMIT 1
             ) AS u
             WHERE pg_catalog.upper(u.chassis_number) OPERATOR(pg_catalog.=) pg_catalog.upper($3)
                 -- Two VINs are two vehicles.
                 AND (u.vin IS NULL OR $2 IS NULL OR u.vin OPERATOR(pg_catalog.=) $2)"
        ),
        _ => String::new(),
    };
    format!(
        "(
            SELECT k.id
            FROM (
                SELECT {own} AS id, 0 AS rank, NULL::timestamptz AS created_at
                UNION ALL
                SELECT u.id, 1, u.created_at FROM @.vehicles AS u WHERE u.bat_auction_url OPERATOR(pg_catalog.=) $1
                UNION ALL
                SELECT u.id, 2, u.created_at FROM @.vehicles AS u WHERE u.discovery_url OPERATOR(pg_catalog.=) $1
                UNION ALL
                SELECT u.id, 3, u.created_at FROM @.vehicles AS u WHERE u.listing_url OPERATOR(pg_catalog.=) $1
                {by_vin}
                {by_chassis}
            ) AS k
            WHERE k.id IS NOT NULL
            ORDER BY k.rank, k.created_at, k.id
            LIMIT 1
        )"
    )
}

/// The vehicles with which the listings `$4` are stored. One by one, as their keys are.
const VEHICLES_OF_RELATIVES: &str = "
    (
        SELECT f.vehicle_id
        FROM pg_catalog.unnest($4) AS u (url)
        CROSS JOIN LATERAL (
            SELECT l.vehicle_id FROM @.bat_listings AS l WHERE l.url OPERATOR(pg_catalog.=) u.url LIMIT 1
        ) AS f
    )";

/// Which auctions of a vehicle are later than that of a URL ([`Later`]): by their ends, or, where a page does not tell one, by
/// the site's own numbers, which grow. The arguments are expressions of SQL.
pub(super) fn later(vehicle: &str, url: &str, ends_at: &str, listing_id: &str) -> String {
    format!(
        "SELECT pg_catalog.jsonb_build_object(
             'auction', pg_catalog.count(*) OPERATOR(pg_catalog.>) 0,
             'sale', COALESCE(pg_catalog.bool_or({is_sold}), false),
             'offered_by', COALESCE(
                 pg_catalog.jsonb_agg(n.organization_id) FILTER (WHERE n.organization_id IS NOT NULL), '[]'
             ),
             'sold_by', COALESCE(
                 pg_catalog.jsonb_agg(n.organization_id)
                     FILTER (WHERE n.organization_id IS NOT NULL AND {is_sold}),
                 '[]'
             )
         )
         FROM @.bat_listings AS n
         WHERE n.vehicle_id OPERATOR(pg_catalog.=) {vehicle}
             AND n.url OPERATOR(pg_catalog.<>) {url}
             AND COALESCE(
                 n.ends_at OPERATOR(pg_catalog.>) {ends_at}::pg_catalog.timestamptz
                     -- Of two that ended at once, the one that was made later: one of them has to be the last.
                     OR n.ends_at OPERATOR(pg_catalog.=) {ends_at}::pg_catalog.timestamptz
                         AND n.listing_id OPERATOR(pg_catalog.>) {listing_id},
                 n.listing_id OPERATOR(pg_catalog.>) {listing_id},
                 false
             )",
        is_sold = is_price("n.sale_price"),
    )
}

impl Store {
    /// What is stored of a listing whose page was read. Its vehicle's identity is locked until the transaction ends: two
    /// sessions that meet the same new vehicle in two listings do not both make it.
    pub fn look(&self, url: &str, seller: &str, identity: &Identity, auction: &Auction) -> Result<Looked> {
        identity.lock();
        let relatives: Vec<String> = identity.relatives.iter().take(MOST_RELATIVES).cloned().collect();
        if distributed::are_tables() {
            return self.look_apart(url, seller, identity, &relatives, auction);
        }
        let arguments: [DatumWithOid; 7] = [
            url.into(),
            identity.vin.into(),
            identity.chassis.into(),
            relatives.into(),
            auction.ends_at.into(),
            auction.listing_id.into(),
            seller.into(),
        ];
        let looked = self.row(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                     'partners', COALESCE(
                         (
                             SELECT pg_catalog.jsonb_agg({BUSINESS} ORDER BY {DIRECTORY_ORDER})
                             FROM (SELECT $7 AS username) AS m
                             JOIN @.businesses AS b ON {IS_MEMBER}
                         ),
                         '[]'
                     ),
                     'listing', (
                         SELECT @row.bat_listings(l) FROM @.bat_listings AS l WHERE l.url OPERATOR(pg_catalog.=) $1
                     ),
                     'other_url', (
                         SELECT l.url
                         FROM @.bat_listings AS l
                         WHERE l.listing_id OPERATOR(pg_catalog.=) $6 AND l.url OPERATOR(pg_catalog.<>) $1
                         ORDER BY l.url
                         LIMIT 1
                     ),
                     'vehicle', CASE WHEN v.id IS NOT NULL THEN @row.vehicles(v) END,
                     'later', ({later}),
                     'links', COALESCE(
                         (
                             SELECT pg_catalog.jsonb_agg(@row.organization_vehicles(o))
                             FROM @.organization_vehicles AS o
                             WHERE o.vehicle_id OPERATOR(pg_catalog.=) v.id
                         ),
                         '[]'
                     )
                 )
                 FROM (SELECT {candidate} AS id) AS c
                 LEFT JOIN @.vehicles AS v ON v.id OPERATOR(pg_catalog.=) c.id",
                later = later("v.id", "$1", "$5", "$6"),
                candidate = candidate(
                    identity,
                    "(SELECT l.vehicle_id FROM @.bat_listings AS l WHERE l.url OPERATOR(pg_catalog.=) $1)",
                    VEHICLES_OF_RELATIVES,
                ),
            ),
            &arguments,
        )?;
        looked.ok_or_else(|| Error::Internal("nothing was looked up".to_owned()))
    }
}

impl Looked {
    /// Whether neither the listing nor its vehicle is stored.
    pub fn is_new(&self) -> bool {
        self.listing.is_none() && self.vehicle.is_none()
    }

    /// The URL under which the listing is stored, if that is another one: the site has changed it since.
    pub fn earlier_url(&self) -> Option<&str> {
        self.other_url.as_deref().filter(|_| self.listing.is_none())
    }

    /// The number of the post that is stored under the listing's URL, if that is another post.
    pub fn other_post(&self, listing_id: Option<i64>) -> Option<i64> {
        other_post(self.listing.as_ref()?, listing_id)
    }

    /// Whether the listing was imported whole, with its vehicle.
    pub fn is_full(&self) -> bool {
        self.listing.as_ref().is_some_and(|listing| listing.get("vehicle_id").is_some_and(Value::is_string))
    }

    /// The row of the listing itself, if it is stored.
    pub fn listing(&self) -> Option<&Fields> {
        self.listing.as_ref()
    }

    /// The end of the auction as it is stored.
    pub fn ends_at(&self) -> Option<&str> {
        self.listing.as_ref()?.get("ends_at")?.as_str()
    }

    /// The organization that sells it, as it is stored.
    pub fn organization(&self) -> Option<&str> {
        self.listing.as_ref()?.get("organization_id")?.as_str()
    }

    /// The id of its vehicle, if that is stored.
    pub fn vehicle_id(&self) -> Option<&str> {
        self.vehicle.as_ref()?.get("id")?.as_str()
    }

    /// The id of the vehicle that the listing was stored with, if that is gone and no other is its vehicle.
    pub(super) fn lost_vehicle(&self) -> Option<&str> {
        let listing = self.listing.as_ref().filter(|_| self.vehicle.is_none())?;
        listing.get("vehicle_id")?.as_str()
    }

    /// The links that an earlier pipeline made for the auction of this URL, and that no page was compared with yet.
    pub fn doubted_links(&self, url: &str) -> Vec<&Fields> {
        self.links.iter().filter(|link| doubted_auction(link) == Some(url)).collect()
    }

    /// Which stored auctions of its vehicle are later.
    pub fn later(&self) -> &Later {
        &self.later
    }

    /// The rows as they are, if the listing is stored.
    pub fn rows(&self) -> Option<StoredRows> {
        self.listing.clone().map(|listing| StoredRows {
            listing,
            vehicle: self.vehicle.clone(),
            later: self.later.clone(),
            links: self.links.clone(),
        })
    }
}

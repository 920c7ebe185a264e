//! What the page of an auction said and no longer says, taken back from the rows that follow from it: the last sale of its
//! vehicle, and what organizations have to do with that. Only what imports wrote, and what no other auction says.

use serde::Deserialize;
use serde_json::{Value, json};

use super::links::{CONSIGNER, SOLD_BY};
use super::look::Looked;
use super::merge::{Fields, Policy, Source, doubted_auction, is_imported, is_untouched, source_url};
use super::rows::{is_price, price};
use super::sql::Store;
use super::stored::NewRows;
use super::tables::{LISTINGS, ORGANIZATION_VEHICLES, VEHICLES};
use crate::error::Result;

/// Auctions of one vehicle that are looked at: none was offered more often.
const MOST_AUCTIONS: i64 = 50;

/// Another auction of the vehicle.
#[derive(Deserialize)]
pub(super) struct Other {
    pub(super) url: String,
    pub(super) status: Option<String>,
    organization_id: Option<String>,
    sale_price: Value,
    sale_currency: Value,
    sale_date: Value,
}

impl Other {
    fn is_sold(&self) -> bool {
        self.status.as_deref() == Some("sold")
    }

    /// A link of an organization that sold the vehicle says what this auction does.
    fn as_sale(&self) -> Left<'_> {
        let mut fields = link(SOLD_BY, self.status.as_deref());
        fields.insert("sale_price".to_owned(), self.sale_price.clone());
        fields.insert("sale_date".to_owned(), self.sale_date.clone());
        Left::Says(fields, &self.url)
    }

    /// The same, of an organization that offered it.
    fn as_offer(&self) -> Left<'_> {
        Left::Says(link(CONSIGNER, self.status.as_deref()), &self.url)
    }
}

/// A link to an auction in this state, without a price.
fn link(relation: &str, listing_status: Option<&str>) -> Fields {
    let status = if listing_status == Some("live") { "active" } else { "past" };
    Fields::from_iter([
        ("relationship_type".to_owned(), json!(relation)),
        ("status".to_owned(), json!(status)),
        ("listing_status".to_owned(), json!(listing_status)),
        ("sale_price".to_owned(), Value::Null),
        ("sale_date".to_owned(), Value::Null),
    ])
}

/// What is left of a link.
enum Left<'a> {
    /// It says this, by the page of this URL.
    Says(Fields, &'a str),
    Nothing,
}

/// A listing whose page was read again.
pub(super) struct Reread<'a> {
    url: &'a str,
    time: &'a str,
    vehicle: &'a str,
    /// The organization that its row named before.
    organization: Option<&'a str>,
    was_sold: bool,
    /// What its page says now; `None` if that is of another vehicle.
    new: Option<&'a NewRows>,
    /// Whether that names another seller than before.
    has_other_account: bool,
    /// The other auctions of its vehicle, the latest first.
    pub(super) others: Vec<Other>,
}

fn text<'a>(row: &'a Fields, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// The organization that a listing's row names by its page.
fn organization_of(row: &Fields) -> Option<&str> {
    text(row, "organization_id").filter(|_| is_imported(&LISTINGS, row, "organization_id"))
}

/// The organization that a listing's row names by its page, if that told this seller.
pub fn held_by<'a>(row: &'a Fields, seller: Option<&str>) -> Option<&'a str> {
    organization_of(row).filter(|_| text(row, "seller_username").zip(seller).is_some_and(is_same_account))
}

fn is_same_account((one, other): (&str, &str)) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether a page names another seller than the listing's row did.
fn has_other_account(row: &Fields, new: &NewRows) -> bool {
    let sellers = text(row, "seller_username").zip(text(&new.listing, "seller_username"));
    sellers.is_some_and(|sellers| !is_same_account(sellers))
}

fn is_sold(row: &Fields) -> bool {
    text(row, "status") == Some("sold")
}

impl Store {
    /// Takes back what follows from a listing's row as it was before its page was read again, and not from what the page says
    /// now. Returns whether there was any. The row itself is written already.
    pub fn take_back(&self, before: &Looked, new: &NewRows, source: &Source) -> Result<bool> {
        let (Some(row), Some(vehicle)) = (&before.listing, before.vehicle_id()) else { return Ok(false) };
        let organization = organization_of(row);
        let seller = new.link.as_ref().and_then(|link| text(link, "organization_id"));
        let is_unsold = |name: &str| {
            let is_there = |fields: &Fields| fields.get(name).is_some_and(|value| !value.is_null());
            is_there(row) && !is_there(&new.listing)
        };
        let has_no_sale = is_unsold("sale_price") || is_sold(row) && !is_sold(&new.listing);
        let has_other_seller = organization.is_some()
            && organization != seller
            && (seller.is_some() || has_other_account(row, new));
        if !has_no_sale && !has_other_seller {
            return Ok(false);
        }
        let others = self.other_auctions(vehicle, source.url)?;
        let reread = Reread {
            new: Some(new),
            has_other_account: has_other_account(row, new),
            ..Reread::of_another_vehicle(row, vehicle, source, others)
        };
        let mut has_changed = has_no_sale && self.take_back_sale(&reread)?;
        for link in &before.links {
            has_changed |= self.take_back_link(&reread, link, &before.links)?;
        }
        Ok(has_changed)
    }

    /// The auctions of a vehicle but that of a URL, the latest first.
    pub(super) fn other_auctions(&self, vehicle: &str, url: &str) -> Result<Vec<Other>> {
        self.rows(
            &format!(
                "SELECT pg_catalog.jsonb_build_object(
                 'url', l.url,
                 'status', l.status,
                 'organization_id', l.organization_id,
                 'sale_price', {price},
                 'sale_currency', CASE WHEN {is_sold} THEN l.currency END,
                 'sale_date', CASE WHEN {is_sold}
                     THEN pg_catalog.timezone('America/Los_Angeles', l.ends_at)::pg_catalog.date END
             )
             FROM @.bat_listings AS l
             WHERE l.vehicle_id OPERATOR(pg_catalog.=) $1::pg_catalog.uuid
                 AND l.url OPERATOR(pg_catalog.<>) $2
             -- As bat_vehicle_history orders them.
             ORDER BY
                 COALESCE(
                     l.ends_at, pg_catalog.max(l.ends_at) OVER (ORDER BY l.listing_id), '-infinity'
                 ) DESC,
                 l.listing_id DESC NULLS LAST
             LIMIT $3",
                price = price("l.sale_price"),
                is_sold = is_price("l.sale_price"),
            ),
            &[vehicle.into(), url.into(), MOST_AUCTIONS.into()],
        )
    }

    /// The vehicle's last sale is again the one before.
    pub(super) fn take_back_sale(&self, reread: &Reread) -> Result<bool> {
        let last = reread.others.iter().find(|other| !other.sale_price.is_null());
        let find = || self.vehicle_of_id(reread.vehicle);
        let existing: Option<Fields> = find()?;
        if existing.is_none_or(|row| source_url(&row, "sale_price") != Some(reread.url)) {
            return Ok(false);
        }
        let sale = |_: Option<&Fields>| {
            let of = |value: fn(&Other) -> &Value| last.map(value).cloned().unwrap_or_default();
            Fields::from_iter([
                ("sale_price".to_owned(), of(|other| &other.sale_price)),
                ("sale_currency".to_owned(), of(|other| &other.sale_currency)),
                ("sale_date".to_owned(), of(|other| &other.sale_date)),
            ])
        };
        let source = Source { url: last.map_or(reread.url, |last| &last.url), time: reread.time };
        self.save(&VEHICLES, find, sale, Policy::Mirror, &source)?;
        Ok(true)
    }

    /// Lets a link say what is left of it. It goes if nothing is, or if another link says that already; one that a person wrote
    /// to is his, and stays.
    pub(super) fn take_back_link(&self, reread: &Reread, link: &Fields, all: &[Fields]) -> Result<bool> {
        let (Some(id), Some(left)) = (text(link, "id"), reread.left_of(link)) else { return Ok(false) };
        let is_said = |fields: &Fields| {
            let is_same = |other: &Fields, of: &Fields, name: &str| text(other, name) == text(of, name);
            all.iter().any(|other| {
                text(other, "id") != Some(id)
                    && is_same(other, link, "organization_id")
                    && is_same(other, fields, "relationship_type")
            })
        };
        match left {
            Left::Says(fields, url) if !is_said(&fields) => {
                let source = Source { url, time: reread.time };
                self.correct_link(id, &fields, Policy::Mirror, &source)?;
            }
            _ if is_untouched(&ORGANIZATION_VEHICLES, link) => self.remove_link(id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'a> Reread<'a> {
    /// A listing whose page is of another vehicle than the one it was stored with.
    pub(super) fn of_another_vehicle(
        row: &'a Fields,
        vehicle: &'a str,
        source: &'a Source,
        others: Vec<Other>,
    ) -> Reread<'a> {
        Reread {
            url: source.url,
            time: source.time,
            vehicle,
            organization: organization_of(row),
            // The price tells it where a person has corrected the state before the site did.
            was_sold: is_sold(row) || row.get("sale_price").is_some_and(|price| !price.is_null()),
            new: None,
            has_other_account: false,
            others,
        }
    }

    /// What is left of a link without what the page no longer says; `None` if it stays as it is.
    fn left_of(&self, row: &Fields) -> Option<Left<'_>> {
        let organization = self.organization.filter(|id| text(row, "organization_id") == Some(id))?;
        let is_ours = row.get("auto_tagged") == Some(&Value::Bool(true))
            && is_imported(&ORGANIZATION_VEHICLES, row, "relationship_type")
            && doubted_auction(row).is_none();
        if !is_ours {
            return None;
        }
        let seller = self.new.and_then(|new| new.link.as_ref());
        let of_seller = seller.filter(|new| text(new, "organization_id") == Some(organization));
        let is_anothers =
            self.new.is_none() || of_seller.is_none() && (seller.is_some() || self.has_other_account);
        let status = self.new.and_then(|new| text(&new.listing, "status"));
        let is_sold = status == Some("sold");
        let is_of = |other: &&Other| other.organization_id.as_deref() == Some(organization);
        let offer = || self.others.iter().filter(is_of).find(|other| !other.is_sold());
        let sale = || self.others.iter().filter(is_of).find(|other| other.is_sold());
        let is_of_this = |name: &str| source_url(row, name) == Some(self.url);
        match text(row, "relationship_type")? {
            SOLD_BY if self.was_sold && (is_anothers || !is_sold) => match (sale(), offer()) {
                (Some(sale), _) => is_of_this("sale_price").then(|| sale.as_sale()),
                (None, _) if !is_anothers => Some(Left::Says(link(CONSIGNER, status), self.url)),
                (None, Some(offer)) => Some(offer.as_offer()),
                (None, None) => Some(Left::Nothing),
            },
            CONSIGNER if is_anothers => match offer() {
                Some(offer) => is_of_this("listing_status").then(|| offer.as_offer()),
                None => Some(Left::Nothing),
            },
            _ => None,
        }
    }
}

//! What is known of a listing without its page: of one that the site has removed, or what its page does not tell.

use bat_pages::listing::Status;
use bat_pages::value::date;
use bat_pages::{CatalogueItem, Listing};
use jiff::Timestamp;
use serde_json::Value;

use super::context::Context;
use super::listing::Reading;
use crate::error::Result;
use crate::store::merge::{Fields, Policy, Source};
use crate::store::upsert::Outcome;

impl Context {
    /// Notes that the page of a listing is gone: an auction that was live was withdrawn, and has ended by now. Other states are
    /// final, or the catalogue tells of a later one.
    pub fn note_gone(&self, url: &str) -> Result<Outcome> {
        let Some(row) = self.store.live_listing(url)? else { return Ok(Outcome::Unchanged) };
        let mut listing = listing_of(&row)?;
        listing.status = Some(Status::Withdrawn);
        listing.high_bid = listing.current_bid.take();
        let instant = |text: &str| text.parse::<Timestamp>().ok();
        let now = Timestamp::now();
        if listing.ends_at.as_deref().and_then(instant).is_some_and(|end| end > now) {
            // Whole seconds, as pages tell them: a row would hold fewer digits than are remembered.
            listing.ends_at = date::from_unix(now.as_second());
        }
        self.store_without_page(url, &listing)
    }

    /// Writes how an auction ended by the catalogue, for a listing that is stored whole, and whose page is gone.
    pub fn store_told_result(&self, item: &CatalogueItem, row: &Fields) -> Result<Outcome> {
        let mut listing = listing_of(row)?;
        let is_sold = item.status == Some(Status::Sold);
        listing.sold_after_auction = match (is_sold, listing.status) {
            (true, Some(Status::ReserveNotMet)) => Some(true),
            (true, _) => None,
            (false, _) => Some(false),
        };
        listing.status = item.status;
        listing.current_bid = None;
        listing.high_bid = item.amount.filter(|_| !is_sold);
        listing.sale_price = item.amount.filter(|_| is_sold);
        listing.currency = item.currency.clone().or(listing.currency);
        listing.ends_at = item.ends_at.clone().or(listing.ends_at);
        self.store_without_page(&item.url, &listing)
    }

    /// Writes when an auction ends by the catalogue, for a listing that is stored whole, and whose page does not tell it.
    pub fn store_told_date(&self, item: &CatalogueItem, row: &Fields) -> Result<Outcome> {
        let listing = Listing { ends_at: item.ends_at.clone(), ..listing_of(row)? };
        self.store_without_page(&item.url, &listing)
    }

    fn store_without_page(&self, url: &str, listing: &Listing) -> Result<Outcome> {
        let time = self.time();
        let source = Source { url, time: &time };
        let reading = Reading { source, seen_at: &time, policy: Policy::Mirror };
        // Should the page come back, it is to be read, whether or not it is what it was.
        self.store.forget_version(url)?;
        Ok(self.store_rows(listing, &reading, false)?.0)
    }
}

/// What a page tells, but for how the auction stood: that is what the row says, which knows how it went on.
pub fn with_stored_outcome(listing: &Listing, row: &Fields) -> Result<Listing> {
    let known = listing_of(row)?;
    Ok(Listing {
        status: known.status,
        currency: known.currency,
        current_bid: known.current_bid,
        high_bid: known.high_bid,
        sale_price: known.sale_price,
        sold_after_auction: known.sold_after_auction,
        buyer_username: known.buyer_username,
        // Who sells it, a newer page may have told.
        seller_username: known.seller_username.or_else(|| listing.seller_username.clone()),
        ends_at: known.ends_at,
        ..listing.clone()
    })
}

/// What is stored of a listing, as its page would tell it. What no page could have told is a person's word: it is passed over.
fn listing_of(row: &Fields) -> Result<Listing> {
    let nothing = serde_json::to_value(Listing::default())?;
    let held = |name: &str| row.get(name).filter(|held| !held.is_null()).map(whole);
    let names = nothing.as_object().into_iter().flat_map(|nothing| nothing.keys());
    let held: Fields = names.filter_map(|name| Some((name.clone(), held(name)?))).collect();
    let with = |held: &Fields| -> serde_json::Result<Listing> {
        let mut known = nothing.clone();
        if let Some(known) = known.as_object_mut() {
            known.extend(held.clone());
        }
        serde_json::from_value(known)
    };
    if let Ok(listing) = with(&held) {
        return Ok(listing);
    }
    let is_told =
        |(name, value): &(String, Value)| with(&Fields::from_iter([(name.clone(), value.clone())])).is_ok();
    Ok(with(&held.into_iter().filter(is_told).collect())?)
}

/// A value with whole units for an amount: a column of numeric(12,2) prints 9000 as 9000.00, and a person may have written cents.
fn whole(held: &Value) -> Value {
    match held {
        // An amount beyond 2^63 is none of an auction's, and becomes the greatest there is.
        Value::Number(number) if number.as_i64().is_none() => {
            number.as_f64().map_or(Value::Null, |amount| Value::from(amount.round() as i64))
        }
        Value::Array(elements) => elements.iter().filter(|element| !element.is_null()).cloned().collect(),
        _ => held.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stored_row_is_read_as_a_listing() {
        let row = json!({
            "url": "https://bringatrailer.com/listing/x/", "status": "live", "current_bid": 1500, "image_urls": ["a"],
            "details": null, "vehicle_id": "7b0f3c8e-0000-4000-8000-000000000000", "seller_type": "private_party",
        });
        let listing = listing_of(row.as_object().unwrap()).unwrap();
        assert_eq!((listing.status, listing.current_bid), (Some(Status::Live), Some(1500)));
        assert_eq!((listing.image_urls, listing.details), (vec!["a".to_owned()], Vec::new()));
    }

    #[test]
    fn what_no_page_could_have_told_is_passed_over() {
        let row = json!({
            "status": "sold privately", "seller_type": "broker", "sale_price": "NaN", "high_bid": 1500,
            "image_urls": [null, "a"],
        });
        let listing = listing_of(row.as_object().unwrap()).unwrap();
        assert_eq!((listing.status, listing.sale_price, listing.high_bid), (None, None, Some(1500)));
        assert_eq!((listing.seller_type, listing.image_urls), (None, vec!["a".to_owned()]));
    }

    #[test]
    fn an_amount_with_cents_is_read_in_whole_units() {
        for (held, read) in [("9000.00", 9_000), ("9000.50", 9_001), ("9000", 9_000)] {
            let row: Fields = serde_json::from_str(&format!("{{\"sale_price\": {held}}}")).unwrap();
            assert_eq!(listing_of(&row).unwrap().sale_price, Some(read), "{held}");
        }
    }
}

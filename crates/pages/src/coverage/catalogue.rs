//! Fields of an item of the catalogue.

use super::{Rule, Watched, always, only};
use crate::catalogue::CatalogueItem;
use crate::listing::Status;

impl Watched for CatalogueItem {
    // Not its URL: an item without one is none.
    const RULES: &'static [Rule<CatalogueItem>] = &[
        always("listing_id", |item| item.listing_id.is_some()),
        always("title", |item| item.title.is_some()),
        always("status", |item| item.status.is_some()),
        always("ends_at", |item| item.ends_at.is_some()),
        always("no_reserve", |item| item.no_reserve.is_some()),
        always("premium", |item| item.premium.is_some()),
        always("alumni", |item| item.alumni.is_some()),
        always("country", |item| item.country.is_some()),
        // Of a withdrawn lot, or of one without a bid, no amount is printed.
        only(has_amount, "amount", |item| item.amount.is_some()),
        only(has_amount, "currency", |item| item.currency.is_some()),
        // It stands in the result.
        only(is_over, "ended_on", |item| item.ended_on.is_some()),
    ];
}

fn has_amount(item: &CatalogueItem) -> bool {
    matches!(item.status, Some(Status::Live | Status::Sold | Status::ReserveNotMet))
}

fn is_over(item: &CatalogueItem) -> bool {
    item.status.is_some_and(|status| status != Status::Live)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    #[test]
    fn every_key_of_an_item_has_a_rule() {
        // The day of the result is no key of the output.
        every_key_has_a_rule::<CatalogueItem>(&["url"], &["ended_on"]);
    }

    #[test]
    fn a_result_is_expected_of_what_has_ended() {
        let item = |status| CatalogueItem { status: Some(status), ..CatalogueItem::default() };
        assert_eq!(finds(&item(Status::Live), "ended_on"), None);
        assert_eq!(finds(&item(Status::Sold), "ended_on"), Some(false));
        assert_eq!(finds(&item(Status::Withdrawn), "amount"), None);
        assert_eq!(finds(&item(Status::Live), "amount"), Some(false));
    }
}

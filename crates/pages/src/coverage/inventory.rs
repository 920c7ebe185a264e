//! Fields of an item of a dealer's own inventory. Each dealer tells other ones; it is their share that is steady.

use super::{Rule, Watched, always, only, some};
use crate::inventory::{Item, Status};

impl Watched for Item {
    const RULES: &'static [Rule<Item>] = &[
        // An item without a page of its own is told of by the list alone: that is the dealer's choice.
        some(|_| true, "url", |item| item.url.is_some()),
        always("title", |item| item.title.is_some()),
        always("year", |item| item.year.is_some()),
        always("make", |item| item.make.is_some()),
        always("image_urls", |item| !item.image_urls.is_empty()),
        always("status", |item| item.status.is_some()),
        // What is sold has no price as often as not.
        only(is_for_sale, "asking_price", |item| item.asking_price.is_some()),
        only(is_priced, "currency", |item| item.currency.is_some()),
        // "Call" is what some dealers print in the price's place, and others never.
        some(
            |item| !is_sold(item) && item.asking_price.is_none(),
            "price_on_request",
            |item| item.price_on_request,
        ),
        some(is_sold, "sold_price", |item| item.sold_price.is_some()),
        // Lists leave these to the items' pages.
        some(|_| true, "item_id", |item| item.item_id.is_some()),
        some(|_| true, "chassis", |item| item.chassis.is_some()),
        // Before 1981 a chassis number is no VIN.
        some(|item| item.year.is_none_or(|year| year > 1980), "vin", |item| item.vin.is_some()),
        some(|_| true, "mileage", |item| item.mileage.is_some()),
        some(|_| true, "model", |item| item.model.is_some()),
        some(|_| true, "trim", |item| item.trim.is_some()),
        some(|_| true, "exterior_color", |item| item.exterior_color.is_some()),
        some(|_| true, "interior_color", |item| item.interior_color.is_some()),
        some(|_| true, "transmission", |item| item.transmission.is_some()),
        some(|_| true, "engine", |item| item.engine.is_some()),
        some(|_| true, "description", |item| item.description.is_some()),
    ];
}

fn is_sold(item: &Item) -> bool {
    item.status == Some(Status::Sold)
}

fn is_for_sale(item: &Item) -> bool {
    !is_sold(item) && !item.price_on_request
}

fn is_priced(item: &Item) -> bool {
    item.asking_price.is_some() || item.sold_price.is_some()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    #[test]
    fn every_key_of_an_item_has_a_rule() {
        every_key_has_a_rule::<Item>(&[], &[]);
    }

    #[test]
    fn a_price_is_expected_of_what_is_for_sale_and_not_told_on_request() {
        let item = Item::default();
        assert_eq!(finds(&item, "asking_price"), Some(false));
        assert_eq!(finds(&Item { price_on_request: true, ..item.clone() }, "asking_price"), None);
        assert_eq!(finds(&Item { status: Some(Status::Sold), ..item.clone() }, "asking_price"), None);
        assert_eq!(finds(&Item { asking_price: Some(5), ..item }, "currency"), Some(false));
    }

    #[test]
    fn a_vin_is_expected_only_of_years_that_have_them() {
        let of = |year| Item { year: Some(year), ..Item::default() };
        assert_eq!((finds(&of(1967), "vin"), finds(&of(1990), "vin")), (None, Some(false)));
    }
}

//! Fields of a listing's page.

use super::{Rule, Watched, always, only, some};
use crate::listing::{Listing, NOT_A_MAKE, SellerType, Status};

/// Categories of vehicles whose bullets differ from a car's: no upholstery, hours in place of miles, other gearboxes.
const NO_CARS: [&str; 8] = [
    "Aircraft",
    "Boats",
    "Go-Karts",
    "Minibikes & Scooters",
    "Motorcycles",
    "Side-by-Sides",
    "Tractors",
    "Trailers",
];

/// Pages of auctions that ended before this year are served in older markup, which has neither tags nor taxonomy links nor
/// some of the counters. They come in bulk when the history is read.
const TODAYS_MARKUP: &str = "2022";

impl Watched for Listing {
    const RULES: &'static [Rule<Listing>] = &[
        // Every listing has these, whatever became of it.
        always("url", |listing| listing.url.is_some()),
        always("listing_id", |listing| listing.listing_id.is_some()),
        always("lot_number", |listing| listing.lot_number.is_some()),
        always("title", |listing| listing.title.is_some()),
        always("status", |listing| listing.status.is_some()),
        always("no_reserve", |listing| listing.no_reserve.is_some()),
        always("seller_username", |listing| listing.seller_username.is_some()),
        always("seller_name", |listing| listing.seller_name.is_some()),
        always("seller_type", |listing| listing.seller_type.is_some()),
        always("ends_at", |listing| listing.ends_at.is_some()),
        always("location", |listing| listing.location.is_some()),
        always("country", |listing| listing.country.is_some()),
        always("details", |listing| !listing.details.is_empty()),
        always("description", |listing| listing.description.is_some()),
        always("primary_image_url", |listing| listing.primary_image_url.is_some()),
        always("image_urls", |listing| !listing.image_urls.is_empty()),
        always("image_count", |listing| listing.image_count.is_some()),
        always("bid_count", |listing| listing.bid_count.is_some()),
        always("comment_count", |listing| listing.comment_count.is_some()),
        always("view_count", |listing| listing.view_count.is_some()),
        // How it ended: no key of the struct. An auction that is over and has neither a buyer nor a high bid is `ended`,
        // and asks for no price: without this, results in a new form of words would go unnoticed.
        only(is_over, "outcome", |listing| {
            listing.status != Some(Status::Ended) || listing.bid_count == Some(0)
        }),
        // Amounts and people are there in one state only, and where somebody has bid.
        only(has_bids, "currency", |listing| listing.currency.is_some()),
        only(has_bids, "high_bidder_username", |listing| listing.high_bidder_username.is_some()),
        only(is_bid_on, "current_bid", |listing| listing.current_bid.is_some()),
        only(is_unsold, "high_bid", |listing| listing.high_bid.is_some()),
        only(is_sold, "sale_price", |listing| listing.sale_price.is_some()),
        only(is_sold, "sold_after_auction", |listing| listing.sold_after_auction.is_some()),
        only(is_sold, "buyer_username", |listing| listing.buyer_username.is_some()),
        // Today's markup only.
        only(is_of_today, "premium", |listing| listing.premium.is_some()),
        only(is_of_today, "alumni", |listing| listing.alumni.is_some()),
        only(is_of_today, "origin", |listing| listing.origin.is_some()),
        only(is_of_today, "video_count", |listing| listing.video_count.is_some()),
        only(is_of_today, "watcher_count", |listing| listing.watcher_count.is_some()),
        only(is_of_today, "history", |listing| !listing.history.is_empty()),
        // Lots of parts have neither; whole windows of the history hold nothing else.
        only(is_vehicle, "year", |listing| listing.year.is_some()),
        only(is_vehicle, "chassis", |listing| listing.chassis.is_some()),
        only(is_vehicle_of_today, "make", |listing| listing.make.is_some()),
        only(is_vehicle_of_today, "model", |listing| listing.model.is_some()),
        only(is_vehicle_of_today, "era", |listing| listing.era.is_some()),
        // Older cars, and those of other markets, have chassis numbers of their own.
        only(has_modern_chassis, "vin", |listing| listing.vin.is_some()),
        only(is_car, "mileage", |listing| listing.mileage.is_some()),
        only(is_car, "engine", |listing| listing.engine.is_some()),
        only(is_car, "transmission", |listing| listing.transmission.is_some()),
        only(is_car, "exterior_color", |listing| listing.exterior_color.is_some()),
        only(is_car, "interior_color", |listing| listing.interior_color.is_some()),
        // Stated where the wheels in front are driven too.
        some(is_car, "drivetrain", |listing| listing.drivetrain.is_some()),
        // A coupe has no category.
        some(is_vehicle_of_today, "categories", |listing| !listing.categories.is_empty()),
        // One dealer charges a fee, another none.
        some(is_dealers, "dealer_charges", |listing| listing.dealer_charges.is_some()),
    ];
}

fn is_sold(listing: &Listing) -> bool {
    listing.status == Some(Status::Sold)
}

fn is_over(listing: &Listing) -> bool {
    listing.status.is_some_and(|status| status != Status::Live)
}

/// Where the number of bids is unknown, there may be some.
fn has_bids(listing: &Listing) -> bool {
    listing.status.is_some() && listing.bid_count != Some(0)
}

fn is_bid_on(listing: &Listing) -> bool {
    has_bids(listing) && listing.status == Some(Status::Live)
}

fn is_unsold(listing: &Listing) -> bool {
    has_bids(listing) && is_over(listing) && !is_sold(listing)
}

/// Not where the end is unknown, which older markup has cost too; the end itself is watched on every page.
fn is_of_today(listing: &Listing) -> bool {
    listing.ends_at.as_deref().is_some_and(|time| time >= TODAYS_MARKUP)
}

fn is_vehicle(listing: &Listing) -> bool {
    !listing.categories.iter().any(|category| category == NOT_A_MAKE)
}

fn is_vehicle_of_today(listing: &Listing) -> bool {
    is_vehicle(listing) && is_of_today(listing)
}

fn is_car(listing: &Listing) -> bool {
    is_vehicle(listing) && !listing.categories.iter().any(|category| NO_CARS.contains(&category.as_str()))
}

fn has_modern_chassis(listing: &Listing) -> bool {
    listing.chassis.as_deref().is_some_and(|chassis| chassis.len() == 17)
}

fn is_dealers(listing: &Listing) -> bool {
    listing.seller_type == Some(SellerType::Dealer)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    fn in_state(status: Status) -> Listing {
        Listing { status: Some(status), bid_count: Some(3), ..Listing::default() }
    }

    fn of_category(category: &str) -> Listing {
        let ends_at = Some("2026-05-05T19:09:00Z".to_owned());
        Listing { categories: vec![category.to_owned()], ends_at, ..Listing::default() }
    }

    #[test]
    fn every_key_of_a_listing_has_a_rule() {
        every_key_has_a_rule::<Listing>(&[], &["outcome"]);
    }

    #[test]
    fn each_amount_is_expected_in_its_state_only() {
        let expected = |status, field| finds(&in_state(status), field).is_some();
        for (field, states) in [
            ("sale_price", vec![Status::Sold]),
            ("buyer_username", vec![Status::Sold]),
            ("current_bid", vec![Status::Live]),
            ("high_bid", vec![Status::ReserveNotMet, Status::Withdrawn, Status::Ended]),
        ] {
            for status in
                [Status::Live, Status::Sold, Status::ReserveNotMet, Status::Withdrawn, Status::Ended]
            {
                assert_eq!(expected(status, field), states.contains(&status), "{field} of {status:?}");
            }
        }
        assert_eq!(finds(&in_state(Status::Sold), "sale_price"), Some(false));
        let sold = Listing { sale_price: Some(1), ..in_state(Status::Sold) };
        assert_eq!(finds(&sold, "sale_price"), Some(true));
    }

    #[test]
    fn without_a_bid_no_amount_is_expected_and_without_a_count_one_is() {
        for status in [Status::Live, Status::Ended] {
            for field in ["currency", "high_bidder_username", "current_bid", "high_bid"] {
                let listing = Listing { bid_count: Some(0), ..in_state(status) };
                assert_eq!(finds(&listing, field), None, "{field} of {status:?}");
            }
        }
        let uncounted = Listing { bid_count: None, ..in_state(Status::Live) };
        assert_eq!(finds(&uncounted, "current_bid"), Some(false));
    }

    #[test]
    fn an_end_of_which_the_page_does_not_say_how_is_no_outcome() {
        assert_eq!(finds(&in_state(Status::Live), "outcome"), None);
        assert_eq!(finds(&in_state(Status::Sold), "outcome"), Some(true));
        assert_eq!(finds(&in_state(Status::Ended), "outcome"), Some(false));
        let without_bids = Listing { bid_count: Some(0), ..in_state(Status::Ended) };
        assert_eq!(finds(&without_bids, "outcome"), Some(true));
    }

    #[test]
    fn nothing_of_a_car_is_expected_of_parts_and_of_boats_only_what_they_have() {
        let (parts, boat, car) = (of_category(NOT_A_MAKE), of_category("Boats"), of_category("Convertibles"));
        for field in ["year", "make", "model", "chassis", "mileage", "engine"] {
            assert_eq!(finds(&parts, field), None, "{field}");
            assert_eq!(finds(&car, field), Some(false), "{field}");
        }
        assert_eq!((finds(&boat, "year"), finds(&boat, "mileage")), (Some(false), None));
    }

    #[test]
    fn a_vin_is_expected_of_chassis_numbers_of_its_length() {
        let with = |chassis: &str| Listing { chassis: Some(chassis.to_owned()), ..Listing::default() };
        assert_eq!(finds(&with("BCNR33-001234"), "vin"), None);
        assert_eq!(finds(&with("WP0AB29878U780123"), "vin"), Some(false));
        assert_eq!(finds(&Listing::default(), "vin"), None);
    }

    #[test]
    fn what_older_markup_lacks_is_not_expected_of_it() {
        let ended = |time: &str| Listing { ends_at: Some(time.to_owned()), ..Listing::default() };
        for field in ["make", "premium", "watcher_count", "history"] {
            assert_eq!(finds(&ended("2019-05-05T19:09:00Z"), field), None, "{field}");
            assert_eq!(finds(&ended("2022-01-01T00:00:00Z"), field), Some(false), "{field}");
            assert_eq!(finds(&Listing::default(), field), None, "{field}");
        }
    }
}

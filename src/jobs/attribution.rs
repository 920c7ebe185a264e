//! Which partner a listing belongs to.

use bat_pages::place;

use crate::store::businesses::Business;

/// Picks, of the organizations whose member is the listing's seller, in directory order, the one whose state and city fit
/// the listing's location; else the one whose state fits; else the first. Those that have left the directory count only
/// where nobody else has their account. `held`: the id of the one that has the listing by what its seller's page said
/// before; it keeps it unless another one fits better, wherever the two stand in the directory.
pub fn choose<'a>(
    candidates: &'a [Business],
    location: Option<&str>,
    held: Option<&str>,
) -> Option<&'a Business> {
    let are_shown = candidates.iter().any(|business| !business.has_left);
    let mut best: Option<&Business> = candidates.iter().find(|business| held == Some(business.id.as_str()));
    for business in candidates.iter().filter(|business| !(are_shown && business.has_left)) {
        if best.is_none_or(|best| fit(business, location) > fit(best, location)) {
            best = Some(business);
        }
    }
    best
}

/// How well an organization fits a listing's location; 0: not at all. Of a place in another state the city tells nothing.
fn fit(business: &Business, location: Option<&str>) -> u8 {
    let Some(location) = location else { return 0 };
    let region = place::region_of_location(location);
    let city = business.city.as_deref().unwrap_or_default();
    let is_in_city = !city.is_empty() && starts_with_city(location, city);
    match (&region, &business.state) {
        (Some(region), Some(state)) if region == state => 2 + u8::from(is_in_city),
        (Some(_), Some(_)) => 0,
        _ => u8::from(is_in_city),
    }
}

/// Whether a location such as "Portland, Oregon 97201" is in the city.
fn starts_with_city(location: &str, city: &str) -> bool {
    let first = location.split(',').next().unwrap_or_default().trim();
    first.to_lowercase() == city.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn business(id: &str, city: &str, state: Option<&str>) -> Business {
        Business {
            id: id.to_owned(),
            business_name: None,
            website: None,
            referral_url: None,
            city: Some(city.to_owned()),
            state: state.map(str::to_owned),
            bat_username: Some("shared".to_owned()),
            has_left: false,
            enriched_seconds_ago: None,
            enriched_website: None,
        }
    }

    fn chosen(location: Option<&str>) -> Option<String> {
        let candidates = [
            business("first", "Scottsdale", Some("AZ")),
            business("second", "Portland", Some("OR")),
            business("third", "Bend", Some("OR")),
            business("abroad", "Göttingen", None),
        ];
        choose(&candidates, location, None).map(|business| business.id.clone())
    }

    #[test]
    fn state_and_city_fit() {
        assert_eq!(chosen(Some("Bend, Oregon 97701")).as_deref(), Some("third"));
    }

    #[test]
    fn only_the_state_fits() {
        assert_eq!(chosen(Some("Salem, Oregon 97301")).as_deref(), Some("second"));
    }

    #[test]
    fn only_the_city_fits() {
        assert_eq!(chosen(Some("Göttingen, Germany")).as_deref(), Some("abroad"));
    }

    #[test]
    fn nothing_fits_or_is_known() {
        assert_eq!(chosen(Some("Miami, Florida")).as_deref(), Some("first"));
        assert_eq!(chosen(None).as_deref(), Some("first"));
        assert_eq!(choose(&[], Some("Miami, Florida"), None).map(|business| business.id.clone()), None);
    }

    #[test]
    fn a_city_of_the_same_name_in_another_state_is_another() {
        let candidates = [business("first", "Mesa", Some("AZ")), business("second", "Vancouver", Some("WA"))];
        let chosen = |location: &str| choose(&candidates, Some(location), None).unwrap().id.as_str();
        assert_eq!(chosen("Vancouver, British Columbia, Canada"), "first");
        assert_eq!((chosen("Vancouver, Washington 98660"), chosen("Vancouver")), ("second", "second"));
    }

    #[test]
    fn who_has_left_gets_nothing_where_somebody_else_has_the_account_and_keeps_what_it_has() {
        let left = Business { has_left: true, ..business("left", "Mesa", Some("AZ")) };
        let both = [business("shown", "Bend", Some("OR")), left.clone()];
        let chosen =
            |held: Option<&str>, location: &str| choose(&both, Some(location), held).unwrap().id.clone();
        assert_eq!(chosen(None, "Mesa, Arizona"), "shown");
        assert_eq!(
            (chosen(Some("left"), "Mesa, Arizona"), chosen(Some("left"), "Miami")),
            ("left".into(), "left".into())
        );
        assert_eq!(chosen(Some("left"), "Bend, Oregon"), "shown");
        assert_eq!(chosen(Some("nobody"), "Mesa, Arizona"), "shown");
        assert_eq!(choose(&[left], None, None).unwrap().id, "left");
    }
}

//! Which partner a listing belongs to.

use bat_pages::place;

use crate::store::businesses::Business;

/// Picks, of the organizations whose member is the listing's seller, in directory order, the one whose state and city fit
/// the listing's location; else the one whose state fits; else the first.
pub fn choose<'a>(candidates: &'a [Business], location: Option<&str>) -> Option<&'a Business> {
    let Some(location) = location.filter(|_| candidates.len() > 1) else { return candidates.first() };
    let region = place::region_of_location(location);
    let in_region = |business: &&Business| region.is_some() && business.state == region;
    let in_city = |business: &&Business| {
        let city = business.city.as_deref().unwrap_or_default();
        !city.is_empty() && starts_with_city(location, city)
    };
    candidates
        .iter()
        .find(|business| in_region(business) && in_city(business))
        .or_else(|| candidates.iter().find(in_region))
        .or_else(|| candidates.iter().find(in_city))
        .or_else(|| candidates.first())
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
        choose(&candidates, location).map(|business| business.id.clone())
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
        assert_eq!(choose(&[], Some("Miami, Florida")).map(|business| business.id.clone()), None);
    }
}

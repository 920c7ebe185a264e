//! Fields of a row of the partner directory.

use super::{Rule, Watched, always, only};
use crate::partners::Partner;

impl Watched for Partner {
    const RULES: &'static [Rule<Partner>] = &[
        always("name", |partner| partner.name.is_some()),
        always("city", |partner| partner.city.is_some()),
        always("country", |partner| partner.country.is_some()),
        always("website", |partner| partner.website.is_some()),
        always("referral_url", |partner| partner.referral_url.is_some()),
        always("bat_username", |partner| partner.bat_username.is_some()),
        always("bat_profile_url", |partner| partner.bat_profile_url.is_some()),
        always("geographic_key", |partner| partner.geographic_key.is_some()),
        // Elsewhere the page prints none.
        only(is_of_a_country_of_states, "state", |partner| partner.state.is_some()),
    ];
}

fn is_of_a_country_of_states(partner: &Partner) -> bool {
    partner.country.as_deref().is_some_and(|country| matches!(country, "US" | "CA"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    #[test]
    fn every_key_of_a_partner_has_a_rule() {
        every_key_has_a_rule::<Partner>(&[], &[]);
    }

    #[test]
    fn a_state_is_expected_where_there_are_states() {
        let of = |country: &str| Partner { country: Some(country.to_owned()), ..Partner::default() };
        assert_eq!((finds(&of("US"), "state"), finds(&of("DE"), "state")), (Some(false), None));
    }
}

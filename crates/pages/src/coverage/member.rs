//! Fields of a member's page.

use super::{Rule, Watched, always, only, some};
use crate::member::Member;

impl Watched for Member {
    const RULES: &'static [Rule<Member>] = &[
        always("username", |member| member.username.is_some()),
        always("display_name", |member| member.display_name.is_some()),
        always("listing_count", |member| member.listing_count.is_some()),
        always("member_since", |member| member.member_since.is_some()),
        always("location", |member| member.location.is_some()),
        always("website", |member| member.website.is_some()),
        // Not of a member who never sold.
        only(has_listings, "listings", |member| !member.listings.is_empty()),
        // The last page has none, and no page tells that it is the last.
        some(has_listings, "next_url", |member| member.next_url.is_some()),
    ];
}

fn has_listings(member: &Member) -> bool {
    member.listing_count != Some(0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{every_key_has_a_rule, finds};
    use super::*;

    #[test]
    fn every_key_of_a_member_has_a_rule() {
        every_key_has_a_rule::<Member>(&[], &[]);
    }

    #[test]
    fn no_listing_is_expected_of_a_member_who_has_none() {
        let member = |count| Member { listing_count: count, ..Member::default() };
        assert_eq!(finds(&member(Some(0)), "listings"), None);
        assert_eq!(finds(&member(Some(2)), "listings"), Some(false));
        assert_eq!(finds(&member(None), "listings"), Some(false));
    }
}

//! Accounts: the partners' own, other sellers', and those who bid and comment.

use std::collections::HashSet;

use super::directory::Row;
use super::names;
use crate::random::Random;
use crate::time;

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Name as displayed, with its capitals.
    pub name: String,
    /// Lower-cased slug of the URL.
    pub username: String,
    /// The site's number of the account.
    pub id: i64,
    /// Unix seconds.
    pub since: i64,
    /// `CA, United States`; none where the member does not say.
    pub location: Option<String>,
    /// Whether the account calls itself a dealer on its listings.
    pub dealer: bool,
    /// Number of the partner site, if the account is a partner's.
    pub site: Option<usize>,
    pub bids: i64,
    pub comments: i64,
    pub stories: i64,
    pub wins: i64,
}

/// Accounts that sell without being partners.
const OTHER_SELLERS: usize = 60;
/// Accounts that bid and comment.
const CROWD: usize = 500;

/// All accounts: partners' in order of their first row, then other sellers, then the crowd.
pub(crate) fn members(seed: u64, rows: &[Row]) -> (Vec<Member>, usize) {
    let mut random = Random::of(seed, "members", 0);
    let mut taken = HashSet::new();
    let mut members = Vec::new();
    for row in rows {
        if taken.insert(row.username.to_lowercase()) {
            let location = row.city.as_ref().map(|_| format!("{}, {}", row.place, country_name(row.country)));
            // Not every partner is a dealer on its listings.
            let dealer = random.chance(70);
            let member = member(&mut random, row.username.clone(), location, dealer, Some(row.site));
            members.push(member);
        }
    }
    let sellers = members.len() + OTHER_SELLERS;
    while members.len() < sellers + CROWD {
        let name = names::member(&mut random);
        if taken.insert(name.to_lowercase()) {
            let location = random.chance(80).then(|| "OR, United States".to_owned());
            let dealer = random.chance(15);
            let member = member(&mut random, name, location, dealer, None);
            members.push(member);
        }
    }
    (members, sellers)
}

fn member(
    random: &mut Random,
    name: String,
    location: Option<String>,
    dealer: bool,
    site: Option<usize>,
) -> Member {
    Member {
        username: name.to_lowercase(),
        name,
        id: random.between(1_000, 1_900_000),
        since: random.between(time::midnight(2012, 3, 1), time::midnight(2023, 6, 1)),
        location,
        dealer,
        site,
        bids: random.between(0, 900),
        comments: random.between(0, 26_000),
        stories: random.between(0, 9),
        wins: random.between(0, 40),
    }
}

/// Name in full of a country of the directory.
pub(crate) fn country_name(code: &str) -> &'static str {
    names::COUNTRIES.iter().find(|country| country.0 == code).map_or("United States", |country| country.3)
}

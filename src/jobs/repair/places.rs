//! Which rows of `businesses` are one place of business. A web site that several share tells nothing.

use std::collections::{BTreeSet, HashMap};

use bat_pages::place::country_code;
use bat_pages::{geographic_key, legacy_geographic_keys};

use crate::store::repair::{Finding, MergedBusiness, StoredBusiness};

/// What is to be done with the rows.
#[derive(Default)]
pub struct Places {
    pub merged: Vec<MergedBusiness>,
    /// Rows without a key that get one.
    pub keys: Vec<(String, String)>,
    pub left: Vec<Finding>,
}

/// Sorts out rows, the oldest first.
pub fn of(rows: &[StoredBusiness]) -> Places {
    let keys: Vec<Keys> = rows.iter().map(Keys::of).collect();
    let mut owners: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for keys in &keys {
        let Some(current) = &keys.current else { continue };
        for key in keys.legacy.iter().chain([current]) {
            owners.entry(key).or_default().insert(current);
        }
    }
    let mut places: HashMap<&str, Vec<&StoredBusiness>> = HashMap::new();
    let mut order = Vec::new();
    for (row, keys) in rows.iter().zip(&keys) {
        let Some(place) = place_of(row, keys, &owners) else { continue };
        let members = places.entry(place).or_default();
        if members.is_empty() {
            order.push(place);
        }
        members.push(row);
    }
    let mut all = Places::default();
    for place in order {
        if let Some(members) = places.get(place) {
            all.settle(place, members);
        }
    }
    all.left.extend(torn(rows, &places));
    all
}

/// The key of a row's place as it is made today, if it can be told. A stored key that does not fit the row's own fields
/// belongs to the one place whose key, or an older form of it, it is.
fn place_of<'a>(
    row: &'a StoredBusiness,
    keys: &'a Keys,
    owners: &HashMap<&str, BTreeSet<&'a str>>,
) -> Option<&'a str> {
    let Some(stored) = row.geographic_key.as_deref() else {
        // Without a city, the name alone would tell.
        return keys.current.as_deref().filter(|_| row.is_partner && row.city.is_some());
    };
    match &keys.current {
        Some(current) if current == stored || keys.legacy.iter().any(|key| key == stored) => Some(current),
        _ => match owners.get(stored) {
            Some(owners) if owners.len() == 1 => owners.first().copied(),
            _ => Some(stored),
        },
    }
}

impl Places {
    /// The rows of one place, the oldest first.
    fn settle(&mut self, place: &str, members: &[&StoredBusiness]) {
        let Some((kept, others)) = members.split_first() else { return };
        let username = members.iter().find_map(|row| row.bat_username.as_deref());
        let mut has_key = kept.geographic_key.is_some();
        for row in others {
            if row.bat_username.is_some() && row.bat_username.as_deref() != username {
                let detail = format!("{place} is that of {} too, but their accounts differ", kept.id);
                let hint = "If they are one, let bat_username agree and call bat_repair again; if not, correct \
                            geographic_key of one.";
                self.left.push(left(row, detail, hint));
                continue;
            }
            has_key |= row.geographic_key.is_some();
            let (loser, kept) = (row.id.clone(), kept.id.clone());
            self.merged.push(MergedBusiness { loser, kept, key: place.to_owned() });
        }
        if !has_key {
            self.keys.push((kept.id.clone(), place.to_owned()));
        }
    }
}

/// Rows with the same key whose other fields speak of two places.
fn torn(rows: &[StoredBusiness], places: &HashMap<&str, Vec<&StoredBusiness>>) -> Vec<Finding> {
    let place_of: HashMap<&str, &str> = places
        .iter()
        .flat_map(|(place, members)| members.iter().map(|row| (row.id.as_str(), *place)))
        .collect();
    let mut first: HashMap<&str, &StoredBusiness> = HashMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let Some(key) = row.geographic_key.as_deref() else { continue };
        let older = *first.entry(key).or_insert(row);
        if place_of.get(older.id.as_str()) != place_of.get(row.id.as_str()) {
            let detail =
                format!("{key} is that of {} too, but name or city speak of another place", older.id);
            findings.push(left(row, detail, "Correct name and city, or geographic_key, of one of them."));
        }
    }
    findings
}

fn left(row: &StoredBusiness, detail: String, hint: &str) -> Finding {
    Finding::left("organization stored twice", "businesses", Some(row.id.clone()), detail, hint)
}

/// The keys that a row's own fields make.
struct Keys {
    current: Option<String>,
    /// Those that the earlier pipeline may have made of them.
    legacy: Vec<String>,
}

impl Keys {
    fn of(row: &StoredBusiness) -> Keys {
        let Some(name) = row.business_name.as_deref() else {
            return Keys { current: None, legacy: Vec::new() };
        };
        let (city, state) = (row.city.as_deref(), row.state.as_deref());
        let country =
            row.country.as_deref().map(|country| country_code(country).unwrap_or_else(|| country.to_owned()));
        Keys {
            current: geographic_key(name, city, state, country.as_deref()),
            legacy: legacy_geographic_keys(name, city, state, country.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, name: &str, country: &str, key: Option<&str>) -> StoredBusiness {
        StoredBusiness {
            id: id.to_owned(),
            business_name: Some(name.to_owned()),
            city: Some("Göttingen".to_owned()),
            country: Some(country.to_owned()),
            geographic_key: key.map(str::to_owned),
            is_partner: true,
            ..StoredBusiness::default()
        }
    }

    fn merged(rows: &[StoredBusiness]) -> Vec<(String, String)> {
        of(rows).merged.into_iter().map(|merged| (merged.loser, merged.kept)).collect()
    }

    const CURRENT: &str = "werkstatt|gottingen|na|DE";
    const LEGACY: &str = "werkstatt|g-ttingen|na|GERMANY";

    #[test]
    fn a_legacy_key_and_todays_are_one_place() {
        let rows = [
            row("1", "Werkstatt", "GERMANY", Some(LEGACY)),
            row("2", "Werkstatt", "DE", Some(CURRENT)),
            row("3", "Other", "DE", Some("other|gottingen|na|DE")),
        ];
        assert_eq!(merged(&rows), [("2".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn a_row_with_nothing_but_a_legacy_key_is_told_by_it() {
        let bare = StoredBusiness {
            id: "1".to_owned(),
            geographic_key: Some(LEGACY.to_owned()),
            ..StoredBusiness::default()
        };
        assert_eq!(
            merged(&[bare, row("2", "Werkstatt", "DE", Some(CURRENT))]),
            [("2".to_owned(), "1".to_owned())]
        );
    }

    #[test]
    fn different_accounts_are_left_to_a_person() {
        let mut rows =
            [row("1", "Werkstatt", "GERMANY", Some(LEGACY)), row("2", "Werkstatt", "DE", Some(CURRENT))];
        rows[0].bat_username = Some("a".to_owned());
        rows[1].bat_username = Some("b".to_owned());
        let places = of(&rows);
        assert!(places.merged.is_empty());
        assert_eq!(places.left[0].row.as_deref(), Some("2"));
    }

    #[test]
    fn one_key_for_two_names_that_could_both_have_made_it_is_left_to_a_person() {
        // "visit the Shop‘s website" was said of both.
        let key = "shop-s|g-ttingen|na|GERMANY";
        let rows = [row("1", "The Shop", "DE", Some(key)), row("2", "Shop", "DE", Some(key))];
        let places = of(&rows);
        assert!(places.merged.is_empty());
        assert_eq!(places.left.len(), 1);
    }

    #[test]
    fn a_row_with_nothing_but_a_key_that_two_places_could_have_made_is_neither_of_them() {
        let bare = StoredBusiness {
            id: "1".to_owned(),
            geographic_key: Some("shop-s|g-ttingen|na|GERMANY".to_owned()),
            ..StoredBusiness::default()
        };
        let two = [
            row("2", "The Shop", "DE", Some("the-shop|gottingen|na|DE")),
            row("3", "Shop", "DE", Some("shop|gottingen|na|DE")),
        ];
        let [first, second] = two.clone();
        assert!(merged(&[bare.clone(), first, second]).is_empty());
        // Of one place alone it is that place.
        let [first, _] = two;
        assert_eq!(merged(&[bare, first]), [("2".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn a_partner_without_a_key_gets_one_and_others_do_not() {
        let mut rows = [row("1", "Werkstatt", "DE", None), row("2", "Other", "DE", None)];
        rows[1].is_partner = false;
        assert_eq!(of(&rows).keys, [("1".to_owned(), CURRENT.to_owned())]);
    }
}

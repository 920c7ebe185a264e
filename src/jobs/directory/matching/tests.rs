//! Each partner has a row of its own, and keeps it.

use super::*;

fn partner(key: &str, username: &str, state: &str) -> Partner {
    Partner {
        geographic_key: Some(key.to_owned()),
        bat_username: Some(username.to_owned()),
        state: Some(state.to_owned()),
        ..Partner::default()
    }
}

fn known(id: &str, key: &str, username: &str, state: &str) -> Known {
    Known {
        id: id.to_owned(),
        geographic_key: Some(key.to_owned()),
        has_own_key: true,
        bat_username: Some(username.to_owned()),
        state: Some(state.to_owned()),
        is_shown: true,
    }
}

/// Row and key of each partner; `-` for none.
fn stored(partners: &[Partner], known: &[Known]) -> Vec<String> {
    let told = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let places = places(partners, known, usize::MAX);
    places.iter().map(|place| told(place.row) + " " + &told(place.key.as_deref())).collect()
}

#[test]
fn a_partner_is_found_by_its_key() {
    let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "c|b|AZ|US", "x", "AZ")];
    assert_eq!(stored(&[partner("c|b|AZ|US", "x", "AZ")], &rows), ["2 -"]);
    assert_eq!(stored(&[partner("c|b|AZ|US", "y", "AZ")], &rows), ["2 -"], "its username was changed");
}

#[test]
fn a_respelt_partner_is_found_by_username_and_state_and_gets_its_new_key() {
    let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "a|b|OR|US", "x", "OR")];
    assert_eq!(stored(&[partner("aa|b|OR|US", "x", "OR")], &rows), ["2 aa|b|OR|US"]);
    let edited = [Known { has_own_key: false, ..known("2", "mine", "x", "OR") }];
    assert_eq!(stored(&[partner("aa|b|OR|US", "x", "OR")], &edited), ["2 -"], "a person's key");
}

#[test]
fn two_facilities_of_one_member_in_one_state_are_never_confused() {
    let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "a|c|AZ|US", "x", "AZ")];
    assert_eq!(stored(&[partner("a|d|AZ|US", "x", "AZ")], &rows), ["- a|d|AZ|US"]);
    let row = [known("1", "a|b|AZ|US", "x", "AZ")];
    let pair = [partner("a|c|AZ|US", "x", "AZ"), partner("a|d|AZ|US", "x", "AZ")];
    assert_eq!(stored(&pair, &row), ["- a|c|AZ|US", "- a|d|AZ|US"]);
}

#[test]
fn one_that_left_long_ago_is_no_rival_of_its_sister() {
    let rows =
        [Known { is_shown: false, ..known("1", "a|b|OR|US", "x", "OR") }, known("2", "a|c|OR|US", "x", "OR")];
    assert_eq!(stored(&[partner("aa|c|OR|US", "x", "OR")], &rows), ["2 aa|c|OR|US"]);
    assert_eq!(stored(&[partner("aa|c|OR|US", "x", "OR")], &rows[..1]), ["1 aa|c|OR|US"]);
}

#[test]
fn the_old_name_of_a_partner_may_be_another_s() {
    let rows = [known("1", "a|b|OR|US", "x", "OR")];
    let pair = [partner("a|b|OR|US", "new", "OR"), partner("c|b|OR|US", "x", "OR")];
    assert_eq!(stored(&pair, &rows), ["- a|b|OR|US", "1 c|b|OR|US"]);
}

#[test]
fn partners_that_swap_their_names_keep_their_rows_and_no_key_is_written_twice() {
    let rows = [known("1", "a|b|OR|US", "x", "OR"), known("2", "c|b|OR|US", "y", "OR")];
    let pair = [partner("c|b|OR|US", "x", "OR"), partner("a|b|OR|US", "y", "OR")];
    assert_eq!(stored(&pair, &rows), ["1 -", "2 a|b|OR|US|y"]);
    // One that gives its key up first leaves it to the other.
    let pair = [partner("d|b|OR|US", "x", "OR"), partner("a|b|OR|US", "y", "OR")];
    assert_eq!(stored(&pair, &rows), ["1 d|b|OR|US", "2 a|b|OR|US"]);
}

#[test]
fn two_members_of_one_name_and_place_have_two_rows() {
    let pair = [partner("a|b|OR|US", "x", "OR"), partner("a|b|OR|US", "y", "OR")];
    assert_eq!(stored(&pair, &[]), ["- a|b|OR|US", "- a|b|OR|US|y"]);
    let rows = [known("1", "a|b|OR|US", "x", "OR"), known("2", "a|b|OR|US|y", "y", "OR")];
    assert_eq!(stored(&pair, &rows), ["1 -", "2 -"]);
    let [first, second] = pair;
    assert_eq!(stored(&[second.clone(), first.clone()], &rows), ["2 -", "1 -"], "in either order");
    // Nothing tells one without a member from the other.
    let nobody = Partner { bat_username: None, ..second };
    assert_eq!(stored(&[first, nobody], &rows[..1]), ["1 -", "- -"]);
}

/// Writes what a page shows to the rows, as the database does. Returns how many changed.
fn write(partners: &[Partner], rows: &mut Vec<Known>) -> usize {
    let before = rows.clone();
    let places = places(partners, &before, usize::MAX);
    let mut written: Vec<String> = Vec::new();
    for is_new in [false, true] {
        for (partner, place) in
            partners.iter().zip(&places).filter(|(_, place)| place.row.is_none() == is_new)
        {
            let id = place.row.map_or_else(|| format!("{}", rows.len()), str::to_owned);
            assert!(!written.contains(&id), "{id} is written twice");
            if let Some(key) = &place.key {
                let is_taken = |row: &Known| row.id != id && row.geographic_key.as_ref() == Some(key);
                assert!(!rows.iter().any(is_taken), "{key} is another's");
            }
            if is_new {
                rows.push(known(&id, place.key.as_deref().unwrap(), "", ""));
            }
            let row = rows.iter_mut().find(|row| row.id == id).unwrap();
            row.geographic_key = place.key.clone().or(row.geographic_key.take());
            (row.bat_username, row.state) = (partner.bat_username.clone(), partner.state.clone());
            written.push(id);
        }
    }
    rows.iter_mut().for_each(|row| row.is_shown = written.contains(&row.id));
    let same = rows.iter().zip(&before).filter(|(one, other)| format!("{one:?}") == format!("{other:?}"));
    rows.len() - same.count()
}

#[test]
fn whatever_the_directory_shows_no_row_and_no_key_is_written_twice_and_the_same_page_soon_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..300 {
        let mut rows = Vec::new();
        for _ in 0..5 {
            let mut page: Vec<Partner> = (0..random.usize(1..6))
                .map(|_| {
                    let (name, state) = (["a", "b", "c"][random.usize(..3)], ["OR", "AZ"][random.usize(..2)]);
                    let city = ["d", "e"][random.usize(..2)];
                    partner(&format!("{name}|{city}|{state}|US"), ["x", "y", "z"][random.usize(..3)], state)
                })
                .collect();
            page.sort_by_key(|partner| (partner.geographic_key.clone(), partner.bat_username.clone()));
            page.dedup();
            random.shuffle(&mut page);
            let mut tries = 0;
            while write(&page, &mut rows) > 0 {
                tries += 1;
                assert!(tries < 3, "{page:?} {rows:?}");
            }
        }
    }
}

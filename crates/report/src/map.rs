//! A map of the states of the US: a tile for each, about where it lies.

use std::collections::BTreeMap;

use crate::data::Partner;

/// Side of a tile with its gap, in units of the drawing.
pub const STEP: u32 = 52;

/// Code, name, column and row of each state and of the District of Columbia.
const STATES: [(&str, &str, u32, u32); 51] = [
    ("AK", "Alaska", 0, 0),
    ("ME", "Maine", 11, 0),
    ("VT", "Vermont", 10, 1),
    ("NH", "New Hampshire", 11, 1),
    ("WA", "Washington", 1, 2),
    ("ID", "Idaho", 2, 2),
    ("MT", "Montana", 3, 2),
    ("ND", "North Dakota", 4, 2),
    ("MN", "Minnesota", 5, 2),
    ("IL", "Illinois", 6, 2),
    ("WI", "Wisconsin", 7, 2),
    ("MI", "Michigan", 8, 2),
    ("NY", "New York", 9, 2),
    ("RI", "Rhode Island", 10, 2),
    ("MA", "Massachusetts", 11, 2),
    ("OR", "Oregon", 1, 3),
    ("NV", "Nevada", 2, 3),
    ("WY", "Wyoming", 3, 3),
    ("SD", "South Dakota", 4, 3),
    ("IA", "Iowa", 5, 3),
    ("IN", "Indiana", 6, 3),
    ("OH", "Ohio", 7, 3),
    ("PA", "Pennsylvania", 8, 3),
    ("NJ", "New Jersey", 9, 3),
    ("CT", "Connecticut", 10, 3),
    ("CA", "California", 1, 4),
    ("UT", "Utah", 2, 4),
    ("CO", "Colorado", 3, 4),
    ("NE", "Nebraska", 4, 4),
    ("MO", "Missouri", 5, 4),
    ("KY", "Kentucky", 6, 4),
    ("WV", "West Virginia", 7, 4),
    ("VA", "Virginia", 8, 4),
    ("MD", "Maryland", 9, 4),
    ("DE", "Delaware", 10, 4),
    ("AZ", "Arizona", 2, 5),
    ("NM", "New Mexico", 3, 5),
    ("KS", "Kansas", 4, 5),
    ("AR", "Arkansas", 5, 5),
    ("TN", "Tennessee", 6, 5),
    ("NC", "North Carolina", 7, 5),
    ("SC", "South Carolina", 8, 5),
    ("DC", "District of Columbia", 9, 5),
    ("OK", "Oklahoma", 4, 6),
    ("LA", "Louisiana", 5, 6),
    ("MS", "Mississippi", 6, 6),
    ("AL", "Alabama", 7, 6),
    ("GA", "Georgia", 8, 6),
    ("HI", "Hawaii", 0, 7),
    ("TX", "Texas", 4, 7),
    ("FL", "Florida", 9, 7),
];

/// Where partners are.
pub struct Map {
    pub tiles: Vec<Tile>,
    /// Places that have no tile, with their partners: countries outside the US, and what is unknown.
    pub elsewhere: Vec<(String, i64)>,
    /// How many partners have a tile.
    pub partners: i64,
    pub width: u32,
    pub height: u32,
}

/// One state.
pub struct Tile {
    pub code: &'static str,
    pub name: &'static str,
    pub x: u32,
    pub y: u32,
    pub partners: i64,
    pub sold: i64,
    /// 0 for no partner, to 4 for the most.
    pub shade: i64,
}

impl Map {
    /// The map of these partners.
    pub fn of(partners: &[Partner]) -> Map {
        let mut by_state: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        let mut elsewhere: BTreeMap<String, i64> = BTreeMap::new();
        // Those who have left the directory are partners no more.
        let are_shown = |partner: &&Partner| partner.status.as_deref() != Some("left_directory");
        for partner in partners.iter().filter(are_shown) {
            match state_of(partner) {
                Some(code) => {
                    let (count, sold) = by_state.entry(code).or_default();
                    *count += 1;
                    *sold += partner.sold;
                }
                None => *elsewhere.entry(place_of(partner)).or_default() += 1,
            }
        }
        let most = by_state.values().map(|(count, _)| *count).max().unwrap_or(0);
        let tiles = STATES.iter().map(|(code, name, column, row)| {
            let (partners, sold) = by_state.get(code).copied().unwrap_or_default();
            let shade = shade(partners, most);
            Tile { code, name, x: column * STEP, y: row * STEP, partners, sold, shade }
        });
        let mut elsewhere: Vec<(String, i64)> = elsewhere.into_iter().collect();
        elsewhere.sort_by_key(|(_, count)| -count);
        Map {
            tiles: tiles.collect(),
            elsewhere,
            partners: by_state.values().map(|(count, _)| count).sum(),
            width: 12 * STEP,
            height: 8 * STEP,
        }
    }

    /// The states that have partners, the most first.
    pub fn listed(&self) -> Vec<&Tile> {
        let mut listed: Vec<&Tile> = self.tiles.iter().filter(|tile| tile.partners > 0).collect();
        listed.sort_by_key(|tile| (-tile.partners, -tile.sold, tile.code));
        listed
    }
}

/// By orders of magnitude: one state may have more partners than all others.
#[allow(clippy::cast_precision_loss, reason = "counts of partners")]
fn shade(partners: i64, most: i64) -> i64 {
    if partners == 0 {
        return 0;
    }
    let share = (partners as f64).ln() / ((most + 1) as f64).ln();
    [0.75, 0.5, 0.25].iter().zip([4, 3, 2]).find(|(least, _)| share >= **least).map_or(1, |(_, shade)| shade)
}

/// The code of a partner's state, if that has a tile.
fn state_of(partner: &Partner) -> Option<&'static str> {
    if partner.country.as_deref().is_some_and(|country| country != "US") {
        return None;
    }
    let state = partner.state.as_deref()?;
    STATES.iter().map(|(code, ..)| *code).find(|code| *code == state)
}

fn place_of(partner: &Partner) -> String {
    match (partner.country.as_deref(), partner.state.as_deref()) {
        (Some("US"), Some(state)) => format!("US, {state}"),
        (Some("US"), None) => "US, state unknown".to_owned(),
        (Some(country), _) => name_of(country),
        (None, Some(state)) => state.to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

/// The name of a country by its code: a code such as CA may be a state's as well.
fn name_of(country: &str) -> String {
    rust_iso3166::from_alpha2(country).map_or_else(
        || country.to_owned(),
        // "Netherlands (Kingdom of the)"
        |found| found.name.split(" (").next().unwrap_or(found.name).to_owned(),
    )
}

//! The rows of the partner directory: regions and places in the proportions of the real page, names invented.

use super::names;
use crate::random::Random;
use crate::text::slug;

/// A region of the directory: group heading, region heading (Canada has none of its own), what follows the
/// city, ISO country, cities in page order.
struct Region(&'static str, Option<&'static str>, &'static str, &'static str, &'static [&'static str]);

const US: &str = "UNITED STATES";

/// 83 places in 31 headed regions and Canada. Cities carry the oddities of the real page: counties, a dash,
/// a slash, an abbreviation, a misspelling, an umlaut; one row has no location at all.
static REGIONS: &[Region] = &[
    Region(US, Some("ARIZONA"), "AZ", "US", &["Flagstaff", "Mesa", "Mesa", "Yuma"]),
    Region(
        US,
        Some("CALIFORNIA"),
        "CA",
        "US",
        &[
            "Bakersfield",
            "Carmel",
            "Fresno",
            "Long Beach",
            "Modesto",
            "Napa County",
            "Oxnard",
            "Redding",
            "Salinas",
            "San Diego – North County",
            "San Jose",
            "Santa Cruz",
            "Ventura",
            "West LA",
        ],
    ),
    Region(US, Some("COLORADO"), "CO", "US", &["Boulder", "Boulder", "Pueblo"]),
    Region(US, Some("CONNECTICUT"), "CT", "US", &["New Haven"]),
    Region(US, Some("DELAWARE"), "DE", "US", &["Dover"]),
    Region(
        US,
        Some("FLORIDA"),
        "FL",
        "US",
        &["Fort Meyers", "Naples", "Ocala", "Orlando", "Orlando", "Pensacola", "Tampa"],
    ),
    Region(US, Some("IDAHO"), "ID", "US", &["Twin Falls"]),
    Region(US, Some("ILLINOIS"), "IL", "US", &["Aurora", "Chicago", "Elgin", "Peoria"]),
    Region(US, Some("INDIANA"), "IN", "US", &["Bloomington", "South Bend", ""]),
    Region(US, Some("IOWA"), "IA", "US", &["Cedar Rapids / Waterloo"]),
    Region(US, Some("LOUISIANA"), "LA", "US", &["Baton Rouge"]),
    Region(US, Some("MASSACHUSETTS"), "MA", "US", &["Worcester"]),
    Region(US, Some("MICHIGAN"), "MI", "US", &["Ann Arbor", "Lansing"]),
    Region(US, Some("MINNESOTA"), "MN", "US", &["St. Paul"]),
    Region(US, Some("MISSISSIPPI"), "MS", "US", &["Biloxi"]),
    Region(US, Some("MISSOURI"), "MO", "US", &["Columbia", "Columbia"]),
    Region(US, Some("NEW JERSEY"), "NJ", "US", &["Princeton"]),
    Region(US, Some("NEW YORK"), "NY", "US", &["Rockland County", "Staten Island", "Utica"]),
    Region(US, Some("NORTH CAROLINA"), "NC", "US", &["Asheville", "Durham", "Durham", "Hickory", "Hickory"]),
    Region(US, Some("OHIO"), "OH", "US", &["Akron", "Toledo"]),
    Region(US, Some("OREGON"), "OR", "US", &["Bend", "Bend"]),
    Region(US, Some("PENNSYLVANIA"), "PA", "US", &["Allentown", "Bethlehem", "Erie"]),
    Region(US, Some("RHODE ISLAND"), "RI", "US", &["Newport"]),
    Region(US, Some("TEXAS"), "TX", "US", &["Amarillo", "El Paso", "Lubbock", "Lubbock", "Waco"]),
    Region(US, Some("UTAH"), "UT", "US", &["Provo"]),
    Region(US, Some("WASHINGTON"), "WA", "US", &["Spokane", "Yakima"]),
    Region(US, Some("WISCONSIN"), "WI", "US", &["Kenosha", "Lake Geneva"]),
    Region("CANADA", None, "AB/ON/BC/BC", "CA", &["Edmonton", "Ottawa", "Victoria", "Victoria"]),
    Region("EUROPE", Some("BELGIUM"), "Belgium", "BE", &["Genappe", "Oudenaarde"]),
    Region("EUROPE", Some("GERMANY"), "Germany", "DE", &["Tübingen"]),
    Region("EUROPE", Some("THE NETHERLANDS"), "The Netherlands", "NL", &["Noord-Scharwoude"]),
    Region("UNITED KINGDOM", Some("ENGLAND"), "England", "GB", &["Rutland"]),
];

/// How a row shows the name of its business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameForm {
    /// As the text of the first link.
    Link,
    /// Only as the logo's alternative text; the link reads `visit the Foundry‘s website`.
    LogoAlt,
    /// As bare text of the cell; the link reads likewise.
    Text,
}

/// One row: a place of business.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub group: &'static str,
    pub region: Option<&'static str>,
    pub name: String,
    pub form: NameForm,
    /// City as printed; none in the row without location.
    pub city: Option<String>,
    /// Two-letter code where the page prints one.
    pub state: Option<String>,
    /// What the page prints behind the city.
    pub place: String,
    pub country: &'static str,
    /// Display name of the account.
    pub username: String,
    /// Whether the member link keeps the capitals of the display name.
    pub capital_link: bool,
    /// Number of the partner's site: partners with one account share it.
    pub site: usize,
    /// Path of the landing page that the directory links.
    pub landing: &'static str,
}

/// What sets a row apart: index in page order, fixed name, account (rows that share one have the same), form.
struct Special(usize, &'static str, &'static str, NameForm, bool);

/// Rows with a name or an account that stands for an oddity of the real page.
static SPECIAL: &[Special] = &[
    Special(1, "Lantern Row Collection", "LR911", NameForm::Link, false),
    Special(4, "Weir’s Motors", "weirs_garage", NameForm::Link, false),
    Special(11, "Pebble Lane’s Motor Cars", "pebble_lane_ca", NameForm::Link, false),
    Special(19, "The Lacquer Group", "the_lacquer_group", NameForm::Text, false),
    Special(25, "Hollis & Brandt", "HollisBrandt", NameForm::Link, false),
    Special(37, "MOTORSILO", "motorsilo", NameForm::Link, false),
    Special(48, "Two Strokes Later", "2StrokesLater", NameForm::Link, true),
    Special(51, "Detailed to Death", "d2d_clt", NameForm::Link, false),
    Special(57, "Vintage Werkraum", "werkraum", NameForm::Link, false),
    Special(58, "Vintage Werkraum", "werkraum", NameForm::Link, false),
    Special(63, "Lantern Row Collection", "LR911", NameForm::Link, false),
    Special(65, "The Foundry", "foundryclubs", NameForm::LogoAlt, false),
    Special(66, "The Foundry", "foundryclubs", NameForm::LogoAlt, false),
    Special(71, "The Foundry", "foundryclubs", NameForm::LogoAlt, false),
    Special(75, "Maple Reserve", "reserve613", NameForm::Link, false),
    Special(76, "Maple Reserve", "reserve613", NameForm::Link, false),
    Special(79, "Vermeulen & Co", "vermeulenandcompany", NameForm::Link, false),
    Special(80, "2StrokesLater", "2StrokesLater", NameForm::Link, false),
];

const LANDINGS: &[&str] = &[
    "/bring-a-trailer/",
    "/bat",
    "/bringatrailer-local-partner",
    "/list-on-bat.html",
    "/pages/Bat.aspx",
    "/",
    "/bringatrailer",
];

/// The first `count` rows of the directory.
pub(crate) fn rows(seed: u64, count: usize) -> Vec<Row> {
    let mut random = Random::of(seed, "directory", 0);
    let mut rows: Vec<Row> = Vec::new();
    let mut accounts: Vec<String> = Vec::new();
    for region in REGIONS {
        for (at, city) in region.4.iter().enumerate() {
            let row = row(&mut random, rows.len(), region, at, city, &mut accounts);
            rows.push(row);
        }
    }
    // A directory of another size repeats the last regions or ends early.
    while rows.len() < count {
        let region = &REGIONS[0];
        let row = row(&mut random, rows.len(), region, 0, "Prescott", &mut accounts);
        rows.push(row);
    }
    rows.truncate(count);
    rows
}

fn row(
    random: &mut Random,
    index: usize,
    region: &Region,
    at: usize,
    city: &str,
    accounts: &mut Vec<String>,
) -> Row {
    let special = SPECIAL.iter().find(|special| special.0 == index);
    let name = special.map_or_else(|| names::business(random), |special| special.1.to_owned());
    let username = special.map_or_else(
        || if random.chance(70) { slug(&name).replace('-', "") } else { names::member(random) },
        |special| special.2.to_owned(),
    );
    let site = accounts.iter().position(|account| *account == username).unwrap_or_else(|| {
        accounts.push(username.clone());
        accounts.len() - 1
    });
    let place = region.2.split('/').nth(at).or_else(|| region.2.split('/').next()).unwrap_or_default();
    Row {
        group: region.0,
        region: region.1,
        name,
        form: special.map_or(NameForm::Link, |special| special.3),
        city: (!city.is_empty()).then(|| city.to_owned()),
        state: (place.len() == 2 && !city.is_empty()).then(|| place.to_owned()),
        place: place.to_owned(),
        country: region.3,
        username,
        capital_link: special.is_some_and(|special| special.4),
        site,
        landing: random.pick(LANDINGS),
    }
}

impl Row {
    /// `slug(name)|slug(city)|STATE|COUNTRY`.
    pub fn geographic_key(&self) -> String {
        let city = self.city.as_deref().map_or_else(|| "na".to_owned(), slug);
        let state = self.state.as_deref().unwrap_or("na");
        format!("{}|{city}|{state}|{}", slug(&self.name), self.country)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn directory_has_the_real_page_s_size_and_oddities() {
        let rows = rows(1, 83);
        assert_eq!(rows.len(), 83);
        let regions: HashSet<_> = rows.iter().filter_map(|row| row.region).collect();
        assert_eq!(regions.len(), 31);
        let accounts: HashSet<_> = rows.iter().map(|row| row.username.to_lowercase()).collect();
        assert_eq!(accounts.len(), 77);
        assert_eq!(rows.iter().filter(|row| row.city.is_none()).count(), 1);
        assert_eq!(rows[37].city, None);
        assert_eq!(rows[37].geographic_key(), "motorsilo|na|na|US");
        assert_eq!(rows[80].geographic_key(), "2strokeslater|tubingen|na|DE");
        assert_eq!(rows[79].geographic_key(), "vermeulen-and-co|oudenaarde|na|BE");
        assert_eq!(rows[48].state.as_deref(), Some("NY"));
        assert_eq!(rows[75].state.as_deref(), Some("ON"));
        let keys: HashSet<_> = rows.iter().map(Row::geographic_key).collect();
        assert_eq!(keys.len(), 83, "geographic keys are unique");
    }
}

//! Invented names: of businesses, members and places' streets. Any likeness to a real one is chance.

use crate::random::Random;

const FRONT: &[&str] = &[
    "Amber", "Anvil", "Beacon", "Birch", "Bramble", "Brindle", "Cinder", "Clover", "Copper", "Cobalt",
    "Drift", "Ember", "Fallow", "Fern", "Flint", "Foxglove", "Garnet", "Gravel", "Harbor", "Hazel", "Heron",
    "Indigo", "Juniper", "Kestrel", "Lantern", "Larch", "Linden", "Marble", "Meadow", "Mistral", "Nettle",
    "Oaken", "Onyx", "Orchard", "Otter", "Pebble", "Pepper", "Pine", "Quarry", "Quill", "Raven", "Reed",
    "Saddle", "Saffron", "Slate", "Sorrel", "Sparrow", "Tallow", "Teasel", "Thistle", "Timber", "Umber",
    "Velvet", "Walnut", "Willow", "Yarrow",
];
const BACK: &[&str] = &[
    "barrow", "bend", "brook", "cairn", "cove", "crest", "croft", "dale", "fell", "ferry", "field", "ford",
    "gate", "glen", "grove", "haven", "hollow", "knoll", "ledge", "marsh", "mill", "moor", "notch", "pass",
    "point", "ridge", "row", "shaw", "spur", "stead", "thorpe", "vale", "wharf", "wick", "yard",
];
const TRADE: &[&str] = &[
    "Motors",
    "Classics",
    "Motor Cars",
    "Garage",
    "Automotive",
    "Collection",
    "Motorsport",
    "Restorations",
    "Sports Cars",
    "Vintage Cars",
    "Auto Works",
    "Cars & Trucks",
];

/// Name of a business: `Cobaltridge Motors`.
pub(crate) fn business(random: &mut Random) -> String {
    format!("{}{} {}", random.pick(FRONT), random.pick(BACK), random.pick(TRADE))
}

/// Display name of a member, in the ways people write them: `Otter_Mill`, `pebblebend82`, `SLATE911`.
pub(crate) fn member(random: &mut Random) -> String {
    let (front, back) = (random.pick(FRONT), random.pick(BACK));
    let number = random.between(2, 9_999);
    match random.below(5) {
        0 => format!("{front}_{}{number}", capital(back)),
        1 => format!("{}{back}{number}", front.to_lowercase()),
        2 => format!("{}{number}", front.to_uppercase()),
        3 => format!("{front}{}{}", capital(back), number % 100),
        _ => format!("{number}{}{back}", front.to_lowercase()),
    }
}

/// A street with its number.
pub(crate) fn street(random: &mut Random) -> String {
    let kind = random.pick(&["Road", "Avenue", "Street", "Boulevard", "Lane"]);
    format!("{} {}{} {kind}", random.between(10, 9_900), random.pick(FRONT), random.pick(BACK))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// Paints.
pub(crate) const PAINTS: &[&str] = &[
    "Alpine White",
    "Marine Blue Metallic",
    "Signal Orange",
    "Polar Silver Metallic",
    "Irish Green",
    "Black",
    "Ruby Red",
    "Light Ivory",
    "Slate Gray",
    "Sand Beige",
    "Lagoon Green Metallic",
    "Carmine Red",
];
/// Upholstery.
pub(crate) const UPHOLSTERY: &[&str] = &[
    "Black Leather",
    "Tan Leather",
    "Gray Cloth",
    "Cognac Leather & Alcantara",
    "Red Vinyl",
    "Blue Vinyl",
    "Houndstooth Cloth",
];
/// Further bullets.
pub(crate) const EXTRAS: &[&str] = &[
    "17″ Alloy Wheels",
    "Power Steering",
    "Air Conditioning",
    "Heated & Ventilated Seats",
    "Limited-Slip Differential",
    "Power-Assisted Disc Brakes",
    "Bilstein Shocks",
    "Stainless-Steel Exhaust System",
    "Momo Steering Wheel",
    "Fog Lights",
    "Sunroof",
    "Cruise Control",
    "Spare Parts",
    "Tool Kit & Jack",
    "Owner’s Manual",
    "Window Sticker",
    "Clean Carfax Report",
    "Service Records From 2004–2021",
    "CD Stereo",
    "Removable Hardtop",
    "15×7″ Minilite Wheels",
];
/// Cities as BaT prints a location: (printed, country, state, city).
pub(crate) const PLACES: &[(&str, &str)] = &[
    ("Asheville, North Carolina 28801", "US"),
    ("Boise, Idaho 83702", "US"),
    ("Macon, Georgia 31201", "US"),
    ("Duluth, Minnesota 55802", "US"),
    ("Tulsa, Oklahoma 74103", "US"),
    ("Reno, Nevada 89501", "US"),
    ("Eugene, Oregon 97401 ", "US"),
    ("South River, New Jersey 08882`", "US"),
    ("Kingston, Ontario, Canada", "CA"),
    ("Lethbridge, Alberta, Canada", "CA"),
    ("Bremen, Germany", "DE"),
    ("Aubenas, France", "FR"),
    ("Leeds, United Kingdom", "GB"),
    ("Haarlem, Netherlands", "NL"),
    ("Salem, OH", "US"),
];
/// Countries: code, alpha-3, name as shown in the tag, name in full.
pub(crate) const COUNTRIES: &[(&str, &str, &str, &str)] = &[
    ("US", "USA", "USA", "United States"),
    ("CA", "CAN", "CAN", "Canada"),
    ("DE", "DEU", "DEU", "Germany"),
    ("FR", "FRA", "FRA", "France"),
    ("GB", "GBR", "GBR", "United Kingdom"),
    ("NL", "NLD", "NLD", "Netherlands"),
    ("BE", "BEL", "BEL", "Belgium"),
];

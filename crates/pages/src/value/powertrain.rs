//! Which bullets name the engine, the transmission and the driven wheels.
//!
//! Bullets are noun phrases ("Turbocharged 2.0-Liter Inline-Four"): what counts is the phrase before an
//! addition ("w/…"), and a part named in it ("V8 Badging", "Hurst Shifter") means that it is about that part.

/// Arrangements of cylinders and other kinds of engine, in small letters.
const ENGINE_KINDS: [&str; 36] = [
    "v2",
    "v4",
    "v6",
    "v8",
    "v10",
    "v12",
    "v16",
    "w8",
    "w12",
    "w16",
    "flat-two",
    "flat-twin",
    "flat-four",
    "flat-six",
    "flat-eight",
    "flat-twelve",
    "boxer-four",
    "inline-two",
    "inline-three",
    "inline-four",
    "inline-five",
    "inline-six",
    "inline-eight",
    "straight-six",
    "straight-eight",
    "slant-six",
    "v-twin",
    "l-twin",
    "parallel-twin",
    "single-cylinder",
    "two-cylinder",
    "three-cylinder",
    "four-cylinder",
    "six-cylinder",
    "twin-rotor",
    "wankel",
];

/// Parts that a phrase about an engine, a transmission or driven wheels may be about instead.
const OTHER_PARTS: [&str; 38] = [
    "badge",
    "badges",
    "badging",
    "brochure",
    "calipers",
    "carburetor",
    "carburetors",
    "cooler",
    "cover",
    "covers",
    "decals",
    "differential",
    "documentation",
    "emblem",
    "emblems",
    "exhaust",
    "fluid",
    "graphics",
    "grille",
    "heads",
    "intake",
    "invoice",
    "invoices",
    "kit",
    "manifold",
    "mount",
    "mounts",
    "radiator",
    "records",
    "servicing",
    "serviced",
    "shifter",
    "spare",
    "sticker",
    "tank",
    "tunnel",
    "wheels",
    "wipers",
];

/// Words that name a transmission by themselves.
const TRANSMISSIONS: [&str; 16] = [
    "cvt",
    "dsg",
    "dct",
    "gearbox",
    "hydramatic",
    "hydra-matic",
    "pdk",
    "powerglide",
    "smg",
    "tiptronic",
    "torqueflite",
    "transaxle",
    "transmission",
    "turbo-hydramatic",
    "transaxles",
    "transmissions",
];

/// Words that make a transmission of a number of speeds.
const SHIFTED: [&str; 11] = [
    "manual",
    "automatic",
    "sequential",
    "automated",
    "semi-automatic",
    "dual-clutch",
    "overdrive",
    "getrag",
    "tremec",
    "muncie",
    "close-ratio",
];

/// Names of driven wheels.
const DRIVEN_WHEELS: [&str; 7] = [
    "four-wheel drive",
    "all-wheel drive",
    "rear-wheel drive",
    "front-wheel drive",
    "two-wheel drive",
    "six-wheel drive",
    "part-time four-wheel",
];
const DRIVEN_WHEELS_SHORT: [&str; 9] =
    ["4wd", "awd", "rwd", "fwd", "4x4", "4×4", "4matic", "xdrive", "4motion"];

/// Longest bullet that is looked at, in bytes: those of the saved pages have 51 at most.
const LONGEST: usize = 2_000;

/// A bullet in small letters up to its first addition; `None` if it is about another part.
fn phrase(bullet: &str) -> Option<String> {
    if bullet.len() > LONGEST {
        return None;
    }
    let lower = crate::text::collapse(&bullet.to_lowercase()).replace("-drive", " drive");
    let end = [" w/", " with ", " for ", " (", ", "].iter().filter_map(|mark| lower.find(mark)).min();
    let phrase = lower.get(..end.unwrap_or(lower.len()))?.to_owned();
    let about_another = words(&phrase).any(|word| OTHER_PARTS.contains(&word));
    (!about_another).then_some(phrase)
}

fn words(phrase: &str) -> impl Iterator<Item = &str> {
    phrase
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | ';' | '“' | '”' | '"'))
        .filter(|word| !word.is_empty())
}

/// Whether a bullet names the engine: `2.9-Liter Flat-Six`, `Replacement 350ci V8`, `LS3 V8`. A bullet
/// `Engine: HM20700391` is an engine's number.
pub fn is_engine(bullet: &str) -> bool {
    let Some(phrase) = phrase(bullet) else { return false };
    if phrase.contains("-speed") && !words(&phrase).any(is_displacement) {
        return false;
    }
    phrase.contains("electric motor")
        || words(&phrase).any(|word| ENGINE_KINDS.contains(&word) || is_displacement(word))
}

/// `2.9-liter`, `3.8l`, `350ci`, `1,275cc`, `427-cubic-inch`.
fn is_displacement(word: &str) -> bool {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(word.len());
    let (number, unit) = word.split_at(end);
    if number.is_empty() {
        return false;
    }
    match unit {
        "-liter" | "-litre" => true,
        "l" => number.contains('.'),
        "ci" | "cc" | "-ci" | "-cc" | "-cubic-inch" => true,
        _ => false,
    }
}

/// Whether a bullet names the transmission: `Six-Speed Manual Transaxle`, `Four-Speed Manual Transmission
/// w/Hurst Shifter`, `Five-Speed`. A shifter is none, nor is automatic climate control.
pub fn is_transmission(bullet: &str) -> bool {
    let Some(phrase) = phrase(bullet) else { return false };
    let named = words(&phrase).any(|word| TRANSMISSIONS.contains(&word));
    let speeds = words(&phrase).any(|word| word.ends_with("-speed"));
    let shifted = words(&phrase).any(|word| SHIFTED.contains(&word));
    // Work on a transmission ("Transmission Rebuilt in 2015") names it without saying what it is.
    let worked_on =
        !speeds && words(&phrase).any(|word| word.starts_with("rebuil") || word.starts_with("service"));
    (named && !worked_on) || (speeds && (shifted || phrase.ends_with("-speed")))
}

/// Whether a bullet names the driven wheels: `Four-Wheel Drive`, `Quattro All-Wheel Drive`, `4WD`. A
/// limited-slip differential does not.
pub fn is_drivetrain(bullet: &str) -> bool {
    let Some(phrase) = phrase(bullet) else { return false };
    DRIVEN_WHEELS.iter().any(|name| phrase.contains(name))
        || words(&phrase).any(|word| DRIVEN_WHEELS_SHORT.contains(&word))
}

#[cfg(test)]
#[path = "powertrain_tests.rs"]
mod tests;

//! Chassis numbers and VINs.

use crate::text::collapse;

/// What is printed where there is no number, or none is told.
const PLACEHOLDERS: [&str; 3] = ["withheld", "unknown", "see text"];

/// Where a note begins that is printed behind a number.
const NOTES: [&str; 10] =
    [" (", "(", ";", " / ", "/ engine", "/engine", ", ", " - engine", " engine:", " – "];

/// What hides a part of a number, in small letters: cars of one model have the same rest.
const MASKS: [&str; 2] = ["xxxxx", "*****"];

/// The number printed after "Chassis:", without the notes behind it. Before 1981 any form is possible.
/// `None` for "N/A", "Withheld", fillers such as all zeros, masked numbers, and whatever has no digit.
pub fn chassis(text: &str) -> Option<String> {
    let text = collapse(text);
    // ASCII folding keeps every offset.
    let lower = text.to_ascii_lowercase();
    let end = NOTES.iter().filter_map(|note| lower.find(note)).min().unwrap_or(text.len());
    let number = text.get(..end)?.trim().trim_end_matches([',', '.', ':']).trim();
    let lower = lower.get(..end)?;
    let refused = PLACEHOLDERS.iter().chain(&MASKS).any(|word| lower.contains(word))
        || !number.bytes().any(|byte| byte.is_ascii_digit())
        || distinct(number) == 1 && number.len() > 3;
    (!refused).then(|| number.to_owned())
}

/// The VIN that a chassis number is: 17 characters of the VIN alphabet (no I, O, Q), in capitals. Fillers are
/// told by too few different characters, masked numbers by a run of X. The check digit is not asked for: only North American VINs have one.
pub fn vin(chassis: &str) -> Option<String> {
    let vin = chassis.trim().to_ascii_uppercase();
    let alphabet =
        |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O' | b'Q');
    let valid = vin.len() == 17
        && vin.bytes().all(alphabet)
        && vin.bytes().any(|byte| byte.is_ascii_uppercase())
        && vin.bytes().any(|byte| byte.is_ascii_digit())
        && distinct(&vin) >= 5
        && !vin.contains("XXXXX");
    valid.then_some(vin)
}

/// Whether the bullets of a listing tell more than one chassis number: several vehicles in one lot, of which none is the
/// one that the lot is about.
pub fn are_several(bullets: &[String]) -> bool {
    let numbers = bullets.iter().filter_map(|bullet| {
        let (label, text) = bullet.split_once(':')?;
        let label = label.trim().to_ascii_lowercase();
        matches!(label.as_str(), "chassis" | "chassis numbers" | "vin" | "vins").then_some(text)
    });
    let mut seen: Vec<String> = Vec::new();
    for text in numbers {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(vin);
        let before = seen.len();
        seen.extend(words);
        if seen.len() == before {
            // No VIN: what is printed counts as one number, unless it is two that are joined.
            seen.extend(text.split(['&', '+']).flat_map(|part| part.split(" and ")).filter_map(chassis));
        }
    }
    seen.sort_unstable();
    seen.dedup();
    seen.len() > 1
}

/// Number of different letters and digits.
fn distinct(text: &str) -> usize {
    let mut seen: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_printed_without_notes() {
        for (text, expected) in [
            ("WP0AC2A94TS287162", "WP0AC2A94TS287162"),
            ("85576", "85576"),
            ("3969", "3969"),
            ("FJ40162301", "FJ40162301"),
            ("HBJ7L24889", "HBJ7L24889"),
            ("136375A103866", "136375A103866"),
            ("00011BX5S000818", "00011BX5S000818"),
            ("11304412017990", "11304412017990"),
            ("JH@DD0107BS202742", "JH@DD0107BS202742"),
            ("ZHWBU37S18LA02897", "ZHWBU37S18LA02897"),
            ("WP0ZZZ99ZKS197103 (see text)", "WP0ZZZ99ZKS197103"),
            ("WP0ZZZ99ZKS197103 (Canadian-market)", "WP0ZZZ99ZKS197103"),
            ("1234567 / Engine: 7654321", "1234567"),
            ("1234567/Engine: 7654321", "1234567"),
            ("12345 - Engine: 54321", "12345"),
            ("WBSBR934X2EX23144, Engine: S54B32", "WBSBR934X2EX23144"),
            ("85576; see text", "85576"),
            (" 85576 ", "85576"),
            ("AR*105*12345", "AR*105*12345"),
            ("111", "111"),
        ] {
            assert_eq!(chassis(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn placeholders_are_no_number() {
        for text in [
            "N/A",
            "n/a",
            "Withheld",
            "00000000000000000",
            "Unknown",
            "",
            " ",
            "(see text)",
            "None",
            "000000",
        ] {
            assert_eq!(chassis(text), None, "{text}");
        }
    }

    #[test]
    fn masked_numbers_are_no_number() {
        for text in ["WP0AB2A9XXXXXXXXX", "XXXXXXXXXXXXX1234", "wp0ab2a99yuxxxxxx", "WP0AB2A9*********"] {
            assert_eq!((chassis(text), vin(text)), (None, None), "{text}");
        }
        assert_eq!(chassis("XXX1234").as_deref(), Some("XXX1234"));
    }

    #[test]
    fn a_pair_sale_tells_several_numbers() {
        let several = |bullets: &[&str]| {
            are_several(&bullets.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
        };
        for one in [
            &["Chassis: WP0AC2A94TS287162", "61 Miles"][..],
            &["Chassis: 1234567 / Engine: 7654321"],
            &["Chassis: WBSBR934X2EX23144, Engine: S54B32"],
            &["Chassis: 85576", "Engine: HM20700391", "Chassis: 85576"],
            &["Chassis: WP0ZZZ99ZKS197103 (see text)"],
            &["Chassis: N/A"],
            &["Reproduction Chassis"],
            &[],
        ] {
            assert!(!several(one), "{one:?}");
        }
        for pair in [
            &["Chassis: WP0AC2A94TS287162, WP0ZZZ99ZKS197103"][..],
            &["Chassis: WP0AC2A94TS287162 / WP0ZZZ99ZKS197103"],
            &["Chassis: WP0AC2A94TS287162", "Chassis: WP0ZZZ99ZKS197103"],
            &["Chassis: 85576 and 85577"],
            &["Chassis: 85576 & 85577"],
        ] {
            assert!(several(pair), "{pair:?}");
        }
    }

    #[test]
    fn vins_are_17_characters_of_their_alphabet() {
        for good in ["WP0AA29829U760958", "WP0ZZZ99ZKS197103", "ZFFYT53A010124655", "wbsbr934x2ex23144"] {
            assert_eq!(vin(good), Some(good.to_uppercase()), "{good}");
        }
        for bad in [
            "85576",
            "JH@DD0107BS202742",
            "00000000000000000",
            "12345678901234567",
            "XXXXXXXXXXXXXXXXX",
            "WP0AA29829U76095O",
            "1111111111111111A",
            "",
        ] {
            assert_eq!(vin(bad), None, "{bad}");
        }
    }
}

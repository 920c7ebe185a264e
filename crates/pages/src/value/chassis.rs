//! Chassis numbers and VINs.

use crate::text::collapse;

/// What is printed where there is no number, or none is told.
const PLACEHOLDERS: [&str; 3] = ["withheld", "unknown", "see text"];

/// Where a note begins that is printed behind a number.
const NOTES: [&str; 8] = [" (", "(", ";", " / ", "/ engine", ", ", " engine:", " – "];

/// The number printed after "Chassis:", without the notes behind it. Before 1981 any form is possible.
/// `None` for "N/A", "Withheld", fillers such as all zeros, and whatever has no digit.
pub fn chassis(text: &str) -> Option<String> {
    let text = collapse(text);
    // ASCII folding keeps every offset.
    let lower = text.to_ascii_lowercase();
    let end = NOTES.iter().filter_map(|note| lower.find(note)).min().unwrap_or(text.len());
    let number = text.get(..end)?.trim().trim_end_matches([',', '.', ':']).trim();
    let lower = lower.get(..end)?;
    let refused = PLACEHOLDERS.iter().any(|word| lower.contains(word))
        || !number.bytes().any(|byte| byte.is_ascii_digit())
        || distinct(number) == 1 && number.len() > 3;
    (!refused).then(|| number.to_owned())
}

/// The VIN that a chassis number is: 17 characters of the VIN alphabet (no I, O, Q), in capitals. Fillers are
/// told by too few different characters. The check digit is not asked for: only North American VINs have one.
pub fn vin(chassis: &str) -> Option<String> {
    let vin = chassis.trim().to_ascii_uppercase();
    let alphabet =
        |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O' | b'Q');
    let valid = vin.len() == 17
        && vin.bytes().all(alphabet)
        && vin.bytes().any(|byte| byte.is_ascii_uppercase())
        && vin.bytes().any(|byte| byte.is_ascii_digit())
        && distinct(&vin) >= 5;
    valid.then_some(vin)
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

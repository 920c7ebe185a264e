//! Chassis numbers: VINs with their check digit, and the short numbers of before 1981.

use crate::random::Random;

/// Characters of a VIN, in the order of the year codes, which leave some of them out.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
/// Codes of the model years from 1980 on; they come again after thirty years.
const YEARS: &[u8] = b"ABCDEFGHJKLMNPRSTVWXY123456789";
/// What each place counts for in the check digit.
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// What a filler puts in place of a VIN: it passes the check digit.
pub(super) const FILLER: &str = "11111111111111111";

/// A VIN of a maker and a model year of 1980 or later, with its check digit; `serial` sets it apart from others.
pub(super) fn vin(random: &mut Random, maker: &str, year: i32, serial: usize) -> String {
    let letter = |random: &mut Random| char::from(LETTERS[random.below(LETTERS.len())]);
    let describing: String = (0..5).map(|_| letter(random)).collect();
    let code = char::from(YEARS[(year - 1980).rem_euclid(30) as usize]);
    let plant = letter(random);
    let draft = format!("{maker}{describing}0{code}{plant}{:06}", 100_000 + serial * 37 % 900_000);
    let digit = check_digit(&draft);
    format!("{}{digit}{}", &draft[..8], &draft[9..])
}

/// The check digit of a VIN, whatever stands in its place: `0` to `9` or `X`.
fn check_digit(vin: &str) -> char {
    let sum: u32 = vin.bytes().zip(WEIGHTS).map(|(byte, weight)| value(byte) * weight).sum();
    char::from_digit(sum % 11, 10).unwrap_or('X')
}

/// What a character counts for.
fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'H' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        b'S'..=b'Z' => u32::from(byte - b'S') + 2,
        _ => 0,
    }
}

/// A chassis number as makers wrote them before 1981; `serial` sets it apart from others.
pub(super) fn short(random: &mut Random, year: i32, serial: usize) -> String {
    let number = 10_000 + serial * 7;
    match random.below(6) {
        0 => format!("CSX {number}"),
        1 => format!("P{}FH2{number}", year % 10),
        2 => format!("HBJ8L{number}"),
        3 => format!("XP29E6{:07}", 1_180_000 + number),
        4 => format!("{}3375A1{number}", year % 10),
        _ => format!("AR{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_known_vins() {
        for vin in ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715"] {
            assert_eq!(vin.chars().nth(8), Some(check_digit(vin)), "{vin}");
        }
    }

    #[test]
    fn vins_name_maker_and_year() {
        let vin = vin(&mut Random::of(1, "vin", 1), "WP0", 1987, 5);
        assert_eq!((vin.len(), &vin[..3], &vin[9..10], &vin[11..]), (17, "WP0", "H", "100185"));
        assert_eq!(vin.chars().nth(8), Some(check_digit(&vin)));
    }
}

//! Whole numbers as pages print them.

/// The number that stands in groups of digits, of which those behind the first have three.
pub(crate) fn of_groups<'a>(mut groups: impl Iterator<Item = &'a str>) -> Option<i64> {
    let mut digits = groups.next()?.to_owned();
    let is_short = (1..=3).contains(&digits.len());
    for group in groups {
        if !is_short || group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    // A sign would be taken for one of the number.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// The digits and commas that a text begins with.
pub(crate) fn at_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The number that digits and commas are. The auction site prints it, so it is no question where the commas stand.
pub(crate) fn without_commas(digits: &str) -> Option<i64> {
    digits.replace(',', "").parse().ok()
}

/// First whole number in `text`, thousands separated by commas: `6,993 views` → 6993.
pub(crate) fn first(text: &str) -> Option<i64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    without_commas(at_start(text.get(start..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_their_commas() {
        assert_eq!(first("Lot #239,408"), Some(239_408));
        assert_eq!(first("no number"), None);
        assert_eq!(first("99999999999999999999999"), None);
    }

    #[test]
    fn groups_behind_the_first_have_three_digits() {
        let number = |text: &str| of_groups(text.split(','));
        for (text, expected) in
            [("7", 7), ("12345", 12_345), ("1,095,000", 1_095_000), ("999,001", 999_001), ("0,001", 1)]
        {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        for text in [
            "",
            ",",
            ",567",
            "1,",
            "1,,000",
            "1234,567",
            "1,00",
            "1,0000",
            "+1",
            "1,+00",
            "a",
            "9,999,999,999,999,999,999",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}

//! Amounts of money as the site prints them.

use crate::number;

/// An amount with the currency it is printed in. Amounts are never converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217 code: printed before the amount, or told by its sign.
    pub currency: Option<String>,
    /// Whether the sign is a bare `$`, which every dollar shares: USD only where nothing else names the currency.
    pub bare_dollar: bool,
    /// Whole units. Bids are whole; the `.00` of history entries is dropped.
    pub amount: i64,
}

impl Money {
    /// The currency, if the text names it.
    pub fn named_currency(&self) -> Option<String> {
        self.currency.clone().filter(|_| !self.bare_dollar)
    }
}

/// Signs that tell a currency. A bare `$` is the US dollar on a page that names no other: the site printed no code
/// while it sold in no other currency. Today it names the currency of each result, but not in every place: the thread's
/// `content` prints the sign alone where the `markup` beside it prints the code.
const SIGNS: [(char, &str); 4] = [('$', "USD"), ('£', "GBP"), ('€', "EUR"), ('¥', "JPY")];

/// First amount in `text`: `USD $42,000`, `USD $42,000.00`, `GBP £16,000`, `Sold for EUR €10,000 on …`.
/// Digits without a sign or a code before them are no amount. Zero is one.
pub fn money(text: &str) -> Option<Money> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(|c: char| c.is_ascii_digit()) {
        let at = from + found;
        let digits = number::at_start(text.get(at..)?);
        if let Some((currency, bare_dollar)) = currency_before(text.get(..at)?) {
            let amount = number::without_commas(digits)?;
            return Some(Money { currency: Some(currency), bare_dollar, amount });
        }
        from = at + digits.len();
    }
    None
}

/// The currency whose code or sign ends `text`, and whether it is but a bare `$`.
fn currency_before(text: &str) -> Option<(String, bool)> {
    let text = text.trim_end();
    let sign = SIGNS.iter().find(|(sign, _)| text.ends_with(*sign));
    let before = sign.map_or(text, |(sign, _)| text.trim_end_matches(*sign).trim_end());
    let printed = iso_code(before).map(|code| (code, false));
    printed.or_else(|| sign.map(|(sign, code)| ((*code).to_owned(), *sign == '$')))
}

/// A code at the end of `text`: three capitals that are a word of their own.
fn iso_code(text: &str) -> Option<String> {
    // No more than that: the text may be one long word with digits in it, each of which asks.
    let end = text.get(text.floor_char_boundary(text.len().saturating_sub(4))..)?;
    let word = end.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let is_code = word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase());
    is_code.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_seen() {
        for (text, currency, amount) in [
            ("USD $42,000", "USD", 42_000),
            ("$42,000.00", "USD", 42_000),
            ("USD $53,000.00", "USD", 53_000),
            ("GBP £16,000", "GBP", 16_000),
            ("EUR €10,000", "EUR", 10_000),
            ("CAD $21,500", "CAD", 21_500),
            ("AUD $9,000", "AUD", 9_000),
            ("CHF 12,000", "CHF", 12_000),
            ("$15,678", "USD", 15_678),
            ("$2,626", "USD", 2_626),
            ("$516,997", "USD", 516_997),
            ("Sold for USD $7,500 on 4/20/2026", "USD", 7_500),
            ("Sold on 4/24/26 for USD $42,000.00 to Duke280", "USD", 42_000),
            ("Reserve not met on 11/7/25 at USD $53,000", "USD", 53_000),
            ("Sold on 9/14/15 for $12,000 to NIACC", "USD", 12_000),
        ] {
            let read = money(text).map(|money| (money.currency, money.amount));
            assert_eq!(read, Some((Some(currency.to_owned()), amount)), "{text}");
        }
    }

    #[test]
    fn a_bare_dollar_names_no_currency() {
        for (text, named) in [
            ("$42,000", None),
            ("C$42,000", None),
            ("USD $42,000", Some("USD")),
            ("CAD $42,000", Some("CAD")),
            ("£42,000", Some("GBP")),
            ("CHF 42,000", Some("CHF")),
        ] {
            let read = money(text).and_then(|money| money.named_currency());
            assert_eq!(read.as_deref(), named, "{text}");
        }
    }

    #[test]
    fn numbers_without_a_currency_are_no_money() {
        for text in ["", "42,000", "Withdrawn on 9/23/2026", "28", "None", "$", "USD"] {
            assert_eq!(money(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_beyond_any_number_are_no_money() {
        assert_eq!(money(&format!("${}", "9".repeat(40))), None);
    }
}

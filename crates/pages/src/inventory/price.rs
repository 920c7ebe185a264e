//! What stands in the place of a price.

use super::item::Status;
use super::mark::mark;
use crate::number;
use crate::text::{collapse, strip_prefix_ignore_case};

/// A price as printed in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Price {
    /// Whole units.
    pub amount: Option<i64>,
    /// ISO 4217 code, if printed.
    pub currency: Option<String>,
    /// Whether the price is told on request.
    pub on_request: bool,
    /// Whether "Sold" stands there.
    pub sold: bool,
    /// Whether it says there that a sale is pending.
    pub pending: bool,
    /// What it was sold for, in whole units: `Sold for $42,000`.
    pub sold_for: Option<i64>,
}

impl Price {
    /// Whether it is no price, but says that there is none any more.
    pub fn is_mark(&self) -> bool {
        (self.sold || self.pending) && self.sold_for.is_none()
    }
}

/// Longest text that may be a price.
const LONGEST: usize = 60;

/// What is printed where a price is told on request.
const ON_REQUEST: [&str; 10] =
    ["call", "contact", "inquire", "enquire", "inquiry", "poa", "p.o.a", "por", "on request", "upon request"];

/// Signs and codes of currencies. A bare `$` is that of many countries and tells none.
const CURRENCIES: [(&str, Option<&str>); 15] = [
    ("US$", Some("USD")),
    ("USD", Some("USD")),
    ("CA$", Some("CAD")),
    ("C$", Some("CAD")),
    ("CAD", Some("CAD")),
    ("AU$", Some("AUD")),
    ("AUD", Some("AUD")),
    ("GBP", Some("GBP")),
    ("£", Some("GBP")),
    ("EUR", Some("EUR")),
    ("€", Some("EUR")),
    ("CHF", Some("CHF")),
    ("JPY", Some("JPY")),
    ("¥", Some("JPY")),
    ("$", None),
];

/// Words that may stand before an amount that is asked for.
const BEFORE: [&str; 7] = ["asking", "price", "our", "internet", "selling", "now", "dealer"];

/// Words that may stand behind one.
const BEHIND: [&str; 3] = ["obo", "firm", "or best offer"];

/// Reads a text that is a price and nothing else: `$1,095,000 USD`, `$62,900.00`, `Call for price`, `SOLD`.
/// Payments, deposits, discounts, prices from somewhere on, and two amounts are none.
pub(super) fn price(text: &str) -> Option<Price> {
    let text = collapse(text);
    if text.len() > LONGEST {
        return None;
    }
    let lower = text.to_lowercase();
    let plain = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if let Some(marked) = mark(plain) {
        let (sold, pending) = (marked == Status::Sold, marked == Status::Pending);
        return Some(Price { sold, pending, ..Price::default() });
    }
    if let Some(rest) = strip_prefix_ignore_case(&text, "sold for ") {
        let found = amount(rest).filter(|price| price.amount.is_some())?;
        return Some(Price { sold: true, sold_for: found.amount, amount: None, ..found });
    }
    if is_on_request(plain) {
        return Some(Price { on_request: true, ..Price::default() });
    }
    amount(&text)
}

/// `Call`, `Call for price`, `Inquire`, `POA`, `Price on request`: no more than five words, none of them a number.
fn is_on_request(plain: &str) -> bool {
    let plain = plain.strip_prefix("please ").unwrap_or(plain);
    let few = plain.split_whitespace().count() <= 5 && !plain.contains(|c: char| c.is_ascii_digit());
    few && ON_REQUEST.iter().any(|phrase| {
        plain.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            || (phrase.ends_with("request") || plain.starts_with("price")) && plain.ends_with(phrase)
    })
}

/// An amount with a currency's sign or code at one of its ends.
fn amount(text: &str) -> Option<Price> {
    let mut rest = text.trim();
    while let Some(after) = BEFORE.iter().find_map(|word| strip_prefix_ignore_case(rest, word)) {
        rest = after.trim_start_matches([' ', ':']);
    }
    let (before, rest) = currency_at_start(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    let (behind, tail) = currency_at_start(tail.trim_start());
    let tail = tail.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '!' | '.')).to_lowercase();
    let sign = before.or(behind)?;
    let code = behind.flatten().or(before.flatten()).or(sign);
    if !tail.is_empty() && !BEHIND.contains(&tail.as_str()) {
        return None;
    }
    let amount = number_in(digits, code)?;
    let currency = code.map(str::to_owned);
    match amount {
        0 => Some(Price { on_request: true, currency, ..Price::default() }),
        // What is typed where a form wants a number.
        1 => None,
        amount => Some(Price { amount: Some(amount), currency, ..Price::default() }),
    }
}

/// An amount among the words of a line.
pub(super) struct Printed {
    /// Where it begins and ends in the line, its currency included.
    pub start: usize,
    pub end: usize,
    /// Whole units; `None` for a number that cannot be read.
    pub amount: Option<i64>,
}

/// The amounts of a line: numbers beside a currency.
pub(super) fn printed(line: &str) -> Vec<Printed> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let first = from + at;
        let (before, rest) = line.split_at(first);
        let length = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.'));
        let digits = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let digits = digits.trim_end_matches([',', '.']);
        from = first + digits.len();
        let before = before.trim_end();
        let sign = CURRENCIES.iter().find(|(sign, _)| ends_with(before, sign));
        let start = sign.map_or(first, |(sign, _)| before.len() - sign.len());
        let behind = line.get(from..).unwrap_or_default().trim_start();
        // A sign behind a number that has one is that of the next.
        let is_own = sign.is_none() || behind.starts_with(|c: char| c.is_ascii_alphabetic());
        let (code, tail) = currency_at_start(behind);
        let code = code.filter(|_| is_own);
        let end = if code.is_some() { line.len() - tail.len() } else { from };
        if sign.is_some() || code.is_some() {
            let currency = code.flatten().or(sign.and_then(|(_, code)| *code));
            found.push(Printed { start, end, amount: number_in(digits, currency) });
        }
    }
    found
}

/// Whether a text ends with a currency's sign or code, whatever its letters' case.
fn ends_with(text: &str, sign: &str) -> bool {
    let at = text.len().checked_sub(sign.len());
    at.and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(sign))
}

/// The currency that a text begins with, and what follows.
fn currency_at_start(text: &str) -> (Option<Option<&'static str>>, &str) {
    for (sign, code) in CURRENCIES {
        if let Some(rest) = strip_prefix_ignore_case(text, sign) {
            let rest = rest.trim_start();
            // "USD $1,000": the code counts, the sign behind it goes.
            let rest = rest.strip_prefix(['$', '£', '€']).unwrap_or(rest).trim_start();
            return (Some(code), rest);
        }
    }
    (None, text)
}

/// Currencies of countries that part thousands by dots.
const CONTINENTAL: [&str; 10] = ["EUR", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN"];

/// Whole units of `38,500`, `38500.00`, `2,,500.00`, `38.500,00`; `None` for anything else, fractions of three digits
/// included.
pub(super) fn number(digits: &str) -> Option<i64> {
    number_in(digits, None)
}

/// The same of an amount in a currency. Where thousands are parted by dots, `38.500` is such a number.
pub(super) fn number_in(digits: &str, currency: Option<&str>) -> Option<i64> {
    if digits.len() > LONGEST {
        return None;
    }
    let digits = digits.trim_end_matches(['.', ',']);
    let is_continental = currency.is_some_and(|code| CONTINENTAL.contains(&code));
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (digits.rfind('.'), digits.rfind(',')) {
        (dot, Some(comma)) if is_decimal_comma(digits, dot, comma, is_continental) => {
            grouped(&digits[..comma], '.')
        }
        (Some(dot), _) if is_plain(&digits[dot + 1..]) && digits.len() - dot <= 3 => {
            grouped(&digits[..dot], ',')
        }
        (Some(_), None) if is_continental => grouped(digits, '.'),
        (Some(_), _) => None,
        (None, _) => grouped(digits, ','),
    }
}

/// Whether the last comma of a number has its decimals behind it, exactly two. `$42,50` is more likely to lack a digit.
fn is_decimal_comma(digits: &str, dot: Option<usize>, comma: usize, is_continental: bool) -> bool {
    let is_only = digits.find(',') == Some(comma);
    let is_long = comma > 3;
    let behind_dots = dot.is_none_or(|dot| dot < comma);
    is_only && behind_dots && digits.len() - comma == 3 && (is_continental || is_long)
}

/// The number of digits in groups. What parts these is often typed twice: `2,,500`.
fn grouped(digits: &str, separator: char) -> Option<i64> {
    let (first, rest) = digits.split_once(separator).unwrap_or((digits, ""));
    let rest = rest.split(separator).filter(|group| !group.is_empty());
    number::of_groups(std::iter::once(first).chain(rest))
}

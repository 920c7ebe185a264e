//! Numbers, amounts, shares and links, as a reader wants them.

use url::Url;

/// A whole number with separators: `1,234,567`.
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}

/// An amount, without cents: `$80,375`, `€1,200`, `CHF 5`; of an unknown currency the bare number.
#[allow(clippy::cast_possible_truncation, reason = "no amount comes near the limits")]
pub fn money(amount: f64, currency: Option<&str>) -> String {
    let whole = number(amount.round() as i64);
    match currency {
        Some("USD") => format!("${whole}"),
        Some("EUR") => format!("€{whole}"),
        Some("GBP") => format!("£{whole}"),
        Some(code) => format!("{code} {whole}"),
        None => whole,
    }
}

/// An amount for an axis: `$5.9M`, `$500k`, `$0`.
pub fn short_money(amount: f64, currency: Option<&str>) -> String {
    let (scaled, unit) = match amount {
        amount if amount >= 1e6 => (amount / 1e6, "M"),
        amount if amount >= 1e3 => (amount / 1e3, "k"),
        amount => (amount, ""),
    };
    let digits = usize::from(scaled.fract() > 0.001);
    let sign = money(0.0, currency).trim_end_matches('0').to_owned();
    format!("{sign}{scaled:.digits$}{unit}")
}

/// A share of 1 in percent: `82 %`. Only all is 100 %, and only nothing is 0 %.
pub fn percent(share: f64) -> String {
    let percent = (share * 100.0).round();
    let percent = match share {
        share if share < 1.0 && percent >= 100.0 => 99.0,
        share if share > 0.0 && percent <= 0.0 => 1.0,
        _ => percent,
    };
    format!("{percent:.0}\u{a0}%")
}

/// A URL that may be put into `href` or `src`: of the web, with a host and without credentials.
pub fn link(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_plain = url.host_str().is_some() && url.username().is_empty() && url.password().is_none();
    (is_web && is_plain).then(|| url.to_string())
}

/// The state of an auction in words.
pub fn outcome(status: Option<&str>) -> &str {
    match status {
        Some("live") => "live",
        Some("sold") => "sold",
        Some("reserve_not_met") => "reserve not met",
        Some("withdrawn") => "withdrawn",
        _ => "ended",
    }
}

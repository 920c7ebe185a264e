//! Phone numbers.

use phonenumber::{Mode, country};
use scraper::ElementRef;
use url::Url;

use super::Page;
use crate::dom::{lines, outermost, text};
use crate::place::country_code;

/// Longest text that may be a phone number.
const LONGEST: usize = 40;

/// How many lines of a contact block are read.
const LINES: usize = 300;

/// Top-level domains that are a country's by code only: anybody registers them.
const GENERIC: [&str; 12] = ["ai", "cc", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv", "ws"];

/// The page's phone number, E.164, and its source. A page that gives several, none of them more often or more
/// prominently than the others, gives none.
pub(super) fn find(page: &Page<'_>, region: &str) -> Option<(String, &'static str)> {
    let structured = page
        .businesses
        .iter()
        .find_map(|(source, business)| Some((normal(business.telephone.as_deref()?, region)?, *source)));
    let meta = || {
        let keys = ["business:contact_data:phone_number", "og:phone_number"];
        Some((normal(page.meta.first(&keys)?, region)?, "meta"))
    };
    structured
        .or_else(meta)
        .or_else(|| in_links(page, region).map(|phone| (phone, "tel")))
        .or_else(|| in_text(page, region).map(|phone| (phone, "text")))
}

/// A number as E.164. `None` if it is none of its country's plan, or a placeholder such as 555-0100.
pub(super) fn normal(text: &str, region: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST || text.bytes().filter(u8::is_ascii_digit).count() < 3 {
        return None;
    }
    let country: Option<country::Id> = region.parse().ok();
    let number = phonenumber::parse(country, text).ok()?;
    if !phonenumber::is_valid(&number) {
        return None;
    }
    let e164 = number.format().mode(Mode::E164).to_string();
    let fictional = e164.len() == 12 && e164.starts_with("+1") && e164.get(5..10) == Some("55501");
    (!fictional).then_some(e164)
}

/// ISO code of the country that a host's top-level domain belongs to.
pub(super) fn region_of_host(url: &Url) -> Option<String> {
    let domain = url.domain()?.rsplit('.').next()?.to_owned();
    let code = domain.len() == 2 && !GENERIC.contains(&domain.as_str());
    if code { country_code(&domain) } else { None }
}

/// The number of the page's `tel:` links: of those in its header or footer, else of all, the most frequent.
fn in_links(page: &Page<'_>, region: &str) -> Option<String> {
    let mut all = Vec::new();
    let mut framed = Vec::new();
    for link in page.document.all("a[href^=\"tel:\" i], a[href^=\"callto:\" i]") {
        let Some((_, target)) = link.attr("href").and_then(|href| href.split_once(':')) else { continue };
        let target = target.split([';', '?']).next().unwrap_or_default();
        let target = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        if is_fax(link) {
            continue;
        }
        if let Some(number) = normal(target.trim_start_matches("//"), region) {
            if in_frame(link) {
                framed.push(number.clone());
            }
            all.push(number);
        }
    }
    most_frequent(framed).or_else(|| most_frequent(all))
}

/// Whether a link stands in the page's header or footer.
fn in_frame(link: ElementRef<'_>) -> bool {
    link.ancestors()
        .filter_map(ElementRef::wrap)
        .any(|element| matches!(element.value().name(), "header" | "footer" | "nav" | "address"))
}

/// Whether a link is that of a fax: it says so, or the text before it does.
fn is_fax(link: ElementRef<'_>) -> bool {
    let said = |text: &str| text.to_lowercase().contains("fax");
    let before = link.prev_sibling().and_then(|node| node.value().as_text().map(|text| said(text)));
    before.unwrap_or(false) || said(&text(link)) || link.attr("class").is_some_and(said)
}

/// The value that occurs most often; `None` if two do.
pub(super) fn most_frequent(mut values: Vec<String>) -> Option<String> {
    values.sort();
    let mut runs: Vec<(usize, &String)> =
        values.chunk_by(|a, b| a == b).map(|run| (run.len(), &run[0])).collect();
    runs.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match runs.as_slice() {
        [(_, one)] => Some((*one).clone()),
        [(most, one), (next, _), ..] if most > next => Some((*one).clone()),
        _ => None,
    }
}

/// The only number in the page's contact blocks.
fn in_text(page: &Page<'_>, region: &str) -> Option<String> {
    let mut numbers = Vec::new();
    for element in outermost(page.document, &["footer", "address", "header"]) {
        for line in lines(element).iter().take(LINES) {
            numbers.extend(numbers_of(line, region));
        }
    }
    numbers.sort();
    numbers.dedup();
    if numbers.len() == 1 { numbers.pop() } else { None }
}

/// Numbers of a line of text that are marked as phone numbers, or stand alone in it.
fn numbers_of(line: &str, region: &str) -> Vec<String> {
    let digits = |c: char| {
        c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | ' ' | '\u{2011}' | '\u{2013}')
    };
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let (before, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !digits(c)).unwrap_or(tail.len());
        let (candidate, after) = tail.split_at(end);
        let label = before.to_lowercase();
        let label = label.trim_end_matches(|c: char| !c.is_alphanumeric());
        let word = label.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let marked = matches!(
            word,
            "phone" | "tel" | "telephone" | "call" | "ph" | "p" | "t" | "mobile" | "office" | "us"
        );
        let alone = before.trim().is_empty() && after.trim().is_empty();
        let enough = candidate.bytes().filter(u8::is_ascii_digit).count() >= 7;
        if enough && (marked || alone) {
            found.extend(normal(
                candidate.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '(')),
                region,
            ));
        }
        rest = if after.len() < rest.len() { after } else { "" };
    }
    found
}

//! Phone numbers.

use std::collections::HashSet;

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};
use scraper::ElementRef;
use url::Url;

use super::Page;
use super::block::offers;
use crate::dom::{Attributes, text};
use crate::place::country_code;

/// Longest text that may be a phone number.
const LONGEST: usize = 40;

/// Top-level domains that are a country's by code only: anybody registers them.
const GENERIC: [&str; 12] = ["ai", "cc", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv", "ws"];

/// Words before a number in text that make it the business's phone number.
const LABELS: [&str; 16] = [
    "phone",
    "tel",
    "telephone",
    "call",
    "ph",
    "p",
    "t",
    "mobile",
    "office",
    "us",
    "sales",
    "showroom",
    "free",
    "tollfree",
    "telefon",
    "tél",
];

/// How many nodes before a link may say what it is.
const LABEL_NODES: usize = 3;

/// A phone number of the page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phone {
    /// As E.164.
    pub e164: String,
    /// As the page prints it.
    pub printed: Option<String>,
}

/// The page's phone number by each method that tells one, the most telling first. Where a method gives several,
/// none of them more often or more prominently than the others, it gives none.
pub(super) fn find(page: &Page<'_>, region: &str) -> Vec<(Phone, &'static str)> {
    let published = |text: &str| {
        let printed = Some(text.trim().to_owned());
        normal(text, region).map(|e164| Phone { e164, printed })
    };
    let mut found = Vec::new();
    for (source, business) in &page.businesses {
        found.extend(business.telephone.as_deref().and_then(published).map(|phone| (phone, *source)));
    }
    let meta = page.meta.first(&["business:contact_data:phone_number", "og:phone_number"]);
    found.extend(meta.and_then(published).map(|phone| (phone, "meta")));
    let printed = in_text(page, region);
    if let Some(e164) = in_links(page, region) {
        let printed = printed.iter().find(|phone| phone.e164 == e164);
        found.push((Phone { printed: printed.and_then(|phone| phone.printed.clone()), e164 }, "tel"));
    }
    found.extend(only(printed).map(|phone| (phone, "text")));
    found
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

/// The number of the page's `tel:` links: of those in its header or footer if there are any, the most frequent.
fn in_links(page: &Page<'_>, region: &str) -> Option<String> {
    let mut all = Vec::new();
    let mut framed = Vec::new();
    for link in page.document.all("a[href^=\"tel:\" i], a[href^=\"callto:\" i]") {
        let Some((_, target)) = link.attribute("href").and_then(|href| href.split_once(':')) else {
            continue;
        };
        let target = target.split([';', '?']).next().unwrap_or_default();
        let target = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        if is_fax(link) || offers(link) {
            continue;
        }
        if let Some(number) = normal(target.trim_start_matches("//"), region) {
            if in_frame(link) {
                framed.push(number.clone());
            }
            all.push(number);
        }
    }
    most_telling(framed, all)
}

/// Whether a link stands in the page's header or footer.
fn in_frame(link: ElementRef<'_>) -> bool {
    link.ancestors()
        .filter_map(ElementRef::wrap)
        .any(|element| matches!(element.value().name(), "header" | "footer" | "nav" | "address"))
}

/// Whether a link is that of a fax: it says so, or the text right before it does.
fn is_fax(link: ElementRef<'_>) -> bool {
    let said = |text: &str| text.to_lowercase().contains("fax");
    let before = link.prev_siblings().take(LABEL_NODES).find_map(|node| {
        let text = match ElementRef::wrap(node) {
            Some(element) => text(element),
            None => node.value().as_text().map(|text| text.trim().to_owned()).unwrap_or_default(),
        };
        (!text.is_empty()).then(|| is_fax_label(&text))
    });
    before.unwrap_or(false) || said(&text(link)) || link.attribute("class").is_some_and(said)
}

/// The last word of what stands before a number, in small letters.
fn label(before: &str) -> String {
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase()
}

fn is_fax_label(text: &str) -> bool {
    matches!(label(text).as_str(), "fax" | "telefax" | "f")
}

/// The most frequent of the values in prominent places; where two are, the one of them that is more frequent among all. Where no
/// place is prominent, the most frequent of all.
pub(super) fn most_telling(prominent: Vec<String>, mut all: Vec<String>) -> Option<String> {
    if !prominent.is_empty() {
        let among: HashSet<&String> = prominent.iter().collect();
        all.retain(|value| among.contains(value));
    }
    most_frequent(prominent).or_else(|| most_frequent(all))
}

/// The value that occurs most often; `None` if two do.
fn most_frequent(mut values: Vec<String>) -> Option<String> {
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

/// The only number; of several, the only one that is no freephone number of the same business.
fn only(phones: Vec<Phone>) -> Option<Phone> {
    let mut distinct = distinct(phones);
    if distinct.len() > 1 {
        distinct.retain(|phone| !is_freephone(&phone.e164));
    }
    if distinct.len() == 1 { distinct.pop() } else { None }
}

/// The first of each number, in their order.
fn distinct(mut phones: Vec<Phone>) -> Vec<Phone> {
    let mut seen = HashSet::new();
    phones.retain(|phone| seen.insert(phone.e164.clone()));
    phones
}

fn is_freephone(e164: &str) -> bool {
    phonenumber::parse(None, e164).is_ok_and(|number| number.number_type(&DATABASE) == Type::TollFree)
}

/// The numbers in the page's contact blocks and beside its address.
fn in_text(page: &Page<'_>, region: &str) -> Vec<Phone> {
    let mut phones = Vec::new();
    for block in page.contacts.iter().map(Vec::as_slice).chain([page.beside_address.as_slice()]) {
        let mut above = "";
        for line in block {
            if !is_fax_label(above) {
                phones.extend(numbers_of(line, region));
            }
            above = line;
        }
    }
    phones
}

/// Numbers of a line of text that are marked as phone numbers, or stand alone in it.
fn numbers_of(line: &str, region: &str) -> Vec<Phone> {
    let digits = |c: char| {
        c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{2011}' | '\u{2013}')
    };
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let (before, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !digits(c)).unwrap_or(tail.len());
        let (candidate, after) = tail.split_at(end);
        let alone = before.trim().is_empty() && after.trim().is_empty() && rest.len() == line.len();
        let enough = candidate.bytes().filter(u8::is_ascii_digit).count() >= 7;
        if enough && (alone || LABELS.contains(&label(before).as_str())) {
            let printed = candidate.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '('));
            let phone = normal(printed, region).map(|e164| Phone { e164, printed: Some(printed.to_owned()) });
            found.extend(phone);
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_number_is_kept_in_its_place() {
        let phone = |number: usize| Phone { e164: format!("+{number:012}"), printed: None };
        let again = [2, 1, 2, 3, 1, 2].map(phone);
        assert!(distinct(again.into()).into_iter().eq([2, 1, 3].map(phone)));
    }
}

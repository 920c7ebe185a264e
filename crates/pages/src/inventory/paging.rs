//! Where a list goes on, and how long it is.

use scraper::ElementRef;
use url::Url;

use super::scope::{outermost, short_text};
use super::{Page, price};
use crate::dom::{lines, within};

/// Names of query parameters that hold a page's number.
const PARAMETERS: [&str; 5] = ["page", "page_no", "page_number", "paged", "pg"];

/// Words in the class of what holds links to a list's pages.
const PAGERS: [&str; 4] = ["pagination", "paging", "pager", "page-numbers"];

/// The list's next page: as the page links it, else the page behind the current one by number.
pub(super) fn next_url(page: &Page<'_>) -> Option<String> {
    let usable = |element: &ElementRef<'_>| own(page, element.attr("href")?);
    let linked = page.document.all("link[rel~=next i][href], a[rel~=next i][href]");
    if let Some(url) = linked.iter().find_map(usable) {
        return Some(url.into());
    }
    let pagers = pagers(page);
    let links: Vec<ElementRef<'_>> = pagers.iter().flat_map(|pager| links_in(*pager)).collect();
    let worded = links.iter().find(|link| {
        short_text(**link)
            .is_some_and(|text| text.trim_matches(|c: char| !c.is_alphabetic()).eq_ignore_ascii_case("next"))
    });
    if let Some(url) = worded.and_then(usable) {
        return Some(url.into());
    }
    let current = page.url.as_ref().and_then(number_of).or_else(|| marked(&pagers)).unwrap_or(1);
    let next = current.checked_add(1)?.to_string();
    let numbered = links.iter().find(|link| short_text(**link).is_some_and(|text| text == next));
    numbered.and_then(usable).map(String::from)
}

/// A link to another page of this site.
fn own(page: &Page<'_>, href: &str) -> Option<Url> {
    let mut url = page.resolve(href).filter(|url| page.is_here(url) && !page.is_self(url))?;
    url.set_fragment(None);
    Some(url)
}

/// What holds links to a list's pages.
fn pagers<'a>(page: &'a Page<'_>) -> Vec<ElementRef<'a>> {
    let selectors: Vec<String> = PAGERS.iter().map(|word| format!("[class*={word}]")).collect();
    outermost(&page.document, &selectors.join(", "))
}

/// Links of a pager, which may be one itself.
fn links_in(pager: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    if pager.value().name() == "a" { vec![pager] } else { within(pager, "a[href]") }
}

/// The page number in a URL: `?page=2`, `/page/2/`, `/page:2`.
fn number_of(url: &Url) -> Option<u32> {
    let query = url.query_pairs().find(|(name, _)| PARAMETERS.contains(&&**name));
    if let Some((_, number)) = query {
        return number.parse().ok();
    }
    let mut segments = url.path_segments()?;
    segments.find_map(|segment| segment.strip_prefix("page:")?.parse().ok()).or_else(|| {
        let mut segments = url.path_segments()?.skip_while(|segment| *segment != "page");
        segments.nth(1)?.parse().ok()
    })
}

/// The number that the pager marks as the current page's.
fn marked(pagers: &[ElementRef<'_>]) -> Option<u32> {
    let mut marks = pagers.iter().flat_map(|pager| within(*pager, ".active, .current, [aria-current]"));
    marks.find_map(|mark| short_text(mark)?.parse().ok())
}

/// Words behind a number of items.
const UNITS: [&str; 6] = ["cars", "vehicles", "matches", "results", "listings", "items"];

/// Words of a line that tells how long a list is.
const COUNTING: [&str; 6] = ["page ", "showing ", "matches", "found", "results", " of "];

/// How many items the list has, by a line such as `Page 1 of 3 , 41 cars`, `88 matches out of 88 vehicles.`,
/// `Showing 1 - 24 of 77 results`. `None` if lines disagree.
pub(super) fn total(page: &Page<'_>) -> Option<i64> {
    let lines = lines(page.document.html.root_element());
    let mut totals = lines.iter().filter_map(|line| of_line(line));
    let first = totals.next()?;
    totals.all(|total| total == first).then_some(first)
}

fn of_line(line: &str) -> Option<i64> {
    let lower = line.to_lowercase();
    let counts = lower.len() <= 60 && COUNTING.iter().any(|word| lower.contains(word));
    if !counts || lower.contains('$') {
        return None;
    }
    let parted = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':');
    let words: Vec<&str> = lower.split(parted).filter(|word| !word.is_empty()).collect();
    let mut totals = words.windows(2).rev().filter_map(|pair| {
        let [number, unit] = pair else { return None };
        let counted = UNITS.contains(&unit.trim_matches(['.', ',']));
        if counted { price::number(number.trim_matches([',', '.'])) } else { None }
    });
    totals.next()
}

//! Where a list goes on, and how long it is.

use scraper::ElementRef;
use url::Url;

use super::scope::{has_class, outermost, short_text};
use super::state::is_hidden;
use super::{Page, price};
use crate::dom::{Attributes, lines_outside, within};

/// Names of query parameters that hold a page's number.
const PARAMETERS: [&str; 5] = ["page", "page_no", "page_number", "paged", "pg"];

/// Words in the class of what holds links to a list's pages.
const PAGERS: [&str; 6] = ["pagination", "paging", "pager", "page-numbers", "load-more", "loadmore"];

/// The list's next page: as the page links it, else the page behind the current one by number.
pub(super) fn next_url(page: &Page<'_>) -> Option<String> {
    let usable = |element: &ElementRef<'_>| own(page, element.attribute("href")?);
    let linked = page.document.all("link[rel~=next i][href], a[rel~=next i][href]");
    if let Some(url) = linked.iter().find_map(usable) {
        return Some(url.into());
    }
    let pagers = pagers(page);
    let links: Vec<ElementRef<'_>> = pagers.iter().flat_map(|pager| links_in(*pager)).collect();
    let links: Vec<ElementRef<'_>> = links.into_iter().filter(|link| !is_disabled(*link)).collect();
    if let Some(url) = links.iter().filter(|link| is_next(**link)).find_map(usable) {
        return Some(url.into());
    }
    if page.url.as_ref().and_then(start_of).is_some() {
        return behind(page, &links).map(String::from);
    }
    let current = page.url.as_ref().and_then(number_of).or_else(|| marked(&pagers)).unwrap_or(1);
    let next = current.checked_add(1)?.to_string();
    let mut numbered = links.iter().filter(|link| short_text(**link).is_some_and(|text| text == next));
    let arrows =
        links.iter().filter(|link| short_text(**link).is_some_and(|text| ARROWS.contains(&text.as_str())));
    let ahead = |url: &Url| number_of(url).is_none_or(|number| number > current);
    let url = numbered.find_map(usable).or_else(|| behind(page, &links));
    url.or_else(|| arrows.filter_map(usable).find(ahead)).map(String::from)
}

/// Whether a page of a list says that there is a next one: it links it by its number, or as the next of a series. A button alone
/// may be on every page, also on the last.
pub(super) fn promises_next(page: &Page<'_>) -> bool {
    let Some(next) = next_url(page) else { return false };
    let leads_there = |link: &ElementRef<'_>| {
        link.attribute("href").and_then(|href| own(page, href)).is_some_and(|url| url.as_str() == next)
    };
    let is_number = |link: &ElementRef<'_>| {
        short_text(*link).is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    page.document.all("link[rel~=next i][href], a[rel~=next i][href]").iter().any(leads_there)
        || pagers(page)
            .iter()
            .flat_map(|pager| links_in(*pager))
            .filter(is_number)
            .any(|link| leads_there(&link))
}

/// What the link to the next page is called.
const NEXT: [&str; 7] =
    ["next", "next page", "go to next page", "older", "older posts", "load more", "show more"];

/// Signs that stand for it.
const ARROWS: [&str; 5] = [">", "\u{203a}", "\u{2192}", "\u{bb}", ">>"];

/// Whether a link in a pager says that it leads to the next page, by its text, description or class.
fn is_next(link: ElementRef<'_>) -> bool {
    let says = |text: &str| {
        let text = text.trim_matches(|c: char| !c.is_alphabetic());
        NEXT.iter().any(|next| text.eq_ignore_ascii_case(next))
    };
    short_text(link).is_some_and(|text| says(&text))
        || ["aria-label", "title"].iter().any(|name| link.attribute(name).is_some_and(says))
        || has_class(link, "next")
}

fn is_disabled(link: ElementRef<'_>) -> bool {
    has_class(link, "disabled")
        || link.attribute("aria-disabled") == Some("true")
        || link.parent().and_then(ElementRef::wrap).is_some_and(|item| has_class(item, "disabled"))
}

/// The nearest page behind this one, of lists that count items and no pages: `?start=24`, `?offset=24`.
fn behind(page: &Page<'_>, links: &[ElementRef<'_>]) -> Option<Url> {
    let own_start = page.url.as_ref().and_then(start_of).unwrap_or(0);
    let urls = links.iter().filter_map(|link| own(page, link.attribute("href")?));
    let behind = urls.filter_map(|url| Some((start_of(&url).filter(|start| *start > own_start)?, url)));
    behind.min_by_key(|(start, _)| *start).map(|(_, url)| url)
}

/// The number of the first item, in a URL that counts by items. Squarespace has times there.
fn start_of(url: &Url) -> Option<u64> {
    let start = url.query_pairs().find(|(name, _)| matches!(&**name, "start" | "offset"))?.1.parse().ok();
    start.filter(|start| *start < 1_000_000)
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

/// The page number in a URL: `?page=2`, `?1a2b3c_page=2`, `/page/2/`, `/page:2`, `/srp-page-2/`.
fn number_of(url: &Url) -> Option<u32> {
    let query = url.query_pairs().find(|(name, _)| PARAMETERS.contains(&&**name) || name.ends_with("_page"));
    if let Some((_, number)) = query {
        return number.parse().ok();
    }
    let mut segments = url.path_segments()?;
    let numbered = |segment: &str| {
        segment.strip_prefix("page:").or_else(|| segment.strip_prefix("srp-page-"))?.parse().ok()
    };
    segments.find_map(numbered).or_else(|| {
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
    let lines = lines_outside(page.document.html.root_element(), is_hidden);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_promised_by_its_number_or_as_the_next_of_a_series() {
        let promises = |pager: &str| {
            let html = format!("<html><body><ul class=\"pagination\">{pager}</ul></body></html>");
            promises_next(&Page::of(&html, "https://dealer.example/cars"))
        };
        assert!(promises("<li><a href=\"/cars\">1</a></li><li><a href=\"/cars?page=2\">2</a></li>"));
        assert!(promises("<li><a rel=\"next\" href=\"/cars?page=2\">More</a></li>"));
        assert!(!promises("<li><a href=\"/cars?page=2\">Next</a></li>"));
        assert!(!promises("<li><a href=\"/cars\">1</a></li>"));
    }
}

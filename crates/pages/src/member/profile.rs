//! What a member page says of the member.

use scraper::ElementRef;
use url::Url;

use super::scan::Scan;
use super::zone::Zone;
use crate::dom::{Attributes, Document, text};
use crate::listing_url::{SITE, is_site, member, site_url};
use crate::site::without_www;
use crate::text::{collapse, non_empty, strip_prefix_ignore_case};
use crate::website::social;

/// Slug of the account: from the page's own address, else from the body's classes, else from its heading's
/// link.
pub(super) fn username(document: &Document) -> Option<String> {
    address(document)
        .and_then(|url| account(url.as_str()))
        .or_else(|| attributes(document, "link[rel~=alternate i]", "href").find_map(|href| account(&href)))
        .or_else(|| attributes(document, "body", "class").find_map(|classes| author(&classes)))
        .or_else(|| attributes(document, "h1 a[href]", "href").find_map(|href| account(&href)))
}

/// The page's own address on the site.
fn address(document: &Document) -> Option<Url> {
    attributes(document, "link[rel~=canonical i]", "href")
        .chain(attributes(document, "meta[property=\"og:url\" i], meta[name=\"og:url\" i]", "content"))
        .find_map(|href| site_url(&href).filter(|url| account(url.as_str()).is_some()))
}

/// Account of a member URL, of a later page of one too.
fn account(href: &str) -> Option<String> {
    let first = href.split_once("/page/").map_or(href, |(before, _)| before);
    member(first).map(|(username, _)| username)
}

/// WordPress gives an author's page the class `author-<slug>`, and `author-<id>`.
fn author(classes: &str) -> Option<String> {
    let slugs = classes.split_whitespace().filter_map(|class| class.strip_prefix("author-"));
    let mut names = slugs.filter(|slug| !slug.is_empty() && !slug.bytes().all(|byte| byte.is_ascii_digit()));
    account(&format!("/member/{}/", names.next()?))
}

fn attributes(document: &Document, selector: &str, name: &str) -> impl Iterator<Item = String> {
    let found: Vec<String> = document
        .all(selector)
        .iter()
        .filter_map(|element| element.attribute(name))
        .map(str::to_owned)
        .collect();
    found.into_iter()
}

/// Text of the main heading; the site's own name is none.
pub(super) fn display_name(document: &Document) -> Option<String> {
    document
        .all("h1")
        .into_iter()
        .map(text)
        .find(|name| !name.is_empty() && !name.eq_ignore_ascii_case("bring a trailer"))
}

/// "July 2015" of "Member since July 2015".
pub(super) fn member_since(scan: &Scan<'_>) -> Option<String> {
    let value = labelled(scan, "member since")?;
    let mut words = Vec::new();
    for word in value.split(' ').take(3) {
        let year = word.trim_matches(|c: char| !c.is_ascii_digit());
        words.push(word.trim_end_matches(['.', ';', '|']));
        if year.len() >= 4 {
            return Some(words.join(" "));
        }
    }
    None
}

/// "CA, United States" of "Location: CA, United States".
pub(super) fn location(scan: &Scan<'_>) -> Option<String> {
    labelled(scan, "location")
}

/// What follows a label: the rest of its text, else the next text.
fn labelled(scan: &Scan<'_>, label: &str) -> Option<String> {
    let mut texts = scan.texts.iter().filter(|(_, zone)| !matches!(zone, Some(Zone::Foreign | Zone::Own)));
    loop {
        let (node, _) = texts.next()?;
        let text = collapse(node.value().as_text()?);
        let Some(rest) = strip_prefix_ignore_case(&text, label) else { continue };
        let value = rest.trim_start_matches(':');
        if let Some(value) = non_empty(value) {
            // "Locations …" is another word.
            if rest.starts_with(|c: char| c == ':' || c.is_whitespace()) {
                return Some(value);
            }
            continue;
        }
        return non_empty(texts.next()?.0.value().as_text()?);
    }
}

/// The member's own site: a link out of the site that calls itself a website, is labelled so, or shows its own
/// address. Social networks are no own sites.
pub(super) fn website(scan: &Scan<'_>) -> Option<String> {
    // A long text may stand before thousands of links.
    let mut last = (0, false);
    scan.links.iter().find_map(|(link, zone, texts)| {
        if matches!(zone, Some(Zone::Foreign | Zone::Own)) {
            return None;
        }
        let href = link.attribute("href")?.trim();
        let url =
            Url::parse(href).ok().filter(|url| matches!(url.scheme(), "http" | "https") && !is_site(url))?;
        let host = url.host_str()?.to_owned();
        if last.0 != *texts {
            last = (*texts, labels_website(scan, *texts));
        }
        (social::network(&host).is_none() && (last.1 || says_website(*link, &host))).then(|| href.to_owned())
    })
}

/// Whether the last of so many texts is the label of a website.
fn labels_website(scan: &Scan<'_>, texts: usize) -> bool {
    let before = texts.checked_sub(1).and_then(|index| scan.texts.get(index));
    before
        .and_then(|(node, _)| node.value().as_text())
        .is_some_and(|text| collapse(text).trim_end_matches([':', ' ']).to_lowercase().ends_with("website"))
}

/// Whether a link's text or class presents it as a website.
fn says_website(link: ElementRef<'_>, host: &str) -> bool {
    let shown = text(link).to_lowercase();
    let classes = link.attribute("class").unwrap_or_default().to_ascii_lowercase();
    matches!(shown.as_str(), "website" | "visit website" | "web site" | "site")
        || shown.contains(without_www(host))
        || classes
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| matches!(word, "website" | "homepage" | "url"))
}

/// The page that `rel="next"` names, on the site, unless it is that of the comments.
pub(super) fn next_url(document: &Document, scan: &Scan<'_>) -> Option<String> {
    let base = address(document).or_else(|| Url::parse(SITE).ok())?;
    let head = attributes(document, "link[rel~=next i]", "href");
    let links = scan.links.iter().filter(|(link, zone, _)| {
        let next = link
            .attribute("rel")
            .is_some_and(|rel| rel.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next")));
        next && *zone != Some(Zone::Foreign)
    });
    let links = links.filter_map(|(link, _, _)| link.attribute("href").map(str::to_owned));
    head.chain(links).find_map(|href| {
        let mut url = base.join(href.trim()).ok()?;
        url.set_fragment(None);
        site_url(url.as_str()).filter(|next| *next != base).map(String::from)
    })
}

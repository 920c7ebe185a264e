//! A sitemap: which pages a web site names to crawlers. See <https://www.sitemaps.org/protocol.html>.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::text;

/// What a sitemap names. When a page was last modified is left out: most sites state the day on which the sitemap was
/// written, for every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitemap {
    /// Further sitemaps, if it is an index: absolute web URLs, each once.
    pub sitemaps: Vec<String>,
    /// Pages: absolute web URLs without fragment, in the sitemap's order, each once.
    pub urls: Vec<String>,
}

/// Most URLs of one sitemap, of both kinds together: the protocol allows no more.
pub const MOST_URLS: usize = 50_000;

/// Longest URL in bytes; longer ones are left out.
pub const LONGEST_URL: usize = 1_000;

/// Reads a sitemap: a list of pages, an index of further sitemaps, or plain text with one URL a line. Of malformed XML it
/// gives what stands before the fault, and of any other document nothing.
pub fn parse_sitemap(xml: &str) -> Sitemap {
    let body = xml.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut found = Found::default();
    if body.starts_with('<') {
        found.read_xml(body);
    } else {
        for line in body.lines().take(MOST_URLS) {
            found.add(Entry::Page, line);
        }
    }
    found.sitemap
}

/// What an entry leads to.
#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Page,
    Sitemap,
}

/// An element that is open.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Entry(Entry),
    /// The address of an entry; that of a picture or film within one is something else.
    Address(Entry),
    Other,
}

#[derive(Default)]
struct Found {
    sitemap: Sitemap,
    seen: HashSet<String>,
}

impl Found {
    fn read_xml(&mut self, xml: &str) {
        let mut reader = Reader::from_str(xml);
        // Hand-made sitemaps do not escape the `&` of a query.
        reader.config_mut().allow_dangling_amp = true;
        let mut open: Vec<Open> = Vec::new();
        let mut address = String::new();
        while self.seen.len() < MOST_URLS {
            // Without `Err`: what follows a fault may be anything.
            let Ok(event) = reader.read_event() else { return };
            let current = open.last().copied().unwrap_or(Open::Other);
            match event {
                Event::Start(tag) => {
                    open.push(opened(tag.local_name().as_ref(), current));
                    address.clear();
                }
                Event::End(_) => {
                    if let Open::Address(entry) = current {
                        self.add(entry, &address);
                    }
                    open.pop();
                }
                Event::Eof => return,
                _ if !matches!(current, Open::Address(_)) || address.len() > 4 * LONGEST_URL => {}
                Event::Text(text) => address.push_str(&String::from_utf8_lossy(&text)),
                Event::CData(text) => address.push_str(&String::from_utf8_lossy(&text)),
                Event::GeneralRef(reference) => address.push_str(&decoded(&reference)),
                _ => {}
            }
        }
    }

    fn add(&mut self, entry: Entry, address: &str) {
        let Some(url) = web_url(address).filter(|url| !self.seen.contains(url)) else { return };
        self.seen.insert(url.clone());
        match entry {
            Entry::Page => self.sitemap.urls.push(url),
            Entry::Sitemap => self.sitemap.sitemaps.push(url),
        }
    }
}

/// What an element is, by its name without prefix and by the element around it.
fn opened(name: &[u8], around: Open) -> Open {
    match (name, around) {
        (b"url", _) => Open::Entry(Entry::Page),
        (b"sitemap", _) => Open::Entry(Entry::Sitemap),
        (b"loc", Open::Entry(entry)) => Open::Address(entry),
        _ => Open::Other,
    }
}

/// The character that an entity stands for.
fn decoded(reference: &BytesRef<'_>) -> String {
    let written = format!("&{};", String::from_utf8_lossy(reference));
    text::decode(&written).into_owned()
}

/// An absolute web URL without fragment.
fn web_url(address: &str) -> Option<String> {
    let address = address.trim();
    if address.is_empty() || address.len() > LONGEST_URL {
        return None;
    }
    let mut url = Url::parse(address).ok()?;
    url.set_fragment(None);
    let usable =
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= LONGEST_URL;
    usable.then(|| url.into())
}

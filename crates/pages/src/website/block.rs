//! Where on a page its business is spoken of: the blocks made for contacts. And where something for sale is.

use scraper::ElementRef;

use super::Page;
use crate::dom::{Attributes, Document, lines};
use crate::site::without_www;

/// Elements that are contact blocks by their name.
const NAMED: [&str; 3] = ["footer", "address", "header"];

/// How a class or id of a contact block starts.
const CALLED: [&str; 12] = [
    "contact", "address", "adr", "footer", "header", "hours", "location", "masthead", "showroom", "topbar",
    "top-bar", "vcard",
];

/// Words in the class or id of a block that offers a vehicle: a phone number there is that of the branch which
/// has it.
const OFFERS: [&str; 9] =
    ["car", "inventory", "listing", "product", "srp", "vdp", "vehicle", "vehicles", "stock"];

/// Most elements below a block known by its class alone: a larger one is the page.
const LARGEST: usize = 300;

/// Most lines of one block.
const LINES: usize = 300;

/// Most makers of a site.
const MAKERS: usize = 8;

/// Most blocks of a page.
const BLOCKS: usize = 500;

/// Lines of each of the page's contact blocks, in its order. None stands in another.
pub(super) fn contact_blocks(document: &Document) -> Vec<Vec<String>> {
    let mut blocks = Vec::new();
    let mut open = vec![document.html.root_element()];
    while let Some(element) = open.pop() {
        if is_contact_block(element) && !offers(element) {
            let mut lines = lines(element);
            lines.truncate(LINES);
            blocks.push(lines);
            if blocks.len() >= BLOCKS {
                break;
            }
            continue;
        }
        let children: Vec<_> = element.children().filter_map(ElementRef::wrap).collect();
        open.extend(children.into_iter().rev());
    }
    blocks
}

fn is_contact_block(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    if NAMED.contains(&name) {
        return true;
    }
    !matches!(name, "html" | "body" | "a")
        && words(element).any(|word| CALLED.iter().any(|called| word.starts_with(called)))
        && element.descendants().take(LARGEST + 1).count() <= LARGEST
}

/// Whether an element belongs to a vehicle on offer: it or what it stands in, below the page's own head or
/// foot, is called so.
pub(super) fn offers(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap);
    std::iter::once(element)
        .chain(around)
        .take_while(|element| !matches!(element.value().name(), "header" | "footer" | "nav" | "address"))
        .any(is_offer)
}

/// Whether an element is called like one that offers a vehicle. What the whole page is called says nothing.
pub(super) fn is_offer(element: ElementRef<'_>) -> bool {
    !matches!(element.value().name(), "html" | "body")
        && words(element).any(|word| word.split(['-', '_']).any(|part| OFFERS.contains(&part)))
}

/// The classes and the id of an element, in small letters.
fn words(element: ElementRef<'_>) -> impl Iterator<Item = String> {
    let named = ["class", "id"].into_iter().filter_map(move |key| element.attribute(key));
    named.flat_map(str::split_ascii_whitespace).map(str::to_ascii_lowercase)
}

/// Domains of those who made the site, as the page credits them: "Powered by …", "Web design by …".
pub(super) fn makers(page: &Page<'_>) -> Vec<String> {
    const CREDITS: [&str; 7] =
        ["powered by", "site by", "design by", "designed by", "developed by", "built by", "created by"];
    let mut makers = Vec::new();
    for link in page.document.all("a[href]") {
        let before =
            link.prev_sibling().and_then(|node| node.value().as_text().map(|text| text.to_lowercase()));
        let own = link.text().next().unwrap_or_default().trim_start().to_lowercase();
        let credited = CREDITS.iter().any(|credit| {
            before.as_ref().is_some_and(|text| text.trim_end().ends_with(credit)) || own.contains(credit)
        });
        if credited
            && let Some(url) = link.attribute("href").and_then(|href| page.resolve(href))
            && !page.is_here(&url)
            && let Some(host) = url.domain()
        {
            let host = without_www(host).to_owned();
            if makers.len() < MAKERS && !makers.contains(&host) {
                makers.push(host);
            }
        }
    }
    makers
}

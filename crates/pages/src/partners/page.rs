//! The directory as a list of pieces, and the elements that hold them.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};
use std::ops::Range;
use url::{Host, Url};

use super::region;
use crate::dom::{Attributes, Document, text};
use crate::listing_url::{is_site, member};
use crate::nesting::is_inline;

/// A link with all that may name its target.
#[derive(Debug)]
pub(super) struct Link {
    /// Target as written.
    pub href: String,
    /// Visible text.
    pub text: String,
    /// Texts of its pictures (`alt`, `title`), and its own `title`.
    pub hints: Vec<String>,
    /// Target, if that leaves the site: absolute, http or https.
    pub external: Option<Url>,
    /// Account and canonical URL, if the target is a member's page.
    pub member: Option<(String, String)>,
}

/// A piece of the page, in the page's order. Small: a hostile page has hundreds of thousands.
#[derive(Debug)]
pub(super) enum Item {
    /// `<a href>`
    Link(Box<Link>),
    /// `<strong>` or `<b>`. Its text appears as text, too.
    Strong(String),
    /// Heading of level 1 to 4. Its text appears as text, too.
    Heading(String),
    /// Text outside of links.
    Text(String),
    /// Texts of a picture outside of links.
    Picture(Vec<String>),
}

/// An element.
struct Block {
    parent: Option<usize>,
    name: String,
    items: Range<usize>,
}

/// The pieces of a page.
#[derive(Default)]
pub(super) struct Page {
    /// All pieces.
    pub items: Vec<Item>,
    /// Innermost block of each piece.
    holders: Vec<Option<usize>>,
    blocks: Vec<Block>,
    /// Text of the page, lower case, white space folded; and where the text of each piece starts in it.
    folded: String,
    offsets: Vec<(usize, usize)>,
}

impl Page {
    /// Takes a page apart.
    pub fn of(document: &Document) -> Self {
        let mut page = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let mut links = 0;
        for edge in document.html.root_element().traverse() {
            match edge {
                Edge::Open(node) => {
                    if let Some(element) = ElementRef::wrap(node) {
                        page.open(element, &mut open, links == 0);
                        links += usize::from(is_link(element));
                    } else if let Node::Text(text) = node.value() {
                        page.text(text, open.last().copied(), links == 0);
                    }
                }
                Edge::Close(node) => {
                    if let Some(element) = ElementRef::wrap(node) {
                        links -= usize::from(is_link(element));
                        page.close(element, &mut open);
                    }
                }
            }
        }
        page
    }

    fn open(&mut self, element: ElementRef<'_>, open: &mut Vec<usize>, free: bool) {
        let name = element.value().name();
        let holder = open.last().copied();
        let item = match name {
            "a" if is_link(element) => Some(Item::Link(Box::new(link(element)))),
            "strong" | "b" if !self.inside("strong", open) && !self.inside("b", open) => {
                Some(Item::Strong(text(element)))
            }
            "h1" | "h2" | "h3" | "h4" => Some(Item::Heading(text(element))),
            "img" if free => Some(Item::Picture(hints(element))),
            _ => None,
        };
        if !is_inline(name) {
            self.space();
        }
        let start = self.items.len();
        self.blocks.push(Block { parent: holder, name: name.to_owned(), items: start..start });
        open.push(self.blocks.len() - 1);
        if let Some(item) = item {
            self.items.push(item);
            self.holders.push(open.last().copied());
        }
    }

    /// Whether an element of this name is open: of nested ones only the outer is read.
    fn inside(&self, name: &str, open: &[usize]) -> bool {
        open.iter().any(|block| self.blocks[*block].name == name)
    }

    fn close(&mut self, element: ElementRef<'_>, open: &mut Vec<usize>) {
        if !is_inline(element.value().name()) {
            self.space();
        }
        if let Some(block) = open.pop() {
            self.blocks[block].items.end = self.items.len();
        }
    }

    fn text(&mut self, text: &str, holder: Option<usize>, free: bool) {
        if free {
            self.items.push(Item::Text(text.to_owned()));
            self.holders.push(holder);
        }
        self.offsets.push((self.folded.len(), self.items.len().saturating_sub(1)));
        for c in text.chars() {
            if c.is_whitespace() {
                self.space();
            } else {
                self.folded.push(c.to_ascii_lowercase());
            }
        }
    }

    fn space(&mut self) {
        if !self.folded.ends_with(' ') {
            self.folded.push(' ');
        }
    }

    /// Indexes of the pieces in which a folded text starts.
    pub fn find(&self, needle: &str) -> Vec<usize> {
        self.folded
            .match_indices(needle)
            .filter_map(|(at, _)| {
                let after = self.offsets.partition_point(|(offset, _)| *offset <= at);
                self.offsets.get(after.checked_sub(1)?).map(|(_, item)| *item)
            })
            .collect()
    }

    /// For each block, how many of these pieces it holds.
    pub fn count(&self, items: &[usize]) -> Vec<usize> {
        let mut counts = vec![0; self.blocks.len()];
        for item in items {
            for block in self.around(*item) {
                counts[block] += 1;
            }
        }
        counts
    }

    /// The blocks that hold a piece, innermost first.
    fn around(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        let innermost = self.holders.get(item).copied().flatten();
        std::iter::successors(innermost, |block| self.blocks.get(*block)?.parent)
    }

    /// The pieces of the outermost table row around a piece that is still `narrow`; without one, those of the
    /// outermost element.
    pub fn holder(&self, item: usize, narrow: impl Fn(usize) -> bool) -> Option<Range<usize>> {
        let whole = |block: &usize| matches!(self.blocks[*block].name.as_str(), "html" | "body" | "main");
        let narrow: Vec<usize> =
            self.around(item).take_while(|block| narrow(*block) && !whole(block)).collect();
        let row = narrow.iter().rev().find(|block| self.blocks[**block].name == "tr");
        row.or(narrow.last()).map(|block| self.blocks[*block].items.clone())
    }

    /// Text of a piece that is a heading of a region.
    pub fn region(&self, item: usize) -> Option<&str> {
        match self.items.get(item)? {
            Item::Heading(text) if region::is_region(text) => Some(text),
            _ => None,
        }
    }
}

fn is_link(element: ElementRef<'_>) -> bool {
    element.value().name() == "a" && element.attribute("href").is_some()
}

fn link(element: ElementRef<'_>) -> Link {
    let href = element.attribute("href").unwrap_or_default().to_owned();
    let images = element.descendent_elements().filter(|inner| inner.value().name() == "img");
    let mut all: Vec<String> = images.flat_map(hints).collect();
    all.extend(element.attribute("title").map(str::to_owned));
    let external = external_url(&href);
    let member = if external.is_none() { member(&href) } else { None };
    Link { href, text: text(element), hints: all, external, member }
}

/// Texts of a picture.
fn hints(image: ElementRef<'_>) -> Vec<String> {
    ["alt", "title"].iter().filter_map(|key| image.attribute(key)).map(str::to_owned).collect()
}

/// Target of a link that leaves the site.
fn external_url(href: &str) -> Option<Url> {
    let href = href.trim();
    let absolute = if href.starts_with("//") { format!("https:{href}") } else { href.to_owned() };
    let url = Url::parse(&absolute).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.host().is_some_and(|host| is_web_host(&host));
    (web && !is_site(&url)).then_some(url)
}

/// Whether a host can be a partner's: a full name, or the address of a machine that has none.
fn is_web_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.contains('.') || *name == "localhost",
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

//! A page as a tree of elements, whatever the page holds.
//!
//! Some pages have to be searched as a whole, since their markup is not known. A tree builder that follows
//! the HTML standard takes quadratic time and memory on hostile markup: deep nesting, thousands of
//! attributes, formatting elements that are never closed. So the tree is built here, in one pass and with bounds on all of
//! these.
//!
//! Of well-nested markup the tree is that of the standard: names, attributes, text. `builder/standard_tests.rs` compares both.
//! By design it differs in what follows.
//!
//! - Scripts, styles, entry fields, templates, frames and comments are left out, and the title of a drawing.
//! - Of forms, choices and drawings only the content is kept, with names in small letters.
//! - Rows stand in their table without a `tbody` that is not written, and what stands between cells stays there.
//! - White space in the head and before the body is left out; the ends of lines stay as they are written.
//! - An attribute with a sign in its name that those of HTML have not (`@click`) is left out.
//! - Formatting elements that are closed in the wrong order are not opened again, and an end tag without a start makes no
//!   element.
//! - What is beyond the bounds of `builder.rs` is left out.
//!
//! The tokens are those of [`cut`](crate::cut), which reads listings as slices of the page, by their offsets. html5ever's
//! tokenizer hands out copies and the number of a line, and looks through all attributes of a tag for each new one: for listings
//! there would be `cut` beside it, and the bounds on top. What it costs by itself was not measured: `docs/performance.md` compares with
//! the whole of `scraper::Html::parse_document`. Reading a listing takes about a tenth of that, building the tree of a directory
//! or a member page about as long. So the tree is built here for its bounds, and not for speed.

mod builder;

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node, Selector};

use crate::nesting::is_inline;
use crate::text::collapse;
use builder::Built;

/// A page's elements, and its JSON-LD blocks as written.
pub(crate) struct Document {
    /// The tree.
    pub html: Html,
    /// Contents of the scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
    /// Addresses of the frames that stand in the page, as written, also of those that are loaded later.
    pub frames: Vec<String>,
}

impl Document {
    /// Builds the tree of a page. Time and memory are linear in the page.
    pub fn parse(page: &str) -> Self {
        let Built { html, json_ld, frames } = Built::of(page);
        Self { html, json_ld, frames }
    }

    /// Elements that match a selector, in the page's order; none if the selector is no selector.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        match Selector::parse(selector) {
            Ok(selector) => self.html.select(&selector).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// First element that matches a selector.
    pub fn first(&self, selector: &str) -> Option<ElementRef<'_>> {
        let selector = Selector::parse(selector).ok()?;
        self.html.select(&selector).next()
    }
}

/// Access to an element's attributes by their names.
pub(crate) trait Attributes<'a> {
    /// The value of an attribute. What [`scraper::Element::attr`] returns too, but that looks up the name among all interned
    /// ones first, which takes longer than to compare the few that an element has.
    fn attribute(self, name: &str) -> Option<&'a str>;
}

impl<'a> Attributes<'a> for ElementRef<'a> {
    fn attribute(self, name: &str) -> Option<&'a str> {
        self.value().attrs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// Elements of these names that stand in no other of them, in the page's order.
pub(crate) fn outermost<'a>(document: &'a Document, names: &[&str]) -> Vec<ElementRef<'a>> {
    let named = |element: &ElementRef<'_>| names.contains(&element.value().name());
    let all = document.all(&names.join(", ")).into_iter();
    all.filter(|element| !element.ancestors().filter_map(ElementRef::wrap).any(|around| named(&around)))
        .collect()
}

/// Elements below `element` that match a selector.
pub(crate) fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    match Selector::parse(selector) {
        Ok(selector) => element.select(&selector).collect(),
        Err(_) => Vec::new(),
    }
}

/// Visible text of an element on one line. Blocks, cells and line breaks separate words; inline markup
/// does not.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    lines(element).join(" ")
}

/// Visible text of an element as lines: one per block, cell or line break; empty ones left out.
pub(crate) fn lines(element: ElementRef<'_>) -> Vec<String> {
    lines_outside(element, |_| false)
}

/// Visible text of an element as lines, without that of the elements below it that are `left_out`.
pub(crate) fn lines_outside(
    element: ElementRef<'_>,
    left_out: impl Fn(ElementRef<'_>) -> bool,
) -> Vec<String> {
    let mut out = String::new();
    let mut hidden = None;
    for edge in element.traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        let opens = matches!(edge, Edge::Open(_));
        if let Some(id) = hidden {
            if !opens && id == node.id() {
                hidden = None;
            }
            continue;
        }
        match node.value() {
            Node::Text(text) if opens => out.push_str(&text.replace(['\n', '\r'], " ")),
            Node::Element(inner) => {
                if !is_inline(inner.name()) {
                    out.push('\n');
                }
                if opens && ElementRef::wrap(node).is_some_and(&left_out) {
                    hidden = Some(node.id());
                }
            }
            _ => {}
        }
    }
    out.lines().map(collapse).filter(|line| !line.is_empty()).collect()
}

//! The article that describes the lot.

use crate::text;
use crate::tree::{Edge, Element, Tree};

/// Elements whose text is a paragraph of its own.
const BLOCKS: [&str; 15] =
    ["p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "table", "tr"];

/// The article as plain text, paragraphs separated by a blank line. Left out are what is no text of the
/// article: pictures with their captions, the Carfax snapshot, advertisements, "Filed under".
pub(super) fn article(html: Option<&str>) -> Option<String> {
    let mut paragraphs = Paragraphs::default();
    paragraphs.walk(&Tree::of(html?));
    paragraphs.end();
    let text = paragraphs.done.join("\n\n");
    (!text.is_empty()).then_some(text)
}

#[derive(Default)]
struct Paragraphs {
    done: Vec<String>,
    open: String,
}

impl Paragraphs {
    fn walk(&mut self, tree: &Tree<'_>) {
        let mut skipped = None;
        for edge in tree.edges() {
            match edge {
                Edge::Close(element) if skipped == Some(element) => skipped = None,
                _ if skipped.is_some() => {}
                Edge::Text(text) => self.open.push_str(&text),
                Edge::Open(element) if element.is("br") => self.open.push(' '),
                Edge::Open(element) if is_foreign(element) => skipped = Some(element),
                Edge::Open(element) | Edge::Close(element) => {
                    if BLOCKS.contains(&element.name()) {
                        self.end();
                    }
                }
            }
        }
    }

    fn end(&mut self) {
        if let Some(paragraph) = text::non_empty(&self.open) {
            self.done.push(paragraph);
        }
        self.open.clear();
    }
}

/// Whether an element of the article is no text of it.
fn is_foreign(element: Element<'_>) -> bool {
    const CLASSES: [&str; 5] =
        ["listing-nicknames", "carfax", "carfax-snapshot-embedded", "wp-caption-text", "hearst-autos-ad"];
    element.is("figcaption")
        || element.id() == "carfax-snapshot"
        || CLASSES.iter().any(|class| element.has_class(class))
        || element.attr("href").is_some_and(|href| href.contains("utm_source=bat-listing"))
}

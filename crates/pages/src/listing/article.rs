//! The article that describes the lot.

use scraper::{ElementRef, Node};

use super::dom::{fragment, has_class};
use crate::text;

/// Elements whose text is a paragraph of its own.
const BLOCKS: [&str; 15] =
    ["p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "table", "tr"];

/// The article as plain text, paragraphs separated by a blank line. Left out are what is no text of the
/// article: pictures with their captions, the Carfax snapshot, advertisements, "Filed under".
pub(super) fn article(html: Option<&str>) -> Option<String> {
    let tree = fragment(html?);
    let mut paragraphs = Paragraphs::default();
    paragraphs.walk(tree.root_element());
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
    fn walk(&mut self, root: ElementRef<'_>) {
        // The depth of a fragment is bounded, but a walk needs no stack of calls at all.
        let mut skipped = None;
        for edge in root.traverse() {
            match edge {
                ego_tree::iter::Edge::Open(node) => {
                    if skipped.is_some() {
                        continue;
                    }
                    match node.value() {
                        Node::Text(text) => self.open.push_str(text),
                        Node::Element(tag) if tag.name() == "br" => self.open.push(' '),
                        Node::Element(tag) => {
                            if ElementRef::wrap(node).is_some_and(|tag| is_foreign(&tag)) {
                                skipped = Some(node.id());
                            } else if BLOCKS.contains(&tag.name()) {
                                self.end();
                            }
                        }
                        _ => {}
                    }
                }
                ego_tree::iter::Edge::Close(node) => {
                    if skipped == Some(node.id()) {
                        skipped = None;
                    } else if skipped.is_none()
                        && node.value().as_element().is_some_and(|tag| BLOCKS.contains(&tag.name()))
                    {
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
fn is_foreign(tag: &ElementRef<'_>) -> bool {
    matches!(tag.value().name(), "script" | "style" | "noscript" | "iframe" | "figcaption")
        || ["listing-nicknames", "carfax", "carfax-snapshot-embedded", "wp-caption-text", "hearst-autos-ad"]
            .iter()
            .any(|class| has_class(tag, class))
        || tag.attr("id") == Some("carfax-snapshot")
        || tag.attr("href").is_some_and(|href| href.contains("utm_source=bat-listing"))
}

//! A part of a page, without what in it is about something else.

use std::collections::HashSet;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::others;
use super::state::is_hidden;
use crate::dom::{Attributes, Document};
use crate::nesting::is_inline;
use crate::text::collapse;

/// Longest text of an element that is read as a label, a value or a price.
const SHORT: usize = 160;

/// Elements that print what no longer holds, or frame every page of a site.
const LEFT_OUT: [&str; 7] = ["s", "del", "strike", "nav", "button", "label", "title"];

/// The elements and lines of a part of a page, in its order.
pub(super) struct Scope<'a> {
    pub elements: Vec<ElementRef<'a>>,
    /// Those of them that are hidden, or stand in one that is.
    hidden: HashSet<NodeId>,
    /// Lines of text: one per block, cell or line break.
    pub lines: Vec<Line>,
}

/// A line of text.
pub(super) struct Line {
    pub text: String,
    /// Whether it is the whole of a cell of a table or list.
    pub cell: bool,
    /// Whether some of it is hidden.
    pub hidden: bool,
}

/// The line that is being read.
#[derive(Default)]
struct Started {
    text: String,
    hidden: bool,
}

impl<'a> Scope<'a> {
    /// Reads what stands in `root`, without the elements `skip`, up to the heading over similar vehicles. Linear.
    pub fn new(root: ElementRef<'a>, skip: &HashSet<NodeId>) -> Self {
        let mut scope = Self { elements: Vec::new(), hidden: HashSet::new(), lines: Vec::new() };
        let (mut skipping, mut hiding) = (None, None);
        let mut line = Started::default();
        for edge in root.traverse() {
            let (Edge::Open(node) | Edge::Close(node)) = edge;
            let open = matches!(edge, Edge::Open(_));
            if let Some(skipped) = skipping {
                if !open && skipped == node.id() {
                    skipping = None;
                }
                continue;
            }
            match node.value() {
                Node::Text(text) if open => {
                    line.text.push_str(&text.replace(['\n', '\r'], " "));
                    line.hidden |= hiding.is_some();
                }
                Node::Element(element) => {
                    let name = element.name();
                    let Some(wrapped) = ElementRef::wrap(node) else { continue };
                    let other = skip.contains(&node.id()) || is_left_out(wrapped);
                    if open && other && node.id() != root.id() {
                        skipping = Some(node.id());
                    }
                    if !is_inline(name) || skipping.is_some() {
                        scope.end_line(&mut line, matches!(name, "td" | "li" | "dd") && !open);
                    }
                    if open && skipping.is_none() {
                        if others::are_introduced(wrapped) {
                            break;
                        }
                        scope.add(wrapped, &mut hiding);
                    } else if hiding == Some(node.id()) {
                        hiding = None;
                    }
                }
                _ => {}
            }
        }
        scope.end_line(&mut line, false);
        scope
    }

    /// Adds an element, the root first. `hiding`: the hidden element that is open.
    fn add(&mut self, element: ElementRef<'a>, hiding: &mut Option<NodeId>) {
        if hiding.is_none() && !self.elements.is_empty() && is_hidden(element) {
            *hiding = Some(element.id());
        }
        if hiding.is_some() {
            self.hidden.insert(element.id());
        }
        self.elements.push(element);
    }

    fn end_line(&mut self, line: &mut Started, cell: bool) {
        let Started { text, hidden } = std::mem::take(line);
        let text = collapse(&text);
        if !text.is_empty() {
            self.lines.push(Line { text, cell, hidden });
        }
    }

    /// Whether an element is hidden, by itself or by what it stands in.
    pub fn is_hidden(&self, element: ElementRef<'_>) -> bool {
        self.hidden.contains(&element.id())
    }

    /// The elements that are not hidden.
    pub fn shown(&self) -> impl Iterator<Item = ElementRef<'a>> {
        self.elements.iter().copied().filter(|element| !self.is_hidden(*element))
    }

    /// The text of the first element that matches, one of several classes; nothing for a longer one.
    pub fn of_class(&self, class: &str) -> Option<String> {
        self.with_class(class).find_map(short_text)
    }

    /// Elements with a class.
    pub fn with_class(&self, class: &str) -> impl Iterator<Item = ElementRef<'a>> {
        let class = class.to_owned();
        self.elements.iter().copied().filter(move |element| has_class(*element, &class))
    }
}

/// Elements that match a selector and stand in no other that does, in the page's order.
pub(super) fn outermost<'a>(document: &'a Document, selector: &str) -> Vec<ElementRef<'a>> {
    let all = document.all(selector);
    let ids: HashSet<NodeId> = all.iter().map(|element| element.id()).collect();
    all.into_iter().filter(|element| !element.ancestors().any(|around| ids.contains(&around.id()))).collect()
}

/// Whether an element has a class of this name.
pub(super) fn has_class(element: ElementRef<'_>, class: &str) -> bool {
    element.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|name| name == class))
}

/// Whether an element's class has a token with this word, parted by hyphens or underscores: `vlp-ribbon sold`.
pub(super) fn has_class_word(element: ElementRef<'_>, word: &str) -> bool {
    element.attribute("class").is_some_and(|classes| {
        classes.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part.eq_ignore_ascii_case(word))
    })
}

/// Text of an element that has little of it.
pub(super) fn short_text(element: ElementRef<'_>) -> Option<String> {
    let mut out = String::new();
    for edge in element.traverse().take(4 * SHORT) {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match node.value() {
            Node::Text(text) if matches!(edge, Edge::Open(_)) => out.push_str(text),
            Node::Element(inner) if !is_inline(inner.name()) => out.push(' '),
            _ => {}
        }
        if out.len() > 4 * SHORT {
            return None;
        }
    }
    crate::text::non_empty(&out).filter(|text| text.len() <= SHORT)
}

/// `h1` to `h6`.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether an element is the head or foot of every page: those of an article, of a list's entry and of a card are a part
/// of what they stand in.
fn is_head_or_foot(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "header" | "footer")
        && !element.ancestors().filter_map(ElementRef::wrap).any(has_own_head)
}

/// Whether an element stands in the head or foot of every page.
pub(super) fn is_in_head_or_foot(element: ElementRef<'_>) -> bool {
    // The innermost first: what has a head of its own excuses those within it.
    element.ancestors().filter_map(ElementRef::wrap).fold(false, |within, around| {
        matches!(around.value().name(), "header" | "footer") || within && !has_own_head(around)
    })
}

fn has_own_head(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "article" | "li") || has_class_word(element, "card")
}

fn is_left_out(element: ElementRef<'_>) -> bool {
    LEFT_OUT.contains(&element.value().name())
        || is_head_or_foot(element)
        || is_template(element)
        || is_struck(element)
}

/// Whether an element is one that a script fills later.
fn is_template(element: ElementRef<'_>) -> bool {
    element.attribute("type").is_some_and(|kind| kind.contains("template"))
}

/// Whether an element's text is struck out by its style.
fn is_struck(element: ElementRef<'_>) -> bool {
    element.attribute("style").is_some_and(|style| style.to_ascii_lowercase().contains("line-through"))
}

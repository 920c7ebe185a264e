//! Small trees of the parts of a page.
//!
//! A part is a list of what its markup opens and closes, in the page's order, with an end for every start: enough
//! to ask what stands in an element, and many times cheaper than the tree of a browser. Names, texts and
//! attributes are slices of the page.

use std::borrow::Cow;

use crate::cut::{Tag, Texts, Token, Tokens, is_void};
use crate::nesting::{kept_at_end, kept_at_start};
use crate::text;

/// Limits of what is read of a hostile part.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 128;

/// The tree of a part of a page.
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

enum Node<'a> {
    Open(Start<'a>),
    /// Text as written.
    Text(&'a str),
    /// End of the element that starts at this node.
    Close(usize),
}

struct Start<'a> {
    tag: Tag<'a>,
    /// Name in small letters.
    name: Cow<'a, str>,
    /// Nodes that start the element around this one, and that end this one.
    parent: usize,
    close: usize,
}

/// An element that is open while the tree is built.
struct Open<'a> {
    name: Cow<'a, str>,
    at: usize,
}

impl AsRef<str> for Open<'_> {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl<'a> Tree<'a> {
    /// Builds the tree of a part: of a hostile one, that of its beginning.
    pub fn of(html: &'a str) -> Self {
        let html = html.get(..html.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
        let mut tree = Self { nodes: Vec::new() };
        let mut open: Vec<Open<'a>> = Vec::new();
        tree.start(Tag::default(), Cow::Borrowed(""), &mut open);
        let mut tokens = Tokens::new(html);
        let mut at = 0;
        let mut templates: usize = 0;
        while let Some(token) = tokens.next_anywhere() {
            if templates == 0 {
                tree.text(html.get(at..token.start()).unwrap_or_default());
            }
            at = tokens.position();
            match token {
                Token::Open(tag) if tag.is("template") => templates += 1,
                Token::Close { name, .. } if name.eq_ignore_ascii_case("template") => {
                    templates = templates.saturating_sub(1);
                }
                // What stands inside is no part of the page.
                _ if templates > 0 => {}
                Token::Open(tag) => tree.open(tag, &mut open),
                Token::Close { name, .. } => {
                    if let Some(depth) = kept_at_end(open.get(1..).unwrap_or_default(), &text::lower(name)) {
                        tree.close_down_to(depth + 1, &mut open);
                    }
                }
                // Scripts, styles and entry fields: no reader sees them as text.
                Token::Raw(..) => {}
            }
        }
        if templates == 0 {
            tree.text(html.get(at..).unwrap_or_default());
        }
        tree.close_down_to(0, &mut open);
        tree
    }

    fn open(&mut self, tag: Tag<'a>, open: &mut Vec<Open<'a>>) {
        let name = text::lower(tag.name);
        if let Some(depth) = kept_at_start(open.get(1..).unwrap_or_default(), &name) {
            self.close_down_to(depth + 1, open);
        }
        if open.len() > MAX_DEPTH {
            self.close_down_to(MAX_DEPTH / 2, open);
        }
        let empty = is_void(&name);
        self.start(tag, name, open);
        if empty {
            self.close_down_to(open.len().saturating_sub(1), open);
        }
    }

    fn start(&mut self, tag: Tag<'a>, name: Cow<'a, str>, open: &mut Vec<Open<'a>>) {
        let at = self.nodes.len();
        let parent = open.last().map_or(0, |around| around.at);
        self.nodes.push(Node::Open(Start { tag, name: name.clone(), parent, close: at }));
        open.push(Open { name, at });
    }

    fn close_down_to(&mut self, depth: usize, open: &mut Vec<Open<'a>>) {
        for Open { at, .. } in open.drain(depth.min(open.len())..).rev() {
            let close = self.nodes.len();
            self.nodes.push(Node::Close(at));
            if let Some(Node::Open(start)) = self.nodes.get_mut(at) {
                start.close = close;
            }
        }
    }

    fn text(&mut self, gap: &'a str) {
        self.nodes.extend(Texts(gap).map(Node::Text));
    }

    /// Elements of the tree, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (1..self.nodes.len()).filter_map(|at| element(&self.nodes, at))
    }

    /// First element that is so.
    pub fn find(&self, is_so: impl Fn(Element<'_>) -> bool) -> Option<Element<'_>> {
        self.elements().find(|element| is_so(*element))
    }

    /// First element with a class.
    pub fn by_class(&self, class: &str) -> Option<Element<'_>> {
        self.find(|element| element.has_class(class))
    }

    /// Starts, ends and texts, in document order.
    pub fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        edges(&self.nodes, 1, self.nodes.len().saturating_sub(1))
    }
}

/// One step of a walk over a tree.
pub(crate) enum Edge<'t> {
    Open(Element<'t>),
    /// Text, entities decoded.
    Text(Cow<'t, str>),
    Close(Element<'t>),
}

/// An element of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    nodes: &'t [Node<'t>],
    at: usize,
    start: &'t Start<'t>,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<'t> Element<'t> {
    /// Whether the element has this name.
    pub fn is(self, name: &str) -> bool {
        self.start.name == name
    }

    /// Name in small letters.
    pub fn name(self) -> &'t str {
        &self.start.name
    }

    /// Value of an attribute, entities decoded.
    pub fn attr(self, name: &str) -> Option<Cow<'t, str>> {
        self.start.tag.raw(name).map(text::decode_attribute)
    }

    /// Whether the element has a class.
    pub fn has_class(self, wanted: &str) -> bool {
        self.start.tag.class.split_ascii_whitespace().any(|class| class == wanted)
    }

    /// Value of `id` as written; empty if there is none.
    pub fn id(self) -> &'t str {
        self.start.tag.id
    }

    /// The element around this one.
    pub fn parent(self) -> Option<Self> {
        element(self.nodes, self.start.parent)
    }

    /// How many starts, ends and texts stand in this element.
    pub fn nodes(self) -> usize {
        self.start.close - self.at - 1
    }

    /// Elements in this one, in document order.
    pub fn below(self) -> impl Iterator<Item = Self> {
        (self.at + 1..self.start.close).filter_map(move |at| element(self.nodes, at))
    }

    /// First element in this one that is so.
    pub fn find(self, is_so: impl Fn(Self) -> bool) -> Option<Self> {
        self.below().find(|element| is_so(*element))
    }

    /// First element in this one with a class.
    pub fn by_class(self, class: &str) -> Option<Self> {
        self.find(|element| element.has_class(class))
    }

    /// Pieces of text in the element, entities decoded.
    pub fn texts(self) -> impl Iterator<Item = Cow<'t, str>> {
        edges(self.nodes, self.at + 1, self.start.close).filter_map(|edge| match edge {
            Edge::Text(text) => Some(text),
            Edge::Open(_) | Edge::Close(_) => None,
        })
    }

    /// Whether an inline style hides the element: templates of tags that do not apply are on the page, hidden.
    pub fn is_hidden(self) -> bool {
        self.attr("hidden").is_some()
            || self.attr("style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                style.to_ascii_lowercase().contains("display:none")
            })
    }

    /// Visible text, white space collapsed; `br` counts as a space.
    pub fn text(self) -> String {
        visible(edges(self.nodes, self.at + 1, self.start.close))
    }
}

/// Visible text of a cut-out piece of markup.
pub(crate) fn text_of_html(html: &str) -> String {
    visible(Tree::of(html).edges())
}

fn visible<'t>(edges: impl Iterator<Item = Edge<'t>>) -> String {
    let mut out = String::new();
    for edge in edges {
        match edge {
            Edge::Text(piece) => out.push_str(&piece),
            Edge::Open(element) if element.is("br") => out.push(' '),
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    text::decode_again(text::collapse(&out))
}

fn element<'t>(nodes: &'t [Node<'t>], at: usize) -> Option<Element<'t>> {
    match nodes.get(at) {
        Some(Node::Open(start)) => Some(Element { nodes, at, start }),
        _ => None,
    }
}

fn edges<'t>(nodes: &'t [Node<'t>], from: usize, to: usize) -> impl Iterator<Item = Edge<'t>> {
    (from..to).filter_map(move |at| match nodes.get(at)? {
        Node::Open(_) => element(nodes, at).map(Edge::Open),
        Node::Text(text) => Some(Edge::Text(text::decode(text))),
        Node::Close(start) => element(nodes, *start).map(Edge::Close),
    })
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
